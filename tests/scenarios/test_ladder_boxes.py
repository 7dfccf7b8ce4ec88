"""Boxes are whole, belong to one batch, and are stuffed at most once."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_last_car_does_not_fill_a_box_and_goes_loose():
    world = tiny("""
        service rail  plant -> port@20 form=boxed price=90
        service barge plant -> port@24 price=40
        batch 4 car plant -> port
    """)
    # one box of three 90 + 40 = 130; two boxes 180; all loose 160
    assert planned(world) == "3 rail Mon 3, 28h, 0c\n1 barge Mon 3, 32h, 40c\n1 boxes, 90c"


def test_room_for_boxes_is_whole():
    world = tiny("""
        service rail  plant -> port@20 form=boxed room=1 price=30
        service barge plant -> port@24 price=40
        batch 4 car plant -> port
    """)
    assert planned(world) == "3 rail Mon 3, 28h, 0c\n1 barge Mon 3, 32h, 40c\n1 boxes, 30c"


def test_batches_never_share_a_box():
    world = tiny("""
        service rail  plant -> port@20 form=boxed price=90
        service barge plant -> port@24 price=50
        batch 1 car plant -> port
        batch 2 car plant -> port
    """)
    # together one box would do (90); alone b1 is better off loose, b2 in a box: 50 + 90
    assert planned(world) == "b1: 1 barge Mon 3, 32h, 50c\nb2: 2 rail Mon 3, 28h, 0c\nb2: 1 boxes, 90c"


def test_box_is_shared_by_cars_that_came_on_different_trucks():
    world = tiny("""
        service early plant -> hub@10 leaves=Mon room=2 price=5
        service later plant -> hub@10 leaves=Tue price=6
        service rail  hub -> port@20 leaves=Wed form=boxed price=90
        batch 3 car plant -> port
    """)
    # stuffed at the hub for the same train: one box of three
    assert planned(world) == (
        "2 early Mon 3 + rail Wed 5, 76h, 10c\n1 later Tue 4 + rail Wed 5, 76h, 6c\n1 boxes, 90c"
    )


def test_boxes_that_cost_differently_are_not_shared():
    world = tiny("""
        service barge plant -> hub@10 room=2 price=5
        service truck plant -> hub@10 price=200
        service rail  hub -> port@20 leaves=Wed form=boxed price=90
        handling hub barge->* loose->boxed per=feu price=10
        handling hub truck->* loose->boxed per=feu price=12
        batch 3 car plant -> port
    """)
    # two boxes of 90 + 10 and 90 + 12; all three by truck: 600 and one box
    assert planned(world) == (
        "2 barge Mon 3 + rail Wed 5, 76h, 10c\n1 truck Mon 3 + rail Wed 5, 76h, 200c\n"
        "1 boxes, 100c\n1 boxes, 102c"
    )


def test_boxes_stuffed_at_different_places_are_not_shared():
    world = tiny("""
        service early plant -> hub@10 leaves=Mon form=boxed room=1 price=9
        service later plant -> hub@10 leaves=Tue price=6
        service rail  hub -> port@20 leaves=Wed form=boxed price=90
        batch 4 car plant -> port unplanned=1000
    """)
    # all stuffed at the hub: 4 * 6 + 2 * 90 = 204; three at the plant: 9 + 90, and the fourth: 6 + 90, = 195
    assert planned(world) == (
        "3 early Mon 3 + rail Wed 5, 76h, 0c\n1 later Tue 4 + rail Wed 5, 76h, 6c\n1 boxes, 99c\n1 boxes, 90c"
    )


def test_stuffing_is_done_once_at_most():
    world = tiny("""
        service rail  plant -> hub@10 form=boxed price=10
        service barge hub -> port@24 leaves=Tue form=loose price=10
        service ship  port -> market@48 leaves=Thu form=boxed price=10
        batch 3 car plant -> market
    """)
    # boxed, loose, boxed again: not possible, and there is no other way
    assert planned(world) == "3 left out: no_route"


def test_stuffing_and_stripping_are_paid_and_take_their_hours():
    world = tiny("""
        service rail plant -> port@20 form=boxed price=90
        handling plant origin->*    loose->boxed hours=8 price=12 per=feu
        handling port  *->delivery  boxed->loose hours=5 price=2 per=vehicle
        batch 3 car plant -> port
    """)
    # stuffed from 0 to 8 h, on Monday 08:00; stripped from 28 h to 33 h; box: 90 + 12, vehicle: 2
    assert planned(world) == "3 rail Mon 3, 33h, 6c\n1 boxes, 102c"


def test_place_without_a_stuffing_row_cannot_stuff():
    world = tiny(
        """
        service rail  plant -> port@20 form=boxed price=1
        service barge plant -> port@24 price=50
        batch 1 car plant -> port
        """,
        free_changes=("loose->loose", "boxed->boxed", "boxed->loose"),
    )
    assert planned(world) == "1 barge Mon 3, 32h, 50c"


def test_parts_that_travel_in_boxes_only_stay_boxed_to_the_door():
    world = tiny("""
        type kit loose=no per_box=4
        service barge plant -> port@24 price=1
        service rail  plant -> port@20 form=boxed price=90
        road port -> market hours=2 form=boxed per=feu price=10
        road port -> market hours=2 form=loose price=1
        batch 5 kit plant -> market due=60
    """)
    # two boxes of 90 + 10; the road leaves on Wednesday 00:00 = 48 h
    assert planned(world) == "5 rail Mon 3 + road, 50h, 0c\n2 boxes, 200c"


def test_per_vehicle_prices_of_a_boxed_ride_are_paid_by_vehicle():
    world = tiny("""
        service rail plant -> port@20 form=boxed price=90
        tariff rail plant -> port charge=surcharge per=vehicle price=3
        tariff rail plant -> port charge=box_hire  per=feu price=7
        batch 2 car plant -> port
    """)
    assert planned(world) == "2 rail Mon 3, 28h, 6c\n1 boxes, 97c"


def test_storage_of_a_box_counts_two_teu():
    world = tiny("""
        service rail plant -> port@20 form=boxed leaves=Wed price=90
        storage plant form=boxed per=teu day=3
        batch 2 car plant -> port
    """)
    # Monday 00:00 to Wednesday 08:00: two days of 2 * 3
    assert planned(world) == "2 rail Wed 5, 76h, 0c\n1 boxes, 102c"
