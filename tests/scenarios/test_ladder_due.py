"""Due is hard without a late price; early and late days have their prices."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

SLOW_AND_FAST = """
    service barge plant -> port@96 price=40
    service rail  plant -> port@24 form=loose price=70
"""


def test_hard_due_takes_the_dear_train():
    world = tiny(SLOW_AND_FAST + "batch 2 car plant -> port due=100")
    # the barge is there at 8 + 96 = 104 h
    assert planned(world) == "2 rail Mon 3, 32h, 140c"


def test_delivered_on_the_minute_is_in_time():
    world = tiny(SLOW_AND_FAST + "batch 2 car plant -> port due=104")
    assert planned(world) == "2 barge Mon 3, 104h, 80c"


def test_late_price_buys_the_slow_barge():
    world = tiny(SLOW_AND_FAST + "batch 2 car plant -> port due=100 late=30")
    # 4 h late at 30 a day = 5 each: 2 * (40 + 5) < 2 * 70
    assert planned(world) == "2 barge Mon 3, 104h, 90c"


def test_late_has_an_end():
    world = tiny("terms cost max_late=3\n" + SLOW_AND_FAST + "batch 2 car plant -> port due=100 late=30")
    # 4 h late is more than 3 h
    assert planned(world) == "2 rail Mon 3, 32h, 140c"


def test_early_price_makes_the_batch_wait():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed price=40
        batch 1 car plant -> port due=92 early=10
    """)
    # Monday: 60 h early = 25; Wednesday: delivered at 80 h, 12 h early = 5
    assert planned(world) == "1 barge Wed 5, 80h, 45c"


def test_late_is_rounded_half_up_once_per_vehicle():
    world = tiny("""
        service barge plant -> port@24 price=40
        batch 3 car plant -> port due=20 late=5
    """)
    # 12 h late = 2.5 -> 3 for each vehicle, not 7.5 -> 8 for three
    assert planned(world) == "3 barge Mon 3, 32h, 129c"


def test_carrying_cost_makes_the_faster_train_win():
    world = tiny("""
        service barge plant -> port@96 price=40
        service rail  plant -> port@24 form=loose price=1000
        batch 1 car plant -> port ready=8 value=1825000
    """)
    # 1,825,000 * 8 % / 365 = 400 a day: 40 + 4 * 400 = 1640 against 1000 + 400
    assert planned(world) == "1 rail Mon 3, 32h, 1400c"


def test_earlier_delivery_is_taken_at_equal_cost_while_there_is_room():
    world = tiny("""
        service slow plant -> port@96 price=40
        service fast plant -> port@24 price=40 room=2
        batch 3 car plant -> port
    """)
    assert planned(world) == "2 fast Mon 3, 32h, 80c\n1 slow Mon 3, 104h, 40c"


def test_earlier_dispatch_is_taken_at_equal_cost():
    world = tiny("""
        service rail plant -> port@20 form=boxed price=90
        road port -> market hours=2 form=boxed per=feu price=10
        batch 4 car plant -> market
    """)
    # at the port on Tuesday 04:00; the road leaves on Wednesday 00:00 = 48 h
    assert planned(world) == "4 rail Mon 3 + road, 50h, 0c\n2 boxes, 200c"


def test_earlier_delivery_is_taken_at_equal_cost():
    world = tiny("""
        service slow plant -> port@96 price=40
        service fast plant -> port@24 price=40
        batch 2 car plant -> port
    """)
    assert planned(world) == "2 fast Mon 3, 32h, 80c"
