"""Dwell is charged by local calendar days, in tiers; some places hold cargo for so long only."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

TUESDAY_TO_FRIDAY = """
    service barge plant -> port@24 price=40
    service truck port -> market@10 leaves=Fri price=20
    batch 1 car plant -> market
"""
TAXI = "service taxi port -> market@10 leaves=Thu price=90\n"
FRIDAY = "1 barge Mon 3 + truck Fri 7, 114h"
# at the port from Tuesday 4 March 08:00 (32 h) to Friday 7 March 08:00 (104 h); 60 without storage


def test_dwell_without_storage_rows_is_free():
    assert planned(tiny(TUESDAY_TO_FRIDAY)) == FRIDAY + ", 60c"


def test_free_time_is_not_charged():
    world = tiny(TUESDAY_TO_FRIDAY + "storage port from=48 day=7")
    # from Thursday 08:00: one midnight, 7
    assert planned(world) == FRIDAY + ", 67c"


def test_each_tier_charges_its_own_days():
    world = tiny(
        TUESDAY_TO_FRIDAY + "storage port day=2\nstorage port from=24 day=5\nstorage port from=48 day=10"
    )
    # midnights since Tuesday 3, since Wednesday 2, since Thursday 1: one day each, 2 + 5 + 10
    assert planned(world) == FRIDAY + ", 77c"


def test_once_is_paid_when_its_tier_charges_a_day():
    world = tiny(TUESDAY_TO_FRIDAY + "storage port day=2 once=9\nstorage port from=96 day=5 once=1000")
    # 3 * 2 + 9; the second tier starts on Saturday and charges nothing
    assert planned(world) == FRIDAY + ", 75c"


def test_once_is_not_paid_within_a_day():
    world = tiny("""
        service barge plant -> port@24 price=40
        service truck port -> market@10 leaves=Tue at=22:00 price=20
        storage port day=2 once=9
        batch 1 car plant -> market
    """)
    assert planned(world) == "1 barge Mon 3 + truck Tue 4, 56h, 60c"


def test_longest_dwell_takes_the_dear_earlier_truck():
    world = tiny(TUESDAY_TO_FRIDAY + TAXI + "storage port max=71.5")
    # to Friday it is 72 h, to Thursday 48 h
    assert planned(world) == "1 barge Mon 3 + taxi Thu 6, 90h, 130c"


def test_longest_dwell_is_allowed_to_the_minute():
    world = tiny(TUESDAY_TO_FRIDAY + TAXI + "storage port max=72")
    assert planned(world) == FRIDAY + ", 60c"


def test_storage_runs_from_the_start_of_handling():
    world = tiny(TUESDAY_TO_FRIDAY + "storage port day=2\nhandling port barge->truck loose->loose hours=24")
    # handled on Wednesday 08:00, but held since Tuesday: 3 * 2
    assert planned(world) == FRIDAY + ", 66c"


def test_storage_at_the_plant_runs_from_ready_to_the_gate():
    world = tiny("""
        service barge plant -> port@24 leaves=Thu at=08:00 cutoff=10 price=40
        storage plant day=3
        batch 1 car plant -> port ready=12
    """)
    # Monday 12:00 to Wednesday 22:00: two midnights
    assert planned(world) == "1 barge Thu 6, 104h, 46c"


def test_rows_of_a_place_replace_those_of_its_kind():
    world = tiny(
        "place port kind=sea_port\n" + TUESDAY_TO_FRIDAY + "storage sea_port day=50\nstorage port day=2"
    )
    assert planned(world) == FRIDAY + ", 66c"


def test_days_are_counted_on_the_clock_of_the_place():
    world = tiny("""
        place port zone=Europe/Berlin
        service barge plant -> port@23.5 at=00:00 price=40
        service truck port -> market@10 leaves=Tue at=23:30 price=20
        storage port day=9
        batch 1 car plant -> market
    """)
    # in on Monday 23:30 UTC = Tuesday 00:30, out on Tuesday 23:30 = 22:30 UTC: no midnight in Berlin
    assert planned(world) == "1 barge Mon 3 + truck Tue 4, 56h30, 60c"


def test_free_time_runs_through_the_change_of_the_clocks():
    world = tiny("""
        place plant zone=Europe/Berlin
        service barge plant -> port@24 leaves=Mon at=08:00 until=5 price=40
        storage plant from=24 day=5
        batch 1 car plant -> port ready=646.5 due=800
    """)
    # ready on Saturday 29 March 23:30; 24 h later it is Monday 00:30, for that Sunday has 23 h; it leaves on
    # Monday 31 March 08:00 = 06:00 UTC = 28 * 24 + 6 = 678 h, + 24 h
    assert planned(world) == "1 barge Mon 31, 702h, 40c"
