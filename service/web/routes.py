"""What all pages share: who sees them, what a fault looks like, how a form is read."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.responses import RedirectResponse, Response

from service.callers import Caller
from service.http.handlers import disk_problem
from service.intake.problems import problem_of as unread_problem
from service.intake.refusals import IntakeBusyError, IntakeRefused
from service.keys.gate import SESSION_COOKIE, Gate
from service.problems import Problem
from service.store.database import DatabaseBusyError
from service.store.problems import problem_of as database_problem
from service.web.rendering import problem_page
from service.writing import Work

HOME, LOGIN = "/page/plans", "/login"
MOST_FIELDS = 60
FORM_KEY = "once"
"""Field that holds an idempotency key: a form that is sent twice does its work once."""


class NoSessionError(Exception):
    """The page is not open to this browser."""


class PageRoute(APIRoute):
    """Shows problems as pages, and the way in to who has no session."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Handler of the route."""
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except NoSessionError:
                if is_part(request):
                    return Response(status_code=401, headers={"HX-Redirect": LOGIN})
                return see(LOGIN)
            except _FAULTS as error:
                return problem_page(request, _problem_of(error, request))

        return shown


_FAULTS = (
    *(Problem, RequestValidationError, IntakeRefused, IntakeBusyError),
    *(DBAPIError, DatabaseBusyError, OSError),
)


def _problem_of(error: Exception, request: Request) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError):
        return disk_problem(error, request.scope.get("landbridge.request_id", ""))
    if isinstance(error, IntakeRefused | IntakeBusyError):
        return unread_problem(error)
    if isinstance(error, DBAPIError | DatabaseBusyError):
        return database_problem(error, request.scope.get("landbridge.request_id", ""))
    return Problem("bad-request")


def see(path: str) -> Response:
    """Lead the browser to another page, after a change or instead of one."""
    return RedirectResponse(path, status_code=303)


def is_part(request: Request) -> bool:
    """Whether the page asks for a part of itself, not the browser for a page."""
    return request.headers.get("hx-request") == "true"


def afresh() -> Response:
    """Let the page load as a whole: what it polled for has come to its end."""
    return Response(headers={"HX-Refresh": "true"})


async def find_session(request: Request) -> Caller | None:
    """Who has the session of a request, if there is one."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is None:
        return None
    gate: Gate = request.app.state.gate
    found = await gate.accept_session(request, token)
    if found is not None:
        request.state.caller = found
        request.scope["landbridge.caller"] = found
    return found


def visiting(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """Dependency: who looks at a page; there is always a session, on a laptop too."""

    async def find(request: Request) -> Caller:
        caller = await find_session(request)
        if caller is None:
            raise NoSessionError
        if scope not in caller.scopes:
            raise Problem("forbidden", f"the key lacks the scope {scope}")
        request.app.state.gate.count_call(request, caller)
        return caller

    return find


@dataclass(slots=True)
class FormWork(Work):
    """A change that a form asks for."""

    form: FormData

    def _key(self) -> str | None:
        key = self.form.get(FORM_KEY)
        return key if isinstance(key, str) and 0 < len(key) <= 64 and key.isprintable() else None


def submitting(scope: str) -> Callable[[Request], Awaitable[FormWork]]:
    """Dependency: a form sent by who may change things."""
    find = visiting(scope)

    async def begin(request: Request) -> FormWork:
        caller = await find(request)
        body = await request.body()
        return FormWork(
            request=request,
            caller=caller,
            body_sha256=hashlib.sha256(body).hexdigest(),
            form=await read_form(request),
        )

    return begin


async def read_form(request: Request) -> FormData:
    """Fields of a form without files.

    Raises
    ------
    Problem
        400 if it is none.
    """
    try:
        return await request.form(max_files=0, max_fields=MOST_FIELDS)
    except MultiPartException as error:
        raise Problem("bad-request", error.message) from None


def text_of(form: FormData, name: str) -> str:
    """A field's text without blanks around it; empty where there is none."""
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""
