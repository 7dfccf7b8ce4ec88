"""What is done again and again in every process; no job itself, so that no lost job can stop it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from service.jobs import lost, queue, results
from service.keys import repository as keys
from service.store.database import is_away, words_of
from service.store.tables import idempotency, jobs
from service.webhooks import repository as webhooks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from service.health.metrics import Metrics
    from service.jobs.worker import Worker
    from service.keys.gate import Gate
    from service.settings import Settings
    from service.store.database import Database

log = logging.getLogger("landbridge.jobs")

CLEAN_S = 600.0
"""Between two clean-ups of what has expired."""


@dataclass(slots=True)
class Reaper:
    """Gives lost jobs back to the queue, keeps the figures of the queue, forgets what has expired.

    Parameters
    ----------
    settings, database, metrics, gate
        Those of the service.
    worker
        That of this process: it is told when there are jobs to be claimed again. An SQLite file has no
        other, so what others have begun there is lost; else leases tell.
    """

    settings: Settings
    database: Database
    metrics: Metrics
    gate: Gate | None
    worker: Worker
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _cleaned_at: float = 0.0
    _patient_until: float = 0.0

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._go_round, name="reaper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    def _go_round(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:
                # The reaper has to live on whatever one round meets; the log says what it was.
                if is_away(error):
                    log.warning("database is away", extra={"error": words_of(error)})
                    # Workers could give no sign of life either: once it is back they have time to do so.
                    self._patient_until = time.monotonic() + self.settings.lease_s
                else:
                    log.exception("reaper met a fault")
            if self._stopping.wait(self.settings.reap_s):
                return

    def look(self) -> None:
        """One round."""
        if time.monotonic() >= self._patient_until:
            self._reap()
        self._count()
        now = time.monotonic()
        if now > self._cleaned_at + CLEAN_S or not self._cleaned_at:
            self._cleaned_at = now
            self._clean()

    def _reap(self) -> None:
        only_worker = self.worker.worker_id if self.database.is_sqlite else None
        with self.database.read() as connection:
            # Looked for without a write first: mostly there is nothing.
            steady_ms = self.database.steady_ms(self.database.now_ms(connection))
            if not lost.is_any(connection, steady_ms, only_worker):
                return
        last: Row[Any] | None = None
        is_more = True
        while is_more:
            with self.database.write() as connection:
                page = lost.list_page(connection, steady_ms, only_worker, last)
                states = self._take_back(connection, page)
            for job in page:
                if job.job_id in states:
                    told = {"tenant_id": job.tenant_id, "job_id": job.job_id, "fence": job.fence}
                    told |= {"worker_id": job.worker_id, "state": states[job.job_id]}
                    log.warning("lost job", extra=told)
            if queue.QUEUED in states.values():
                self.worker.wake()
            is_more = len(page) == lost.PAGE
            last = page[-1] if page else None

    def _take_back(self, connection: Connection, page: Sequence[Row[Any]]) -> dict[str, str]:
        """Deal with each job by itself: one that can't be dealt with stands in no other's way."""
        now_ms = self.database.now_ms(connection)
        states: dict[str, str] = {}
        fault = ""
        for job in page:
            try:
                with connection.begin_nested():
                    state = lost.take_back(connection, job, now_ms, max_attempts=self.settings.max_attempts)
                    if state in queue.FINAL:
                        results.tell_end(connection, job.tenant_id, job.job_id, state, now_ms)
            except Exception as error:
                if is_away(error):
                    raise
                fault = f"{job.job_id}: {words_of(error)}"
            else:
                states[job.job_id] = state
        if fault:
            log.error(
                "lost jobs can't be given back", extra={"jobs": len(page) - len(states), "error": fault}
            )
        return states

    def _count(self) -> None:
        with self.database.read() as connection:
            steady_ms = self.database.steady_ms(self.database.now_ms(connection))
            by_state = (
                select(jobs.c.state, func.count())
                .where(jobs.c.state.in_((queue.QUEUED, queue.RUNNING)))
                .group_by(jobs.c.state)
            )
            counted = {row[0]: row[1] for row in connection.execute(by_state)}
            oldest: Any = connection.execute(
                select(func.min(jobs.c.lease_until_ms)).where(jobs.c.state == queue.RUNNING)
            ).scalar_one()
            waiting = webhooks.count_waiting(connection)
        self.metrics.deliveries.set(waiting)
        self.metrics.queued.set(counted.get(queue.QUEUED, 0))
        self.metrics.running.set(counted.get(queue.RUNNING, 0))
        quiet_ms = 0 if oldest is None else steady_ms - oldest + self.settings.lease_s * 1000
        self.metrics.heartbeat.set(max(0.0, quiet_ms / 1000))

    def _clean(self) -> None:
        used = [] if self.gate is None else [(*key, at_ms) for key, at_ms in self.gate.uses().items()]
        with self.database.write() as connection:
            now_ms = self.database.now_ms(connection)
            connection.execute(delete(idempotency).where(idempotency.c.expires_ms <= now_ms))
            keys.drop_expired_sessions(connection, now_ms)
            keys.note_use(connection, used)
