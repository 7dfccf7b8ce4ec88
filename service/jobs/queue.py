"""The queue: jobs are claimed with a lease and a fencing number, and none is ever lost or stored twice.

A claim holds while signs of life arrive. A worker that was paused or cut off loses its claim to the reaper,
which runs in every process; each claim has a number of its own, and a result counts only under the number
that is stored. Leases are measured by one steady clock (:meth:`service.store.database.Database.steady_ms`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, insert, select, update

from service.store.tables import jobs, tenants
from service.webhooks import events

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = "queued", "running", "succeeded", "failed", "cancelled"
FINAL = (SUCCEEDED, FAILED, CANCELLED)
PLAN, COMPARISON = "plan", "comparison"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker."""

    tenant_id: str
    job_id: str
    kind: str
    fence: int
    attempt: int
    time_limit_s: int
    memory_limit_mb: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job has no result: a stable code, a sentence, and the faults of its input if it was refused."""

    code: str
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()

    def text(self) -> str:
        """As it is stored."""
        return json.dumps({"code": self.code, "detail": self.detail, "errors": list(self.errors)})


def put(
    connection: Connection,
    tenant_id: str,
    job_id: str,
    kind: str,
    now_ms: int,
    *,
    time_limit_s: int,
    memory_limit_mb: int,
) -> None:
    """Queue a job, in the transaction that makes what it is for."""
    connection.execute(
        insert(jobs).values(
            tenant_id=tenant_id,
            job_id=job_id,
            kind=kind,
            state=QUEUED,
            version=1,
            fence=0,
            attempts=0,
            time_limit_s=time_limit_s,
            memory_limit_mb=memory_limit_mb,
            created_ms=now_ms,
        )
    )


def find(connection: Connection, tenant_id: str, job_id: str) -> Row[Any] | None:
    """A job of a tenant."""
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.job_id == job_id)
    return connection.execute(select(jobs).where(mine)).one_or_none()


def count_queued(connection: Connection, tenant_id: str) -> int:
    """How many jobs of a tenant wait; none is added by others until the transaction ends."""
    connection.execute(
        select(tenants.c.tenant_id).where(tenants.c.tenant_id == tenant_id).with_for_update(key_share=True)
    )
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.state == QUEUED)
    return int(connection.execute(select(func.count()).select_from(jobs).where(mine)).scalar_one())


def count_before(connection: Connection, tenant_id: str, created_ms: int) -> int:
    """How many jobs of the same tenant wait before one; of others nothing is told."""
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.state == QUEUED, jobs.c.created_ms < created_ms)
    return int(connection.execute(select(func.count()).select_from(jobs).where(mine)).scalar_one())


def claim(
    connection: Connection, worker_id: str, now_ms: int, *, lease_until_ms: int, most_running: int
) -> Claim | None:
    """Take the next job: of the tenant that was served longest ago, its oldest; ``None`` if none may run.

    Parameters
    ----------
    lease_until_ms
        When others may take it away, by the steady clock.
    most_running
        Jobs of one tenant that may run at once.
    """
    waiting = jobs.alias()
    active = jobs.alias()
    num_running = (
        select(func.count())
        .where(active.c.tenant_id == tenants.c.tenant_id, active.c.state == RUNNING)
        .scalar_subquery()
    )
    candidates = (
        select(tenants.c.tenant_id)
        .where(
            exists().where(waiting.c.tenant_id == tenants.c.tenant_id, waiting.c.state == QUEUED),
            num_running < most_running,
        )
        .order_by(tenants.c.last_claimed_ms, tenants.c.tenant_id)
        .limit(1)
        .with_for_update(skip_locked=True, of=tenants, key_share=True)
    )
    tenant_id = connection.execute(candidates).scalar_one_or_none()
    if tenant_id is None:
        return None
    # Counted again now that the tenant is ours: another worker may have begun one before it let go.
    mine = jobs.c.tenant_id == tenant_id
    running = select(func.count()).select_from(jobs).where(mine, jobs.c.state == RUNNING)
    if connection.execute(running).scalar_one() >= most_running:
        return None
    oldest = (
        select(jobs)
        .where(mine, jobs.c.state == QUEUED)
        .order_by(jobs.c.created_ms, jobs.c.job_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = connection.execute(oldest).one_or_none()
    if job is None:
        return None
    connection.execute(
        update(jobs)
        .where(mine, jobs.c.job_id == job.job_id)
        .values(
            state=RUNNING,
            version=jobs.c.version + 1,
            fence=jobs.c.fence + 1,
            attempts=jobs.c.attempts + 1,
            worker_id=worker_id,
            lease_until_ms=lease_until_ms,
            started_ms=now_ms,
            progress=None,
        )
    )
    connection.execute(update(tenants).where(tenants.c.tenant_id == tenant_id).values(last_claimed_ms=now_ms))
    return Claim(
        tenant_id=tenant_id,
        job_id=job.job_id,
        kind=job.kind,
        fence=job.fence + 1,
        attempt=job.attempts + 1,
        time_limit_s=job.time_limit_s,
        memory_limit_mb=job.memory_limit_mb,
    )


def hold(connection: Connection, claim: Claim, *, lease_until_ms: int, progress: str | None) -> bool:
    """Give a sign of life, and tell how far the job is; whether the claim still holds."""
    values: dict[str, Any] = {"lease_until_ms": lease_until_ms}
    if progress is not None:
        values |= {"progress": progress, "version": jobs.c.version + 1}
    return connection.execute(update(jobs).where(_held(claim)).values(values)).rowcount == 1


def is_cancel_requested(connection: Connection, claim: Claim) -> bool:
    """Whether somebody wants the job to stop."""
    asked = select(jobs.c.cancel_requested).where(_held(claim))
    return bool(connection.execute(asked).scalar_one_or_none())


def finish(
    connection: Connection, claim: Claim, now_ms: int, state: str, failure: Failure | None = None
) -> bool:
    """End a job; whether the claim still held. If not, nothing of this attempt may be stored."""
    done = update(jobs).where(_held(claim)).values(ended(state, now_ms, failure))
    return connection.execute(done).rowcount == 1


def give_back(connection: Connection, claim: Claim, now_ms: int, *, is_counted: bool) -> str | None:
    """Put a job back into the queue, or end it if somebody has cancelled it.

    Parameters
    ----------
    is_counted
        The attempt counts against the job: not when the worker is told to stop, or has no room for it.

    Returns
    -------
    str | None
        Its state now; ``None`` if the claim no longer held.
    """
    values: dict[str, Any] = {} if is_counted else {"attempts": jobs.c.attempts - 1}
    asked = update(jobs).where(_held(claim), jobs.c.cancel_requested == 1)
    if connection.execute(asked.values(**values, **ended(CANCELLED, now_ms))).rowcount == 1:
        return CANCELLED
    waits = update(jobs).where(_held(claim)).values(**values, **waiting())
    return QUEUED if connection.execute(waits).rowcount == 1 else None


def request_cancel(
    connection: Connection, tenant_id: str, job_id: str, now_ms: int
) -> tuple[str | None, int | None]:
    """Ask a job to stop.

    Returns
    -------
    tuple[str | None, int | None]
        Its state afterwards, ``None`` if there is no such job; and the version it had before, ``None`` if
        nothing was changed.
    """
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.job_id == job_id)
    # Held from here on: a job that goes back into the queue meanwhile must not escape.
    job = connection.execute(select(jobs).where(mine).with_for_update()).one_or_none()
    if job is None:
        return None, None
    if job.state == QUEUED:
        connection.execute(update(jobs).where(mine).values(cancel_requested=1, **ended(CANCELLED, now_ms)))
        events.emit_end(connection, now_ms, tenant_id, job_id)
        return CANCELLED, job.version
    if job.state != RUNNING or job.cancel_requested:
        return str(job.state), None
    connection.execute(update(jobs).where(mine).values(cancel_requested=1, version=jobs.c.version + 1))
    return RUNNING, job.version


def waiting() -> dict[str, Any]:
    """Values of a job that goes back into the queue."""
    return {
        "state": QUEUED,
        "version": jobs.c.version + 1,
        "worker_id": None,
        "lease_until_ms": None,
        "started_ms": None,
        "progress": None,
    }


def ended(state: str, now_ms: int, failure: Failure | None = None) -> dict[str, Any]:
    """Values of a job that ends."""
    return {
        "state": state,
        "version": jobs.c.version + 1,
        "lease_until_ms": None,
        "finished_ms": now_ms,
        "failure": None if failure is None else failure.text(),
    }


def _held(claim: Claim) -> Any:
    return and_(
        jobs.c.tenant_id == claim.tenant_id,
        jobs.c.job_id == claim.job_id,
        jobs.c.state == RUNNING,
        jobs.c.fence == claim.fence,
    )
