"""Around every request: its id, headers of caution, a log line, its figures; faults of ours end here."""

from __future__ import annotations

import logging
import random
import re
import time
from typing import TYPE_CHECKING

from service.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.health.metrics import Metrics

log = logging.getLogger("landbridge.http")

API_VERSION = "1.0.0"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted by their names; anybody can make up others."""
ENDLESS = "/events"
"""End of the addresses of streams, whose head alone is of no use."""
_ID_HEADER = b"x-request-id"
_ids = random.Random()  # noqa: S311
"""Request ids are names, not secrets: asking the system for each costs a fiftieth of an answer."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy of every answer; a page that needs more sets its own."""
CAUTION = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "API-Version": API_VERSION,
}


class Context:
    """Outermost of our middleware.

    Parameters
    ----------
    is_secure
        TLS ends here or at a proxy: browsers are told to stay with it.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, is_secure: bool) -> None:
        self._app = app
        self._metrics = metrics
        caution = dict(CAUTION)
        if is_secure:
            caution["Strict-Transport-Security"] = "max-age=31536000"
        self._caution = [(name.lower().encode(), value.encode()) for name, value in caution.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["landbridge.request_id"] = request_id
        method = scope["method"]
        if method == "HEAD" and not scope["path"].endswith(ENDLESS):
            # As GET, whose body the server itself leaves out.
            scope = {**scope, "method": "GET"}
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [pair for pair in message["headers"] if pair[0] != _ID_HEADER]
                told = {name for name, _ in headers}
                headers.append((_ID_HEADER, request_id.encode()))
                headers.extend(pair for pair in self._caution if pair[0] not in told)
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.exception("fault", extra={"request_id": request_id, **_who(scope)})
            if status:
                raise  # part of an answer is out: only a broken connection says that it is no whole one
            await Problem("internal").response(request_id)(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            route = scope.get("route")
            path = getattr(route, "path", "other")
            self._metrics.count_request(method if method in METHODS else "other", path, status, seconds)
            log.info(
                "request",
                extra={
                    "request_id": request_id,
                    "method": method[:20],
                    "path": scope["path"][:300],
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                    **_who(scope),
                },
            )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _ID_HEADER:
            given = value.decode("latin-1")
            if _REQUEST_ID.fullmatch(given):
                return str(given)
    return new_request_id()


def new_request_id() -> str:
    """Id of a request that brings none."""
    return f"req_{_ids.getrandbits(96):024x}"


def _who(scope: Scope) -> dict[str, str]:
    caller = scope.get("landbridge.caller")
    who = {} if caller is None else {"tenant_id": caller.tenant_id, "key_id": caller.key_id}
    params = scope.get("path_params") or {}
    return who | {name: str(params[name]) for name in ("plan_id", "comparison_id") if name in params}
