"""Single days on which a service runs otherwise than its calendar says."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BARGE = """
    service barge plant -> port@24 leaves=Mon,Wed room=3 price=40
    service truck plant -> port@24 leaves=Mon price=70
    batch 3 car plant -> port
"""


def test_cancelled_departure_is_waited_out():
    assert planned(tiny(BARGE + "exception barge Mon cancelled")) == "3 barge Wed 5, 80h, 120c"


def test_cancelled_departure_leaves_the_others_alone():
    assert planned(tiny(BARGE + "exception barge Wed cancelled")) == "3 barge Mon 3, 32h, 120c"


def test_added_departure_leaves_at_the_usual_time():
    world = BARGE.replace("leaves=Mon,Wed", "leaves=Wed") + "exception barge Tue added"
    # Tuesday 08:00 = 32 h
    assert planned(tiny(world)) == "3 barge Tue 4, 56h, 120c"


def test_added_departure_may_lie_outside_the_season():
    world = BARGE.replace("room=3", "to=Tue").replace("leaves=Mon price=70", "leaves=Mon room=0 price=70")
    # the season ends on Tuesday; Tuesday of the next week, 08:00, is 8 * 24 + 8 = 200 h
    added = "\nbatch 1 car plant -> port ready=20\nexception barge 8 added"
    assert planned(tiny(world + added)) == "b1: 3 barge Mon 3, 32h, 120c\nb2: 1 barge Tue 11, 224h, 40c"


def test_added_departure_has_its_own_room_price_and_time():
    world = """
        service barge plant -> port@24 leaves=Wed room=9 price=40
        exception barge Tue added room=2 factor=1/2 shift=-6
        batch 3 car plant -> port
    """
    # Tuesday 02:00 = 26 h
    assert planned(tiny(world)) == "2 barge Tue 4, 50h, 40c\n1 barge Wed 5, 80h, 40c"


def test_added_departure_without_room_of_its_own_has_the_usual_one():
    world = (
        BARGE.replace("leaves=Mon,Wed", "leaves=Wed").replace("3 car", "4 car") + "exception barge Tue added"
    )
    assert planned(tiny(world)) == "3 barge Tue 4, 56h, 120c\n1 barge Wed 5, 80h, 40c"


def test_changed_room_is_that_of_one_day():
    world = BARGE.replace("3 car", "5 car") + "exception barge Mon changed room=2"
    assert planned(tiny(world)) == "2 barge Mon 3, 32h, 80c\n3 barge Wed 5, 80h, 120c"


def test_changed_room_may_be_more_than_the_usual_one():
    world = BARGE.replace("3 car", "5 car") + "exception barge Mon changed room=5"
    assert planned(tiny(world)) == "5 barge Mon 3, 32h, 200c"


def test_changed_room_is_still_capped_onward():
    world = """
        service rail plant -> mid@10-12* -> market@24 form=loose room=5 onward=5,3 price=40
        service ship plant -> market@24 price=90
        exception rail Mon changed room={}
        batch 6 car plant -> market
    """
    assert planned(tiny(world.format(9))) == "3 rail Mon 3, 32h, 120c\n3 ship Mon 3, 32h, 270c"
    assert planned(tiny(world.format(2))) == "2 rail Mon 3, 32h, 80c\n4 ship Mon 3, 32h, 360c"


def test_price_factor_makes_the_truck_cheaper():
    # 40 * 2 against 70
    world = BARGE.replace("leaves=Mon,Wed", "leaves=Mon")
    assert planned(tiny(world + "exception barge Mon changed factor=2")) == "3 truck Mon 3, 32h, 210c"


PRICED = """
    service barge plant -> port@24 price={} {}
    exception barge Mon changed factor={}
    batch 1 car plant -> port
"""


def test_price_factor_is_applied_before_the_only_rounding():
    # 33.5 * 3/2 = 50.25; 34 * 3/2 would be 51
    assert planned(tiny(PRICED.format("67/2", "", "3/2"))) == "1 barge Mon 3, 32h, 50c"


def test_price_factor_multiplies_the_minimum():
    # 13 cbm * 2 = 26 < 40; 40 * 3/2
    assert planned(tiny(PRICED.format("2", "per=cbm min=40", "3/2"))) == "1 barge Mon 3, 32h, 60c"


def test_price_factor_leaves_other_charges_alone():
    world = PRICED.format("40", "", "1/2") + "tariff barge plant -> port charge=surcharge price=10"
    assert planned(tiny(world)) == "1 barge Mon 3, 32h, 30c"


def test_price_factor_multiplies_the_price_of_a_box():
    world = """
        service rail plant -> port@24 form=boxed price=45
        exception rail Mon changed factor=1/3
        batch 4 car plant -> port
    """
    assert planned(tiny(world)) == "4 rail Mon 3, 32h, 0c\n2 boxes, 30c"


def test_shifted_departure_keeps_the_name_of_its_day():
    # Monday 08:00 + 20 h = Tuesday 04:00
    assert planned(tiny(BARGE + "exception barge Mon changed shift=20")) == "3 barge Mon 3, 52h, 120c"


def test_departure_brought_forward_is_missed():
    world = BARGE.replace("3 car plant -> port", "3 car plant -> port ready=4 late=0 due=40")
    # Monday 08:00 - 5 h = 3 h; the truck costs 70, Wednesday's barge 40
    assert planned(tiny(world + "exception barge Mon changed shift=-5")) == "3 barge Wed 5, 80h, 120c"


def test_shift_moves_all_calls():
    world = """
        service rail plant -> mid@10-12* -> market@24 form=loose price=40
        exception rail Mon changed shift=5
        batch 1 car plant -> mid
        batch 1 car mid -> market ready=25
    """
    # at mid from 23 h to 25 h
    assert planned(tiny(world)) == "b1: 1 rail Mon 3, 23h, 40c\nb2: 1 rail Mon 3, 37h, 40c"


def test_shifted_departure_makes_the_connection():
    world = """
        service barge plant -> port@24 price=40
        service ship  port -> market@48 leaves=Tue at=06:00 price=10
        batch 1 car plant -> market
    """
    # there at 32 h; the ship leaves at 30 h, shifted by 2 h at 32 h
    assert planned(tiny(world)) == "1 left out: closed"
    assert (
        planned(tiny(world + "exception ship Tue changed shift=2")) == "1 barge Mon 3 + ship Tue 4, 80h, 50c"
    )
