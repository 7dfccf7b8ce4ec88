"""What is shut or slowed when: windows of closures, asked for one departure, call or road at a time.

All questions are about timetable times: after exceptions, before the extra hours of other closures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction

from planner.clock import local_minutes
from planner.model.ids import PlaceId
from planner.model.limits import CAPACITY_FACTOR, CLOSED, EXTRA_H, Closure
from planner.model.problem import Network
from planner.model.services import ROAD, Service

MIDNIGHT = time(0)
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class _Window:
    closure: Closure
    first_min: int
    last_min: int


class Closures:
    """Closures of a network by what is shut, each on the clock of its place."""

    def __init__(self, network: Network) -> None:
        self._windows: dict[tuple[str, str], list[_Window]] = {}
        for closure in network.closures:
            place = PlaceId(closure.what)
            if place not in network.places:
                service = next(s for s in network.services.values() if s.id == closure.what)
                place = service.calls[0].place
            zone = network.places[place].time_zone
            window = _Window(
                closure,
                local_minutes(closure.first, MIDNIGHT, zone),
                local_minutes(closure.last, MIDNIGHT, zone),
            )
            self._windows.setdefault((closure.what, closure.effect), []).append(window)

    def most_extra_min(self, service: Service) -> int:
        """Minutes by which no departure of a service can be put off more: by all extra hours on its way."""
        met = (service.id, *(call.place for call in service.calls))
        extra = (window.closure for what in met for window in self._windows.get((what, EXTRA_H), ()))
        return sum(int(closure.value or 0) for closure in extra)

    def is_shut(self, what: str, service: Service | None, first_min: int, last_min: int) -> bool:
        """Whether a place or service is closed somewhen in [first_min, last_min] to a service or a road."""
        if (what, CLOSED) not in self._windows:  # most are never: asked for every departure of every day
            return False
        return any(self._meeting(what, CLOSED, service, first_min, last_min))

    def windows_shut_to_roads(self, place: PlaceId) -> list[tuple[int, int]]:
        """First minute of each time in which no truck may start or end at a place, and the first after it."""
        windows = self._windows.get((place, CLOSED), ())
        return [(w.first_min, w.last_min) for w in windows if ROAD not in w.closure.spares]

    def extra_min(self, what: str, service: Service, first_min: int, last_min: int) -> int:
        """Minutes that a call of a service, or a departure of it, is put off."""
        if (what, EXTRA_H) not in self._windows:
            return 0
        return sum(
            int(closure.value or 0) for closure in self._meeting(what, EXTRA_H, service, first_min, last_min)
        )

    def room_factor(self, service: Service, start_min: int) -> Fraction:
        """What the room of a departure is multiplied with."""
        if (service.id, CAPACITY_FACTOR) not in self._windows:
            return WHOLE
        return _product(self._meeting(service.id, CAPACITY_FACTOR, service, start_min, start_min))

    def throughput_factor(self, place: PlaceId, day: date) -> Fraction:
        """What the units a day of a place are multiplied with."""
        closures = (w.closure for w in self._windows.get((place, CAPACITY_FACTOR), ()))
        return _product(closure for closure in closures if closure.first <= day < closure.last)

    def _meeting(
        self, what: str, effect: str, service: Service | None, first_min: int, last_min: int
    ) -> Iterator[Closure]:
        names = (ROAD,) if service is None else (service.id, service.mode)
        for window in self._windows.get((what, effect), ()):
            if (
                first_min < window.last_min
                and last_min >= window.first_min
                and not any(name in window.closure.spares for name in names)
            ):
                yield window.closure


def _product(closures: Iterator[Closure]) -> Fraction:
    product = Fraction(1)
    for closure in closures:
        product *= closure.value if closure.value is not None else 1
    return product
