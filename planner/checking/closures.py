"""What is shut or slowed when, asked of one stretch of time at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from fractions import Fraction
from math import floor, prod
from typing import TYPE_CHECKING

from planner.clock import local_minutes
from planner.model.limits import CAPACITY_FACTOR, CLOSED, EXTRA_H
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.ids import PlaceId
    from planner.model.limits import Closure
    from planner.model.problem import Network
    from planner.model.services import Service

MIDNIGHT = time(0)


class Closures:
    """Closures of a network by place or service, and by effect.

    A moment is a stretch that ends when it begins.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._rows: dict[tuple[str, str], list[Closure]] = defaultdict(list)
        for closure in network.closures:
            self._rows[closure.what, closure.effect].append(closure)

    def is_place_closed(self, place_id: PlaceId, start_min: int, end_min: int, *names: str) -> bool:
        """Whether a place is shut at any time of a stretch to whom none of ``names`` spares."""
        return any(True for _ in self._met_at_place(place_id, CLOSED, start_min, end_min, names))

    def late_min(self, place_id: PlaceId, start_min: int, end_min: int, *names: str) -> int:
        """Minutes that a call at a place takes longer."""
        return _minutes(self._met_at_place(place_id, EXTRA_H, start_min, end_min, names))

    def is_service_closed(self, service: Service, start_min: int) -> bool:
        """Whether a service starts no departure at a moment."""
        return any(True for _ in self._met_by_start(service, CLOSED, start_min))

    def late_start_min(self, service: Service, start_min: int) -> int:
        """Minutes that the departure which starts at a moment is late from the first call on."""
        return _minutes(self._met_by_start(service, EXTRA_H, start_min))

    def reduce_leg(self, service: Service, start_min: int, units: int | None) -> int | None:
        """What is left of the room of a leg of the departure that starts at a moment."""
        if units is None:
            return None
        return floor(units * _product(self._met_by_start(service, CAPACITY_FACTOR, start_min)))

    def reduce_day(self, place_id: PlaceId, day: date, units: int) -> int:
        """What is left of the units a place handles on a local day."""
        rows = self._rows.get((place_id, CAPACITY_FACTOR), ())
        return floor(units * _product(row for row in rows if row.first <= day < row.last))

    def _met_at_place(
        self, place_id: PlaceId, effect: str, start_min: int, end_min: int, names: tuple[str, ...]
    ) -> Iterator[Closure]:
        rows = self._rows.get((place_id, effect), ())
        if rows:
            yield from _met(rows, self._network.places[place_id].time_zone, start_min, end_min, names)

    def _met_by_start(self, service: Service, effect: str, start_min: int) -> Iterator[Closure]:
        rows = self._rows.get((service.id, effect), ())
        if rows:
            time_zone = self._network.places[service.calls[0].place].time_zone
            yield from _met(rows, time_zone, start_min, start_min, (service.id, service.mode))


def _met(
    rows: list[Closure], time_zone: str, start_min: int, end_min: int, names: tuple[str, ...]
) -> Iterator[Closure]:
    for row in rows:
        shut = local_minutes(row.first, MIDNIGHT, time_zone)
        opened = local_minutes(row.last, MIDNIGHT, time_zone)
        if start_min < opened and end_min >= shut and not set(names) & set(row.spares):
            yield row


def _minutes(rows: Iterator[Closure]) -> int:
    return sum(round_half_up(row.value or 0) for row in rows)


def _product(rows: Iterator[Closure]) -> Fraction:
    return prod((Fraction(1) if row.value is None else row.value for row in rows), start=Fraction(1))
