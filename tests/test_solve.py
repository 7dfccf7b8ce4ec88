"""The whole way from a problem to a checked plan: proof, limits, wishes to stop, figures out of all range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from planner.model import Problem
from planner.model.results import OPTIMAL
from planner.solve import solve
from tests.oracles.enumeration import optimum
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny


def planned(problem: Problem) -> list[int]:
    """Vehicles that ride, by batch."""
    return [batch.planned_vehicles for batch in solve(problem).plan.batches]


def test_enormous_prices_of_being_left_out_never_prove_a_wrong_plan():
    # room is dearer here than a leg that is closed: such rides were taken for impossible by the bound
    world = tiny("""
        service rail plant -> port@24 form=boxed price=90 room=2
        batch 3 car plant -> port unplanned=10000000000
        batch 6 car plant -> port unplanned=30000000000
        batch 3 car plant -> port unplanned=100000000000
    """)
    result = solve(world)
    best = 3 * 10**10 + 3 * 3 * 10**10 + 2 * 90
    assert result.plan.value == best
    assert result.plan.lp_bound is not None
    assert result.plan.lp_bound <= best
    assert result.status == OPTIMAL


def test_enormous_price_of_lateness_does_not_wrap_around():
    world = tiny("""
        terms cost max_late=1440
        service rail plant -> port@960 form=boxed price=90
        batch 3 car plant -> port due=24 late=100000000000
        batch 3 car plant -> port due=24 late=10
    """)
    plan = solve(world).plan
    assert [batch.planned_vehicles for batch in plan.batches] == [0, 3]
    left = plan.batches[0].unplanned
    assert left is not None
    assert left.reason == "too_dear"
    # 39 days and 8 hours late at a thousand million dollars a day, and a third of a box
    assert "costs 39,333,333,333.63 USD a vehicle" in left.facts


def test_large_room_is_not_overfilled_by_the_tolerance_of_the_relaxation():
    # a millionth of 500,000,000 hundredths of a cubic metre is more than one hundredth
    world = tiny("""
        type car cbm=15.01 per_box=0
        service roro plant -> port@24 unit=cbm room=5000041.13 price=40
        service slow plant -> port@48 price=4000
        batch 333114 car plant -> port
    """)
    plan = solve(world).plan
    assert [itinerary.vehicles for itinerary in plan.batches[0].itineraries] == [333_113, 1]


def test_fastest_plan_stands_where_money_is_beyond_the_relaxation():
    world = tiny("""
        terms time max_late=1440
        service rail plant -> port@960 form=boxed price=90 room=2
        batch 3 car plant -> port due=24 late=100000000000
        batch 3 car plant -> port due=24 late=60000000000
        batch 3 car plant -> port due=24 late=30000000000
    """)
    assert sum(planned(world)) == 6


def test_room_written_as_a_very_large_number_is_still_a_limit():
    world = tiny("""
        service roro plant -> port@24 price=20 unit=ceu room=9999999999999
        batch 3 car plant -> port
    """)
    (use,) = solve(world).plan.departures
    assert (use.used, use.capacity) == (300, 999_999_999_999_900)


def test_problem_without_batches_is_refused():
    with pytest.raises(ValueError, match="without batches"):
        solve(tiny("place plant"))


def test_million_vehicles_of_a_batch_fill_boxes_to_the_last():
    world = tiny("""
        service rail plant -> port@24 form=boxed price=90 room=300000
        service barge plant -> port@30 price=40 room=99999
        road plant -> port hours=90 price=300
        batch 1000000 car plant -> port
    """)
    plan = solve(world).plan
    # 300,000 boxes of three, 99,999 on the barge, one on the road
    assert plan.value == plan.bound == 300_000 * 90 + 99_999 * 40 + 300


def test_plans_of_worlds_with_everything_are_proved_and_are_those_of_the_oracle(
    num_worlds: Callable[[int], int], seed: int
):
    """Charters, limits of days, closures, wishes, grams, parts and all: value, bound and money."""
    proven = charters = riding = 0
    for number in range(seed, seed + num_worlds(300)):
        problem, name = whole_world(number), f"whole_world({number})"
        best, result = optimum(problem), solve(problem)
        plan = result.plan
        assert plan.bound is not None
        assert plan.bound <= best.value <= plan.value, name
        if result.status == OPTIMAL:
            assert plan.value == best.value, name
            if problem.terms.objective in ("time", "co2e"):
                assert plan.cents == best.cents, name
            proven += 1
        charters += bool(plan.charters)
        riding += any(batch.itineraries for batch in plan.batches)
    assert proven >= 0.95 * num_worlds(300)
    assert charters
    assert riding > num_worlds(300) / 2


def test_plans_around_what_is_booked_are_those_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    """Some parts of a first plan are booked as they are; the rest is planned again."""
    rng = Random(seed)
    booked = 0
    for number in range(seed, seed + num_worlds(200)):
        world, name = whole_world(number), f"whole_world({number})"
        kept = {}
        for batch in solve(world).plan.batches:
            parts = {itinerary.part for itinerary in batch.itineraries if rng.random() < 0.5}
            itineraries = [itinerary for itinerary in batch.itineraries if itinerary.part in parts]
            if itineraries:
                kept[batch.batch_id] = tuple(replace(one, booked=True) for one in itineraries)
        problem = replace(world, kept=kept)
        best, plan = optimum(problem), solve(problem).plan
        assert plan.bound is not None
        assert plan.bound <= best.value <= plan.value, name
        for batch in plan.batches:
            stages = [itinerary.stages for itinerary in batch.itineraries if itinerary.booked]
            assert stages == [one.stages for one in kept.get(batch.batch_id, ())], name
        booked += bool(kept)
    assert booked > num_worlds(200) / 3
