"""Places and services that are shut for some days."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

MON_AND_WED = """
    service barge plant -> port@24 leaves=Mon,Wed price=40
    batch 1 car plant -> port
"""
ON_MONDAY = "1 barge Mon 3, 32h, 40c"
ON_WEDNESDAY = "1 barge Wed 5, 80h, 40c"


def test_nothing_is_loaded_where_it_is_closed():
    assert planned(tiny(MON_AND_WED + "closure plant Mon Tue closed")) == ON_WEDNESDAY


def test_nothing_is_unloaded_where_it_is_closed():
    # the barge of Monday arrives on Tuesday
    assert planned(tiny(MON_AND_WED + "closure port Tue Wed closed")) == ON_WEDNESDAY


def test_closure_holds_from_midnight_to_midnight_to_the_minute():
    def arriving(at: str, after: int) -> str:
        return planned(
            tiny(f"""
                service barge plant -> port@{after} at={at} price=40
                service truck plant -> port@48 price=90
                closure port Tue Wed closed
                batch 1 car plant -> port
            """)
        )

    by_truck = "1 truck Mon 3, 56h, 90c"
    # Monday 23:59, Tuesday 00:00, Tuesday 23:59, Wednesday 00:00
    assert arriving("07:59", 16) == "1 barge Mon 3, 23h59, 40c"
    assert arriving("08:00", 16) == by_truck
    assert arriving("07:59", 40) == by_truck
    assert arriving("08:00", 40) == "1 barge Mon 3, 48h, 40c"


def test_closure_is_read_on_the_clock_of_its_place():
    def arriving(zone: str) -> str:
        return planned(
            tiny(f"""
                place port zone={zone}
                service barge plant -> port@8 price=40
                service truck plant -> port@48 price=90
                closure port Tue Wed closed
                batch 1 car plant -> port
            """)
        )

    # Monday 16:00 UTC is Tuesday 00:00 in Shanghai
    assert arriving("UTC") == "1 barge Mon 3, 16h, 40c"
    assert arriving("Asia/Shanghai") == "1 truck Mon 3, 56h, 90c"


def passing(arrive: int, depart: int, more: str = "") -> str:
    """Plan of one car whose cheap train stays at a border that is closed on Tuesday; it starts at 8 h."""
    return planned(
        tiny(f"""
            service rail  plant -> border@{arrive}-{depart} -> market@72 form=loose price=10
            service barge plant -> market@96 price=40
            closure border Tue Wed closed {more}
            batch 1 car plant -> market
        """)
    )


PASSED = "1 rail Mon 3, 80h, 10c"
SHUT = "1 barge Mon 3, 104h, 40c"


def test_nothing_passes_where_it_is_closed():
    # at the border from 20 h to 22 h, 30 h to 32 h, 50 h to 52 h
    assert passing(12, 14) == PASSED
    assert passing(22, 24) == SHUT
    assert passing(42, 44) == PASSED


def test_passing_lasts_from_arrival_to_departure():
    # from Monday 20:00 to Tuesday 00:00, to Wednesday 02:00; from Tuesday 23:00; from Wednesday 00:00
    assert passing(12, 16) == SHUT
    assert passing(12, 42) == SHUT
    assert passing(39, 50) == SHUT
    assert passing(40, 50) == PASSED


def test_closure_spares_services_and_modes():
    assert passing(22, 24, "spares=rail") == PASSED
    assert passing(22, 24, "spares=barge,road") == SHUT


def test_call_may_unload_before_a_closure_and_load_after_it():
    world = """
        service rail plant -> hub@10-40* -> market@72 form=loose price=10
        service ship plant -> market@96 price=40
        handling hub rail->rail loose->loose price=50
        closure hub Tue Wed closed
    """
    # in on Monday 18:00, out on Wednesday 00:00; off the train and on again costs 50
    assert planned(tiny(world + "batch 1 car plant -> hub")) == "1 rail Mon 3, 18h, 10c"
    assert planned(tiny(world + "batch 1 car hub -> market")) == "1 rail Mon 3, 80h, 10c"
    assert planned(tiny(world + "batch 1 car plant -> market")) == "1 ship Mon 3, 104h, 40c"


def test_closed_call_beyond_the_ride_does_not_matter():
    world = tiny("""
        service rail plant -> hub@10* -> port@20 form=loose price=10
        closure port Mon Sun closed
        batch 1 car plant -> hub
    """)
    assert planned(world) == "1 rail Mon 3, 18h, 10c"


def test_cargo_may_wait_where_it_is_closed():
    world = tiny("""
        service barge plant -> hub@10 price=10
        service truck hub -> market@10 leaves=Wed price=5
        closure hub Tue Wed closed
        batch 1 car plant -> market
    """)
    # at the hub from Monday 18:00 to Wednesday 08:00
    assert planned(world) == "1 barge Mon 3 + truck Wed 5, 66h, 15c"


def test_road_is_not_dispatched_where_it_is_closed():
    world = "road plant -> port hours=3 price=5\nbatch 1 car plant -> port\n"
    assert planned(tiny(world + "closure plant Mon Wed closed")) == "1 road, 51h, 5c"
    assert planned(tiny(world + "closure plant Mon Wed closed spares=truck")) == "1 road, 51h, 5c"
    assert planned(tiny(world + "closure plant Mon Wed closed spares=road")) == "1 road, 3h, 5c"


def test_road_does_not_arrive_where_it_is_closed():
    world = tiny("""
        road plant -> port hours=3 first=22:00 price=5
        closure port Tue Wed closed
        batch 1 car plant -> port
    """)
    # dispatched on Monday 22:00 it would arrive on Tuesday 01:00; the next arrives on Wednesday 01:00
    assert planned(world) == "1 road, 49h, 5c"


def test_road_under_way_is_not_stopped():
    world = tiny("""
        road plant -> port hours=50 price=5
        closure plant Tue Wed closed
        closure port Tue Wed closed
        batch 1 car plant -> port
    """)
    assert planned(world) == "1 road, 50h, 5c"


def test_closed_service_starts_no_departure():
    assert planned(tiny(MON_AND_WED + "closure barge Mon Wed closed")) == ON_WEDNESDAY
    assert planned(tiny(MON_AND_WED + "closure barge Sun 14 closed")) == ON_MONDAY


def test_departure_of_a_closed_service_that_is_under_way_goes_on():
    assert planned(tiny(MON_AND_WED + "closure barge Tue Sun closed")) == ON_MONDAY


def test_closed_service_is_closed_to_those_who_board_later():
    world = tiny("""
        service rail plant -> hub@30-32* -> market@48 form=loose leaves=Mon,Wed price=10
        closure rail Mon Tue closed
        batch 1 car hub -> market
    """)
    # boarding at the hub would be on Tuesday, when it is open; but that train did not start
    assert planned(world) == "1 rail Wed 5, 104h, 10c"


def test_closure_is_held_against_the_shifted_departure():
    shifted = "exception barge Mon changed shift=16\n"
    # Monday 08:00 + 16 h is Tuesday 00:00
    assert planned(tiny(MON_AND_WED + shifted)) == "1 barge Mon 3, 48h, 40c"
    assert planned(tiny(MON_AND_WED + shifted + "closure plant Tue Wed closed")) == ON_WEDNESDAY
    assert planned(tiny(MON_AND_WED + shifted + "closure barge Tue Wed closed")) == ON_WEDNESDAY
    assert planned(tiny(MON_AND_WED + shifted + "closure plant Mon Tue closed")) == "1 barge Mon 3, 48h, 40c"


def test_closure_is_not_held_against_delays():
    world = tiny("""
        service barge plant -> port@12 price=40
        closure plant Mon Tue extra 12
        closure port Tue Wed closed
        batch 1 car plant -> port
    """)
    # by the timetable there on Monday 20:00; really on Tuesday 08:00
    assert planned(world) == "1 barge Mon 3, 32h, 40c"
