"""Oracle for single shipments: every itinerary written out, valued as a whole shipment, the best kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from tests.oracles.emissions import half_up
from tests.oracles.enumeration import kept_ways, ways_of
from tests.oracles.limits import day_capacity, leg_limits
from tests.oracles.rules import BatchRules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.model import Batch, Problem
    from tests.oracles.rules import DepartureKey
    from tests.oracles.ways import Way

Vector = tuple[int, int, int]
"""Cents, minutes, grams of a whole shipment."""


@dataclass(frozen=True, slots=True)
class Valued:
    """A way that has room for the whole shipment."""

    vector: Vector
    way: Way

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(ride[0] for ride in self.way.chain)


class Shipments:
    """Room and charters beside what others have kept.

    Parameters
    ----------
    problem
        Its kept itineraries are the others; the shipment is not among its batches.
    """

    def __init__(self, problem: Problem) -> None:
        self.others = problem
        self._on_leg: dict[object, Counter[int]] = defaultdict(Counter)
        self._on_day: Counter[object] = Counter()
        self._boarded: Counter[DepartureKey] = Counter()
        self._charter_legs: Counter[object] = Counter()
        for number, batch in enumerate(problem.batches):
            self._load(number, BatchRules(problem, batch, booked=True), kept_ways(problem, batch))

    def _load(self, number: int, rules: BatchRules, rides: Iterable[tuple[Way, int]]) -> None:
        runs: dict[object, list[tuple[Way, int]]] = defaultdict(list)
        for way, count in rides:
            self._occupy(number, rules, way, count, "loose")
            if way.run is not None:
                runs[way.run].append((way, count))
        for members in runs.values():
            boxes = ceil(sum(count for _, count in members) / rules.per_box)
            self._occupy(number, rules, members[0][0], boxes, "boxed")

    def _occupy(self, number: int, rules: BatchRules, way: Way, count: int, form: str) -> None:
        services = self.others.network.services
        for use in way.uses | way.charter_legs:
            if services[use[0]].form == form:
                self._on_leg[use][number] += rules.units(use[0]) * count
        for key in way.charters:
            if services[key[0]].form == form:
                self._boarded[key] += rules.units(key[0]) * count
        for day in way.days:
            if form == (day[2] if day[0] == day[1] else "loose"):
                self._on_day[day] += count

    def valued(self, batch: Batch) -> list[Valued]:
        """Every way of a shipment that has room for all of it."""
        asked = replace(self.others, batches=(*self.others.batches, batch))
        rules = BatchRules(asked, batch)
        return [
            Valued(self._vector(rules, way), way)
            for way in ways_of(asked, batch)
            if self._has_room(asked, rules, way)
        ]

    def _units(self, rules: BatchRules, service: str) -> int:
        if self.others.network.services[service].form == "boxed":
            return _boxes(rules)
        return rules.units(service) * rules.batch.vehicles

    def _has_room(self, asked: Problem, rules: BatchRules, way: Way) -> bool:
        own = len(asked.batches) - 1
        for use in way.uses:
            for members, room in leg_limits(asked, use):
                load = sum(units for number, units in self._on_leg[use].items() if number in members)
                if own in members and load + self._units(rules, use[0]) > room:
                    return False
        for day in way.days:
            by_box = day[0] == day[1] and day[2] == "boxed"
            room = day_capacity(asked, day)
            assert room is not None
            if self._on_day[day] + (_boxes(rules) if by_box else rules.batch.vehicles) > room:
                return False
        for key, rides in Counter(way.charters).items():
            least = self.others.network.services[key[0]].min_load
            if not self._boarded[key] and rides * self._units(rules, key[0]) < least:
                return False
        return True

    def _vector(self, rules: BatchRules, way: Way) -> Vector:
        vehicles, boxes = rules.batch.vehicles, _boxes(rules) if way.run else 0
        cents = (
            vehicles * way.vehicle_cents
            + way.part_cents
            + sum(map(self._bought(rules, way), set(way.charters)))
        )
        grams = vehicles * way.vehicle_grams + boxes * way.box_grams
        return cents + (boxes * way.run[2] if way.run else 0), way.minutes, grams

    def _bought(self, rules: BatchRules, way: Way):
        """What a charter costs more with the shipment than without it."""

        def cents(key: DepartureKey) -> int:
            service = self.others.network.services[key[0]]
            bought = 1 if self._boarded[key] else 0
            modules = 1
            if service.module_capacity is not None:
                legs = [(*key, leg) for leg in range(len(service.calls) - 1)]
                before = [self._on_leg[leg].total() for leg in legs]
                after = [
                    load + (self._units(rules, key[0]) if leg in way.charter_legs else 0)
                    for leg, load in zip(legs, before, strict=True)
                ]
                bought, modules = (ceil(max(loads) / service.module_capacity) for loads in (before, after))
            paid = (modules - bought) * half_up(service.module_price)
            return paid + (0 if bought else half_up(service.departure_price))

        return cents


def pareto(valued: Iterable[Valued]) -> list[Vector]:
    """Vectors that no other is as good as in every way, cheapest first."""
    front: list[Vector] = []
    for vector in sorted({one.vector for one in valued}):
        if not any(all(map(int.__le__, other, vector)) for other in front):
            front.append(vector)
    return front


def _boxes(rules: BatchRules) -> int:
    return ceil(rules.batch.vehicles / rules.per_box) if rules.per_box else 0
