"""All SQL of networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, tuple_

from service.store.tables import networks
from service.writing import insert_if_absent

_SHOWN = [column for column in networks.c if column.name != "tables_zip"]


def find_network(connection: Connection, tenant_id: str, network_id: str) -> Row[Any] | None:
    """A network, without its tables."""
    mine = and_(networks.c.tenant_id == tenant_id, networks.c.network_id == network_id)
    return connection.execute(select(*_SHOWN).where(mine)).one_or_none()


def find_by_content(connection: Connection, tenant_id: str, sha256: str) -> Row[Any] | None:
    """The network of some content, without its tables."""
    mine = and_(networks.c.tenant_id == tenant_id, networks.c.content_sha256 == sha256)
    return connection.execute(select(*_SHOWN).where(mine)).one_or_none()


def find_tables(connection: Connection, tenant_id: str, network_id: str) -> bytes | None:
    """The tables of a network, as an archive."""
    mine = and_(networks.c.tenant_id == tenant_id, networks.c.network_id == network_id)
    found: bytes | None = connection.execute(select(networks.c.tables_zip).where(mine)).scalar_one_or_none()
    return found


def list_networks(
    connection: Connection, tenant_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Networks of a tenant, the newest first, without their tables."""
    key = (networks.c.created_ms, networks.c.network_id)
    statement = select(*_SHOWN).where(networks.c.tenant_id == tenant_id)
    if after is not None:
        statement = statement.where(tuple_(*key) < tuple_(*after))
    return connection.execute(statement.order_by(key[0].desc(), key[1].desc()).limit(limit)).all()


def add_network(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Add a network, unless one of the same content is there; says whether it was added."""
    return insert_if_absent(connection, networks, values)


def stored_bytes(connection: Connection, tenant_id: str) -> int:
    """What networks of a tenant take."""
    size = func.coalesce(func.sum(func.length(networks.c.tables_zip)), 0)
    return int(connection.execute(select(size).where(networks.c.tenant_id == tenant_id)).scalar_one())
