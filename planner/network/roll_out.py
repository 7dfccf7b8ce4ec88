"""Services, calendars, exceptions and closures -> dated departures; roads -> dated dispatches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction

import numpy as np

from planner.clock import local_date, local_minutes
from planner.model.ids import ServiceId
from planner.model.problem import TYPICAL, Network
from planner.model.services import ADDED, CANCELLED, Calendar, DepartureException, Service
from planner.model.tariffs import Road
from planner.network.closures import WHOLE, Closures
from planner.network.local_days import Ints


@dataclass(frozen=True, slots=True)
class Departure:
    """One dated run of a service; call times are minutes since the epoch.

    Parameters
    ----------
    day
        Scheduled local day at the first call: its name.
    start_min
        Timetable departure from the first call, the shift of an exception included.
    late_min
        By call: extra hours of closures met there or before; empty = none.
    exception
        What is otherwise on this day.
    room_factor
        What closures leave of the room.
    """

    service: Service
    day: date
    start_min: int
    late_min: tuple[int, ...] = ()
    exception: DepartureException | None = None
    room_factor: Fraction = WHOLE

    def _late(self, call: int) -> int:
        return self.late_min[call] if self.late_min else 0

    def departs_min(self, call: int) -> int:
        """Departure from a call, extra hours included."""
        return self.start_min + self.service.calls[call].depart_min + self._late(call)

    def gate_min(self, call: int) -> int:
        """Latest gate-in at a call: departure - cut-off."""
        return self.departs_min(call) - self.service.calls[call].cutoff_min

    def free_min(self, call: int, times: str = TYPICAL) -> int:
        """When cargo is free to move on: arrival + release."""
        stop = self.service.calls[call]
        return self.start_min + stop.alight_min(times) + self._late(call) + stop.release_min

    def leg_capacity(self, leg: int) -> int | None:
        """Most units on the leg after a call; ``None`` = unlimited."""
        own = None if self.exception is None else self.exception.capacity
        capacity = self.service.leg_capacity(leg, own)
        if capacity is None or self.room_factor == 1:
            return capacity
        return int(capacity * self.room_factor)

    @property
    def price_factor(self) -> Fraction:
        """What freight is multiplied with."""
        return WHOLE if self.exception is None else self.exception.price_factor


def runs_on(service: Service, calendar: Calendar, day: date) -> bool:
    """Whether a calendar lets a service leave its first call on a local day."""
    if day.isoweekday() not in calendar.weekdays:
        return False
    for first, last in (
        (service.first_date, service.last_date),
        (calendar.first_date, calendar.last_date),
    ):
        if (first is not None and day < first) or (last is not None and day > last):
            return False
    if calendar.every_weeks == 1 or calendar.anchor_date is None:
        return True
    monday = day - timedelta(days=day.weekday())
    anchor = calendar.anchor_date - timedelta(days=calendar.anchor_date.weekday())
    return (monday - anchor).days // 7 % calendar.every_weeks == 0


class RollOut:
    """Dated departures and dispatches of a network, asked for by time."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.closures = Closures(network)
        self._exceptions: dict[ServiceId, dict[date, DepartureException]] = {}
        for row in network.exceptions:
            self._exceptions.setdefault(row.service_id, {})[row.day] = row
        self._most_extra: dict[ServiceId, int] = {}
        self._found: dict[tuple[ServiceId, date], Departure | None] = {}
        self._grids: dict[tuple[str, time, int], tuple[int, int, Ints]] = {}

    def _most_extra_min(self, service: Service) -> int:
        """Most that extra hours put off any departure of a service."""
        if service.id not in self._most_extra:
            self._most_extra[service.id] = self.closures.most_extra_min(service)
        return self._most_extra[service.id]

    def list_departures(self, service: Service, first_min: int, last_min: int) -> Iterator[Departure]:
        """Departures that load somewhere at or after ``first_min`` and start at or before ``last_min``."""
        zone = self._network.places[service.calls[0].place].time_zone
        exceptions = self._exceptions.get(service.id, {})
        shifts = [0, *(row.time_shift_min for row in exceptions.values())]
        latest_min = max(call.depart_min for call in service.calls) + max(shifts)
        latest_min += self._most_extra_min(service)
        day = local_date(first_min - latest_min, zone) - timedelta(days=1)
        last_day = local_date(last_min - min(shifts), zone)
        loading = [number for number, call in enumerate(service.calls) if call.load]
        weekdays = frozenset[int]().union(*(calendar.weekdays for calendar in service.calendars))
        while day <= last_day:
            runs = day.isoweekday() in weekdays or day in exceptions
            departure = self.find_departure(service, day) if runs else None
            if (
                departure is not None
                and departure.start_min <= last_min
                and any(departure.gate_min(call) >= first_min for call in loading)
            ):
                yield departure
            day += timedelta(days=1)

    def find_departure(self, service: Service, day: date) -> Departure | None:
        """The departure of a scheduled local day; ``None`` if there is none. Each is worked out once."""
        key = service.id, day
        if key not in self._found:
            self._found[key] = self._roll_out(service, day)
        return self._found[key]

    def _roll_out(self, service: Service, day: date) -> Departure | None:
        exception = self._exceptions.get(service.id, {}).get(day)
        if exception is not None and exception.effect == ADDED:
            calendar: Calendar | None = service.calendars[0]
        else:
            calendar = next((c for c in service.calendars if runs_on(service, c, day)), None)
        if calendar is None or (exception is not None and exception.effect == CANCELLED):
            return None
        zone = self._network.places[service.calls[0].place].time_zone
        start = local_minutes(day, calendar.local_time, zone)
        if exception is not None:
            start += exception.time_shift_min
        if not self._network.closures:
            return Departure(service, day, start, exception=exception)
        if self.closures.is_shut(service.id, service, start, start):
            return None
        return Departure(
            service,
            day,
            start,
            late_min=self._late_by_call(service, start),
            exception=exception,
            room_factor=self.closures.room_factor(service, start),
        )

    def _late_by_call(self, service: Service, start_min: int) -> tuple[int, ...]:
        if not self._most_extra_min(service):
            return ()
        late = self.closures.extra_min(service.id, service, start_min, start_min)
        by_call = []
        for call in service.calls:
            at = start_min + call.arrive_min, start_min + call.depart_min
            late += self.closures.extra_min(call.place, service, *at)
            by_call.append(late)
        return tuple(by_call)

    def is_open(self, departure: Departure, board: int, alight: int) -> bool:
        """Whether no place from board to alight is shut to a departure when it is there."""
        if not self._network.closures:
            return True
        service, start = departure.service, departure.start_min
        for number in range(board, alight + 1):
            call = service.calls[number]
            first = call.depart_min if number == board else call.arrive_min
            last = call.arrive_min if number == alight else call.depart_min
            if self.closures.is_shut(call.place, service, start + first, start + last):
                return False
        return True

    def list_dispatches(self, road: Road, first_min: int, last_min: int) -> Ints:
        """Dispatch times of a road in [first_min, last_min], ascending; none into or out of what is shut."""
        zone = self._network.places[road.from_place].time_zone
        dispatches = self._grid(zone, road.first_local_time, road.departs_every_min, first_min, last_min)
        is_open = np.ones(len(dispatches), dtype=np.bool_)
        for place, times in (
            (road.from_place, dispatches),
            (road.to_place, dispatches + road.travel_min),
        ):
            for first, last in self.closures.windows_shut_to_roads(place):
                is_open &= (times < first) | (times >= last)
        return dispatches[is_open]

    def _grid(self, zone: str, first_time: time, step_min: int, first_min: int, last_min: int) -> Ints:
        """Dispatches in [first_min, last_min] that start anew each local day and run to the next day's first.

        Most roads of a country leave at the same times: each grid is worked out once.
        """
        key = zone, first_time, step_min
        first, last, grid = self._grids.get(key, (first_min, first_min - 1, np.zeros(0, dtype=np.int64)))
        if not first <= first_min <= last_min <= last:
            first, last = min(first, first_min), max(last, last_min)
            day = local_date(first, zone) - timedelta(days=1)
            firsts = [local_minutes(day, first_time, zone)]
            while firsts[-1] <= last:
                day += timedelta(days=1)
                firsts.append(local_minutes(day, first_time, zone))
            starts = np.array(firsts, dtype=np.int64)
            number = -(-np.diff(starts) // step_min)
            within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
            grid = np.repeat(starts[:-1], number) + within * step_min
            self._grids[key] = first, last, grid
        return grid[np.searchsorted(grid, first_min) : np.searchsorted(grid, last_min, side="right")]
