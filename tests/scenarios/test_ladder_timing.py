"""Gates, releases, handling hours and dispatches decide which departure is reached."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_batch_missing_the_cut_off_waits_for_the_next_departure():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed at=08:00 cutoff=6 price=40
        batch 3 car plant -> port ready=3
    """)
    # Monday's gate closes at 08:00 - 6 h = 2 h; Wednesday 08:00 = 56 h, + 24 h = 80 h
    assert planned(world) == "3 barge Wed 5, 80h, 120c"


def test_batch_ready_at_the_cut_off_makes_it():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed at=08:00 cutoff=6 price=40
        batch 3 car plant -> port ready=2 due=40
    """)
    assert planned(world) == "3 barge Mon 3, 32h, 120c"


def test_release_delays_the_next_departure():
    world = tiny("""
        service barge plant -> port@24 release=6 price=40
        service truck port -> market@10 leaves=Tue,Wed at=12:00 price=20
        batch 2 car plant -> market
    """)
    # alongside at 32 h, free at 38 h: Tuesday 12:00 = 36 h is missed, Wednesday = 60 h, + 10 h
    assert planned(world) == "2 barge Mon 3 + truck Wed 5, 70h, 120c"


def test_handling_hours_delay_the_next_departure_and_the_delivery():
    world = tiny("""
        service barge plant -> port@24 price=40
        service truck port -> market@10 leaves=Tue,Wed at=12:00 price=20
        handling port   barge->truck  loose->loose hours=5 price=1
        handling market *->delivery   loose->loose hours=3 price=2
        batch 2 car plant -> market
    """)
    # 32 h + 5 h = 37 h, Tuesday 36 h is missed; 60 h + 10 h + 3 h = 73 h; 2 * (40 + 1 + 20 + 2)
    assert planned(world) == "2 barge Mon 3 + truck Wed 5, 73h, 126c"


def test_handling_that_ends_at_the_gate_is_in_time():
    world = tiny("""
        service barge plant -> port@24 price=40
        service truck port -> market@10 leaves=Tue,Wed at=12:00 price=20
        handling port barge->truck loose->loose hours=4
        batch 2 car plant -> market due=60
    """)
    assert planned(world) == "2 barge Mon 3 + truck Tue 4, 46h, 120c"


def test_road_grid_runs_on_past_midnight_to_the_next_first_dispatch():
    world = tiny("""
        terms time
        road plant -> port hours=3 every=7 first=06:00 price=5
        batch 1 car plant -> port ready=21 id=evening
        batch 1 car plant -> port ready=28 id=night
    """)
    # dispatches at 6, 13, 20 and 27 h (03:00), then the grid starts again at 30 h, not at 34 h
    assert planned(world) == "evening: 1 road, 30h, 5c\nnight: 1 road, 33h, 5c"


def test_road_grid_is_read_on_the_local_clock():
    world = tiny("""
        terms time
        place plant zone=Asia/Shanghai
        road plant -> port hours=3 first=06:00 price=5
        batch 1 car plant -> port ready=0
    """)
    # 06:00 in Shanghai = 22:00 UTC the day before; after 0 h that is 22 h
    assert planned(world) == "1 road, 25h, 5c"


def test_departure_follows_the_clock_that_goes_forward():
    world = tiny("""
        place port zone=Europe/Berlin
        service barge port -> market@10 leaves=Sun at=03:30 until=4 price=40
        batch 1 car port -> market ready=600 due=700
    """)
    # Sunday 30 March 03:30 is summer time: 01:30 UTC = 27 * 24 + 1.5 = 649.5 h, + 10 h
    assert planned(world) == "1 barge Sun 30, 659h30, 40c"


def test_ride_may_board_at_a_later_call():
    world = tiny("""
        service rail  plant -> hub@10-20* -> market@40 form=loose cutoff=4 price=50
        road plant -> hub hours=18 first=06:00 price=1
        batch 1 car plant -> market ready=5
    """)
    # the gate at the plant closed at 4 h, that of the hub closes at 8 + 20 - 4 = 24 h, when the road arrives
    assert planned(world) == "1 road + rail Mon 3, 48h, 51c"
