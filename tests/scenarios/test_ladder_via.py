"""Places that a batch has to meet, by a call ridden through or by a change."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BARGE = "service barge plant -> market@24 price=10\n"
RAIL = "service rail plant -> a@5-6 -> b@10-11 -> market@24 form=loose price=40\n"
BY_RAIL = "1 rail Mon 3, 32h, 40c"


def test_via_is_met_by_riding_through():
    assert planned(tiny(BARGE + RAIL + "batch 1 car plant -> market via=a")) == BY_RAIL


def test_via_is_met_by_a_change():
    world = tiny(
        BARGE
        + """
        service rail  plant -> hub@10 form=loose price=30
        service truck hub -> market@4 leaves=Tue price=20
        batch 1 car plant -> market via=hub
        """
    )
    assert planned(world) == "1 rail Mon 3 + truck Tue 4, 36h, 50c"


def test_via_is_met_by_a_change_to_the_road():
    world = tiny(
        BARGE
        + """
        service rail plant -> hub@10 form=loose price=30
        road hub -> market hours=3 price=20
        batch 1 car plant -> market via=hub
        """
    )
    assert planned(world) == "1 rail Mon 3 + road, 27h, 50c"


def test_several_vias_are_met_in_any_order():
    assert planned(tiny(BARGE + RAIL + "batch 1 car plant -> market via=b,a")) == BY_RAIL


def test_one_via_is_passed_and_the_other_changed_at():
    world = tiny(
        BARGE
        + RAIL
        + """
        service ship  plant -> b@10-12 -> hub@24 price=5
        service truck hub -> a@5-6 -> market@10 leaves=Wed price=5
        batch 1 car plant -> market via=b,hub,a
        """
    )
    # the train does not meet the hub; 48 + 8 + 10
    assert planned(world) == "1 ship Mon 3 + truck Wed 5, 66h, 10c"


def test_meeting_one_of_two_vias_is_not_enough():
    world = tiny(BARGE + RAIL + "place far\nbatch 1 car plant -> market via=a,far")
    assert planned(world) == "1 left out: banned"


def test_calls_beyond_the_end_of_a_ride_do_not_count():
    world = tiny("""
        service rail plant -> hub@10* -> a@20 form=loose price=10
        service ship plant -> a@30-31 -> hub@40 price=70
        batch 1 car plant -> hub via=a
    """)
    # the train goes on to a, but the car gets off before
    assert planned(world) == "1 ship Mon 3, 48h, 70c"


def test_calls_before_boarding_do_not_count():
    world = tiny("""
        service rail a -> plant@10-12* -> hub@20 form=loose price=10
        service ship plant -> a@30-31 -> hub@40 price=70
        batch 1 car plant -> hub via=a
    """)
    assert planned(world) == "1 ship Mon 3, 48h, 70c"


def test_vias_of_two_batches_do_not_mix():
    world = tiny(BARGE + RAIL + "batch 1 car plant -> market via=a\nbatch 1 car plant -> market")
    assert planned(world) == "b1: " + BY_RAIL + "\nb2: 1 barge Mon 3, 32h, 10c"
