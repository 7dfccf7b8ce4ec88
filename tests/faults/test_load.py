"""The load scripts work, and the service answers all that they ask: how quickly, only `make load` asks."""

from __future__ import annotations

import asyncio
import itertools
import sys
from contextlib import suppress

import pytest

from tests.faults import load
from tests.faults.figures import asked
from tests.faults.open_loop import BROKEN, as_fast_as_possible, at_rate, get

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a server and its children, as on Linux")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("what", load.RUNS)
def test_the_service_answers_all_that_is_asked(what):
    figures = load.run(what, asked(load.OPTIONS, ["--short"]))
    assert figures.misses == [], figures.line()


def told_by(answers, ask):
    """What the generator says of a server that answers so; ``None``: it breaks the connection off."""

    async def server(reader, writer):
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                answer = await answers()
                if answer is None:
                    break
                writer.write(answer)
        writer.close()

    async def run():
        async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:
            told = await ask(listening.sockets[0].getsockname()[1])
            await asyncio.sleep(0.05)  # until all connections are seen to be closed
        return told

    return asyncio.run(run())


def test_latency_counts_from_when_a_request_was_due():
    """A server that stalls once delays all that were due meanwhile, though each is quick once it is asked."""
    asked_so_far = itertools.count()

    async def answers():
        if next(asked_so_far) == 10:
            await asyncio.sleep(0.5)
        return OK

    told = told_by(answers, lambda port: at_rate(port, itertools.repeat(get("/", port)), 100, 0.4, 1))
    assert told.errors == 0
    assert len(told.latencies) == 40
    assert sum(seconds > 0.2 for seconds in told.latencies) > 20


def test_broken_connections_and_refusals_are_errors():
    told_next = itertools.cycle([OK, OK.replace(b"200 OK", b"503 Busy"), None])

    async def answers():
        return next(told_next)

    told = told_by(answers, lambda port: as_fast_as_possible(port, itertools.repeat(get("/", port)), 0.3, 2))
    assert set(told.statuses) == {200, 503, BROKEN}
    assert told.errors == told.statuses[503] + told.statuses[BROKEN]
