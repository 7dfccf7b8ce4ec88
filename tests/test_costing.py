"""Prices of single lines against cents worked out by hand, hours of charges, days and grams in cents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from planner.costing import Costing, PricingError, price_itinerary
from planner.model import DepartureException, EmissionLine, StorageTier, Tariff
from tests.planted import (
    ALWAYS_BOXED,
    BOX,
    BY_NEXT_SHIP,
    BY_SHIP,
    BY_TRAIN,
    KIT,
    SUV,
    VAN,
    itinerary,
    planted_plan,
    stages_of,
    with_batch,
    with_row,
    with_stages,
    with_tables,
    with_type,
    without_row,
)
from tests.planted_world import DAY, HOUR, at, planted_problem, usd


@pytest.fixture(scope="module")
def problem():
    return planted_problem()


def cents_of(problem, entry, text, kind, stage=None):
    """Cents of the lines of one kind: ``[(per, cents), ...]`` in order."""
    lines = price_itinerary(problem, problem.batches[entry], stages_of(text))
    return [
        (line.per, line.unit_cents) for line in lines if line.kind == kind and stage in (None, line.stage)
    ]


def text_of(lines):
    return "\n".join(f"{line.stage} {line.label}: {line.unit_cents} per {line.per}" for line in lines)


# --- whole itineraries ---------------------------------------------------------------------------------


def test_loose_car_on_the_ship_costs_what_paper_says(problem):
    # Freight 1.30 CEU x 900.55 = 1,170.715 -> 1,170.72. Import 10 % of 24,000.
    # Storage: in 2 March 16:00, out 6 March 18:00 (Shanghai). Days after 24 h: 3 (3 March -> 6 March), after
    #   48 h: 2, after 72 h: 1. So tier 1 (1.00 a day) 1 day; tier 2 (3.00, once 5.00) 1 day = 8.00;
    #   tier 3 (0.50 per cubic metre) 1 day x 14.00 = 7.00. At the quay: in 7 April 00:00, out 08:00: nothing.
    # Carrying 24,000 x 8 % x 36.8125 days / 365 = 193.6438; early 13 days 10:30 x 1.50 = 20.15625.
    lines = price_itinerary(problem, problem.batches[SUV], stages_of(BY_SHIP))
    assert text_of(lines) == (
        "0 handling WORKS origin-road: 400 per vehicle\n"
        "2 road WORKS-PORT: 21000 per vehicle\n"
        "3 handling PORT road-roro: 2500 per vehicle\n"
        "4 storage PORT tier 1: 100 per vehicle\n"
        "4 storage PORT tier 2: 800 per vehicle\n"
        "4 storage PORT tier 3: 700 per vehicle\n"
        "5 freight SHIP PORT-QUAY: 117072 per vehicle\n"
        "5 surcharge SHIP PORT-QUAY: 3500 per vehicle\n"
        "5 charge export CN SHIP: 1800 per vehicle\n"
        "5 charge import DE SHIP: 240000 per vehicle\n"
        "6 handling QUAY roro-road: 3000 per vehicle\n"
        "8 road QUAY-MARKET: 16000 per vehicle\n"
        "9 handling MARKET road-delivery: 600 per vehicle\n"
        "9 carrying: 19364 per vehicle\n"
        "9 early delivery: 2016 per vehicle"
    )


def test_car_stuffed_at_the_railhead_pays_per_box_where_the_tables_do(problem):
    # Storage in the box: 2 March -> 3 March, 1 day x 9.00 x 2 TEU; loose at the hub 1 day x 2.00 + once 1.00.
    # Carrying 25,000 x 8 % x 16.8125 days / 365 = 92.1233.
    lines = price_itinerary(problem, problem.batches[BOX], stages_of(BY_TRAIN))
    assert text_of(lines) == (
        "0 handling WORKS origin-road: 400 per vehicle\n"
        "2 road WORKS-RAILHEAD: 6000 per vehicle\n"
        "3 stuffing RAILHEAD road-rail: 30000 per box\n"
        "4 storage RAILHEAD tier 1: 1800 per box\n"
        "5 freight TRAIN RAILHEAD-HUB: 700000 per box\n"
        "5 box_hire TRAIN RAILHEAD-HUB: 45000 per box\n"
        "5 charge pass KZ TRAIN: 12000 per box\n"
        "5 charge export CN TRAIN: 1800 per vehicle\n"
        "5 charge import DE TRAIN: 250000 per vehicle\n"
        "6 stripping HUB rail-road: 22000 per box\n"
        "7 storage HUB tier 1: 300 per vehicle\n"
        "8 road HUB-MARKET: 14000 per vehicle\n"
        "9 handling MARKET road-delivery: 600 per vehicle\n"
        "9 carrying: 9212 per vehicle"
    )


# --- tariffs -------------------------------------------------------------------------------------------


def surcharge(per, price, minimum=None, service="SHIP", **fields):
    start, end = {"SHIP": ("PORT", "QUAY"), "TRAIN": ("RAILHEAD", "HUB")}[service]
    return Tariff(
        service_id=service,
        from_place=start,
        to_place=end,
        per=per,
        price=Fraction(price),
        minimum=None if minimum is None else Fraction(minimum),
        **{"charge": "surcharge"} | fields,
    )


def with_tariff(problem, tariff):
    return with_tables(problem, tariffs=(*problem.network.tariffs, tariff))


@pytest.mark.parametrize(
    ("per", "price", "cents"),
    [
        ("vehicle", "101", 101),
        ("ceu", "1001", 1_401),  # 1.40 x 1,001 = 1,401.4
        ("cbm", "77/10", 108),  # 14.00 x 7.7 = 107.8
        ("tonne", "333", 633),  # 1.900 x 333 = 632.7
        ("value", "3/1000000", 9),  # 31,000.00 x 0.000003 = 9.3 cents
    ],
)
def test_tariff_is_paid_per_vehicle_by_its_measure(problem, per, price, cents):
    changed = with_tariff(problem, surcharge(per, price))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", cents)]


@pytest.mark.parametrize(("per", "cents"), [("vehicle", 100), ("ceu", 130), ("tonne", 190), ("cbm", 1_400)])
def test_tariff_per_vehicle_on_a_boxed_service_is_paid_by_each_vehicle_in_the_box(problem, per, cents):
    changed = with_tariff(problem, surcharge(per, 100, service="TRAIN"))
    assert cents_of(changed, BOX, BY_TRAIN, "surcharge") == [("vehicle", cents)]


def test_tariff_per_feu_is_paid_by_the_box(problem):
    changed = with_tariff(problem, surcharge("feu", "99/2", service="TRAIN"))
    assert cents_of(changed, BOX, BY_TRAIN, "surcharge") == [("box", 50)]


@pytest.mark.parametrize(
    ("minimum", "cents"), [(1_401, 1_401), (1_402, 1_402), ("2803/2", 1_402), (None, 1_401)]
)
def test_minimum_holds_per_unit_before_rounding(problem, minimum, cents):
    changed = with_tariff(problem, surcharge("ceu", 1_001, minimum))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", cents)]


@pytest.mark.parametrize(
    ("price", "cents"), [("1/2", [1]), ("49/100", []), ("5/2", [3]), ("-1/2", []), ("-51/100", [-1])]
)
def test_line_is_rounded_half_up_and_left_out_at_nought(problem, price, cents):
    changed = with_tariff(problem, surcharge("vehicle", price))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", each) for each in cents]


def test_measure_and_price_are_multiplied_before_the_one_rounding(problem):
    # 1.45 x 1.40 = 2.03 -> 2; with the price or the measure rounded first it would be 1.
    changed = with_tariff(problem, surcharge("ceu", "145/100"))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", 2)]


@pytest.mark.parametrize(
    ("applies_to", "entry", "paid"),
    [("all", VAN, True), ("dg", VAN, False), ("dg", SUV, True), ("VAN", VAN, True), ("VAN", SUV, False)],
)
def test_tariff_is_for_all_or_dangerous_goods_or_one_type(problem, applies_to, entry, paid):
    changed = with_tariff(problem, surcharge("vehicle", 77, applies_to=applies_to, charge="insurance"))
    assert cents_of(changed, entry, BY_SHIP, "insurance") == [("vehicle", 77)] * paid


def test_other_charges_of_a_ride_add_up(problem):
    changed = with_tariff(with_tariff(problem, surcharge("vehicle", 5)), surcharge("vehicle", 6))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", 5), ("vehicle", 6)]


def test_freight_for_another_type_is_no_second_freight_row(problem):
    changed = with_tariff(problem, surcharge("ceu", 1, charge="freight", applies_to="SUV"))
    # 1.40 x 900.55 = 1,260.77
    assert cents_of(changed, VAN, BY_SHIP, "freight") == [("vehicle", 126_077)]
    with pytest.raises(PricingError, match="two rows"):
        cents_of(changed, SUV, BY_SHIP, "freight")


def test_ride_without_freight_is_refused_and_freight_of_nought_is_not(problem):
    with pytest.raises(PricingError, match="freight SHIP PORT-QUAY for VAN on 2026-03-07: no row"):
        cents_of(without_row(problem, "tariffs", 0), VAN, BY_SHIP, "freight")
    free = with_row(problem, "tariffs", 0, price=Fraction(0))
    assert cents_of(free, VAN, BY_SHIP, "freight") == []


def test_price_per_box_on_a_loose_service_is_refused(problem):
    with pytest.raises(PricingError, match="per feu"):
        cents_of(with_tariff(problem, surcharge("feu", 1)), VAN, BY_SHIP, "surcharge")


def test_value_of_the_batch_beats_the_typical_value_of_its_type(problem):
    # 10 % import of 12,345.678 = 1,234.5678
    changed = with_batch(problem, VAN, value_per_vehicle=usd("12345.678"))
    assert cents_of(changed, VAN, BY_SHIP, "charge", stage=5)[-1] == ("vehicle", 123_457)


# The ship leaves on 7 March 10:00Z, 18:00 in Shanghai; its gate closes on the day before.


@pytest.mark.parametrize(
    ("first", "last", "paid"),
    [
        (None, date(2026, 3, 7), True),
        (date(2026, 3, 7), None, True),
        (None, date(2026, 3, 6), False),
        (date(2026, 3, 8), None, False),
    ],
)
def test_tariff_dates_are_the_local_day_of_boarding_both_included(problem, first, last, paid):
    changed = with_tariff(problem, surcharge("vehicle", 77, first_date=first, last_date=last))
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", 77)] * paid


def test_tariff_dates_are_read_on_the_clock_of_the_board_place_at_the_real_departure(problem):
    changed = with_tariff(problem, surcharge("vehicle", 77, first_date=date(2026, 3, 8)))
    stages = list(stages_of(BY_SHIP))
    for gate, paid in (("03-06 15:59", []), ("03-06 16:00", [77])):  # 24 h before midnight in Shanghai
        stages[5] = replace(stages[5], start_min=at(gate))
        lines = price_itinerary(changed, changed.batches[VAN], stages)
        assert [line.unit_cents for line in lines if line.kind == "surcharge"] == paid


def test_freight_rows_of_different_days_are_no_two_freight_rows(problem):
    old = with_row(problem, "tariffs", 0, last_date=date(2026, 3, 7))
    new = surcharge("vehicle", 5, charge="freight", first_date=date(2026, 3, 8))
    assert cents_of(with_tariff(old, new), VAN, BY_NEXT_SHIP, "freight") == [("vehicle", 5)]
    assert cents_of(with_tariff(old, new), VAN, BY_SHIP, "freight") == [("vehicle", 126_077)]
    with pytest.raises(PricingError, match="two rows"):
        cents_of(with_tariff(problem, new), VAN, BY_NEXT_SHIP, "freight")


def with_exception(problem, factor, **fields):
    usual = {"service_id": "SHIP", "day": date(2026, 3, 7), "effect": "changed"}
    row = DepartureException(price_factor=Fraction(factor), **usual | fields)
    return with_tables(problem, exceptions=(row,))


def test_price_factor_multiplies_freight_of_its_departure_before_the_one_rounding(problem):
    # 1.40 x 900.55 x 1.1 = 1,386.847
    changed = with_exception(with_tariff(problem, surcharge("vehicle", 77)), "11/10")
    assert cents_of(changed, VAN, BY_SHIP, "freight") == [("vehicle", 138_685)]
    assert cents_of(changed, VAN, BY_SHIP, "surcharge") == [("vehicle", 77)]
    assert cents_of(changed, VAN, BY_NEXT_SHIP, "freight") == [("vehicle", 126_077)]


def test_price_factor_multiplies_the_minimum_too(problem):
    changed = with_exception(with_row(problem, "tariffs", 0, minimum=usd("2000")), "1/3")
    assert cents_of(changed, VAN, BY_SHIP, "freight") == [("vehicle", 66_667)]


# --- storage -------------------------------------------------------------------------------------------


def storage_of(problem, *tiers, entry=VAN, text=BY_SHIP, stage=4):
    """Per and cents of the storage lines of one dwell, with these rows only."""
    return cents_of(with_tables(problem, storage=tiers), entry, text, "storage", stage)


def tier(where="PORT", per="vehicle", price=100, **fields):
    return StorageTier(place_or_kind=where, per=per, price_per_day=Fraction(price), **fields)


# At the port the cargo is held from 2 March 16:00 to 6 March 18:00 in Shanghai (08:00Z to 10:00Z).


@pytest.mark.parametrize(
    ("from_min", "days"),
    [
        (0, 4),  # 2 -> 6 March
        (8 * HOUR - 1, 4),  # 2 March 23:59
        (8 * HOUR, 3),  # 3 March 00:00
        (80 * HOUR - 1, 1),  # 5 March 23:59
        (80 * HOUR, 0),  # 6 March 00:00: the day of leaving
        (200 * HOUR, 0),  # longer than the cargo stays
    ],
)
def test_storage_counts_local_calendar_days_from_the_start_of_its_tier(problem, from_min, days):
    expected = [("vehicle", 100 * days)] if days else []
    assert storage_of(problem, tier(from_min=from_min)) == expected


def test_tiers_share_the_days_between_them_whatever_their_order_in_the_table(problem):
    # D(out) - D(in) = 4; from 8 h: 3; from 32 h: 2; so 1, 1 and 2 days.
    rows = tier(from_min=8 * HOUR, price=30), tier(price=7), tier(from_min=32 * HOUR, price=500)
    for tiers in (rows, rows[::-1]):
        assert storage_of(problem, *tiers) == [("vehicle", 7), ("vehicle", 30), ("vehicle", 1_000)]


def test_once_is_paid_only_if_the_tier_charges_a_day(problem):
    # The second and the third tier start on the same local day, so the second charges none.
    rows = (
        tier(from_min=8 * HOUR, price=1, once=Fraction(1_000)),  # 3 -> 5 March: 2 days
        tier(from_min=79 * HOUR, price=1, once=Fraction(2_000)),  # 5 March 23:00: all days left to the next
        tier(from_min=80 * HOUR - 1, price=1, once=Fraction(4_000)),  # 5 March 23:59 -> 6 March: 1 day
        tier(from_min=80 * HOUR, price=1, once=Fraction(8_000)),  # nothing left
    )
    assert storage_of(problem, *rows) == [("vehicle", 1_002), ("vehicle", 4_001)]


def test_tier_is_rounded_once_for_all_its_days_and_once(problem):
    # 0.3 cents x 4 days + 0.4 once = 1.6 -> 2; day by day it would be 0.
    assert storage_of(problem, tier(price="3/10", once=Fraction(4, 10))) == [("vehicle", 2)]


def test_storage_per_cubic_metre_counts_hundredths_and_once_is_per_unit_too(problem):
    # (2.5 x 4 days + 3) x 14.01 = 182.13
    changed = with_type(problem, "VAN", cbm100=1_401)
    assert storage_of(changed, tier(per="cbm", price="5/2", once=Fraction(3))) == [("vehicle", 182)]


@pytest.mark.parametrize(("per", "cents"), [("feu", 107), ("teu", 214), ("vehicle", 107), ("cbm", 1_498)])
def test_storage_of_a_box_is_two_teu(problem, per, cents):
    # One day from 2 to 3 March: (100 + 7 once) per unit; one box = 2 TEU; 14.00 cubic metres a car.
    row = tier("RAILHEAD", per=per, form="boxed", once=Fraction(7))
    unit = "box" if per in {"feu", "teu"} else "vehicle"
    assert storage_of(problem, row, entry=BOX, text=BY_TRAIN) == [(unit, cents)]


@pytest.mark.parametrize("per", ["feu", "teu"])
def test_storage_per_box_without_the_boxed_form_is_refused(problem, per):
    with pytest.raises(PricingError, match=f"per {per}"):
        storage_of(problem, tier("RAILHEAD", per=per), entry=BOX, text=BY_TRAIN)


def test_rows_of_the_place_replace_all_rows_of_its_kind_for_that_form(problem):
    kind = tier("sea_port", price=1), tier("sea_port", price=2, from_min=8 * HOUR)
    assert storage_of(problem, *kind) == [("vehicle", 1), ("vehicle", 6)]
    # The place has a row for this form: its kind's are gone, though they start earlier.
    assert storage_of(problem, *kind, tier(from_min=32 * HOUR)) == [("vehicle", 200)]
    # A row of the place for the other form leaves the kind's in force.
    other = tier(form="boxed", from_min=32 * HOUR)
    assert storage_of(problem, *kind, other) == [("vehicle", 1), ("vehicle", 6)]


def test_storage_is_charged_in_the_form_after_handling(problem):
    rows = tier("RAILHEAD", form="loose", price=1), tier("RAILHEAD", form="boxed", price=2)
    assert storage_of(problem, *rows, entry=BOX, text=BY_TRAIN) == [("vehicle", 2)]
    rows = tier("HUB", form="loose", price=1), tier("HUB", form="boxed", price=2)
    assert storage_of(problem, *rows, entry=BOX, text=BY_TRAIN, stage=7) == [("vehicle", 1)]


def test_storage_is_counted_on_the_clock_of_the_place(problem):
    # From 2 March 01:00Z to 3 March 06:00Z. Ten hours in it is 2 March 19:00 in Shanghai, 1 day before
    # leaving, but already 3 March 01:00 on Kiritimati (UTC+14), the day of leaving.
    row = tier("RAILHEAD", form="boxed", from_min=10 * HOUR)
    assert storage_of(problem, row, entry=BOX, text=BY_TRAIN) == [("vehicle", 100)]
    places = problem.network.places
    moved = replace(places["RAILHEAD"], time_zone="Pacific/Kiritimati")
    changed = with_tables(problem, places={**places, "RAILHEAD": moved})
    assert storage_of(changed, row, entry=BOX, text=BY_TRAIN) == []


def test_storage_across_the_change_to_summer_time_counts_days_not_hours(problem):
    # At the quay from 28 March 22:30Z (23:30 CET) to 29 March 22:00Z (30 March 00:00 CEST): 23.5 hours and
    # 2 days; without summer time it would leave at 23:00 of the 29th, after 1 day.
    stages = list(stages_of(BY_SHIP))
    stages[6] = replace(stages[6], start_min=at("03-28 22:30"))
    stages[7] = replace(stages[7], end_min=at("03-29 22:00"))
    changed = with_tables(problem, storage=(tier("QUAY"),))
    lines = price_itinerary(changed, changed.batches[VAN], stages)
    assert [line.unit_cents for line in lines if line.stage == 7] == [200]
    stages[7] = replace(stages[7], end_min=at("03-29 21:59"))
    lines = price_itinerary(changed, changed.batches[VAN], stages)
    assert [line.unit_cents for line in lines if line.stage == 7] == [100]


def test_place_without_storage_rows_is_free(problem):
    assert storage_of(problem) == []


def test_two_tiers_from_the_same_hour_are_refused(problem):
    with pytest.raises(PricingError, match="same time"):
        storage_of(problem, tier(), tier(price=2))
    # One for each form is no conflict.
    assert storage_of(problem, tier(form="loose"), tier(form="boxed", price=2)) == [("vehicle", 400)]


def test_dwell_at_the_origin_is_charged_from_ready(problem):
    # Ready 2 March 00:00 in Shanghai, off on 16 March 06:00: 14 days.
    assert storage_of(problem, tier("WORKS"), text=BY_NEXT_SHIP, stage=1) == [("vehicle", 1_400)]


# --- delivered prices ----------------------------------------------------------------------------------


def test_carrying_is_pro_rata_by_the_minute_of_a_year_of_365_days(problem):
    # 53,010 minutes from 1 March 16:00Z to 7 April 11:30Z; 31,000 x 8 % x 53,010 / 525,600 = 250.1233.
    assert cents_of(problem, VAN, BY_SHIP, "carrying") == [("vehicle", 25_012)]
    # 10 % a year of 525,600.00 is 10 cents a minute.
    changed = with_batch(problem, VAN, value_per_vehicle=usd("525600"))
    changed = replace(changed, terms=replace(changed.terms, carrying_rate=Fraction(1, 10)))
    assert cents_of(changed, VAN, BY_SHIP, "carrying") == [("vehicle", 530_100)]


@pytest.mark.parametrize(
    ("due", "kind", "cents"),
    [
        ("04-08 11:30", "early", 1_440),
        ("04-07 11:31", "early", 1),
        ("04-07 11:29", "late", 2),
        ("04-06 11:30", "late", 2_880),
    ],
)
def test_early_and_late_are_pro_rata_by_the_minute(problem, due, kind, cents):
    # 14.40 and 28.80 a day are 1 and 2 cents a minute.
    changed = with_batch(problem, VAN, due_min=at(due), early_price=usd("14.40"), late_price=usd("28.80"))
    assert cents_of(changed, VAN, BY_SHIP, kind) == [("vehicle", cents)]
    assert cents_of(changed, VAN, BY_SHIP, {"early": "late", "late": "early"}[kind]) == []


def test_delivery_on_the_minute_is_neither_early_nor_late(problem):
    changed = with_batch(problem, VAN, due_min=at("04-07 11:30"), early_price=usd("14"), late_price=usd("28"))
    assert cents_of(changed, VAN, BY_SHIP, "early") + cents_of(changed, VAN, BY_SHIP, "late") == []


# --- handling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "entry", "text"), [(8, VAN, BY_SHIP), (9, BOX, BY_TRAIN)], ids=["loose ship", "loose delivery"]
)
def test_handling_per_box_of_what_is_never_boxed_is_refused(problem, number, entry, text):
    with pytest.raises(PricingError, match="per feu"):
        cents_of(with_row(problem, "handling", number, per="feu"), entry, text, "handling")


def test_stripping_and_stuffing_may_be_paid_per_vehicle(problem):
    changed = with_row(with_row(problem, "handling", 4, per="vehicle"), "handling", 6, per="vehicle")
    assert cents_of(changed, BOX, BY_TRAIN, "stuffing") == [("vehicle", 30_000)]
    assert cents_of(changed, BOX, BY_TRAIN, "stripping") == [("vehicle", 22_000)]


# --- days and grams in cents ---------------------------------------------------------------------------


def blend(problem, **terms):
    """Cents of a van on the ship, delivered 36 days 19:30 after ready, and of its box."""
    costing = Costing(replace(problem, terms=replace(problem.terms, objective="blend", **terms)))
    lines = (
        EmissionLine(stage=2, per="vehicle", unit_grams=499_999),
        EmissionLine(stage=5, per="box", unit_grams=1_500_000),
        EmissionLine(stage=8, per="vehicle", unit_grams=500_000),
    )
    van = problem.batches[VAN]
    return costing.blend_cents_per_vehicle(van, stages_of(BY_SHIP), lines), costing.blend_cents_per_box(lines)


def test_days_of_a_vehicle_are_rounded_once_and_each_emission_line_once(problem):
    # 53,010 minutes at 100 cents a day are 3,681.25; at a cent a tonne 0.499999 and 0.5.
    assert blend(problem, day_value=Fraction(100)) == (3_681, 0)
    assert blend(problem, carbon_price=Fraction(1)) == (1, 2)
    assert blend(problem, day_value=Fraction(100), carbon_price=Fraction(3)) == (3_681 + 1 + 2, 5)
    assert blend(problem) == (0, 0)


# --- roads, and what is not there ----------------------------------------------------------------------


def test_road_is_priced_in_its_form(problem):
    assert cents_of(problem, BOX, BY_TRAIN, "road") == [("vehicle", 6_000), ("vehicle", 14_000)]
    assert cents_of(problem, KIT, ALWAYS_BOXED, "road") == [("box", 15_000), ("box", 40_000)]


def test_road_for_loose_cargo_per_box_is_refused(problem):
    with pytest.raises(PricingError, match="per feu"):
        cents_of(with_row(problem, "roads", 2, per="feu"), VAN, BY_SHIP, "road")


def test_road_that_is_not_in_the_table_is_refused(problem):
    with pytest.raises(PricingError, match="road WORKS-PORT loose: no row"):
        cents_of(without_row(problem, "roads", 2), VAN, BY_SHIP, "road")


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        (5, {"service_id": "FERRY"}),
        (5, {"service_id": None}),
        (5, {"board_seq": 7}),
        (5, {"alight_seq": None}),
        (4, {"from_place": "NOWHERE"}),
        (5, {"to_place": "NOWHERE"}),
        (3, {"kind": "wait"}),
    ],
)
def test_stage_that_names_what_is_not_there_is_refused(problem, stage, fields):
    plan = with_stages(planted_plan(problem), SUV, 0, {stage: fields})
    with pytest.raises(PricingError):
        price_itinerary(problem, problem.batches[SUV], plan.batches[SUV].itineraries[0].stages)


def test_dwell_without_handling_before_it_is_refused(problem):
    with pytest.raises(PricingError, match="no handling"):
        price_itinerary(problem, problem.batches[SUV], stages_of(BY_SHIP)[1:])


def test_nothing_is_paid_for_no_stages(problem):
    assert price_itinerary(problem, problem.batches[SUV], ()) == ()


# --- main rides ----------------------------------------------------------------------------------------


def test_main_ride_time_runs_from_departure_to_release_not_from_the_gate(problem):
    costing = Costing(problem)
    by_ship = itinerary(1, 1, BY_SHIP)
    ride = by_ship.chain[0]
    assert costing.ride_departs_min(ride) == at("03-07 10:00")
    assert costing.ride_arrives_min(ride) == at("04-06 10:00")
    assert costing.main_ride_min(by_ship) == 30 * DAY + 12 * HOUR
    first_part = replace(by_ship, stages=by_ship.stages[:4])
    assert costing.main_ride_min(first_part) is None
    both = replace(by_ship, stages=(*by_ship.stages, *stages_of(BY_NEXT_SHIP)))
    assert costing.main_ride_min(both) == at("04-20 22:00") - at("03-07 10:00")


def test_ride_of_an_unknown_service_has_no_departure(problem):
    ride = replace(itinerary(1, 1, BY_SHIP).chain[0], service_id="FERRY")
    with pytest.raises(PricingError, match="FERRY"):
        Costing(problem).ride_departs_min(ride)
