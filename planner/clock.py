"""Minutes since 1970-01-01T00:00Z, and what a local clock shows then.

Aware datetimes exist at the edges only; inside, time is a whole number of minutes in UTC.
A local time that does not exist (clocks go forward) is read with the offset before the change, one
that exists twice is read as the first: the behaviour of :mod:`zoneinfo` with ``fold=0``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.units import MINUTES_PER_DAY

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1)


def to_minutes(moment: datetime) -> int:
    """Whole minutes since the epoch of an aware datetime; seconds must be zero."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    minutes, rest = divmod(moment - EPOCH, timedelta(minutes=1))
    if rest:
        raise ValueError(f"{moment} is not a whole minute")
    return minutes


def from_minutes(minutes: int, time_zone: str = "UTC") -> datetime:
    """Aware datetime of ``minutes`` since the epoch, on the clock of ``time_zone``."""
    return (EPOCH + timedelta(minutes=minutes)).astimezone(ZoneInfo(time_zone))


@lru_cache(maxsize=65_536)
def local_minutes(day: date, at: time, time_zone: str) -> int:
    """Minutes since the epoch when the clock of ``time_zone`` shows ``at`` on ``day``."""
    return to_minutes(datetime.combine(day, at, tzinfo=ZoneInfo(time_zone)).astimezone(UTC))


@lru_cache(maxsize=262_144)
def local_date(minutes: int, time_zone: str) -> date:
    """Calendar day on the clock of ``time_zone``."""
    return from_minutes(minutes, time_zone).date()


def day_number(minutes: int, time_zone: str) -> int:
    """Days from 1970-01-01 to the local calendar day: D(t) of the storage rule."""
    return (local_date(minutes, time_zone) - EPOCH_DAY).days


def days(minutes: int) -> float:
    """Days as a decimal number, for showing only."""
    return minutes / MINUTES_PER_DAY
