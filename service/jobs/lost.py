"""Jobs whose worker gives no sign of life: found page by page, and taken away from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, tuple_, update

from service.jobs.queue import CANCELLED, FAILED, RUNNING, Failure, ended, waiting
from service.store.tables import jobs

PAGE = 100
"""Lost jobs dealt with in one transaction; more wait for the next one."""
_KEY = (jobs.c.lease_until_ms, jobs.c.tenant_id, jobs.c.job_id)


def is_any(connection: Connection, steady_ms: int, only_worker: str | None) -> bool:
    """Whether a job is lost."""
    return (
        connection.execute(select(jobs.c.job_id).where(_lost(steady_ms, only_worker)).limit(1)).first()
        is not None
    )


def list_page(
    connection: Connection, steady_ms: int, only_worker: str | None, after: Row[Any] | None
) -> Sequence[Row[Any]]:
    """The next lost jobs, the longest lost first, held until the transaction ends; others' are passed over.

    Parameters
    ----------
    steady_ms
        Time by the clock of leases.
    only_worker
        The one worker there can be: what others hold is lost, whatever its lease says. ``None`` = any number.
    after
        Last job of the page before.
    """
    statement = select(jobs).where(_lost(steady_ms, only_worker))
    if after is not None:
        key = (after.lease_until_ms, after.tenant_id, after.job_id)
        statement = statement.where(tuple_(*_KEY) > tuple_(*key))
    held = statement.order_by(*_KEY).limit(PAGE).with_for_update(skip_locked=True)
    return connection.execute(held).all()


def take_back(connection: Connection, job: Row[Any], now_ms: int, *, max_attempts: int) -> str:
    """Take a lost job away from its worker; its state now: back in the queue, or ended for good."""
    values: dict[str, Any]
    if job.cancel_requested:
        values = ended(CANCELLED, now_ms)
    elif job.attempts >= max_attempts:
        detail = f"the worker was lost in each of {job.attempts} attempts"
        values = ended(FAILED, now_ms, Failure("lost", detail))
    else:
        values = waiting()
    # The number is raised here already: a result of the lost claim is late from now on.
    mine = and_(jobs.c.tenant_id == job.tenant_id, jobs.c.job_id == job.job_id)
    connection.execute(update(jobs).where(mine).values({**values, "fence": jobs.c.fence + 1}))
    state: str = values["state"]
    return state


def _lost(steady_ms: int, only_worker: str | None) -> Any:
    is_over = jobs.c.lease_until_ms < steady_ms
    if only_worker is not None:
        is_over = or_(is_over, jobs.c.worker_id != only_worker)
    return and_(jobs.c.state == RUNNING, is_over)
