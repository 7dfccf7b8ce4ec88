"""SQL that only pages need: names beside ids, a search in the batches of a plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from service.jobs.queue import CANCELLED, SUCCEEDED
from service.store.tables import batch_sets, jobs, plan_batches, plans

MOST_CHOICES = 200
"""Things that a form lets choose from: the newest."""


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
    words: Sequence[Sequence[str]],
    states: Sequence[str],
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """What a plan does with batches in which every word is found, in the order of the batches.

    Parameters
    ----------
    words
        Each a choice of texts, one of which the batch has to hold.
    """
    table = plan_batches.c
    statement = select(plan_batches).where(table.tenant_id == tenant_id, table.plan_id == plan_id)
    for texts in words:
        statement = statement.where(or_(*(table.document.icontains(text, autoescape=True) for text in texts)))
    if states:
        statement = statement.where(table.state.in_(states))
    if after is not None:
        statement = statement.where(table.position > after[0])
    return connection.execute(statement.order_by(table.position).limit(limit)).all()
