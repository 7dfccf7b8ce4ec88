"""What batches share: modules, prices and least loads of departures, days of places and roads, allotments."""

from __future__ import annotations

from tests.oracles.enumeration import optimum
from tests.oracles.said import said
from tests.tiny import tiny


def test_modules_are_bought_as_needed():
    # two on one module: 100 + 20, the third by truck for 60; a second module would cost 100 + 10
    world = """
        service barge plant -> port@24 module=2 module_price={} price=10
        service truck plant -> port@30 price=60
        batch 3 car plant -> port
    """
    assert said(world.format(100)) == "2 barge Mon 32h, 1 truck Mon 38h: 180"
    # at 49 a second one pays: 98 + 30
    assert said(world.format(49)) == "3 barge Mon 32h: 128"
    assert optimum(tiny(world.format(49))).charters == (("barge", "2025-03-03", 2),)


def test_modules_are_one_number_for_all_legs():
    # 2 on the first leg, 3 on the second: 3 modules of one car for the whole departure
    assert (
        said("""
        service barge plant -> hub@24-25* -> port@48 module=1 module_price=100 price=10
        batch 2 car plant -> port
        batch 1 car hub -> port
        """)
        == "2 barge Mon 56h; 1 barge Mon 56h: 330"
    )
    # one to the hub and one from it share a module
    assert (
        said("""
        service barge plant -> hub@24-25* -> port@48 module=1 module_price=100 price=10
        batch 1 car plant -> hub
        batch 1 car hub -> port
        """)
        == "1 barge Mon 32h; 1 barge Mon 56h: 120"
    )


def test_room_holds_whatever_modules_are_bought_and_does_not_shrink_them():
    assert (
        said("""
        service barge plant -> port@24 room=6 module=2 module_price=100 price=10
        closure barge Mon Tue factor 1/2
        batch 5 car plant -> port
        """)
        == "3 barge Mon 32h, 2 left out: 230"
    )


def test_modules_of_boxes_hold_whole_boxes():
    # 4 cars are 2 boxes: 2 modules
    assert (
        said("""
        service rail plant -> port@24 form=boxed module=1 module_price=100 price=30
        batch 4 car plant -> port
        """)
        == "4 rail Mon 32h: 260"
    )


def test_price_of_a_departure_is_paid_once():
    world = """
        service barge plant -> port@24 departure=200 module_price={} price=10
        service truck plant -> port@30 price=60
        batch {} car plant -> port
        batch 2 car plant -> port
    """
    # 4 on the truck 240, on the barge 200 + 40; 5: 300 against 250
    assert said(world.format(0, 2)) in {
        "2 truck Mon 38h; 2 truck Mon 38h: 240",
        "2 barge Mon 32h; 2 barge Mon 32h: 240",
    }
    assert said(world.format(0, 3)) == "3 barge Mon 32h; 2 barge Mon 32h: 250"
    # a module that is the whole departure costs once, too
    assert said(world.format(40, 3)) == "3 barge Mon 32h; 2 barge Mon 32h: 290"
    assert said(world.format(60, 3)) == "3 truck Mon 38h; 2 truck Mon 38h: 300"


def test_prices_of_departures_are_rounded_once_each():
    # 100/3 -> 33, 3 modules at 50/3 -> 17 each
    assert (
        said("""
        service barge plant -> port@24 departure=100/3 module=1 module_price=50/3
        tariff barge plant -> port price=0
        batch 3 car plant -> port
        """)
        == "3 barge Mon 32h: 84"
    )


def test_least_load_is_reached_together_or_nobody_rides():
    world = """
        service barge plant -> port@24 min_load=4 price=10
        service truck plant -> port@30 price=60
        batch {} car plant -> port
        batch 2 car plant -> port
    """
    assert said(world.format(1)) == "1 truck Mon 38h; 2 truck Mon 38h: 180"
    assert said(world.format(2)) == "2 barge Mon 32h; 2 barge Mon 32h: 40"


def test_least_load_counts_each_ride_over_the_whole_departure():
    # never more than 2 aboard, but 4 board
    assert (
        said("""
        service barge plant -> hub@24-25* -> port@48 min_load=4 price=10
        batch 2 car plant -> hub
        batch 2 car hub -> port
        """)
        == "2 barge Mon 32h; 2 barge Mon 56h: 40"
    )


def test_least_load_is_in_units_of_the_room():
    world = """
        type van ceu=1.5
        service barge plant -> port@24 unit=ceu min_load=3 price=10
        batch {} van plant -> port
    """
    assert said(world.format(2)) == "2 barge Mon 32h: 20"
    assert said(world.format(1)) == "1 left out: 0"


def test_no_empty_box_makes_up_a_least_load():
    world = """
        service rail plant -> port@24 form=boxed min_load=2 price=30
        batch {} car plant -> port
    """
    assert said(world.format(3)) == "3 left out: 0"
    assert said(world.format(4)) == "4 rail Mon 32h: 60"


def test_least_load_may_draw_vehicles_from_a_cheaper_way():
    # leaving b2 out costs 500; b1 rather rides dearer by 2 * 40
    assert (
        said("""
        service barge plant -> port@24 min_load=3 price=100
        service truck plant -> port@30 room=2 price=60
        batch 2 car plant -> port
        batch 1 car plant -> port unplanned=500
        """)
        == "2 barge Mon 32h; 1 barge Mon 32h: 300"
    )


def test_place_handles_so_many_a_day():
    # Tuesday two, Thursday two
    world = """
        service barge plant -> port@24 leaves=Mon,Wed price=10
        throughput {}
        batch 5 car plant -> port
    """
    two_days = "2 barge Mon 32h, 2 barge Wed 80h, 1 left out: 40"
    assert said(world.format("port loose 2")) == two_days
    # at the origin on the days of departure
    assert said(world.format("plant loose 2")) == two_days
    # boxed cargo is counted elsewhere
    assert said(world.format("port boxed 0")) == "5 barge Mon 32h: 50"


def test_day_that_no_row_lists_handles_nothing():
    world = """
        service barge plant -> port@24 leaves=Mon,Wed price=10
        throughput port loose 9 weekdays={}
        batch 1 car plant -> port
    """
    assert said(world.format("Tue")) == "1 barge Mon 32h: 10"
    assert said(world.format("Wed,Thu")) == "1 barge Wed 80h: 10"
    assert said(world.format("Mon")) == "1 left out: 0"
    both = world.format("Wed") + "\nthroughput port loose 1 weekdays=Tue"
    assert said(both) == "1 barge Mon 32h: 10"


def test_day_counts_when_cargo_is_released():
    # lands on Tuesday 8:00, is released 16 h later: Wednesday; handling afterwards does not matter
    world = """
        service barge plant -> port@24 release=16 price=10
        handling port *->delivery loose->loose hours=24
        throughput port loose 9 weekdays={}
        batch 1 car plant -> port
    """
    assert said(world.format("Wed")) == "1 barge Mon 72h: 10"
    assert said(world.format("Tue")) == "1 left out: 0"


def test_day_counts_on_the_clock_of_the_place():
    # Tuesday 8:00 UTC is Tuesday 16:00 in Shanghai; released 8 h later it is Wednesday there
    world = """
        place port zone=Asia/Shanghai
        service barge plant -> port@24 release={} price=10
        throughput port loose 9 weekdays=Wed
        batch 1 car plant -> port
    """
    assert said(world.format(8)) == "1 barge Mon 40h: 10"
    assert said(world.format(7)) == "1 left out: 0"


def test_origin_counts_when_it_really_leaves_not_at_the_gate():
    # the gate closes on Sunday, the barge leaves on Monday
    world = """
        service barge plant -> port@24 leaves=Tue at=06:00 cutoff=12 price=10
        throughput plant loose 9 weekdays={}
        {}
        batch 1 car plant -> port
    """
    assert said(world.format("Tue", "")) == "1 barge Tue 54h: 10"
    assert said(world.format("Mon", "")) == "1 left out: 0"
    assert said(world.format("Wed", "closure plant Tue Wed extra 20")) == "1 barge Tue 74h: 10"


def test_place_counts_boxes_where_cargo_arrives_boxed():
    # one box of three; a fourth car would be a second box
    assert (
        said("""
        service rail plant -> port@24 form=boxed price=30
        throughput port boxed 1
        throughput port loose 0
        batch 4 car plant -> port
        """)
        == "3 rail Mon 32h, 1 left out: 30"
    )


def test_type_that_is_always_boxed_counts_boxes_at_the_origin():
    assert (
        said("""
        type kit loose=no per_box=2
        service rail plant -> port@24 form=boxed price=30
        throughput plant boxed 2
        throughput plant loose 0
        batch 5 kit plant -> port
        """)
        == "4 rail Mon 32h, 1 left out: 60"
    )


def test_origin_counts_loose_what_is_stuffed_there():
    assert (
        said("""
        service rail plant -> port@24 form=boxed price=30
        throughput plant loose 2
        throughput plant boxed 0
        batch 5 car plant -> port
        """)
        == "2 rail Mon 32h, 3 left out: 30"
    )


def test_calls_ridden_through_do_not_count():
    assert (
        said("""
        service barge plant -> hub@10-12 -> port@24 price=10
        throughput hub loose 0
        batch 2 car plant -> port
        """)
        == "2 barge Mon 32h: 20"
    )


def test_change_counts_once_where_cargo_arrives():
    # two arrive at the hub on Tuesday and leave again the same day: two, not four
    assert (
        said("""
        service barge plant -> hub@24 price=10
        service truck hub -> port@10 leaves=Tue at=10:00 price=10
        throughput hub loose 2
        batch 3 car plant -> port
        """)
        == "2 barge Mon + truck Tue 44h, 1 left out: 40"
    )


def test_factor_of_a_place_scales_its_days_inside_the_window():
    assert (
        said("""
        service barge plant -> port@24 leaves=Mon,Wed price=10
        throughput port loose 5
        closure port Tue Wed factor 1/2
        closure port Mon Thu factor 2/3
        batch 9 car plant -> port
        """)
        # Tuesday 5 / 3 = 1, Thursday 5
        == "1 barge Mon 32h, 5 barge Wed 80h, 3 left out: 60"
    )


def test_road_takes_so_many_a_day():
    world = """
        terms time
        road plant -> port hours=3 {}
        batch 4 car plant -> port
    """
    assert said(world.format("per_day=2")) == "2 road 3h, 2 road 27h: 3600"
    # two dispatches a day share it
    assert said(world.format("per_day=3 every=12")) == "3 road 3h, 1 road 27h: 2160"


def test_day_of_a_road_is_the_local_day_of_its_dispatch():
    # dispatched at 22:00 and at 2:00: one grid, two days
    assert (
        said("""
        terms time
        road plant -> port hours=3 first=22:00 every=4 per_day=1
        batch 2 car plant -> port ready=21
        """)
        == f"1 road 4h, 1 road 8h: {12 * 60}"
    )


def test_road_counts_vehicles_in_boxes():
    # three cars would fit one box, but two a day may go
    assert (
        said("""
        terms time
        road plant -> port form=boxed hours=3 per_day=2
        batch 3 car plant -> port
        """)
        == f"2 road 3h, 1 road 27h: {(6 + 27) * 60}"
    )


ALLOTTED = """
        service barge plant -> port@24 leaves=Mon,Thu room=5 price=10
        allotment barge Alpha 3 {}
        batch {} car plant -> port due={} shipper={} ready={}
"""


def test_space_of_a_shipper_is_shut_to_others():
    assert said(ALLOTTED.format("", 5, 48, "Beta", 0)) == "2 barge Mon 32h, 3 left out: 20"
    assert said(ALLOTTED.format("", 5, 48, "Alpha", 0)) == "5 barge Mon 32h: 50"


def test_owner_takes_its_space_and_what_is_free():
    # Alpha has 3 for sure; Beta, whose vehicles are dearer to leave, gets 2
    both = ALLOTTED.format("", 4, 48, "Alpha", 0) + "batch 5 car plant -> port due=48 shipper=Beta priority=1"
    assert said(both) == "3 barge Mon 32h, 1 left out; 2 barge Mon 32h, 3 left out: 50"


def test_space_is_released_before_the_departure():
    # Thursday 8:00 is 80 h; 48 h before, at 32 h, it is open to all
    assert said(ALLOTTED.format("release=48", 9, 120, "Beta", 31)) == "2 barge Thu 73h, 7 left out: 20"
    assert said(ALLOTTED.format("release=48", 9, 120, "Beta", 32)) == "5 barge Thu 72h, 4 left out: 50"


def test_today_says_what_is_released_if_it_is_given():
    world = ALLOTTED.format("release=48", 9, 120, "Beta", 32)
    # on Tuesday 0:00 (24 h) not yet, on Wednesday 0:00 (48 h) it is
    assert said("terms cost today=Tue\n" + world) == "2 barge Thu 72h, 7 left out: 20"
    assert said("terms cost today=Wed\n" + world) == "5 barge Thu 72h, 4 left out: 50"


def test_release_counts_from_the_real_departure():
    # 10 h later it is released 10 h later
    world = ALLOTTED.format("release=48", 9, 120, "Beta", 41)
    assert said(world + "closure barge Thu Fri extra 10") == "2 barge Thu 73h, 7 left out: 20"


def test_spaces_of_two_shippers_are_both_shut_to_a_third():
    world = """
        service barge plant -> port@24 room=6 price=10
        allotment barge Alpha 2
        allotment barge Beta 3
        batch 9 car plant -> port shipper=Gamma priority=2
        batch {} car plant -> port shipper=Alpha priority=1
        batch {} car plant -> port shipper=Beta
    """
    # Gamma 6 - 5 = 1; Alpha and Gamma 6 - 3 = 3; Beta has 3
    assert said(world.format(9, 9)) == (
        "1 barge Mon 32h, 8 left out; 2 barge Mon 32h, 7 left out; 3 barge Mon 32h, 6 left out: 60"
    )
    # what Beta does not fill stays empty
    assert said(world.format(9, 1)) == (
        "1 barge Mon 32h, 8 left out; 2 barge Mon 32h, 7 left out; 1 barge Mon 32h: 40"
    )


def test_space_of_a_shipper_is_kept_on_every_leg():
    assert (
        said("""
        service barge plant -> hub@24-25* -> port@48 room=5 onward=5,4 price=10
        allotment barge Alpha 3
        batch 5 car plant -> hub shipper=Beta
        batch 5 car hub -> port shipper=Beta
        """)
        == "2 barge Mon 32h, 3 left out; 1 barge Mon 56h, 4 left out: 30"
    )


def test_more_space_than_room_leaves_nothing_to_others():
    assert (
        said("""
        service barge plant -> port@24 room=2 price=10
        allotment barge Alpha 3
        batch 5 car plant -> port shipper=Beta
        """)
        == "5 left out: 0"
    )


def test_space_means_nothing_where_room_is_unlimited():
    assert (
        said("""
        service barge plant -> port@24 price=10
        allotment barge Alpha 3
        batch 5 car plant -> port shipper=Beta
        """)
        == "5 barge Mon 32h: 50"
    )
