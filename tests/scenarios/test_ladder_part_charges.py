"""Charges that a part pays once, however many vehicles it has: customs entries, transit papers."""

from __future__ import annotations

from dataclasses import replace

from planner.check import find_faults
from planner.solve import solve
from tests.plan_text import planned
from tests.scenarios.test_ladder_kept import keeping
from tests.tiny import tiny

TWO_WAYS = """
    service barge plant -> port@24 room=2 price=10
    service truck plant -> port@24 price=30
"""
"""Two by barge and the others by truck; with an entry of 50 for each, all by truck."""
ENTRY = "charge port unload per=part price=50 mode={}\n"


def test_one_part_is_cheaper_than_two():
    # 2 * 10 + 2 * 30 with two entries is 180; 4 * 30 with one is 170
    assert planned(tiny(TWO_WAYS + "batch 4 car plant -> port")) == (
        "2 barge Mon 3, 32h, 20c\n2 truck Mon 3, 32h, 60c"
    )
    world = TWO_WAYS + ENTRY.format("barge") + ENTRY.format("truck")
    assert planned(tiny(world + "batch 4 car plant -> port")) == (
        "4 truck Mon 3, 32h, 120c\ntruck Mon 3 part 50c"
    )


def test_two_parts_pay_twice_where_that_is_worth_it():
    # the barge saves 2 * 20, its entry costs 39
    world = TWO_WAYS + ENTRY.format("truck") + "charge port unload per=part price=39 mode=barge\n"
    assert planned(tiny(world + "batch 4 car plant -> port")) == (
        "2 barge Mon 3, 32h, 20c\n2 truck Mon 3, 32h, 60c\nbarge Mon 3 part 39c\ntruck Mon 3 part 50c"
    )


def test_every_batch_pays_its_own():
    world = "service barge plant -> port@24 price=10\n" + ENTRY.format("barge")
    assert planned(tiny(world + "batch 4 car plant -> port\nbatch 1 car plant -> port")) == (
        "b1: 4 barge Mon 3, 32h, 40c\nb1: barge Mon 3 part 50c\n"
        "b2: 1 barge Mon 3, 32h, 10c\nb2: barge Mon 3 part 50c"
    )


def test_split_over_two_trains_pays_twice():
    world = """
        service rail plant -> port@24 leaves=Mon,Tue form=loose room=3 price=10
        charge port unload mode=rail per=part price=50
        batch 4 car plant -> port
    """
    assert planned(tiny(world)) == (
        "3 rail Mon 3, 32h, 30c\n1 rail Tue 4, 56h, 10c\nrail Mon 3 part 50c\nrail Tue 4 part 50c"
    )


def test_part_that_is_too_dear_for_one_vehicle_takes_two():
    world = "service barge plant -> port@24 price=10\n" + ENTRY.format("barge")
    # 10 + 50 alone is as dear as leaving out; 2 * 10 + 50 is less than 2 * 60
    assert planned(tiny(world + "batch 1 car plant -> port unplanned=60")) == "1 left out: too_dear"
    assert planned(tiny(world + "batch 2 car plant -> port unplanned=60")) == (
        "2 barge Mon 3, 32h, 20c\nbarge Mon 3 part 50c"
    )


def test_reason_says_what_a_vehicle_would_bear_of_it():
    world = "service barge plant -> port@24 price=1000\n" + ENTRY.format("barge").replace("=50", "=6000")
    (entry,) = solve(tiny(world + "batch 2 car plant -> port unplanned=3500")).plan.batches
    assert entry.unplanned is not None
    assert entry.unplanned.facts == (
        "the cheapest itinerary costs 40.00 USD a vehicle, leaving out costs 35.00 USD"
    )


def test_vehicles_that_could_only_join_a_full_part_have_no_room():
    world = """
        service barge plant -> port@24 room=2 price=10
        charge port unload mode=barge per=part price=90
        batch 3 car plant -> port unplanned=60
    """
    # 2 * 10 + 90 is less than 2 * 60; the third would ride for 10, as the part has paid
    assert planned(tiny(world)) == "2 barge Mon 3, 32h, 20c\nbarge Mon 3 part 90c\n1 left out: no_room"


def test_room_that_is_left_for_too_few_is_no_room():
    world = """
        service barge plant -> port@24 room=1 price=10
        charge port unload mode=barge per=part price=90
        batch 2 car plant -> port unplanned=60
    """
    # 10 + 90 is more than 60 for one; two would pay 55 each
    assert planned(tiny(world)) == "2 left out: no_room"
    (entry,) = solve(tiny(world)).plan.batches
    assert entry.unplanned is not None
    assert entry.unplanned.facts == "what room is left holds only dearer itineraries than leaving out"


def test_charge_of_a_country_passed_at_two_calls_is_paid_once_a_ride():
    world = """
        place gate kind=border country=KZ
        place lock kind=border country=KZ
        service rail plant -> gate@10-12 -> lock@20-22 -> port@40 form=loose price=10
        charge KZ pass mode=rail per=part price=50
        batch 3 car plant -> port
    """
    assert planned(tiny(world)) == "3 rail Mon 3, 48h, 30c\nrail Mon 3 part 50c"


def test_every_ride_of_a_chain_that_meets_the_charge_pays():
    world = """
        service barge plant -> hub@10 price=5
        service rail  hub -> port@20 leaves=Wed form=loose price=7
        charge CN load mode=barge per=part price=20
        charge CN load mode=rail per=part price=301/10
        batch 3 car plant -> port
    """
    assert planned(tiny(world)) == "3 barge Mon 3 + rail Wed 5, 76h, 36c\nbarge Mon 3 + rail Wed 5 part 50c"


def test_export_and_import_are_paid_on_the_ride_that_crosses():
    world = """
        place port country=DE
        place market country=DE
        service barge plant -> hub@10 price=5
        service rail  hub -> port@20 leaves=Wed form=loose price=7
        road port -> market hours=1 price=1
        charge CN export mode=rail per=part price=40
        charge CN export mode=barge per=part price=9000
        charge DE import mode=rail per=part price=300
        charge market import mode=rail per=part price=9000
        batch 3 car plant -> market
    """
    assert planned(tiny(world)) == (
        "3 barge Mon 3 + rail Wed 5 + road, 97h, 39c\nbarge Mon 3 + rail Wed 5 part 340c"
    )


def test_roads_meet_nothing():
    world = """
        road plant -> port hours=3 price=90 per_day=1
        service barge plant -> port@24 price=10
        charge CN load mode=barge per=part price=200
        batch 2 car plant -> port
    """
    # 90 and 90 on two days; by barge 2 * 10 + 200
    assert planned(tiny(world)) == "1 road, 3h, 90c\n1 road, 27h, 90c"


def test_trucks_of_two_days_are_in_one_part():
    world = """
        road plant -> hub hours=2 price=1 per_day=2
        service rail hub -> port@20 leaves=Wed at=00:00 form=loose price=50
        charge hub load mode=rail per=part price=70
        batch 3 car plant -> port
    """
    assert planned(tiny(world)) == (
        "1 road + rail Wed 5, 68h, 51c\n2 road + rail Wed 5, 68h, 102c\nrail Wed 5 part 70c"
    )


def test_hours_of_the_charge_are_those_of_any_charge():
    world = """
        service rail hub -> port@20 leaves=Mon,Wed at=08:00 form=loose price=50
        road plant -> hub hours=2 price=1
        charge hub load mode=rail per=part price=70 hours=6
        batch 3 car plant -> port
    """
    # handled from 2:00 to 8:00: just in time; an hour more and Monday's train is missed
    assert planned(tiny(world)) == "3 road + rail Mon 3, 28h, 153c\nrail Mon 3 part 70c"
    assert planned(tiny(world.replace("hours=6", "hours=7"))) == (
        "3 road + rail Wed 5, 76h, 153c\nrail Wed 5 part 70c"
    )


def test_form_and_class_of_the_charge_are_asked():
    world = """
        service rail plant -> port@20 form=boxed price=90
        charge port unload mode=rail per=part price=40 form=boxed
        charge port unload mode=rail per=part price=500 form=loose
        charge port unload mode=rail per=part price=6000 applies=dg
        batch 4 car plant -> port
    """
    assert planned(tiny(world)) == "4 rail Mon 3, 28h, 0c\n2 boxes, 180c\nrail Mon 3 part 40c"


def test_kept_part_has_paid_for_those_who_join_it():
    barge = "service barge plant -> port@24 room=3 price=40\n" + ENTRY.format("barge")
    truck = "service truck plant -> port@24 price=60\n"
    booked = barge + "batch 2 car plant -> port"
    # one more for 40 in the part that is paid; the last two by truck for 60 each
    assert planned(keeping(booked, barge + truck + "batch 5 car plant -> port")) == (
        "2 barge Mon 3, 32h, 80c\n1 barge Mon 3, 32h, 40c\n2 truck Mon 3, 32h, 120c\nbarge Mon 3 part 50c"
    )
    # another batch would pay 40 + 50
    assert planned(
        keeping(booked, barge + truck + "batch 2 car plant -> port\nbatch 1 car plant -> port")
    ) == ("b1: 2 barge Mon 3, 32h, 80c\nb1: barge Mon 3 part 50c\nb2: 1 truck Mon 3, 32h, 60c")


def test_kept_part_on_another_departure_has_paid_for_itself_alone():
    week = "service barge plant -> port@24 leaves=Mon,Wed room=2 price=10\n" + ENTRY.format("barge")
    booked = week + "batch 2 car plant -> port"
    assert planned(keeping(booked, week + "batch 3 car plant -> port")) == (
        "2 barge Mon 3, 32h, 20c\n1 barge Wed 5, 80h, 10c\nbarge Mon 3 part 50c\nbarge Wed 5 part 50c"
    )


def test_fastest_plan_pays_for_its_parts_in_the_second_pass_only():
    world = """
        terms time
        service rail plant -> port@10 form=loose price=10
        service barge plant -> port@24 price=1
        service truck plant -> port@10 price=12
        charge port unload mode={} per=part price=500
        batch 3 car plant -> port
    """
    # rail and truck take 10 hours both; money tells them apart
    assert planned(tiny(world.format("rail"))) == "3 truck Mon 3, 18h, 36c"
    assert planned(tiny(world.format("truck"))) == "3 rail Mon 3, 18h, 30c"


def test_blend_counts_it_as_money():
    world = """
        terms blend day=24
        service rail plant -> port@10 form=loose price=10
        service barge plant -> port@34 price=10
        charge port unload mode=rail per=part price=100
        batch {} car plant -> port
    """
    # a day earlier is worth 24 a vehicle
    assert planned(tiny(world.format(4))) == "4 barge Mon 3, 42h, 40c"
    assert planned(tiny(world.format(5))) == "5 rail Mon 3, 18h, 50c\nrail Mon 3 part 100c"


def test_part_of_boxes_is_paid_once_for_all_boxes():
    world = """
        service barge plant -> hub@10 room=2 price=5
        service truck plant -> hub@10 price=9
        service rail  hub -> port@20 leaves=Wed form=boxed price=90
        charge hub load mode=rail per=part price=7
        batch 3 car plant -> port
    """
    # with two parts 2 * 5 + 9 + 2 * 7 and the box; all by truck 27 + 7
    assert planned(tiny(world)) == (
        "2 barge Mon 3 + rail Wed 5, 76h, 10c\n1 truck Mon 3 + rail Wed 5, 76h, 9c\n1 boxes, 90c\n"
        "barge Mon 3 + rail Wed 5 part 7c\ntruck Mon 3 + rail Wed 5 part 7c"
    )
    assert planned(tiny(world.replace("price=7", "price=9"))) == (
        "3 truck Mon 3 + rail Wed 5, 76h, 27c\n1 boxes, 90c\ntruck Mon 3 + rail Wed 5 part 9c"
    )


def test_plan_with_the_charge_paid_twice_by_one_part_is_refused():
    problem = tiny(
        "service barge plant -> port@24 price=10\n" + ENTRY.format("barge") + "batch 4 car plant -> port"
    )
    plan = solve(problem).plan
    (entry,) = plan.batches
    (charge,) = entry.part_charges
    twice = replace(entry, part_charges=(replace(charge, cents=2 * charge.cents),))
    cents, value = plan.cents + charge.cents, plan.value + charge.cents
    dearer = replace(plan, batches=(twice,), cents=cents, value=value)
    assert {finding.rule for finding in find_faults(problem, dearer)} == {"part_charges"}
