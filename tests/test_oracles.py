"""The oracles against each other, and against what a hand can count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.oracles.arcs import assert_fit, relaxed_value, whole_value
from tests.oracles.enumeration import TooLargeError, optimum, ways_of
from tests.oracles.greedy import greedy_value
from tests.tiny import tiny
from tests.worlds import random_world, vehicle_linear_world


def test_every_way_of_a_small_world_is_found():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed,Fri price=40
        road port -> market hours=10 every=12
        batch 1 car plant -> market due=120
    """)
    # delivered by 120 h: the barge of Monday (32 h) and the roads at 36, 48 .. 108 h are 7 ways; that of
    # Wednesday (80 h) and the roads at 84, 96, 108 h are 3; that of Friday (128 h) is none
    ways = ways_of(world, world.batches[0])
    assert len(ways) == 10
    assert {way.vehicle_cents for way in ways} == {40}
    assert min(way.minutes for way in ways) == 46 * 60


def test_world_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.oracles.enumeration.MOST_ITINERARIES", 9)
    world = tiny("""
        road plant -> port hours=1 every=1
        batch 1 car plant -> port
    """)
    with pytest.raises(TooLargeError):
        ways_of(world, world.batches[0])


def test_arcs_and_ways_have_the_same_optimum(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(100)):
        world = vehicle_linear_world(number)
        assert_fit(world)
        best = optimum(world).value
        assert whole_value(world) == best, f"vehicle_linear_world({number})"
        assert relaxed_value(world) <= best * (1 + 1e-6), f"vehicle_linear_world({number})"


def test_random_worlds_are_worth_planning(num_worlds: Callable[[int], int], seed: int):
    """Most can carry nearly all vehicles; in many it is not good enough to take batches as they come."""
    count = num_worlds(300)
    well_served = contended = 0
    for number in range(seed, seed + count):
        world = random_world(number)
        ways = [ways_of(world, batch) for batch in world.batches]
        best, greedy = optimum(world, ways), greedy_value(world, ways)
        assert greedy >= best.value, f"random_world({number}): greedy {greedy} beats the optimum {best.value}"
        well_served += 10 * best.planned_vehicles() >= 8 * sum(batch.vehicles for batch in world.batches)
        contended += greedy > best.value
    few = count < 300  # of few worlds the share may stray
    assert well_served >= (0.5 if few else 0.7) * count, f"{well_served} of {count}"
    assert contended >= (0.15 if few else 0.3) * count, f"{contended} of {count}"
