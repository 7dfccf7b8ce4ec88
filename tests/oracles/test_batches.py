"""Parts, bans, places to be met, and what is kept: the oracle against what paper says."""

from __future__ import annotations

import pytest

from tests.oracles.enumeration import moves_of, optimum
from tests.oracles.said import keeping, said

TWO_DAYS = """
        service barge plant -> port@24 leaves=Mon,Wed room={} price=10
        batch {} car plant -> port due=200 {}
"""


def test_most_parts_are_held():
    # Monday 3 and Wednesday 3
    assert said(TWO_DAYS.format(3, 5, "split=2")).endswith(": 50")
    assert said(TWO_DAYS.format(3, 5, "split=1")).endswith("2 left out: 30")


def test_all_or_none_rides_in_one_part_or_stays():
    assert said(TWO_DAYS.format(3, 3, "split=no")).endswith(": 30")
    assert said(TWO_DAYS.format(3, 4, "split=no")) == "4 left out: 0"


def test_parts_are_not_smaller_than_the_least():
    world = """
        service barge plant -> port@24 room=4 price=10
        service truck plant -> port@30 room=9 price=60
        batch {} car plant -> port min_part={}
    """
    # without it 4 and 1; a part of 2 by truck takes one off the barge
    assert said(world.format(5, 1)) == "4 barge Mon 32h, 1 truck Mon 38h: 100"
    assert said(world.format(5, 2)) == "3 barge Mon 32h, 2 truck Mon 38h: 150"
    assert said(world.format(5, 3)) == "5 truck Mon 38h: 300"
    # of 3 vehicles no part needs more than 3
    assert said(world.format(3, 9)) == "3 barge Mon 32h: 30"


def test_road_dispatches_do_not_make_parts():
    # one ride, then two days by road: one part
    assert (
        said("""
        service barge plant -> port@24 price=10
        road port -> market hours=3 per_day=2
        batch 4 car plant -> market due=80 split=no min_part=4
        """)
        == "2 barge Mon + road 51h, 2 barge Mon + road 75h: 40"
    )


def test_roads_alone_are_one_part():
    assert (
        said("""
        road plant -> port hours=3 per_day=2
        batch 4 car plant -> port due=30 split=no
        """)
        == "2 road 3h, 2 road 27h: 0"
    )


def test_another_alight_of_the_same_departure_is_another_part():
    # by 72 h one comes by the hub (32 h, road at 48 h), one by the port (56 h, road at 60 h)
    world = """
        service barge plant -> hub@24-25* -> port@48 price=10
        road hub -> market hours=1 per_day=1
        road port -> market hours=1 per_day=1 first=12:00
        batch 2 car plant -> market due=72 {}
    """
    assert said(world.format("")) == "1 barge Mon + road 49h, 1 barge Mon + road 61h: 20"
    assert said(world.format("split=1")).endswith("1 left out: 10")


def test_modes_are_those_of_main_rides():
    world = """
        service barge plant -> port@24 price=10
        service rail plant -> port@20 price=70
        road port -> market hours=1
        batch 1 car plant -> market due=200 {}
    """
    cheapest = said(world.format(""))
    assert cheapest.startswith("1 barge Mon + road")
    assert said(world.format("modes=rail")).startswith("1 rail Mon + road")
    assert said(world.format("modes=rail,barge")) == cheapest
    assert said(world.format("modes=roro")) == "1 left out: 0"
    assert said(world.format("not_modes=barge")).startswith("1 rail Mon + road")
    assert said(world.format("not_modes=road")) == "1 left out: 0"


def test_roads_alone_are_open_whatever_the_modes():
    assert (
        said("""
        road plant -> port hours=3
        batch 1 car plant -> port modes=rail due=10
        """)
        == "1 road 3h: 0"
    )


NOT_VIA = [
    ("", "1 short Mon 32h: 10"),
    ("border", "1 round Mon 58h: 20"),  # ridden through
    ("KZ", "1 round Mon 58h: 20"),  # its country
    ("short", "1 round Mon 58h: 20"),  # the service
    ("short,hub", "1 road 100h: 90"),  # the other one passes the hub
    ("border,round", "1 road 100h: 90"),
    ("border,hub,CN", "1 left out: 0"),  # all ends are there
]


@pytest.mark.parametrize(("names", "expected"), NOT_VIA)
def test_not_via_bans_places_countries_and_services(names: str, expected: str):
    assert (
        said(f"""
        place border country=KZ
        service short plant -> border@10-12 -> port@24 price=10
        service round plant -> hub@24-25 -> port@50 price=20
        road plant -> port hours=100 price=90 every=200
        batch 1 car plant -> port due=120 not_via={names}
        """)
        == expected
    )


def test_not_via_bans_roads_by_their_ends():
    world = """
        service barge plant -> hub@24 price=10
        road hub -> port hours=1 every=24
        batch 1 car plant -> port not_via={} due=50
    """
    assert said(world.format("")) == "1 barge Mon + road 49h: 10"
    assert said(world.format("hub")) == "1 left out: 0"
    assert said(world.format("barge")) == "1 left out: 0"


def test_via_is_met_by_a_call_or_by_a_change():
    world = """
        service short plant -> port@24 price=10
        service round plant -> hub@24-25 -> port@50 price=30
        service first plant -> hub@12 price=25
        service second hub -> port@12 leaves=Tue price=25
        batch 1 car plant -> port via={} not_via={}
    """
    assert said(world.format("", "")) == "1 short Mon 32h: 10"
    assert said(world.format("hub", "")) == "1 round Mon 58h: 30"
    assert said(world.format("hub", "round")) == "1 first Mon + second Tue 44h: 50"


def test_several_vias_are_met_in_any_order():
    world = """
        service short plant -> port@24 price=10
        service round plant -> east@24-25 -> west@30-31 -> port@50 price=30
        service half plant -> west@24-25 -> port@50 price=20
        batch 1 car plant -> port via={}
    """
    assert said(world.format("west")) == "1 half Mon 58h: 20"
    assert said(world.format("west,east")) == "1 round Mon 58h: 30"


def test_ends_of_the_last_ride_are_no_via():
    # the port is where it is delivered: only a place on the way counts
    assert (
        said("""
        service barge plant -> port@24 -> hub@30 price=10
        service truck plant -> hub@40 price=30
        batch 1 car plant -> hub via=port
        batch 1 car plant -> hub
        """)
        == "1 barge Mon 38h; 1 barge Mon 38h: 20"
    )


KEPT = """
        service barge plant -> port@24 leaves=Mon,Wed room=3 price=10
        service truck plant -> port@30 leaves=Mon,Wed price=60
        batch {} car plant -> port due=60 {}
        batch 2 car plant -> port due=60
"""


def test_kept_itineraries_take_their_room():
    # two on the barge are booked, so one place is left; the dear truck is kept, too
    world = keeping(KEPT.format(4, ""), {"b1": {"barge Mon": 2, "truck Mon": 1}})
    assert said(world) in {
        "2 barge Mon 32h, 1 barge Mon 32h, 1 truck Mon 38h; 2 truck Mon 38h: 210",
        "2 barge Mon 32h, 1 truck Mon 38h, 1 truck Mon 38h; 1 barge Mon 32h, 1 truck Mon 38h: 210",
    }
    best = optimum(world)
    assert {(way.moves, count) for _, way, count in best.kept} == {
        (moves_of(itinerary), itinerary.vehicles) for itinerary in world.kept["b1"]
    }


def test_kept_itineraries_count_into_their_part():
    # the part of the barge is there; more than one part may not be
    world = keeping(KEPT.format(5, "split=1"), {"b1": {"barge Mon": 1}})
    assert said(world) == "1 barge Mon 32h, 2 barge Mon 32h, 2 left out; 2 truck Mon 38h: 150"
    # a booked part stays as small as it was booked; who joins it has to make it large enough
    world = keeping(KEPT.format(5, "min_part=3"), {"b1": {"barge Mon": 1}})
    assert said(world) == "1 barge Mon 32h, 4 truck Mon 38h; 2 barge Mon 32h: 270"


def test_rest_of_all_or_none_rides_whole_in_the_kept_part():
    world = keeping(KEPT.format(3, "split=no"), {"b1": {"barge Mon": 1}})
    assert said(world) == "1 barge Mon 32h, 2 barge Mon 32h; 2 truck Mon 38h: 150"
    world = keeping(KEPT.format(4, "split=no"), {"b1": {"barge Mon": 1}})
    assert said(world) == "1 barge Mon 32h, 3 left out; 2 barge Mon 32h: 30"


def test_booked_and_other_vehicles_share_no_box():
    # one booked in a box of three: the other two need a second box
    world = keeping(
        """
        service rail plant -> port@24 form=boxed price=30
        batch 3 car plant -> port
        """,
        {"b1": {"rail Mon": 1}},
    )
    assert said(world) == "1 rail Mon 32h, 2 rail Mon 32h: 60"


def test_kept_itineraries_may_have_left_before_today():
    text = """
        terms cost today=Tue
        service barge plant -> port@24 leaves=Mon,Wed book_by=99 price=10
        batch 2 car plant -> port
    """
    assert said(keeping(text, {"b1": {"barge Mon": 1}})) == "1 barge Mon 32h, 1 left out: 10"


def test_kept_departure_is_bought_and_its_least_load_not_asked_for_again():
    text = """
        service barge plant -> port@24 min_load=4 departure=100 module=2 module_price=50 price=10
        service truck plant -> port@30 price=70
        batch {} car plant -> port
    """
    # alone 2 would go by truck
    assert said(text.format(2)) == "2 truck Mon 38h: 140"
    # departure 100, one module 50
    assert said(keeping(text.format(2), {"b1": {"barge Mon": 1}})) == "1 barge Mon 32h, 1 barge Mon 32h: 170"
    # the third would need a second module: 60 against 70
    assert said(keeping(text.format(3), {"b1": {"barge Mon": 2}})) == "2 barge Mon 32h, 1 barge Mon 32h: 230"
