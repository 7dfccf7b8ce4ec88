"""The guard at the counter: a URL is checked before it is stored, and nobody waits long for its name."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookUpTimeoutError

from service.problems import Problem
from service.webhooks.guard import CheckedReceiver, Guard, refused_address

PATIENCE_S = 5.0
_MOST_LOOK_UPS = 8
_MOST_OF_A_TENANT = 2


class Registration:
    """Checks URLs for requests, which wait :data:`PATIENCE_S` at most.

    Look-ups have threads of their own, a few, and a tenant has fewer still. Whoever finds them taken is sent
    away at once: names that are never answered hold neither the threads of requests nor those of others.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pool = ThreadPoolExecutor(_MOST_LOOK_UPS, thread_name_prefix="webhook-registration")
        self._looking: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def num_looking(self) -> int:
        """Look-ups under way, those that nobody waits for any more among them."""
        return self._looking.total()

    def check(self, tenant_id: str, url: str) -> CheckedReceiver:
        """Addresses that a message to ``url`` may go to; raises as :meth:`Guard.check`.

        Raises
        ------
        Problem
            503 while too many names are looked up, of the tenant or of all.
        """
        with self._lock:
            if self.num_looking >= _MOST_LOOK_UPS or self._looking[tenant_id] >= _MOST_OF_A_TENANT:
                raise Problem("unavailable", "too many names of receivers are being looked up")
            self._looking[tenant_id] += 1
        running = self._pool.submit(self._guard.check, url)
        running.add_done_callback(lambda _: self._end(tenant_id))
        try:
            return running.result(timeout=PATIENCE_S)
        except LookUpTimeoutError:
            running.cancel()
            raise refused_address() from None

    def _end(self, tenant_id: str) -> None:
        with self._lock:
            self._looking[tenant_id] -= 1
            if not self._looking[tenant_id]:
                del self._looking[tenant_id]

    def close(self) -> None:
        """Check no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
