"""Jobs on the wire: how far they are, and waiting for their end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from service.jobs.queue import FINAL, QUEUED, RUNNING
from service.problems import Fault, Problem
from service.schema import moment, moment_or_none

if TYPE_CHECKING:
    from sqlalchemy import Row
    from starlette.requests import Request

POLL_S = 0.25
STREAM_S = 0.5
KEEP_ALIVE_S = 15.0
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?(?:$|[,;\s])")


def tell_job(row: Row[Any], waiting_before: int | None) -> dict[str, Any]:
    """State and progress of a job."""
    return {
        "state": row.state,
        "version": row.version,
        "attempts": row.attempts,
        "waitingBefore": waiting_before if row.state == QUEUED else None,
        "progress": json.loads(row.progress) if row.progress and row.state == RUNNING else None,
        "failure": json.loads(row.failure) if row.failure else None,
        "cancelRequested": bool(row.cancel_requested),
        "createdAt": moment(row.created_ms),
        "startedAt": moment_or_none(row.started_ms),
        "finishedAt": moment_or_none(row.finished_ms),
    }


def wait_s(prefer: str | None, most_s: float) -> float:
    """Seconds that a caller prefers to wait (RFC 7240)."""
    found = _WAIT.search(prefer or "")
    return 0.0 if found is None else min(float(found[1]), most_s)


async def stay_admitted(request: Request) -> None:
    """Make sure that the key of a long request is good still.

    Raises
    ------
    Problem
        401 once it has expired or was revoked.
    """
    await request.app.state.gate.identify(request)


async def wait_until_final(
    request: Request, look: Callable[[], dict[str, Any]], seconds: float
) -> dict[str, Any]:
    """Look at an object until its job has ended, the time is over, nobody is there, or the service stops."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        found = await run_in_threadpool(look)
        if found["state"] in FINAL or loop.time() >= end or request.app.state.streams.is_closing:
            return found
        if await request.is_disconnected():
            return found
        await asyncio.sleep(POLL_S)
        await stay_admitted(request)


async def stream(request: Request, look: Callable[[], dict[str, Any]]) -> AsyncIterator[bytes]:
    """Server-sent events: one for each version of an object, until its job has ended or the service stops.

    The id of an event is the version; a client that was cut off sends it as ``Last-Event-ID`` and is told
    what is newer.
    """
    seen = request.headers.get("last-event-id", "")
    loop = asyncio.get_running_loop()
    quiet_since = loop.time()
    while not await request.is_disconnected():
        found = await run_in_threadpool(look)
        version = str(found["version"])
        is_final = found["state"] in FINAL
        if version != seen:
            seen = version
            quiet_since = loop.time()
            told = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            yield f"id: {version}\nevent: {found['state']}\ndata: {told}\n\n".encode()
        elif loop.time() > quiet_since + KEEP_ALIVE_S:
            quiet_since = loop.time()
            yield b": still there\n\n"
        if is_final or request.app.state.streams.is_closing:
            return
        await asyncio.sleep(STREAM_S)
        try:
            await stay_admitted(request)
        except Problem:
            return  # whoever calls again is told why


class Streams:
    """How many clients are told or waited for over a while: each holds a connection, and looks on and on.

    All end when the service stops.
    """

    def __init__(self, most: int) -> None:
        self._most, self._open = most, 0
        self.is_closing = False

    def take(self) -> bool:
        """Take a place, if there is one."""
        if self._open >= self._most:
            return False
        self._open += 1
        return True

    def give_back(self) -> None:
        """Give a place back."""
        self._open -= 1


def check_time_limit(asked: int | None, most: int) -> int:
    """Time limit of a job.

    Raises
    ------
    Problem
        422 if it is above the service's own.
    """
    if asked is not None and asked > most:
        raise Problem(
            "invalid",
            errors=[
                Fault(
                    pointer="/timeLimitS", value=str(asked), code="less_than_equal", reason=f"is above {most}"
                )
            ],
        )
    return most if asked is None else asked
