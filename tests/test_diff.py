"""What is different in a new plan: totals, and vehicles that go another way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from planner.diff import ALL_ROAD, LEFT_OUT, NOT_THERE, Move, Version, compare, way_text
from planner.model import Unplanned
from tests.render.sample_plan import PLAN, PROBLEM

DUE = {batch.id: batch.due_min for batch in PROBLEM.batches}
FIRST, SECOND = PLAN.batches
TRAIN = "TRAIN of 2027-03-08, CN-RAIL to DE-RAIL"
SHIP = "SHIP of 2027-03-08, CN-SEA to DE-YARD"


def with_first(**changes):
    """The plan with another entry of its first batch; sums of the plan stay as they were."""
    return replace(PLAN, batches=(replace(FIRST, **changes), SECOND))


def diff(new, old=PLAN):
    return compare(Version(plan=old, due_min=DUE), Version(plan=new, due_min=DUE))


def totals(found):
    return {total.name: (total.old, total.new, total.difference) for total in found.totals}


def vehicles(*numbers):
    """Itineraries of the first batch with these numbers of vehicles; 0 = without it."""
    rides = zip(FIRST.itineraries, numbers, strict=True)
    return tuple(replace(one, vehicles=number) for one, number in rides if number)


def test_equal_plans_are_equal():
    found = diff(PLAN)
    assert found.is_equal
    assert found.changes == ()
    assert all(total.difference == 0 for total in found.totals)


def test_a_plan_with_another_bound_or_booking_is_not_equal_but_no_batch_changed():
    for new in (
        replace(PLAN, bound=1),
        with_first(itineraries=(replace(FIRST.itineraries[0], booked=True),)),
    ):
        assert not diff(new).is_equal
    assert diff(replace(PLAN, bound=1)).changes == ()


def test_vehicles_that_change_to_another_ride_are_told_with_both_ways():
    found = diff(with_first(itineraries=vehicles(2, 3, 5)))
    (change,) = found.changes
    assert change.batch_id == "B-1"
    assert change.moves == (Move(vehicles=2, old=TRAIN, new=SHIP),)


def test_vehicles_that_go_by_another_truck_only_change_no_ride():
    (change,) = diff(with_first(itineraries=vehicles(3, 4, 3))).changes
    assert change.moves == ()
    assert (change.cents, change.door_min) == (0, 0)


def test_cost_and_days_of_a_batch_are_new_minus_old():
    (change,) = diff(with_first(itineraries=vehicles(2, 3, 5))).changes
    assert change.cents == 2 * (70_000 + 3_042) - 2 * 1_000
    train, ship = (FIRST.itineraries[number].delivered_min for number in (0, 2))
    assert change.door_min == Fraction(2 * (ship - train), 10)


def test_a_batch_that_costs_more_on_the_same_ways_has_changed():
    lines = (replace(FIRST.itineraries[2].lines[0], unit_cents=1), *FIRST.itineraries[2].lines[1:])
    dearer = (*FIRST.itineraries[:2], replace(FIRST.itineraries[2], lines=lines))
    (change,) = diff(with_first(itineraries=dearer)).changes
    assert (change.moves, change.cents) == ((), 3 * (1 - 70_000))


def test_vehicles_newly_left_out_and_newly_planned_are_told_apart():
    left = Unplanned(vehicles=5, reason="no_room", facts="")
    worse = diff(with_first(itineraries=vehicles(1, 3, 3), unplanned=left))
    assert (worse.newly_left_out, worse.newly_planned) == ({"B-1": 3}, {})
    assert worse.changes[0].moves == (Move(vehicles=3, old=TRAIN, new=LEFT_OUT),)
    better = diff(PLAN, old=with_first(itineraries=vehicles(1, 3, 3), unplanned=left))
    assert (better.newly_left_out, better.newly_planned) == ({}, {"B-1": 3})


def test_moves_over_several_ways_add_up():
    """Two ways lose vehicles, one gains: everybody is moved once."""
    left = Unplanned(vehicles=12, reason="no_room", facts="")
    (change,) = diff(with_first(itineraries=(), box_runs=(), shares=(), unplanned=left)).changes
    assert change.moves == (
        Move(vehicles=7, old=TRAIN, new=LEFT_OUT),
        Move(vehicles=3, old=SHIP, new=LEFT_OUT),
    )
    assert change.new_door_min is None
    assert change.door_min is None


def test_a_batch_in_one_plan_only_comes_from_or_goes_nowhere():
    alone = replace(PLAN, batches=(SECOND,))
    gone = diff(alone)
    assert gone.changes[0].moves[0] == Move(vehicles=7, old=TRAIN, new=NOT_THERE)
    assert gone.newly_left_out == {}
    come = diff(PLAN, old=alone)
    assert [move.old for move in come.changes[0].moves] == [NOT_THERE] * 3


def test_a_batch_of_another_size_has_vehicles_from_nowhere():
    (change,) = diff(with_first(itineraries=vehicles(4, 3, 8))).changes
    assert change.moves == (Move(vehicles=5, old=NOT_THERE, new=SHIP),)


def test_late_vehicles_are_those_delivered_after_due():
    assert totals(diff(PLAN))["late"] == (3, 3, 0)
    assert totals(diff(with_first(itineraries=vehicles(4, 3, 0))))["late"] == (3, 0, -3)


def test_averages_of_a_plan_without_vehicles_are_not_known():
    nobody = replace(PLAN, batches=(SECOND,), cents=0, vehicle_min=0, grams=0)
    found = totals(diff(nobody))
    assert found["cost of a vehicle"] == (Fraction(PLAN.cents, 10), None, None)
    assert found["door to door"][1:] == (None, None)


def test_co2e_that_one_plan_does_not_know_has_no_difference():
    found = totals(diff(replace(PLAN, grams=None)))
    assert found["CO2e"] == (PLAN.grams, None, None)
    assert "CO2e of a vehicle" not in found
    unknown = replace(PLAN, grams=None)
    assert "CO2e" not in totals(diff(unknown, old=unknown))


def test_plans_in_two_currencies_are_not_compared():
    with pytest.raises(ValueError, match="one plan is in USD, the other in EUR"):
        diff(replace(PLAN, currency="EUR"))


def test_the_way_of_an_itinerary_names_its_rides_or_the_road():
    train = FIRST.itineraries[0]
    assert way_text(train) == TRAIN
    assert way_text(replace(train, stages=train.stages[:5])) == ALL_ROAD
