"""SQL of tenants, keys and sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, tuple_, update

from service.store.tables import api_keys, sessions, tenants
from service.writing import insert_if_absent


def add_tenant(connection: Connection, tenant_id: str, name: str, now_ms: int) -> None:
    """Add a tenant, unless it is there: another process may be adding it at this moment."""
    insert_if_absent(connection, tenants, {"tenant_id": tenant_id, "name": name, "created_ms": now_ms})


def find_tenant(connection: Connection, tenant_id: str) -> Row[Any] | None:
    """A tenant."""
    return connection.execute(select(tenants).where(tenants.c.tenant_id == tenant_id)).one_or_none()


def add_key(connection: Connection, values: dict[str, Any]) -> None:
    """Add a key."""
    connection.execute(insert(api_keys).values(values))


def find_by_id(connection: Connection, key_id: str) -> Row[Any] | None:
    """A key, whose ever it is: who is calling is asked before the tenant is known."""
    return connection.execute(select(api_keys).where(api_keys.c.key_id == key_id)).one_or_none()


def find_key(connection: Connection, tenant_id: str, key_id: str) -> Row[Any] | None:
    """A key of a tenant."""
    mine = (api_keys.c.tenant_id == tenant_id, api_keys.c.key_id == key_id)
    return connection.execute(select(api_keys).where(*mine)).one_or_none()


def list_keys(
    connection: Connection, tenant_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Keys of a tenant, the oldest first."""
    statement = select(api_keys).where(api_keys.c.tenant_id == tenant_id)
    if after is not None:
        statement = statement.where(tuple_(api_keys.c.created_ms, api_keys.c.key_id) > tuple_(*after))
    return connection.execute(statement.order_by(api_keys.c.created_ms, api_keys.c.key_id).limit(limit)).all()


def count_keys(connection: Connection, now_ms: int) -> int:
    """How many keys are good, of all tenants: neither revoked nor expired."""
    good = (api_keys.c.revoked_ms.is_(None), api_keys.c.expires_ms > now_ms)
    statement = select(func.count()).select_from(api_keys).where(*good)
    return int(connection.execute(statement).scalar_one())


def revoke(connection: Connection, tenant_id: str, key_id: str, now_ms: int) -> None:
    """Make a key and its sessions good for nothing."""
    mine = (api_keys.c.tenant_id == tenant_id, api_keys.c.key_id == key_id)
    connection.execute(
        update(api_keys).where(*mine, api_keys.c.revoked_ms.is_(None)).values(revoked_ms=now_ms)
    )
    connection.execute(delete(sessions).where(sessions.c.tenant_id == tenant_id, sessions.c.key_id == key_id))


def note_use(connection: Connection, used: Iterable[tuple[str, str, int]]) -> None:
    """When keys were last used: tenant, key, time."""
    for tenant_id, key_id, at_ms in used:
        mine = (api_keys.c.tenant_id == tenant_id, api_keys.c.key_id == key_id)
        connection.execute(update(api_keys).where(*mine).values(last_used_ms=at_ms))


def add_session(connection: Connection, values: dict[str, Any]) -> None:
    """Add a session of the page."""
    connection.execute(insert(sessions).values(values))


def find_session(connection: Connection, session_hmac: str) -> Row[Any] | None:
    """A session, whose ever it is; none whose key was revoked, be it while the session began."""
    revoked = exists().where(
        api_keys.c.tenant_id == sessions.c.tenant_id,
        api_keys.c.key_id == sessions.c.key_id,
        api_keys.c.revoked_ms.is_not(None),
    )
    mine = (sessions.c.session_hmac == session_hmac, ~revoked)
    return connection.execute(select(sessions).where(*mine)).one_or_none()


def end_session(connection: Connection, session_hmac: str) -> None:
    """Log out."""
    connection.execute(delete(sessions).where(sessions.c.session_hmac == session_hmac))


def drop_expired_sessions(connection: Connection, now_ms: int) -> int:
    """Forget sessions that are over."""
    return connection.execute(delete(sessions).where(sessions.c.expires_ms <= now_ms)).rowcount
