"""Dates of tariffs, hours of charges, grams and the four objectives: the oracle against what paper says."""

from __future__ import annotations

import pytest

from tests.oracles.enumeration import optimum
from tests.oracles.said import said
from tests.tiny import tiny


def test_price_is_that_of_the_day_of_boarding():
    world = """
        service barge plant -> port@24 leaves=Mon,Wed price=40
        tariff barge plant -> port charge=surcharge price=5 last=Mon
        tariff barge plant -> port charge=surcharge price=7 first=Tue
        batch 1 car plant -> port ready={}
    """
    assert said(world.format(0)) == "1 barge Mon 32h: 45"
    assert said(world.format(9)) == "1 barge Wed 71h: 47"


def test_ride_without_a_freight_row_of_its_day_is_closed():
    world = """
        service barge plant -> port@24 leaves=Mon,Wed,Fri
        tariff barge plant -> port price=40 first={} last={}
        batch 1 car plant -> port
    """
    assert said(world.format("Tue", "Fri")) in {"1 barge Wed 80h: 40", "1 barge Fri 128h: 40"}
    assert said(world.format("Fri", "Fri")) == "1 barge Fri 128h: 40"
    assert said(world.format("Sat", "9")) == "1 left out: 0"


def test_day_of_boarding_is_local_and_real_and_that_of_the_board_call():
    world = """
        place hub zone=Asia/Shanghai
        service barge plant -> hub@8-9* -> port@24 leaves=Mon at={}
        tariff barge hub -> port price=40 last=Mon
        tariff barge hub -> port price=50 first=Tue
        {}
        batch 1 car hub -> port
    """
    # leaves the hub at 15:59 or 16:00 UTC: Monday 23:59, Tuesday 0:00
    assert said(world.format("06:59", "")) == "1 barge Mon 30h59: 40"
    assert said(world.format("07:00", "")) == "1 barge Mon 31h: 50"
    # an hour late it is Tuesday, too
    assert said(world.format("06:59", "closure plant Mon Tue extra 1")) == "1 barge Mon 31h59: 50"


def test_hours_of_charges_lengthen_the_handling_around_the_leg():
    world = """
        terms time
        service barge plant -> hub@24 price=10
        service truck hub -> port@10 leaves=Tue,Wed at=12:00 cutoff=1 price=10
        charge {} hours={}
        batch 1 car plant -> port
    """
    in_time, late = f"1 barge Mon + truck Tue 46h: {46 * 60}", f"1 barge Mon + truck Wed 70h: {70 * 60}"
    # at the hub from 32 h, gate of the truck at 35 h
    assert said(world.format("hub unload", 3)) == in_time
    assert said(world.format("hub unload", 4)) == late
    assert said(world.format("hub load", 3)) == in_time
    assert said(world.format("hub load", 4)) == late
    # at the end of it
    assert said(world.format("port unload", 4)) == f"1 barge Mon + truck Tue 50h: {50 * 60}"
    # before the first leg: 8 h until it leaves
    assert said(world.format("plant load", 8)) == in_time
    assert said(world.format("plant load", 9)) == "1 left out: 0"


def test_hours_of_both_sides_add_up():
    world = """
        terms time
        service barge plant -> hub@24 price=10
        service truck hub -> port@10 leaves=Tue,Wed at=12:00 price=10
        handling hub barge->truck loose->loose hours=1
        charge hub unload hours={}
        charge hub load hours=1 mode=truck
        charge hub load hours=9 mode=barge
        batch 1 car plant -> port
    """
    assert said(world.format(2)) == f"1 barge Mon + truck Tue 46h: {46 * 60}"
    assert said(world.format(3)) == f"1 barge Mon + truck Wed 70h: {70 * 60}"


def test_hours_of_export_and_import_are_met_with_their_price():
    world = """
        terms time
        place port country=DE
        place border country=KZ
        service barge plant -> border@10-12 -> port@24 leaves=Mon,Wed price=10
        charge {} hours={} applies={}
        batch 1 car plant -> port
    """
    monday, wednesday = f"1 barge Mon 32h: {32 * 60}", f"1 barge Wed 80h: {80 * 60}"
    assert said(world.format("CN export", 8, "all")) == monday
    assert said(world.format("CN export", 9, "all")) == wednesday
    assert said(world.format("CN export", 9, "dg")) == monday
    assert said(world.format("DE import", 5, "car")) == f"1 barge Mon 37h: {37 * 60}"
    assert said(world.format("DE export", 9, "all")) == monday
    # of passing it is in the timetable already
    assert said(world.format("KZ pass", 99, "all")) == monday


def test_hours_of_charges_do_not_count_as_dwell():
    # held from 32 h to 36 h whatever is done to it
    assert (
        said("""
        service barge plant -> hub@24 price=10
        service truck hub -> port@10 leaves=Tue at=12:00 price=10
        charge hub unload hours=4
        storage hub from=0 day=7 max=4
        batch 1 car plant -> port
        """)
        == "1 barge Mon + truck Tue 46h: 20"
    )


GRAMS = [
    # 100 km * 50 g
    ("emission barge 50 per=vehicle_km", 10_000),
    # 0.83 CEU * 100 km * 50 g = 4150
    ("emission barge 50 per=ceu_km", 8_300),
    # 1.51 t * 100 km * 50 g = 7550
    ("emission barge 50 per=tkm", 15_100),
    # rounded once a vehicle: 100 / 3 = 33.3
    ("emission barge 1/3 per=vehicle_km", 66),
    # the newest
    ("emission barge 50 year=2019\nemission barge 40 year=2023\nemission barge 60 year=2021", 8_000),
    # of the region where the leg ends, even if it is older
    ("emission barge 50\nemission barge 20 region=EU year=2019", 4_000),
    ("emission barge 50\nemission barge 20 region=CN", 10_000),
    # boxes are nothing to a loose service
    ("emission barge 50\nemission barge 999 per=feu_km", 10_000),
]


@pytest.mark.parametrize(("factors", "grams"), GRAMS)
def test_grams_of_a_loose_ride(factors: str, grams: int):
    best = optimum(
        tiny(f"""
        terms co2e
        place port region=EU
        type small ceu=0.83 mass=1510
        service barge plant -> port@24 class=barge km=100 price=10
        {factors}
        batch 2 small plant -> port
        """)
    )
    assert (best.value, best.grams, best.penalty) == (grams, grams, 0)


def test_grams_of_a_box_and_of_what_is_in_it():
    world = """
        terms co2e
        service rail plant -> port@24 form=boxed class=train km=100 price=10
        {}
        batch 4 car plant -> port
    """
    # 4 cars are 2 boxes
    assert said(world.format("emission train 90 per=feu_km\nemission train 50")) == "4 rail Mon 32h: 18000"
    assert said(world.format("emission train 50")) == "4 rail Mon 32h: 20000"


def test_legs_of_a_ride_add_up_before_they_are_rounded():
    # 1 km * 0.4 + 2 km * 0.3 = 1.0; each rounded alone would be 0 + 1, boarding at the hub is 1 g
    assert (
        said("""
        terms co2e
        place port region=EU
        service barge plant -> hub@24-25* -> port@48 class=barge km=1,2 price=10
        emission barge 0.4
        emission barge 0.3 region=EU
        batch 1 car plant -> port
        batch 1 car hub -> port
        batch 1 car plant -> hub
        """)
        == "1 barge Mon 56h; 1 barge Mon 56h; 1 barge Mon 32h: 2"
    )


def test_grams_of_roads_are_of_their_class_by_form():
    world = """
        terms co2e
        road plant -> port hours=3 km=10 {}
        emission road 100
        emission road 80 region=EU
        emission road 250 per=feu_km
        batch 4 car plant -> port due=10
    """
    assert said(world.format("")) == "4 road 3h: 4000"
    assert said("place port region=EU\n" + world.format("")) == "4 road 3h: 3200"
    assert said(world.format("form=boxed")) == "4 road 3h: 5000"


def test_least_grams_win_and_the_cheapest_of_them():
    assert (
        said("""
        terms co2e
        service dirty plant -> port@10 class=dirty km=100 price=1
        service clean plant -> port@90 class=clean km=100 price=70
        service cheap plant -> port@95 class=clean km=100 price=60 room=1
        emission dirty 9
        emission clean 5
        batch 2 car plant -> port
        """)
        == "1 clean Mon 98h, 1 cheap Mon 103h: 1000"
    )
    best = optimum(
        tiny("""
        terms co2e unplanned_g=600
        service cheap plant -> port@95 class=clean km=100 price=60 room=1 departure=7
        emission clean 5
        batch 2 car plant -> port
        batch 1 car plant -> port priority=1
        """)
    )
    # the penalty of priority 1 is 1200 g; the cents hold the price of the departure
    assert (best.value, best.cents, best.grams, best.penalty) == (500 + 1200, 67, 500, 1200)


def test_fastest_wins_and_the_cheapest_of_the_fastest():
    best = optimum(
        tiny(
            """
        terms time unplanned_h=50
        service fast plant -> port@20 price=90
        service same plant -> port@20 price=10 departure=100
        batch {} car plant -> port
        """.replace("{}", "1")
        )
    )
    assert (best.value, best.cents) == (28 * 60, 90)
    best = optimum(
        tiny("""
        terms time unplanned_h=50
        service fast plant -> port@20 price=90
        service same plant -> port@20 price=10 departure=100
        batch 2 car plant -> port
        """)
    )
    assert (best.value, best.cents) == (2 * 28 * 60, 120)


def test_penalty_of_time_is_worth_less_than_a_slow_ride():
    world = """
        terms time unplanned_h=50
        service barge plant -> port@{} price=10
        batch 1 car plant -> port priority={}
    """
    assert said(world.format(41, 0)) == f"1 barge Mon 49h: {49 * 60}"
    assert said(world.format(43, 0)) == "1 left out: 0"
    assert said(world.format(43, 1)) == f"1 barge Mon 51h: {51 * 60}"


def test_blend_counts_cents_days_and_grams():
    world = """
        terms blend day={} carbon={}
        service slow plant -> port@40 class=slow km=100 price=100
        service fast plant -> port@16 class=fast km=100 price=130
        emission slow 1000
        emission fast 3000
        batch 1 car plant -> port
    """
    # slow: 48 h, 100 kg; fast: 24 h, 300 kg
    assert said(world.format(0, 0)) == "1 slow Mon 48h: 100"
    assert said(world.format(29, 0)) == "1 slow Mon 48h: 158"
    assert said(world.format(31, 0)) == "1 fast Mon 24h: 161"
    # 100 cents a tonne: 10 and 30 cents
    assert said(world.format(31, 100)) == "1 slow Mon 48h: 172"
    assert said(world.format(52, 100)) == "1 fast Mon 24h: 212"


def test_blend_rounds_days_and_each_ride_once_a_unit():
    # days: 32 h at 1 cent = 4/3 -> 1 a vehicle; grams 100 * 4.5 = 450 at 1000 a tonne = 0.45 -> 0 a ride
    assert (
        said("""
        terms blend day=1 carbon=1000
        service barge plant -> hub@10 class=barge km=100 price=10
        service truck hub -> port@12 class=barge km=100 leaves=Mon at=20:00 price=10
        emission barge 4.5
        batch 4 car plant -> port
        """)
        == "4 barge Mon + truck Mon 32h: 84"
    )
    # 100 * 5 = 500 g -> 0.5 -> 1 a vehicle and ride
    assert (
        said("""
        terms blend day=1 carbon=1000
        service barge plant -> hub@10 class=barge km=100 price=10
        service truck hub -> port@12 class=barge km=100 leaves=Mon at=20:00 price=10
        emission barge 5
        batch 4 car plant -> port
        """)
        == "4 barge Mon + truck Mon 32h: 92"
    )


def test_blend_counts_boxes_departures_and_penalties_in_cents():
    best = optimum(
        tiny("""
        terms blend day=24 carbon=1000000
        service rail plant -> port@16 form=boxed class=train km=1 price=10 departure=50
        emission train 3 per=feu_km
        batch 4 car plant -> port
        batch 1 car plant -> port unplanned=30 modes=barge
        """)
    )
    # 2 boxes of 10, 50 once, 4 vehicle-days of 24, 2 * 3 grams at 1 cent, 30 for the one left out
    assert best.value == 20 + 50 + 96 + 6 + 30
    assert (best.cents, best.grams, best.penalty) == (70, 6, 30)
