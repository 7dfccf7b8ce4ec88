"""Sends what is due: a thread with an event loop of its own, one in every process of the service.

Tries run side by side; the database is turned to by one transaction at a time, which records what has ended
and claims what is due. What a process held when it was killed is due again once its lease has run out.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from dataclasses import dataclass
from importlib import metadata

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from service.store.database import Database, DatabaseBusyError, words_of
from service.webhooks import claims
from service.webhooks.claims import Claim
from service.webhooks.guard import Guard
from service.webhooks.outcome import Outcome
from service.webhooks.schedule import wait_s
from service.webhooks.sender import Sender, SendLimits
from service.webhooks.signing import numbers_in_force, secret_of, signed_headers

MOST_AT_ONCE = 256
"""Tries under way in one process: each holds a connection."""
POLL_S = 0.25
"""How soon an event is seen that nobody told of."""
DATABASE_PAUSE_S = 1.0
"""How long to wait for a database that is away."""
CRASH_PAUSE_S = 5.0
LEASE_FACTOR = 2
"""A lease is this many deadlines long: whoever is alive records long before it runs out."""
GRACE_S = 5.0
"""For tries that are under way when the service stops."""
log = logging.getLogger("landbridge.webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is sent, and how soon again.

    Parameters
    ----------
    parallel
        Tries of one endpoint at once, over all processes.
    wait_scale
        Factor of all waits between tries.
    """

    limits: SendLimits
    parallel: int = 4
    wait_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class _Ended:
    """A try that is over; without an outcome, one that was given up."""

    claim: Claim
    outcome: Outcome | None


class Dispatcher:
    """Sends deliveries until it is stopped.

    Parameters
    ----------
    server_key
        From which the secrets of endpoints come.
    guard
        Which receivers may be sent to.
    """

    def __init__(self, database: Database, server_key: bytes, guard: Guard, pace: Pace) -> None:
        self._database = database
        self._server_key = server_key
        self._guard = guard
        self._pace = pace
        self._user_agent = f"landbridge/{metadata.version('landbridge')}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_going, name="webhooks", daemon=True)
        self._running: dict[asyncio.Task[Outcome], Claim] = {}
        self._ended: list[_Ended] = []

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Claim nothing more, end what is under way or give it back."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop, and wait for that."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(GRACE_S + self._pace.limits.deadline_s)

    def _keep_going(self) -> None:
        while not self._stopping.is_set():
            try:
                asyncio.run(self._send_until_stopped())
            except Exception:
                # A fault of ours: told with all its lines, and begun again. Claims come back by their leases.
                log.exception("the dispatcher of webhooks crashed and begins again")
                self._running.clear()
                self._ended.clear()
                self._stopping.wait(CRASH_PAUSE_S)

    async def _send_until_stopped(self) -> None:
        sender = Sender(self._guard, self._pace.limits)
        try:
            while not self._stopping.is_set():
                pause_s = await self._turn(sender)
                if self._running:
                    await asyncio.wait(self._running, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.sleep(pause_s)
            await self._wind_up()
        finally:
            sender.close()

    async def _turn(self, sender: Sender) -> float:
        """Record what has ended, begin what is due; seconds until it is worth looking again."""
        self._collect()
        try:
            claimed = await asyncio.to_thread(self._exchange, MOST_AT_ONCE - len(self._running))
        except (DBAPIError, DatabaseBusyError) as error:
            # What has ended is kept and recorded later; if that is too late, it is sent once more.
            log.warning("webhooks wait for the database: %s", words_of(error))
            return DATABASE_PAUSE_S
        for claim in claimed:
            self._running[asyncio.create_task(self._try(sender, claim))] = claim
        return POLL_S

    async def _wind_up(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_S)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._collect()
        try:
            await asyncio.to_thread(self._exchange, 0)
        except (DBAPIError, DatabaseBusyError) as error:
            log.warning("webhooks under way were not given back, their leases run out: %s", words_of(error))

    def _collect(self) -> None:
        """Move tries that are over to what has ended."""
        for task in [task for task in self._running if task.done()]:
            claim = self._running.pop(task)
            if task.cancelled():
                self._ended.append(_Ended(claim, None))
            elif (fault := task.exception()) is not None:
                log.error("a webhook could not be sent", exc_info=fault, extra=_names(claim))
                failed = Outcome(status=None, error="could not be sent: a fault of the service", seconds=0.0)
                self._ended.append(_Ended(claim, failed))
            else:
                self._ended.append(_Ended(claim, task.result()))

    def _exchange(self, most: int) -> list[Claim]:
        """One transaction: what has ended is recorded, what is due is claimed. Blocks."""
        parallel = self._pace.parallel
        if not self._ended:
            with self._database.read() as connection:
                now_ms = self._database.now_ms(connection)
                if most < 1 or not claims.is_any_due(connection, now_ms, parallel=parallel):
                    return []
        lease_ms = round(self._pace.limits.deadline_s * LEASE_FACTOR * 1000)
        with self._database.write() as connection:
            now_ms = self._database.now_ms(connection)
            claims.hold_endpoints(connection, (ended.claim for ended in self._ended))
            late = [ended.claim for ended in self._ended if not self._record(connection, ended, now_ms)]
            claimed = claims.claim(connection, now_ms, lease_ms=lease_ms, parallel=parallel, most=most)
        self._ended.clear()
        for claim in late:
            log.warning("webhook outcome came late and was not recorded", extra=_names(claim))
        return claimed

    def _record(self, connection: Connection, ended: _Ended, now_ms: int) -> bool:
        claim, outcome = ended.claim, ended.outcome
        if outcome is None:
            return claims.release(connection, claim, now_ms)
        wait = wait_s(claim.attempts + 1, random.random, asked_s=outcome.asked_s, scale=self._pace.wait_scale)
        held = claims.record(connection, claim, outcome, now_ms, wait_s=wait)
        if held and outcome.is_gone and claims.close_endpoint(connection, claim):
            log.warning("webhook endpoint is gone: its receiver answered 410", extra=_names(claim))
        return held

    async def _try(self, sender: Sender, claim: Claim) -> Outcome:
        body = claim.body.encode()
        numbers = numbers_in_force(claim.secret_number, claim.rotated_ms, claim.claimed_ms)
        secrets = tuple(secret_of(self._server_key, claim.endpoint_id, number) for number in numbers)
        headers = (
            ("content-type", "application/json"),
            ("user-agent", self._user_agent),
            *signed_headers(secrets, claim.event_id, claim.claimed_ms // 1000, body),
        )
        outcome = await sender.send(claim.url, headers, body)
        log.info(
            "webhook tried",
            extra={
                **_names(claim),
                "attempt": claim.attempts + 1,
                "status": outcome.status,
                "error": outcome.error,
                "seconds": round(outcome.seconds, 3),
            },
        )
        return outcome


def _names(claim: Claim) -> dict[str, str]:
    """Ids of a claim, for the log; never its URL, which may hold a token."""
    return {
        "tenant_id": claim.tenant_id,
        "endpoint_id": claim.endpoint_id,
        "event_id": claim.event_id,
        "delivery_id": claim.delivery_id,
    }
