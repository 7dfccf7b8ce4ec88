"""A block train runs only if its least load comes together."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BLOCK = """
    service rail  plant -> port@24 form=loose min_load=3 price=10
    service barge plant -> port@24 price=40
"""


def test_train_not_filled_to_its_least_load_stays_home():
    # two cars are too few, though they would cost 20 by train
    assert planned(tiny(BLOCK + "batch 2 car plant -> port")) == "2 barge Mon 3, 32h, 80c"


def test_two_batches_fill_a_train_together():
    world = tiny(BLOCK + "batch 2 car plant -> port\nbatch 1 car plant -> port")
    assert planned(world) == "b1: 2 rail Mon 3, 32h, 20c\nb2: 1 rail Mon 3, 32h, 10c"


def test_empty_boxes_do_not_make_up_a_least_load():
    world = """
        service rail  plant -> port@24 form=boxed min_load=2 price=10
        service barge plant -> port@24 price=40
    """
    # three cars are one box, though a second, empty one would pay: 20 against 120; four cars are two
    assert planned(tiny(world + "batch 3 car plant -> port")) == "3 barge Mon 3, 32h, 120c"
    assert planned(tiny(world + "batch 4 car plant -> port")) == "4 rail Mon 3, 32h, 0c\n2 boxes, 20c"


def test_second_box_for_one_car_is_empty_and_does_not_count():
    world = tiny("""
        service barge plant -> port@24 room=3 price=10
        service rail  plant -> port@24 form=boxed min_load=2 price=5
        tariff rail plant -> port charge=surcharge per=vehicle price=30
        service truck plant -> port@24 price=90
        batch 4 car plant -> port
    """)
    # 3 * 10 + 90 = 120; four in two boxes 10 + 120; one car in two boxes would be 30 + 30 + 10
    assert planned(world) == "3 barge Mon 3, 32h, 30c\n1 truck Mon 3, 32h, 90c"


def test_least_load_counts_what_boards_anywhere():
    world = tiny("""
        service rail  plant -> mid@10-12* -> market@24 form=loose min_load=2 price=10
        service barge plant -> mid@48 price=40
        service truck mid -> market@48 price=40
        batch 1 car plant -> mid
        batch 1 car mid -> market
    """)
    # never more than one car on board, but two board
    assert planned(world) == "b1: 1 rail Mon 3, 18h, 10c\nb2: 1 rail Mon 3, 32h, 10c"


def test_car_gives_up_the_cheap_barge_to_fill_the_train():
    world = tiny("""
        service barge plant -> port@24 room=2 price=10
        service rail  plant -> port@24 form=loose min_load=3 price=30
        service truck plant -> port@24 price=90
        batch 4 car plant -> port
    """)
    # 10 + 3 * 30 = 100; 2 * 10 + 2 * 90 = 200; four by train 120
    assert planned(world) == "1 barge Mon 3, 32h, 10c\n3 rail Mon 3, 32h, 90c"


def test_least_load_of_a_deck_is_met_to_the_hundredth_of_a_ceu():
    world = """
        type suv ceu=1.27
        service barge plant -> port@24 price=40
        batch 2 suv plant -> port
    """
    # 2 * 1.27 = 2.54
    assert planned(tiny(world + "service roro plant -> port@24 unit=ceu min_load=2.54 price=10")) == (
        "2 roro Mon 3, 32h, 20c"
    )
    assert planned(tiny(world + "service roro plant -> port@24 unit=ceu min_load=2.55 price=10")) == (
        "2 barge Mon 3, 32h, 80c"
    )


def test_departure_cut_below_its_least_load_is_of_no_use():
    world = tiny(BLOCK + "exception rail Mon changed room=2\nbatch 4 car plant -> port")
    assert planned(world) == "4 barge Mon 3, 32h, 160c"


def test_least_load_brings_batches_together_on_the_later_train():
    world = tiny("""
        service rail  plant -> port@24 form=loose leaves=Mon,Wed min_load=3 price=10
        service barge plant -> port@24 leaves=Mon,Wed price=40
        batch 2 car plant -> port
        batch 1 car plant -> port ready=20
    """)
    # b2 misses Monday; apart 3 * 40
    assert planned(world) == "b1: 2 rail Wed 5, 80h, 20c\nb2: 1 rail Wed 5, 80h, 10c"


def test_least_load_is_asked_beside_the_departure_price():
    world = """
        service rail  plant -> port@24 form=loose min_load=3 departure=60 price=0
        service barge plant -> port@24 price=40
    """
    # 60 against 120 for three; for two 60 against 80 would pay, but two are too few
    assert planned(tiny(world + "batch 3 car plant -> port")) == (
        "3 rail Mon 3, 32h, 0c\nrail Mon 3 departure 60c"
    )
    assert planned(tiny(world + "batch 2 car plant -> port")) == "2 barge Mon 3, 32h, 80c"
