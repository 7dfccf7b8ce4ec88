"""HTTP/1.1 of uvicorn with what it lacks: deadlines, counted connections, problems in our own words."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.http.context import CAUTION, new_request_id
from service.http.rates import neighbourhood
from service.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from typing import Any

    from starlette.types import ASGIApp, Receive, Scope, Send

    from service.settings import Limits

BUSY_RETRY_S = 5
_HEAD_TOO_LARGE = 431


@dataclass(slots=True)
class Connections:
    """How many connections are open, in all and by address.

    Parameters
    ----------
    most_an_address
        ``None`` = any number: on a laptop, and behind a proxy, whose connections are those of all clients.
    """

    most: int
    most_an_address: int | None
    _by_address: Counter[str] = field(default_factory=Counter)

    def open(self, address: str) -> bool:
        """Count one more; whether there may be so many."""
        self._by_address[address] += 1
        is_many = self._by_address.total() > self.most
        return not is_many and (
            self.most_an_address is None or self._by_address[address] <= self.most_an_address
        )

    def close(self, address: str) -> None:
        """Count one less."""
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]


async def busy(scope: Scope, receive: Receive, send: Send) -> None:
    """Application of a connection that is one too many."""
    headers = {"Retry-After": str(BUSY_RETRY_S), "Connection": "close"}
    problem = Problem("unavailable", "too many connections are open", headers=headers)
    await problem.response(scope.get("landbridge.request_id", ""))(scope, receive, send)


class PatientProtocol(H11Protocol):
    """A connection whose client is waited for, but not for ever.

    The head of a request has to arrive in time, and so has the rest of a body that nobody wants any more. An
    answer has to be taken as fast as a body has to be sent.
    """

    limits: Limits
    counted: Connections
    busy: ASGIApp

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        self._deadline: asyncio.TimerHandle | None = None
        self._write_deadline: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._address = neighbourhood(self.client[0]) if self.client else ""
        if not self.counted.open(self._address):
            self.app = self.busy
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in some bytes; wait if there is more to come of a head, or of a body that nobody reads."""
        super().data_received(data)
        has_begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if has_begun or self._is_answered():
            self._wait()
        else:
            self._wait_no_more()

    def on_response_complete(self) -> None:
        """Go on to the next request; what is left of the body has to come soon."""
        super().on_response_complete()
        if self._is_answered():
            self._wait()

    def pause_writing(self) -> None:
        """Write no more until the client has taken some of it."""
        super().pause_writing()
        seconds = self.limits.body_s + self.transport.get_write_buffer_size() / self.limits.body_bytes_a_s
        loop = asyncio.get_running_loop()
        self._write_deadline = loop.call_later(seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._cancel_write_deadline()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._wait_no_more()
        self._cancel_write_deadline()
        self.counted.close(self._address)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with what is no HTTP, unless an answer is on its way already."""
        hint = getattr(sys.exception(), "error_status_hint", 400)
        if self.cycle is not None:
            # Whoever is at work on the request has nobody left to answer.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        problem = Problem("header-too-large") if hint == _HEAD_TOO_LARGE else Problem("bad-request", msg)
        request_id = new_request_id()
        body = json.dumps(problem.document(request_id)).encode()
        headers = {**CAUTION, "X-Request-ID": request_id, "Content-Type": MEDIA_TYPE}
        headers |= {"Content-Length": str(len(body)), "Connection": "close"}
        for event in (
            h11.Response(status_code=problem.status_code, headers=list(headers.items())),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _is_answered(self) -> bool:
        """Whether the answer is out and the request is not yet in."""
        return self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY

    def _wait(self) -> None:
        if self._deadline is None:
            loop = asyncio.get_running_loop()
            self._deadline = loop.call_later(self.limits.header_s, self._give_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _cancel_write_deadline(self) -> None:
        if self._write_deadline is not None:
            self._write_deadline.cancel()
            self._write_deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.close()


def patient(limits: Limits, busy: ASGIApp, *, by_address: bool) -> type[PatientProtocol]:
    """The protocol of one server."""
    counted = Connections(limits.connections, limits.connections_an_address if by_address else None)
    members: dict[str, Any] = {
        "limits": limits,
        "counted": counted,
        "busy": staticmethod(busy),
        "__doc__": PatientProtocol.__doc__,
    }
    return type("Patient", (PatientProtocol,), members)
