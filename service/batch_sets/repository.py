"""SQL of batch sets, their batches and uploads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, tuple_, update

from service.jobs.inputs import SHIPPED
from service.store.tables import batch_sets, batches, comparisons, networks, plans, uploads

CHUNK = 500
"""Names in one statement."""


def add_set(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a batch set."""
    connection.execute(insert(batch_sets).values(dict(values)))


def find_set(
    connection: Connection,
    tenant_id: str,
    batch_set_id: str,
    *,
    for_update: bool = False,
    is_kept: bool = False,
) -> Row[Any] | None:
    """A batch set.

    Parameters
    ----------
    for_update
        Nobody else changes it until the transaction ends.
    is_kept
        Nobody takes it away until then. Who locks the tenant as well locks the set first.
    """
    mine = and_(batch_sets.c.tenant_id == tenant_id, batch_sets.c.batch_set_id == batch_set_id)
    statement = select(batch_sets).where(mine)
    if for_update:
        statement = statement.with_for_update()
    elif is_kept:
        statement = statement.with_for_update(read=True, key_share=True)
    return connection.execute(statement).one_or_none()


def find_set_by_ref(connection: Connection, tenant_id: str, external_ref: str) -> Row[Any] | None:
    """A batch set by the caller's own name for it."""
    mine = and_(batch_sets.c.tenant_id == tenant_id, batch_sets.c.external_ref == external_ref)
    return connection.execute(select(batch_sets).where(mine)).one_or_none()


def list_sets(
    connection: Connection,
    tenant_id: str,
    after: Sequence[Any] | None,
    limit: int,
    *,
    state: str | None = None,
    external_ref: str | None = None,
) -> Sequence[Row[Any]]:
    """Batch sets, the newest first."""
    key = (batch_sets.c.created_ms, batch_sets.c.batch_set_id)
    statement = select(batch_sets).where(batch_sets.c.tenant_id == tenant_id)
    if state is not None:
        statement = statement.where(batch_sets.c.state == state)
    if external_ref is not None:
        statement = statement.where(batch_sets.c.external_ref == external_ref)
    if after is not None:
        statement = statement.where(tuple_(*key) < tuple_(*after))
    return connection.execute(statement.order_by(key[0].desc(), key[1].desc()).limit(limit)).all()


def change_set(connection: Connection, tenant_id: str, batch_set_id: str, **values: Any) -> None:
    """Change columns of a batch set; its version grows."""
    mine = and_(batch_sets.c.tenant_id == tenant_id, batch_sets.c.batch_set_id == batch_set_id)
    connection.execute(update(batch_sets).where(mine).values(version=batch_sets.c.version + 1, **values))


def is_used(connection: Connection, tenant_id: str, batch_set_id: str) -> bool:
    """Whether plans or comparisons rest on a batch set."""
    return any(
        connection.execute(
            select(table.c.tenant_id)
            .where(table.c.tenant_id == tenant_id, table.c.batch_set_id == batch_set_id)
            .limit(1)
        ).first()
        for table in (plans, comparisons)
    )


def is_network(connection: Connection, tenant_id: str, network_id: str) -> bool:
    """Whether there is a network of this id: the shipped one, or one of the tenant."""
    mine = and_(networks.c.tenant_id == tenant_id, networks.c.network_id == network_id)
    return (
        network_id == SHIPPED
        or connection.execute(select(networks.c.network_id).where(mine)).first() is not None
    )


def drop_set(connection: Connection, tenant_id: str, batch_set_id: str) -> None:
    """Take a batch set away, with its batches and uploads."""
    mine = and_(batch_sets.c.tenant_id == tenant_id, batch_sets.c.batch_set_id == batch_set_id)
    connection.execute(delete(batch_sets).where(mine))


def sum_up(connection: Connection, tenant_id: str, batch_set_id: str) -> tuple[int, int]:
    """Number of batches and of vehicles in a set."""
    counted = select(func.count(), func.coalesce(func.sum(batches.c.vehicles), 0))
    row = connection.execute(counted.where(*_within(tenant_id, batch_set_id))).one()
    return int(row[0]), int(row[1])


def find_batches(
    connection: Connection, tenant_id: str, batch_set_id: str, refs: Sequence[str]
) -> dict[str, Row[Any]]:
    """Batches of a set by their names."""
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(refs), CHUNK):
        some = refs[start : start + CHUNK]
        mine = (*_within(tenant_id, batch_set_id), batches.c.external_ref.in_(some))
        found |= {row.external_ref: row for row in connection.execute(select(batches).where(*mine))}
    return found


def list_batches(
    connection: Connection, tenant_id: str, batch_set_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Batches of a set, in the order they came."""
    statement = select(batches).where(*_within(tenant_id, batch_set_id))
    if after is not None:
        statement = statement.where(batches.c.position > after[0])
    return connection.execute(statement.order_by(batches.c.position).limit(limit)).all()


def add_batches(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add batches."""
    if rows:
        connection.execute(insert(batches), [dict(row) for row in rows])


def replace_batches(
    connection: Connection, tenant_id: str, batch_set_id: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Put other rows in place of batches of the same names; their versions grow."""
    values = [{f"new_{key}": value for key, value in row.items()} for row in rows]
    if not values:
        return
    statement = (
        update(batches)
        .where(*_within(tenant_id, batch_set_id), batches.c.external_ref == bindparam("new_external_ref"))
        .values(
            vehicles=bindparam("new_vehicles"),
            document=bindparam("new_document"),
            updated_ms=bindparam("new_updated_ms"),
            version=batches.c.version + 1,
        )
    )
    connection.execute(statement, values)


def drop_batch(connection: Connection, tenant_id: str, batch_set_id: str, external_ref: str) -> None:
    """Take a batch out of a set."""
    mine = (*_within(tenant_id, batch_set_id), batches.c.external_ref == external_ref)
    connection.execute(delete(batches).where(*mine))


def add_upload(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add an upload."""
    connection.execute(insert(uploads).values(dict(values)))


def find_upload(connection: Connection, tenant_id: str, batch_set_id: str, upload_id: str) -> Row[Any] | None:
    """An upload of a set."""
    mine = and_(
        uploads.c.tenant_id == tenant_id,
        uploads.c.batch_set_id == batch_set_id,
        uploads.c.upload_id == upload_id,
    )
    return connection.execute(select(uploads).where(mine)).one_or_none()


def list_uploads(
    connection: Connection, tenant_id: str, batch_set_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Uploads into a set, the newest first, without their files."""
    key = (uploads.c.created_ms, uploads.c.upload_id)
    shown = [column for column in uploads.c if column.name not in ("errors_csv", "rejected_file")]
    mine = and_(uploads.c.tenant_id == tenant_id, uploads.c.batch_set_id == batch_set_id)
    statement = select(*shown).where(mine)
    if after is not None:
        statement = statement.where(tuple_(*key) < tuple_(*after))
    return connection.execute(statement.order_by(key[0].desc(), key[1].desc()).limit(limit)).all()


def stored_bytes(connection: Connection, tenant_id: str) -> int:
    """What uploads of a tenant take."""
    size = func.length(uploads.c.errors_csv) + func.length(uploads.c.rejected_file)
    total = select(func.coalesce(func.sum(size), 0)).where(uploads.c.tenant_id == tenant_id)
    return int(connection.execute(total).scalar_one())


def _within(tenant_id: str, batch_set_id: str) -> tuple[Any, Any]:
    return batches.c.tenant_id == tenant_id, batches.c.batch_set_id == batch_set_id
