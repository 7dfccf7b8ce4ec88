"""What is done again and again in every process; no job itself, so that no lost job can stop it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from service.jobs import queue, results
from service.keys import repository as keys
from service.store.database import DatabaseBusyError
from service.store.tables import idempotency, jobs
from service.webhooks import repository as webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.health.metrics import Metrics
    from service.keys.gate import Gate
    from service.settings import Settings
    from service.store.database import Database

log = logging.getLogger("landbridge.jobs")

CLEAN_S = 600.0
"""Between two clean-ups of what has expired."""


@dataclass(slots=True)
class Reaper:
    """Gives lost jobs back to the queue, keeps the figures of the queue, forgets what has expired."""

    settings: Settings
    database: Database
    metrics: Metrics
    gate: Gate | None
    on_requeued: Callable[[], None]
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _cleaned_at: float = 0.0

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
            except (DBAPIError, DatabaseBusyError) as error:
                log.warning("database is away", extra={"error": type(error).__name__})
            except Exception:
                # The reaper has to live on whatever one round meets; the log says what it was.
                log.exception("reaper met a fault")
            if self._stopping.wait(self.settings.reap_s):
                return

    def look(self) -> None:
        """One round."""
        while self._reap() == queue.REAP_PAGE:
            continue
        self._count()
        now = time.monotonic()
        if now > self._cleaned_at + CLEAN_S or not self._cleaned_at:
            self._cleaned_at = now
            self._clean()

    def _reap(self) -> int:
        with self.database.read() as connection:
            # Looked for without a write first: mostly there is nothing.
            now_ms = self.database.now_ms(connection)
            lost = select(jobs.c.job_id).where(jobs.c.state == queue.RUNNING, jobs.c.lease_until_ms < now_ms)
            if connection.execute(lost.limit(1)).first() is None:
                return 0
        with self.database.write() as connection:
            now_ms = self.database.now_ms(connection)
            reaped = queue.reap(connection, now_ms, max_attempts=self.settings.max_attempts)
            for one in reaped:
                results.tell_end(connection, one.tenant_id, one.job_id, one.state, now_ms)
        for one in reaped:
            log.warning(
                "lost job",
                extra={"tenant_id": one.tenant_id, "job_id": one.job_id, "state": one.state},
            )
        if reaped:
            self.on_requeued()
        return len(reaped)

    def _count(self) -> None:
        with self.database.read() as connection:
            now_ms = self.database.now_ms(connection)
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
        quiet_ms = 0 if oldest is None else now_ms - oldest + self.settings.lease_s * 1000
        self.metrics.heartbeat.set(max(0.0, quiet_ms / 1000))

    def _clean(self) -> None:
        used = [] if self.gate is None else [(*key, at_ms) for key, at_ms in self.gate.uses().items()]
        with self.database.write() as connection:
            now_ms = self.database.now_ms(connection)
            connection.execute(delete(idempotency).where(idempotency.c.expires_ms <= now_ms))
            keys.drop_expired_sessions(connection, now_ms)
            keys.note_use(connection, used)
