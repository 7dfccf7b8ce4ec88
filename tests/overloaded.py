"""Random tiny worlds that can't carry all, and what would be enough, tried out by the complete list."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from planner.model import BatchId, DepartureException, Problem
from planner.solver.left_over import with_rides_booked
from tests.oracles.dominance import useful
from tests.oracles.enumeration import kept_ways, ways_of, without_parts
from tests.oracles.program import Program
from tests.oracles.rules import BatchRules
from tests.oracles.ways import TooLargeError
from tests.worlds import RULES, random_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model import Batch, Plan, Remedy, Service
    from tests.oracles.rules import DepartureKey
    from tests.oracles.ways import Way

MOST_DAYS, MOST_PARTS, MOST_CENTS = 60, 9, 100_000_000
"""How far remedies are looked for: written here again, so that the planner's own limits are held to it."""
DAY, WEEK = 1_440, 7


def overloaded_world(seed: int) -> Problem:
    """A random world with half the room, more vehicles, tighter due dates, more bans, some low prices."""
    rng = Random(f"overloaded {seed}")
    problem = random_world(seed, [rule for rule in RULES if rule != "kept"])
    far = {(road.from_place, road.to_place) for road in problem.network.roads}
    ends = {(batch.origin, batch.destination) for batch in problem.batches}
    roads = tuple(
        road
        for road in problem.network.roads
        if (road.from_place, road.to_place) not in far & ends or rng.random() < 0.35
    )
    services = {name: _cut(service) for name, service in problem.network.services.items()}
    modes = sorted({service.mode for service in problem.network.services.values()})
    batches = tuple(
        replace(
            batch,
            vehicles=batch.vehicles + rng.randrange(5),
            due_min=batch.ready_min + (batch.due_min - batch.ready_min) * rng.choice((4, 7, 10, 10)) // 10,
            unplanned_price=Fraction(rng.randrange(50_000, 300_000)) if rng.random() < 0.4 else None,
            not_modes=(rng.choice(modes),) if rng.random() < 0.3 else batch.not_modes,
        )
        for batch in problem.batches
    )
    network = replace(problem.network, services=services, roads=roads)
    return replace(problem, network=network, batches=batches)


def _cut(service: Service) -> Service:
    if service.capacity is None:
        return service
    calls = tuple(
        call if call.capacity_onward is None else replace(call, capacity_onward=-(-call.capacity_onward // 2))
        for call in service.calls
    )
    return replace(service, capacity=-(-service.capacity // 2), calls=calls)


class LeftOut:
    """One batch of a plan of which vehicles are left out; everybody else stays as planned.

    Parameters
    ----------
    problem
        The problem that was planned.
    """

    def __init__(self, problem: Problem, plan: Plan, batch: BatchId) -> None:
        self.problem = with_rides_booked(problem, plan)
        self.number = [row.id for row in problem.batches].index(batch)
        self.batch = problem.batches[self.number]
        self.vehicles = self.problem.open_vehicles(self.batch)
        self._kept = [kept_ways(self.problem, row) for row in self.problem.batches]
        self._ways: dict[Batch, list[Way]] = {}
        self._all_ways: dict[Batch, list[Way]] = {}
        self._latest_ways: tuple[int, list[Way]] | None = None

    def ways(self, batch: Batch) -> list[Way]:
        """Every itinerary of the batch if it were like this, but for those that others replace at no loss."""
        if batch not in self._ways:
            world, plain = self._world(batch), without_parts(batch)
            if plain not in self._all_ways:
                self._all_ways[plain] = ways_of(world, batch)
            self._ways[batch] = useful(world, self.number, self._all_ways[plain])
        return self._ways[batch]

    def _later_ways(self, days: int, last: int) -> list[Way]:
        """The same if it were due later: of the list to a latest due, at the prices of this one.

        Raises
        ------
        TooLargeError
            If nobody could write that list out.
        """
        latest, batch = self.due_later(last), self.due_later(days)
        if self._latest_ways is None or self._latest_ways[0] != last:
            self._latest_ways = last, ways_of(self._world(latest), latest)
        world = self._world(batch)
        rules, own = BatchRules(self._world(latest), latest), BatchRules(world, batch)
        counts_money = world.terms.objective in ("cost", "blend")
        found = []
        for way in self._latest_ways[1]:
            done = batch.ready_min + way.minutes
            if done <= own.latest:
                dearer = own.at_delivery(done).vehicle - rules.at_delivery(done).vehicle
                value = way.vehicle_value + (dearer if counts_money else 0)
                cents = way.vehicle_cents + dearer
                found.append(replace(way, vehicle_cents=cents, vehicle_value=value) if dearer else way)
        return useful(world, self.number, found)

    def _world(self, batch: Batch) -> Problem:
        rows = list(self.problem.batches)
        rows[self.number] = batch
        return replace(self.problem, batches=tuple(rows))

    def least(self, batch: Batch, more: Mapping[DepartureKey, int], *, everybody: bool) -> int | None:
        """Least value of a plan that carries all that is left out, or fewer; ``None`` if there is none."""
        world = self._world(batch)
        ways = self.ways(batch)
        if everybody and not ways:
            return None
        kept = list(self._kept)
        kept[self.number] = kept_ways(world, batch)
        none: list[list[Way]] = [[] for _ in kept]
        none[self.number] = ways
        program = Program(world, none, kept, more)
        mine = sum(count for number, _, count in program.planned if number == self.number)
        program.model.add(mine == self.vehicles if everybody else mine <= self.vehicles - 1)
        program.model.minimize(program.value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(program.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        return int(solver.value(program.value))

    def rides(self, batch: Batch | None = None, more: Mapping[DepartureKey, int] | None = None) -> bool:
        """Whether every best plan carries all left out, were the batch like this, or with more room."""
        batch, more = batch or self.batch, more or {}
        all_of_them = self.least(batch, more, everybody=True)
        if all_of_them is None:
            return False
        fewer = self.least(batch, more, everybody=False)
        return fewer is None or all_of_them < fewer

    # --- slots ------------------------------------------------------------------------------------------

    def departures(self) -> list[DepartureKey]:
        """Departures with limited room that an itinerary uses."""
        return sorted({use[:2] for way in self.ways(self.batch) for use in way.uses})

    def unit(self, departure: DepartureKey) -> int:
        """Counting units of a whole unit."""
        unit = self.problem.network.services[departure[0]].capacity_unit
        return 100 if unit in ("ceu", "cbm") else 1

    def units_for_all(self, departure: DepartureKey) -> int:
        """Whole units that are enough whatever rides already."""
        units = BatchRules(self.problem, self.batch).units(departure[0])
        held = sum(row.units for row in self.problem.network.allotments if row.service_id == departure[0])
        return -(-(self.vehicles * units + held) // self.unit(departure))

    def with_slots(self, departure: DepartureKey, units: int) -> bool:
        """Whether they ride with so many more whole units on a departure."""
        return self.rides(more={departure: units * self.unit(departure)})

    def least_slots(self, departure: DepartureKey, below: int) -> int | None:
        """Fewest units under a number with which they ride; ``None`` if there is none."""
        most = min(below - 1, self.units_for_all(departure))
        if most < 1:
            return None
        fitting = self.least(self.batch, {departure: most * self.unit(departure)}, everybody=True)
        if fitting is None:
            return None  # nor do they with less room
        return next((units for units in range(1, most + 1) if self.with_slots(departure, units)), None)

    # --- other kinds ------------------------------------------------------------------------------------

    def due_later(self, days: int) -> Batch:
        return replace(self.batch, due_min=self.batch.due_min + days * DAY)

    def first_day_that_helps(self, below: int) -> int | None:
        """Least delay of due under a number of days with which they ride.

        Where being early costs nothing and with the longest delay carrying all costs no less than carrying
        none, so it does with a shorter one: there are only fewer itineraries, and those cost no less. Where
        the list for the longest delay is too large, half as many days are tried.

        Raises
        ------
        TooLargeError
            If that is so even of a week.
        """
        while True:
            try:
                return self._first_day(below)
            except TooLargeError:
                if below // 2 <= WEEK:
                    raise
                below //= 2

    def _first_day(self, below: int) -> int | None:
        if below < 2:
            return None
        last = self.due_later(below - 1)
        self._ways[last] = self._later_ways(below - 1, below - 1)
        most = self.least(last, {}, everybody=True)
        if most is None or (not self.batch.early_price and most >= self.nobody(last)):
            return None
        before: object = None
        priced = self.batch.early_price or self.batch.late_price is not None
        for days in range(1, below):
            batch = self.due_later(days)
            self._ways[batch] = self._later_ways(days, below - 1)
            ways = {way.moves for way in self._ways[batch]}
            if ways and (priced or ways != before) and self.rides(batch):
                return days
            before = ways
        return None

    def nobody(self, batch: Batch) -> int:
        """Value of the plan that carries none of them."""
        world = self._world(batch)
        kept = list(self._kept)
        kept[self.number] = kept_ways(world, batch)
        program = Program(world, [[] for _ in kept], kept)
        return program.best(program.value).value

    def with_modes(self, names: tuple[str, ...]) -> Batch:
        """The batch with some modes allowed."""
        missing = [name for name in names if name != "road" and name not in self.batch.modes]
        return replace(
            self.batch,
            modes=(*self.batch.modes, *missing) if self.batch.modes else (),
            not_modes=tuple(name for name in self.batch.not_modes if name not in names),
        )

    def sets_of_modes(self, size: int) -> Iterator[tuple[str, ...]]:
        """Sets of so many modes that the batch rules out."""
        batch = self.batch
        modes = {service.mode for service in self.problem.network.services.values() if service.bookable}
        out = {mode for mode in modes if batch.modes and mode not in batch.modes}
        out |= {mode for mode in batch.not_modes if mode in modes or mode == "road"}
        yield from combinations(sorted(out), size)

    def without_a_wish(self) -> Iterator[tuple[str, Batch]]:
        """The batch without one of its vias, bans of places and services, needed modes."""
        for field in ("via", "not_via", "needed_modes"):
            names = getattr(self.batch, field)
            for name in names:
                yield name, replace(self.batch, **{field: tuple(n for n in names if n != name)})

    def in_parts(self, parts: int) -> Batch:
        return replace(self.batch, max_parts=parts, all_or_none=False)

    def in_parts_of(self, least: int) -> Batch:
        return replace(self.batch, min_part=least)

    def at_price(self, cents: int) -> Batch:
        return replace(self.batch, unplanned_price=Fraction(cents))


def alone_with(left: LeftOut, batch: Batch) -> Problem:
    """World in which only what is left out of one batch is still open."""
    rows = []
    for row in left.problem.batches:
        kept = sum(itinerary.vehicles for itinerary in left.problem.kept.get(row.id, ()))
        if row.id == batch.id:
            rows.append(batch)
        elif kept:
            rows.append(replace(row, vehicles=kept))
    return replace(left.problem, batches=tuple(rows))


def can_say_more(problem: Problem, departure: DepartureKey) -> bool:
    """Whether tables can say "more units on every leg of this departure and no other"."""
    service = problem.network.services[departure[0]]
    capped = any(call.capacity_onward is not None for call in service.calls)
    slowed = any(
        row.what == service.id and row.effect == "capacity_factor" for row in problem.network.closures
    )
    return service.capacity is not None and not capped and not slowed


def with_more_units(problem: Problem, departure: DepartureKey, units: int) -> Problem:
    """The world with more counting units on a departure, by a row of its exceptions."""
    name, day = departure
    service = problem.network.services[name]
    assert service.capacity is not None
    rows = {(row.service_id, row.day): row for row in problem.network.exceptions}
    key = (service.id, day)
    row = rows.get(key) or DepartureException(service_id=service.id, day=day, effect="changed")
    capacity = service.capacity if row.capacity is None else row.capacity
    rows[key] = replace(row, capacity=capacity + units)
    return replace(problem, network=replace(problem.network, exceptions=tuple(rows.values())))


def kinds_of(remedies: tuple[Remedy, ...]) -> dict[str, Remedy]:
    """Remedies by kind; there is one of each."""
    by_kind = {remedy.kind: remedy for remedy in remedies}
    assert len(by_kind) == len(remedies)
    return by_kind
