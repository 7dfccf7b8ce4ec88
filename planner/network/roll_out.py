"""Services and calendars -> dated departures; roads -> dated dispatches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from planner.clock import local_date, local_minutes
from planner.model.problem import Network
from planner.model.services import Calendar, Service
from planner.model.tariffs import Road


@dataclass(frozen=True, slots=True)
class Departure:
    """One dated run of a service; call times are minutes since the epoch."""

    service: Service
    day: date
    start_min: int

    def gate_min(self, call: int) -> int:
        """Latest gate-in at a call: departure - cut-off."""
        stop = self.service.calls[call]
        return self.start_min + stop.depart_min - stop.cutoff_min

    def free_min(self, call: int) -> int:
        """When cargo is free to move on: arrival + release."""
        stop = self.service.calls[call]
        return self.start_min + stop.arrive_min + stop.release_min


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


def list_departures(network: Network, service: Service, first_min: int, last_min: int) -> Iterator[Departure]:
    """Departures that load somewhere at or after ``first_min`` and start at or before ``last_min``."""
    zone = network.places[service.calls[0].place].time_zone
    longest_min = max(call.depart_min for call in service.calls)
    day = local_date(first_min - longest_min, zone) - timedelta(days=1)
    last_day = local_date(last_min, zone)
    gates = [call.depart_min - call.cutoff_min for call in service.calls if call.load]
    while day <= last_day:
        for calendar in service.calendars:
            if runs_on(service, calendar, day):
                start = local_minutes(day, calendar.local_time, zone)
                if gates and start <= last_min and start + max(gates) >= first_min:
                    yield Departure(service, day, start)
                break
        day += timedelta(days=1)


def list_dispatches(network: Network, road: Road, first_min: int, last_min: int) -> Iterator[int]:
    """Dispatch times of a road in [first_min, last_min], ascending."""
    zone = network.places[road.from_place].time_zone
    day = local_date(first_min, zone) - timedelta(days=1)
    dispatch = local_minutes(day, road.first_local_time, zone)
    while dispatch <= last_min:
        day += timedelta(days=1)
        next_first = local_minutes(day, road.first_local_time, zone)
        while dispatch < next_first:
            if first_min <= dispatch <= last_min:
                yield dispatch
            dispatch += road.departs_every_min
        dispatch = next_first
