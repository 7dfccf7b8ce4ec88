"""When a delivery is tried again: ten tries over about 75 hours, none of them on the beat of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MINUTE, _HOUR = 60, 3_600

WAITS_S = (
    *(5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR),
    *(10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR),
)
"""Seconds before the second try, the third, ...; 75.6 hours in all, as Standard Webhooks proposes."""
NUM_TRIES = len(WAITS_S) + 1
JITTER = 0.2
"""A wait is longer or shorter by up to a fifth, so that what failed together does not return together."""
LONGEST_ASKED_S = 24 * _HOUR
"""What a receiver asks for by Retry-After beyond this is cut: it can't park a delivery for ever."""


def wait_s(
    tries: int, random: Callable[[], float], *, asked_s: float | None = None, scale: float = 1.0
) -> float | None:
    """Seconds until the next try after ``tries`` failed ones; ``None`` if that was the last.

    Parameters
    ----------
    random
        Source of numbers from 0 to 1, 1 excluded.
    asked_s
        What the receiver asked for, see :func:`retry_after_s`: never tried earlier than that, up to a day.
    scale
        Factor of every wait, for receivers that are known to return sooner, and for tests.

    Raises
    ------
    ValueError
        If nothing was tried yet.
    """
    if tries < 1:
        raise ValueError(f"{tries} tries: the first one is due at once")
    if tries >= NUM_TRIES:
        return None
    wait = WAITS_S[tries - 1] * scale * (1 + JITTER * (2 * random() - 1))
    return wait if asked_s is None else max(wait, min(asked_s, LONGEST_ASKED_S))


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, by number or date; ``None`` if it says nothing usable.

    A date gone by asks for 0 seconds. Digits are ASCII, at most nine of them.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= 9 else None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        return max(0.0, (aware - now).total_seconds())
    except OverflowError:
        return None
