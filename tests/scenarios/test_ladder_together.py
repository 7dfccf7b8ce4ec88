"""Rules that meet in one world: each is held while the other is."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_two_boxes_that_cost_differently_make_up_a_least_load():
    world = tiny("""
        service barge plant -> hub@10 room=2 price=1
        service truck plant -> hub@10 price=1
        service rail  hub -> port@20 leaves=Wed form=boxed min_load=2 price=10
        service ship  plant -> port@24 price=90
        handling hub barge->* loose->boxed per=feu price=1
        handling hub truck->* loose->boxed per=feu price=2
        batch 3 car plant -> port
    """)
    # vehicles whose boxes cost differently do not share one: 11 + 12; one box of three would be too few
    assert planned(world) == (
        "2 barge Mon 3 + rail Wed 5, 76h, 2c\n1 truck Mon 3 + rail Wed 5, 76h, 1c\n1 boxes, 11c\n1 boxes, 12c"
    )


def test_part_that_must_stay_whole_buys_the_second_module():
    world = """
        service barge plant -> port@24 module=3 module_price=30 price=0
        service rail  plant -> port@24 form=loose price=20
        batch 4 car plant -> port split=no
    """
    # two modules: 60; all by rail: 80; a module and one by rail would be 50
    assert planned(tiny(world)) == "4 barge Mon 3, 32h, 0c\nbarge Mon 3 module 60c"


def test_least_part_and_least_load_are_met_by_the_same_cars():
    world = """
        service rail  plant -> port@24 form=loose min_load=4 price=10
        service barge plant -> port@24 price=40
        batch 3 car plant -> port min_part=2
        batch 3 car plant -> port min_part=3
    """
    assert planned(tiny(world)) == "b1: 3 rail Mon 3, 32h, 30c\nb2: 3 rail Mon 3, 32h, 30c"
    # with room for five it is b1 that can spare one, who alone by barge would be no part
    assert planned(tiny(world.replace("min_load=4", "min_load=4 room=5") + "terms cost unplanned=35")) == (
        "b1: 2 rail Mon 3, 32h, 20c\nb1: 1 left out: no_room\nb2: 3 rail Mon 3, 32h, 30c"
    )


def test_allotment_counts_before_modules_are_bought():
    world = tiny("""
        service barge plant -> port@24 room=6 module=3 module_price=30 price=0
        service rail  plant -> port@24 form=loose price=20
        allotment barge Alpha 3
        batch 5 car plant -> port shipper=Beta
    """)
    # 6 - 3 are open to Beta: one module, and two by rail
    assert planned(world) == "3 barge Mon 3, 32h, 0c\n2 rail Mon 3, 32h, 40c\nbarge Mon 3 module 30c"


def test_fastest_plan_buys_the_fewest_modules():
    world = tiny("""
        terms time
        service barge plant -> port@24 module=2 module_price=30 price=0
        service rail  plant -> port@24 form=loose room=1 price=20
        batch 3 car plant -> port
    """)
    # all are equally fast; a module and one by rail: 50; two modules: 60
    assert planned(world) == "2 barge Mon 3, 32h, 0c\n1 rail Mon 3, 32h, 20c\nbarge Mon 3 module 30c"


def test_fastest_plan_keeps_to_the_least_load():
    world = """
        terms time
        service rail  plant -> port@20 form=loose min_load=2 price=99
        service barge plant -> port@24 price=10
        batch {} car plant -> port
    """
    assert planned(tiny(world.format(1))) == "1 barge Mon 3, 32h, 10c"
    assert planned(tiny(world.format(2))) == "2 rail Mon 3, 28h, 198c"


def test_via_may_be_closed_to_one_service_and_open_to_another():
    world = """
        service rail plant -> border@12-20 -> market@30 form=loose price=10
        service road-train plant -> border@12-20 -> market@40 mode=truck price=30
        closure border Tue Wed closed spares=truck
        batch 1 car plant -> market via=border
    """
    # both are there from Monday 20:00 to Tuesday 04:00
    assert planned(tiny(world)) == "1 road-train Mon 3, 48h, 30c"


def test_shift_price_and_room_of_a_changed_departure_hold_together():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon,Wed room=5 price=40
        tariff barge plant -> port charge=surcharge price=5 first=Tue last=Tue
        exception barge Mon changed room=2 factor=1/2 shift=20
        throughput port loose 1 weekdays=Wed,Thu,Fri
        batch 3 car plant -> port
    """)
    # on Tuesday 04:00 for 20 + 5, on Wednesday 08:00 for 40; each arrives on a day that takes one
    assert planned(world) == "1 barge Mon 3, 52h, 25c\n1 barge Wed 5, 80h, 40c\n1 left out: no_room"


def test_throughput_on_the_short_day_of_the_clock_change():
    world = tiny("""
        place plant zone=Europe/Berlin
        place port zone=Europe/Berlin
        service early plant -> port@1 leaves=Sun at=00:30 until=4 price=10
        service later plant -> port@22.5 leaves=Sun at=00:30 until=4 price=20
        service next  plant -> port@23 leaves=Sun at=00:30 until=4 price=30
        throughput port loose 1
        batch 2 car plant -> port ready=600 due=700
    """)
    # Sunday 30 March has 23 hours: 22.5 h after 00:30 it is Monday 00:00, so two cars need not wait for more
    assert planned(world) == "1 early Sun 30, 648h30, 10c\n1 later Sun 30, 670h, 20c"


def test_kits_share_the_module_of_a_train_with_stuffed_cars():
    world = tiny("""
        type kit loose=no per_box=4
        service rail  plant -> port@24 form=boxed module=2 module_price=50 price=1
        service barge plant -> port@24 price=20
        batch 3 car plant -> port
        batch 4 kit plant -> port
    """)
    # a box each: one module of two; shared by boxes
    assert planned(world) == (
        "b1: 3 rail Mon 3, 32h, 0c\nb1: 1 boxes, 1c\nb1: rail Mon 3 module 25c\n"
        "b2: 4 rail Mon 3, 32h, 0c\nb2: 1 boxes, 1c\nb2: rail Mon 3 module 25c"
    )


def test_empty_trains_are_not_bought_where_leaving_out_is_cheaper():
    world = """
        service rail plant -> port@24 form=loose departure=100 price=10
        batch 2 car plant -> port unplanned=40
        batch 1 car plant -> port unplanned={}
    """
    # 100 + 30 against 2 * 40 + 49 or 51
    assert planned(tiny(world.format(49))) == "b1: 2 left out: least_load\nb2: 1 left out: least_load"
    assert planned(tiny(world.format(51))).startswith("b1: 2 rail Mon 3, 32h, 20c")
