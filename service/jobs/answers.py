"""Answers that both kinds of job give: to their making, and as a stream of events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from service.etags import etag
from service.jobs.queue import FINAL
from service.jobs.tell import stream, wait_s, wait_until_final
from service.writing import JSON_TYPE, Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from service.callers import Caller

Told = dict[str, Any]
Look = Callable[[], Told]
REPLAYED = "Idempotency-Replayed"
RETRY_S = 2
"""When to look again."""


def accepted(told: Told) -> Answer:
    """202: the object is its own status monitor."""
    headers = {"Location": told["links"]["self"], "Retry-After": str(RETRY_S), "ETag": etag(told["version"])}
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
    seconds = wait_s(prefer, request.app.state.settings.limits.wait_s)
    if seconds == 0:
        return made
    told = await wait_until_final(request, look(work.caller, json.loads(bytes(made.body))["id"]), seconds)
    is_final = told["state"] in FINAL
    headers = {**accepted(told).headers, **applied(seconds)}
    headers |= {name: made.headers[name] for name in (REPLAYED,) if name in made.headers}
    if is_final:
        del headers["Retry-After"]
    status = 200 if is_final else 202
    return Response(json_bytes(told), status_code=status, media_type=JSON_TYPE, headers=headers)


def applied(seconds: float) -> dict[str, str]:
    """Header that says how long the caller was ready to wait, as far as that was obeyed."""
    return {"Preference-Applied": f"wait={seconds:g}"} if seconds else {}


async def events(request: Request, look: Look) -> Response:
    """Stream of the versions of an object, after a first look that may find none.

    A client that knows the last one already is told so by 204, at which browsers stop to call again.
    """
    request.app.state.streams.refuse_if_full()
    told = await run_in_threadpool(look)
    if told["state"] in FINAL and request.headers.get("last-event-id") == str(told["version"]):
        return Response(status_code=204)
    lines = request.app.state.streams.limited(stream(request, look))
    return StreamingResponse(lines, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
