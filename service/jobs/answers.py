"""Answers that both kinds of job give: to their making, and as a stream of events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from service.etags import etag
from service.jobs.queue import FINAL
from service.jobs.tell import stream, wait_s, wait_until_final
from service.problems import Problem
from service.writing import JSON_TYPE, Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from service.callers import Caller
    from service.jobs.tell import Streams

Told = dict[str, Any]
Look = Callable[[], Told]
REPLAYED = "Idempotency-Replayed"
RETRY_S = 2
"""When to look again."""


def job_tag(told: Told) -> str:
    """Tag of a job as it is told: jobs before it go away without a new version of it."""
    return etag(told["version"], told["waitingBefore"])


def accepted(told: Told) -> Answer:
    """202: the object is its own status monitor."""
    headers = {"Location": told["links"]["self"], "Retry-After": str(RETRY_S), "ETag": job_tag(told)}
    return Answer(202, told, headers)


async def make(
    request: Request,
    work: Work,
    effect: Callable[[Connection, int], Answer],
    look: Callable[[Caller, str], Look],
    prefer: str | None,
) -> Response:
    """Queue a job; 202, or 200 if it ends while the caller prefers to wait."""
    made = await run_in_threadpool(work.once, effect)
    request.app.state.worker.wake()
    if not prefer:
        return made
    told, headers = await look_or_wait(request, look(work.caller, json.loads(bytes(made.body))["id"]), prefer)
    if not headers:
        return made
    headers |= accepted(told).headers
    headers |= {name: made.headers[name] for name in (REPLAYED,) if name in made.headers}
    if told["state"] not in FINAL:
        return Response(json_bytes(told), status_code=202, media_type=JSON_TYPE, headers=headers)
    del headers["Retry-After"]
    return Response(json_bytes(told), status_code=200, media_type=JSON_TYPE, headers=headers)


async def look_or_wait(request: Request, look: Look, prefer: str | None) -> tuple[Told, dict[str, str]]:
    """Look at a job, at once or when it has ended; and the header that says how far a wish was obeyed.

    If too many are waited for already, nobody else is: a preference may be passed over (RFC 7240).
    """
    state = request.app.state
    seconds = wait_s(prefer, state.settings.limits.wait_s)
    if not seconds or not state.streams.take():
        return await to_thread.run_sync(look, limiter=state.looks), {}
    try:
        told = await wait_until_final(request, look, seconds)
    finally:
        state.streams.give_back()
    return told, {"Preference-Applied": f"wait={seconds:g}"}


class _Stream(StreamingResponse):
    """Gives its place back, however it ends."""

    def __init__(self, request: Request, look: Look) -> None:
        super().__init__(
            stream(request, look), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )
        self._streams: Streams = request.app.state.streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.give_back()


async def events(request: Request, look: Look) -> Response:
    """Stream of the versions of an object, after a first look that may find none.

    A client that knows the last one already is told so by 204, at which browsers stop to call again.

    Raises
    ------
    Problem
        503 with Retry-After if too many streams are open.
    """
    told = await run_in_threadpool(look)
    if told["state"] in FINAL and request.headers.get("last-event-id") == str(told["version"]):
        return Response(status_code=204)
    if not request.app.state.streams.take():
        raise Problem("unavailable", "too many streams are open: poll instead", headers={"Retry-After": "5"})
    return _Stream(request, look)
