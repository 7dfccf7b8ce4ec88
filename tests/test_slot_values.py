"""What one more unit of room is worth: duals beside one more and one less, exact values beside the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from planner.model import DepartureException, Problem, SlotValue
from planner.model.results import OPTIMAL, SolveOptions
from planner.network.timetable import NO_LIMIT
from planner.solve import solve
from planner.solver.delivery import SCALE
from planner.solver.greedy import Placer, place_all, ready_order
from planner.solver.objectives import goal_of
from planner.solver.parts import PartRules
from planner.solver.relaxation import ColumnGeneration, Relaxation
from planner.solver.room import Room
from tests.conftest import PROOF, SEED
from tests.oracles.enumeration import optimum
from tests.oracles.ways import TooLargeError
from tests.solver.rig import Rig, rig
from tests.worlds import random_world, vehicle_linear_world, without

if TYPE_CHECKING:
    from planner.network.timetable import Ints

NUM_LINEAR = 200 if PROOF else 20
NUM_EXACT = 100 if PROOF else 10


def relaxed(made: Rig, room: Room) -> Relaxation:
    """Column generation to its end in some room."""
    problem, goal = made.problem, goal_of(made.problem)
    parts = PartRules(problem, made.timetable)
    placer = Placer(problem, made.pricer, goal, room, parts)
    first = place_all(problem, placer, room, parts, ready_order(problem))
    return ColumnGeneration(
        problem,
        made.pricer,
        goal,
        room,
        first.columns(),
        SolveOptions(),
        on_round=lambda _number, _bound: None,
        should_stop=lambda: False,
    ).run()


def with_units(room: Room, leg: int, units: int) -> Room:
    changed = Room.__new__(Room)
    changed.__dict__.update(room.__dict__)
    changed.capacity = room.capacity.copy()
    changed.capacity[leg] += units
    return changed


def limited_legs(made: Rig, prices: Ints, rng: Random) -> list[int]:
    """Legs with limited room, those with a price first."""
    capacity = made.timetable.arrays["row_capacity"][: made.timetable.num_legs]
    legs = [int(leg) for leg in np.flatnonzero((capacity < NO_LIMIT) & (capacity > 0))]
    rng.shuffle(legs)
    return sorted(legs, key=lambda leg: prices[leg] == 0)[:3]


def test_dual_lies_between_what_one_more_saves_and_one_less_costs():
    """V(c) - V(c + 1) <= -mu <= V(c - 1) - V(c) of the linear program, by counting units."""
    wrong, priced = {}, 0
    for seed in range(SEED, SEED + NUM_LINEAR):
        made = rig(vehicle_linear_world(seed))
        room = Room(made.problem, made.timetable)
        here = relaxed(made, room)
        for leg in limited_legs(made, here.row_prices, Random(seed)):
            more = relaxed(made, with_units(room, leg, 1)).lp_bound
            less = relaxed(made, with_units(room, leg, -1)).lp_bound
            price = int(here.row_prices[leg])
            # The linear program is solved to a billionth of its value.
            error = SCALE + abs(here.lp_bound) / 10**8
            if not here.lp_bound - more - error <= price <= less - here.lp_bound + error:
                wrong[f"vehicle_linear_world({seed})", leg] = more, here.lp_bound, less, price
            priced += price > 0
    assert not wrong
    assert priced > NUM_LINEAR / 4


def exact_values() -> Iterator[tuple[str, Problem, SlotValue]]:
    """Exact values of slots of random worlds with everything, boxes too."""
    found = 0
    for number in count():
        problem = without(random_world(SEED + number), "kept")
        result = solve(problem, SolveOptions(slot_values=2))
        if result.status != OPTIMAL:
            continue
        for value in result.plan.slot_values:
            if value.exact is not None and can_grow(problem, value):
                found += 1
                yield f"random_world({SEED + number})", problem, value
        if found >= NUM_EXACT:
            return


def can_grow(problem: Problem, value: SlotValue) -> bool:
    """Whether tables can say "one more unit on every leg of this departure and no other"."""
    service = problem.network.services[value.service_id]
    capped = any(call.capacity_onward is not None for call in service.calls)
    slowed = any(
        row.what == service.id and row.effect == "capacity_factor" for row in problem.network.closures
    )
    return service.capacity is not None and not capped and not slowed


def grown(problem: Problem, value: SlotValue) -> Problem:
    """The world with one more unit on a departure."""
    network = problem.network
    service = network.services[value.service_id]
    unit = 100 if service.capacity_unit in ("ceu", "cbm") else 1
    assert service.capacity is not None
    others, row = [], None
    for exception in network.exceptions:
        if (exception.service_id, exception.day) == (value.service_id, value.departure_day):
            row = exception
        else:
            others.append(exception)
    row = row or DepartureException(service_id=value.service_id, day=value.departure_day, effect="changed")
    capacity = service.capacity if row.capacity is None else row.capacity
    exceptions = (*others, replace(row, capacity=capacity + unit))
    return replace(problem, network=replace(network, exceptions=exceptions))


def test_exact_value_of_a_slot_is_what_the_oracle_finds_with_one_more():
    wrong, worth = {}, 0
    for name, problem, value in exact_values():
        try:
            before, after = optimum(problem), optimum(grown(problem, value))
        except TooLargeError:
            continue
        if value.exact != before.value - after.value:
            wrong[name] = value, before.value, after.value
        worth += bool(value.exact)
    assert not wrong
    assert worth
