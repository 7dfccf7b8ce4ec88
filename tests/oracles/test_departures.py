"""Exceptions, closures, fast and slow journeys, today: the oracle against what paper says."""

from __future__ import annotations

import pytest

from tests.oracles.said import said


def test_cancelled_departure_is_not_there():
    assert (
        said("""
        service barge plant -> port@24 leaves=Mon,Wed price=40
        exception barge Mon cancelled
        batch 2 car plant -> port
        """)
        == "2 barge Wed 80h: 80"
    )


def test_added_departure_has_its_own_room_factor_and_shift():
    # Tuesday 8:00 and 2 h later, at half the price, for one; the third car finds no room
    assert (
        said("""
        service barge plant -> port@24 leaves=Mon room=1 price=40
        exception barge Tue added room=1 factor=1/2 shift=2
        batch 3 car plant -> port
        """)
        == "1 barge Mon 32h, 1 barge Tue 58h, 1 left out: 60"
    )


def test_added_departure_needs_no_date_of_calendar_or_service():
    # Wednesday 12 March, after the calendar (one week) and the service have ended: 9 days, 8 h and 24 h
    assert (
        said("""
        service barge plant -> port@24 leaves=Mon to=Fri price=40
        exception barge Mon cancelled
        exception barge 9 added
        batch 1 car plant -> port due=400
        """)
        == "1 barge 03-12 248h: 40"
    )


def test_factor_multiplies_freight_after_the_minimum_and_nothing_else():
    # max(40, 50) * 3/2 = 75, and the surcharge of 7 as it is
    assert (
        said("""
        service barge plant -> port@24 price=40 min=50
        tariff barge plant -> port charge=surcharge price=7
        exception barge Mon changed factor=3/2
        batch 2 car plant -> port
        """)
        == "2 barge Mon 32h: 164"
    )


def test_factor_shares_the_single_rounding_of_the_line():
    # 10 / 3 * 9 / 20 = 1.5 -> 2; 10 / 3 rounded first would give 3 * 9 / 20 = 1.35 -> 1
    assert (
        said("""
        service barge plant -> port@24 price=10/3
        exception barge Mon changed factor=9/20
        batch 1 car plant -> port
        """)
        == "1 barge Mon 32h: 2"
    )


def test_shift_moves_every_call():
    assert (
        said("""
        service barge plant -> hub@24-25* -> market@48 price=40
        exception barge Mon changed shift=6
        batch 1 car plant -> market
        batch 1 car hub -> market ready=38
        """)
        # from the hub at 8 + 25 + 6 = 39 h: ready at 38 h is in time, Delivered at 62 h
        == "1 barge Mon 62h; 1 barge Mon 24h: 80"
    )


def test_capacity_of_an_exception_is_still_capped_onward():
    assert (
        said("""
        service barge plant -> port@24 room=5 onward=3 price=40
        exception barge Mon changed room=10
        batch 4 car plant -> port
        """)
        == "3 barge Mon 32h, 1 left out: 120"
    )


def test_capacity_of_an_exception_may_be_none_at_all():
    assert (
        said("""
        service barge plant -> port@24 price=40
        exception barge Mon changed room=0
        batch 1 car plant -> port
        """)
        == "1 left out: 0"
    )


CLOSED = [
    # loads on Monday 8:00
    ("plant Mon Tue closed", "1 barge Wed 80h: 40"),
    ("plant -2 Mon closed", "1 barge Mon 32h: 40"),
    # unloads on Tuesday 8:00
    ("port Tue Wed closed", "1 barge Wed 80h: 40"),
    ("port Wed Thu closed", "1 barge Mon 32h: 40"),
    # passes the border from Monday 18:00 to Tuesday 0:00, both included
    ("border Mon Tue closed", "1 barge Wed 80h: 40"),
    ("border Tue Wed closed", "1 barge Wed 80h: 40"),
    # a mode or a service is exempt
    ("plant Mon Tue closed spares=barge", "1 barge Mon 32h: 40"),
    ("plant Mon Tue closed spares=rail", "1 barge Wed 80h: 40"),
    # the service starts on Monday
    ("barge Mon Tue closed", "1 barge Wed 80h: 40"),
    ("barge Tue Wed closed", "1 barge Mon 32h: 40"),
]


@pytest.mark.parametrize(("closure", "expected"), CLOSED)
def test_closed_place_or_service_stops_what_is_there_then(closure: str, expected: str):
    assert (
        said(f"""
        service barge plant -> border@10-16 -> port@24 leaves=Mon,Wed price=40
        closure {closure}
        batch 1 car plant -> port due=200
        """)
        == expected
    )


def test_place_is_open_again_at_midnight_of_the_last_day():
    # loads on Tuesday 0:00: the first open minute; passing from Tuesday 0:00 likewise
    world = """
        service barge plant -> border@16-18 -> port@24 leaves={} at={} price=40
        closure {} Mon Tue closed
        batch 1 car plant -> port
    """
    assert said(world.format("Tue", "00:00", "plant")) == "1 barge Tue 48h: 40"
    assert said(world.format("Mon", "08:00", "border")) == "1 barge Mon 32h: 40"
    assert said(world.format("Mon", "07:59", "border")) == "1 left out: 0"


def test_windows_are_on_the_clock_of_the_place():
    # Tuesday in Shanghai is from Monday 16:00 to Tuesday 16:00 UTC; the barge leaves Monday 17:00 UTC
    world = """
        place plant zone=Asia/Shanghai
        place port zone={}
        service barge plant -> port@23 leaves=Tue at=01:00 price=40
        closure {} closed
        batch 1 car plant -> port
    """
    assert said(world.format("UTC", "plant Tue Wed")) == "1 left out: 0"
    assert said(world.format("UTC", "plant Mon Tue")) == "1 barge Tue 40h: 40"
    assert said(world.format("UTC", "port Mon Tue")) == "1 barge Tue 40h: 40"
    assert said(world.format("UTC", "port Tue Wed")) == "1 left out: 0"
    # 16:00 UTC is midnight in Shanghai: Wednesday
    assert said(world.format("Asia/Shanghai", "port Tue Wed")) == "1 barge Tue 40h: 40"


def test_road_is_closed_at_its_ends():
    world = """
        road plant -> port hours=24
        closure {}
        batch 1 car plant -> port
    """
    assert said(world.format("plant Mon Tue closed")).startswith("1 road")
    shut = tuple(
        said("terms time\n" + world.format(row)) for row in ("plant Mon Tue closed", "port Tue Wed closed")
    )
    assert shut == ("1 road 48h: 2880", "1 road 48h: 2880")
    spared = said("terms time\n" + world.format("port Tue Wed closed spares=road"))
    assert spared == "1 road 24h: 1440"


def test_closures_are_tested_after_exceptions_and_before_delays():
    world = """
        service barge plant -> port@24 price=40
        {}
        batch 1 car plant -> port
    """
    # 16 h later it starts on Tuesday, and arrives on Wednesday
    assert said(world.format("exception barge Mon changed shift=16\nclosure barge Mon Tue closed")) == (
        "1 barge Mon 48h: 40"
    )
    # slowed by 24 h it still counts as of Tuesday where it arrives
    assert said(world.format("closure plant Mon Tue extra 24\nclosure port Wed Thu closed")) == (
        "1 barge Mon 56h: 40"
    )
    assert (
        said(world.format("closure plant Mon Tue extra 24\nclosure port Tue Wed closed")) == "1 left out: 0"
    )


def test_slow_place_delays_its_call_and_all_later_ones():
    # at the hub from Tuesday 8:00 to 9:00, 12 h later; the market 12 h later, too
    assert (
        said("""
        service barge plant -> hub@24-25* -> market@48 price=40
        closure hub Tue Wed extra 12
        batch 1 car plant -> hub
        batch 1 car hub -> market ready=45
        batch 1 car plant -> market
        """)
        == "1 barge Mon 44h; 1 barge Mon 23h; 1 barge Mon 68h: 120"
    )


def test_slow_service_and_slow_places_add_up():
    # 3 h for the service, 4 h for leaving the plant, 5 h at the port: gate at 15 h, Delivered at 44 h
    world = """
        service barge plant -> port@24 cutoff=1 price=40
        closure barge Mon Tue extra 3
        closure plant Mon Tue extra 4
        closure port Tue Wed extra 5 spares=rail
        closure port Tue Wed extra 50 spares=barge
        batch 1 car plant -> port ready={}
    """
    assert said(world.format(14)) == "1 barge Mon 30h: 40"
    assert said(world.format(15)) == "1 left out: 0"


def test_roads_are_not_slowed():
    assert (
        said("""
        terms time
        road plant -> port hours=3
        closure port Mon Tue extra 9
        closure plant Mon Tue extra 9
        batch 1 car plant -> port
        """)
        == "1 road 3h: 180"
    )


def test_factors_of_a_service_multiply_and_round_down():
    world = """
        service barge plant -> port@24 room=11 price=40
        closure barge Mon Tue factor 1/2
        {}
        batch 9 car plant -> port
    """
    assert said(world.format("")) == "5 barge Mon 32h, 4 left out: 200"
    assert said(world.format("closure barge Mon Fri factor 1/3")) == "1 barge Mon 32h, 8 left out: 40"
    assert said(world.format("closure barge Tue Fri factor 1/3")) == "5 barge Mon 32h, 4 left out: 200"


def test_factor_rounds_down_to_counting_units():
    # 5.00 CEU / 3 = 1.66 CEU: one car of 0.83 more than fits once
    assert (
        said("""
        type small ceu=0.84
        type tiny ceu=0.83
        service barge plant -> port@24 unit=ceu room=5 price=40
        closure barge Mon Tue factor 1/3
        batch 2 small plant -> port
        batch 2 tiny plant -> port priority=1
        """)
        == "2 left out; 2 barge Mon 32h: 80"
    )


def test_no_factor_limits_what_is_unlimited():
    assert (
        said("""
        service barge plant -> port@24 price=40
        closure barge Mon Tue factor 1/9
        batch 9 car plant -> port
        """)
        == "9 barge Mon 32h: 360"
    )


def test_times_move_arrivals_only():
    world = """
        terms time times={}
        service barge plant -> hub@24/20/40-25* -> port@48/44/60 price=40
        service onward hub -> market@10 leaves=Tue,Wed at=09:00
        tariff onward hub -> market price=1
        batch 1 car plant -> market
        batch 1 car plant -> port
        batch 1 car hub -> port ready=33
    """
    # hub at 28, 32 or 48 h; onward at 33 or 57 h; what boards at the hub leaves at 33 h whatever the journey
    assert said(world.format("low")) == (
        f"1 barge Mon + onward Tue 43h; 1 barge Mon 52h; 1 barge Mon 19h: {(43 + 52 + 19) * 60}"
    )
    assert said(world.format("typical")) == (
        f"1 barge Mon + onward Tue 43h; 1 barge Mon 56h; 1 barge Mon 23h: {(43 + 56 + 23) * 60}"
    )
    assert said(world.format("high")) == (
        f"1 barge Mon + onward Wed 67h; 1 barge Mon 68h; 1 barge Mon 35h: {(67 + 68 + 35) * 60}"
    )


def test_closures_do_not_ask_for_slow_journeys():
    assert (
        said("""
        terms cost times=high
        service barge plant -> port@24/20/60 price=40
        closure port Wed Fri closed
        batch 1 car plant -> port
        """)
        == "1 barge Mon 68h: 40"
    )


def test_nothing_leaves_before_today():
    world = """
        terms time today={}
        service barge plant -> port@24 leaves=Mon,Wed at=00:30 cutoff={} price=40
        road plant -> port hours=100 every=12
        batch 1 car plant -> port modes=barge not_modes={}
        batch 1 car plant -> port modes=rail
    """
    # the road of Wednesday 0:00 arrives at 148 h
    assert (
        said(world.format("Wed", "0", "road")) == f"1 barge Wed 72h30; 1 road 148h: {72 * 60 + 30 + 148 * 60}"
    )
    # gate-in was on Tuesday evening
    assert said(world.format("Wed", "1", "road")) == f"1 left out; 1 road 148h: {148 * 60}"
    assert (
        said(world.format("Tue", "1", "road")) == f"1 barge Wed 72h30; 1 road 124h: {72 * 60 + 30 + 124 * 60}"
    )


def test_bookings_close_before_the_departure_from_the_first_call():
    world = """
        terms cost today={}
        service barge plant -> hub@24-48* -> port@60 leaves=Wed book_by=32 price=40
        batch 1 car hub -> port
    """
    # Wednesday 8:00 less 32 h is Tuesday 0:00
    assert said(world.format("Tue")) == "1 barge Wed 116h: 40"
    assert said(world.format("Wed")) == "1 left out: 0"
    assert said(world.replace("today={}", "")) == "1 barge Wed 116h: 40"


def test_today_begins_at_midnight_of_the_place():
    # Tuesday begins at Monday 16:00 UTC in Shanghai
    world = """
        terms cost today=Tue
        place plant zone={}
        service barge plant -> port@24 leaves=Tue at={} price=40
        batch 1 car plant -> port
    """
    assert said(world.format("Asia/Shanghai", "01:00")) == "1 barge Tue 41h: 40"
    assert said(world.format("UTC", "00:00")) == "1 barge Tue 48h: 40"
