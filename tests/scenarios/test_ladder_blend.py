"""Under the objective blend days and grams have their price beside the money."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

SLOW_AND_FAST = """
    service barge plant -> port@96 price=40
    service rail  plant -> port@24 form=loose price=70
    batch 2 car plant -> port ready=8
"""
# three days apart, and 30 cents
BY_BARGE = "2 barge Mon 3, 104h, 80c"
BY_RAIL = "2 rail Mon 3, 32h, 140c"


def test_days_of_little_value_do_not_pay_the_train():
    assert planned(tiny("terms blend day=9" + SLOW_AND_FAST)) == BY_BARGE


def test_days_of_value_pay_the_train():
    assert planned(tiny("terms blend day=11" + SLOW_AND_FAST)) == BY_RAIL


def test_days_are_rounded_once_for_each_vehicle():
    # exactly, 40 + 39.6 < 70 + 9.9; rounded, 40 + 40 = 70 + 10, and of two equals the earlier is taken
    assert planned(tiny("terms blend day=9.9" + SLOW_AND_FAST)) == BY_RAIL


CLEAN_AND_CHEAP = """
    emission river 2
    emission truck 5
    emission road 5
    service barge plant -> port@24 class=river km=100 price=90
    service truck plant -> port@24 class=truck km=60 price=80
    batch 1 car plant -> port
"""
# 200 g for 90, 300 g for 80


def test_carbon_price_pays_the_clean_barge():
    cheap, clean = "1 truck Mon 3, 32h, 80c, 300g", "1 barge Mon 3, 32h, 90c, 200g"
    # 100 g more: 9 or 11 cents at 90,000 or 110,000 a tonne
    assert planned(tiny("terms blend carbon=90000" + CLEAN_AND_CHEAP)) == cheap
    assert planned(tiny("terms blend carbon=110000" + CLEAN_AND_CHEAP)) == clean


def test_carbon_of_a_box_is_shared_by_those_in_it():
    world = """
        terms blend carbon=100000
        emission rail 30 per=feu_km
        emission river 1
        emission road 1
        service rail  plant -> port@24 form=boxed class=rail km=10 price=60
        service barge plant -> port@24 class=river km=10 price=29
    """
    # a box 60 and 300 g = 30; a car 29 and 10 g = 1: 90 against 30 each; for two cars the barge
    assert planned(tiny(world + "batch 2 car plant -> port")) == "2 barge Mon 3, 32h, 58c, 20g"
    world = world.replace("price=29", "price=30")
    assert (
        planned(tiny(world + "batch 3 car plant -> port")) == "3 rail Mon 3, 32h, 0c, 0g\n1 boxes, 60c, 300g"
    )


def test_unplanned_price_counts_under_blend():
    world = "terms blend day=10\nservice barge plant -> port@24 price=40\nbatch 1 car plant -> port ready=8 "
    # 40 + 10 for one day
    assert planned(tiny(world + "unplanned=49")) == "1 left out: too_dear"
    assert planned(tiny(world + "unplanned=51")) == "1 barge Mon 3, 32h, 40c"


def test_departure_price_counts_under_blend():
    world = """
        terms blend day=10
        service rail  plant -> port@24 form=loose departure=50 price=0
        service barge plant -> port@48 price=10
    """
    # two cars: 50 + 2 * 10 against 2 * (10 + 20), four: 50 + 4 * 10 against 4 * (10 + 20)
    assert planned(tiny(world + "batch 2 car plant -> port ready=8")) == "2 barge Mon 3, 56h, 20c"
    assert planned(tiny(world + "batch 4 car plant -> port ready=8")) == (
        "4 rail Mon 3, 32h, 0c\nrail Mon 3 departure 50c"
    )
