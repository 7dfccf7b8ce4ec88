"""Column generation and its bounds against the complete list of itineraries of random worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from planner.model import Problem
from planner.model.results import SolveOptions
from planner.network.timetable import NO_LIMIT
from planner.solver.choice import Choice
from planner.solver.delivery import SCALE
from planner.solver.objectives import cheapest_among_best, goal_of
from planner.solver.relaxation import ColumnGeneration, Relaxation, bound_boxes, scaled_prices
from planner.solver.search import ceil_scaled
from tests.conftest import PROOF, SEED
from tests.oracles.enumeration import Optimum, Way, optimum, ways_of
from tests.oracles.rules import BatchRules, LegUse, leg_capacity
from tests.solver.rig import Rig, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny
from tests.worlds import plain_world, random_world

NUM_WORLDS = 200 if PROOF else 20


@dataclass(frozen=True)
class Relaxing:
    """A random world, its ways and optimum, and column generation run to its end."""

    name: str
    made: Rig
    ways: list[list[Way]]
    best: Optimum
    relaxation: Relaxation
    bounds: list[Fraction]


def relax(
    made: Rig, options: SolveOptions | None = None, stop_after: int | None = None
) -> tuple[Relaxation, list[Fraction]]:
    """Column generation from the first plan; the bounds of its rounds."""
    bounds: list[Fraction] = []
    generation = ColumnGeneration(
        made.problem,
        made.pricer,
        made.goal,
        made.room,
        made.first_plan().columns(),
        options or SolveOptions(),
        on_round=lambda _, bound: bounds.append(bound),
        should_stop=lambda: stop_after is not None and len(bounds) >= stop_after,
    )
    return generation.run(), bounds


@pytest.fixture(scope="module")
def worlds() -> list[Relaxing]:
    outcomes = []
    for number in range(SEED, SEED + NUM_WORLDS):
        problem = plain_world(number)
        ways = [ways_of(problem, batch) for batch in problem.batches]
        made = rig(problem)
        relaxation, bounds = relax(made)
        best = optimum(problem, ways)
        outcomes.append(Relaxing(f"plain_world({number})", made, ways, best, relaxation, bounds))
    return outcomes


def linear_optimum(problem: Problem, ways: list[list[Way]]) -> float:
    """Value of the program over all itineraries with fractions of vehicles and boxes at 1/k."""
    fast = problem.terms.objective == "time"
    model = mathopt.Model()
    room: dict[LegUse, mathopt.LinearConstraint] = {}
    for number, batch in enumerate(problem.batches):
        rules = BatchRules(problem, batch)
        demand = model.add_linear_constraint(lb=batch.vehicles, ub=batch.vehicles)
        left_out = model.add_variable(lb=0, ub=batch.vehicles)
        demand.set_coefficient(left_out, 1)
        model.objective.set_linear_coefficient(left_out, problem.terms.unplanned_cost(batch))
        for way in ways[number]:
            amount = model.add_variable(lb=0)
            demand.set_coefficient(amount, 1)
            box = way.run[2] / rules.per_box if way.run is not None else 0.0
            model.objective.set_linear_coefficient(amount, way.minutes if fast else way.vehicle_cents + box)
            for use in way.uses:
                boxed = problem.network.services[use[0]].form == "boxed"
                if use not in room:
                    room[use] = model.add_linear_constraint(ub=leg_capacity(problem, use))
                room[use].set_coefficient(amount, 1 / rules.per_box if boxed else rules.units(use[0]))
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    assert result.termination.reason == mathopt.TerminationReason.OPTIMAL
    return result.objective_value()


def test_linear_bound_is_the_linear_program_over_all_itineraries(worlds: list[Relaxing]):
    equal = 0
    for world in worlds:
        value = linear_optimum(world.made.problem, world.ways)
        bound = float(world.relaxation.lp_bound / SCALE)
        assert bound <= value * (1 + 1e-6) + 1e-6, world.name
        equal += bound >= value * (1 - 1e-6) - 1
    # walks that go round in a circle may lower the bound of a few
    assert equal >= 0.9 * len(worlds), equal


def test_linear_bound_box_bound_and_optimum_come_in_this_order(worlds: list[Relaxing]):
    tight = 0
    for world in worlds:
        relaxation = world.relaxation
        assert relaxation.lp_bound <= relaxation.box_bound <= world.best.value * SCALE, world.name
        tight += ceil_scaled(relaxation.box_bound) == world.best.value
    assert tight > len(worlds) / 2


def test_whole_boxes_lift_the_bound(worlds: list[Relaxing]):
    assert any(world.relaxation.box_bound > world.relaxation.lp_bound for world in worlds)


def test_bounds_of_the_rounds_never_fall(worlds: list[Relaxing]):
    for world in worlds:
        assert world.bounds == sorted(world.bounds), world.name
        assert world.bounds[-1] == world.relaxation.box_bound, world.name
        assert len(world.bounds) == world.relaxation.rounds, world.name


def test_prices_of_the_best_bound_give_that_bound_again(worlds: list[Relaxing]):
    for world in worlds:
        made, relaxation = world.made, world.relaxation
        bound = bound_boxes(made.problem, made.pricer, made.goal, made.room, relaxation.row_prices)
        assert relaxation.box_bound <= bound.value <= world.best.value * SCALE, world.name


def test_bound_holds_under_any_prices_of_room(worlds: list[Relaxing]):
    """Nothing, little, far too much, beyond the range of prices: the bound may be poor, never wrong."""
    rng = Random(SEED)
    for world in worlds:
        made = world.made
        limited = made.room.capacity < 10**9
        most = made.pricer.most_row_prices()
        for top in (1e2, 1e4, 1e7, 1e18):
            wanted = {
                int(row): rng.choice((0.0, 1.0)) * rng.random() * top for row in np.flatnonzero(limited)
            }
            prices = scaled_prices(wanted, most)
            bound = bound_boxes(made.problem, made.pricer, made.goal, made.room, prices)
            assert bound.value <= world.best.value * SCALE, (world.name, top)


def test_every_round_has_a_bound_that_holds(worlds: list[Relaxing]):
    for world in worlds[: len(worlds) // 2]:
        for rounds in range(4):
            relaxation, _ = relax(world.made, SolveOptions(max_rounds=rounds))
            assert relaxation.box_bound <= world.best.value * SCALE, world.name
            assert relaxation.rounds <= rounds
            assert relaxation.stopped_by == ("rounds" if rounds < world.relaxation.rounds else None), (
                world.name
            )


def test_wish_to_stop_ends_it_after_the_round(worlds: list[Relaxing]):
    stopped = 0
    for world in worlds:
        relaxation, bounds = relax(world.made, stop_after=1)
        if relaxation.stopped_by:
            assert relaxation.stopped_by == "cancelled"
            assert len(bounds) <= 2  # a phase that is over in its first round goes on to the next
            stopped += len(bounds) < len(world.bounds)
        assert relaxation.box_bound <= world.best.value * SCALE, world.name
    assert stopped


def test_held_minutes_bound_the_money_of_the_fastest(worlds: list[Relaxing]):
    """Under any number of held minutes: no less than the fastest needs."""
    for world in worlds:
        problem = world.made.problem
        if problem.terms.objective != "time":
            continue
        goal = cheapest_among_best(problem, world.best.value)
        fastest = Choice(problem)
        by_moves = [
            {
                world.made.key_of(column): column
                for _, column in world.made.recover_all(batch, 1, goal_of(problem).weights(0))
            }
            for batch in range(len(problem.batches))
        ]
        for number, way, vehicles in world.best.chosen:
            fastest.rides[number][by_moves[number][way.moves]] = vehicles
        generation = ColumnGeneration(
            problem,
            world.made.pricer,
            goal,
            world.made.room,
            fastest.columns(),
            SolveOptions(),
            on_round=lambda _number, _bound: None,
            should_stop=lambda: False,
        )
        assert generation.run().box_bound <= world.best.cents * SCALE, world.name


def test_half_a_box_is_bounded_as_a_whole_one():
    made = rig(
        tiny("""
            service rail plant -> port@24 form=boxed price=90
            batch 4 car plant -> port
        """)
    )
    relaxation, _ = relax(made)
    assert (ceil_scaled(relaxation.lp_bound), ceil_scaled(relaxation.box_bound)) == (120, 180)


def test_bound_meets_a_batch_that_pays_once_for_its_one_part():
    made = rig(
        tiny("""
            service barge plant -> port@24 price=40
            charge port unload mode=barge per=part price=100
            batch 9 car plant -> port
            batch 3 car plant -> port ready=1
        """)
    )
    relaxation, _ = relax(made)
    # a ninth of 100 a vehicle is rounded down: not a whole cent is lost
    assert ceil_scaled(relaxation.lp_bound) == 12 * 40 + 2 * 100
    bound = bound_boxes(made.problem, made.pricer, made.goal, made.room, relaxation.row_prices)
    assert ceil_scaled(Fraction(bound.value)) == 12 * 40 + 2 * 100


def test_bound_of_a_smaller_batch_of_the_source_spreads_over_the_larger():
    made = rig(
        tiny("""
            service barge plant -> port@24 price=40
            charge port unload mode=barge per=part price=100
            batch 9 car plant -> port
            batch 3 car plant -> port
        """)
    )
    relaxation, _ = relax(made)
    assert ceil_scaled(relaxation.lp_bound) == 12 * 40 + 100 + 34  # 3 / 9 of 100


def test_room_that_ran_out_is_worth_what_the_next_ride_costs_more():
    made = rig(
        tiny("""
            service barge plant -> port@24 price=40 room=5
            service rail plant -> port@24 price=70
            batch 9 car plant -> port
        """)
    )
    relaxation, _ = relax(made)
    legs = {key[0]: leg for key, leg in made.legs.items()}
    assert relaxation.row_prices[legs["barge"]] == 30 * SCALE
    assert relaxation.row_prices[legs["rail"]] == 0
    assert relaxation.lp_bound == (5 * 40 + 4 * 70) * SCALE


@pytest.mark.parametrize(("make", "share"), [(whole_world, 4), (random_world, 1)])
def test_bounds_of_worlds_with_everything_hold_under_any_prices_of_rows(
    make: Callable[[int], Problem], share: int
):
    """Days, held space, charters, parts, what is kept: column generation's own bound, and any other."""
    rng = Random(SEED)
    charters = tight = 0
    for number in range(SEED, SEED + share * NUM_WORLDS):
        made, name = rig(make(number)), f"{make.__name__}({number})"
        # A choice is what is planned beside what is kept.
        best = (optimum(made.problem).value - made.kept_value()) * SCALE
        relaxation, _ = relax(made)
        assert relaxation.lp_bound <= relaxation.box_bound <= best, name
        tight += ceil_scaled(relaxation.box_bound) * SCALE == best
        charters += bool(made.room.charters)
        most = made.pricer.most_row_prices()
        for top in (1e2, 1e4, 1e7, 1e18):
            limited = np.flatnonzero(made.room.capacity < NO_LIMIT)
            wanted = {int(row): rng.choice((0.0, 1.0)) * rng.random() * top for row in limited}
            prices = scaled_prices(wanted, most)
            bound = bound_boxes(made.problem, made.pricer, made.goal, made.room, prices)
            assert bound.value <= best, (name, top)
    assert charters
    assert tight
