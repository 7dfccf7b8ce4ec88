"""What it is worth to carry a vehicle: prices of leaving out, priorities, early and late days."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

ONE_PLACE = "service barge plant -> port@24 room=1 price=40\n"


def rider(terms: str, first: str, second: str) -> str:
    """Which of two batches of one car gets the only place."""
    lines = planned(
        tiny(terms + ONE_PLACE + f"batch 1 car plant -> port {first}\nbatch 1 car plant -> port {second}")
    ).splitlines()
    return " ".join(line.split(":")[0] for line in lines if "barge" in line)


def test_batch_that_is_dearer_to_leave_out_rides():
    assert rider("", "unplanned=99", "unplanned=98") == "b1"
    assert rider("", "unplanned=98", "unplanned=99") == "b2"


def test_priority_multiplies_the_price_of_the_terms():
    # 2 * 60 = 120 against 119 and 121
    assert rider("terms cost unplanned=60\n", "priority=1", "unplanned=119") == "b1"
    assert rider("terms cost unplanned=60\n", "priority=1", "unplanned=121") == "b2"


def test_priority_does_not_multiply_the_price_of_the_batch():
    assert rider("", "unplanned=50 priority=9", "unplanned=51") == "b2"


def test_price_of_the_batch_replaces_that_of_the_terms():
    assert rider("terms cost unplanned=60\n", "unplanned=59", "") == "b2"


def test_leaving_out_that_costs_nothing_leaves_all_out():
    assert rider("", "unplanned=0", "unplanned=0") == ""


def test_priority_multiplies_the_hours_of_leaving_out():
    world = "service barge plant -> port@24 price=40\nbatch 1 car plant -> port ready=8 priority={}"
    # on the way for 24 h; leaving out counts 20 h, or 2 * 20
    terms = "terms time unplanned_h=20\n"
    assert planned(tiny(terms + world.format(0))) == "1 left out: too_dear"
    assert planned(tiny(terms + world.format(1))) == "1 barge Mon 3, 32h, 40c"


def test_price_of_leaving_out_is_rounded_half_up():
    world = "service barge plant -> port@24 price=40\nbatch 1 car plant -> port unplanned="
    # 40.5 -> 41
    assert planned(tiny(world + "40.5")) == "1 barge Mon 3, 32h, 40c"
    assert planned(tiny(world + "39.4")) == "1 left out: too_dear"


TWO_DAYS = "service barge plant -> port@24 leaves=Mon,Wed price=40\n"


def test_early_price_runs_by_the_minute_and_is_rounded_once():
    # Monday's barge is there at 32 h, 16 h before due: 2/3 of 7 = 4.67 -> 5 each
    world = ONE_PLACE.replace("room=1 ", "") + "batch 2 car plant -> port due=48 early=7"
    assert planned(tiny(world)) == "2 barge Mon 3, 32h, 90c"


def test_early_days_are_weighed_against_storage():
    # 48 h earlier at 10 a day, or two midnights at 9 or 11
    world = TWO_DAYS + "batch 1 car plant -> port due=80 early=10\nstorage plant day="
    assert planned(tiny(world + "9")) == "1 barge Wed 5, 80h, 58c"
    assert planned(tiny(world + "11")) == "1 barge Mon 3, 32h, 60c"


def test_late_days_are_weighed_against_a_dearer_way():
    world = TWO_DAYS + "service truck plant -> port@24 price=70 leaves=Tue\n"
    # ready after Monday: Wednesday's barge is 24 h late, at 29 or 31 a day; the truck is in time
    batch = "batch 1 car plant -> port ready=9 due=56 late="
    assert planned(tiny(world + batch + "29")) == "1 barge Wed 5, 80h, 69c"
    assert planned(tiny(world + batch + "31")) == "1 truck Tue 4, 56h, 70c"


def test_late_batch_gives_way_to_the_one_that_loses_more():
    world = (
        TWO_DAYS.replace("price=40", "price=40 room=1")
        + """
        batch 1 car plant -> port due=32 late=5
        batch 1 car plant -> port due=32 late=6
    """
    )
    # the one of Wednesday is two days late: 10 or 12
    assert planned(tiny(world)) == "b1: 1 barge Wed 5, 80h, 50c\nb2: 1 barge Mon 3, 32h, 40c"


def test_hard_due_goes_before_any_late_price():
    world = (
        TWO_DAYS.replace("price=40", "price=40 room=1")
        + """
        batch 1 car plant -> port due=32 late=999
        batch 1 car plant -> port due=32
    """
    )
    # two days at 999
    assert planned(tiny(world)) == "b1: 1 barge Wed 5, 80h, 2038c\nb2: 1 barge Mon 3, 32h, 40c"
