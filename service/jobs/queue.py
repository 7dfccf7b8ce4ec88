"""The queue: jobs are claimed with a lease and a fencing number, and none is ever lost or stored twice.

A claim holds while signs of life arrive. A worker that was paused or cut off loses its claim to the reaper,
which runs in every process; each claim has a number of its own, and a result counts only under the number
that is stored. Leases are measured by one clock, the database's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, insert, or_, select, update

from service.store.tables import jobs, tenants
from service.webhooks import events

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = "queued", "running", "succeeded", "failed", "cancelled"
FINAL = (SUCCEEDED, FAILED, CANCELLED)
PLAN, COMPARISON = "plan", "comparison"
REAP_PAGE = 200
"""Lost jobs dealt with in one transaction; more wait for the next one."""


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
    """How many jobs of a tenant wait."""
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.state == QUEUED)
    return int(connection.execute(select(func.count()).select_from(jobs).where(mine)).scalar_one())


def count_before(connection: Connection, tenant_id: str, created_ms: int) -> int:
    """How many jobs of the same tenant wait before one; of others nothing is told."""
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.state == QUEUED, jobs.c.created_ms < created_ms)
    return int(connection.execute(select(func.count()).select_from(jobs).where(mine)).scalar_one())


def claim(
    connection: Connection, worker_id: str, now_ms: int, *, lease_s: float, most_running: int
) -> Claim | None:
    """Take the next job: of the tenant that was served longest ago, its oldest; ``None`` if none may run.

    Parameters
    ----------
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
        .with_for_update(skip_locked=True, of=tenants)
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
            lease_until_ms=now_ms + int(lease_s * 1000),
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


def hold(connection: Connection, claim: Claim, now_ms: int, *, lease_s: float, progress: str | None) -> bool:
    """Give a sign of life, and tell how far the job is; whether the claim still holds."""
    values: dict[str, Any] = {"lease_until_ms": now_ms + int(lease_s * 1000)}
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
    done = connection.execute(
        update(jobs)
        .where(_held(claim))
        .values(
            state=state,
            version=jobs.c.version + 1,
            lease_until_ms=None,
            finished_ms=now_ms,
            failure=None if failure is None else failure.text(),
        )
    )
    return done.rowcount == 1


def give_back(connection: Connection, claim: Claim, *, is_counted: bool) -> bool:
    """Put a job back into the queue; whether the claim still held.

    Parameters
    ----------
    is_counted
        The attempt counts against the job: not when the worker is told to stop.
    """
    values: dict[str, Any] = {**_waiting(), "version": jobs.c.version + 1}
    if not is_counted:
        values["attempts"] = jobs.c.attempts - 1
    return connection.execute(update(jobs).where(_held(claim)).values(values)).rowcount == 1


def request_cancel(connection: Connection, tenant_id: str, job_id: str, now_ms: int) -> str | None:
    """Ask a job to stop; its state afterwards, ``None`` if there is no such job."""
    mine = and_(jobs.c.tenant_id == tenant_id, jobs.c.job_id == job_id)
    ended = connection.execute(
        update(jobs)
        .where(mine, jobs.c.state == QUEUED)
        .values(state=CANCELLED, version=jobs.c.version + 1, finished_ms=now_ms, cancel_requested=1)
    )
    if ended.rowcount == 1:
        events.emit_end(connection, now_ms, tenant_id, job_id)
        return CANCELLED
    connection.execute(update(jobs).where(mine, jobs.c.state == RUNNING).values(cancel_requested=1))
    return connection.execute(select(jobs.c.state).where(mine)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Reaped:
    """A job whose worker gave no sign of life."""

    tenant_id: str
    job_id: str
    kind: str
    state: str


def reap(connection: Connection, now_ms: int, *, max_attempts: int) -> list[Reaped]:
    """Take jobs away from workers that give no sign of life: back into the queue, or failed for good."""
    lost = and_(jobs.c.state == RUNNING, or_(jobs.c.lease_until_ms.is_(None), jobs.c.lease_until_ms < now_ms))
    rows = connection.execute(
        select(jobs)
        .where(lost)
        .order_by(jobs.c.lease_until_ms)
        .limit(REAP_PAGE)
        .with_for_update(skip_locked=True)
    ).all()
    reaped = []
    for job in rows:
        values: dict[str, Any]
        if job.cancel_requested:
            state, values = CANCELLED, {"finished_ms": now_ms}
        elif job.attempts >= max_attempts:
            detail = f"the worker was lost in each of {job.attempts} attempts"
            state, values = FAILED, {"finished_ms": now_ms, "failure": Failure("lost", detail).text()}
        else:
            state, values = QUEUED, _waiting()
        mine = and_(jobs.c.tenant_id == job.tenant_id, jobs.c.job_id == job.job_id)
        # The number is raised here already: a result of the lost claim is late from now on.
        fenced = {
            "state": state,
            "fence": jobs.c.fence + 1,
            "version": jobs.c.version + 1,
            "lease_until_ms": None,
        }
        connection.execute(update(jobs).where(mine).values({**values, **fenced}))
        reaped.append(Reaped(job.tenant_id, job.job_id, job.kind, state))
    return reaped


def _waiting() -> dict[str, Any]:
    return {"state": QUEUED, "worker_id": None, "lease_until_ms": None, "started_ms": None, "progress": None}


def _held(claim: Claim) -> Any:
    return and_(
        jobs.c.tenant_id == claim.tenant_id,
        jobs.c.job_id == claim.job_id,
        jobs.c.state == RUNNING,
        jobs.c.fence == claim.fence,
    )
