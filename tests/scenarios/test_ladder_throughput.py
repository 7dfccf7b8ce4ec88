"""A place handles so much on a local day: loose in vehicles, boxed in boxes."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

TWO_BARGES = "service barge plant -> port@24 leaves=Mon,Tue price=40\n"
THREE_CARS = TWO_BARGES + "batch 3 car plant -> port\n"
TWO_AND_ONE = "2 barge Mon 3, 32h, 80c\n1 barge Tue 4, 56h, 40c"


def test_port_takes_so_many_cars_a_day():
    # the barge of Monday arrives on Tuesday
    assert planned(tiny(THREE_CARS + "throughput port loose 2")) == TWO_AND_ONE


def test_day_of_a_port_is_shared_by_services_and_batches():
    world = tiny("""
        service barge plant -> port@24 price=40
        service rail  plant -> port@20 form=loose price=50
        service truck plant -> port@48 price=90
        throughput port loose 2
        batch 2 car plant -> port
        batch 1 car plant -> port due=40
    """)
    # barge and rail both arrive on Tuesday; b2 cannot wait for the truck of Wednesday, so one of b1 does
    assert planned(world) == (
        "b1: 1 barge Mon 3, 32h, 40c\nb1: 1 truck Mon 3, 56h, 90c\nb2: 1 barge Mon 3, 32h, 40c"
    )


def test_boxed_arrivals_count_in_boxes():
    world = tiny("""
        service rail plant -> port@20 form=boxed leaves=Mon,Tue price=90
        throughput port boxed 1
        batch 4 car plant -> port
    """)
    # three cars are one box; the second box comes a day later
    assert planned(world) == ("3 rail Mon 3, 28h, 0c\n1 rail Tue 4, 52h, 0c\n1 boxes, 90c\n1 boxes, 90c")


def test_each_form_has_its_own_room():
    world = tiny("""
        service rail  plant -> port@24 form=boxed price=60
        service barge plant -> port@24 price=40
        throughput port loose 1
        throughput port boxed 1
        batch 4 car plant -> port
    """)
    # one car is rolled off, three come in a box; each alone on that Tuesday
    assert planned(world) == "1 barge Mon 3, 32h, 40c\n3 rail Mon 3, 32h, 0c\n1 boxes, 60c"


def test_weekday_that_no_row_lists_handles_nothing():
    # arrivals on Tuesday and on Wednesday
    assert planned(tiny(THREE_CARS + "throughput port loose 9 weekdays=Wed")) == "3 barge Tue 4, 56h, 120c"


def test_rows_for_different_weekdays_stand_side_by_side():
    world = tiny(
        THREE_CARS + "throughput port loose 1 weekdays=Tue,Sat\nthroughput port loose 2 weekdays=Mon,Wed"
    )
    assert planned(world) == "1 barge Mon 3, 32h, 40c\n2 barge Tue 4, 56h, 80c"


def test_plant_sends_off_so_many_cars_a_day():
    assert planned(tiny(THREE_CARS + "throughput plant loose 2")) == TWO_AND_ONE


def test_origin_counts_on_the_day_of_departure_not_of_the_gate():
    world = """
        service barge plant -> port@24 leaves=Tue cutoff=10 price=40
        service truck plant -> port@24 leaves=Mon cutoff=2 price=90
        batch 1 car plant -> port
    """
    # gate on Monday 22:00, departure on Tuesday 08:00
    assert planned(tiny(world + "throughput plant loose 1 weekdays=Tue")) == "1 barge Tue 4, 56h, 40c"
    assert planned(tiny(world + "throughput plant loose 1 weekdays=Mon")) == "1 truck Mon 3, 32h, 90c"


def test_origin_counts_cars_before_they_are_stuffed():
    world = tiny("""
        service rail plant -> port@20 form=boxed leaves=Mon,Tue price=90
        throughput plant loose 2
        throughput plant boxed 0
        batch 3 car plant -> port
    """)
    # at the plant they are two cars and one, not one box
    assert planned(world) == ("2 rail Mon 3, 28h, 0c\n1 rail Tue 4, 52h, 0c\n1 boxes, 90c\n1 boxes, 90c")


def test_origin_counts_boxes_of_what_travels_in_boxes_only():
    world = tiny("""
        type kit loose=no per_box=4
        service rail plant -> port@20 form=boxed leaves=Mon,Tue price=90
        throughput plant boxed 1
        throughput plant loose 0
        batch 5 kit plant -> port
    """)
    assert planned(world) == ("4 rail Mon 3, 28h, 0c\n1 rail Tue 4, 52h, 0c\n1 boxes, 90c\n1 boxes, 90c")


MIDNIGHT = """
    place port zone=Asia/Shanghai
    service early plant -> port@7.5 price=10
    service later plant -> port@8 price=20
    service truck plant -> port@72 price=90
    throughput port loose 1
    batch 2 car plant -> port
"""


def test_day_of_a_place_ends_at_midnight_on_its_own_clock():
    # 15:30 UTC is Monday 23:30 in Shanghai, 16:00 UTC is Tuesday 00:00
    assert planned(tiny(MIDNIGHT)) == "1 early Mon 3, 15h30, 10c\n1 later Mon 3, 16h, 20c"


def test_day_of_arrival_is_the_day_when_cargo_is_free():
    world = tiny(MIDNIGHT.replace("port@7.5", "port@7.5 release=0.5"))
    # both free on Tuesday in Shanghai: one has to take the truck, 80 h
    assert planned(world) == "1 early Mon 3, 16h, 10c\n1 truck Mon 3, 80h, 90c"


def test_handling_hours_do_not_move_the_day_of_arrival():
    world = tiny(
        THREE_CARS
        + "throughput port loose 9 weekdays=Tue\nhandling port barge->delivery loose->loose hours=20"
    )
    # off the barge on Tuesday 08:00, delivered on Wednesday 04:00
    assert planned(world) == "3 barge Mon 3, 52h, 120c"


def test_calls_ridden_through_do_not_count():
    world = tiny("""
        service barge plant -> mid@10-12* -> port@24 price=40
        throughput mid loose 0
        batch 2 car plant -> port
    """)
    assert planned(world) == "2 barge Mon 3, 32h, 80c"


def test_change_of_hands_counts_once_on_arrival():
    world = tiny("""
        service barge plant -> hub@24 price=40
        service truck hub -> market@10 leaves=Thu price=20
        throughput hub loose 2 weekdays=Tue
        batch 2 car plant -> market
    """)
    # at the hub from Tuesday to Thursday; only the arrival counts: 3 * 24 + 8 + 10
    assert planned(world) == "2 barge Mon 3 + truck Thu 6, 90h, 120c"


def test_roads_count_where_they_arrive():
    world = tiny("""
        road plant -> port hours=3 first=22:00 price=5
        throughput port loose 2
        batch 3 car plant -> port
    """)
    # dispatched at 22 h and 46 h, there on Tuesday and on Wednesday 01:00
    assert planned(world) == "2 road, 25h, 10c\n1 road, 49h, 5c"
