"""How a batch may be split: most parts, least vehicles of a part, all or none."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

THREE_SIZES = """
    service barge plant -> port@24 room=2 price=10
    service rail  plant -> port@24 form=loose room=2 price=20
    service truck plant -> port@24 price=100
"""


def test_batch_is_split_as_far_as_it_pays():
    # 2 * 10 + 2 * 20 + 2 * 100
    assert planned(tiny(THREE_SIZES + "batch 6 car plant -> port")) == (
        "2 barge Mon 3, 32h, 20c\n2 rail Mon 3, 32h, 40c\n2 truck Mon 3, 32h, 200c"
    )


def test_most_parts_are_held():
    # two cars by barge and the other four by truck: 20 + 400; rail and truck: 40 + 400
    assert planned(tiny(THREE_SIZES + "batch 6 car plant -> port split=2")) == (
        "2 barge Mon 3, 32h, 20c\n4 truck Mon 3, 32h, 400c"
    )


def test_batch_that_is_not_split_goes_where_all_have_room():
    assert planned(tiny(THREE_SIZES + "batch 3 car plant -> port split=no")) == "3 truck Mon 3, 32h, 300c"


def test_batch_that_is_not_split_is_left_out_whole():
    # 3 * 80 is less than 3 * 100; two by barge and one left out would be 20 + 80
    assert planned(tiny(THREE_SIZES + "batch 3 car plant -> port split=no unplanned=80")) == (
        "3 left out: parts"
    )


def test_part_below_its_least_size_is_not_made():
    # two by barge are too few: 5 * 100
    assert planned(tiny(THREE_SIZES + "batch 5 car plant -> port min_part=3")) == "5 truck Mon 3, 32h, 500c"


def test_parts_of_the_least_size_are_made():
    # 2 * 10 + 2 * 20; the fifth cannot go alone, but three by truck can: 20 + 300 against 40 + 300
    assert planned(tiny(THREE_SIZES + "batch 4 car plant -> port min_part=2")) == (
        "2 barge Mon 3, 32h, 20c\n2 rail Mon 3, 32h, 40c"
    )
    assert planned(tiny(THREE_SIZES + "batch 5 car plant -> port min_part=2")) == (
        "2 barge Mon 3, 32h, 20c\n3 truck Mon 3, 32h, 300c"
    )


def test_rest_below_the_least_size_is_left_out():
    # four as above for 60, the fifth left out for 150; with three by truck: 320
    assert planned(tiny(THREE_SIZES + "batch 5 car plant -> port min_part=2 unplanned=150")) == (
        "2 barge Mon 3, 32h, 20c\n2 rail Mon 3, 32h, 40c\n1 left out: parts"
    )


def test_least_size_is_never_more_than_the_batch():
    assert planned(tiny(THREE_SIZES + "batch 2 car plant -> port min_part=9")) == "2 barge Mon 3, 32h, 20c"


def test_truck_days_within_a_part_are_free():
    world = tiny("""
        road plant -> hub hours=2 price=1 per_day=2
        service rail hub -> port@20 leaves=Wed at=00:00 form=loose price=50
        batch 3 car plant -> port split=no
    """)
    # two trucks on Monday and one on Tuesday, all aboard the one train
    assert planned(world) == "2 road + rail Wed 5, 68h, 102c\n1 road + rail Wed 5, 68h, 51c"


def test_ways_by_road_alone_are_one_part():
    world = tiny("""
        road plant -> port hours=3 price=5 per_day=2
        batch 3 car plant -> port split=no
    """)
    assert planned(world) == "2 road, 3h, 10c\n1 road, 27h, 5c"


def test_cars_that_board_elsewhere_are_another_part():
    world = """
        service rail plant -> hub@10-20* -> market@40 form=loose onward=2,9 price=10
        service ship plant -> market@96 price=50
        road plant -> hub hours=2 price=1
    """
    # two board at the plant, one at the hub
    assert planned(tiny(world + "batch 3 car plant -> market")) == (
        "2 rail Mon 3, 48h, 20c\n1 road + rail Mon 3, 48h, 11c"
    )
    # all by road to the hub: 33; the ship: 150
    assert planned(tiny(world + "batch 3 car plant -> market split=no")) == ("3 road + rail Mon 3, 48h, 33c")


def test_next_departure_is_another_part():
    world = """
        service barge plant -> port@24 leaves=Mon,Tue room=2 price=10
        service truck plant -> port@24 price=30
    """
    assert planned(tiny(world + "batch 3 car plant -> port")) == (
        "2 barge Mon 3, 32h, 20c\n1 barge Tue 4, 56h, 10c"
    )
    assert planned(tiny(world + "batch 3 car plant -> port split=no")) == "3 truck Mon 3, 32h, 90c"


def test_box_shared_by_two_parts_is_one_box():
    world = tiny("""
        service barge plant -> hub@10 room=2 price=5
        service truck plant -> hub@10 price=9
        service rail  hub -> port@20 leaves=Wed form=boxed price=90
        batch 3 car plant -> port split=2
    """)
    # two parts, one run of boxes: 2 * 5 + 9 + 90; all by truck 27 + 90
    assert planned(world) == (
        "2 barge Mon 3 + rail Wed 5, 76h, 10c\n1 truck Mon 3 + rail Wed 5, 76h, 9c\n1 boxes, 90c"
    )
