"""What is booked stays as it is; the rest is planned around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.solve import solve
from tests.plan_text import planned
from tests.tiny import tiny

if TYPE_CHECKING:
    from planner.model import Problem


def keeping(booked: str, world: str) -> Problem:
    """The world, with everything kept that is planned for the world of the bookings."""
    kept = {}
    for batch in solve(tiny(booked)).plan.batches:
        assert batch.unplanned is None, f"{batch.batch_id} is not booked whole"
        kept[batch.batch_id] = tuple(replace(itinerary, booked=True) for itinerary in batch.itineraries)
    return replace(tiny(world), kept=kept)


BARGE = "service barge plant -> port@24 room=3 price=40\n"
RAIL = "service rail plant -> port@24 form=loose price=70\n"
TRUCK = "service truck plant -> port@24 price=90\n"


def test_kept_load_uses_room():
    booked = BARGE + "batch 2 car plant -> port"
    # one place is left for b2
    assert planned(
        keeping(booked, BARGE + RAIL + "batch 2 car plant -> port\nbatch 2 car plant -> port")
    ) == ("b1: 2 barge Mon 3, 32h, 80c\nb2: 1 barge Mon 3, 32h, 40c\nb2: 1 rail Mon 3, 32h, 70c")


def test_kept_cargo_does_not_move_to_a_cheaper_way():
    booked = TRUCK + "batch 2 car plant -> port"
    assert planned(keeping(booked, BARGE + TRUCK + "batch 2 car plant -> port")) == "2 truck Mon 3, 32h, 180c"


def test_kept_cargo_does_not_make_room_for_whom_it_would_help():
    world = """
        type van
        service barge plant -> port@24 room=1 price=40
        service rail  plant -> port@24
        tariff rail plant -> port applies=car price=50
        tariff rail plant -> port applies=van price=999
        batch 1 car plant -> port
    """
    assert planned(keeping(world, world + "batch 1 van plant -> port")) == (
        "b1: 1 barge Mon 3, 32h, 40c\nb2: 1 rail Mon 3, 32h, 999c"
    )


def test_rest_of_a_batch_is_planned():
    booked = TRUCK + "batch 2 car plant -> port"
    assert planned(keeping(booked, BARGE + TRUCK + "batch 5 car plant -> port")) == (
        "3 barge Mon 3, 32h, 120c\n2 truck Mon 3, 32h, 180c"
    )


BOXED = "service rail plant -> port@20 form=boxed price=90\n"


def test_booked_boxes_are_not_shared():
    booked = BOXED + "batch 2 car plant -> port"
    # the third car would have room in the box of the two that are booked
    assert planned(keeping(booked, BOXED + "batch 3 car plant -> port")) == (
        "2 rail Mon 3, 28h, 0c\n1 rail Mon 3, 28h, 0c\n1 boxes, 90c\n1 boxes, 90c"
    )


def test_booked_boxes_are_paid_as_before():
    booked = BOXED + "batch 4 car plant -> port"
    cheap = "service barge plant -> port@24 price=1\n"
    assert planned(keeping(booked, BOXED + cheap + "batch 4 car plant -> port")) == (
        "4 rail Mon 3, 28h, 0c\n2 boxes, 180c"
    )


def test_what_has_departed_is_kept_in_spite_of_today():
    week = BARGE.replace("room=3", "room=3 leaves=Mon,Wed book_by=24")
    booked = week + "batch 1 car plant -> port"
    assert planned(keeping(booked, "terms cost today=Tue\n" + week + "batch 2 car plant -> port")) == (
        "1 barge Mon 3, 32h, 40c\n1 barge Wed 5, 80h, 40c"
    )


def test_kept_vehicles_count_into_the_least_part():
    booked = BARGE + "batch 2 car plant -> port"
    world = BARGE + TRUCK + "batch 4 car plant -> port min_part=2 unplanned=80"
    # one more by barge makes three; one alone by truck is too few, and dearer than leaving out
    assert planned(keeping(booked, world)) == (
        "2 barge Mon 3, 32h, 80c\n1 barge Mon 3, 32h, 40c\n1 left out: no_room"
    )


def test_kept_part_counts_among_the_parts():
    booked = TRUCK + "batch 2 car plant -> port"
    world = BARGE + RAIL + TRUCK + "batch 6 car plant -> port split={}"
    # with a second part, three more by barge and one by truck: 120 + 90, or four by rail: 280
    assert planned(keeping(booked, world.format(2))) == (
        "3 barge Mon 3, 32h, 120c\n2 truck Mon 3, 32h, 180c\n1 truck Mon 3, 32h, 90c"
    )
    assert planned(keeping(booked, world.format(3))) == (
        "3 barge Mon 3, 32h, 120c\n1 rail Mon 3, 32h, 70c\n2 truck Mon 3, 32h, 180c"
    )


def test_rest_of_a_batch_that_is_not_split_follows_what_is_kept():
    booked = TRUCK + "batch 2 car plant -> port split=no"
    assert planned(keeping(booked, BARGE + TRUCK + "batch 4 car plant -> port split=no")) == (
        "2 truck Mon 3, 32h, 180c\n2 truck Mon 3, 32h, 180c"
    )


BLOCK = "service block plant -> port@24 min_load=3 departure=50 price=1\n"


def test_departure_that_is_kept_is_bought_already():
    booked = BLOCK + "batch 3 car plant -> port"
    # alone 50 + 1 would not pay against 40; as it runs anyhow, it costs 1
    assert planned(
        keeping(booked, BLOCK + BARGE + "batch 3 car plant -> port\nbatch 1 car plant -> port")
    ) == (
        "b1: 3 block Mon 3, 32h, 3c\nb1: block Mon 3 departure 38c\n"
        "b2: 1 block Mon 3, 32h, 1c\nb2: block Mon 3 departure 12c"
    )


def test_least_load_is_not_asked_again_of_a_departure_that_is_kept():
    booked = BLOCK.replace("min_load=3", "min_load=1") + "batch 1 car plant -> port"
    assert planned(keeping(booked, BLOCK + "batch 1 car plant -> port")) == (
        "1 block Mon 3, 32h, 1c\nblock Mon 3 departure 50c"
    )


def test_room_of_a_kept_module_is_there_for_others():
    modules = "service ferry plant -> port@24 module=3 module_price=60 price=0\n"
    booked = modules + "batch 2 car plant -> port"
    # the third place costs nothing more, a second module 60
    assert planned(
        keeping(booked, modules + BARGE + "batch 2 car plant -> port\nbatch 2 car plant -> port")
    ) == (
        "b1: 2 ferry Mon 3, 32h, 0c\nb1: ferry Mon 3 module 40c\n"
        "b2: 1 barge Mon 3, 32h, 40c\nb2: 1 ferry Mon 3, 32h, 0c\nb2: ferry Mon 3 module 20c"
    )


def test_kept_trucks_use_the_road():
    road = "road plant -> port hours=3 price=5 per_day=2\n"
    booked = road + "batch 1 car plant -> port"
    assert planned(keeping(booked, road + "batch 1 car plant -> port\nbatch 2 car plant -> port")) == (
        "b1: 1 road, 3h, 5c\nb2: 1 road, 3h, 5c\nb2: 1 road, 27h, 5c"
    )


def test_kept_arrivals_use_the_throughput():
    world = TRUCK.replace("price=90", "leaves=Mon,Tue price=90") + "throughput port loose 2\n"
    booked = world + "batch 1 car plant -> port"
    assert planned(keeping(booked, world + "batch 1 car plant -> port\nbatch 2 car plant -> port")) == (
        "b1: 1 truck Mon 3, 32h, 90c\nb2: 1 truck Mon 3, 32h, 90c\nb2: 1 truck Tue 4, 56h, 90c"
    )
