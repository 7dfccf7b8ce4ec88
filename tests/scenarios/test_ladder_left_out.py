"""Vehicles that are left out, each with its reason."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_dearer_than_leaving_out_is_left_out():
    world = tiny("""
        service barge plant -> port@24 price=150
        batch 3 car plant -> port unplanned=149
    """)
    assert planned(world) == "3 left out: too_dear"


def test_box_that_does_not_pay_for_its_last_car_leaves_it_out():
    world = tiny("""
        service rail plant -> port@20 form=boxed price=90
        batch 4 car plant -> port unplanned=60
    """)
    # three cars: 90 < 180; the fourth alone: 90 > 60
    assert planned(world) == "3 rail Mon 3, 28h, 0c\n1 boxes, 90c\n1 left out: too_dear"


def test_no_service_at_all_is_no_route():
    world = tiny("""
        service barge plant -> port@24 price=40
        batch 2 car plant -> market
    """)
    assert planned(world) == "2 left out: no_route"


def test_delivered_after_due_is_too_late():
    world = tiny("""
        service barge plant -> port@24 price=40
        batch 2 car plant -> port due=31
    """)
    assert planned(world) == "2 left out: too_late"


def test_room_taken_is_no_room():
    world = tiny("""
        service barge plant -> port@24 room=2 price=40
        batch 3 car plant -> port
    """)
    assert planned(world) == "2 barge Mon 3, 32h, 80c\n1 left out: no_room"
