"""Price lines: tariffs, minimum, charges, handling rows, each rounded once per unit."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_minimum_is_paid_where_the_measured_price_is_less():
    world = tiny("""
        service barge plant -> port@24 price=2 per=cbm min=40
        batch 2 car plant -> port
    """)
    # 13 cbm * 2 = 26 < 40
    assert planned(world) == "2 barge Mon 3, 32h, 80c"


def test_each_measure_has_its_price():
    world = tiny("""
        type suv ceu=1.27 cbm=15.5 mass=2150 value=30000
        service barge plant -> port@24 price=10 per=ceu
        tariff barge plant -> port charge=surcharge per=cbm price=2
        tariff barge plant -> port charge=box_hire  per=tonne price=4
        tariff barge plant -> port charge=insurance per=value price=1/1000
        terms cost carrying=0
        batch 1 suv plant -> port
    """)
    # 12.7 -> 13, 31, 8.6 -> 9, 30
    assert planned(world) == "1 barge Mon 3, 32h, 83c"


def test_line_is_rounded_half_up_once_per_vehicle():
    world = tiny("""
        service barge plant -> port@24 price=67/2
        batch 3 car plant -> port
    """)
    # 33.5 -> 34 each
    assert planned(world) == "3 barge Mon 3, 32h, 102c"


def test_surcharge_for_dangerous_goods_is_theirs_alone():
    world = tiny("""
        type ev un=UN3556
        service barge plant -> port@24 dg=yes price=40
        tariff barge plant -> port charge=surcharge applies=dg price=9
        batch 1 car plant -> port
        batch 1 ev  plant -> port
    """)
    assert planned(world) == "b1: 1 barge Mon 3, 32h, 40c\nb2: 1 barge Mon 3, 32h, 49c"


def test_ride_without_a_freight_row_is_not_sold():
    world = tiny("""
        service barge plant -> port@24 price=40
        service bogus plant -> port@24
        tariff bogus plant -> port charge=surcharge price=1
        batch 1 car plant -> port
    """)
    assert planned(world) == "1 barge Mon 3, 32h, 40c"


ACROSS = """
    place plant  country=CN
    place border country=KZ
    place market country=DE
    service rail plant -> border@10-12 -> market@24 form=loose price=40
    batch 1 car plant -> market
"""


def test_charge_is_met_when_passing_a_country():
    assert planned(tiny(ACROSS + "charge KZ pass price=7")) == "1 rail Mon 3, 32h, 47c"
    assert planned(tiny(ACROSS + "charge border pass price=7")) == "1 rail Mon 3, 32h, 47c"


def test_passing_is_not_ending_there():
    assert (
        planned(tiny(ACROSS + "charge DE pass price=7\ncharge CN pass price=7")) == "1 rail Mon 3, 32h, 40c"
    )


def test_charges_are_met_when_exporting_and_importing():
    foreign = "charge DE export price=100\ncharge CN import price=100\ncharge KZ import price=100\n"
    world = tiny(ACROSS + foreign + "charge CN export price=3\ncharge market import price=5")
    assert planned(world) == "1 rail Mon 3, 32h, 48c"


def test_import_is_paid_on_the_leg_that_enters_the_country():
    world = tiny("""
        place plant  country=CN
        place port   country=PL
        place market country=DE
        service rail plant -> port@24 form=loose price=40
        road port -> market hours=5 price=4
        charge DE import mode=road price=6
        charge DE import mode=rail price=100
        charge PL import price=100
        batch 1 car plant -> market due=60
    """)
    # rail enters Poland, the road (Wednesday 00:00) enters Germany: 40 + 4 + 6
    assert planned(world) == "1 rail Mon 3 + road, 53h, 50c"


def test_loading_and_unloading_charges_depend_on_mode_and_form():
    world = tiny("""
        service rail plant -> hub@12 form=boxed price=90
        road hub -> market hours=5 form=boxed per=feu price=10
        charge plant load   mode=rail form=boxed per=feu price=8
        charge plant load   form=loose price=100
        charge hub   unload price=3
        charge hub   load   mode=road price=2
        charge hub   load   mode=rail price=100
        charge market unload per=value price=1/100
        batch 2 car plant -> market value=1000 due=40
        terms cost carrying=0
    """)
    # box 90 + 10 + 8; vehicle 3 + 2 + 10
    assert planned(world) == "2 rail Mon 3 + road, 29h, 30c\n1 boxes, 108c"


def test_place_beats_kind_and_the_row_that_names_more_modes_wins():
    world = tiny("""
        place hub kind=rail_terminal
        service rail plant -> hub@12 form=loose price=40
        service taxi hub -> market@5 leaves=Wed mode=truck price=10
        handling rail_terminal rail->truck loose->loose price=1000
        handling hub *->*        loose->loose price=500
        handling hub *->truck    loose->loose price=50
        handling hub rail->*     loose->loose price=5
        batch 1 car plant -> market
    """)
    # of the rows of the hub two name one mode; the one that names where cargo comes from counts
    assert planned(world) == "1 rail Mon 3 + taxi Wed 5, 61h, 55c"


def test_cargo_never_comes_to_a_place_twice():
    world = tiny("""
        service barge plant -> port@24 price=40
        service truck port -> market@10 leaves=Fri price=20
        road port -> yard hours=1
        road yard -> port hours=1
        storage port from=24 day=100
        batch 1 car plant -> market
    """)
    # Tuesday to Friday at the port: 2 days of 100; a night in the yard would save them, but no place twice
    assert planned(world) == "1 barge Mon 3 + truck Fri 7, 114h, 260c"
