"""Who is calling, and may they? The tenant comes from the key alone, never from a body, path or header."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from service.problems import Problem
from service.settings import LOCAL_TENANT
from service.writing import Work

if TYPE_CHECKING:
    from service.keys.gate import Gate

PLAN_READ, PLAN_WRITE, DATA_WRITE, HOOK_ADMIN, TENANT_ADMIN = (
    "plan:read",
    "plan:write",
    "data:write",
    "hook:admin",
    "tenant:admin",
)
SCOPES = (PLAN_READ, PLAN_WRITE, DATA_WRITE, HOOK_ADMIN, TENANT_ADMIN)
"""What a key may be good for. ``data:write`` is for networks, ``tenant:admin`` for keys and audit."""
OPEN_KEY = "loopback"
"""Stands for a key where none is asked for."""

bearer = HTTPBearer(
    bearerFormat="lb_...", description="An API key; not asked for on a laptop.", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A tenant's key, and what it is good for."""

    tenant_id: str
    key_id: str
    scopes: frozenset[str]


LOCAL_CALLER = Caller(LOCAL_TENANT, OPEN_KEY, frozenset(SCOPES))


def calling(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """Dependency: the caller, who needs a scope.

    Raises
    ------
    Problem
        401 without a valid key, 403 if it lacks the scope, 429 after too many calls.
    """

    async def find(request: Request, _shown: object = Security(bearer)) -> Caller:
        gate: Gate = request.app.state.gate
        caller = await gate.identify(request)
        request.state.caller = caller
        request.scope["landbridge.caller"] = caller
        if scope not in caller.scopes:
            raise Problem("forbidden", f"the key lacks the scope {scope}")
        gate.count_call(request, caller)
        return caller

    return find


def writing(scope: str) -> Callable[[Request], Awaitable[Work]]:
    """Dependency: a change to be made once, by a caller with a scope; raises as :func:`calling`."""
    find = calling(scope)

    async def begin(request: Request, _shown: object = Security(bearer)) -> Work:
        caller = await find(request)
        return Work(request=request, caller=caller, body_sha256=await body_digest(request))

    return begin


async def body_digest(request: Request) -> str:
    """SHA-256 of the body; where an upload was streamed into a file, that of the file."""
    streamed: str | None = getattr(request.state, "body_sha256", None)
    if streamed is not None:
        return streamed
    return hashlib.sha256(await request.body()).hexdigest()
