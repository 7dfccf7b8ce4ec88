"""When services and trucks leave, asked of one day or one minute at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.clock import local_date, local_minutes

if TYPE_CHECKING:
    from planner.model.ids import ServiceId
    from planner.model.problem import Network
    from planner.model.services import Calendar
    from planner.model.tariffs import Road

CLOCK_YEARS = range(1970, 9_000)
"""Years in which local times can be reckoned with room to spare on both sides."""


class Departures:
    """Scheduled departures of a network; each day asked for is looked up once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[ServiceId, date], int | None] = {}

    def find_min(self, service_id: ServiceId, day: date) -> int | None:
        """When the departure of a scheduled local day leaves the first call; ``None`` if there is none.

        Two calendars that name the same time mean one departure; two different times on one day
        can't be told apart by their day, so neither counts.
        """
        key = (service_id, day)
        if key not in self._known:
            self._known[key] = self._look_up(service_id, day)
        return self._known[key]

    def _look_up(self, service_id: ServiceId, day: date) -> int | None:
        service = self._network.services[service_id]
        if day.year not in CLOCK_YEARS or not _is_within(day, service.first_date, service.last_date):
            return None
        times = {calendar.local_time for calendar in service.calendars if _names(calendar, day)}
        if len(times) != 1:
            return None
        return local_minutes(day, times.pop(), self._network.places[service.calls[0].place].time_zone)


def is_dispatched(road: Road, minute: int, time_zone: str) -> bool:
    """Whether a truck leaves at ``minute``: the grid starts anew with each local day's first dispatch."""
    today = local_date(minute, time_zone)
    # Before today's first dispatch it is still the grid of yesterday that runs.
    for day in (today, today - timedelta(days=1)):
        first = local_minutes(day, road.first_local_time, time_zone)
        next_first = local_minutes(day + timedelta(days=1), road.first_local_time, time_zone)
        if first <= minute < next_first:
            return (minute - first) % road.departs_every_min == 0
    return False


def _names(calendar: Calendar, day: date) -> bool:
    """Whether a calendar names a day; without an anchor only "each week" has a meaning."""
    if day.isoweekday() not in calendar.weekdays:
        return False
    if not _is_within(day, calendar.first_date, calendar.last_date):
        return False
    if calendar.every_weeks == 1:
        return True
    if calendar.anchor_date is None:
        return False
    weeks = (_monday(day) - _monday(calendar.anchor_date)).days // 7
    return weeks % calendar.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
