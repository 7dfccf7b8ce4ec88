"""Fast and slow journeys: they move arrivals alone, loading keeps the timetable."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

RAIL = """
    terms cost times={}
    service rail  plant -> hub@20/15/30-40* -> market@60/50/80 form=loose price=10
    service truck hub -> market@5 leaves=Tue,Wed at=08:00 price=30
    storage hub day=1
"""


def planned_with(times: str, batch: str) -> str:
    return planned(tiny(RAIL.format(times) + batch))


def test_fast_and_slow_journeys_arrive_as_their_quantiles_say():
    batch = "batch 1 car plant -> market"
    assert planned_with("typical", batch) == "1 rail Mon 3, 68h, 10c"
    assert planned_with("low", batch) == "1 rail Mon 3, 58h, 10c"
    assert planned_with("high", batch) == "1 rail Mon 3, 88h, 10c"


def test_slow_journey_is_too_late():
    batch = "batch 1 car plant -> hub due=30"
    # at 8 + 20 = 28 h, or at 8 + 30 = 38 h
    assert planned_with("typical", batch) == "1 rail Mon 3, 28h, 10c"
    assert planned_with("high", batch) == "1 left out: too_late"


def test_slow_journey_misses_the_truck():
    batch = "batch 1 car plant -> market due=64"
    # at the hub at 28 h, the truck leaves at 32 h; at 38 h it has gone, the next leaves at 56 h
    assert planned_with("typical", batch) == "1 rail Mon 3 + truck Tue 4, 37h, 40c"
    assert planned_with("high", batch) == "1 rail Mon 3 + truck Wed 5, 61h, 41c"


def test_storage_counts_from_the_arrival_of_the_journey():
    batch = "batch 1 car plant -> market due=57"
    # the fast train is at the hub on Monday 23:00, one midnight before the truck
    assert planned_with("low", batch) == "1 rail Mon 3 + truck Tue 4, 37h, 41c"


def test_loading_keeps_the_timetable():
    batch = "batch 1 car hub -> market ready=48"
    # it leaves the hub at 8 + 40 = 48 h, however slow the journey up to there
    assert planned_with("high", batch) == "1 rail Mon 3, 88h, 10c"
    assert planned_with("low", batch) == "1 rail Mon 3, 58h, 10c"


def test_call_without_quantiles_is_as_typical():
    world = "terms cost times={}\nservice barge plant -> port@24 price=10\nbatch 1 car plant -> port"
    for times in ("low", "typical", "high"):
        assert planned(tiny(world.format(times))) == "1 barge Mon 3, 32h, 10c"


def test_delays_add_to_the_slow_journey():
    batch = "closure rail Mon Tue extra 2\nbatch 1 car plant -> market"
    assert planned_with("high", batch) == "1 rail Mon 3, 90h, 10c"


def test_closure_is_held_against_typical_times():
    batch = "closure hub {} {} closed\nbatch 1 car plant -> hub"
    # typically there on Tuesday 04:00, if fast on Monday 23:00
    assert planned_with("low", batch.format("Mon", "Tue")) == "1 rail Mon 3, 23h, 10c"
    assert planned_with("low", batch.format("Tue", "Wed")) == "1 left out: closed"
