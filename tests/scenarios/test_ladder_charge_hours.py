"""Charges take hours, too: they make the handling before or after a ride longer."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BARGE = """
    place border country=KZ
    place port country=DE
    service barge plant -> border@10-12 -> port@24 leaves=Mon,Wed cutoff=4 price=40
    batch 1 car plant -> port
"""
ON_WEDNESDAY = "1 barge Wed 5, 80h, 40c"


def test_hours_of_loading_may_miss_the_gate():
    # ready at 0 h, the gate closes at 8 - 4 = 4 h
    assert planned(tiny(BARGE + "charge plant load hours=4")) == "1 barge Mon 3, 32h, 40c"
    assert planned(tiny(BARGE + "charge plant load hours=4.25")) == ON_WEDNESDAY


def test_hours_of_export_may_miss_the_gate():
    assert planned(tiny(BARGE + "charge CN export hours=5 price=3")) == "1 barge Wed 5, 80h, 43c"


def test_hours_of_loading_export_and_handling_add_up():
    rows = """
        charge plant load hours=2
        charge CN export hours=1
        handling plant origin->barge loose->loose hours={}
    """
    assert planned(tiny(BARGE + rows.format(1))) == "1 barge Mon 3, 32h, 40c"
    assert planned(tiny(BARGE + rows.format(2))) == ON_WEDNESDAY


def test_hours_of_unloading_and_import_delay_the_delivery():
    assert planned(tiny(BARGE + "charge port unload hours=5")) == "1 barge Mon 3, 37h, 40c"
    assert planned(tiny(BARGE + "charge DE import hours=6")) == "1 barge Mon 3, 38h, 40c"
    rows = """
        charge port unload hours=5
        charge DE import hours=6
        handling port barge->delivery loose->loose hours=1
    """
    assert planned(tiny(BARGE + rows)) == "1 barge Mon 3, 44h, 40c"


def test_hours_of_passing_are_in_the_timetable_already():
    assert planned(tiny(BARGE + "charge KZ pass hours=9 price=3")) == "1 barge Mon 3, 32h, 43c"


def test_hours_of_a_charge_that_is_not_met_do_not_count():
    world = BARGE + "charge plant load hours=9 {}"
    for other in ("mode=rail", "form=boxed", "applies=dg", "applies=van"):
        assert planned(tiny(world.format(other))) == "1 barge Mon 3, 32h, 40c"
    assert planned(tiny(world.format("mode=barge form=loose applies=car"))) == ON_WEDNESDAY


def test_hours_make_the_batch_too_late():
    world = BARGE.replace("car plant -> port", "car plant -> port due=36")
    assert planned(tiny(world + "charge port unload hours=4")) == "1 barge Mon 3, 36h, 40c"
    assert planned(tiny(world + "charge port unload hours=4.5")) == "1 left out: too_late"


CHANGE = """
    service barge plant -> hub@24 price=40
    service truck hub -> market@10 leaves=Tue,Wed at=12:00 price=5
    batch 1 car plant -> market
"""
# at the hub at 32 h; the trucks leave at 36 h and at 60 h
TUESDAY = "1 barge Mon 3 + truck Tue 4, 46h, 45c"
WEDNESDAY = "1 barge Mon 3 + truck Wed 5, 70h, 45c"


def test_hours_of_unloading_and_of_loading_add_up_at_a_change():
    rows = "charge hub unload mode=barge hours=2\ncharge hub load mode=truck hours={}"
    assert planned(tiny(CHANGE + rows.format(2))) == TUESDAY
    assert planned(tiny(CHANGE + rows.format(3))) == WEDNESDAY


def test_hours_at_a_change_are_those_of_the_ride_that_meets_them():
    # nothing is loaded on a barge or unloaded from a truck at the hub
    rows = "charge hub load mode=barge hours=9\ncharge hub unload mode=truck hours=9"
    assert planned(tiny(CHANGE + rows)) == TUESDAY


def test_hours_at_a_change_are_dwell_that_is_stored():
    rows = "charge hub unload hours=9\nstorage hub day=7"
    # held from Tuesday 08:00, when it came off the barge, to Wednesday 12:00: one midnight
    assert planned(tiny(CHANGE + rows)) == "1 barge Mon 3 + truck Wed 5, 70h, 52c"


def test_hours_of_roads_count_as_well():
    world = """
        place port country=DE
        road plant -> port hours=3 price=5
        charge plant load mode=road hours=1
        charge DE import hours=2
        batch 1 car plant -> port
    """
    # the dispatch at 0 h is missed, the next is at 24 h; there at 27 h, imported at 29 h
    assert planned(tiny(world)) == "1 road, 29h, 5c"


def test_hours_and_money_go_to_the_leg_that_crosses():
    world = tiny("""
        place hub country=DE
        place market country=DE
        service rail  plant -> hub@24 form=loose price=40
        service truck hub -> market@10 leaves=Tue at=12:00 price=5
        charge DE import hours=4 price=1
        batch 1 car plant -> market
    """)
    # imported at the hub, from 32 h to 36 h, and not again at the market
    assert planned(world) == "1 rail Mon 3 + truck Tue 4, 46h, 46c"
