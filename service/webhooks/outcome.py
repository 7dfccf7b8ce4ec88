"""What came of one try to deliver a message."""

from __future__ import annotations

from dataclasses import dataclass

GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One try, as it is recorded and shown to the tenant.

    Parameters
    ----------
    status
        Status of the answer; ``None`` if none came.
    error
        Why the try failed, a sentence without a full stop; empty if it did not. Holds nothing that the
        receiver wrote, so that no delivery log can be made to show another server's words.
    seconds
        How long the try took.
    asked_s
        Seconds until the next try that the receiver asked for, if it did.
    """

    status: int | None
    error: str
    seconds: float
    asked_s: float | None = None

    @property
    def is_delivered(self) -> bool:
        """The receiver has taken the message."""
        return not self.error

    @property
    def is_gone(self) -> bool:
        """The receiver wants no more messages, ever."""
        return self.status == GONE


def error_of_status(status: int) -> str:
    """Why ``status`` is no delivery; empty if it is one."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"answered {status}: redirects are not followed"
    if status == GONE:
        return "answered 410: the receiver is gone"
    return f"answered {status}"
