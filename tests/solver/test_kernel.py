"""Sweep and recovery against the complete list of itineraries, on random worlds and random prices of room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from random import Random

import pytest

from planner.model import Problem
from planner.solver.delivery import SCALE
from planner.solver.kernel import INFINITE
from tests.oracles.enumeration import Way, ways_of
from tests.solver.rig import BOTH, EVERYTHING, MONEY, TIME, Rig, random_row_prices, rig, uses_of, uses_of_way
from tests.tiny import tiny
from tests.worlds import RULES, random_world, vehicle_linear_world

WEIGHTS = (MONEY, TIME, BOTH)
FOR_BASELINES = sorted(set(RULES) - {"modules", "departure_price", "min_load", "via", "needed_modes", "kept"})
"""A baseline has no price that hangs on others, and is asked for without wishes."""
MOST_WAYS = 4_000
"""Batches with more itineraries are left to the full count of worlds: the oracle takes long to list them."""


@lru_cache(maxsize=16)  # the tests of this file look at the same worlds
def listed(make: Callable[[int], Problem], number: int) -> tuple[Rig, list[list[Way]]]:
    made = rig(make(number))
    return made, [ways_of(made.problem, batch) for batch in made.problem.batches]


def some_batches(make: Callable[[int], Problem], numbers: range) -> Iterator[tuple[str, Rig, int, list[Way]]]:
    for number in numbers:
        made, ways = listed(make, number)
        for batch, row in enumerate(made.problem.batches):
            yield f"{make.__name__}({number}) {row.id}", made, batch, ways[batch]


def test_cheapest_group_is_that_of_the_complete_list(num_worlds: Callable[[int], int], seed: int):
    """Walks that meet a place twice may only make the value less, and only where one is cheaper."""
    rng = Random(seed)
    walks = values = 0
    for name, made, batch, ways in some_batches(random_world, range(seed, seed + num_worlds(120))):
        for size in made.sizes(batch):
            weights = rng.choice(WEIGHTS)
            row_prices = random_row_prices(rng, made.timetable)
            costs = [made.cost(batch, way, size, weights, row_prices) for way in ways]
            least = min((cost for cost in costs if cost is not None), default=int(INFINITE))
            prices = made.pricer.sweep(
                made.pricer.source_of(batch), size, weights, made.pricer.row_prices(row_prices)
            )
            value = made.pricer.cheapest(batch, size, weights)
            assert value <= least, f"{name}, {size} a box"
            found, _ = made.pricer.recover(batch, size, weights, prices, EVERYTHING)
            assert (found[0][0] if found else INFINITE) == least, f"{name}, {size} a box"
            walks += value < least
            values += 1
    assert walks < values / 4, "in most worlds the best walk is an itinerary"


def test_where_no_way_leads_back_the_sweep_is_exact(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for name, made, batch, ways in some_batches(vehicle_linear_world, range(seed, seed + num_worlds(120))):
        for weights in WEIGHTS:
            row_prices = random_row_prices(rng, made.timetable)
            expected = made.least_by_minutes(batch, ways, 1, weights, row_prices)
            assert made.values_by_minutes(batch, 1, weights, row_prices) == expected, name
            value = made.pricer.cheapest(batch, 1, weights)
            assert value == min(expected.values(), default=INFINITE), name


def test_recovery_finds_every_itinerary_once_cheapest_first(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for name, made, batch, ways in some_batches(random_world, range(seed, seed + num_worlds(120))):
        if len(ways) > MOST_WAYS:
            continue
        size = rng.choice(made.sizes(batch))
        found = made.recover_all(batch, size, MONEY)
        assert [cost for cost, _ in found] == sorted(cost for cost, _ in found), name
        ours = {
            made.key_of(column): (
                column.vehicle_cents,
                column.box_cents,
                column.minutes,
                uses_of(column),
                cost,
            )
            for cost, column in found
        }
        theirs = {
            way.moves: (
                way.vehicle_cents,
                way.run[2] if way.run is not None else 0,
                way.minutes,
                uses_of_way(made, batch, way),
                made.cost(batch, way, size, MONEY),
            )
            for way in ways
        }
        assert len(ours) == len(found), f"{name}: an itinerary twice"
        assert ours == theirs, name


def test_recovery_up_to_a_limit_misses_none_and_adds_none(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    for name, made, batch, ways in some_batches(random_world, range(seed, seed + num_worlds(120))):
        size = rng.choice(made.sizes(batch))
        row_prices = random_row_prices(rng, made.timetable)
        costs = [made.cost(batch, way, size, BOTH, row_prices) for way in ways]
        priced = sorted(cost for cost in costs if cost is not None)
        if not priced:
            continue
        limit = priced[min(len(priced) - 1, rng.randrange(1, 300))]
        found = made.recover_all(batch, size, BOTH, row_prices, limit)
        assert [cost for cost, _ in found] == [cost for cost in priced if cost <= limit], name


def test_columns_share_a_run_where_the_oracle_lets_them_share_boxes(
    num_worlds: Callable[[int], int], seed: int
):
    shared = 0
    for name, made, batch, ways in some_batches(random_world, range(seed, seed + num_worlds(120))):
        if len(ways) > MOST_WAYS:
            continue
        run_of = {way.moves: way.run for way in ways}
        ours_of: dict[object, object] = {}
        for _, column in made.recover_all(batch, 1, MONEY):
            theirs = run_of[made.key_of(column)]
            assert (column.run is None) == (theirs is None), name
            shared += theirs in ours_of
            assert ours_of.setdefault(theirs, column.run) == column.run, name
        assert len(set(ours_of.values())) == len(ours_of), f"{name}: two runs made one"
    assert shared


def test_of_ways_with_the_same_rides_the_cheapest_is_kept(num_worlds: Callable[[int], int], seed: int):
    """``distinct_rows`` may hide an itinerary only behind one that is no dearer and takes the same room."""
    hidden = 0
    for name, made, batch, ways in some_batches(random_world, range(seed, seed + num_worlds(120))):
        if len(ways) > MOST_WAYS:
            continue
        prices = made.pricer.sweep(made.pricer.source_of(batch), 1, MONEY)
        found, is_complete = made.pricer.recover(
            batch, 1, MONEY, prices, EVERYTHING, max_paths=2 * MOST_WAYS, max_steps=10**7, distinct_rows=True
        )
        assert is_complete, name
        least: dict[object, int] = {}
        for cost, column in found:
            least.setdefault(frozenset(uses_of(column).items()), cost)
        for way in ways:
            room = frozenset(uses_of_way(made, batch, way).items())
            assert least[room] <= made.cost(batch, way, 1, MONEY), name
        hidden += len(found) < len(ways)
    assert hidden


def test_cheaper_way_on_that_leads_back_hides_no_itinerary():
    """Of equal rides with limited room only the cheapest is kept, but a walk in a circle is none."""
    made = rig(
        tiny("""
            road plant -> river hours=2 price=1
            service barge river -> bridge@5 leaves=Mon at=08:00 room=9 price=3
            road bridge -> river hours=1 price=1
            road river -> market hours=2 price=1
            road bridge -> market hours=9 price=50
            batch 1 car plant -> market due=60
        """)
    )
    prices = made.pricer.sweep(made.pricer.sources[0], 1, MONEY)
    found, _ = made.pricer.recover(0, 1, MONEY, prices, EVERYTHING, max_paths=9, distinct_rows=True)
    ridden = [[move[0] for move in made.key_of(column)] for _, column in found]
    assert ["road", "barge", "road"] in ridden


def test_search_that_stops_early_says_so():
    made = rig(
        tiny("""
        road plant -> port hours=1 every=1 price=5
        batch 1 car plant -> port due=48
    """)
    )
    prices = made.pricer.sweep(made.pricer.sources[0], 1, MONEY)
    found, is_complete = made.pricer.recover(0, 1, MONEY, prices, EVERYTHING, max_paths=3)
    assert (len(found), is_complete) == (3, False)
    found, is_complete = made.pricer.recover(0, 1, MONEY, prices, EVERYTHING, max_paths=99, max_steps=4)
    assert len(found) < 48
    assert not is_complete
    found, is_complete = made.pricer.recover(0, 1, MONEY, prices, EVERYTHING, max_paths=99)
    assert (len(found), is_complete) == (48, True)  # dispatched at 0, 1, ..., 47 h


@pytest.mark.parametrize(("longest", "rides"), [(23, 1), (24, 2), (47, 2), (48, 3)])
def test_cargo_waits_as_long_as_the_longest_dwell_and_no_minute_more(longest: int, rides: int):
    made = rig(
        tiny(f"""
        service barge plant -> port@10 leaves=Mon,Tue,Wed at=00:00 price=40
        storage plant day=1 max={longest}
        batch 1 car plant -> port due=120
    """)
    )
    # ready on Monday at 0 h; the gates close at 0, 24 and 48 h
    assert len(made.recover_all(0, 1, MONEY)) == rides


def test_cargo_is_stuffed_at_most_once_also_in_the_bound():
    made = rig(
        tiny("""
            service rail plant -> hub@10 form=boxed leaves=Mon price=3
            service barge hub -> river@10 leaves=Tue price=1
            service rail2 river -> market@10 form=boxed leaves=Wed price=3
            road river -> market hours=9 price=50
            batch 1 car plant -> market
        """)
    )
    assert made.values_by_minutes(0, 1, MONEY).keys() == {
        column.minutes for _, column in made.recover_all(0, 1, MONEY)
    }
    assert made.pricer.cheapest(0, 1, MONEY) == (3 + 1 + 50) * SCALE


def test_second_reference_ride_is_no_way_for_the_bound_either():
    made = rig(
        tiny("""
            service fifteen plant -> hub@10 form=boxed leaves=Mon bookable=no price=3
            service sixteen hub -> market@10 form=boxed leaves=Tue bookable=no price=3
            service rail hub -> market@10 form=boxed leaves=Wed price=50
            batch 1 car plant -> market
        """),
        with_reference=True,
    )
    assert len(made.recover_all(0, 1, MONEY)) == 1
    assert made.pricer.cheapest(0, 1, MONEY) == 53 * SCALE


def test_reference_rides_are_met_exactly_once(num_worlds: Callable[[int], int], seed: int):
    """The pricer of the baseline: one service of each world made a reference that can't be booked."""
    checked = 0
    for number in range(seed, seed + num_worlds(120)):
        world = random_world(number, FOR_BASELINES)
        services = dict(world.network.services)
        long = [
            s for s in services.values() if len({world.network.places[c.place].country for c in s.calls}) > 1
        ]
        references = {service.id for service in long[:2]}
        booked = {name: replace(service, bookable=True) for name, service in services.items()}
        unbooked = {name: replace(s, bookable=name not in references) for name, s in booked.items()}
        all_open = replace(world, network=replace(world.network, services=booked))
        made = rig(replace(world, network=replace(world.network, services=unbooked)), with_reference=True)
        for batch, row in enumerate(world.batches):
            ways = ways_of(all_open, row)
            if len(ways) > MOST_WAYS:
                continue
            once = {
                way.moves: made.cost(batch, way, 1, MONEY)
                for way in ways
                if sum(move[0] in references for move in way.moves) == 1
            }
            found = made.recover_all(batch, 1, MONEY)
            assert {made.key_of(column): cost for cost, column in found} == once, f"random_world({number})"
            assert made.pricer.cheapest(batch, 1, MONEY) <= min(once.values(), default=INFINITE)
            checked += bool(once)
    assert checked
