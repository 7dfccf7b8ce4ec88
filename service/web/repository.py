"""SQL that only pages need: names beside ids, a search in the batches of a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from service.jobs.queue import CANCELLED, SUCCEEDED
from service.store.tables import batch_sets, jobs, plan_batches, plans

MOST_CHOICES = 200
"""Things that a form lets choose from: the newest."""
READ_AT_ONCE = 200
"""Batches that a search reads before it looks whether it has found enough."""


def set_names(connection: Connection, tenant_id: str, batch_set_ids: Collection[str]) -> dict[str, str]:
    """Names of batch sets."""
    mine = (batch_sets.c.tenant_id == tenant_id, batch_sets.c.batch_set_id.in_(batch_set_ids))
    rows = connection.execute(select(batch_sets.c.batch_set_id, batch_sets.c.name).where(*mine))
    return {row.batch_set_id: row.name for row in rows}


def closed_sets(connection: Connection, tenant_id: str) -> Sequence[Row[Any]]:
    """Batch sets that can be planned, the newest first."""
    table = batch_sets.c
    mine = (table.tenant_id == tenant_id, table.state == "closed")
    order = (table.created_ms.desc(), table.batch_set_id.desc())
    return connection.execute(select(batch_sets).where(*mine).order_by(*order).limit(MOST_CHOICES)).all()


def plans_to_keep(connection: Connection, tenant_id: str) -> Sequence[Row[str, str | None, int, str]]:
    """Plans with a result, from which something can be kept, the newest first."""
    both = plans.join(
        jobs, (jobs.c.tenant_id == plans.c.tenant_id) & (jobs.c.job_id == plans.c.plan_id)
    ).join(
        batch_sets,
        (batch_sets.c.tenant_id == plans.c.tenant_id) & (batch_sets.c.batch_set_id == plans.c.batch_set_id),
    )
    shown = select(plans.c.plan_id, plans.c.external_ref, plans.c.created_ms, batch_sets.c.name)
    mine = (
        plans.c.tenant_id == tenant_id,
        plans.c.summary.is_not(None),
        jobs.c.state.in_((SUCCEEDED, CANCELLED)),
    )
    order = (plans.c.created_ms.desc(), plans.c.plan_id.desc())
    return connection.execute(shown.select_from(both).where(*mine).order_by(*order).limit(MOST_CHOICES)).all()


def search_batches(
    connection: Connection,
    tenant_id: str,
    plan_id: str,
    is_found: Callable[[str], bool] | None,
    states: Sequence[str],
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """What a plan does with the batches that are looked for, in the order of the batches.

    Parameters
    ----------
    is_found
        Whether a document is one of them; ``None`` if every one is.
    """
    table = plan_batches.c
    statement = select(plan_batches).where(table.tenant_id == tenant_id, table.plan_id == plan_id)
    if states:
        statement = statement.where(table.state.in_(states))
    statement = statement.order_by(table.position).limit(limit if is_found is None else READ_AT_ONCE)
    last = -1 if after is None else after[0]
    found: list[Row[Any]] = []
    while True:
        rows = connection.execute(statement.where(table.position > last)).all()
        found += rows if is_found is None else (row for row in rows if is_found(row.document))
        if is_found is None or len(found) >= limit or len(rows) < READ_AT_ONCE:
            return found[:limit]
        last = rows[-1].position
