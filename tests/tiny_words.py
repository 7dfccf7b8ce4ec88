"""How tiny worlds write numbers, days and times; see :mod:`tests.tiny`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

MONDAY = date(2025, 3, 3)
START_MIN = int(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) // 60
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Keys = dict[str, str]


def hours(text: str) -> int:
    """Minutes of so many hours."""
    return int(Fraction(text) * 60)


def moment(text: str) -> int:
    """Minutes since 1970 of hours since Monday 3 March 2025, 00:00 UTC."""
    return START_MIN + hours(text)


def day(text: str) -> date:
    """Day of a word: a weekday of the first week, or so many days after its Monday (``9`` = 12 March)."""
    return MONDAY + timedelta(days=WEEKDAYS.index(text) if text in WEEKDAYS else int(text))


def weekdays(text: str) -> tuple[int, ...]:
    """ISO numbers of ``Mon,Thu``."""
    return tuple(WEEKDAYS.index(name) + 1 for name in names(text))


def names(text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(name for name in text.split(",") if name)


def find_int(keys: Keys, key: str) -> int | None:
    """Whole number under a key, if there is one."""
    return int(keys.pop(key)) if key in keys else None


def find_hours(keys: Keys, key: str) -> int | None:
    """Minutes of the hours under a key, if there is one."""
    return hours(keys.pop(key)) if key in keys else None


def find_day(keys: Keys, key: str) -> date | None:
    """Day under a key, if there is one."""
    return day(keys.pop(key)) if key in keys else None


def find_exact(keys: Keys, key: str) -> Fraction | None:
    """Exact number under a key, if there is one."""
    return Fraction(keys.pop(key)) if key in keys else None
