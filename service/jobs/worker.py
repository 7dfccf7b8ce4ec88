"""Looks for jobs and runs them: some at once, each in a thread that watches over its child."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from service.ids import new_id
from service.jobs import queue
from service.jobs.attempt import PUT_OFF, RETRY_S, Attempt
from service.store.database import is_away, words_of

if TYPE_CHECKING:
    from service.health.metrics import Metrics
    from service.jobs.queue import Claim
    from service.settings import Settings
    from service.store.database import Database

log = logging.getLogger("landbridge.jobs")

LOOK_S = 0.5
"""Between two looks into an empty queue; a job put by this process is seen at once."""
PAUSE_S = 2.0
"""Pause of a worker that has no room for a job; twice as long each time, up to a minute."""
MOST_PAUSE_S = 60.0
STOP_S = 20.0


@dataclass(slots=True)
class Worker:
    """Runs some jobs at once.

    Parameters
    ----------
    settings, database, metrics
        Those of the service.
    folder
        Where children have their folders, of this worker alone; emptied when the worker starts.
    """

    settings: Settings
    database: Database
    metrics: Metrics
    folder: Path
    worker_id: str = field(default_factory=lambda: new_id("wrk"))
    _threads: list[threading.Thread] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _awake: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        """Begin to look for jobs."""
        shutil.rmtree(self.folder, ignore_errors=True)  # left by a process that was killed
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(self.settings.workers):
            thread = threading.Thread(target=self._serve, name=f"worker {number + 1}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """There may be a job: look at once."""
        with self._awake:
            self._awake.notify_all()

    def tell_stop(self) -> None:
        """Take no more jobs; what runs goes back into the queue, its attempt not counted."""
        self._stopping.set()
        self.wake()

    def stop(self) -> None:
        """Wait until all has been given back."""
        self.tell_stop()
        end = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _serve(self) -> None:
        pause_s = PAUSE_S
        while not self._stopping.is_set():
            try:
                claim = self._claim()
                outcome = None if claim is None else self._run(claim)
            except Exception as error:
                # A worker has to live on whatever one job meets; what it leaves behind goes to the reaper.
                if is_away(error):
                    log.warning("database is away", extra={"error": words_of(error)})
                else:
                    log.exception("worker met a fault")
                self._stopping.wait(RETRY_S)
                continue
            if outcome is None:
                with self._awake:
                    if not self._stopping.is_set():
                        self._awake.wait(LOOK_S)
            elif outcome == PUT_OFF:
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, MOST_PAUSE_S)
            else:
                pause_s = PAUSE_S

    def _claim(self) -> Claim | None:
        with self.database.write() as connection:
            now_ms = self.database.now_ms(connection)
            return queue.claim(
                connection,
                self.worker_id,
                now_ms,
                lease_until_ms=self.database.steady_ms(now_ms) + int(self.settings.lease_s * 1000),
                most_running=self.settings.limits.running_jobs,
            )

    def _run(self, claim: Claim) -> str:
        told = {"tenant_id": claim.tenant_id, "job_id": claim.job_id, "fence": claim.fence}
        log.info("job begun", extra={**told, "kind": claim.kind, "attempt": claim.attempt})
        started = time.monotonic()
        outcome = Attempt(self.settings, self.database, claim, self.folder, self._stopping).run()
        seconds = time.monotonic() - started
        self.metrics.count_job(claim.kind, outcome, seconds)
        log.info("job ended", extra={**told, "outcome": outcome, "seconds": round(seconds, 2)})
        return outcome
