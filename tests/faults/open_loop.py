"""A load generator that is not the bottleneck: raw HTTP/1.1 over keep-alive sockets, in one thread.

At a fixed rate a request is due at its time whether or not earlier ones are answered, and its latency counts
from when it was due: a server that stalls is not spared the requests of that time. As fast as possible each
connection asks again once it is answered; percentiles of that say nothing of a stall.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.figures import percentile

BROKEN = 0
"""Status of a request whose connection broke."""
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass
class Told:
    """What was answered."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def errors(self) -> int:
        """Answers other than 2xx, and broken connections."""
        return sum(number for status, number in self.statuses.items() if not 200 <= status < 300)

    def ms(self, share: float) -> float:
        """The latency that a share of the requests is not above."""
        return round(percentile(self.latencies, share) * 1000, 1)


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the status of its answer, once that is whole."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            self._answer.set_result(BROKEN)
        else:
            self._transport.write(request)
        return self._answer

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(_HEAD_END)
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        start = head.find(_LENGTH)
        length = int(head[start + len(_LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(self._received) >= end + len(_HEAD_END) + length:
            status = int(self._received[9:12])
            self._received.clear()
            self._done(status)

    def connection_lost(self, _error: Exception | None) -> None:
        self._done(BROKEN)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _done(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)


def get(path: str, port: int) -> bytes:
    """A GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()


def post(path: str, port: int, body: bytes) -> bytes:
    """A POST request of JSON."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def at_rate(port: int, requests: Iterator[bytes], rate: float, seconds: float, lines: int) -> Told:
    """Ask so often a second, for so long; a request that no connection is free for waits, and that counts."""
    told = Told()
    free = deque([await _connect(port) for _ in range(lines)])
    waiting: deque[tuple[float, bytes]] = deque()
    running: set[asyncio.Task[None]] = set()

    async def ask(line: Line) -> None:
        while waiting:
            due, request = waiting.popleft()
            status = await line.ask(request)
            told.latencies.append(time.perf_counter() - due)
            told.statuses[status] += 1
            if not line.is_open:
                line = await _connect(port)
        free.append(line)

    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        waiting.append((due, next(requests)))
        if free:
            task = asyncio.create_task(ask(free.popleft()))
            running.add(task)
            task.add_done_callback(running.discard)
    while running:
        await asyncio.wait(set(running))
    told.seconds = time.perf_counter() - begun
    for line in free:
        line.close()
    return told


async def as_fast_as_possible(port: int, requests: Iterator[bytes], seconds: float, lines: int) -> Told:
    """Ask again as soon as there is an answer, over so many connections."""
    told = Told()
    begun = time.perf_counter()
    end = begun + seconds

    async def ask() -> None:
        line = await _connect(port)
        while (now := time.perf_counter()) < end:
            status = await line.ask(next(requests))
            told.latencies.append(time.perf_counter() - now)
            told.statuses[status] += 1
            if not line.is_open:
                line = await _connect(port)
        line.close()

    await asyncio.gather(*(ask() for _ in range(lines)))
    told.seconds = time.perf_counter() - begun
    return told


async def _connect(port: int) -> Line:
    _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return line
