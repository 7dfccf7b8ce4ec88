"""The way in and out: a start token on a laptop, a key on a server; and the choice of a language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from planner.render.languages import LANGUAGES
from service.callers import LOCAL_CALLER
from service.problems import Problem
from service.web import languages, sessions
from service.web.rendering import page
from service.web.routes import HOME, LOGIN, NoSessionError, PageRoute, find_session, read_form, see, text_of

if TYPE_CHECKING:
    from service.keys.gate import Gate

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_OWN_PATH = re.compile(r"/(?:page|login)(?:/[\w.~%:/-]*)?(?:\?[\w.~%&=+-]*)?")
MOST_TOKEN = 200


@router.get("/")
def root() -> Response:
    """The page stands below an address of its own."""
    return see(HOME)


@router.get("/page")
def home() -> Response:
    """Where a day begins."""
    return see(HOME)


@router.get("/start")
def start(request: Request, token: str = "") -> Response:
    """Exchange a start token for a session.

    The answer leads on by itself rather than by a redirect: browsers keep a strict cookie back from a
    redirect that began on another site.
    """
    desk, gate = request.app.state.start, request.app.state.gate
    if desk is None:
        return see(LOGIN)
    address = request.client.host if request.client else ""
    if not desk.take(token[:MOST_TOKEN]):
        gate.rates.count_wrong_key(address)
        return page(request, "login.html", 403, asks_for_keys=False, fault="start_used")
    answer = page(request, "start.html", home=HOME)
    sessions.begin(request, answer, LOCAL_CALLER)
    return answer


@router.get(LOGIN)
async def show_login(request: Request) -> Response:
    """How to get in."""
    if await find_session(request) is not None:
        return see(HOME)
    return _login(request)


@router.post(LOGIN)
async def login(request: Request) -> Response:
    """Exchange a key for a session of its scopes."""
    form = await read_form(request)
    gate: Gate = request.app.state.gate
    try:
        caller = await gate.accept_key(request, text_of(form, "key"))
        answer = see(HOME)
        await run_in_threadpool(sessions.begin, request, answer, caller)
    except Problem as problem:
        if problem.code != "unauthorized":
            raise
        return _login(request, 401, "wrong_key")
    return answer


@router.post("/logout")
async def logout(request: Request) -> Response:
    """End the session."""
    caller = await find_session(request)
    if caller is None:
        raise NoSessionError
    answer = see(LOGIN)
    await run_in_threadpool(sessions.end, request, answer, caller)
    return answer


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Show pages in another language from now on."""
    form = await read_form(request)
    chosen, back = text_of(form, "language"), text_of(form, "back")
    is_own = _OWN_PATH.fullmatch(back) is not None and "/.." not in back
    answer = see(back if is_own else HOME)
    if chosen in LANGUAGES:
        languages.keep_language(request, answer, chosen)
    return answer


def _login(request: Request, status: int = 200, fault: str | None = None) -> Response:
    asks = request.app.state.start is None
    return page(request, "login.html", status, asks_for_keys=asks, fault=fault)
