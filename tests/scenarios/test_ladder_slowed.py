"""Calls and services that are slower for some days."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

RAIL = """
    service rail plant -> hub@4-6* -> border@10-12 -> market@24 form=loose price=40
    batch 1 car plant -> market
"""


def slowed(closures: str) -> str:
    """Hours to the market, of a train that leaves on Monday 08:00 and passes the border from 18 h to 20 h."""
    line = planned(tiny(RAIL + closures))
    return line.removeprefix("1 rail Mon 3, ").removesuffix(", 40c")


def test_slow_call_moves_itself_and_all_later_ones():
    assert slowed("") == "32h"
    assert slowed("closure border Mon Tue extra 6") == "38h"


def test_slow_call_leaves_earlier_ones_alone():
    world = RAIL + "closure border Mon Tue extra 6\nbatch 1 car plant -> hub"
    assert planned(tiny(world)) == "b1: 1 rail Mon 3, 38h, 40c\nb2: 1 rail Mon 3, 12h, 40c"


def test_slow_first_call_leaves_later_and_takes_who_is_late():
    world = """
        service barge plant -> port@24 leaves=Mon,Wed cutoff=2 price=40
        batch 1 car plant -> port ready=12
    """
    # the gate closes at 8 + 6 - 2 = 12 h instead of 6 h
    assert planned(tiny(world)) == "1 barge Wed 5, 80h, 40c"
    assert planned(tiny(world + "closure plant Mon Tue extra 6")) == "1 barge Mon 3, 38h, 40c"


def test_slow_last_call_arrives_later():
    assert slowed("closure market Tue Wed extra 1/2") == "32h30"


def test_slow_days_are_those_of_the_timetable():
    # the border is slow on Tuesday alone, by the timetable the train is there on Monday
    assert slowed("closure border Tue Wed extra 6") == "32h"
    # delayed at the plant it is there on Tuesday 04:00; still it counts as on Monday
    assert slowed("closure plant Mon Tue extra 10\nclosure border Tue Wed extra 6") == "42h"
    assert slowed("closure plant Mon Tue extra 10\nclosure border Mon Tue extra 6") == "48h"


def test_slow_closures_add_up():
    two = "closure border Mon Tue extra 6\nclosure border Mon Wed extra 2\n"
    assert slowed(two) == "40h"
    assert slowed(two + "closure hub Mon Tue extra 1") == "41h"


def test_slow_service_is_later_from_the_start():
    assert slowed("closure rail Mon Tue extra 6") == "38h"
    # it starts on Monday: slow on Tuesday is for other departures
    assert slowed("closure rail Tue Wed extra 6") == "32h"


def test_slow_service_and_slow_call_add_up():
    assert slowed("closure rail Mon Tue extra 6\nclosure border Mon Tue extra 2") == "40h"


def test_slow_call_spares_services_and_modes():
    assert slowed("closure border Mon Tue extra 6 spares=rail") == "32h"
    assert slowed("closure border Mon Tue extra 6 spares=barge") == "38h"


def test_stay_counts_as_slow_if_one_minute_of_it_is():
    world = """
        service rail plant -> border@{} -> market@40 form=loose price=40
        closure border Tue Wed extra 6
        batch 1 car plant -> market
    """
    # the border from 14 h to 24 h; from 14 h to 23.5 h; from 48 h on the train would be past the closure
    assert planned(tiny(world.format("6-16"))) == "1 rail Mon 3, 54h, 40c"
    assert planned(tiny(world.format("6-15.5"))) == "1 rail Mon 3, 48h, 40c"
    assert planned(tiny(world.format("39-39"))) == "1 rail Mon 3, 54h, 40c"
    assert planned(tiny(world.format("40-40"))) == "1 rail Mon 3, 48h, 40c"


def test_slow_train_misses_the_truck():
    world = """
        service rail  plant -> hub@10 form=loose price=40
        service truck hub -> market@5 leaves=Mon,Tue at=20:00 price=5
        batch 1 car plant -> market
    """
    assert planned(tiny(world)) == "1 rail Mon 3 + truck Mon 3, 25h, 45c"
    assert planned(tiny(world + "closure rail Mon Tue extra 3")) == "1 rail Mon 3 + truck Tue 4, 49h, 45c"


def test_slow_place_leaves_roads_alone():
    world = tiny("""
        road plant -> port hours=3 price=5
        closure plant Mon Sun extra 6
        closure port Mon Sun extra 6
        batch 1 car plant -> port
    """)
    assert planned(world) == "1 road, 3h, 5c"


def test_storage_counts_from_the_late_arrival():
    world = """
        service rail  plant -> hub@10 form=loose price=40
        service truck hub -> market@5 leaves=Wed price=5
        storage hub day=7
        batch 1 car plant -> market
    """
    # from Monday 18:00 two midnights, from Tuesday 00:00 one
    assert planned(tiny(world)) == "1 rail Mon 3 + truck Wed 5, 61h, 59c"
    assert planned(tiny(world + "closure hub Mon Tue extra 6")) == "1 rail Mon 3 + truck Wed 5, 61h, 52c"
