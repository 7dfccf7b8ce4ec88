"""Joint plans along a price: each is the plan of its own problem, and where the train loses the lead."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from planner.model import SolveOptions
from planner.model.results import OPTIMAL
from planner.model.sweeps import KINDS, Sweep, amounts_of
from planner.solve import Found, solve
from planner.study import highest_freight, study
from planner.sweeps import Replanner, find_flip, problem_at
from planner.what_if import export_trains
from tests.test_break_even import found_of
from tests.tiny import tiny
from tests.worlds import random_world

QUICK = SolveOptions(slot_values=0)
# By ship a car pays 300 and needs four days longer; a box of three pays 600 today.
TRAIN_AND_SHIP = """
    place market country=DE
    service rail plant -> market@48 form=boxed price=600
    service roro plant -> market@144 price=300
    batch 9 car plant -> market due=200
"""


def replanner(found: Found) -> Replanner:
    return Replanner(found, QUICK, None, never)


def never() -> bool:
    return False


def test_the_train_loses_the_lead_where_the_ship_is_cheaper():
    curve = replanner(found_of(tiny(TRAIN_AND_SHIP))).curve(
        Sweep(kind="rail-price", amounts=tuple(map(Fraction, (600, 800, 1_000, 1_200))))
    )
    assert [point.by_train for point in curve.points] == [9, 9, 0, 0]
    assert [point.cents for point in curve.points] == [1_800, 2_400, 2_700, 2_700]
    assert [point.vehicles_by_mode for point in curve.points[1:3]] == [{"rail": 9}, {"roro": 9}]
    assert curve.flips == ((800, 1_000),)


def test_a_flip_of_the_joint_plan_is_found_to_the_whole_unit():
    found = find_flip(
        replanner(found_of(tiny(TRAIN_AND_SHIP.replace("600", "60000").replace("300", "30000")))),
        "rail-subsidy",
        Fraction(-60_000),
        Fraction(60_000),
        Fraction(100),
        never,
    )
    assert found.below is not None
    assert found.above is not None
    # 900 dollars a box by ship, 600 by train: 300 dollars dearer is the same
    assert (found.below.amount, found.above.amount) == (-30_100, -30_000)
    assert (found.below.is_led_by_train, found.above.is_led_by_train) == (False, True)


def test_who_leads_all_the_way_is_said():
    one = replanner(found_of(tiny(TRAIN_AND_SHIP)))
    found = find_flip(one, "rail-subsidy", Fraction(0), Fraction(300), Fraction(1), never)
    assert (found.below, found.leads) == (None, True)


def test_a_day_that_is_worth_something_brings_vehicles_to_the_train():
    dear = tiny(TRAIN_AND_SHIP.replace("price=600", "price=1500"))
    points = (
        replanner(found_of(dear)).curve(Sweep(kind="day-value", amounts=(Fraction(0), Fraction(60)))).points
    )
    # a box of three saves 12 vehicle-days and costs 600 more
    assert [point.by_train for point in points] == [0, 9]


@pytest.mark.parametrize("objective", ["time", "co2e"])
def test_nothing_is_weighed_against_an_objective_without_money(objective: str):
    problem = random_world(next(n for n in range(1, 999) if random_world(n).terms.objective == objective))
    with pytest.raises(ValueError, match="no money"):
        problem_at(problem, "rail-price", Fraction(1))
    with pytest.raises(ValueError, match="no sweep"):
        problem_at(tiny(TRAIN_AND_SHIP), "rail", Fraction(1))


def test_points_of_a_curve_are_the_plans_of_their_problems(num_worlds: Callable[[int], int], seed: int):
    proved = worlds = 0
    number = seed
    while worlds < num_worlds(20):
        problem = random_world(number)
        number += 1
        if problem.terms.objective not in ("cost", "blend") or not export_trains(problem) or problem.kept:
            continue
        worlds += 1
        again = replanner(found_of(problem))
        for kind in KINDS:
            for amount in (highest_freight(problem) / 3 // 1, highest_freight(problem) // 1):
                point = again.point(kind, Fraction(amount))
                alone = solve(problem_at(problem, kind, Fraction(amount)), QUICK)
                if alone.status == OPTIMAL and point.gap == 0:
                    proved += 1
                    assert point.value == alone.plan.value, f"random_world({number - 1}), {kind}={amount}"
    assert proved > worlds


def test_a_study_asks_all_of_it():
    problem = tiny(TRAIN_AND_SHIP)
    sweep = Sweep(kind="rail-price", amounts=tuple(amounts_of(Fraction(600), Fraction(900), Fraction(300))))
    said: list[str] = []
    found = study(
        "best",
        found_of(problem),
        QUICK,
        sweeps=[sweep],
        break_even=True,
        progress=lambda now: said.append(now.phase),
    )
    assert [one.extra_cents for one in found.batches] == [300]
    assert [flip.kind for flip in found.flips] == ["rail-subsidy", "day-value"]
    assert [point.amount for point in found.curves[0].points] == [600, 900]
    assert "break-even 1 of 1" in said


def test_once_stopped_a_study_has_what_is_there_so_far():
    found = study("best", found_of(tiny(TRAIN_AND_SHIP)), QUICK, break_even=True, should_stop=lambda: True)
    assert (found.batches, found.flips, found.curves) == ((), (), ())
