"""When services and trucks leave, asked of one day or one minute at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from planner.checking.closures import Closures
from planner.clock import local_date, local_minutes, to_minutes
from planner.model.services import ADDED, CANCELLED

if TYPE_CHECKING:
    from planner.model.ids import PlaceId, ServiceId
    from planner.model.problem import Network
    from planner.model.services import Calendar, DepartureException, Service
    from planner.model.tariffs import Road

CLOCK_YEARS = range(1970, 9_000)
"""Years in which local times can be reckoned with room to spare on both sides."""
CLOCK_MINUTES = range(
    to_minutes(datetime(CLOCK_YEARS.start, 1, 1, tzinfo=UTC)),
    to_minutes(datetime(CLOCK_YEARS.stop, 1, 1, tzinfo=UTC)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One dated run of a service.

    Parameters
    ----------
    start_min
        When the timetable lets it leave the first call, exceptions in it.
    late_min
        By call: minutes that slowed places and services have cost up to there.
    leg_capacity
        By leg: most units, after exceptions and closures; ``None`` = unlimited.
    """

    service: Service
    day: date
    start_min: int
    late_min: tuple[int, ...]
    leg_capacity: tuple[int | None, ...]

    def timetable_min(self, number: int) -> tuple[int, int]:
        """Arrival and departure of a call (0 = first) by the timetable, on which closures are tested."""
        call = self.service.calls[number]
        return self.start_min + call.arrive_min, self.start_min + call.depart_min

    def departs_min(self, number: int = 0) -> int:
        """When it really leaves a call."""
        return self.timetable_min(number)[1] + self.late_min[number]

    def arrives_min(self, number: int, times: str) -> int:
        """When it really arrives at a call, under the times planned with."""
        return self.start_min + self.service.calls[number].alight_min(times) + self.late_min[number]


class Departures:
    """Departures of a network; each day asked for is looked up once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.closures = Closures(network)
        self._exceptions = {(row.service_id, row.day): row for row in network.exceptions}
        self._known: dict[tuple[ServiceId, date], Departure | None] = {}

    def find(self, service_id: ServiceId, day: date) -> Departure | None:
        """The departure of a scheduled local day; ``None`` if there is none.

        Two calendars that name the same time mean one departure; two different times on one day
        can't be told apart by their day, so neither counts.
        """
        key = (service_id, day)
        if key not in self._known:
            service = self._network.services[service_id]
            self._known[key] = self._look_up(service, day, self._exceptions.get(key))
        return self._known[key]

    def list_shut(self, departure: Departure, board: int, alight: int) -> list[PlaceId]:
        """Places that are closed to a ride: where it boards, alights, or passes with its times there."""
        service = departure.service
        shut = []
        for number in range(board, alight + 1):
            arrives, departs = departure.timetable_min(number)
            start = departs if number == board else arrives
            end = arrives if number == alight else departs
            place_id = service.calls[number].place
            if self.closures.is_place_closed(place_id, start, end, service.id, service.mode):
                shut.append(place_id)
        return shut

    def _look_up(self, service: Service, day: date, exception: DepartureException | None) -> Departure | None:
        start = self._start_min(service, day, exception)
        if start is None or self.closures.is_service_closed(service, start):
            return None
        late = self.closures.late_start_min(service, start)
        late_min = []
        for call in service.calls:
            stretch = start + call.arrive_min, start + call.depart_min
            late += self.closures.late_min(call.place, *stretch, service.id, service.mode)
            late_min.append(late)
        capacity = None if exception is None else exception.capacity
        return Departure(
            service=service,
            day=day,
            start_min=start,
            late_min=tuple(late_min),
            leg_capacity=tuple(
                self.closures.reduce_leg(service, start, service.leg_capacity(leg, capacity))
                for leg in range(len(service.calls) - 1)
            ),
        )

    def _start_min(self, service: Service, day: date, exception: DepartureException | None) -> int | None:
        """When the timetable lets a departure leave, from the calendars and the exception of its day."""
        if day.year not in CLOCK_YEARS or (exception is not None and exception.effect == CANCELLED):
            return None
        if exception is not None and exception.effect == ADDED:
            times = {calendar.local_time for calendar in service.calendars[:1]}
        elif _is_within(day, service.first_date, service.last_date):
            times = {calendar.local_time for calendar in service.calendars if _names(calendar, day)}
        else:
            return None
        if len(times) != 1:
            return None
        scheduled = local_minutes(day, times.pop(), self._network.places[service.calls[0].place].time_zone)
        return scheduled + (0 if exception is None else exception.time_shift_min)


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
