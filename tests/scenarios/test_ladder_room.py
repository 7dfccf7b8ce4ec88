"""Room on a leg is shared by all batches, in the unit of its service."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_full_barge_pushes_the_overflow_to_rail():
    world = tiny("""
        service barge plant -> port@24 room=10 price=40
        service rail  plant -> port@24 price=70
        batch 15 car plant -> port
    """)
    # 10 * 40 and 5 * 70; both leave on Monday 08:00 and take 24 h
    assert planned(world) == "10 barge Mon 3, 32h, 400c\n5 rail Mon 3, 32h, 350c"


def test_batch_with_the_dearer_way_out_gets_the_room():
    world = tiny("""
        type van
        service barge plant -> port@24 room=10 price=40
        service rail  plant -> port@24
        tariff rail plant -> port applies=car price=70
        tariff rail plant -> port applies=van price=100
        batch 10 car plant -> port
        batch 10 van plant -> port
    """)
    # 10 * 70 + 10 * 40 = 1100; the other way round 10 * 40 + 10 * 100 = 1400
    assert planned(world) == "b1: 10 rail Mon 3, 32h, 700c\nb2: 10 barge Mon 3, 32h, 400c"


def test_capacity_onward_binds_on_the_legs_after_its_call_only():
    world = tiny("""
        service rail  plant -> mid@10-12* -> market@20 form=loose room=5 onward=5,3 price=50
        service barge plant -> market@24 price=90
        batch 4 car plant -> market
        batch 2 car plant -> mid
    """)
    # leg plant-mid: 3 + 2 = 5 of 5; leg mid-market: 3 of 3; the fourth car goes by barge
    assert planned(world) == (
        "b1: 3 rail Mon 3, 28h, 150c\nb1: 1 barge Mon 3, 32h, 90c\nb2: 2 rail Mon 3, 18h, 100c"
    )


def test_deck_is_filled_in_hundredths_of_a_ceu():
    world = tiny("""
        type suv ceu=1.27
        service roro  plant -> market@24 unit=ceu room=2.53 price=50
        service barge plant -> market@24 price=90
        batch 2 suv plant -> market
    """)
    # 2 * 1.27 = 2.54 CEU is one hundredth too much
    assert planned(world) == "1 barge Mon 3, 32h, 90c\n1 roro Mon 3, 32h, 50c"


def test_deck_that_is_filled_exactly_takes_all():
    world = tiny("""
        type bus ceu=10.3
        service roro  plant -> market@24 unit=ceu room=30.9 price=50
        service barge plant -> market@24 price=90
        batch 3 bus plant -> market
    """)
    # 3 * 10.3 = 30.9 exactly; in floats it is 30.900000000000002
    assert planned(world) == "3 roro Mon 3, 32h, 150c"


def test_room_is_per_departure():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed room=2 price=40
        storage plant day=1
        batch 3 car plant -> port
    """)
    # the third car waits at the plant for Wednesday 08:00 = 56 h, + 24 h; two days of 1
    assert planned(world) == "2 barge Mon 3, 32h, 80c\n1 barge Wed 5, 80h, 42c"


def test_priority_decides_who_rides():
    world = tiny("""
        service barge plant -> port@24 room=1 price=40
        batch 1 car plant -> port
        batch 1 car plant -> port priority=1
    """)
    # left out, b1 costs 20,000 USD and b2 twice that
    assert planned(world) == "b1: 1 left out: no_room\nb2: 1 barge Mon 3, 32h, 40c"
