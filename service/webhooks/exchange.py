"""One HTTP/1.1 exchange over a connection that stands: a POST out, the head of the answer back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import h11

from service.webhooks.urls import Receiver

_CHUNK = 8_192


class BadAnswerError(Exception):
    """The receiver answered with something that is no answer of HTTP/1.1, or with none, or too long a one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status of an answer and what its ``Retry-After`` says (empty if it has none)."""

    status: int
    retry_after: str


class Exchange:
    """Sends one message and reads at most ``most_bytes`` of what comes back.

    Parameters
    ----------
    most_bytes
        Of the whole answer: interim answers, head and body together.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, most_bytes: int
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._left = most_bytes
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=most_bytes)

    async def post(self, receiver: Receiver, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        """Send the message and wait for the head of the final answer.

        Raises
        ------
        BadAnswerError
            If no such head comes.
        OSError
            If the connection breaks.
        """
        request = h11.Request(
            method="POST",
            target=receiver.target,
            headers=[
                ("host", receiver.authority),
                *headers,
                ("content-length", str(len(body))),
                ("connection", "close"),
            ],
        )
        events: tuple[h11.Event, ...] = (request, h11.Data(data=body), h11.EndOfMessage())
        for event in events:
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
        while not isinstance(event := await self._next_event(), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise BadAnswerError("closed the connection without an answer")
        named = dict(event.headers)
        return Answer(
            status=event.status_code, retry_after=named.get(b"retry-after", b"").decode("latin-1", "replace")
        )

    async def read_rest(self) -> None:
        """Take the body in, so that a receiver that writes one does not see its connection reset.

        Raises
        ------
        BadAnswerError
            If the body is too long or breaks off.
        OSError
            If the connection breaks.
        """
        while not isinstance(event := await self._next_event(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise BadAnswerError("broke its answer off")

    async def _next_event(self) -> h11.Event:
        try:
            event = self._http.next_event()
            while event is h11.NEED_DATA:
                data = await self._reader.read(_CHUNK)
                self._left -= len(data)
                if self._left < 0:
                    raise BadAnswerError("sent too long an answer")
                self._http.receive_data(data)
                event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise BadAnswerError("sent something that is not HTTP/1.1, or broke its answer off") from error
        if not isinstance(event, h11.Event):
            raise BadAnswerError("switched to another protocol")
        return event
