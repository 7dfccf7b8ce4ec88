"""How often a key may call: a bucket for each kind of call that fills up steadily."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.http.limits import FILE, JOB, kind_of
from service.problems import Problem

if TYPE_CHECKING:
    from service.settings import Limits

MOST_BUCKETS = 20_000
WRONG_KEY = "wrong key"
SEARCH = "/v1/routes:search"
"""Address of questions, which change nothing although they are posted."""
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(slots=True)
class Bucket:
    """Holds up to ``size`` calls and gains ``per_s`` of them a second."""

    size: float
    per_s: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """Take one call; seconds to wait if there is none."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_s)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_s

    def is_empty(self, now: float) -> bool:
        """Whether nothing could be taken."""
        return self.level + (now - self.at) * self.per_s < 1


def neighbourhood(address: str) -> str:
    """What is counted as one client: an address; of IPv6 all that share the first 64 bits."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


@dataclass(slots=True)
class Rates:
    """Buckets by key and kind of call, and of wrong keys by address."""

    limits: Limits
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def known(self) -> set[tuple[str, str]]:
        """Who is counted, and what for."""
        return set(self._buckets)

    def check_call(self, key_id: str, method: str, path: str) -> None:
        """Count a call of a key.

        Raises
        ------
        Problem
            429 with Retry-After.
        """
        kind, a_minute = self._kind(method, path)
        self._take((key_id, kind), a_minute, min(self.limits.burst, a_minute))

    def is_blocked(self, address: str) -> bool:
        """Whether an address has shown too many wrong keys."""
        with self._lock:
            bucket = self._buckets.get((neighbourhood(address), WRONG_KEY))
            return bucket is not None and bucket.is_empty(time.monotonic())

    def count_wrong_key(self, address: str) -> None:
        """Count a wrong key of an address.

        Raises
        ------
        Problem
            429 with Retry-After, if there were too many.
        """
        a_minute = self.limits.wrong_keys_a_minute
        self._take((neighbourhood(address), WRONG_KEY), a_minute, a_minute)

    def _kind(self, method: str, path: str) -> tuple[str, int]:
        if method in _SAFE or path == SEARCH:
            return "read", self.limits.reads_a_minute
        kind = kind_of(path)
        if kind == FILE:
            return "upload", self.limits.uploads_a_minute
        return ("plan", self.limits.plans_a_minute) if kind == JOB else ("write", self.limits.writes_a_minute)

    def _take(self, name: tuple[str, str], a_minute: int, burst: int) -> None:
        with self._lock:
            wait = self._bucket(name, a_minute, burst).take(time.monotonic())
        if wait:
            raise _too_many(wait)

    def _bucket(self, name: tuple[str, str], a_minute: int, burst: int) -> Bucket:
        found = self._buckets.get(name)
        if found is None:
            if len(self._buckets) >= MOST_BUCKETS:
                self._buckets.clear()
            found = Bucket(burst, a_minute / 60, burst, time.monotonic())
            self._buckets[name] = found
        return found


def _too_many(wait: float) -> Problem:
    return Problem("too-many-requests", headers={"Retry-After": str(max(1, math.ceil(wait)))})
