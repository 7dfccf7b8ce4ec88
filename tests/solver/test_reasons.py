"""Why a batch stays: the first rule that fails, with the figures behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from planner.model import Batch, Problem
from planner.model.plans import Unplanned
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.objectives import goal_of
from planner.solver.reasons import explain_unplanned
from tests.oracles.enumeration import ways_of
from tests.oracles.ways import TooLargeError
from tests.solver.rig import Rig, rig
from tests.tiny import tiny
from tests.worlds import plain_world

BARGE = "service barge plant -> port@24 leaves=Mon at=08:00 until=1 price=40 room=10\n"


def explain(made: Rig, choice: Choice) -> dict[int, Unplanned]:
    (reasons,) = explain_unplanned([(made.bench, choice)])
    return reasons


def all_left_out(text: str) -> list[Unplanned]:
    made = rig(tiny(text))
    reasons = explain(made, Choice(made.problem))
    return [reasons[batch] for batch in range(len(made.problem.batches))]


def test_who_rides_needs_no_reason():
    made = rig(tiny(BARGE + "batch 4 car plant -> port\nbatch 3 car plant -> port"))
    (column,) = (column for _, column in made.recover_all(0, 1, goal_of(made.problem).weights(0)))
    reasons = explain(made, Choice(made.problem, [{column: 4}, {}]))
    assert list(reasons) == [1]
    assert reasons[1].vehicles == 3


def test_no_route_where_nothing_leads_there_at_any_time():
    (reason,) = all_left_out(BARGE + "batch 4 car plant -> market")
    assert (reason.reason, reason.vehicles) == ("no_route", 4)
    assert reason.facts == "no service or road leads car from plant to market"
    (closed,) = all_left_out(BARGE + "type suv un=UN3556\nbatch 4 suv plant -> port")
    assert closed.reason == "not_carried"


@pytest.mark.parametrize(("due", "reason"), [(31, "too_late"), (32, "no_room")])
def test_too_late_where_the_earliest_delivery_is_after_the_latest_allowed(due: int, reason: str):
    (found,) = all_left_out(BARGE + f"batch 4 car plant -> port due={due}")
    assert found.reason == reason


def test_too_late_tells_both_times_and_the_days_between():
    (found,) = all_left_out("place port zone=Europe/Berlin\n" + BARGE + "batch 4 car plant -> port due=7")
    assert found.facts == (
        "earliest possible delivery is 2025-03-04 09:00, latest allowed 2025-03-03 08:00: 2 days short"
    )


def test_lateness_that_is_allowed_is_not_too_late():
    text = "terms cost max_late=24\n" + BARGE + "batch 4 car plant -> port due={} late=0"
    assert all_left_out(text.format(8))[0].reason == "no_room"
    assert all_left_out(text.format(7))[0].reason == "too_late"


def test_earliest_delivery_does_not_look_at_the_price():
    (found,) = all_left_out(
        BARGE
        + "service air plant -> port@3 leaves=Mon at=08:00 price=99999\nbatch 4 car plant -> port due=10"
    )
    assert "earliest possible delivery is 2025-03-03 11:00" in found.facts


@pytest.mark.parametrize(("price", "reason"), [(40, "too_dear"), (41, "no_room")])
def test_too_dear_where_carrying_costs_at_least_as_much_as_leaving_out(price: int, reason: str):
    (found,) = all_left_out(BARGE + f"batch 4 car plant -> port unplanned={price}")
    assert found.reason == reason


def test_too_dear_counts_the_fill_of_the_box_that_is_cheapest_per_vehicle():
    rail = "service rail plant -> port@24 form=boxed price=90\n"
    (lone,) = all_left_out(rail + "batch 1 car plant -> port unplanned=89")
    assert lone.reason == "too_dear"
    assert lone.facts == "the cheapest itinerary costs 0.90 USD a vehicle, leaving out costs 0.89 USD"
    (full,) = all_left_out(rail + "batch 4 car plant -> port unplanned=31")
    assert full.reason == "no_room"
    (still,) = all_left_out(rail + "batch 4 car plant -> port unplanned=30")
    assert still.facts == "the cheapest itinerary costs 0.30 USD a vehicle, leaving out costs 0.30 USD"


def through(made: Rig) -> Column:
    """The itinerary of the first batch that is a single ride."""
    found = made.recover_all(0, 1, goal_of(made.problem).weights(0))
    (column,) = (column for _, column in found if len(column.arcs) == 1)
    return column


def test_no_room_names_the_first_full_leg_of_the_cheapest_itinerary():
    text = """
        service rail plant -> hub@5-6* -> border@9-10 -> port@24 unit=ceu price=40 room=3 onward=3,2.5
        batch 2 car plant -> port
        batch 3 car plant -> port
    """
    made = rig(tiny(text))
    reasons = explain(made, Choice(made.problem, [{through(made): 2}, {}]))
    assert reasons[1].facts == ("rail of 2025-03-03 has no room from hub to border: 2 of 2.5 ceu are taken")
    boxes = rig(tiny(text.replace("unit=ceu", "form=boxed").replace("room=3 onward=3,2.5", "room=1")))
    reasons = explain(boxes, Choice(boxes.problem, [{through(boxes): 2}, {}]))
    assert reasons[1].facts == (
        "rail of 2025-03-03 has no room from plant to hub: 1 of 1 feu are taken, and 2 more limits of its "
        "cheapest itinerary"
    )


def test_fastest_counts_where_the_objective_is_time():
    (found,) = all_left_out("terms time unplanned=1\n" + BARGE + "batch 4 car plant -> port unplanned=1")
    assert (
        found.reason == "no_room"
    )  # 32 hours against a thousand days; the price of leaving out is no matter
    made = tiny("terms time\n" + BARGE + "batch 4 car plant -> port")
    short = rig(replace(made, terms=replace(made.terms, unplanned_min=32 * 60)))
    assert explain(short, Choice(short.problem))[0] == Unplanned(
        vehicles=4,
        reason="too_dear",
        facts="the fastest itinerary takes 1.3 days, leaving out counts 1.3 days",
    )


def has_way(problem: Problem, batch: Batch) -> bool:
    try:
        return len(ways_of(problem, batch)) > 0
    except TooLargeError:
        return True  # more of them than the oracle writes out


def test_reasons_agree_with_the_complete_list(num_worlds: Callable[[int], int], seed: int):
    """Everybody left out of random worlds with due dates drawn close: the rule that fails is the oracle's."""
    rng = Random(seed)
    met = set()
    for number in range(seed, seed + num_worlds(120)):
        world = plain_world(number)
        hurried = tuple(
            replace(row, due_min=row.ready_min + rng.randrange(3, 14) * 1_440, late_price=None)
            for row in world.batches
        )
        problem = replace(world, batches=hurried)
        made = rig(problem)
        reasons = explain(made, Choice(problem))
        weights = goal_of(problem).weights(0)
        for batch, row in enumerate(problem.batches):
            name = f"plain_world({number}) {row.id}"
            ways = ways_of(problem, row)
            penalty = problem.terms.unplanned_cost(row) * 1_000_000
            sizes = [size for size in made.sizes(batch) if size <= row.vehicles]
            if not ways:
                expected = {"no_route", "not_carried", "too_late"}
            elif any(made.cost(batch, way, s, weights) < penalty * s for way in ways for s in sizes):
                expected = {"no_room"}
            else:
                expected = {"too_dear"}
            assert reasons[batch].reason in expected, name
            assert reasons[batch].vehicles == row.vehicles, name
            if not ways and has_way(problem, replace(row, due_min=row.due_min + 20 * 1_440)):
                assert reasons[batch].reason == "too_late", name
            met |= {reasons[batch].reason}
    assert met >= {"too_late", "no_room", "too_dear"}


def test_what_a_part_pays_once_is_borne_by_all_that_are_left_out():
    world = BARGE + "charge port unload mode=barge per=part price=200\nbatch 4 car plant -> port unplanned={}"
    # 40 + 200 / 4
    (dear,) = all_left_out(world.format(90))
    assert dear.reason == "too_dear"
    assert "costs 0.90 USD a vehicle, leaving out costs 0.90 USD" in dear.facts
    (worth_it,) = all_left_out(world.format(91))
    assert worth_it.reason == "no_room"


def test_part_that_is_ridden_has_paid():
    made = rig(
        tiny(
            BARGE + "charge port unload mode=barge per=part price=200\nbatch 4 car plant -> port unplanned=90"
        )
    )
    (column,) = (column for _, column in made.recover_all(0, 1, goal_of(made.problem).weights(0)))
    reasons = explain(made, Choice(made.problem, [{column: 3}]))
    assert reasons[0].reason == "no_room"  # the last would ride for 40
