"""Rules of parts, and choices made to keep to them and to the least loads of charters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.parts import PartRules, make_valid
from tests.conftest import PROOF
from tests.solver.rig import MONEY, Rig, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny

WORLD = """
    service barge plant -> port@24 leaves=Mon price=1 min_load=4
    service rail plant -> port@30 leaves=Mon form=boxed price=3 min_load=2
    service roro plant -> hub@20 leaves=Mon price=2
    service truck hub -> port@9 leaves=Wed,Thu price=2
    road hub -> port hours=9 every=24
"""
LIMITS = ("", "split=1", "split=2", "split=no", "min_part=3", "min_part=2 split=2", "min_part=20")


@cache
def world(*limits: str, kept: int = 0) -> Rig:
    """Batches of eight under these limits; ``kept`` vehicles of the first are booked on its barge."""
    made = rig(tiny(WORLD + "\n".join(f"batch 8 car plant -> port due=90 {limit}" for limit in limits)))
    if not kept:
        return made
    barge = columns_of(made, 0)["barge"]
    booked = {made.problem.batches[0].id: (made.itinerary(barge, kept),)}
    return rig(replace(made.problem, kept=booked))


def columns_of(made: Rig, batch: int) -> dict[str, Column]:
    """Itineraries by what they ride; where roads differ, the first and the second dispatch."""
    found: dict[str, Column] = {}
    for _, column in made.recover_all(batch, 1, MONEY):
        name = "+".join(move[0] for move in made.key_of(column))
        while name in found:
            name += "'"
        found[name] = column
    return found


def choice_of(made: Rig, *rides: dict[str, int]) -> Choice:
    columns = [columns_of(made, batch) for batch in range(len(rides))]
    return Choice(
        made.problem,
        [{columns[batch][name]: number for name, number in of.items()} for batch, of in enumerate(rides)],
    )


def names_of(made: Rig, choice: Choice) -> list[dict[str, int]]:
    answer = []
    for batch, rides in enumerate(choice.rides):
        name_of = {column: name for name, column in columns_of(made, batch).items()}
        answer.append({name_of[column]: number for column, number in rides.items()})
    return answer


@pytest.mark.parametrize(
    ("limit", "rides", "holds"),
    [
        ("", {"barge": 1, "roro+truck": 1, "roro+road": 1}, True),
        ("split=2", {"barge": 1, "roro+truck": 1}, True),
        ("split=2", {"barge": 1, "roro+truck": 1, "roro+road": 1}, False),
        ("split=2", {"roro+road": 1, "roro+road'": 1, "barge": 1}, True),  # dispatches inside a part are free
        ("split=2", {}, True),
        ("split=no", {"barge": 8}, True),
        ("split=no", {"barge": 7}, False),
        ("split=no", {"barge": 4, "roro+road": 4}, False),
        ("split=no", {"roro+road": 4, "roro+road'": 4}, True),
        ("split=no", {}, True),
        ("min_part=3", {"barge": 3, "roro+road": 2}, False),
        ("min_part=3", {"barge": 3, "roro+road": 2, "roro+road'": 1}, True),
        ("min_part=20", {"barge": 7}, False),  # never more than the batch has
        ("min_part=20", {"barge": 8}, True),
    ],
)
def test_parts_are_chains_of_main_rides(limit: str, rides: dict[str, int], holds: bool):
    made = world(limit)
    assert made.parts.holds(choice_of(made, rides), 0) == holds
    assert made.parts.is_limited == [bool(limit)]


@pytest.mark.parametrize(
    ("limit", "rides", "holds"),
    [
        ("split=1", {"barge": 1}, True),  # the booked part goes on
        ("split=1", {"roro+road": 1}, False),
        ("split=2", {"roro+road": 1, "barge": 1}, True),
        ("split=2", {"roro+road": 1, "roro+truck": 1}, False),
        ("min_part=4", {"barge": 1}, False),
        ("min_part=4", {"barge": 2}, True),  # two are booked
        ("min_part=4", {"roro+road": 2}, False),
        ("split=no", {"barge": 6}, True),
        ("split=no", {"barge": 5}, False),
        ("split=no", {"roro+road": 6}, False),
        ("split=no", {}, True),
    ],
)
def test_kept_vehicles_count_in_parts(limit: str, rides: dict[str, int], holds: bool):
    made = world(limit, kept=2)
    assert made.parts.holds(choice_of(made, rides), 0) == holds


@pytest.mark.parametrize(
    ("limit", "rides", "valid"),
    [
        ("split=1", {"barge": 4, "roro+road": 3}, {"barge": 4}),  # the larger stays
        ("split=2", {"barge": 4, "roro+road": 3, "roro+truck": 1}, {"barge": 4, "roro+road": 3}),
        ("min_part=3", {"barge": 4, "roro+road": 2}, {"barge": 4}),
        ("split=no", {"barge": 4, "roro+road": 3}, {}),
        ("", {"barge": 3, "roro+road": 3}, {"roro+road": 3}),  # a barge leaves with four
        ("", {"rail": 3}, {}),  # one box, and two are asked for
        ("", {"rail": 4, "barge": 4}, {"rail": 4, "barge": 4}),
        ("split=1", {"barge": 3, "roro+road": 2}, {}),  # the larger goes, too: its barge does not leave
    ],
)
def test_what_breaks_a_rule_is_taken_out(limit: str, rides: dict[str, int], valid: dict[str, int]):
    made = world(limit)
    given_choice = choice_of(made, rides)
    assert names_of(made, make_valid(given_choice, made.parts, made.room)) == [valid]
    assert names_of(made, given_choice) == [rides], "the choice given is changed"


def test_charter_that_loses_a_batch_may_lose_the_others():
    """One batch can't stay whole without the barge; then the barge is short of its load for the other."""
    made = world("split=no", "")
    choice = choice_of(made, {"barge": 3, "roro+road": 4}, {"barge": 2, "roro+road": 1})
    assert names_of(made, make_valid(choice, made.parts, made.room)) == [{}, {"roro+road": 1}]


def test_charter_that_kept_vehicles_ride_needs_no_least_load():
    made = world("", kept=2)
    assert names_of(made, make_valid(choice_of(made, {"barge": 1}), made.parts, made.room)) == [{"barge": 1}]


def assert_valid(choice: Choice, given_choice: Choice, rules: PartRules, made: Rig) -> None:
    valid = make_valid(choice, rules, made.room)
    assert all(rules.holds(valid, batch) for batch in range(len(valid.rides)))
    assert made.room.unfilled(valid.load(made.room)) == []
    for after, before in zip(valid.rides, given_choice.rides, strict=True):
        assert after.items() <= before.items(), "something is added or made smaller"
    again = make_valid(valid, rules, made.room)
    assert again.rides == valid.rides
    if not made.room.unfilled(choice.load(made.room)) and all(
        rules.holds(choice, batch) for batch in range(len(choice.rides))
    ):
        assert valid.rides == choice.rides, "what was valid is changed"


@settings(max_examples=600 if PROOF else 60)
@given(
    limits=st.lists(st.sampled_from(LIMITS), min_size=1, max_size=3),
    kept=st.sampled_from((0, 0, 2, 5)),
    data=st.data(),
)
def test_valid_choices_are_valid_and_nothing_is_added(limits: list[str], kept: int, data: st.DataObject):
    made = world(*limits, kept=kept)
    rides = []
    for batch, row in enumerate(made.problem.batches):
        left = made.problem.open_vehicles(row)
        own: dict[str, int] = {}
        for name in columns_of(made, batch):
            vehicles = data.draw(st.integers(0, left), label=f"{row.id} on {name}")
            left -= vehicles
            if vehicles:
                own[name] = vehicles
        rides.append(own)
    choice = choice_of(made, *rides)
    assert_valid(choice, choice.copy(), made.parts, made)


def test_choices_of_worlds_with_everything_are_made_valid(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    changed = 0
    for number in range(seed, seed + num_worlds(200)):
        made = rig(whole_world(number, ("charters", "wishes", "limits")))
        choice = Choice(made.problem)
        for batch, row in enumerate(made.problem.batches):
            left = row.vehicles
            for _, column in made.recover_all(batch, 1, MONEY):
                vehicles = min(left, rng.choice((0, 0, 1, 3)))
                left -= vehicles
                if vehicles:
                    choice.rides[batch][column] = vehicles
        assert_valid(choice, choice.copy(), made.parts, made)
        changed += make_valid(choice, made.parts, made.room).rides != choice.rides
    assert changed
