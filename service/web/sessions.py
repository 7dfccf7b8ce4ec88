"""Sessions of the page: begun with a start token or a key, held by a cookie, ended by whoever holds them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from service.keys import repository
from service.keys.gate import SESSION_COOKIE, SESSION_MS
from service.keys.token import hash_secret
from service.problems import Problem
from service.store import audit

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from service.callers import Caller
    from service.keys.gate import Gate

TOKEN_BYTES = 32


def begin(request: Request, answer: Response, caller: Caller) -> None:
    """Begin a session of a caller, no longer than its key, and let the answer's cookie hold it.

    Raises
    ------
    Problem
        401 if the key was revoked meanwhile.
    """
    gate: Gate = request.app.state.gate
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with gate.database.write() as connection:
        now_ms = gate.database.now_ms(connection)
        key = repository.find_key(connection, caller.tenant_id, caller.key_id)
        if key is not None and key.revoked_ms is not None:
            raise Problem("unauthorized")
        expires_ms = now_ms + SESSION_MS if key is None else min(now_ms + SESSION_MS, key.expires_ms)
        repository.drop_expired_sessions(connection, now_ms)
        repository.add_session(
            connection,
            {
                "tenant_id": caller.tenant_id,
                "session_hmac": hash_secret(gate.server_key, token),
                "key_id": None if key is None else caller.key_id,
                "scopes": " ".join(sorted(caller.scopes)),
                "created_ms": now_ms,
                "expires_ms": expires_ms,
            },
        )
        _note(request, connection, now_ms, caller, "session.begin")
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=(expires_ms - now_ms) // 1000,
        path="/",
        secure=request.app.state.is_secure,
        httponly=True,
        samesite="strict",
    )


def end(request: Request, answer: Response, caller: Caller) -> None:
    """End the session of a request."""
    gate: Gate = request.app.state.gate
    token = request.cookies[SESSION_COOKIE]
    with gate.database.write() as connection:
        repository.end_session(connection, hash_secret(gate.server_key, token))
        _note(request, connection, gate.database.now_ms(connection), caller, "session.end")
    answer.delete_cookie(
        SESSION_COOKIE, path="/", secure=request.app.state.is_secure, httponly=True, samesite="strict"
    )


def _note(request: Request, connection: Connection, now_ms: int, caller: Caller, action: str) -> None:
    audit.append(
        connection,
        audit.Entry(
            tenant_id=caller.tenant_id,
            at_ms=now_ms,
            key_id=caller.key_id,
            address=request.client.host if request.client else "",
            request_id=request.scope.get("landbridge.request_id", ""),
            action=action,
            object_id=caller.key_id,
        ),
    )
