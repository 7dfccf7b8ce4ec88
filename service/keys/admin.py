"""Keys made on the server itself: the first one of a tenant has to come from somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from service.keys import repository, service
from service.schema import moment
from service.store import audit
from service.store.upgrade import make_ready

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.store.database import Database

SERVER = "server"
"""Stands for a key in the audit where the operator acted on the machine itself."""


def create(
    database: Database, server_key: bytes, tenant_id: str, label: str, scopes: Iterable[str], days: int
) -> str:
    """Make a key, and its tenant if it is new; the key as its owner holds it."""
    make_ready(database)
    with database.write() as connection:
        now_ms = database.now_ms(connection)
        if repository.find_tenant(connection, tenant_id) is None:
            repository.add_tenant(connection, tenant_id, tenant_id, now_ms)
            _note(connection, tenant_id, now_ms, "tenant.create", tenant_id)
        token = service.create_key(
            connection,
            server_key,
            tenant_id,
            now_ms,
            label=label,
            scopes=scopes,
            days=days,
            created_by=SERVER,
        )
        _note(connection, tenant_id, now_ms, "key.create", token.key_id)
    return token.text


def list_lines(database: Database, tenant_id: str) -> Iterator[str]:
    """A line for each key of a tenant."""
    make_ready(database)
    with database.read() as connection:
        rows = repository.list_keys(connection, tenant_id, None, 10_000)
    for row in rows:
        state = f"revoked {moment(row.revoked_ms)}" if row.revoked_ms else f"until {moment(row.expires_ms)}"
        yield f"{row.key_id}  {state}  {row.scopes}  {row.label}"


def revoke(database: Database, key_id: str) -> bool:
    """Revoke a key; whether there is one."""
    make_ready(database)
    with database.write() as connection:
        found = repository.find_by_id(connection, key_id)
        if found is None:
            return False
        now_ms = database.now_ms(connection)
        repository.revoke(connection, found.tenant_id, key_id, now_ms)
        _note(connection, found.tenant_id, now_ms, "key.revoke", key_id)
    return True


def _note(connection: Connection, tenant_id: str, now_ms: int, action: str, object_id: str) -> None:
    audit.append(
        connection,
        audit.Entry(
            tenant_id=tenant_id,
            at_ms=now_ms,
            key_id=SERVER,
            address="",
            request_id="",
            action=action,
            object_id=object_id,
        ),
    )
