"""The gate: which caller a request is of, and how often it may call.

A key is looked up by its id and compared in constant time; what was found is trusted for half a second, so a
revoked key is refused within one. Wrong keys are counted by address.
"""

from __future__ import annotations

import hmac
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from service.callers import LOCAL_CALLER, Caller
from service.http.rates import Rates
from service.keys import repository
from service.keys.token import Token, hash_secret, read_token
from service.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from service.settings import Settings
    from service.store.database import Database

TRUST_S = 0.5
SESSION_COOKIE = "landbridge_session"
SESSION_MS = 12 * 3_600_000
MOST_GOOD = 10_000
"""Keys and sessions that are remembered to have been right."""
_DUMMY = "0" * 64
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="landbridge"'}


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    secret_hmac: str
    expires_ms: int
    until: float


@dataclass(slots=True)
class Gate:
    """Knows callers, and counts their calls."""

    settings: Settings
    database: Database
    server_key: bytes
    rates: Rates = field(init=False)
    _asks_for_keys: bool = field(init=False)
    _limits_rates: bool = field(init=False)
    _known: dict[str, _Known] = field(default_factory=dict)
    _good: dict[str, None] = field(default_factory=dict)
    _used: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.rates = Rates(self.settings.limits)
        self._asks_for_keys = self.settings.asks_for_keys
        self._limits_rates = self.settings.limits_rates

    async def identify(self, request: Request) -> Caller:
        """The caller of a request.

        Raises
        ------
        Problem
            401, always in the same words; 429 after too many wrong keys from one address.
        """
        shown = request.headers.get("authorization")
        if shown is None and not self._asks_for_keys:
            return LOCAL_CALLER
        address = request.client.host if request.client else ""
        scheme, _, text = (shown or "").partition(" ")
        session = request.cookies.get(SESSION_COOKIE)
        found = name = None
        if shown is None and session is not None:
            found = await self.accept_session(request, session)
        elif scheme.lower() == "bearer":
            token = read_token(text.strip())
            if token is not None and self._may_try(token.key_id, address):
                name = token.key_id
                found = await self._find_key(token)
        if found is None:
            if shown is not None:
                self.rates.count_wrong_key(address)
            raise Problem("unauthorized", headers=dict(_CHALLENGE))
        self._remember(name)
        return found

    async def accept_session(self, request: Request, session: str) -> Caller | None:
        """Whose session somebody holds; ``None`` if it has ended, or never was one.

        Raises
        ------
        Problem
            429 after too many wrong sessions and keys from one address.
        """
        address = request.client.host if request.client else ""
        name = hash_secret(self.server_key, session)
        found = None
        if self._may_try(name, address):
            found = await run_in_threadpool(self.find_session, session)
        if found is None:
            self.rates.count_wrong_key(address)
            return None
        self._remember(name)
        return found

    async def accept_key(self, request: Request, text: str) -> Caller:
        """The caller whose key somebody has typed into a form.

        Raises
        ------
        Problem
            401, always in the same words; 429 after too many wrong keys from one address.
        """
        address = request.client.host if request.client else ""
        token = read_token(text.strip())
        found = None
        if token is not None and self._may_try(token.key_id, address):
            found = await self._find_key(token)
        if found is None:
            self.rates.count_wrong_key(address)
            raise Problem("unauthorized")
        self._remember(found.key_id)
        return found

    def _may_try(self, name: str, address: str) -> bool:
        """Whether a key or session is worth a look-up: wrong ones of a neighbour don't lock out good ones."""
        return name in self._good or not self.rates.is_blocked(address)

    def _remember(self, name: str | None) -> None:
        if name is not None and name not in self._good:
            if len(self._good) >= MOST_GOOD:
                self._good.clear()
            self._good[name] = None

    def count_call(self, request: Request, caller: Caller) -> None:
        """Count a call against the rates of its key.

        Raises
        ------
        Problem
            429 with Retry-After.
        """
        if self._limits_rates:
            self.rates.check_call(caller.key_id, request.method, request.url.path)

    def find_session(self, session: str) -> Caller | None:
        """Caller of a session of the page."""
        sealed = hash_secret(self.server_key, session)
        with self.database.read() as connection:
            row = repository.find_session(connection, sealed)
        if row is None or row.expires_ms <= time.time_ns() // 1_000_000:
            return None
        return Caller(row.tenant_id, row.key_id or LOCAL_CALLER.key_id, frozenset(row.scopes.split()))

    def uses(self) -> dict[tuple[str, str], int]:
        """When keys were last used since this was last asked: (tenant, key) -> milliseconds."""
        with self._lock:
            used, self._used = self._used, {}
        return used

    async def _find_key(self, token: Token) -> Caller | None:
        known = self._known.get(token.key_id)
        if known is None or known.until < time.monotonic():
            known = await run_in_threadpool(self._look_up, token.key_id)
        expected = known.secret_hmac if known is not None else _DUMMY
        is_right = hmac.compare_digest(expected, hash_secret(self.server_key, token.secret))
        now_ms = time.time_ns() // 1_000_000
        if known is None or not is_right or known.expires_ms <= now_ms:
            return None
        with self._lock:
            self._used[known.caller.tenant_id, known.caller.key_id] = now_ms
        return known.caller

    def _look_up(self, key_id: str) -> _Known | None:
        with self.database.read() as connection:
            row: Any = repository.find_by_id(connection, key_id)
        if row is None or row.revoked_ms is not None:
            self._known.pop(key_id, None)
            return None
        caller = Caller(row.tenant_id, row.key_id, frozenset(row.scopes.split()))
        known = _Known(caller, row.secret_hmac, row.expires_ms, time.monotonic() + TRUST_S)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[key_id] = known
        return known
