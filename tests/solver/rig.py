"""Worlds laid out for pricing, and the oracle's itineraries in the words of the solver."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from planner.assemble import at_prices_of_today
from planner.costing import Costing
from planner.model import Itinerary, ServiceId
from planner.network.fares import FareBook
from planner.network.kept import kept_load
from planner.network.lay_out import timetable_of
from planner.network.read_back import read_stages
from planner.network.timetable import NO_LIMIT
from planner.solver.bench import Bench
from planner.solver.delivery import SCALE, Weights
from planner.solver.greedy import Placer, place_all, ready_order
from planner.solver.kernel import CLOSED_LEG, INFINITE
from planner.solver.objectives import CENTS, MINUTES, Goal, goal_of
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.room import Room
from tests.oracles.enumeration import kept_ways
from tests.oracles.rules import BatchRules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model import Problem
    from planner.network.timetable import Ints, Timetable
    from planner.solver.choice import Choice
    from planner.solver.columns import Column
    from tests.oracles.enumeration import Way
    from tests.oracles.rules import LegUse

Key = tuple[tuple[str, ...], ...]
"""Names of the rides and dispatches of an itinerary: the oracle's ``Way.moves``."""
MONEY = Weights(cents=SCALE, minutes=0)
TIME = Weights(cents=0, minutes=SCALE)
BOTH = Weights(cents=SCALE, minutes=3 * SCALE // 7)
EVERYTHING = int(INFINITE) - 1
MOST = 70_000
"""More itineraries than the oracle would write out."""


@dataclass(frozen=True)
class Rig:
    """A problem with its timetable, its pricer, its room, its rules of parts and the numbers of its legs."""

    problem: Problem
    timetable: Timetable
    pricer: Pricer
    room: Room
    parts: PartRules
    legs: Mapping[LegUse, int]

    @property
    def bench(self) -> Bench:
        book = FareBook(self.problem, self.timetable)
        return Bench(self.problem, self.timetable, book, self.pricer, self.room, self.parts, self.goal)

    @property
    def goal(self) -> Goal:
        return goal_of(self.problem)

    def placer(self) -> Placer:
        return Placer(self.problem, self.pricer, self.goal, self.room, self.parts)

    def first_plan(self) -> Choice:
        """First ready, first served."""
        return place_all(self.problem, self.placer(), self.room, self.parts, ready_order(self.problem))

    def value(self, choice: Choice) -> int:
        """What the objective of the problem makes of a choice."""
        return choice.value_under(self.goal, self.room)

    def itinerary(self, column: Column, vehicles: int) -> Itinerary:
        """A booked itinerary of a column, as a plan that is kept holds it."""
        batch = self.problem.batches[column.batch]
        stages = read_stages(self.problem, self.timetable, batch, column.arcs)
        lines = Costing(self.problem).price(batch, stages)
        return Itinerary(part=1, vehicles=vehicles, stages=stages, lines=lines, booked=True)

    def rules(self, batch: int) -> BatchRules:
        return BatchRules(self.problem, self.problem.batches[batch])

    def sizes(self, batch: int) -> range:
        """Every number of vehicles that can share a box."""
        return range(1, self.pricer.source_of(batch).vehicles_per_feu + 1)

    def recover_all(
        self, batch: int, size: int, weights: Weights, row_prices: Ints | None = None, limit: int = EVERYTHING
    ) -> list[tuple[int, Column]]:
        """Sweep, then every itinerary within the limit; fails if some are missing."""
        rows = None if row_prices is None else self.pricer.row_prices(row_prices)
        prices = self.pricer.sweep(self.pricer.source_of(batch), size, weights, rows)
        found, is_complete = self.pricer.recover(
            batch, size, weights, prices, limit, max_paths=MOST, max_steps=50 * MOST
        )
        assert is_complete
        return found

    def values_by_minutes(
        self, batch: int, size: int, weights: Weights, row_prices: Ints | None = None
    ) -> dict[int, int]:
        """Least cost of a sweep for every time to Delivered that it reaches."""
        rows = None if row_prices is None else self.pricer.row_prices(row_prices)
        self.pricer.sweep(self.pricer.source_of(batch), size, weights, rows)
        ends = self.pricer.ends[batch]
        values: dict[int, int] = {}
        if len(ends.arrival):
            arrived = self.pricer._work.arrived[ends.arrival, ends.state]
            totals = arrived + ends.group_costs(size, weights)
            for minutes, so_far, total in zip(ends.minutes, arrived, totals, strict=True):
                if so_far < INFINITE:
                    values[int(minutes)] = min(values.get(int(minutes), EVERYTHING), int(total))
        return values

    def least_by_minutes(
        self,
        batch: int,
        ways: Sequence[Way],
        size: int,
        weights: Weights,
        row_prices: Ints | None = None,
    ) -> dict[int, int]:
        """The same from the oracle's list."""
        values: dict[int, int] = {}
        for way in ways:
            cost = self.cost(batch, way, size, weights, row_prices)
            if cost is not None:
                values[way.minutes] = min(values.get(way.minutes, EVERYTHING), cost)
        return values

    def key_of(self, column: Column) -> Key:
        """Rides and dispatches of a column as the oracle names them."""
        return tuple(self._move_key(arc) for arc in column.arcs)

    def _move_key(self, arc: int) -> tuple[str, ...]:
        table, arrays = self.timetable, self.timetable.arrays
        pair = table.pairs[int(arrays["arc_pair"][arc])]
        if pair.service is None:
            assert pair.road is not None
            dispatch = int(arrays["boarding_min"][arrays["arc_boarding"][arc]])
            return ("road", pair.road.from_place, pair.road.to_place, pair.road.form, str(dispatch))
        calls = pair.service.calls
        day = table.departures[arrays["arc_departure"][arc]].day.isoformat()
        return pair.service.id, day, str(calls[pair.board_call].seq), str(calls[pair.alight_call].seq)

    def cost(
        self, batch: int, way: Way, size: int, weights: Weights, row_prices: Ints | None = None
    ) -> int | None:
        """What a group pays for a way of the oracle and its rows; ``None`` if one of these is closed."""
        box_cents = way.run[2] if way.run is not None else 0
        cost = (size * way.vehicle_cents + box_cents) * weights.cents + size * way.minutes * weights.minutes
        per_vehicle, per_box = self.rows_of_way(batch, way)
        for units_of, number in ((per_vehicle, size), (per_box, 1)):
            for row, units in units_of.items():
                price = 0 if row_prices is None else int(row_prices[row])
                if price >= CLOSED_LEG:
                    return None
                cost += price * units * number
        return cost

    def rows_of_way(self, batch: int, way: Way) -> tuple[Counter[int], Counter[int]]:
        """Units of every row per vehicle and per box, from the oracle's names."""
        table, services = self.timetable, self.problem.network.services
        rules = self.rules(batch)
        rows_of_day = {(d.from_place, d.to_place, d.form, d.day): row for row, d in table.day_rows.items()}
        held: dict[int, list[int]] = {}
        for row, leg in zip(*table.held_rows(self.problem.batches[batch]), strict=True):
            held.setdefault(int(leg), []).append(int(row))
        per_vehicle, per_box = counted = Counter[int](), Counter[int]()
        for use in way.uses | way.charter_legs:
            leg = self.legs[use]
            for row in (leg, *held.get(leg, ())):
                counted[services[use[0]].form == "boxed"][row] += rules.units(use[0])
        for service, day in way.charters:
            row = table.boarded_row[table.departure_number[ServiceId(service), day]]
            counted[services[service].form == "boxed"][row] += rules.units(service)
        for day in way.days:
            is_place = day[0] == day[1]
            counted[is_place and day[2] == "boxed"][rows_of_day[day]] += 1
        return per_vehicle, per_box

    def kept_value(self) -> int:
        """What the oracle counts of the vehicles that are kept, charters left out."""
        value = 0
        for number, batch in enumerate(self.problem.batches):
            boxes: Counter[object] = Counter()
            box_values: dict[object, int] = {}
            part_values: dict[object, int] = {}
            for way, vehicles in kept_ways(self.problem, batch):
                value += vehicles * way.vehicle_value
                part_values[way.chain] = way.part_value
                if way.run is not None:
                    boxes[way.run] += vehicles
                    box_values[way.run] = way.box_value
            size = self.rules(number).per_box
            value += sum(part_values.values())
            value += sum(-(-vehicles // size) * box_values[run] for run, vehicles in boxes.items())
        return value


def rig(problem: Problem, *, with_reference: bool = False) -> Rig:
    """Lay a problem out for pricing."""
    problem = at_prices_of_today(problem)
    timetable = timetable_of(problem)
    legs = {
        (departure.service.id, departure.day, leg): first + leg
        for departure, first in zip(timetable.departures, timetable.departure_first_leg, strict=True)
        for leg in range(len(departure.service.calls) - 1)
    }
    return Rig(
        problem,
        timetable,
        Pricer(problem, timetable, with_reference=with_reference),
        Room(problem, timetable, kept_load(problem, timetable, problem.batches)),
        PartRules(problem, timetable),
        legs,
    )


def cents_of(choice: Choice, batch: int) -> int:
    """Money that a batch spends, charters and penalties left out."""
    return choice.value_of(batch, Goal(CENTS, (0,) * len(choice.rides)))


def minutes_of(choice: Choice, batch: int) -> int:
    """Vehicle-minutes of a batch, from ready to Delivered."""
    return choice.value_of(batch, Goal(MINUTES, (0,) * len(choice.rides)))


def random_row_prices(rng: Random, timetable: Timetable) -> Ints:
    """Scaled prices of rows: nothing, something or no entry; only of those with limited room."""
    prices = np.zeros(timetable.num_rows, dtype=np.int64)
    for row in np.flatnonzero(timetable.arrays["row_capacity"] < NO_LIMIT):
        prices[row] = rng.choice((0, 0, rng.randrange(1, 900_00 * SCALE), int(CLOSED_LEG)))
        if row < timetable.num_legs and prices[row] < CLOSED_LEG:
            service = timetable.departures[timetable.leg_departure[row]].service
            if service.capacity_unit in ("ceu", "cbm"):
                prices[row] //= 127
    return prices


def uses_of(column: Column) -> Counter[int]:
    """Rows of a column with the units a vehicle and a box take together."""
    units = Counter(dict(column.vehicle_rows))
    units.update(column.box_rows)
    return units


def uses_of_way(made: Rig, batch: int, way: Way) -> Counter[int]:
    """The same of a way of the oracle."""
    per_vehicle, per_box = made.rows_of_way(batch, way)
    return per_vehicle + per_box
