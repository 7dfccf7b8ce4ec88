"""The best choice among ways: whole vehicles, boxes, modules and parts, and every limit they share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from tests.oracles.emissions import half_up
from tests.oracles.limits import day_capacity, leg_limits
from tests.oracles.rules import BatchRules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.model import Batch, Problem, Service
    from tests.oracles.rules import DayUse, DepartureKey, LegUse
    from tests.oracles.ways import RunKey, Way

Sum = cp_model.LinearExprT


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Best value of a world, proved; its money and grams; and one plan that has them.

    ``chosen`` lists (batch number, way, vehicles) beside what is ``kept``; vehicles not listed are left out.
    ``charters`` lists (service, day, modules) of the departures bought as a whole.
    """

    value: int
    cents: int
    grams: int
    penalty: int
    chosen: tuple[tuple[int, Way, int], ...]
    kept: tuple[tuple[int, Way, int], ...]
    charters: tuple[tuple[str, str, int], ...]

    def planned_vehicles(self) -> int:
        """Vehicles that ride."""
        return sum(count for _, _, count in (*self.chosen, *self.kept))


class Program:
    """Whole vehicles on ways, whole boxes on runs, room on everything limited.

    ``more``: further counting units on every limited leg of some departures.
    """

    def __init__(
        self,
        problem: Problem,
        ways: Sequence[Sequence[Way]],
        kept: Sequence[Sequence[tuple[Way, int]]],
        more: Mapping[DepartureKey, int] | None = None,
    ) -> None:
        self.problem = problem
        self.more = more or {}
        self.model = cp_model.CpModel()
        self.planned: list[tuple[int, Way, Sum]] = []
        self.kept: list[tuple[int, Way, int]] = []
        self.bought: list[tuple[DepartureKey, Sum]] = []
        self.money: Sum = 0
        self.grams: Sum = 0
        self.value: Sum = 0
        self.penalty: Sum = 0
        self._on_leg: dict[LegUse, dict[int, list[Sum]]] = defaultdict(lambda: defaultdict(list))
        self._on_day: dict[DayUse, list[Sum]] = defaultdict(list)
        self._boarded: dict[DepartureKey, list[Sum]] = defaultdict(list)
        for number, batch in enumerate(problem.batches):
            self._add_batch(number, batch, ways[number], kept[number])
        self._hold_legs()
        self._hold_days()
        self._buy_departures({key for rows in kept for way, _ in rows for key in way.charters})

    def _add_batch(
        self, number: int, batch: Batch, ways: Sequence[Way], kept: Sequence[tuple[Way, int]]
    ) -> None:
        rules = BatchRules(self.problem, batch)
        free = batch.vehicles - sum(count for _, count in kept)
        counts = [self.model.new_int_var(0, free, "") for _ in ways]
        planned = list(zip(ways, counts, strict=True))
        self.planned += [(number, way, count) for way, count in planned]
        self.kept += [(number, way, count) for way, count in kept]
        boxes = self._load(number, rules, planned, free)
        self._load(number, rules, kept, batch.vehicles)
        left_out = self.model.new_int_var(0, free, "")
        self.model.add(sum(counts) + left_out == free)
        self.penalty += self.problem.terms.unplanned_cost(batch) * left_out
        self.value += self.problem.terms.unplanned_cost(batch) * left_out
        if batch.all_or_none:
            none = self.model.new_bool_var("")
            self.model.add(left_out == free * none)
        self._hold_parts(batch, planned, kept)
        self._pay_parts(batch, planned, kept)
        odd = free % rules.per_box if rules.per_box else 0
        if odd:  # implied by whole boxes, but the search is far quicker when told (mixed integer rounding)
            never_boxed = sum(count for way, count in planned if way.run is None)
            full = ceil(free / rules.per_box)
            self.model.add(odd * sum(boxes) + never_boxed + left_out >= odd * full)

    def _load(self, number: int, rules: BatchRules, rows: Iterable[tuple[Way, Sum]], most: int) -> list[Sum]:
        """Count vehicles on ways, and the boxes they need, wherever they count; give back the boxes."""
        in_run: dict[RunKey, list[tuple[Way, Sum]]] = defaultdict(list)
        for way, count in rows:
            self.money += way.vehicle_cents * count
            self.grams += way.vehicle_grams * count
            self.value += way.vehicle_value * count
            self._occupy(number, rules, way, count, "loose")
            if way.run is not None:
                in_run[way.run].append((way, count))
        all_boxes: list[Sum] = []
        for run, members in in_run.items():
            way = members[0][0]  # all ways of a run are the same where they are boxed
            vehicles = sum(count for _, count in members)
            boxes = self.model.new_int_var(0, ceil(most / rules.per_box), "")
            self.model.add(rules.per_box * boxes >= vehicles)
            if any(self.problem.network.services[key[0]].min_load for key in way.charters):
                # no empty box can make up a least load
                self.model.add(rules.per_box * boxes <= vehicles + rules.per_box - 1)
            all_boxes.append(boxes)
            self.money += run[2] * boxes
            self.grams += way.box_grams * boxes
            self.value += way.box_value * boxes
            self._occupy(number, rules, way, boxes, "boxed")
        return all_boxes

    def _occupy(self, number: int, rules: BatchRules, way: Way, count: Sum, form: str) -> None:
        """Count vehicles (``loose``) or boxes where they take room; roads count vehicles, boxed or not."""
        services = self.problem.network.services
        for use in sorted(way.uses | way.charter_legs):
            if services[use[0]].form == form:
                self._on_leg[use][number].append(rules.units(use[0]) * count)
        for key in way.charters:
            if services[key[0]].form == form:
                self._boarded[key].append(rules.units(key[0]) * count)
        for day in sorted(way.days):
            is_place = day[0] == day[1]
            if form == (day[2] if is_place else "loose"):
                self._on_day[day].append(count)

    def _hold_parts(
        self, batch: Batch, planned: Sequence[tuple[Way, Sum]], kept: Sequence[tuple[Way, int]]
    ) -> None:
        most = 1 if batch.all_or_none else batch.max_parts
        least = min(batch.min_part, batch.vehicles)
        if most is None and least == 1:
            return
        parts: dict[tuple[tuple[str, ...], ...], list[Sum]] = defaultdict(list)
        for way, count in (*planned, *kept):
            parts[way.chain].append(count)
        # a part that only kept vehicles ride is as it was booked; others may join it if it gets large enough
        booked = {chain: sum(count for way, count in kept if way.chain == chain) for chain in parts}
        used = {chain: self.model.new_bool_var("") for chain in parts}
        for chain, counts in parts.items():
            joining = sum(counts) - booked[chain]
            self.model.add(joining >= max(least - booked[chain], 0) * used[chain])
            self.model.add(joining <= batch.vehicles * used[chain])
        if most is not None:
            new = [used[chain] for chain in parts if not booked[chain]]
            self.model.add(sum(new) <= max(0, most - sum(bool(count) for count in booked.values())))

    def _pay_parts(
        self, batch: Batch, planned: Sequence[tuple[Way, Sum]], kept: Sequence[tuple[Way, int]]
    ) -> None:
        """Once for each part that anybody rides; who joins what is kept finds it paid."""
        booked = {way.chain for way, _ in kept}
        parts: dict[tuple[tuple[str, ...], ...], list[tuple[Way, Sum]]] = defaultdict(list)
        for way, count in (*planned, *kept):
            if way.part_cents:
                parts[way.chain].append((way, count))
        for chain, rows in parts.items():
            assert len({(way.part_cents, way.part_value) for way, _ in rows}) == 1, f"charges of {chain}"
            used = self.model.new_bool_var("")
            if chain in booked:
                self.model.add(used == 1)
            else:
                self.model.add(sum(count for _, count in rows) <= batch.vehicles * used)
            self.money += rows[0][0].part_cents * used
            self.value += rows[0][0].part_value * used

    def _hold_legs(self) -> None:
        for use, loads in self._on_leg.items():
            for members, room in leg_limits(self.problem, use, self.more.get(use[:2], 0)):
                held = [term for number, terms in loads.items() if number in members for term in terms]
                if held:
                    self.model.add(sum(held) <= room)

    def _hold_days(self) -> None:
        for use, terms in self._on_day.items():
            room = day_capacity(self.problem, use)
            assert room is not None
            self.model.add(sum(terms) <= room)

    def _buy_departures(self, kept: set[DepartureKey]) -> None:
        legs: dict[DepartureKey, list[Sum]] = defaultdict(list)
        for use, loads in self._on_leg.items():
            legs[use[:2]].append(sum(term for terms in loads.values() for term in terms))
        for key, terms in sorted(self._boarded.items()):
            service = self.problem.network.services[key[0]]
            modules = self._buy(service, sum(terms), legs[key], is_kept=key in kept)
            self.bought.append((key, modules))

    def _buy(self, service: Service, boarded: Sum, legs: Sequence[Sum], *, is_kept: bool) -> Sum:
        """Modules of one departure; it costs nothing while nobody rides."""
        most_rides = len(service.calls)  # of one vehicle: a departure may be left and boarded again
        everything = most_rides * sum(
            batch.vehicles * BatchRules(self.problem, batch).units(service.id)
            for batch in self.problem.batches
        )
        ridden = self.model.new_bool_var("")
        self.model.add(boarded <= everything * ridden)
        self.model.add(boarded >= ridden)
        if not is_kept:
            self.model.add(boarded >= service.min_load * ridden)
        modules: Sum = ridden
        if service.module_capacity is not None:
            modules = self.model.new_int_var(0, everything // service.module_capacity + 1, "")
            self.model.add(modules >= ridden)
            for load in legs:
                self.model.add(load <= service.module_capacity * modules)
        cents = half_up(service.departure_price) * ridden + half_up(service.module_price) * modules
        self.money += cents
        if self.problem.terms.objective in ("cost", "blend"):
            self.value += cents
        return modules

    def is_possible(self) -> bool:
        """True if there is any choice at all."""
        return _solver().solve(self.model) != cp_model.INFEASIBLE

    def best(self, objective: Sum) -> Optimum:
        """Minimise to proven optimality."""
        self.model.minimize(objective)
        solver = _solver()
        status = solver.solve(self.model)
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        return Optimum(
            value=solver.value(self.value),
            cents=solver.value(self.money),
            grams=solver.value(self.grams),
            penalty=solver.value(self.penalty),
            kept=tuple(self.kept),
            chosen=tuple((n, w, solver.value(c)) for n, w, c in self.planned if solver.value(c)),
            charters=tuple(
                (key[0], key[1].isoformat(), solver.value(count))
                for key, count in self.bought
                if solver.value(count)
            ),
        )


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2  # whole boxes need the cuts: minutes become moments
    return solver
