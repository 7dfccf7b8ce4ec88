"""Sweep and recovery where places have to be met: against all itineraries, those that miss one taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, permutations
from random import Random

import pytest

from planner.model import PlaceId, Problem
from planner.solver.kernel import INFINITE
from tests.oracles.enumeration import Way, ways_of
from tests.solver.rig import BOTH, MONEY, TIME, random_row_prices, rig
from tests.tiny import tiny

INNER = ("a", "b", "c")


def line_of(names: list[str], rng: Random, number: int) -> str:
    """A service along these places, most calls open."""
    calls = [names[0]]
    for hours, name in zip(range(6, 99, 6), names[1:-1], strict=False):
        open_ = rng.choice(("*", "*", ""))
        calls.append(f"{name}@{hours}-{hours + rng.choice((1, 3))}{open_}")
    calls.append(f"{names[-1]}@{6 * (len(names) - 1)}")
    form, room = rng.choice(("loose", "loose", "boxed")), rng.choice(("", "room=9"))
    days, at = ",".join(rng.sample(("Mon", "Tue", "Wed"), 2)), rng.choice(("02:00", "11:00"))
    route, price = " -> ".join(calls), rng.randint(1, 90)
    return f"service s{number} {route} form={form} leaves={days} at={at} price={price} {room}"


def via_world(rng: Random) -> Problem:
    """Five places in any order, three to five lines, some roads: few itineraries, many ways round."""
    lines = ["place plant kind=plant", "place market kind=compound"]
    for number in range(rng.randint(3, 5)):
        names = ["plant", *rng.sample(INNER, rng.randint(1, 3)), "market"]
        # Two of three lines do not go all the way.
        lines.append(line_of(rng.choice((names, names[1:], names[:-1])), rng, number))
    ends = [(one, other) for one, other in permutations(("plant", *INNER, "market"), 2) if one != "market"]
    lines += [
        f"road {one} -> {other} hours={rng.randint(2, 9)} every=24 price={rng.randint(1, 60)}"
        for one, other in rng.sample(ends, 4)
        if other != "plant"
    ]
    lines.append(f"batch 2 car plant -> market ready={rng.randrange(9)} due={rng.choice((60, 90))}")
    return tiny("\n".join(lines))


def met_by(problem: Problem, way: Way) -> set[str]:
    """Places ridden through, or changed at, told from the names of the moves."""
    met: set[str] = set()
    for number, move in enumerate(way.moves):
        if move[0] == "road":
            end = move[2]
        else:
            calls = {
                str(call.seq): place for place, call in enumerate(problem.network.services[move[0]].calls)
            }
            called = problem.network.services[move[0]].calls[calls[move[2]] + 1 : calls[move[3]] + 1]
            met |= {call.place for call in called[:-1]}
            end = called[-1].place
        if number < len(way.moves) - 1:
            met.add(end)
    return met


def with_via(problem: Problem, via: tuple[str, ...]) -> Problem:
    (batch,) = problem.batches
    return replace(problem, batches=(replace(batch, via=tuple(map(PlaceId, via))),))


def all_vias() -> list[tuple[str, ...]]:
    return [via for size in range(4) for via in combinations(INNER, size)]


def test_itineraries_are_those_that_meet_every_via(num_worlds: Callable[[int], int], seed: int):
    """None to three vias, any order; costs, values and the cheapest under prices of room as well."""
    rng = Random(seed)
    found_with = dict.fromkeys(range(4), 0)
    exact = values = 0
    for number in range(num_worlds(400)):
        problem = via_world(rng)
        everything = ways_of(problem, problem.batches[0])
        for via in all_vias():
            name = f"world {number} of seed {seed}, via {via}"
            made = rig(with_via(problem, via))
            ways = [way for way in everything if set(via) <= met_by(problem, way)]
            weights, size = rng.choice((MONEY, TIME, BOTH)), rng.choice(made.sizes(0))
            prices = random_row_prices(rng, made.timetable)
            costs = {way.moves: made.cost(0, way, size, weights, prices) for way in ways}
            expected = {key: cost for key, cost in costs.items() if cost is not None}
            found = made.recover_all(0, size, weights, prices)
            assert {made.key_of(column): cost for cost, column in found} == expected, name
            assert [cost for cost, _ in found] == sorted(cost for cost, _ in found), name
            least = min(expected.values(), default=int(INFINITE))
            value = made.pricer.cheapest(0, size, weights)
            assert value <= least, name
            exact += value == least
            values += 1
            found_with[len(via)] += bool(found)
    assert exact > values / 2, "in most worlds the best walk is an itinerary"
    assert min(found_with.values()) > 0


def test_order_of_the_vias_does_not_matter(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for _ in range(num_worlds(100)):
        problem = via_world(rng)
        answers = [
            {
                made.key_of(column): cost
                for made in [rig(with_via(problem, via))]
                for cost, column in made.recover_all(0, 1, MONEY)
            }
            for via in permutations(INNER)
        ]
        assert all(answer == answers[0] for answer in answers)


def keys(text: str) -> list[str]:
    """Itineraries of the only batch, by the services they ride."""
    made = rig(tiny(text))
    found = made.recover_all(0, 1, MONEY)
    return sorted("+".join(move[0] for move in made.key_of(column)) for _, column in found)


LINES = """
    service through plant -> a@5-6 -> market@20 leaves=Mon price=10
    service change plant -> a@5 leaves=Mon price=1
    service on a -> market@9 leaves=Tue price=1
    service past plant -> market@9 leaves=Mon price=1
"""


@pytest.mark.parametrize(
    ("via", "expected"),
    [
        ("", ["change+on", "past", "through"]),
        ("via=a", ["change+on", "through"]),
        ("via=b", []),
    ],
)
def test_via_is_met_by_riding_through_or_by_a_change(via: str, expected: list[str]):
    assert keys(LINES + f"place b\nbatch 1 car plant -> market due=60 {via}") == expected


def test_ride_that_only_calls_there_before_or_behind_meets_nothing():
    text = """
        service line a -> plant@5-6* -> market@20-21* -> b@30 leaves=Mon at=00:00 price=10
        batch 1 car plant -> market due=60 via={}
    """
    assert keys(text.format("a")) == keys(text.format("b")) == []


def test_batches_with_other_vias_on_one_source_do_not_mix():
    text = LINES + "\n".join(f"batch 1 car plant -> market due=60 {via}" for via in ("", "via=a", "via=a"))
    made = rig(tiny(text))
    least = []
    for batch in range(3):
        made.pricer.sweep(made.pricer.source_of(batch), 1, MONEY)
        least.append(made.pricer.cheapest(batch, 1, MONEY) // MONEY.cents)
    assert least == [1, 2, 2]
    assert made.pricer.source_of(1) is made.pricer.source_of(2)
    assert made.pricer.source_of(0).num_states == 3
    assert made.pricer.source_of(1).num_states == 6


def test_later_via_is_not_forgotten_in_the_buffers_of_a_batch_without():
    """Sweeps with few states come after sweeps with many and read nothing of theirs."""
    text = LINES + "batch 1 car plant -> market due=60 via=a\nbatch 1 car plant -> market ready=7 due=60"
    made = rig(tiny(text))
    for batch, least in ((0, 2), (1, 1), (0, 2), (1, 1)):
        made.pricer.sweep(made.pricer.source_of(batch), 1, MONEY)
        assert made.pricer.cheapest(batch, 1, MONEY) // MONEY.cents == least


def test_one_ride_may_meet_all_three():
    text = """
        service line plant -> a@2-3 -> b@5-6 -> c@8-9 -> market@20 leaves=Mon price=10
        batch 1 car plant -> market due=60 via=c,a,b
    """
    assert keys(text) == ["line"]
