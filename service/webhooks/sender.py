"""Sends one signed message to one receiver: to the checked address, within the deadline, once.

No client library stands in between: those look the name up again, follow redirects, obey proxies of the
environment, or have no deadline for the whole of an exchange.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from service.webhooks.exchange import BadAnswerError, Exchange
from service.webhooks.guard import CheckedReceiver, Guard
from service.webhooks.outcome import Outcome, error_of_status
from service.webhooks.schedule import retry_after_s
from service.webhooks.urls import Address, ReceiverRefusedError

_MOST_LOOK_UPS = 64
"""At a time. Each holds a thread, and a name server that never answers holds it for half a minute."""

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

log = logging.getLogger("landbridge.webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimits:
    """What a receiver may take of the sender.

    Parameters
    ----------
    deadline_s
        Seconds for all of it: look-up, connection, TLS, message and answer.
    most_answer_bytes
        Of head and body of the answer.
    linger_s
        Seconds for the body of an answer whose head has come, within the deadline.
    """

    deadline_s: float = 15.0
    most_answer_bytes: int = 65_536
    linger_s: float = 1.0


class Sender:
    """Sends messages; belongs to the event loop that it is used in.

    Parameters
    ----------
    guard
        Checks every URL again, at every try.
    trust
        Whom TLS trusts; the system's certificates if none is given.
    """

    def __init__(
        self, guard: Guard, limits: SendLimits | None = None, *, trust: ssl.SSLContext | None = None
    ) -> None:
        self._guard = guard
        self._limits = SendLimits() if limits is None else limits
        self._trust = ssl.create_default_context() if trust is None else trust
        self._pool = ThreadPoolExecutor(_MOST_LOOK_UPS, thread_name_prefix="webhook-look-up")
        self._running: dict[str, asyncio.Future[CheckedReceiver]] = {}

    def close(self) -> None:
        """Take no more messages; look-ups that run end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def send(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Outcome:
        """Send one message. Whatever the receiver does is an outcome, not an exception."""
        began = time.monotonic()
        answer, error = None, ""
        try:
            async with asyncio.timeout(self._limits.deadline_s):
                checked = await self._check(url)
                async with self._connected(checked) as (reader, writer):
                    exchange = Exchange(reader, writer, most_bytes=self._limits.most_answer_bytes)
                    answer = await exchange.post(checked.receiver, headers, body)
                    await self._linger(exchange)
        except TimeoutError:
            error = f"gave no answer within {self._limits.deadline_s:g} seconds"
        except ReceiverRefusedError as refused:
            error = refused.reason
        except BadAnswerError as bad:
            error = str(bad)
        except ssl.SSLError as failed:
            error = _name_tls(failed)
        except OSError as failed:
            error = _name_connection(failed)
        seconds = time.monotonic() - began
        # A deadline that passes while the body of an answer comes in changes nothing: the head has decided.
        if answer is None:
            return Outcome(status=None, error=error, seconds=seconds)
        return Outcome(
            status=answer.status,
            error=error_of_status(answer.status),
            seconds=seconds,
            asked_s=retry_after_s(answer.retry_after, datetime.now(UTC)),
        )

    async def _check(self, url: str) -> CheckedReceiver:
        """Guard's answer. Tries at one time share a look-up, so that a slow name holds one thread only."""
        running = self._running.get(url)
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(self._pool, self._guard.check, url)
            self._running[url] = running
            running.add_done_callback(lambda done: self._forget(url, done))
        return await asyncio.shield(running)

    def _forget(self, url: str, done: asyncio.Future[CheckedReceiver]) -> None:
        del self._running[url]
        if not done.cancelled():
            done.exception()  # those who wait get it; where none does any more, nobody is to be told

    @asynccontextmanager
    async def _connected(self, checked: CheckedReceiver) -> AsyncIterator[_Streams]:
        reader, writer = await self._connect(checked)
        try:
            yield reader, writer
        finally:
            # Not closed in good order: a receiver that doesn't take part in that would hold us.
            writer.transport.abort()

    async def _linger(self, exchange: Exchange) -> None:
        """The head has decided; how the body ends changes nothing any more."""
        try:
            async with asyncio.timeout(self._limits.linger_s):
                await exchange.read_rest()
        except (TimeoutError, BadAnswerError, OSError) as cut:
            log.debug("the rest of a webhook's answer was cut: %r", cut)

    async def _connect(self, checked: CheckedReceiver) -> _Streams:
        """First address that takes the connection; each but the last has its share of the deadline."""
        share = self._limits.deadline_s / (len(checked.addresses) + 1)
        last = len(checked.addresses) - 1
        for number, address in enumerate(checked.addresses):
            try:
                async with asyncio.timeout(None if number == last else share):
                    return await self._open(checked, address)
            except OSError:  # among them TimeoutError, also of this share
                if number == last:
                    raise
        raise AssertionError("a checked receiver has an address")

    async def _open(self, checked: CheckedReceiver, address: Address) -> _Streams:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        connected = socket.socket(family, socket.SOCK_STREAM)
        try:
            connected.settimeout(0)
            # An address in digits: the event loop looks nothing up.
            await asyncio.get_running_loop().sock_connect(connected, (str(address), checked.receiver.port))
            if checked.receiver.scheme == "http":
                return await asyncio.open_connection(sock=connected)
            return await asyncio.open_connection(
                sock=connected, ssl=self._trust, server_hostname=checked.receiver.host
            )
        except BaseException:
            connected.close()
            raise


def _name_tls(failed: ssl.SSLError) -> str:
    if isinstance(failed, ssl.SSLCertVerificationError):
        return f"has a certificate that is not accepted: {failed.verify_message}"
    return "could not agree on TLS"


def _name_connection(failed: OSError) -> str:
    if isinstance(failed, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(failed, ConnectionError):
        return "broke the connection"
    return "could not be reached"
