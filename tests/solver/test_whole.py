"""The search in whole numbers: the optimum over given itineraries, never worse than its hint, room kept."""

from __future__ import annotations

from random import Random

import pytest

from planner.errors import SolverError
from planner.model import Problem
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.objectives import Goal, cheapest_among_best
from planner.solver.search import without_dominated
from planner.solver.whole import Chosen, Limits, choose
from tests.conftest import PROOF, SEED
from tests.oracles.enumeration import optimum
from tests.solver.rig import EVERYTHING, MONEY, TIME, Rig, cents_of, rig
from tests.tiny import tiny
from tests.worlds import plain_world

ENOUGH = Limits(effort=5.0, seed=1)
Worlds = list[tuple[str, Rig, list[Column]]]
HARDLY_ANY = Limits(effort=1e-4, seed=1)
MOST_COLUMNS = 400
"""Worlds with more itineraries take the search too long for a test."""


def all_columns(made: Rig) -> list[Column]:
    """Every itinerary that no other dominates; none at all if there are too many."""
    weights = TIME if made.problem.terms.objective == "time" else MONEY
    columns: list[Column] = []
    for batch in range(len(made.problem.batches)):
        prices = made.pricer.sweep(made.pricer.source_of(batch), 1, weights)
        found, is_complete = made.pricer.recover(
            batch, 1, weights, prices, EVERYTHING, max_paths=5 * MOST_COLUMNS
        )
        if not is_complete:
            return []
        columns += [column for _, column in found]
    return without_dominated(columns, made.goal, made.parts)


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    """Random worlds with all their itineraries but the dominated."""
    first, count = SEED, 150 if PROOF else 24
    made = [(f"plain_world({seed})", rig(plain_world(seed))) for seed in range(first, first + count)]
    listed = [(name, world, all_columns(world)) for name, world in made]
    return [(name, world, columns) for name, world, columns in listed if 0 < len(columns) <= MOST_COLUMNS]


def whole(
    made: Rig, columns: list[Column], hint: Choice, limits: Limits = ENOUGH, goal: Goal | None = None
) -> Chosen:
    """The best of some columns, for all batches."""
    return choose(made.problem, columns, made.room, made.parts, hint, limits, goal or made.goal)


def overfilled(made: Rig, choice: Choice) -> bool:
    room = made.room.capacity.copy()
    for batch in range(len(choice.rides)):
        choice.add_load(room, batch, -1)
    return bool((room < 0).any()) or any(choice.left_out(batch) < 0 for batch in range(len(choice.rides)))


def test_over_all_itineraries_it_finds_the_optimum(worlds: Worlds):
    proven = 0
    for name, made, columns in worlds:
        chosen = whole(made, columns, Choice(made.problem))
        assert not overfilled(made, chosen.choice), name
        best = optimum(made.problem).value
        assert made.value(chosen.choice) >= best, name
        if chosen.is_proven:
            assert made.value(chosen.choice) == best, name
        proven += chosen.is_proven
    assert proven


@pytest.mark.parametrize("limits", [HARDLY_ANY, Limits(effort=0.05, seed=3)])
def test_answer_is_never_worse_than_the_hint(limits: Limits, worlds: Worlds):
    for name, made, columns in worlds:
        hint = made.first_plan()
        chosen = whole(made, list(dict.fromkeys([*columns, *hint.columns()])), hint, limits)
        assert made.value(chosen.choice) <= made.value(hint), name
        assert not overfilled(made, chosen.choice), name


def test_batches_outside_the_window_stay_as_they_are(worlds: Worlds):
    rng, moved = Random(1), 0
    for name, made, columns in worlds:
        hint = made.first_plan()
        window = [rng.randrange(len(hint.rides))]
        if rng.random() < 0.5:
            hint.rides[window[0]] = {}
        inside = [column for column in columns if column.batch in window]
        ridden = [column for batch in window for column in hint.rides[batch]]
        chosen = choose(
            made.problem,
            list(dict.fromkeys([*inside, *ridden])),
            made.room,
            made.parts,
            hint,
            ENOUGH,
            made.goal,
            batches=window,
        ).choice
        for batch in set(range(len(hint.rides))) - set(window):
            assert chosen.rides[batch] == hint.rides[batch], name
        assert made.value(chosen) <= made.value(hint), name
        assert not overfilled(made, chosen), name
        moved += any(chosen.rides[batch] != hint.rides[batch] for batch in window)
    assert moved


def test_held_minutes_are_kept_while_money_falls():
    made = rig(
        tiny("""
            terms time
            service quick plant -> port@20 price=90 room=4
            service twin  plant -> port@20 price=50 room=3
            service slow  plant -> port@30 price=10
            batch 4 car plant -> port
        """)
    )
    columns = all_columns(made)
    ride = {made.key_of(column)[0][0]: column for column in columns}
    hint = Choice(made.problem, [{ride["quick"]: 4}])
    goal = cheapest_among_best(made.problem, made.value(hint))
    chosen = whole(made, columns, hint, goal=goal)
    assert chosen.is_proven
    assert chosen.choice.rides[0] == {ride["twin"]: 3, ride["quick"]: 1}


def boxes_world(unplanned: str, vehicles: int = 7) -> Problem:
    return tiny(f"""
        service rail plant -> port@24 form=boxed price=90 room=2
        service barge plant -> port@30 price=45 room=1
        batch {vehicles} car plant -> port unplanned={unplanned}
    """)


def test_itineraries_of_one_run_share_their_boxes():
    made = rig(
        tiny("""
            service rail plant -> port@24 form=boxed price=90
            service barge port -> market@40 price=5 leaves=Tue room=2 at=09:00
            service truck port -> market@30 price=9 leaves=Tue at=10:00
            batch 3 car plant -> market
        """)
    )
    columns = all_columns(made)
    assert len(columns) == 2
    assert columns[0].run == columns[1].run
    chosen = whole(made, columns, Choice(made.problem)).choice
    assert sorted(chosen.rides[0].values()) == [1, 2]
    assert cents_of(chosen, 0) == 90 + 2 * 5 + 9


def test_numbers_beyond_exact_arithmetic_prove_nothing():
    for unplanned, exact in (("20000", True), ("100000000000000000", False)):
        made = rig(boxes_world(unplanned))
        chosen = whole(made, all_columns(made), Choice(made.problem))
        assert chosen.is_proven == exact


def test_less_room_than_nothing_is_a_failure_of_the_solver():
    made = rig(boxes_world("20000"))
    columns = all_columns(made)
    made.room.capacity[:] = -1
    with pytest.raises(SolverError, match="INFEASIBLE"):
        whole(made, columns, Choice(made.problem))


def best_of(text: str) -> tuple[Rig, Choice]:
    """The choice that is proved best over all itineraries of a world."""
    made = rig(tiny(text))
    chosen = whole(made, all_columns(made), Choice(made.problem))
    assert chosen.is_proven
    return made, chosen.choice


def ridden(made: Rig, choice: Choice) -> dict[str, int]:
    """Vehicles of the first batch by the services they ride."""
    return {
        "+".join(move[0] for move in made.key_of(column)): vehicles
        for column, vehicles in choice.rides[0].items()
    }


def test_empty_boxes_do_not_make_up_a_least_load():
    text = """
        service rail plant -> port@24 form=boxed price=10 per=vehicle min_load={}
        service barge plant -> port@30 price=1 room=3
        batch 7 car plant -> port
    """
    made, choice = best_of(text.format(2))
    assert ridden(made, choice) == {"rail": 4, "barge": 3}
    made, choice = best_of(text.format(3))
    assert ridden(made, choice) == {"rail": 7}
    made, choice = best_of(text.format(4))
    assert ridden(made, choice) == {"barge": 3}


@pytest.mark.parametrize("form", ["boxed", "loose"])
@pytest.mark.parametrize(("vehicles", "rides"), [(6, {"rail+rail": 6}), (3, {"barge": 3})])
def test_who_leaves_a_departure_and_boards_it_again_is_boarded_twice(
    form: str, vehicles: int, rides: dict[str, int]
):
    made, choice = best_of(f"""
        type car per_box={3 if form == "boxed" else 0}
        service rail plant -> hub@5-9* -> port@24 form={form} min_load={4 if form == "boxed" else 12}
        tariff rail plant -> hub price=1
        tariff rail hub -> port price=1
        service barge plant -> port@30 price=100
        batch {vehicles} car plant -> port
    """)
    assert ridden(made, choice) == rides


def test_modules_are_bought_whole_and_departures_once():
    text = """
        service barge plant -> port@24 price=1 departure=100 module=4 module_price={}
        service rail plant -> port@30 price=60
        batch 9 car plant -> port
    """
    made, choice = best_of(text.format(150))
    # two modules hold eight, the ninth would need one more
    assert ridden(made, choice) == {"barge": 8, "rail": 1}
    assert made.value(choice) == 8 + 100 + 2 * 150 + 60
    made, choice = best_of(text.format(50))
    assert ridden(made, choice) == {"barge": 9}
    made, choice = best_of(text.format(240))
    assert ridden(made, choice) == {"rail": 9}


@pytest.mark.parametrize(
    ("limit", "rides"),
    [
        ("", {"quick": 4, "cheap": 3, "dear": 3}),
        ("split=2", {"quick": 4, "dear": 6}),
        ("split=1", {"dear": 10}),
        ("split=no", {"dear": 10}),
        ("min_part=4", {"quick": 4, "dear": 6}),
    ],
)
def test_parts_are_as_few_and_as_large_as_the_batch_wants(limit: str, rides: dict[str, int]):
    made, choice = best_of(f"""
        service cheap plant -> port@30 price=10 room=3
        service quick plant -> port@20 price=11 room=4
        service dear plant -> port@24 price=90
        batch 10 car plant -> port {limit}
    """)
    assert ridden(made, choice) == rides


@pytest.mark.parametrize(
    ("limit", "price", "rides", "value"),
    [
        ("", 0, {"truck": 6, "rail": 4}, 160),
        ("", 59, {"truck": 6, "rail": 4}, 160 + 2 * 59),
        ("", 61, {"rail": 10}, 220 + 61),
        ("min_part=5", 49, {"truck": 5, "rail": 5}, 170 + 2 * 49),
        ("min_part=5", 51, {"rail": 10}, 220 + 51),
    ],
)
def test_parts_that_pay_once_are_made_where_they_are_worth_it(
    limit: str, price: int, rides: dict[str, int], value: int
):
    made, choice = best_of(f"""
        service truck plant -> port@20 price=12 room=6
        service rail plant -> port@24 price=22 form=loose
        charge CN load mode=truck per=part price={price}
        charge CN load mode=rail per=part price={price}
        batch 10 car plant -> port {limit}
    """)
    assert ridden(made, choice) == rides
    assert made.value(choice) == value


def test_all_ride_or_none():
    made, choice = best_of("""
        service cheap plant -> port@30 price=10 room=9
        batch 10 car plant -> port split=no
        batch 8 car plant -> port split=no
    """)
    assert [choice.left_out(batch) for batch in range(2)] == [10, 0]
    assert made.value(choice) == 8 * 10 + 10 * 2_000_000
