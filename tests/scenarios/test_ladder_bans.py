"""Modes, places, countries and services that a batch rules out."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

CHEAP_RAIL = """
    place border country=KZ
    service rail  plant -> border@5-6 -> market@24 form=loose price=10
    service barge plant -> market@24 price=40
"""
BY_RAIL = "1 rail Mon 3, 32h, 10c"
BY_BARGE = "1 barge Mon 3, 32h, 40c"


def wished(wishes: str) -> str:
    """Plan of one car that would go by rail, had it no wishes."""
    return planned(tiny(CHEAP_RAIL + f"batch 1 car plant -> market {wishes}"))


def test_country_ruled_out_is_not_passed():
    assert wished("not_via=KZ") == BY_BARGE


def test_place_ruled_out_is_not_passed():
    assert wished("not_via=border") == BY_BARGE


def test_service_ruled_out_is_not_ridden():
    assert wished("not_via=rail") == BY_BARGE
    assert wished("not_via=barge") == BY_RAIL


def test_modes_are_all_that_is_ridden():
    assert wished("modes=barge") == BY_BARGE
    assert wished("modes=barge,rail") == BY_RAIL


def test_mode_ruled_out_is_not_ridden():
    assert wished("not_modes=rail") == BY_BARGE
    assert wished("not_modes=barge,truck") == BY_RAIL


def test_everything_ruled_out_is_banned():
    assert wished("not_via=KZ,barge") == "1 left out: banned"
    assert wished("modes=roro") == "1 left out: banned"
    assert wished("not_modes=rail,barge") == "1 left out: banned"


def test_origin_ruled_out_rules_out_everything():
    assert wished("not_via=plant") == "1 left out: banned"


def test_place_ruled_out_is_no_place_to_change():
    world = """
        service rail  plant -> hub@10 form=loose price=5
        service truck hub -> market@10 leaves=Tue price=5
        service barge plant -> market@24 price=40
    """
    assert planned(tiny(world + "batch 1 car plant -> market")) == "1 rail Mon 3 + truck Tue 4, 42h, 10c"
    assert planned(tiny(world + "batch 1 car plant -> market not_via=hub")) == BY_BARGE


def test_call_before_boarding_is_not_met():
    world = tiny("""
        place start country=KZ
        service rail start -> plant@10-12* -> market@36 form=loose price=10
        batch 1 car plant -> market not_via=KZ
    """)
    # the train comes from there, the car does not
    assert planned(world) == "1 rail Mon 3, 44h, 10c"


BY_ROAD_AND_RAIL = """
    road plant -> hub hours=2 price=1
    service rail  hub -> market@24 form=loose price=10
    service barge plant -> market@24 price=40
"""


def banned_road(wishes: str) -> str:
    return planned(tiny(BY_ROAD_AND_RAIL + f"batch 1 car plant -> market {wishes}"))


def test_roads_are_allowed_beside_the_modes_asked_for():
    assert banned_road("modes=rail") == "1 road + rail Mon 3, 32h, 11c"


def test_roads_are_ruled_out_by_name_alone():
    assert banned_road("not_modes=road") == BY_BARGE
    assert banned_road("not_modes=truck") == "1 road + rail Mon 3, 32h, 11c"


def test_roads_are_ruled_out_by_their_ends():
    assert banned_road("not_via=hub") == BY_BARGE


def test_truck_is_a_dated_service_and_no_road():
    world = """
        service taxi plant -> market@10 mode=truck price=5
        road plant -> market hours=30 price=9
    """
    assert planned(tiny(world + "batch 1 car plant -> market")) == "1 taxi Mon 3, 18h, 5c"
    assert planned(tiny(world + "batch 1 car plant -> market not_modes=truck")) == "1 road, 30h, 9c"


def test_ban_of_one_batch_leaves_its_room_to_another():
    world = tiny(
        CHEAP_RAIL.replace("form=loose", "form=loose room=1")
        + "batch 1 car plant -> market\nbatch 1 car plant -> market not_via=KZ"
    )
    assert planned(world) == "b1: " + BY_RAIL + "\nb2: " + BY_BARGE
