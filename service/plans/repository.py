"""SQL of plans, what they do with each batch, and the departures they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, tuple_

from service.jobs.columns import SHOWN
from service.store.tables import files, jobs, plan_batches, plan_departures, plans

_BOTH = plans.join(jobs, and_(jobs.c.tenant_id == plans.c.tenant_id, jobs.c.job_id == plans.c.plan_id))


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a plan; its job is there already."""
    connection.execute(insert(plans).values(dict(values)))


def find(connection: Connection, tenant_id: str, plan_id: str) -> Row[Any] | None:
    """A plan with its job."""
    mine = and_(plans.c.tenant_id == tenant_id, plans.c.plan_id == plan_id)
    return connection.execute(select(plans, *SHOWN).select_from(_BOTH).where(mine)).one_or_none()


def find_by_ref(connection: Connection, tenant_id: str, external_ref: str) -> Row[Any] | None:
    """A plan by the caller's own name for it."""
    mine = and_(plans.c.tenant_id == tenant_id, plans.c.external_ref == external_ref)
    return connection.execute(select(plans.c.plan_id).where(mine)).one_or_none()


def list_all(
    connection: Connection,
    tenant_id: str,
    after: Sequence[Any] | None,
    limit: int,
    *,
    state: str | None = None,
    batch_set_id: str | None = None,
    external_ref: str | None = None,
) -> Sequence[Row[Any]]:
    """Plans with their jobs, the newest first."""
    key = (plans.c.created_ms, plans.c.plan_id)
    statement = select(plans, *SHOWN).select_from(_BOTH).where(plans.c.tenant_id == tenant_id)
    if state is not None:
        statement = statement.where(jobs.c.state == state)
    if batch_set_id is not None:
        statement = statement.where(plans.c.batch_set_id == batch_set_id)
    if external_ref is not None:
        statement = statement.where(plans.c.external_ref == external_ref)
    if after is not None:
        statement = statement.where(tuple_(*key) < tuple_(*after))
    return connection.execute(statement.order_by(key[0].desc(), key[1].desc()).limit(limit)).all()


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
