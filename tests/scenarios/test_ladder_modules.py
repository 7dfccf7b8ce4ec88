"""Departures are paid as a whole, and room is bought in modules; batches share what that costs."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

PAID_ONCE = """
    service barge plant -> port@24 departure=100 price=10
    service rail  plant -> port@24 form=loose price=40
"""
IN_THREES = """
    service barge plant -> port@24 module=3 module_price=30 price=0
    service rail  plant -> port@24 form=loose price=20
"""


def test_departure_is_bought_where_it_beats_the_price_of_a_car():
    # 4 * 10 + 100 = 140 against 4 * 40 = 160
    assert planned(tiny(PAID_ONCE + "batch 4 car plant -> port")) == (
        "4 barge Mon 3, 32h, 40c\nbarge Mon 3 departure 100c"
    )


def test_departure_is_not_bought_for_too_few():
    # 3 * 10 + 100 = 130 against 3 * 40 = 120
    assert planned(tiny(PAID_ONCE + "batch 3 car plant -> port")) == "3 rail Mon 3, 32h, 120c"


def test_two_batches_buy_a_departure_that_neither_would_buy_alone():
    world = tiny(PAID_ONCE + "batch 2 car plant -> port\nbatch 2 car plant -> port")
    # alone 20 + 100 against 80; together 40 + 100 against 160
    assert planned(world) == (
        "b1: 2 barge Mon 3, 32h, 20c\nb1: barge Mon 3 departure 50c\n"
        "b2: 2 barge Mon 3, 32h, 20c\nb2: barge Mon 3 departure 50c"
    )


def test_departure_is_shared_by_units_boarded_the_largest_remainder_first():
    world = tiny(PAID_ONCE + "batch 4 car plant -> port\nbatch 2 car plant -> port")
    # 100 * 4 / 6 = 66.67, 100 * 2 / 6 = 33.33; the odd cent goes to the larger remainder
    assert planned(world) == (
        "b1: 4 barge Mon 3, 32h, 40c\nb1: barge Mon 3 departure 67c\n"
        "b2: 2 barge Mon 3, 32h, 20c\nb2: barge Mon 3 departure 33c"
    )


def test_equal_remainders_go_by_batch_id():
    world = tiny(
        PAID_ONCE
        + "batch 2 car plant -> port id=c\nbatch 2 car plant -> port id=a\nbatch 2 car plant -> port id=b"
    )
    # 33.33 each; the odd cent is a's, wherever it stands in the file
    assert planned(world) == (
        "c: 2 barge Mon 3, 32h, 20c\nc: barge Mon 3 departure 33c\n"
        "a: 2 barge Mon 3, 32h, 20c\na: barge Mon 3 departure 34c\n"
        "b: 2 barge Mon 3, 32h, 20c\nb: barge Mon 3 departure 33c"
    )


def test_batch_that_owes_less_than_a_cent_has_no_share():
    world = tiny("""
        service barge plant -> port@24 departure=1 price=10
        batch 1 car plant -> port
        batch 1 car plant -> port
    """)
    # half a cent each; the cent goes by batch id
    assert planned(world) == (
        "b1: 1 barge Mon 3, 32h, 10c\nb1: barge Mon 3 departure 1c\nb2: 1 barge Mon 3, 32h, 10c"
    )


def test_departure_is_shared_by_the_deck_that_vehicles_take():
    world = tiny("""
        type bus ceu=2
        service roro plant -> port@24 unit=ceu departure=90 price=1
        batch 1 car plant -> port
        batch 1 bus plant -> port
    """)
    # 1 CEU and 2 CEU
    assert planned(world) == (
        "b1: 1 roro Mon 3, 32h, 1c\nb1: roro Mon 3 departure 30c\n"
        "b2: 1 roro Mon 3, 32h, 1c\nb2: roro Mon 3 departure 60c"
    )


def test_departure_of_a_train_is_shared_by_boxes():
    world = tiny("""
        service rail plant -> port@24 form=boxed departure=90 price=10
        batch 4 car plant -> port
        batch 3 car plant -> port
    """)
    # two boxes and one; not four cars and three
    assert planned(world) == (
        "b1: 4 rail Mon 3, 32h, 0c\nb1: 2 boxes, 20c\nb1: rail Mon 3 departure 60c\n"
        "b2: 3 rail Mon 3, 32h, 0c\nb2: 1 boxes, 10c\nb2: rail Mon 3 departure 30c"
    )


def test_departure_price_makes_a_batch_wait_for_the_other():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed departure=100 price=0
        batch 1 car plant -> port
        batch 1 car plant -> port ready=20
    """)
    # b2 misses Monday 08:00; two departures would be 200
    assert planned(world) == (
        "b1: 1 barge Wed 5, 80h, 0c\nb1: barge Wed 5 departure 50c\n"
        "b2: 1 barge Wed 5, 80h, 0c\nb2: barge Wed 5 departure 50c"
    )


def test_last_module_is_not_bought_for_one_car():
    # one module and the fourth car by rail: 30 + 20; two modules: 60; all by rail: 80
    assert planned(tiny(IN_THREES + "batch 4 car plant -> port")) == (
        "3 barge Mon 3, 32h, 0c\n1 rail Mon 3, 32h, 20c\nbarge Mon 3 module 30c"
    )


def test_several_modules_are_bought_where_they_fill():
    # two modules: 60; one and two cars by rail: 70; all by rail: 100
    assert planned(tiny(IN_THREES + "batch 5 car plant -> port")) == (
        "5 barge Mon 3, 32h, 0c\nbarge Mon 3 module 60c"
    )


def test_two_batches_fill_a_module_together():
    world = tiny(IN_THREES + "batch 1 car plant -> port\nbatch 2 car plant -> port")
    # 30 against 60; shared 1 : 2
    assert planned(world) == (
        "b1: 1 barge Mon 3, 32h, 0c\nb1: barge Mon 3 module 10c\n"
        "b2: 2 barge Mon 3, 32h, 0c\nb2: barge Mon 3 module 20c"
    )


def test_modules_are_one_number_for_all_legs():
    world = tiny("""
        service barge plant -> mid@10-12* -> market@24 module=2 module_price=50 price=0
        batch 2 car plant -> mid
        batch 4 car mid -> market
    """)
    # two cars on the first leg, four on the second: two modules; shared by units boarded, 2 : 4
    assert planned(world) == (
        "b1: 2 barge Mon 3, 18h, 0c\nb1: barge Mon 3 module 33c\n"
        "b2: 4 barge Mon 3, 32h, 0c\nb2: barge Mon 3 module 67c"
    )


def test_module_is_used_again_on_the_next_leg():
    world = tiny("""
        service barge plant -> mid@10-12* -> market@24 module=2 module_price=50 price=0
        batch 2 car plant -> mid
        batch 2 car mid -> market
    """)
    # four cars board, but never more than two are on board: one module
    assert planned(world) == (
        "b1: 2 barge Mon 3, 18h, 0c\nb1: barge Mon 3 module 25c\n"
        "b2: 2 barge Mon 3, 32h, 0c\nb2: barge Mon 3 module 25c"
    )


def test_modules_do_not_make_room_beyond_the_capacity():
    world = tiny("""
        service barge plant -> port@24 room=4 module=3 module_price=30 price=0
        service rail  plant -> port@24 form=loose price=100
        batch 5 car plant -> port
    """)
    # two modules hold six, the barge four
    assert planned(world) == ("4 barge Mon 3, 32h, 0c\n1 rail Mon 3, 32h, 100c\nbarge Mon 3 module 60c")


def test_module_price_without_a_module_capacity_is_paid_once():
    world = """
        service barge plant -> port@24 room=9 module_price=50 price=0
        service rail  plant -> port@24 form=loose price=20
    """
    # 3 * 20 against 50; 2 * 20 against 50
    assert planned(tiny(world + "batch 3 car plant -> port")) == (
        "3 barge Mon 3, 32h, 0c\nbarge Mon 3 module 50c"
    )
    assert planned(tiny(world + "batch 2 car plant -> port")) == "2 rail Mon 3, 32h, 40c"


def test_departure_price_stands_beside_modules():
    world = tiny("""
        service barge plant -> port@24 departure=10 module=2 module_price=15 price=0
        service rail  plant -> port@24 form=loose price=20
        batch 3 car plant -> port
    """)
    # 10 + 2 * 15 = 40; 10 + 15 and one by rail: 45; all by rail: 60
    assert planned(world) == ("3 barge Mon 3, 32h, 0c\nbarge Mon 3 departure 10c\nbarge Mon 3 module 30c")


def test_modules_of_a_deck_are_filled_in_hundredths_of_a_ceu():
    world = tiny("""
        type suv ceu=1.27
        service roro plant -> port@24 unit=ceu module=2.53 module_price=10 price=0
        service rail plant -> port@24 form=loose price=15
        batch 2 suv plant -> port
    """)
    # 2.54 CEU is one hundredth too much for one module: two of them, 20; one by rail: 25
    assert planned(world) == "2 roro Mon 3, 32h, 0c\nroro Mon 3 module 20c"


def test_module_price_is_rounded_once_per_module():
    world = tiny("""
        service barge plant -> port@24 departure=3/2 module=2 module_price=67/2 price=0
        batch 3 car plant -> port
    """)
    # 1.5 -> 2, and two modules of 33.5 -> 34
    assert planned(world) == ("3 barge Mon 3, 32h, 0c\nbarge Mon 3 departure 2c\nbarge Mon 3 module 68c")
