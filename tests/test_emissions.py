"""CO2e of rides and roads against grams worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from planner.costing import Costing, PricingError
from planner.model import EmissionFactor
from tests.planted import stages_of, with_call, with_row, with_service, with_tables
from tests.planted_charter import BY_FERRY, CARS_IN_BOXES, KITS, MIX, PACK, WHOLE
from tests.planted_charter_world import charter_problem


@pytest.fixture(scope="module")
def problem():
    return charter_problem()


def grams(problem, entry, text):
    """Stage, unit and grams of every line."""
    lines = Costing(problem).emissions(problem.batches[entry], stages_of(text))
    return [(line.stage, line.per, line.unit_grams) for line in lines]


def factor(name, per, value, region="", year=2024):
    return EmissionFactor(emission_class=name, region=region, per=per, value=Fraction(value), year=year)


def train_grams(problem, *factors, entry=PACK, text=KITS):
    """Unit and grams of the train, 4,000 km to the steppe and 5,000 to Europe, with these factors only."""
    changed = with_tables(problem, emission_factors=(factor("road", "tkm", 1), *factors))
    return grams(changed, entry, text)[1][1:]


def test_loose_car_emits_what_paper_says(problem):
    # Road 100 km x 1.9 t x 62. Ship 23,001 km x 1.40 CEU x 30.5 = 982,142.7.
    assert grams(problem, WHOLE, BY_FERRY) == [
        (2, "vehicle", 11_780),
        (5, "vehicle", 982_143),
        (8, "vehicle", 11_780),
    ]


def test_box_emits_what_paper_says(problem):
    # Train 4,000 km x 60 to the steppe + 5,000 km x 41 elsewhere, per box.
    assert grams(problem, MIX, CARS_IN_BOXES) == [
        (2, "vehicle", 11_780),
        (5, "box", 445_000),
        (8, "vehicle", 11_780),
    ]
    # A road boxed: per box in Europe, where the class has such a row, else per vehicle.
    assert grams(problem, PACK, KITS) == [
        (2, "vehicle", 11_780),
        (5, "box", 445_000),
        (8, "box", 90_000),
    ]


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("feu_km", ("box", 900_000)),
        ("vehicle_km", ("vehicle", 900_000)),
        ("ceu_km", ("vehicle", 1_170_000)),
        ("tkm", ("vehicle", 1_710_000)),
    ],
)
def test_boxed_cargo_is_counted_by_the_unit_of_its_factor(problem, per, expected):
    found = train_grams(problem, factor("train", per, 100), entry=MIX, text=CARS_IN_BOXES)
    assert found == expected


def test_loose_cargo_is_never_counted_by_the_box(problem):
    rows = factor("road", "tkm", 1), factor("ship", "feu_km", 1), factor("ship", "vehicle_km", 2)
    changed = with_tables(problem, emission_factors=rows)
    assert grams(changed, WHOLE, BY_FERRY)[1] == (5, "vehicle", 46_002)
    with pytest.raises(PricingError, match=r"class 'ship'.*no row"):
        grams(with_tables(problem, emission_factors=rows[:2]), WHOLE, BY_FERRY)


def test_row_of_the_region_where_a_leg_ends_beats_the_row_without_one_whatever_the_year(problem):
    rows = factor("train", "feu_km", 1, year=2025), factor("train", "feu_km", 10, "steppe", 2001)
    assert train_grams(problem, *rows) == ("box", 45_000)
    # A region nobody ends in counts for nobody.
    assert train_grams(problem, *rows, factor("train", "feu_km", 7, "east")) == ("box", 45_000)


def test_row_per_box_without_region_beats_a_row_per_vehicle_of_the_region(problem):
    rows = factor("train", "feu_km", 1), factor("train", "vehicle_km", 7, "steppe")
    assert train_grams(problem, *rows) == ("box", 9_000)


def test_newest_year_counts(problem):
    rows = [factor("train", "feu_km", value, year=year) for value, year in ((1, 2019), (3, 2024), (2, 2021))]
    assert train_grams(problem, *rows) == ("box", 27_000)


def test_legs_are_added_exactly_and_rounded_once(problem):
    # 4,000 x 1/8001 + 5,000 x 1/10001 = 0.4999 + 0.49995 -> 1; leg by leg it would be 0.
    rows = factor("train", "feu_km", "1/8001", "steppe"), factor("train", "feu_km", "1/10001", "europe")
    assert train_grams(problem, *rows) == ("box", 1)


def test_only_the_legs_ridden_count(problem):
    """The same train from a place before the yard."""
    first = problem.network.services["BLOCK"].calls[0]
    calls = (
        replace(first, seq=5, place="WORKS"),
        replace(first, km_from_previous=70_000),
        *problem.network.services["BLOCK"].calls[1:],
    )
    assert grams(with_service(problem, "BLOCK", calls=calls), PACK, KITS)[1] == (5, "box", 445_000)


def test_line_of_no_grams_is_there(problem):
    assert train_grams(problem, factor("train", "feu_km", 0)) == ("box", 0)


def test_nothing_is_said_where_no_factors_are_known(problem):
    assert grams(with_tables(problem, emission_factors=()), WHOLE, BY_FERRY) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([factor("train", "ceu_km", 1), factor("train", "tkm", 1, year=2020)], "per ceu_km and per tkm"),
        ([factor("train", "feu_km", 1), factor("train", "feu_km", 1)], "two rows"),
        ([factor("train", "feu_km", 1, "steppe"), factor("train", "tkm", 1)], "some legs are per box"),
        ([factor("train", "feu_km", 1, "steppe")], "region 'europe', boxed: no row"),
        ([], "class 'train'"),
    ],
)
def test_factor_that_is_not_the_only_one_is_refused(problem, rows, message):
    with pytest.raises(PricingError, match=message):
        train_grams(problem, *rows)


def test_leg_of_unknown_length_is_refused(problem):
    with pytest.raises(PricingError, match="BLOCK before call 20"):
        grams(with_call(problem, "BLOCK", 1, km_from_previous=None), PACK, KITS)


def test_service_without_a_class_is_refused(problem):
    with pytest.raises(PricingError, match="class ''"):
        grams(with_service(problem, "BLOCK", emission_class=""), PACK, KITS)


def test_road_is_counted_by_the_region_where_it_ends(problem):
    changed = with_row(problem, "emission_factors", 5, region="europe")
    with pytest.raises(PricingError, match="class 'road' in region 'east'"):
        grams(changed, WHOLE, BY_FERRY)
