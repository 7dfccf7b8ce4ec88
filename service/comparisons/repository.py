"""SQL of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, tuple_

from service.jobs.columns import SHOWN
from service.store.tables import comparisons, files, jobs

_BOTH = comparisons.join(
    jobs, and_(jobs.c.tenant_id == comparisons.c.tenant_id, jobs.c.job_id == comparisons.c.comparison_id)
)


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a comparison; its job is there already."""
    connection.execute(insert(comparisons).values(dict(values)))


def find(connection: Connection, tenant_id: str, comparison_id: str) -> Row[Any] | None:
    """A comparison with its job."""
    mine = and_(comparisons.c.tenant_id == tenant_id, comparisons.c.comparison_id == comparison_id)
    return connection.execute(select(comparisons, *SHOWN).select_from(_BOTH).where(mine)).one_or_none()


def find_by_ref(connection: Connection, tenant_id: str, external_ref: str) -> Row[Any] | None:
    """A comparison by the caller's own name for it."""
    mine = and_(comparisons.c.tenant_id == tenant_id, comparisons.c.external_ref == external_ref)
    return connection.execute(select(comparisons.c.comparison_id).where(mine)).one_or_none()


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
    """Comparisons with their jobs, the newest first."""
    key = (comparisons.c.created_ms, comparisons.c.comparison_id)
    statement = select(comparisons, *SHOWN).select_from(_BOTH).where(comparisons.c.tenant_id == tenant_id)
    if state is not None:
        statement = statement.where(jobs.c.state == state)
    if batch_set_id is not None:
        statement = statement.where(comparisons.c.batch_set_id == batch_set_id)
    if external_ref is not None:
        statement = statement.where(comparisons.c.external_ref == external_ref)
    if after is not None:
        statement = statement.where(tuple_(*key) < tuple_(*after))
    return connection.execute(statement.order_by(key[0].desc(), key[1].desc()).limit(limit)).all()


def list_files(
    connection: Connection, tenant_id: str, comparison_id: str
) -> Sequence[Row[str, str, int, str]]:
    """Result files, without their content."""
    mine = and_(files.c.tenant_id == tenant_id, files.c.job_id == comparison_id)
    shown = select(files.c.name, files.c.media_type, files.c.size, files.c.sha256)
    return connection.execute(shown.where(mine).order_by(files.c.name)).all()
