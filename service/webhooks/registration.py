"""The guard at the counter: a URL is checked before it is stored, and nobody waits long for its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookUpTimeoutError

from service.webhooks.guard import CheckedReceiver, Guard, refused_address

PATIENCE_S = 5.0
_MOST_LOOK_UPS = 8


class Registration:
    """Checks URLs for requests, which wait :data:`PATIENCE_S` at most.

    Look-ups have threads of their own, a few: names that are never answered take none away from requests.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pool = ThreadPoolExecutor(_MOST_LOOK_UPS, thread_name_prefix="webhook-registration")

    def check(self, url: str) -> CheckedReceiver:
        """Addresses that a message to ``url`` may go to; raises as :meth:`Guard.check`."""
        running = self._pool.submit(self._guard.check, url)
        try:
            return running.result(timeout=PATIENCE_S)
        except LookUpTimeoutError:
            running.cancel()
            raise refused_address() from None

    def close(self) -> None:
        """Check no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
