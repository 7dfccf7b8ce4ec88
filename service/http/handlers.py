"""Whatever ends a request early, as a problem."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from service.disk import FULL
from service.http.context import ENDLESS
from service.http.known_keys import hint_for
from service.intake.problems import problem_of
from service.intake.refusals import IntakeBusyError, IntakeRefused
from service.problems import MAX_ERRORS, Fault, Problem
from service.store.database import DatabaseBusyError
from service.store.problems import problem_of as database_problem

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger("landbridge.http")

MOST_HINTS = 20
"""Faults that are looked at for what was meant: who sends more unknown keys than that, means none of them."""
_STATUS_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def add_handlers(app: FastAPI) -> None:
    """Answer every fault of a request, and those of what it needs, by RFC 9457."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_refused)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(DatabaseBusyError, _on_database_error)
    app.add_exception_handler(IntakeRefused, _on_unread)
    app.add_exception_handler(IntakeBusyError, _on_unread)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(OSError, _on_system_error)


def _request_id(request: Request) -> str:
    found: str = request.scope.get("landbridge.request_id", "")
    return found


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response(_request_id(request))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return error.response(_request_id(request))
    code = _STATUS_CODES.get(error.status_code, "bad-request")
    headers = dict(error.headers or {})
    if code == "method-not-allowed":
        headers["Allow"] = ", ".join(sorted(_allowed(request)))
    return Problem(code, "" if code != "bad-request" else str(error.detail), headers=headers).response(
        _request_id(request)
    )


def _allowed(request: Request) -> set[str]:
    """Methods that an address knows, over all of its operations."""
    found: set[str] = set()
    for route in (*request.app.state.routes, *request.app.routes):
        match, _ = route.matches({**request.scope, "method": "TRACE"})
        if match is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    if "GET" in found and not request.url.path.endswith(ENDLESS):
        found.add("HEAD")
    return found


async def _on_gone(request: Request, _error: Exception) -> Response:
    """Nobody is there to read it."""
    return Problem("bad-request", "the request broke off").response(_request_id(request))


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults: list[Fault] = []
    found = error.errors()
    for one in found[:MAX_ERRORS]:
        where, *steps = one["loc"]
        if where == "body" and one["type"] == "json_invalid":
            detail = str(one.get("ctx", {}).get("error", ""))
            return Problem("bad-request", detail).response(_request_id(request))
        if where == "body" and not steps and isinstance(one.get("input"), bytes):
            return Problem("unsupported-media-type", "send application/json").response(_request_id(request))
        named = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
        pointer = named if where == "body" else str(steps[0]) if steps else str(where)
        value = one.get("input")
        shown = None if isinstance(value, dict | list | bytes) or value is None else str(value)[:80]
        fault = Fault(pointer=pointer, value=shown, code=one["type"], reason=one["msg"])
        if where == "body" and one["type"] == "extra_forbidden":
            fault.reason = "is no key here"
            if len(faults) < MOST_HINTS:
                fault.hint = hint_for(request, steps)
        faults.append(fault)
    return Problem("invalid", errors=faults, num_errors=len(found)).response(_request_id(request))


async def _on_database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError | DatabaseBusyError)
    request_id = _request_id(request)
    return database_problem(error, request_id).response(request_id)


async def _on_system_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    request_id = _request_id(request)
    return disk_problem(error, request_id).response(request_id)


def disk_problem(error: OSError, request_id: str) -> Problem:
    """The answer where files of a request could not be kept; every other error is ours, and raised."""
    if error.errno not in FULL:
        raise error
    log.warning("disk error", extra={"request_id": request_id, "error": error.strerror})
    return Problem("storage-full")


async def _on_unread(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntakeRefused | IntakeBusyError)
    return problem_of(error).response(_request_id(request))
