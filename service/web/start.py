"""Start tokens: on a laptop the page opens for who sees the console, not for every user of the machine."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

PATH = "/start"
TOKEN_BYTES = 32


@dataclass(slots=True)
class StartDesk:
    """Knows the one token that is good now; once it is used, the next one is told.

    Parameters
    ----------
    tell
        Told the path with the next token.
    """

    tell: Callable[[str], None] = lambda _path: None
    _token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def path(self) -> str:
        """Path with the token that is good now."""
        return f"{PATH}?token={self._token}"

    def take(self, token: str) -> bool:
        """Use a token up; whether it was the one."""
        with self._lock:
            if not hmac.compare_digest(token.encode(), self._token.encode()):
                return False
            self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self.tell(self.path)
        return True
