"""From the relaxed problem to whole vehicles: room is kept, proofs are proofs, windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from planner.check import find_faults
from planner.model.results import OPTIMAL, SolveOptions
from planner.solve import solve
from planner.solver import search as searching
from planner.solver.choice import Choice
from planner.solver.delivery import SCALE
from planner.solver.relaxation import BoxBound, ColumnGeneration, Relaxation, bound_boxes
from planner.solver.search import Whole, WholeSearch, ceil_scaled
from tests.conftest import PROOF, SEED
from tests.oracles.enumeration import Optimum, optimum, ways_of
from tests.solver.rig import Rig, cents_of, minutes_of, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny
from tests.worlds import plain_world

NUM_WORLDS = 200 if PROOF else 20
WEAK = SolveOptions(mip_effort=1e-3, proof_effort=1e-3)


@dataclass(frozen=True)
class Searching:
    """A random world on its way from the relaxation to whole vehicles."""

    name: str
    made: Rig
    best: Optimum
    first: Choice
    relaxation: Relaxation
    bound: BoxBound

    def search(self, options: SolveOptions | None = None) -> WholeSearch:
        return search_in(self.made, options)

    def fits(self, choice: Choice) -> bool:
        """Whether room and demand hold, counted from the columns."""
        room = self.made.room.capacity.copy()
        for batch in range(len(choice.rides)):
            choice.add_load(room, batch, -1)
        enough = all(choice.left_out(batch) >= 0 for batch in range(len(choice.rides)))
        return enough and bool((room >= 0).all()) and all(n > 0 for r in choice.rides for n in r.values())


def search_in(made: Rig, options: SolveOptions | None = None) -> WholeSearch:
    return WholeSearch(
        made.problem,
        made.pricer,
        made.goal,
        made.room,
        made.parts,
        options or SolveOptions(),
        should_stop=lambda: False,
    )


def bound_at(made: Rig, row_prices: np.typing.NDArray[np.int64]) -> BoxBound:
    return bound_boxes(made.problem, made.pricer, made.goal, made.room, row_prices)


@pytest.fixture(scope="module")
def worlds() -> list[Searching]:
    outcomes = []
    for number in range(SEED + 1_000, SEED + 1_000 + NUM_WORLDS):
        made = rig(plain_world(number))
        problem = made.problem
        best = optimum(problem, [ways_of(problem, batch) for batch in problem.batches])
        first = made.first_plan()
        relaxation = ColumnGeneration(
            problem,
            made.pricer,
            made.goal,
            made.room,
            first.columns(),
            SolveOptions(),
            on_round=lambda _number, _bound: None,
            should_stop=lambda: False,
        ).run()
        bound = bound_at(made, relaxation.row_prices)
        outcomes.append(Searching(f"plain_world({number})", made, best, first, relaxation, bound))
    return outcomes


def test_rounding_never_overfills_not_even_a_relaxed_solution_that_does(worlds: list[Searching]):
    rng = Random(SEED)
    for world in worlds:
        relaxed = world.relaxation.relaxed
        assert relaxed is not None
        for noise in (0.0, 1e-6, 0.9, 5.0):
            amounts = [amount + noise * rng.random() for amount in relaxed.amounts]
            noisy = replace(world.relaxation, relaxed=replace(relaxed, amounts=amounts))
            choice = world.search().round_down(noisy)
            assert world.fits(choice), (world.name, noise)


def test_repair_fits_and_is_never_worse(worlds: list[Searching]):
    rng, better = Random(SEED), 0
    for world in worlds:
        search = world.search()
        for share in (1.0, 0.5, 0.0):
            choice = world.first.copy()
            for rides in choice.rides:
                for column in list(rides):
                    if rng.random() > share:
                        del rides[column]
            value = search.value(choice)
            repaired = search.repair(choice)
            assert world.fits(repaired), world.name
            assert search.value(repaired) <= value, world.name
            assert search.value(choice) == value, "the choice given is changed"
            better += search.value(repaired) < value
    assert better


def test_ties_are_settled_without_a_cent_a_box_or_a_unit_of_room_more(worlds: list[Searching]):
    moved = 0
    for world in worlds:
        problem = world.made.problem
        if problem.terms.objective == "time":
            continue
        search = world.search()
        whole = Whole(world.first.copy())
        search.improve(whole, search.near_columns(world.bound.row_prices), 0)
        choice = whole.choice
        before = choice.copy()
        world.made.placer().settle_ties(choice)
        assert world.fits(choice), world.name
        for batch in range(len(choice.rides)):
            assert cents_of(choice, batch) == cents_of(before, batch), world.name
            assert sum(choice.boxes(batch).values()) <= sum(before.boxes(batch).values()), world.name
            assert choice.left_out(batch) == before.left_out(batch)
            assert minutes_of(choice, batch) <= minutes_of(before, batch)
            moved += choice.rides[batch] != before.rides[batch]
    assert moved or len(worlds) < 100


def test_gap_is_closed_from_a_plan_that_leaves_everything_out(worlds: list[Searching]):
    """A gap as wide as can be: the enumeration has to bring every itinerary of the optimum."""
    proven = 0
    few = worlds[: len(worlds) // 3]
    for world in few:
        for prices in (world.bound.row_prices, world.bound.row_prices * 0):
            whole = Whole(Choice(world.made.problem))
            search = world.search(SolveOptions(proof_effort=2.0))
            search.close_gap(bound_at(world.made, prices), whole)
            assert world.fits(whole.choice), world.name
            value = search.value(whole.choice)
            assert value >= world.best.value, world.name
            if whole.is_proven:
                assert value == world.best.value, world.name
                assert whole.stopped_by is None
                proven += 1
            else:
                assert whole.stopped_by == "effort", world.name
    assert proven > len(few) / 2


def test_gap_just_wide_enough_still_holds_the_optimum(worlds: list[Searching]):
    for world in worlds[: len(worlds) // 2]:
        whole = Whole(world.first.copy())
        search = world.search(SolveOptions(proof_effort=2.0))
        search.close_gap(world.bound, whole)
        assert world.fits(whole.choice), world.name
        if whole.is_proven:
            assert search.value(whole.choice) == world.best.value, world.name
            again = search.list_within(world.bound, whole.choice)
            assert again is not None
            assert set(whole.choice.columns()) <= set(again)


def test_enumeration_that_is_given_up_proves_nothing(
    worlds: list[Searching], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(searching, "MOST_COLUMNS_FOR_PROOF", 0)
    for world in worlds:
        whole = Whole(world.first.copy())
        search = world.search()
        assert search.list_within(world.bound, whole.choice) is None or not world.first.columns()
        search.close_gap(world.bound, whole)
        assert search.value(whole.choice) <= search.value(world.first)
        if whole.is_proven:
            assert search.value(whole.choice) == world.best.value, world.name


def test_itineraries_nobody_can_reach_do_not_stop_the_proof_of_large_boxes():
    # nineteen times "no itinerary" is beyond what fits in a number
    made = rig(
        tiny("""
            type kit per_box=20 loose=no
            service rail plant -> port@24 form=boxed price=90 room=1
            service far hub -> market@24 form=boxed price=90 room=9
            batch 30 kit plant -> port
            batch 27 kit plant -> market
        """)
    )
    whole, search = Whole(Choice(made.problem)), search_in(made)
    nothing = np.zeros(made.timetable.num_rows, dtype=np.int64)
    search.close_gap(bound_at(made, nothing), whole)
    assert whole.is_proven
    assert [whole.choice.left_out(batch) for batch in range(2)] == [10, 27]


def test_file_beyond_one_window_near_its_bound_is_not_searched_further(monkeypatch: pytest.MonkeyPatch):
    made = rig(
        tiny("""
            service barge plant -> port@24 price=999
            batch 4 car plant -> port
            batch 6 car plant -> port unplanned=5
        """)
    )
    search = search_in(made)
    choice = made.first_plan()
    assert search.value(choice) == 4 * 999 + 6 * 5
    # half a thousandth of what is spent, 3996 cents: not even two cents away
    assert not search.is_near(choice, 4_025)
    assert search.is_near(choice, 4_026)
    monkeypatch.setattr(searching, "WINDOW", 1)
    assert search.is_near(choice, 4_025)
    assert not search.is_near(choice, 4_024)


@pytest.mark.parametrize(
    ("window", "options"), [(3, SolveOptions()), (2, WEAK), (2, SolveOptions(max_rounds=1))]
)
def test_large_files_are_planned_in_windows_within_true_bounds(
    window: int, options: SolveOptions, worlds: list[Searching], monkeypatch: pytest.MonkeyPatch
):
    """The way of large files on tiny worlds: windows, nothing enumerated, near enough is enough."""
    monkeypatch.setattr(searching, "WINDOW", window)
    monkeypatch.setattr(searching, "MOST_COLUMNS_FOR_PROOF", 40)
    monkeypatch.setattr(searching, "MOST_COLUMNS_OF_LARGE_FILE", 40)
    unproven = 0
    for world in worlds:
        result = solve(world.made.problem, options)
        plan = result.plan
        assert not find_faults(world.made.problem, plan), world.name
        assert plan.lp_bound is not None
        assert plan.bound is not None
        assert plan.lp_bound <= plan.bound <= world.best.value <= plan.value, world.name
        assert (result.status == OPTIMAL) == (plan.value == plan.bound), world.name
        if result.status != OPTIMAL:
            assert result.stopped_by is not None, world.name
            unproven += 1
        assert plan.value <= world.made.value(world.first), world.name
    assert unproven or options == SolveOptions()


@pytest.mark.parametrize("options", [SolveOptions(), WEAK])
def test_large_files_of_worlds_with_everything_are_planned_within_true_bounds(
    options: SolveOptions, monkeypatch: pytest.MonkeyPatch
):
    """Windows of two batches cut through charters, days and held space that the others share."""
    monkeypatch.setattr(searching, "WINDOW", 2)
    monkeypatch.setattr(searching, "MOST_COLUMNS_FOR_PROOF", 10)
    monkeypatch.setattr(searching, "MOST_COLUMNS_OF_LARGE_FILE", 10)
    riding = 0
    for number in range(SEED, SEED + NUM_WORLDS):
        problem, name = whole_world(number), f"whole_world({number})"
        plan = solve(problem, options).plan
        assert not find_faults(problem, plan), name
        assert plan.bound is not None
        assert plan.bound <= optimum(problem).value <= plan.value, name
        riding += any(batch.itineraries for batch in plan.batches)
    assert riding > NUM_WORLDS / 2


@pytest.mark.parametrize(
    ("scaled", "whole"),
    [
        (0, 0),
        (1, 1),
        (SCALE, 1),
        (SCALE + 1, 2),
        (Fraction(-1, 2), 0),
        (-SCALE, -1),
        (Fraction(7 * SCALE, 2), 4),
    ],
)
def test_bound_is_rounded_up_to_whole_cents(scaled: Fraction | int, whole: int):
    assert ceil_scaled(Fraction(scaled)) == whole
