"""Prices of rows as a sweep meets them: by leg, day, dispatch and origin; what is closed stays closed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from planner.network.timetable import Timetable
from planner.solver.delivery import SCALE
from planner.solver.kernel import CEILING, CLOSED_LEG
from planner.solver.room import RowPrices
from tests.oracles.enumeration import ways_of
from tests.solver.rig import BOTH, MONEY, Rig, random_row_prices, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny

WORLD = """
    type car ceu=1.27 per_box=3
    service rail plant -> hub@5-6* -> port@24 leaves=Mon form=boxed room=9 price=1
    service barge plant -> port@30 leaves=Mon unit=ceu room=90 price=1
    road plant -> port hours=40 per_day=9 price=1
    road plant -> hub hours=5 form=boxed per_day=9 price=1
    throughput plant loose 9
    throughput port loose 9
    throughput port boxed 9
    throughput hub boxed 9
    allotment rail Alpha 2
    batch 9 car plant -> port due=47 shipper=Beta
    batch 9 car plant -> port due=47 shipper=Alpha
"""


def made_prices(made: Rig, rows: dict[int, int]) -> RowPrices:
    prices = np.zeros(made.timetable.num_rows, dtype=np.int64)
    for row, price in rows.items():
        prices[row] = price
    return RowPrices(made.timetable, prices)


def day_row(table: Timetable, *name: str) -> int:
    """The first day of a place or road."""
    rows = {
        day.day: row
        for row, day in table.day_rows.items()
        if (day.from_place, day.to_place, day.form) == name
    }
    return rows[min(rows)]


def costs(made: Rig, size: int, rows: dict[int, int], batch: int = 0) -> dict[str, int]:
    """Least cost of a group by the services and roads it uses, in cents."""
    prices = np.zeros(made.timetable.num_rows, dtype=np.int64)
    for row, price in rows.items():
        prices[row] = price
    found: dict[str, int] = {}
    for cost, column in made.recover_all(batch, size, MONEY, prices):
        found.setdefault("+".join(move[0] for move in made.key_of(column)), cost // SCALE)
    return found


def test_running_sum_of_legs_holds_the_held_space_of_who_is_shut_out():
    made = rig(tiny(WORLD))
    table = made.timetable
    first, second = (batch for batch in made.problem.batches)
    held, legs = table.held_rows(first)
    assert len(table.held_rows(second)[0]) == 0
    rows = made_prices(made, {0: 5, 1: 7, 2: 11, int(held[0]): 100})
    assert legs[0] == 0
    assert list(rows.prefix(table.claim_of(first), table.held_rows(first))) == [0, 105, 112, 123]
    assert list(rows.prefix(table.claim_of(second), table.held_rows(second))) == [0, 5, 12, 23]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_each_row_is_paid_in_its_own_unit(size: int):
    """Boxes once a group, vehicles and space each their own, trucks by the vehicle also with boxes."""
    made = rig(tiny(WORLD))
    table = made.timetable
    plain = costs(made, size, {})
    cent = 1_000 * SCALE
    held = int(table.held_rows(made.problem.batches[0])[0][0])
    prices = {
        "leg 0": ({0: cent}, {"rail": 1, "rail+rail": 1}),
        "barge": ({2: cent}, {"barge": 127 * size}),
        "held": ({held: cent}, {"rail": 1, "rail+rail": 1}),
        "origin": ({day_row(table, "plant", "plant", "loose"): cent}, dict.fromkeys(plain, size)),
        "into port": (
            {day_row(table, "port", "port", "boxed"): cent},
            {"rail": 1, "road+rail": 1, "rail+rail": 1},
        ),
        "truck": ({day_row(table, "plant", "port", "loose"): cent}, {"road": size}),
        "boxed truck": ({day_row(table, "plant", "hub", "boxed"): cent}, {"road+rail": size}),
        "into hub": ({day_row(table, "hub", "hub", "boxed"): cent}, {"road+rail": 1, "rail+rail": 1}),
    }
    for name, (rows, units) in prices.items():
        found = costs(made, size, rows)
        dearer = {way: (found[way] - plain[way]) // 1_000 for way in plain if found[way] > plain[way]}
        assert dearer == units, name


def test_row_without_room_closes_what_uses_it_and_nothing_else():
    made = rig(tiny(WORLD))
    table = made.timetable
    everything = set(costs(made, 2, {}))
    held = int(table.held_rows(made.problem.batches[0])[0][0])
    closes = {
        0: {"rail", "rail+rail"},
        1: {"rail", "rail+rail", "road+rail"},
        2: {"barge"},
        held: {"rail", "rail+rail"},
        day_row(table, "plant", "plant", "loose"): everything,
        day_row(table, "port", "port", "boxed"): {"rail", "rail+rail", "road+rail"},
        day_row(table, "plant", "port", "loose"): {"road"},
        day_row(table, "plant", "hub", "boxed"): {"road+rail"},
    }
    for row, gone in closes.items():
        assert set(costs(made, 2, {row: int(CLOSED_LEG)})) == everything - gone, row
    # what is held is closed to those shut out only
    assert set(costs(made, 2, {held: int(CLOSED_LEG)}, batch=1)) == everything


@pytest.mark.parametrize("vehicles", [1, 3, 19])
def test_closed_stays_closed_and_dear_never_becomes_so(vehicles: int):
    made = rig(tiny(WORLD))
    table = made.timetable
    closed, dear = day_row(table, "port", "port", "loose"), day_row(table, "plant", "port", "loose")
    rows = made_prices(made, {closed: int(CLOSED_LEG), dear: int(CLOSED_LEG) - 1})
    arrival, boarding = rows.arrival(vehicles), rows.boarding(vehicles)
    assert set(arrival) == {0, int(CLOSED_LEG)}
    assert arrival[-1] == 0, "the source arrives nowhere"
    assert set(boarding) == {0, int(boarding.max())}
    assert 0 < int(boarding.max()) < CLOSED_LEG
    batch = made.problem.batches[0]
    held, _ = table.held_rows(batch)
    both = made_prices(made, dict.fromkeys((0, int(held[0])), int(CLOSED_LEG)))
    prefix = both.prefix(table.claim_of(batch), table.held_rows(batch))
    assert prefix[1] - prefix[0] == CLOSED_LEG


def test_highest_prices_price_no_step_out_of_range(num_worlds: Callable[[int], int], seed: int):
    """Nothing becomes closed, nothing wraps around: every itinerary is still found, for no less."""
    for number in range(seed, seed + num_worlds(100)):
        made = rig(whole_world(number))
        most = made.pricer.most_row_prices()
        assert (most[list(made.timetable.boarded_row.values())] == 0).all()
        for batch in range(len(made.problem.batches)):
            size = made.sizes(batch)[-1]
            cheap = {made.key_of(column): cost for cost, column in made.recover_all(batch, size, MONEY)}
            dear = {made.key_of(column): cost for cost, column in made.recover_all(batch, size, MONEY, most)}
            assert dear.keys() == cheap.keys(), f"whole_world({number})"
            assert all(cheap[key] <= cost for key, cost in dear.items())
            for cost in dear.values():
                assert cost < 64 * 4 * CEILING


def test_every_itinerary_pays_for_all_its_rows(num_worlds: Callable[[int], int], seed: int):
    """Legs, days, held space: what a sweep adds up is what the oracle's way would pay."""
    rng = Random(seed)
    closed = 0
    for number in range(seed, seed + num_worlds(200)):
        made = rig(whole_world(number, ("limits", "changes", "prices", "wishes", "today")))
        for batch, row in enumerate(made.problem.batches):
            size = rng.choice(made.sizes(batch))
            prices = random_row_prices(rng, made.timetable)
            ways = {
                way.moves: made.cost(batch, way, size, BOTH, prices) for way in ways_of(made.problem, row)
            }
            found = made.recover_all(batch, size, BOTH, prices)
            ours = {made.key_of(column): cost for cost, column in found}
            theirs = {key: cost for key, cost in ways.items() if cost is not None}
            assert ours == theirs, f"whole_world({number})"
            least = made.pricer.cheapest(batch, size, BOTH)
            assert least <= min(ours.values(), default=least)
            closed += len(ours) < len(ways)
    assert closed
