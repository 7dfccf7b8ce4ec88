"""Value and load of a choice against sums by hand; goals that weigh money and minutes."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.objectives import Goal, cheapest_among_best, goal_of
from tests.solver.rig import cents_of, minutes_of, rig
from tests.tiny import tiny

WORLD = """
    type kit per_box=4
    terms {objective} unplanned=1000
    batch 10 car plant -> port
    batch 6 kit plant -> port priority=1
"""


def column(batch: int, number: int, **facts) -> Column:
    own = {
        "vehicle_cents": 10,
        "box_cents": 0,
        "minutes": 60,
        "vehicle_rows": (),
        "box_rows": (),
        "run": None,
    }
    return Column(batch=batch, arcs=(number,), **{**own, **facts})


LOOSE = column(0, 1, vehicle_cents=70, minutes=100, vehicle_rows=((0, 127), (1, 127)))
BOXED = column(0, 2, vehicle_cents=5, box_cents=90, minutes=50, box_rows=(2, 3), run=("a",))
OTHER_ROAD = column(0, 3, vehicle_cents=8, box_cents=90, minutes=40, box_rows=(2, 3), run=("a",))
OTHER_RUN = column(0, 4, vehicle_cents=5, box_cents=91, minutes=50, box_rows=(2,), run=("b",))
KIT = column(1, 5, vehicle_cents=1, box_cents=40, minutes=30, box_rows=(2,), run=("a",))


def choice(objective: str = "cost", *rides: dict[Column, int]) -> Choice:
    return Choice(tiny(WORLD.format(objective=objective)), list(rides))


def value(of: Choice, goal: Goal | None = None) -> int:
    return of.value_under(goal or goal_of(of.problem), rig(of.problem).room)


def test_nobody_rides_in_a_new_choice():
    empty = choice()
    assert [empty.left_out(batch) for batch in (0, 1)] == [10, 6]
    assert [cents_of(empty, batch) for batch in (0, 1)] == [0, 0]
    assert value(empty) == empty.penalty_under(goal_of(empty.problem)) == 10 * 1_000 + 6 * 2_000


def test_part_pays_once_whatever_itineraries_and_vehicles_it_has():
    part = {"chain": ((0, 0, 1),), "part_prices": (300, 40)}
    one, two = column(0, 6, **part), column(0, 7, **part)
    assert cents_of(choice("cost", {one: 2, two: 5}, {}), 0) == 7 * 10 + 340
    assert minutes_of(choice("cost", {one: 2, two: 5}, {}), 0) == 7 * 60
    other = column(0, 8, chain=((0, 0, 2),), part_prices=(300,))
    assert cents_of(choice("cost", {one: 1, other: 1, LOOSE: 1}, {}), 0) == 10 + 340 + 10 + 300 + 70


def test_itineraries_of_one_run_share_boxes_and_those_of_two_do_not():
    shared = choice("cost", {BOXED: 2, OTHER_ROAD: 2, LOOSE: 1}, {KIT: 6})
    assert shared.boxes(0) == {("a",): 2}  # four cars, three a box
    assert cents_of(shared, 0) == 2 * 5 + 2 * 8 + 70 + 2 * 90
    assert shared.boxes(1) == {("a",): 2}  # the run of another batch: boxes of its own, four kits each
    assert cents_of(shared, 1) == 6 + 2 * 40
    apart = choice("cost", {BOXED: 2, OTHER_RUN: 2}, {})
    assert apart.boxes(0) == {("a",): 1, ("b",): 1}
    assert cents_of(apart, 0) == 4 * 5 + 90 + 91
    assert cents_of(apart, 1) == 0


def test_value_is_money_or_minutes_and_the_price_of_leaving_out():
    rides = ({BOXED: 4, LOOSE: 1}, {KIT: 5})
    by_cost, by_time = choice("cost", *rides), choice("time", *rides)
    cents = (4 * 5 + 70 + 2 * 90) + (5 + 2 * 40)
    minutes = (4 * 50 + 100) + 5 * 30
    day = 1_440
    assert value(by_cost) == cents + 5 * 1_000 + 1 * 2_000
    assert value(by_time) == minutes + (5 + 2) * 1_000 * day
    assert [minutes_of(by_time, batch) for batch in (0, 1)] == [300, 150]
    assert value(by_time, cheapest_among_best(by_time.problem, 1)) == cents


def test_load_counts_vehicles_loose_and_boxes_once_a_run():
    load = np.zeros(5, dtype=np.int64)
    full = choice("cost", {BOXED: 2, OTHER_ROAD: 2, LOOSE: 3, OTHER_RUN: 1}, {KIT: 5})
    full.add_load(load, 0)
    assert list(load) == [3 * 127, 3 * 127, 2 + 1, 2, 0]
    full.add_load(load, 1)
    assert list(load) == [3 * 127, 3 * 127, 2 + 1 + 2, 2, 0]
    full.add_load(load, 0, -1)
    full.add_load(load, 1, -1)
    assert not load.any()


def test_copy_is_a_choice_of_its_own():
    one = choice("cost", {LOOSE: 3}, {})
    other = one.copy()
    other.rides[0][LOOSE] = 5
    other.rides[1][KIT] = 1
    assert (one.left_out(0), one.left_out(1)) == (7, 6)
    assert one.columns() == [LOOSE]
    assert other.columns() == [LOOSE, KIT]


@pytest.mark.parametrize("group", [1, 2, 3])
def test_group_pays_its_box_once(group: int):
    by_cost, by_time = (goal_of(tiny(WORLD.format(objective=objective))) for objective in ("cost", "time"))
    assert by_cost.group_cost(BOXED, group) == (group * 5 + 90) * SCALE
    assert by_time.group_cost(BOXED, group) == group * 50 * SCALE


def test_leaving_out_costs_its_price_and_the_minutes_that_are_held():
    problem = tiny(WORLD.format(objective="time"))
    day = 1_440
    assert goal_of(problem).scaled_penalty(1, 999) == 2 * 1_000 * day * SCALE  # nothing is held
    second = cheapest_among_best(problem, 5_000)
    assert second.scaled_penalty(1, 0) == 0
    assert second.scaled_penalty(1, 7) == 7 * 2 * 1_000 * day
    assert (second.weights(7).cents, second.weights(7).minutes) == (SCALE, 7)


def test_columns_of_a_batch_are_told_apart_by_their_arcs():
    again = column(0, 1, vehicle_cents=70, minutes=100, vehicle_rows=((0, 127), (1, 127)))
    assert {LOOSE: 1}[again] == 1
    assert len({LOOSE, again, column(1, 1), column(0, 9)}) == 3
