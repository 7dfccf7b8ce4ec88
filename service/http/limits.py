"""What a request may weigh and how long it may take to arrive, told before anything reads it."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from service.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.settings import Limits


FILE, ROWS, JOB = "file", "rows", "job"
_KINDS = {
    FILE: re.compile(r"/(v1|page)/(networks|batch-sets/[^/]+/uploads)"),
    ROWS: re.compile(r"/v1/batch-sets/[^/]+/batches"),
    JOB: re.compile(r"/(v1|page)/(plans|comparisons)"),
}


def kind_of(path: str) -> str | None:
    """What is sent to an address: a file, rows, a job to be done; ``None`` = anything else.

    A batch may be called ``uploads``: how an address ends says nothing.
    """
    return next((kind for kind, form in _KINDS.items() if form.fullmatch(path)), None)


class BodyLimits:
    """Cuts off bodies that are too large or too slow, long addresses and fat headers."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that is within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self.most_bytes(scope["path"])
        problem = self._head_problem(scope, most)
        if problem is not None:
            await problem.response(scope.get("landbridge.request_id", ""))(scope, receive, send)
            return
        limits = self._limits
        start = asyncio.get_running_loop().time()
        read = 0
        is_whole = False

        async def receiving() -> Message:
            nonlocal read, is_whole
            if is_whole:
                return await receive()
            try:
                # What keeps arriving at a good rate may take longer.
                async with asyncio.timeout_at(start + limits.body_s + read / limits.body_bytes_a_s):
                    message = await receive()
            except TimeoutError:
                raise Problem(
                    "request-timeout",
                    f"bodies take at most {limits.body_s:g} s, or {limits.body_bytes_a_s:,} bytes a second",
                    headers={"Connection": "close"},
                ) from None
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                if read > most:
                    raise too_large(most)
            return message

        await self._app(scope, receiving, send)

    def most_bytes(self, path: str) -> int:
        """Largest body that an address takes."""
        kind = kind_of(path)
        if kind == FILE:
            return self._limits.upload_bytes
        return self._limits.batches_bytes if kind == ROWS else self._limits.json_bytes

    def _head_problem(self, scope: Scope, most: int) -> Problem | None:
        target = len(scope["raw_path"]) + len(scope["query_string"])
        if target > self._limits.url_bytes:
            return Problem("uri-too-long", f"addresses have at most {self._limits.url_bytes:,} bytes")
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > self._limits.header_bytes:
            return Problem("header-too-large", f"headers have at most {self._limits.header_bytes:,} bytes")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return Problem("bad-request", "the address holds the character NUL")
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value[:20]) > most:
                return too_large(most)
            if name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
                return Problem(
                    "unsupported-media-type",
                    "bodies are sent as they are, not packed",
                    headers={"Accept-Encoding": "identity", "Connection": "close"},
                )
        return None


def too_large(most: int) -> Problem:
    """A body is larger than it may be; the rest of it is not read."""
    return Problem("too-large", f"at most {most:,} bytes are taken here", headers={"Connection": "close"})
