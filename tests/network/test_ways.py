"""What leads there on the map, days aside."""

from __future__ import annotations

from dataclasses import replace

from planner.network.ways import Ways
from tests.tiny import tiny

RIDES = """
    service barge plant -> port@24 price=1
    service rail  port -> market@24 form=boxed price=1
"""


def leads(text: str, *without: tuple[str, str]) -> bool:
    """Whether anything leads there if these changes of form are not possible."""
    world = tiny(text)
    rows = [row for row in world.network.handling if (row.from_form, row.to_form) not in without]
    world = replace(world, network=replace(world.network, handling=tuple(rows)))
    return Ways(world).lead(world.batches[0])


def test_rides_lead_on_but_not_back():
    assert leads(RIDES + "batch 1 car plant -> market")
    assert not leads(RIDES + "batch 1 car market -> plant")


def test_a_change_needs_its_handling_row():
    there = RIDES + "batch 1 car plant -> market"
    assert not leads(there, ("loose", "boxed"))
    assert not leads(there, ("boxed", "loose"))
    assert leads(RIDES + "batch 1 car plant -> port", ("loose", "boxed"), ("boxed", "loose"))


def test_nothing_is_stuffed_twice():
    twice = (
        RIDES
        + """
        service barge2 market -> yard@24 price=1
        service rail2  yard -> end@24 form=boxed price=1
        batch 1 car plant -> {}
    """
    )
    assert leads(twice.format("yard"))
    assert not leads(twice.format("end"))
