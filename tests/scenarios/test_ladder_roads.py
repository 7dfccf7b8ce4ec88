"""Roads carry so many vehicles a local day, boxed ones too; what two truck days bring may share boxes."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_road_carries_so_many_cars_a_day():
    world = tiny("""
        road plant -> port hours=3 price=5 per_day=2
        batch 3 car plant -> port
    """)
    assert planned(world) == "2 road, 3h, 10c\n1 road, 27h, 5c"


def test_dispatches_of_one_day_share_it():
    world = tiny("""
        terms time
        road plant -> port hours=3 every=6 price=5 per_day=3
        batch 2 car plant -> port
        batch 2 car plant -> port ready=7
    """)
    # at 0 h two cars, at 12 h one; the fourth on Tuesday at 0 h = 24 h
    assert planned(world) == "b1: 2 road, 3h, 10c\nb2: 1 road, 15h, 5c\nb2: 1 road, 27h, 5c"


def test_road_counts_vehicles_in_boxes():
    world = tiny("""
        type kit loose=no per_box=4
        road plant -> port hours=3 form=boxed per=feu price=90 per_day=4
        batch 5 kit plant -> port
    """)
    # the fifth is one vehicle too many, though four vehicles are but one box
    assert planned(world) == "4 road, 3h, 0c\n1 road, 27h, 0c\n1 boxes, 90c\n1 boxes, 90c"


TWO_TRUCK_DAYS = """
    service rail hub -> port@20 leaves=Wed at=00:00 form=boxed price=90
    storage plant day=1
    batch 9 car plant -> port
"""


def test_boxes_are_stuffed_from_what_two_truck_days_bring():
    world = tiny("road plant -> hub hours=2 price=1 per_day=5" + TWO_TRUCK_DAYS)
    # five cars on Monday and four on Tuesday are three boxes of three, not two and two
    assert planned(world) == ("5 road + rail Wed 5, 68h, 5c\n4 road + rail Wed 5, 68h, 8c\n3 boxes, 270c")


def test_boxes_stuffed_before_two_truck_days_are_not_shared():
    world = tiny("road plant -> hub hours=2 form=boxed per=feu price=1 per_day=5" + TWO_TRUCK_DAYS)
    # a box goes by one truck: two boxes of 1 + 90 on Monday, two on Tuesday
    assert planned(world) == (
        "5 road + rail Wed 5, 68h, 0c\n4 road + rail Wed 5, 68h, 4c\n2 boxes, 182c\n2 boxes, 182c"
    )


def test_day_of_a_road_is_that_of_the_clock_where_it_starts():
    world = tiny("""
        place plant zone=Asia/Shanghai
        road plant -> port hours=3 first=06:00 every=12 price=5 per_day=1
        batch 2 car plant -> port
    """)
    # 10:00 UTC is Monday 18:00 in Shanghai, 22:00 UTC is Tuesday 06:00
    assert planned(world) == "1 road, 13h, 5c\n1 road, 25h, 5c"


def test_dispatch_after_midnight_counts_on_the_new_day():
    world = tiny("""
        terms time
        road plant -> port hours=1 first=20:00 every=6 price=5 per_day=1
        batch 2 car plant -> port ready=19
    """)
    # the grid of Monday: 20 h, 26 h = Tuesday 02:00
    assert planned(world) == "1 road, 21h, 5c\n1 road, 27h, 5c"


def test_full_road_sends_the_rest_by_another_way():
    world = tiny("""
        road plant -> hub hours=2 price=1 per_day=1
        service rail hub -> market@20 form=loose price=50
        service barge plant -> market@24 price=90
        batch 2 car plant -> market
    """)
    # the train of Monday 08:00 takes what the truck of Monday 00:00 brought; Tuesday's truck has no train
    assert planned(world) == "1 road + rail Mon 3, 28h, 51c\n1 barge Mon 3, 32h, 90c"


def test_each_form_of_a_road_has_its_own_trucks():
    world = tiny("""
        road plant -> port hours=3 price=5 per_day=1
        road plant -> port hours=3 form=boxed per=feu price=9 per_day=1
        batch 2 car plant -> port due=5
    """)
    assert planned(world) == "1 road, 3h, 5c\n1 road, 3h, 0c\n1 boxes, 9c"
