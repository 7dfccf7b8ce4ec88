"""Against pages of other sites that a browser lets call us: by host names, and by where a call is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({b"same-origin", b"none"})


class Guard:
    """Takes requests only under our own names, and changes only from our own page or from programs.

    Parameters
    ----------
    names
        Host names that clients may use, without a port. A name of another site that points to this machine
        is none of them, so a page there can't read what it asks for.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = LOCAL_NAMES | {_bracketed(name.lower()) for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            problem = self._problem(scope)
            if problem is not None:
                await problem.response(scope.get("landbridge.request_id", ""))(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name == b"host" and b"host" in headers:
                return Problem("bad-host", "there are two Host headers")
            headers[name] = value
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if _without_port(host) not in self._names:
            return Problem("bad-host")
        if scope["method"] in _SAFE:
            return None
        site = headers.get(b"sec-fetch-site")
        if site is not None and site not in _OWN_SITES:
            return Problem("cross-site")
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1").lower().partition("://")[2] != host:
            return Problem("cross-site")
        return None


def _bracketed(name: str) -> str:
    """An address of IPv6 stands in brackets before a port."""
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
