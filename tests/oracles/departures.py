"""Dated departures with exceptions and closures, for the oracles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from tests.oracles.dates import closures_on, meets, minute_of, runs_on, start_zone, zone_of

if TYPE_CHECKING:
    from planner.model import DepartureException, Network, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One dated run of a service.

    Parameters
    ----------
    start
        Departure from the first call as the timetable has it, exceptions included, delays not.
    late
        By call: minutes that slowed places and services add to its arrival and its departure.
    rooms
        By leg: counting units; ``None`` = unlimited.
    price_factor
        Of freight.
    """

    service: Service
    day: date
    start: int
    late: tuple[int, ...]
    rooms: tuple[int | None, ...]
    price_factor: Fraction = Fraction(1)

    def stay(self, call: int) -> tuple[int, int]:
        """Arrival and departure at a call by the timetable."""
        return self.start + self.service.calls[call].arrive_min, self.start + self.service.calls[
            call
        ].depart_min

    def leaves(self, call: int) -> int:
        """When it really leaves a call."""
        return self.stay(call)[1] + self.late[call]

    def lands(self, call: int, times: str) -> int:
        """When cargo really arrives at a call, on a journey as fast as ``times`` says."""
        row = self.service.calls[call]
        other = {"low": row.arrive_low_min, "high": row.arrive_high_min}.get(times)
        return self.start + (row.arrive_min if other is None else other) + self.late[call]


def find_departure(network: Network, service: Service, day: date) -> Departure | None:
    """The departure of a service on a scheduled local day, if there is one."""
    zone = start_zone(network, service)
    exception = _exception(network, service, day)
    at = {calendar.local_time for calendar in service.calendars if runs_on(service, calendar, day)}
    if exception is not None and exception.effect == "added":
        at = {service.calendars[0].local_time}
    if not at or (exception is not None and exception.effect == "cancelled"):
        return None
    assert len(at) == 1, f"{service.id} leaves twice on {day}"
    start = minute_of(day, at.pop(), zone) + (exception.time_shift_min if exception else 0)
    if any(
        meets(c, zone, start, start) for c in closures_on(network, service.id, "closed", *_names(service))
    ):
        return None
    return Departure(
        service=service,
        day=day,
        start=start,
        late=_delays(network, service, start),
        rooms=_rooms(network, service, start, exception),
        price_factor=exception.price_factor if exception else Fraction(1),
    )


def ride_is_open(network: Network, departure: Departure, board: int, alight: int) -> bool:
    """True if no place that the ride loads at, passes or unloads at is closed then."""
    service = departure.service
    for number in range(board, alight + 1):
        arrive, depart = departure.stay(number)
        if number == board:
            arrive = depart
        if number == alight:
            depart = arrive
        place = service.calls[number].place
        shut = closures_on(network, place, "closed", *_names(service))
        if any(meets(closure, zone_of(network, place), arrive, depart) for closure in shut):
            return False
    return True


def _names(service: Service) -> tuple[str, str]:
    return service.id, service.mode


def _exception(network: Network, service: Service, day: date) -> DepartureException | None:
    rows = [row for row in network.exceptions if (row.service_id, row.day) == (service.id, day)]
    assert len(rows) < 2, f"two exceptions of {service.id} on {day}"
    return rows[0] if rows else None


def _delays(network: Network, service: Service, start: int) -> tuple[int, ...]:
    zone = start_zone(network, service)
    own = closures_on(network, service.id, "extra_h", *_names(service))
    late = sum((closure.value for closure in own if meets(closure, zone, start, start)), Fraction(0))
    delays = []
    for call in service.calls:
        for closure in closures_on(network, call.place, "extra_h", *_names(service)):
            if meets(closure, zone_of(network, call.place), start + call.arrive_min, start + call.depart_min):
                late += closure.value
        delays.append(int(late))
    return tuple(delays)


def _rooms(
    network: Network, service: Service, start: int, exception: DepartureException | None
) -> tuple[int | None, ...]:
    factor = Fraction(1)
    for closure in closures_on(network, service.id, "capacity_factor", *_names(service)):
        if meets(closure, start_zone(network, service), start, start):
            factor *= closure.value
    changed = exception is not None and exception.capacity is not None
    whole = exception.capacity if changed else service.capacity
    rooms = []
    for call in service.calls[:-1]:
        limits = [limit for limit in (whole, call.capacity_onward) if limit is not None]
        rooms.append(floor(min(limits) * factor) if limits else None)
    return tuple(rooms)
