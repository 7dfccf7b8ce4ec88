"""Rules of keys: made with a scope and an end, shown once, revoked at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from service.keys import repository
from service.keys.token import Token, hash_secret, make_token
from service.problems import not_found
from service.schema import moment, moment_or_none

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

DAY_MS = 86_400_000


def create_key(
    connection: Connection,
    server_key: bytes,
    tenant_id: str,
    now_ms: int,
    *,
    label: str,
    scopes: Iterable[str],
    days: int,
    created_by: str,
) -> Token:
    """Make a key; what is stored of it is good for nothing by itself."""
    token = make_token()
    repository.add_key(
        connection,
        {
            "tenant_id": tenant_id,
            "key_id": token.key_id,
            "label": label,
            "secret_hmac": hash_secret(server_key, token.secret),
            "scopes": " ".join(sorted(set(scopes))),
            "created_ms": now_ms,
            "expires_ms": now_ms + days * DAY_MS,
            "created_by": created_by,
        },
    )
    return token


def get_key(connection: Connection, tenant_id: str, key_id: str) -> Row[Any]:
    """A key of a tenant.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find_key(connection, tenant_id, key_id)
    if found is None:
        raise not_found("key")
    return found


def tell_key(row: Row[Any]) -> dict[str, Any]:
    """A key on the wire, without its secret."""
    return {
        "id": row.key_id,
        "label": row.label,
        "scopes": row.scopes.split(),
        "createdAt": moment(row.created_ms),
        "createdBy": row.created_by,
        "expiresAt": moment(row.expires_ms),
        "revokedAt": moment_or_none(row.revoked_ms),
        "lastUsedAt": moment_or_none(row.last_used_ms),
    }


def tell_audit(row: Row[Any]) -> dict[str, Any]:
    """A change on the wire."""
    return {
        "number": row.number,
        "at": moment(row.at_ms),
        "keyId": row.key_id,
        "address": row.address,
        "requestId": row.request_id,
        "action": row.action,
        "objectId": row.object_id,
        "versionBefore": row.version_before,
        "versionAfter": row.version_after,
        "sha256": row.sha256,
    }
