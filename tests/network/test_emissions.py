"""Grams of rides and roads against sums by hand and the oracle: regions, years, units, one rounding."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

from planner.model import Problem
from planner.network.emissions import Emissions
from planner.network.fares import FareBook
from planner.network.lay_out import timetable_of
from tests.oracles.rules import BatchRules
from tests.tiny import tiny

WORLD = """
    type sedan ceu=1.27 mass=2150 per_box=3
    place plant region=CN
    place border region=KZ
    place hub region=EU
    place port region=EU
"""
BATCH = "batch 1 sedan plant -> port\n"
LINE = "service line plant -> border@20 -> hub@30-31* -> port@40 km=1000,300,70 class=train price=1 form={}\n"


def grams(text: str, form: str = "loose") -> dict[tuple[str, str], tuple[int, int]]:
    """Grams per vehicle and per box by ends of the ride or road."""
    problem = tiny(WORLD + LINE.format(form) + text + BATCH)
    emissions, kind = Emissions(problem.network), problem.network.vehicle_types["sedan"]
    return {pair.ends: emissions.grams_of(pair, kind) for pair in timetable_of(problem).pairs}


@pytest.mark.parametrize(
    ("factor", "form", "expected"),
    [
        ("emission train 10 per=vehicle_km", "loose", (13_700, 0)),
        ("emission train 10 per=vehicle_km", "boxed", (13_700, 0)),
        ("emission train 10 per=ceu_km", "loose", (17_399, 0)),
        ("emission train 10 per=tkm", "loose", (29_455, 0)),
        ("emission train 10 per=feu_km", "boxed", (0, 13_700)),
        ("emission train 10 per=feu_km\nemission train 10 per=vehicle_km", "boxed", (0, 13_700)),
        ("emission train 10 per=feu_km\nemission train 7 per=vehicle_km", "loose", (9_590, 0)),
        ("emission train 1/1370 per=vehicle_km", "loose", (1, 0)),
        ("emission train 1/2741 per=vehicle_km", "loose", (0, 0)),
        ("emission train 1/2740 per=vehicle_km", "loose", (1, 0)),  # half a gram rounds up, once for all legs
    ],
)
def test_ride_emits_by_the_unit_of_its_factor(factor: str, form: str, expected: tuple[int, int]):
    assert grams(factor + "\n", form)["plant", "port"] == expected


def test_each_leg_has_the_factor_of_the_region_where_it_ends():
    found = grams("""
        emission train 10 per=vehicle_km
        emission train 5 per=vehicle_km region=KZ
        emission train 1 per=vehicle_km region=CN
    """)
    # no leg ends in China; those that end in the EU have the row without a region
    assert found["plant", "port"] == (1_000 * 5 + 370 * 10, 0)
    assert found["plant", "hub"] == (1_000 * 5 + 300 * 10, 0)
    assert found["hub", "port"] == (700, 0)


def test_newest_year_counts_and_a_row_of_the_region_beats_a_newer_one_of_all():
    found = grams("""
        emission train 10 per=vehicle_km year=2024
        emission train 8 per=vehicle_km year=2026
        emission train 9 per=vehicle_km year=2025
        emission train 3 per=vehicle_km region=EU year=2019
        emission train 4 per=vehicle_km region=EU year=2020
    """)
    assert found["plant", "port"] == (1_000 * 8 + 370 * 4, 0)


def test_region_that_counts_by_vehicle_though_all_others_count_by_box_does_so():
    found = grams(
        "emission train 10 per=vehicle_km region=EU\nemission train 7 per=feu_km region=KZ\n", "boxed"
    )
    assert found["hub", "port"] == (700, 0)


def test_road_has_the_class_of_all_roads_and_the_region_it_leads_to():
    found = grams(
        """
        road hub -> port hours=3 km=40
        road plant -> hub hours=50 km=900 form=boxed
        emission train 1 per=vehicle_km
        emission road 60 per=vehicle_km
        emission road 50 per=vehicle_km region=CN
        emission road 800 per=feu_km region=EU
        """
    )
    assert found["plant", "hub"] == (0, 720_000)
    assert found["hub", "port"] == (2_400, 0)


def test_without_factors_nothing_is_known_and_nothing_counted():
    assert set(grams("").values()) == {(0, 0)}
    known = [tiny(WORLD + text + BATCH).network for text in ("", "emission road 60\n")]
    assert [Emissions(network).are_known for network in known] == [False, True]


def random_emissions(rng: Random) -> Problem:
    lines = [WORLD, LINE.format(rng.choice(("loose", "boxed")))]
    lines.append(f"road hub -> port hours=3 km={rng.randint(1, 99)} form={rng.choice(('loose', 'boxed'))}")
    for emission_class in ("train", "road"):
        regions = ["", *rng.sample(["CN", "KZ", "EU"], rng.randint(0, 3))]
        own = rng.choice(("vehicle_km", "ceu_km", "tkm"))
        pers = [own, "feu_km"] if rng.random() < 0.5 else [own]
        for region in regions:
            for per in pers:
                for year in rng.sample(range(2020, 2026), rng.randint(1, 2)):
                    value = Fraction(rng.randint(1, 900), rng.choice((1, 7, 1_000)))
                    lines.append(f"emission {emission_class} {value} per={per} region={region} year={year}")
    objective = rng.choice(("co2e", f"blend carbon={rng.randint(1, 10**7)} day=5"))
    return tiny("\n".join([*lines, f"terms {objective}", BATCH]))


def test_grams_and_what_they_count_are_those_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    boxes = 0
    for _ in range(num_worlds(300)):
        problem = random_emissions(rng)
        table = timetable_of(problem)
        own = FareBook(problem, table).fares_of(problem.batches[0])
        numbers = {pair.ends: number for number, pair in enumerate(table.pairs) if pair.service is not None}
        roads = {pair.ends: number for number, pair in enumerate(table.pairs) if pair.service is None}
        is_blend = problem.terms.objective == "blend"
        moves = BatchRules(problem, problem.batches[0]).moves()
        assert moves
        for move in moves:
            number = (roads if move.mode == "road" else numbers)[move.from_place, move.to_place]
            found = int(own.pair_vehicle_grams[number]), int(own.pair_box_grams[number])
            assert found == (move.grams.vehicle, move.grams.box)
            counted = int(own.pair_vehicle_blend[number]), int(own.pair_box_blend[number])
            assert counted == ((move.carbon.vehicle, move.carbon.box) if is_blend else (0, 0))
            group = 2 * move.grams.vehicle + move.grams.box
            assert int(own.group_grams(2)[number]) == group
            boxes += move.grams.box > 0
    assert boxes
