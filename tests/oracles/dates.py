"""Local days and times, calendars and windows of closures, for the oracles."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model import Calendar, Closure, Network, Service

DAY_MIN = 1_440


@cache
def minute_of(day: date, at: time, zone: str) -> int:
    """Minutes since the epoch when the clock of ``zone`` shows ``at`` on ``day``."""
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return int(moment.timestamp()) // 60


@cache
def day_of(minute: int, zone: str) -> date:
    """Local calendar day of a minute."""
    return datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(ZoneInfo(zone)).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def zone_of(network: Network, place: str) -> str:
    """Clock of a place."""
    return network.places[place].time_zone


def start_zone(network: Network, service: Service) -> str:
    """Clock on which a service and its closures keep their days."""
    return zone_of(network, service.calls[0].place)


def window(closure: Closure, zone: str) -> tuple[int, int]:
    """First minute inside a closure and first minute after it."""
    return minute_of(closure.first, time(0), zone), minute_of(closure.last, time(0), zone)


def closures_on(network: Network, what: str, effect: str, *exempt: str) -> list[Closure]:
    """Closures of a place or service with one effect, without those that spare any of ``exempt``."""
    return [
        closure
        for closure in network.closures
        if closure.what == what and closure.effect == effect and not set(exempt) & set(closure.spares)
    ]


def meets(closure: Closure, zone: str, first: int, last: int) -> bool:
    """True if a stay from ``first`` to ``last``, both included, has a minute inside the closure."""
    begin, end = window(closure, zone)
    return first < end and last >= begin


def runs_on(service: Service, calendar: Calendar, day: date) -> bool:
    """True if the calendar lets the service leave on this local day."""
    if day.isoweekday() not in calendar.weekdays:
        return False
    for limit in (service.first_date, calendar.first_date):
        if limit is not None and day < limit:
            return False
    for limit in (service.last_date, calendar.last_date):
        if limit is not None and day > limit:
            return False
    if calendar.every_weeks == 1 or calendar.anchor_date is None:
        return True
    anchor = calendar.anchor_date
    monday, anchor_monday = day - timedelta(days=day.weekday()), anchor - timedelta(days=anchor.weekday())
    return (monday - anchor_monday).days // 7 % calendar.every_weeks == 0
