"""The same batches under several alternatives: each the plan of its own problem, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.check import find_faults
from planner.compare import compare
from planner.comparison import hold_beside
from planner.figures import Figures, figures_by_batch
from planner.model import Batch, Problem, SolveOptions
from planner.model.alternatives import ALTERNATIVES, Alternative
from planner.model.results import OPTIMAL
from planner.solve import solve
from tests.tiny import tiny
from tests.worlds import random_world

QUICK = SolveOptions(slot_values=0)
THREE_WAYS = """
    place market country=DE
    service rail  plant -> market@240 form=boxed price=900 room=1
    service barge plant -> port@48 price=10
    service roro  port -> market@480 leaves=Mon,Thu price=150
    road    plant -> port hours=10 price=60
    batch   6 car plant -> market due=1000 late=24
    batch   2 car plant -> market due=300
"""


def by_name(problem: Problem, *alternatives: Alternative) -> dict[str, tuple[int, int]]:
    """Money and vehicles planned under each alternative."""
    plans = compare(problem, alternatives or ALTERNATIVES, QUICK).plans
    return {
        one.alternative.name: (
            one.result.plan.cents,
            sum(entry.planned_vehicles for entry in one.result.plan.batches),
        )
        for one in plans
    }


def test_each_alternative_rides_its_own_modes():
    # by rail one box of three; river-sea 160 each, road-sea 210; the second batch is only by rail on time
    found = by_name(tiny(THREE_WAYS))
    assert found["river-sea"] == (6 * 160, 6)
    assert found["road-sea"] == (6 * 210, 6)
    assert found["rail"] == (900, 3)
    assert found["best"] == (6 * 160 + 900, 8)


def test_alternatives_come_in_the_order_they_are_asked_for():
    names = ("best", "rail")
    asked = [one for name in names for one in ALTERNATIVES if one.name == name]
    plans = compare(tiny(THREE_WAYS), asked, QUICK).plans
    assert [one.alternative.name for one in plans] == list(names)


def test_the_freest_alternative_is_the_one_with_the_fewest_wishes():
    assert compare(tiny(THREE_WAYS), ALTERNATIVES, QUICK).freest == 3
    rail, river, *_ = ALTERNATIVES
    assert compare(tiny(THREE_WAYS), (river, rail), QUICK).freest == 1


@pytest.mark.parametrize("names", [(), ("a", "a")])
def test_alternatives_have_names_of_their_own(names: tuple[str, ...]):
    with pytest.raises(ValueError, match="names"):
        compare(tiny(THREE_WAYS), [Alternative(name=name) for name in names], QUICK)


def test_wishes_of_the_batch_hold_beside_those_of_the_alternative():
    def asked(batch: str, **wishes: tuple[str, ...]) -> Batch:
        problem = tiny(f"road plant -> port\n hours=1\nbatch 1 car plant -> port {batch}".replace("\n ", " "))
        return Alternative(name="x", **wishes).apply(problem.batches[0])

    assert asked("modes=rail", modes=("rail", "roro")).not_modes == ("roro",)
    both = asked("modes=barge", modes=("rail",))
    assert (both.modes, both.not_modes) == (("rail",), ("rail",))
    assert asked("not_modes=air", not_modes=("rail", "air")).not_modes == ("air", "rail")
    assert asked("modes=rail").modes == ("rail",)
    assert asked("", via=("plant", "hub")).via == ("hub",)
    assert asked("via=a,b", via=("b", "c")).via == ("a", "b", "c")
    with pytest.raises(ValueError, match="4 places"):
        asked("via=a,b", via=("c", "d"))


def test_plans_of_alternatives_are_those_of_their_problems_alone(num_worlds: Callable[[int], int], seed: int):
    proved = 0
    for number in range(seed, seed + num_worlds(50)):
        problem = random_world(number)
        if problem.kept:
            continue
        plans = {one.alternative.name: one for one in compare(problem, ALTERNATIVES, QUICK).plans}
        for name, one in plans.items():
            plan, where = one.result.plan, f"random_world({number}), {name}"
            assert find_faults(one.problem, plan) == [], where
            alone = solve(one.problem, QUICK)
            if one.result.status == alone.status == OPTIMAL:
                proved += 1
                assert plan.value == alone.plan.value, where
            else:
                assert plan.value >= (alone.plan.bound or 0), where
                assert alone.plan.value >= (plan.bound or 0), where
            assert plans["best"].result.plan.bound is not None
            assert plans["best"].result.plan.bound <= plan.value, where
    assert proved > num_worlds(50)


def test_figures_of_batches_add_up_to_those_of_the_plan(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(50)):
        problem = random_world(number)
        plan = solve(problem, QUICK).plan
        total = Figures.total(figures_by_batch(problem, plan).values())
        where = f"random_world({number})"
        assert (total.cents, total.door_min, total.value) == (plan.cents, plan.vehicle_min, plan.value), where
        assert total.grams == (plan.grams or 0), where
        assert total.vehicles == total.planned + total.left_out, where
        assert total.late <= total.planned, where


def test_who_wins_a_batch_and_by_how_much():
    found = hold_beside(compare(tiny(THREE_WAYS), ALTERNATIVES, QUICK).plans)
    first, second = found.batches
    # by rail the one box holds three of the first; the sea ways carry all of it, nobody all of the other
    assert (first.winner, first.margin) == ("river-sea", 6 * 50)
    assert (second.winner, second.margin) == (None, None)
    assert found.common == ()
    wins = {one.alternative.name: (one.wins, one.vehicles_won) for one in found.standings}
    assert wins == {"rail": (0, 0), "river-sea": (1, 6), "road-sea": (0, 0), "best": (0, 0)}
    roomy = hold_beside(compare(tiny(THREE_WAYS.replace("room=1", "room=9")), ALTERNATIVES, QUICK).plans)
    assert [(row.winner, row.margin) for row in roomy.batches] == [("river-sea", 6 * 50), ("rail", None)]


def test_nobody_wins_what_nobody_carries_whole():
    text = THREE_WAYS.replace(
        "batch   6 car plant -> market due=1000 late=24", "batch 6 car plant -> market due=300"
    )
    found = hold_beside(compare(tiny(text), ALTERNATIVES, QUICK).plans)
    assert found.batches[0].winner is None


def test_common_figures_are_of_batches_that_all_carry():
    text = THREE_WAYS.replace("room=1", "room=9").replace("due=300", "due=1000")
    found = hold_beside(compare(tiny(text), ALTERNATIVES, QUICK).plans)
    assert len(found.common) == 2
    assert {one.common.planned for one in found.standings} == {8}
    assert all(one.common == one.total for one in found.standings)


def test_nothing_to_hold_beside_each_other():
    with pytest.raises(ValueError, match="nothing"):
        hold_beside([])


def test_once_stopped_every_alternative_still_has_a_plan():
    problem = tiny(THREE_WAYS)
    plans = compare(problem, ALTERNATIVES, QUICK, should_stop=lambda: True).plans
    assert [find_faults(one.problem, one.result.plan) for one in plans] == [[]] * 4
    assert {one.result.stopped_by for one in plans} <= {"cancelled", None}


def test_progress_names_the_alternative():
    phases: list[str] = []
    compare(tiny(THREE_WAYS), ALTERNATIVES, QUICK, progress=lambda said: phases.append(said.phase))
    assert {"best: relaxation", "rail: relaxation", "river-sea: check"} <= set(phases)


def test_needed_modes_of_a_batch_are_ridden():
    problem = tiny(THREE_WAYS)
    (first, second) = problem.batches
    wanted = replace(problem, batches=(replace(first, needed_modes=("rail",)), second))
    plan = solve(wanted, QUICK).plan
    assert {ride.mode for one in plan.batches[0].itineraries for ride in one.chain} <= {"rail"}
