"""Under the objective co2e the cleanest plan wins, and the cheapest of the cleanest."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

TWO_CLASSES = """
    terms co2e
    emission river 2
    emission truck 5
    emission road 5
"""
BARGE = "service barge plant -> port@48 class=river km=100 price=90\n"
TRUCK = "service truck plant -> port@24 class=truck km=60 price=10\n"


def test_cleanest_wins_whatever_it_costs():
    world = tiny(TWO_CLASSES + BARGE + TRUCK + "batch 3 car plant -> port")
    # 100 km * 2 g against 60 km * 5 g
    assert planned(world) == "3 barge Mon 3, 56h, 270c, 600g"


def test_cheapest_of_the_cleanest_is_taken():
    world = tiny(TWO_CLASSES + BARGE + TRUCK.replace("km=60", "km=40") + "batch 3 car plant -> port")
    # 40 km * 5 g = 200 g as well
    assert planned(world) == "3 truck Mon 3, 32h, 30c, 600g"


def test_grams_are_the_sum_over_the_legs():
    world = tiny("""
        terms cost
        place port region=EU
        emission river 2
        emission river 3 region=EU
        emission road 1
        service barge plant -> mid@10-12 -> port@24 class=river km=100,10 price=9
        batch 1 car plant -> port
    """)
    # 100 * 2 to mid, 10 * 3 into the EU
    assert planned(world) == "1 barge Mon 3, 32h, 9c, 230g"


def test_only_the_legs_that_are_ridden_count():
    world = tiny("""
        terms cost
        emission river 2
        emission road 1
        service barge plant -> mid@10-12* -> port@24 class=river km=100,10 price=9
        batch 1 car plant -> mid
        batch 1 car mid -> port
    """)
    assert planned(world) == "b1: 1 barge Mon 3, 18h, 9c, 200g\nb2: 1 barge Mon 3, 32h, 9c, 20g"


def grams(factors: str, keys: str = "", suv: str = "per_box=3") -> str:
    """Grams of two cars, and of their boxes, on a leg of 100 km."""
    text = planned(
        tiny(f"""
            terms cost
            type suv {suv}
            service line plant -> port@24 class=line km=100 price=9 {keys}
            batch 2 suv plant -> port
            emission road 1
            {factors}
        """)
    )
    return " + ".join(line.split(", ")[-1] for line in text.splitlines())


def test_newest_year_counts():
    rows = "emission line 4 year=2023\nemission line 3 year=2025\nemission line 5 year=2024"
    assert grams(rows) == "600g"


def test_row_of_the_region_beats_a_newer_one_without():
    rows = "place port region=EU\nemission line 4 year=2020 region=EU\nemission line 3 year=2025"
    assert grams(rows) == "800g"


def test_row_of_another_region_does_not_count():
    assert grams("emission line 4 region=EU\nemission line 3") == "600g"


def test_grams_by_ceu_and_by_tonne_and_kilometre():
    # 100 * 1.27 * 2 and 100 * 2.15 * 2
    assert grams("emission line 1 per=ceu_km", suv="ceu=1.27") == "254g"
    assert grams("emission line 1 per=tkm", suv="mass=2150") == "430g"


def test_grams_by_box_count_for_boxed_cargo():
    rows = "emission line 7 per=feu_km\nemission line 1"
    # a box, whatever the factor of a vehicle
    assert grams(rows, "form=boxed") == "0g + 700g"
    assert grams(rows) == "200g"


def test_grams_by_vehicle_count_where_the_class_has_none_by_box():
    assert grams("emission line 1", "form=boxed") == "200g + 0g"


def test_grams_are_rounded_once_for_each_vehicle_and_stage():
    # 100 * 0.125 = 12.5 -> 13 each
    assert grams("emission line 1/8") == "26g"


def test_rounding_is_for_the_stage_and_not_for_each_leg():
    world = tiny("""
        terms cost
        emission river 1/2
        emission road 1
        service barge plant -> mid@10-12 -> port@24 class=river km=1,1 price=9
        batch 1 car plant -> port
    """)
    # 0.5 + 0.5; leg by leg it would be 1 + 1
    assert planned(world) == "1 barge Mon 3, 32h, 9c, 1g"


def test_roads_emit_as_their_class():
    world = tiny("""
        terms co2e
        place port region=EU
        emission road 6
        emission road 4 region=EU
        emission river 5
        road plant -> port hours=3 km=100 price=50
        service barge plant -> port@24 class=river km=100 price=9
        batch 2 car plant -> port
    """)
    # 400 g against 500 g
    assert planned(world) == "2 road, 3h, 100c, 800g"


def test_last_car_does_not_fill_a_box_and_goes_loose_if_that_is_cleaner():
    world = tiny("""
        terms co2e
        emission rail 9 per=feu_km
        emission river 4
        emission road 1
        service rail  plant -> port@20 form=boxed class=rail km=10 price=1
        service barge plant -> port@24 class=river km=10 price=50
        batch 4 car plant -> port
    """)
    # one box 90 and a car 40; two boxes 180; all loose 160
    assert planned(world) == "3 rail Mon 3, 28h, 0c, 0g\n1 barge Mon 3, 32h, 50c, 40g\n1 boxes, 1c, 90g"


LEAVING_OUT = TWO_CLASSES.replace("terms co2e", "terms co2e unplanned_g=199") + BARGE


def test_dirtier_than_leaving_out_is_left_out():
    # 200 g
    assert planned(tiny(LEAVING_OUT + "batch 1 car plant -> port")) == "1 left out: too_dear"


def test_priority_raises_what_leaving_out_counts_in_grams():
    # 2 * 199
    assert (
        planned(tiny(LEAVING_OUT + "batch 1 car plant -> port priority=1")) == "1 barge Mon 3, 56h, 90c, 200g"
    )


CHARTERED = TWO_CLASSES + "service barge plant -> port@48 class=river km=100 price=90 departure=9\n"


def test_departure_price_does_not_count_against_grams():
    world = tiny(CHARTERED.replace("departure=9", "departure=9999") + TRUCK + "batch 1 car plant -> port")
    assert planned(world) == "1 barge Mon 3, 56h, 90c, 200g\nbarge Mon 3 departure 9999c"


def test_departure_price_counts_among_the_cleanest():
    world = CHARTERED + "service rail plant -> port@48 form=loose class=river km=100 price=95\n"
    # 90 + 9 against 95; 2 * 90 + 9 against 2 * 95
    assert planned(tiny(world + "batch 1 car plant -> port")) == "1 rail Mon 3, 56h, 95c, 200g"
    assert planned(tiny(world + "batch 2 car plant -> port")) == (
        "2 barge Mon 3, 56h, 180c, 400g\nbarge Mon 3 departure 9c"
    )
