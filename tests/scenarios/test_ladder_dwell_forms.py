"""Dwell by form and place: what is stored how, and that storage is not dodged by driving about."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

STUFFED_AT_THE_HUB = """
    service barge plant -> hub@10 price=10
    service rail hub -> port@20 leaves=Wed form=boxed price=90
    batch 3 car plant -> port
"""
# at the hub from Monday 18:00 to Wednesday 08:00: two midnights; 36 + 20 + 20 = 76 h
STORED = "3 barge Mon 3 + rail Wed 5, 76h, {}c\n1 boxes, {}c"


def test_dwell_is_charged_in_the_form_after_handling():
    rows = "storage hub form=loose day=100\nstorage hub form=boxed per=feu day=7"
    # 90 + 2 * 7 by the box
    assert planned(tiny(STUFFED_AT_THE_HUB + rows)) == STORED.format(30, 104)


def test_storage_without_a_form_holds_for_both():
    # 3 * 2 by the car, whatever it stands in
    assert planned(tiny(STUFFED_AT_THE_HUB + "storage hub day=3")) == STORED.format(48, 90)


def test_storage_is_rounded_once_for_all_its_days():
    # 2 * 5/4 = 2.5 -> 3; by the day it would be 1 + 1
    assert planned(tiny(STUFFED_AT_THE_HUB + "storage hub day=5/4")) == STORED.format(39, 90)


def test_smallest_of_the_longest_dwells_holds():
    world = STUFFED_AT_THE_HUB + "service truck plant -> port@24 price=99\nstorage hub max=99\n"
    # 38 h at the hub
    assert planned(tiny(world + "storage hub from=24 max=37.5")) == "3 truck Mon 3, 32h, 297c"
    assert planned(tiny(world + "storage hub from=24 max=38")) == STORED.format(30, 90)


def test_longest_dwell_holds_at_the_plant():
    world = """
        service barge plant -> port@24 leaves=Wed price=10
        service truck plant -> port@24 leaves=Tue price=90
        storage plant max={}
        batch 1 car plant -> port
    """
    # ready at 0 h; the truck leaves at 32 h, the barge at 56 h
    assert planned(tiny(world.format(56))) == "1 barge Wed 5, 80h, 10c"
    assert planned(tiny(world.format(55))) == "1 truck Tue 4, 56h, 90c"


def test_night_in_a_yard_and_back_to_the_port_is_not_allowed():
    world = """
        service barge plant -> port@24 price=10
        service rail  port -> market@10 leaves=Fri form=loose price=10
        storage port from=24 day=100
        road port -> yard hours=1
        road yard -> port hours=1
    """
    # Wednesday 08:00 to Friday 08:00: two midnights of 100
    assert planned(tiny(world + "batch 1 car plant -> market")) == "1 barge Mon 3 + rail Fri 7, 114h, 220c"


def test_night_in_a_yard_on_the_way_is_allowed():
    world = """
        service barge plant -> port@24 price=10
        service rail  yard -> market@10 leaves=Fri form=loose price=10
        storage port from=24 day=100
        road port -> yard hours=1 price=5
        batch 1 car plant -> market
    """
    assert planned(tiny(world)) == "1 barge Mon 3 + road + rail Fri 7, 114h, 25c"


def test_place_changed_at_may_be_ridden_through_again():
    world = tiny("""
        service barge plant -> port@10 price=10
        service truck port -> yard@4 leaves=Tue price=10
        service rail  yard -> port@4-5 -> market@20 leaves=Wed form=loose price=10
        batch 1 car plant -> market
    """)
    # by truck from the port, by rail through the port
    assert planned(world) == "1 barge Mon 3 + truck Tue 4 + rail Wed 5, 76h, 30c"


def test_plant_is_not_come_back_to():
    world = tiny("""
        road plant -> yard hours=1 price=1
        service truck yard -> plant@4 price=1
        service barge plant -> port@24 leaves=Thu price=10
        storage plant from=24 day=100
        batch 1 car plant -> port
    """)
    # from Tuesday 00:00 two midnights; a few days in the yard would save them
    assert planned(world) == "1 barge Thu 6, 104h, 210c"


def test_boxes_are_not_stuffed_twice():
    world = tiny("""
        service rail  plant -> hub@10 form=boxed price=1
        service barge plant -> hub@10 price=30
        service ship  hub -> port@10-12* -> market@48 leaves=Wed form=boxed price=1
        service roro  hub -> port@10 leaves=Tue price=1
        service last  port -> market@5 leaves=Thu form=boxed price=1
        batch 1 car plant -> market not_via=ship
    """)
    # boxed, loose, boxed again would cost 1 + 1 + 1; so loose, loose, boxed
    assert planned(world) == "1 barge Mon 3 + roro Tue 4 + last Thu 6, 85h, 31c\n1 boxes, 1c"


def test_box_may_be_stripped_on_the_way():
    world = tiny("""
        service rail  plant -> hub@10 form=boxed price=1
        service barge hub -> market@24 leaves=Tue price=10
        handling hub rail->barge boxed->loose hours=3 price=2
        batch 1 car plant -> market
    """)
    assert planned(world) == "1 rail Mon 3 + barge Tue 4, 56h, 12c\n1 boxes, 1c"
