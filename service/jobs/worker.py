"""Runs jobs: claims one, starts its child, keeps the claim, stores what came of it in one transaction."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DBAPIError

from service.ids import new_id
from service.jobs import inputs, queue, results
from service.jobs.children import CANCEL_GRACE_S, TASK, Child
from service.jobs.queue import Claim, Failure
from service.store.database import DatabaseBusyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from service.health.metrics import Metrics
    from service.settings import Settings
    from service.store.database import Database

T = TypeVar("T")

log = logging.getLogger("landbridge.jobs")

LOOK_S = 0.5
"""Between two looks into an empty queue; a job put by this process is seen at once."""
WATCH_S = 0.1
TELL_S = 1.0
"""Least time between two writes of progress."""
STOP_S = 30.0
RETRY_S = 1.0
_LOST = (DBAPIError, DatabaseBusyError)


@dataclass(slots=True)
class Worker:
    """Runs some jobs at once, each in a thread that watches over its child.

    Parameters
    ----------
    settings, database, metrics
        Those of the service.
    folder
        Where children have their folders; emptied when the worker starts.
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
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(self.settings.workers):
            thread = threading.Thread(target=self._serve, name=f"worker {number + 1}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """There may be a job: look at once."""
        with self._awake:
            self._awake.notify_all()

    def stop(self) -> None:
        """Take no more jobs; what runs goes back into the queue, its attempt not counted."""
        self._stopping.set()
        self.wake()
        end = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _serve(self) -> None:
        while not self._stopping.is_set():
            claim = self._attempt(self._claim)
            if claim is None:
                with self._awake:
                    self._awake.wait(LOOK_S)
                continue
            self._run(claim)

    def _claim(self, connection: Connection, now_ms: int) -> Claim | None:
        return queue.claim(
            connection,
            self.worker_id,
            now_ms,
            lease_s=self.settings.lease_s,
            most_running=self.settings.limits.running_jobs,
        )

    def _attempt(self, act: Callable[[Connection, int], T]) -> T | None:
        """One transaction; ``None`` if the database is away, after a pause."""
        try:
            with self.database.write() as connection:
                return act(connection, self.database.now_ms(connection))
        except _LOST as error:
            log.warning("database is away", extra={"error": type(error).__name__})
            self._stopping.wait(RETRY_S)
            return None

    def _run(self, claim: Claim) -> None:
        told = {"tenant_id": claim.tenant_id, "job_id": claim.job_id, "fence": claim.fence}
        log.info("job begun", extra={**told, "kind": claim.kind, "attempt": claim.attempt})
        started = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.folder))
        try:
            outcome = self._work(claim, folder)
        except Exception:
            # Whatever it is, the job must not be left behind as running: it is tried again or fails by name.
            log.exception("job could not be run", extra=told)
            outcome = self._gave_up(claim, "internal", "the worker could not run it")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        seconds = time.monotonic() - started
        self.metrics.count_job(claim.kind, outcome, seconds)
        log.info("job ended", extra={**told, "outcome": outcome, "seconds": round(seconds, 2)})

    def _work(self, claim: Claim, folder: Path) -> str:
        with self.database.read() as connection:
            task = inputs.gather(connection, claim, folder, self.folder / "networks")
        (folder / TASK).write_text(json.dumps(task), encoding="utf-8")
        child = Child(folder, claim.time_limit_s, claim.memory_limit_mb, program=self.settings.child_program)
        try:
            held = self._watch(claim, child)
            if held == "lost":
                return "fenced"
            if held == "stopping":
                self._settle(lambda connection, _: queue.give_back(connection, claim, is_counted=False))
                return "given back"
            return self._end(claim, child, folder)
        finally:
            child.close()

    def _watch(self, claim: Claim, child: Child) -> str:
        """Keep the claim until the child has ended; says why it is over."""
        held_at = told_at = time.monotonic()
        told: Any = None
        while child.watch() is None:
            if self._stopping.is_set():
                return "stopping"
            now = time.monotonic()
            is_due = now > held_at + self.settings.heartbeat_s
            is_news = child.progress is not told and now > told_at + TELL_S
            if is_due or is_news:
                progress = child.progress
                state = self._attempt(partial(self._hold, claim, progress))
                if state == "lost":
                    log.warning("claim was lost", extra={"job_id": claim.job_id, "fence": claim.fence})
                    return "lost"
                if state is not None:
                    held_at = told_at = now
                    told = progress
                if state == "cancel":
                    child.stop("cancelled", CANCEL_GRACE_S)
            time.sleep(WATCH_S)
        return "ended"

    def _hold(self, claim: Claim, progress: Any, connection: Connection, now_ms: int) -> str:
        text = None if progress is None else json.dumps(progress)
        if not queue.hold(connection, claim, now_ms, lease_s=self.settings.lease_s, progress=text):
            return "lost"
        return "cancel" if queue.is_cancel_requested(connection, claim) else "held"

    def _end(self, claim: Claim, child: Child, folder: Path) -> str:
        """Store what came of a child that has ended."""
        code = child.watch()
        outcome = child.outcome() if code == 0 else None
        if outcome is not None and outcome["state"] != queue.FAILED:
            found = results.collect(claim.kind, folder)
            stored = self._settle(
                lambda connection, now_ms: results.store(connection, claim, now_ms, outcome, found)
            )
            if not stored:
                log.warning("late result is not stored", extra={"job_id": claim.job_id, "fence": claim.fence})
            return outcome["state"] if stored else "fenced"
        if outcome is not None:
            failure = Failure(**outcome["failure"])
            return self._fail(claim, failure)
        if child.killed_for == "memory":
            detail = f"needed more than {claim.memory_limit_mb:,} MB"
            return self._fail(claim, Failure("memory", detail))
        if child.killed_for == "time":
            detail = f"had no plan ready within {claim.time_limit_s:,} s"
            return self._fail(claim, Failure("time", detail))
        if child.killed_for == "cancelled":
            self._settle(
                lambda connection, now_ms: results.end_without(connection, claim, now_ms, queue.CANCELLED)
            )
            return queue.CANCELLED
        log.error(
            "child died",
            extra={"job_id": claim.job_id, "exit_code": code, "stderr": child.last_words()},
        )
        return self._gave_up(claim, "crashed", f"its process ended with {_ending(code)}")

    def _gave_up(self, claim: Claim, code: str, detail: str) -> str:
        if claim.attempt >= self.settings.max_attempts:
            return self._fail(claim, Failure(code, f"{detail}, in each of {claim.attempt} attempts"))
        self._settle(lambda connection, _: queue.give_back(connection, claim, is_counted=True))
        return code

    def _fail(self, claim: Claim, failure: Failure) -> str:
        self._settle(
            lambda connection, now_ms: results.end_without(connection, claim, now_ms, queue.FAILED, failure)
        )
        return f"failed: {failure.code}"

    def _settle(self, act: Callable[[Connection, int], bool]) -> bool:
        """Store an end, however long the database is away, unless we are told to stop."""
        while True:
            done = self._attempt(act)
            if done is not None or self._stopping.is_set():
                return bool(done)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
