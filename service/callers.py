"""Who is calling, and may they? The tenant comes from the key alone, never from a body, path or header."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request

from service.problems import Problem
from service.settings import LOCAL_TENANT
from service.writing import Work

if TYPE_CHECKING:
    from fastapi.dependencies.models import Dependant

    from service.keys.gate import Gate

D = TypeVar("D", bound=Callable[..., Any])

PLAN_READ, PLAN_WRITE, DATA_WRITE, HOOK_ADMIN, TENANT_ADMIN = (
    "plan:read",
    "plan:write",
    "data:write",
    "hook:admin",
    "tenant:admin",
)
SCOPES = (PLAN_READ, PLAN_WRITE, DATA_WRITE, HOOK_ADMIN, TENANT_ADMIN)
"""What a key may be good for. ``data:write`` is for networks, ``tenant:admin`` for keys and audit."""
KEY_SCHEME = "apiKey"
"""How the OpenAPI document calls the way that keys are shown."""
OPEN_KEY = "loopback"
"""Stands for a key where none is asked for."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A tenant's key, and what it is good for."""

    tenant_id: str
    key_id: str
    scopes: frozenset[str]


LOCAL_CALLER = Caller(LOCAL_TENANT, OPEN_KEY, frozenset(SCOPES))


async def admit(request: Request, scope: str) -> Caller:
    """The caller of a request, who needs a scope; found once, and before anything of the body is read.

    Raises
    ------
    Problem
        401 without a valid key, 403 if it lacks the scope, 429 after too many calls.
    """
    caller: Caller | None = request.scope.get("landbridge.caller")
    if caller is None:
        gate: Gate = request.app.state.gate
        caller = await gate.identify(request)
        request.state.caller = request.scope["landbridge.caller"] = caller
        gate.count_call(request, caller)
    if scope not in caller.scopes:
        raise Problem("forbidden", f"the key lacks the scope {scope}")
    return caller


def calling(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """Dependency: the caller, who needs a scope; raises as :func:`admit`."""

    async def find(request: Request) -> Caller:
        return await admit(request, scope)

    return needing(scope, find)


def writing(scope: str) -> Callable[[Request], Awaitable[Work]]:
    """Dependency: a change to be made once, by a caller with a scope; raises as :func:`calling`."""
    find = calling(scope)

    async def begin(request: Request) -> Work:
        caller = await find(request)
        return Work(request=request, caller=caller, body_sha256=await body_digest(request))

    return needing(scope, begin)


def needing(scope: str, dependency: D) -> D:
    """Mark a dependency with the scope that it asks for; see :func:`find_scope`."""
    vars(dependency)["scope"] = scope
    return dependency


def find_scope(dependant: Dependant) -> str | None:
    """Scope that an operation asks for, in any of its dependencies."""
    scope = getattr(dependant.call, "scope", None)
    if isinstance(scope, str):
        return scope
    return next(filter(None, map(find_scope, dependant.dependencies)), None)


async def body_digest(request: Request) -> str:
    """SHA-256 of the body; where an upload was streamed into a file, that of the file."""
    streamed: str | None = getattr(request.state, "body_sha256", None)
    if streamed is not None:
        return streamed
    return hashlib.sha256(await request.body()).hexdigest()
