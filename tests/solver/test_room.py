"""Room and charters: what is left, what modules cost, and the worth of room against every load there is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random

import numpy as np
import pytest

from planner.network.lay_out import timetable_of
from planner.network.timetable import NO_LIMIT, Ints
from planner.solver.delivery import SCALE
from planner.solver.room import Charter, Room
from tests.solver.rig import rig
from tests.tiny import tiny


def room_of(text: str, kept: dict[int, int] | None = None) -> Room:
    problem = tiny(text)
    table = timetable_of(problem)
    load = np.zeros(table.num_rows, dtype=np.int64)
    for row, units in (kept or {}).items():
        load[row] = units
    return Room(problem, table, load)


def line(words: str, legs: int = 1, batches: str = "batch 9 car a -> b") -> str:
    calls = " -> ".join(["a", *(f"{name}@{5 * n}*" for n, name in enumerate("bcde"[:legs], start=1))])
    return f"service line {calls} leaves=Mon price=1 {words}\n{batches}\n"


def loads(room: Room, *units: int) -> Ints:
    """Load of the legs in order."""
    load = np.zeros(len(room.capacity), dtype=np.int64)
    load[: len(units)] = units
    return load


# --- charters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "load", "modules", "cents"),
    [
        ("departure=500", 0, 0, 0),
        ("departure=500", 1, 1, 500),
        ("departure=500", 9, 1, 500),
        ("module_price=70", 9, 1, 70),  # without a size one module is everything
        ("departure=500 module=4 module_price=70", 4, 1, 570),
        ("departure=500 module=4 module_price=70", 5, 2, 640),
        ("module=4 module_price=70.5", 9, 3, 213),  # each module is rounded by itself
        ("departure=0.5", 1, 1, 1),
        ("min_load=5", 5, 1, 0),
    ],
)
def test_least_modules_that_hold_a_load_are_paid(words: str, load: int, modules: int, cents: int):
    room = room_of(line(words))
    (charter,) = room.charters
    assert charter.modules_for(loads(room, load)) == modules
    assert charter.cents_for(loads(room, load)) == room.charter_cents(loads(room, load)) == cents


def test_fullest_leg_says_how_many_modules():
    room = room_of(line("module=4 module_price=10", legs=3))
    assert room.charter_cents(loads(room, 1, 9, 5)) == 30


def test_services_that_are_not_bought_as_a_whole_are_no_charters():
    assert room_of(line("room=9")).charters == []


@pytest.mark.parametrize(
    ("words", "batches", "capacity"),
    [
        ("departure=5", "batch 9 car a -> b", 9),  # nobody can ask for more
        ("departure=5 room=7", "batch 9 car a -> b", 7),
        ("departure=5 room=70", "batch 9 car a -> b\nbatch 4 car a -> b", 13),
        ("module=4", "batch 9 car a -> b", 12),  # three modules
        ("module=4 room=10", "batch 9 car a -> b", 10),
        ("module=4 room=3", "batch 9 car a -> b", 3),
        ("departure=5 room=0", "batch 9 car a -> b", 0),
        ("departure=5 unit=ceu", "type car ceu=1.27\nbatch 9 car a -> b", 9 * 127),
        ("departure=5 form=boxed", "batch 9 car a -> b", 9),
        ("", "batch 9 car a -> b", NO_LIMIT),
    ],
)
def test_leg_of_a_charter_holds_what_its_most_modules_hold(words: str, batches: str, capacity: int):
    assert int(room_of(line(words, batches=batches)).capacity[0]) == capacity


def test_kept_vehicles_take_room_and_buy_modules():
    text = line("departure=500 module=4 module_price=70 room=12 min_load=5")
    boarded = next(iter(timetable_of(tiny(text)).boarded_row.values()))
    room = room_of(text, {0: 3, boarded: 3})
    assert room.capacity[0] == 9
    assert room.charter_cents(loads(room, 0)) == 570
    assert room.charter_cents(loads(room, 1)) == 570
    assert room.charter_cents(loads(room, 2)) == 640
    assert room.sunk_cents == 570
    load = loads(room, 1)
    load[boarded] = 1
    assert room.unfilled(load) == []  # bought already, its least load is not asked for again


def test_charter_short_of_its_least_load_is_known():
    room = room_of(line("min_load=5"))
    (charter,) = room.charters
    for boarded, is_short in ((0, False), (1, True), (4, True), (5, False)):
        load = loads(room, boarded)
        load[charter.boarded_row] = boarded
        assert room.unfilled(load) == ([charter] if is_short else [])


def test_units_that_vehicles_need_of_each_row():
    problem = tiny("""
        type car ceu=1.27 per_box=3
        service roro plant -> port@24 unit=ceu room=99 price=1 departure=5
        service rail plant -> port@24 form=boxed room=9 price=1
        allotment rail Alpha 2
        throughput port loose 9
        throughput port boxed 9
        road plant -> port hours=5 form=boxed per_day=9
        batch 9 car plant -> port shipper=Beta due=40
    """)
    made = rig(problem)
    table = made.timetable
    needed = made.room.needed(problem.network.vehicle_types["car"], 4)
    assert list(needed[: table.num_legs]) == [4 * 127, 2]
    by_day = {
        (day.from_place == day.to_place, day.form): int(needed[row]) for row, day in table.day_rows.items()
    }
    # trucks are counted in vehicles, boxed or not
    assert by_day == {(True, "loose"): 4, (True, "boxed"): 2, (False, "boxed"): 4}
    ((held, _),) = table.held_of_claim.values()
    assert list(needed[held]) == [2]


# --- worth of room ----------------------------------------------------------------------------------------


def random_charter(rng: Random) -> tuple[Room, Charter]:
    legs = rng.randint(1, 3)
    module = rng.choice(("", f"module={rng.randint(1, 4)}"))
    room = rng.choice(("", f"room={rng.randint(1, 6)}"))
    onward = ",".join(str(rng.randint(1, 6)) for _ in range(legs))
    words = (
        f"departure={rng.choice((0, rng.randint(1, 90)))} module_price={rng.choice((0, rng.randint(1, 60)))}"
    )
    text = line(
        f"{words} min_load=1 {module} {room} {rng.choice(('', f'onward={onward}'))}",
        legs,
        "batch 5 car a -> b",
    )
    kept = {}
    if rng.random() < 0.4:
        boarded = next(iter(timetable_of(tiny(text)).boarded_row.values()))
        capacity = room_of(text).capacity
        kept = {leg: min(int(capacity[leg]), rng.randint(0, 2)) for leg in range(legs)}
        kept = {**kept, boarded: max(kept.values())}
    made = room_of(text, kept)
    return made, made.charters[0]


def random_prices(rng: Random, room: Room, charter: Charter) -> Ints:
    prices = np.zeros(len(room.capacity), dtype=np.int64)
    for leg in charter.legs:
        prices[leg] = rng.choice((0, rng.randint(0, 20 * SCALE), rng.randint(0, 90 * SCALE)))
    return prices


def paid(charter: Charter, load: Ints, least: int) -> int:
    """Cents of a departure of which at least so many modules are bought."""
    modules = max(charter.modules_for(load), least)
    return charter.departure_cents + modules * charter.module_cents if modules else 0


def test_no_load_costs_less_than_its_price_less_the_worth_of_the_room(
    num_worlds: Callable[[int], int], seed: int
):
    """For every load of every leg, kept vehicles and modules on a branch counted in."""
    rng = Random(seed)
    tight = saved = 0
    for _ in range(num_worlds(1_500)):
        room, charter = random_charter(rng)
        if rng.random() < 0.4:
            least = rng.randint(charter.least_modules, charter.most_modules)
            most = rng.randint(least, charter.most_modules)
            room = room.with_modules({charter.departure: (least, most)})
            (charter,) = room.charters
        prices = random_prices(rng, room, charter)
        worth = room.value(prices, money=True)
        slack = []
        for units in product(*(range(int(room.capacity[leg]) + 1) for leg in charter.legs)):
            load = loads(room, *units)
            total = room.total_load(load)
            if charter.modules_for(total) > charter.most_modules:
                continue
            cents = paid(charter, total, charter.least_modules)
            slack.append((cents - room.sunk_cents) * SCALE - int(prices @ load) + worth)
            assert room.value(prices, money=False) >= int(prices @ load)
        assert min(slack) >= 0
        tight += min(slack) == 0
        saved += worth < room.value(prices, money=False)
    assert tight > num_worlds(1_500) / 10
    assert saved > num_worlds(1_500) / 10


def test_module_takes_the_price_of_a_leg_up_to_what_it_costs():
    room = room_of(line("module=4 module_price=20 room=12", batches="batch 12 car a -> b"))
    prices = loads(room, 3 * SCALE)
    # three modules of 20 hold twelve at 3: 5 of each 20 go to the module, nothing is left to gain
    assert room.value(prices, money=True) == 0
    assert room.value(prices, money=False) == 36 * SCALE
    prices = loads(room, 7 * SCALE)
    assert room.value(prices, money=True) == 12 * (7 - 5) * SCALE


def test_room_is_worth_its_price_and_unlimited_room_nothing():
    text = """
        service one plant -> port@24 room=10 price=1
        service two plant -> port@24 price=1
        service three plant -> port@24 room=7 price=1
        batch 1 car plant -> port
    """
    room = room_of(text)
    assert room.value(loads(room, 3, 0, 5), money=True) == 65
    assert room.value(loads(room), money=True) == 0
