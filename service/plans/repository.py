"""SQL of plans, what they do with each batch, and the departures they use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from service.jobs.asked_jobs import AskedJobs
from service.store.tables import files, plan_batches, plan_departures, plans

_ASKED = AskedJobs(plans, "plan_id")
add, find, find_by_ref, list_all = _ASKED.add, _ASKED.find, _ASKED.find_by_ref, _ASKED.list_all


def list_batches(
    connection: Connection,
    tenant_id: str,
    plan_id: str,
    after: Sequence[Any] | None,
    limit: int,
    *,
    states: Sequence[str] = (),
    changed_since_ms: int | None = None,
) -> Sequence[Row[Any]]:
    """What a plan does with each batch, in the order of the batches."""
    table = plan_batches.c
    statement = select(plan_batches).where(table.tenant_id == tenant_id, table.plan_id == plan_id)
    if states:
        statement = statement.where(table.state.in_(states))
    if changed_since_ms is not None:
        statement = statement.where(table.changed_ms >= changed_since_ms)
    if after is not None:
        statement = statement.where(table.position > after[0])
    return connection.execute(statement.order_by(table.position).limit(limit)).all()


def find_batch(connection: Connection, tenant_id: str, plan_id: str, external_ref: str) -> Row[Any] | None:
    """What a plan does with one batch."""
    table = plan_batches.c
    mine = and_(table.tenant_id == tenant_id, table.plan_id == plan_id, table.external_ref == external_ref)
    return connection.execute(select(plan_batches).where(mine)).one_or_none()


def list_departures(
    connection: Connection, tenant_id: str, plan_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Departures that a plan rides, by time."""
    table = plan_departures.c
    statement = select(plan_departures).where(table.tenant_id == tenant_id, table.plan_id == plan_id)
    if after is not None:
        statement = statement.where(table.position > after[0])
    return connection.execute(statement.order_by(table.position).limit(limit)).all()


def find_file(connection: Connection, tenant_id: str, job_id: str, name: str) -> Row[Any] | None:
    """A result file."""
    mine = and_(files.c.tenant_id == tenant_id, files.c.job_id == job_id, files.c.name == name)
    return connection.execute(select(files).where(mine)).one_or_none()
