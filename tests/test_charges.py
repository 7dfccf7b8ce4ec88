"""Where charges are met, what they cost there, and the hours they add to handling."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from planner.costing import HOURS_AFTER, HOURS_BEFORE, Costing, PricingError, price_itinerary
from planner.model import Charge, Itinerary
from tests.planted import BOX, BY_SHIP, BY_TRAIN, SUV, VAN, stages_of, with_service, with_tables
from tests.planted_world import planted_problem, usd


@pytest.fixture(scope="module")
def problem():
    return planted_problem()


def charges_of(problem, text, entry, **fields):
    """Stage, per and cents of one charge row of 10.00, all others taken away."""
    row = Charge(**{"per": "vehicle", "price": usd("10")} | fields)
    changed = with_tables(problem, charges=(row,))
    lines = price_itinerary(changed, changed.batches[entry], stages_of(text))
    return [(line.stage, line.per, line.unit_cents) for line in lines if line.kind == "charge"]


@pytest.mark.parametrize(
    ("where", "when", "stages"),
    [
        ("PORT", "load", [5]),
        ("WORKS", "load", [2]),  # roads load too
        ("CN", "load", [2, 5]),
        ("DE", "load", [8]),
        ("PORT", "unload", [2]),
        ("CN", "unload", [2]),
        ("DE", "unload", [5, 8]),
        ("MARKET", "unload", [8]),
        ("CAPE", "load", []),
        ("CAPE", "unload", []),
        ("CAPE", "pass", [5]),
        ("ZA", "pass", [5]),
        ("PORT", "pass", []),  # ends are not passed
        ("CN", "pass", []),
        ("DE", "pass", []),
        ("CN", "export", [5]),
        ("PORT", "export", [5]),
        ("WORKS", "export", []),  # the country is left from the port
        ("DE", "export", []),
        ("DE", "import", [5]),
        ("QUAY", "import", [5]),
        ("MARKET", "import", []),
        ("CN", "import", []),
    ],
)
def test_charge_is_met_where_its_row_says(problem, where, when, stages):
    expected = [(stage, "vehicle", 1_000) for stage in stages]
    assert charges_of(problem, BY_SHIP, VAN, place_or_country=where, when=when) == expected


@pytest.mark.parametrize(
    ("mode", "stages"), [("", [2, 5, 8]), ("road", [2, 8]), ("roro", [5]), ("rail", []), ("truck", [])]
)
def test_charge_of_a_mode_is_for_that_mode_and_of_no_mode_for_roads_too(problem, mode, stages):
    rows = [
        charge
        for country in ("CN", "DE")
        for charge in charges_of(problem, BY_SHIP, VAN, place_or_country=country, when="load", mode=mode)
    ]
    assert [stage for stage, _, _ in rows] == stages


@pytest.mark.parametrize(("form", "stages"), [("", [2, 5]), ("boxed", [5]), ("loose", [2])])
def test_charge_of_a_form_is_for_legs_in_that_form(problem, form, stages):
    rows = charges_of(problem, BY_TRAIN, BOX, place_or_country="CN", when="load", form=form)
    assert [stage for stage, _, _ in rows] == stages


def test_charge_per_box_needs_the_boxed_form_in_its_row(problem):
    row = {"place_or_country": "KZ", "when": "pass", "per": "feu"}
    assert charges_of(problem, BY_TRAIN, BOX, form="boxed", **row) == [(5, "box", 1_000)]
    with pytest.raises(PricingError, match="per feu"):
        charges_of(problem, BY_TRAIN, BOX, **row)


def test_charge_per_value_is_a_share_of_the_cargo(problem):
    row = {"place_or_country": "ZA", "when": "pass", "per": "value", "price": Fraction(1, 1_000)}
    assert charges_of(problem, BY_SHIP, VAN, **row) == [(5, "vehicle", 3_100)]  # 31,000.00 / 1,000


def test_charge_per_part_is_a_line_of_the_part_rounded_once_for_each_ride_that_meets_it(problem):
    row = {"place_or_country": "ZA", "when": "pass", "mode": "roro", "per": "part", "price": usd("80.125")}
    assert charges_of(problem, BY_SHIP, SUV, **row) == [(5, "part", 8_013)]
    assert charges_of(problem, BY_TRAIN, BOX, **row) == []
    lines = price_itinerary(
        with_tables(problem, charges=(Charge(**row),)), problem.batches[SUV], stages_of(BY_SHIP)
    )
    itinerary = Itinerary(part=1, vehicles=20, stages=stages_of(BY_SHIP), lines=lines)
    assert (itinerary.part_cents, itinerary.box_cents) == (8_013, 0)
    assert itinerary.vehicle_cents == sum(line.unit_cents for line in lines if line.per == "vehicle")


def test_charge_per_part_is_not_possible_on_a_road(problem):
    with pytest.raises(PricingError, match="charge load WORKS road: a price per part is not possible"):
        charges_of(problem, BY_SHIP, SUV, place_or_country="WORKS", when="load", per="part")


def test_charge_for_dangerous_goods_is_for_them_only(problem):
    row = {"place_or_country": "ZA", "when": "pass", "applies_to": "dg"}
    assert charges_of(problem, BY_SHIP, VAN, **row) == []
    assert charges_of(problem, BY_SHIP, SUV, **row) == [(5, "vehicle", 1_000)]


def test_country_of_either_end_is_not_passed(problem):
    """A call at a strait of the destination's country on the way is part of arriving there."""
    places = problem.network.places
    for country in ("DE", "CN"):
        changed = with_tables(problem, places={**places, "CAPE": replace(places["CAPE"], country=country)})
        assert charges_of(changed, BY_SHIP, VAN, place_or_country=country, when="pass") == []
        assert charges_of(changed, BY_SHIP, VAN, place_or_country="CAPE", when="pass") == [
            (5, "vehicle", 1_000)
        ]


def test_country_passed_at_two_calls_is_paid_once(problem):
    ship = problem.network.services["SHIP"]
    cape = ship.calls[1]
    calls = (ship.calls[0], cape, replace(cape, seq=9), replace(ship.calls[2], seq=10))
    changed = with_service(problem, "SHIP", calls=calls)
    text = BY_SHIP.replace("1-3", "1-10")
    assert charges_of(changed, text, VAN, place_or_country="ZA", when="pass") == [(5, "vehicle", 1_000)]
    assert charges_of(changed, text, VAN, place_or_country="CAPE", when="pass") == [(5, "vehicle", 1_000)]


def test_nothing_is_exported_or_imported_within_one_country(problem):
    places = {name: replace(place, country="CN") for name, place in problem.network.places.items()}
    changed = with_tables(problem, places=places)
    for when in ("export", "import"):
        assert charges_of(changed, BY_SHIP, VAN, place_or_country="CN", when=when) == []


def hours_of(problem, text, entry, **fields):
    """Minutes before and after each leg by one charge row of 7 minutes, by stage."""
    row = Charge(**{"per": "vehicle", "price": usd("0"), "handling_min": 7} | fields)
    changed = with_tables(problem, charges=(row,))
    costing, stages = Costing(changed), stages_of(text)
    minutes = {
        number: tuple(
            costing.charge_min(changed.batches[entry], stages[number], when)
            for when in (HOURS_BEFORE, HOURS_AFTER)
        )
        for number in range(2, len(stages), 3)
    }
    return {number: found for number, found in minutes.items() if found != (0, 0)}


@pytest.mark.parametrize(
    ("where", "when", "expected"),
    [
        ("CN", "load", {2: (7, 0), 5: (7, 0)}),
        ("PORT", "unload", {2: (0, 7)}),
        ("CN", "export", {5: (7, 0)}),
        ("DE", "import", {5: (0, 7)}),
        ("MARKET", "unload", {8: (0, 7)}),
        ("CAPE", "pass", {}),
        ("ZA", "pass", {}),
    ],
)
def test_hours_of_a_charge_lengthen_the_handling_before_or_after_its_leg(problem, where, when, expected):
    assert hours_of(problem, BY_SHIP, VAN, place_or_country=where, when=when) == expected


@pytest.mark.parametrize(
    ("fields", "is_met"),
    [
        ({"mode": "roro"}, True),
        ({"mode": "rail"}, False),
        ({"form": "loose"}, True),
        ({"form": "boxed"}, False),
        ({"applies_to": "VAN"}, True),
        ({"applies_to": "dg"}, False),
        ({"per": "feu", "form": "boxed"}, False),
    ],
)
def test_hours_of_a_charge_are_met_just_where_its_price_is(problem, fields, is_met):
    row = {"place_or_country": "CN", "when": "export"} | fields
    assert hours_of(problem, BY_SHIP, VAN, **row) == ({5: (7, 0)} if is_met else {})


def test_hours_of_all_charges_met_add_up(problem):
    rows = tuple(
        Charge(place_or_country=where, when=when, per="vehicle", price=usd("1"), handling_min=minutes)
        for where, when, minutes in (("PORT", "load", 1), ("CN", "load", 20), ("CN", "export", 300))
    )
    costing = Costing(with_tables(problem, charges=rows))
    assert costing.charge_min(problem.batches[VAN], stages_of(BY_SHIP)[5], HOURS_BEFORE) == 321
