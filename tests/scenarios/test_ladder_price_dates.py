"""Tariffs hold from day to day: the local day of boarding counts."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

TWO_DAYS = """
    service barge plant -> port@24 leaves=Mon,Wed
    batch 1 car plant -> port
"""


def test_price_of_the_day_of_boarding_counts():
    rows = "tariff barge plant -> port price=90 last=Tue\ntariff barge plant -> port price=40 first=Wed"
    # waiting for Wednesday costs nothing
    assert planned(tiny(TWO_DAYS + rows)) == "1 barge Wed 5, 80h, 40c"


def test_first_and_last_day_of_a_price_are_included():
    row = "tariff barge plant -> port price=40 first={} last={}"
    assert planned(tiny(TWO_DAYS + row.format("Mon", "Mon"))) == "1 barge Mon 3, 32h, 40c"
    assert planned(tiny(TWO_DAYS + row.format("Wed", "Wed"))) == "1 barge Wed 5, 80h, 40c"
    assert planned(tiny(TWO_DAYS + row.format("Tue", "Tue"))) == "1 left out: closed"


def test_surcharge_of_some_days_is_dodged():
    rows = "tariff barge plant -> port price=40\ntariff barge plant -> port charge=surcharge price=9 last=Mon"
    assert planned(tiny(TWO_DAYS + rows)) == "1 barge Wed 5, 80h, 40c"
    at_once = TWO_DAYS.replace("batch 1 car plant -> port", "batch 1 car plant -> port due=40")
    assert planned(tiny(at_once + rows)) == "1 barge Mon 3, 32h, 49c"


DATED = """
    tariff barge plant -> port price=90 last=Mon
    tariff barge plant -> port price=40 first=Tue
    batch 1 car plant -> port
"""


def test_day_of_boarding_is_read_on_the_local_clock():
    world = "place plant zone={}\nservice barge plant -> port@24 leaves=Tue at=00:30\n" + DATED
    # Tuesday 00:30 in Shanghai is Monday 16:30 UTC
    assert planned(tiny(world.format("Asia/Shanghai"))) == "1 barge Tue 4, 40h30, 40c"


def test_day_of_boarding_is_that_of_the_call():
    world = """
        service barge sea -> plant@20-30* -> port@48
        tariff barge plant -> port price=90 last=Mon
        tariff barge plant -> port price=40 first=Tue
        batch 1 car plant -> port
    """
    # the barge started on Monday, but takes the car aboard on Tuesday 14:00
    assert planned(tiny(world)) == "1 barge Mon 3, 56h, 40c"


def test_day_of_boarding_is_the_real_one():
    world = "service barge plant -> port@24\n" + DATED
    assert planned(tiny(world)) == "1 barge Mon 3, 32h, 90c"
    assert planned(tiny(world + "exception barge Mon changed shift=16")) == "1 barge Mon 3, 48h, 40c"
    assert planned(tiny(world + "closure barge Mon Tue extra 16")) == "1 barge Mon 3, 48h, 40c"


def test_gate_on_the_day_before_is_not_boarding():
    world = "service barge plant -> port@24 leaves=Tue cutoff=10\n" + DATED
    # gate on Monday 22:00
    assert planned(tiny(world)) == "1 barge Tue 4, 56h, 40c"


def test_minimum_is_paid_by_box_where_the_price_is():
    world = tiny("""
        service rail plant -> port@24 form=boxed price=10 min=50
        batch 4 car plant -> port
    """)
    # two boxes of 50, not four cars of 50
    assert planned(world) == "4 rail Mon 3, 32h, 0c\n2 boxes, 100c"


def test_minimum_is_paid_by_each_vehicle():
    world = tiny("""
        type van mass=3000
        service barge plant -> port@24 price=20 per=tonne min=45
        batch 2 car plant -> port
        batch 1 van plant -> port
    """)
    # 1.5 t * 20 = 30 < 45; 3 t * 20 = 60
    assert planned(world) == "b1: 2 barge Mon 3, 32h, 90c\nb2: 1 barge Mon 3, 32h, 60c"


def test_minimum_of_a_surcharge_stands_beside_that_of_freight():
    world = tiny("""
        service barge plant -> port@24 price=1 per=cbm min=40
        tariff barge plant -> port charge=insurance per=value price=1/1000 min=7
        terms cost carrying=0
        batch 1 car plant -> port value=5000
    """)
    # 13 < 40 and 5 < 7
    assert planned(world) == "1 barge Mon 3, 32h, 47c"
