"""Room that is cut to a share for some days: of departures, and of places."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def barge(keys: str, closures: str, cars: int = 9) -> str:
    """Plan of cars that go by barge while there is room, and then by rail."""
    return planned(
        tiny(f"""
            service barge plant -> port@24 price=40 {keys}
            service rail  plant -> port@24 form=loose price=70
            {closures}
            batch {cars} car plant -> port
        """)
    )


def by_barge(cars: int) -> str:
    rest = 9 - cars
    return f"{cars} barge Mon 3, 32h, {40 * cars}c\n{rest} rail Mon 3, 32h, {70 * rest}c"


def test_low_water_halves_a_barge_and_rounds_down():
    # 9 / 2 = 4.5
    assert barge("room=9", "closure barge Mon Tue factor 1/2") == by_barge(4)


def test_low_water_of_other_days_leaves_a_barge_alone():
    assert barge("room=8", "closure barge Tue Wed factor 1/2") == by_barge(8)


def test_factors_are_multiplied_before_rounding_down():
    # 3 * 1/2 * 2/3 = 1; rounded in between it would be 0
    both = "closure barge Mon Tue factor 1/2\nclosure barge Mon Wed factor 2/3"
    assert barge("room=3", both) == by_barge(1)


def test_low_water_spares_services_and_modes():
    assert barge("room=8", "closure barge Mon Tue factor 1/2 spares=barge") == by_barge(8)


def test_low_water_leaves_unlimited_room_unlimited():
    assert barge("", "closure barge Mon Tue factor 1/2") == "9 barge Mon 3, 32h, 360c"


def test_low_water_cuts_each_leg():
    world = tiny("""
        service barge plant -> mid@10-12* -> port@24 price=40 room=9 onward=9,4
        service rail  plant -> port@24 form=loose price=70
        closure barge Mon Tue factor 1/2
        batch 4 car plant -> port
    """)
    # 4 on the first leg, 2 on the second
    assert planned(world) == "2 barge Mon 3, 32h, 80c\n2 rail Mon 3, 32h, 140c"


def test_low_water_cuts_the_room_of_a_changed_departure():
    changed = "exception barge Mon changed room=6\nclosure barge Mon Tue factor 1/2"
    assert barge("room=99", changed) == by_barge(3)


def test_low_water_is_asked_of_the_shifted_departure():
    # shifted from Monday 08:00 to Tuesday 08:00
    world = tiny("""
        service barge plant -> port@24 price=40 room=8
        service rail  plant -> port@24 form=loose price=70
        exception barge Mon changed shift=24
        closure barge Tue Wed factor 1/2
        batch 9 car plant -> port
    """)
    assert planned(world) == "5 rail Mon 3, 32h, 350c\n4 barge Mon 3, 56h, 160c"


def test_low_water_leaves_modules_as_they_are():
    modules = "room=9 module=4 module_price=4"
    # half of 9 is 4, that is one module of 4, not two of 2
    assert barge(modules, "closure barge Mon Tue factor 1/2") == by_barge(4) + "\nbarge Mon 3 module 4c"


def test_deck_is_cut_to_the_hundredth_of_a_ceu():
    world = """
        type suv ceu=1.27
        service roro plant -> port@24 unit=ceu room={} price=40
        service rail plant -> port@24 form=loose price=70
        closure roro Mon Tue factor 1/2
        batch 1 suv plant -> port
    """
    # 1.275 rounds down to 1.27, 1.265 to 1.26
    assert planned(tiny(world.format("2.55"))) == "1 roro Mon 3, 32h, 40c"
    assert planned(tiny(world.format("2.53"))) == "1 rail Mon 3, 32h, 70c"


def test_place_handles_less_on_the_days_of_a_factor():
    world = """
        service barge plant -> port@24 leaves=Mon,Tue price=40
        throughput port loose 5
        batch 5 car plant -> port
    """
    # on Tuesday 5 * 1/2 = 2.5
    assert planned(tiny(world + "closure port Tue Wed factor 1/2")) == (
        "2 barge Mon 3, 32h, 80c\n3 barge Tue 4, 56h, 120c"
    )
    assert planned(tiny(world + "closure port Mon Tue factor 1/2")) == "5 barge Mon 3, 32h, 200c"


def test_place_without_a_limit_has_none_under_a_factor():
    world = tiny("""
        service barge plant -> port@24 price=40
        closure port Mon Sun factor 0
        batch 5 car plant -> port
    """)
    assert planned(world) == "5 barge Mon 3, 32h, 200c"
