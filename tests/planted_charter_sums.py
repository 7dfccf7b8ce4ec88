"""Faults planted in the charter world: charters, shares, tariffs, hours, emissions, totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial

from planner.model import Charter, PartCharge, SlotValue
from tests.planted import (
    with_call,
    with_entry,
    with_itinerary,
    with_row,
    with_run,
    with_service,
    with_stages,
    without_row,
)
from tests.planted_charter import EARLY, MIX, PACK, WHOLE, block_share
from tests.planted_fault import fault

fault = partial(fault, world="charter")


def with_charter(plan, **fields):
    """The plan with fields of its one charter replaced."""
    return replace(plan, charters=(replace(plan.charters[0], **fields),))


def with_shares(plan, pack, mix):
    """The plan with these cents of departure and modules."""
    for entry, (departure, module) in ((PACK, pack), (MIX, mix)):
        shares = (block_share("departure", departure), block_share("module", module))
        plan = with_entry(plan, entry, shares=shares)
    return plan


# --- modules and least load ----------------------------------------------------------------------------


@fault("modules")
def a_module_too_many(problem, plan):
    """3 x 1,000.01 over 3 : 2."""
    plan = with_charter(plan, modules=3, module_cents=300_003)
    return problem, with_shares(plan, (30_001, 180_002), (20_000, 120_001))


@fault("modules")
def a_module_too_few(problem, plan):
    plan = with_charter(plan, modules=1, module_cents=100_001)
    return problem, with_shares(plan, (30_001, 60_001), (20_000, 40_000))


@fault("modules")
def module_a_box_smaller(problem, plan):
    return with_service(problem, "BLOCK", module_capacity=2), plan


@fault("modules")
def train_without_modules_bought_twice(problem, plan):
    return with_service(problem, "BLOCK", module_capacity=None), plan


@fault("min_load")
def train_a_box_below_its_least_load(problem, plan):
    return with_service(problem, "BLOCK", min_load=6), plan


# --- charters and shares -------------------------------------------------------------------------------


@fault("charter_figures")
def boarded_a_box_too_many(problem, plan):
    return problem, with_charter(plan, boarded=6)


@fault("charter_figures")
def departure_a_cent_dearer(problem, plan):
    """500.02 over 3 : 2 is 300.012 and 200.008."""
    plan = with_charter(plan, departure_cents=50_002)
    return problem, with_shares(plan, (30_001, 120_001), (20_001, 80_001))


@fault("charter_figures")
def modules_rounded_together_instead_of_one_by_one(problem, plan):
    """2 x 1,000.005 is 2,000.01; over 3 : 2 that is 1,200.006 and 800.004."""
    plan = with_charter(plan, module_cents=200_001)
    return problem, with_shares(plan, (30_001, 120_001), (20_000, 80_000))


@fault("charters")
def ridden_charter_not_listed(problem, plan):
    return problem, replace(plan, charters=())


@fault("charters")
def charter_listed_twice(problem, plan):
    return problem, replace(plan, charters=plan.charters * 2)


@fault("charters")
def charter_listed_that_nobody_rides(problem, plan):
    stray = Charter(
        service_id="BLOCK",
        departure_day=date(2026, 3, 10),
        modules=0,
        boarded=0,
        departure_cents=0,
        module_cents=0,
    )
    return problem, replace(plan, charters=(*plan.charters, stray))


@fault("charters")
def ridden_departure_of_a_service_paid_by_the_unit_listed(problem, plan):
    ferry = Charter(
        service_id="FERRY",
        departure_day=date(2026, 3, 7),
        modules=1,
        boarded=8,
        departure_cents=0,
        module_cents=0,
    )
    return problem, replace(plan, charters=(*plan.charters, ferry))


@fault("departure_shares")
def odd_cent_of_a_departure_paid_by_the_other_batch(problem, plan):
    return problem, with_shares(plan, (30_000, 120_001), (20_001, 80_001))


@fault("departure_shares")
def share_of_a_departure_a_cent_too_low(problem, plan):
    return problem, with_shares(plan, (30_001, 120_001), (20_000, 80_000))


@fault("departure_shares")
def share_of_the_modules_left_out(problem, plan):
    return problem, with_entry(plan, MIX, shares=plan.batches[MIX].shares[:1])


@fault("departure_shares")
def shares_out_of_order(problem, plan):
    return problem, with_entry(plan, MIX, shares=plan.batches[MIX].shares[::-1])


@fault("departure_shares")
def share_of_nothing_listed(problem, plan):
    return problem, with_entry(plan, WHOLE, shares=(block_share("departure", 0),))


# --- charges of parts ----------------------------------------------------------------------------------


def with_part_charges(plan, entry, *cents):
    """The plan in which the first parts of a batch pay these cents once."""
    charges = tuple(PartCharge(part=part, cents=each) for part, each in enumerate(cents, start=1))
    return with_entry(plan, entry, part_charges=charges)


@fault("part_charges")
def part_pays_a_cent_too_little(problem, plan):
    return problem, with_part_charges(plan, PACK, 1_234)


@fault("part_charges")
def part_of_booked_vehicles_pays_a_cent_too_much(problem, plan):
    return problem, with_part_charges(plan, EARLY, 7_501, 7_500)


@fault("part_charges")
def second_part_pays_nothing(problem, plan):
    return problem, with_part_charges(plan, MIX, 1_235)


@fault("part_charges")
def charges_of_parts_the_wrong_way_round(problem, plan):
    return problem, with_part_charges(plan, MIX, 7_500, 1_235)


@fault("part_charges")
def part_pays_once_for_each_of_its_itineraries(problem, plan):
    """Two trucks to the yard are no two parts."""
    cars = plan.batches[MIX].itineraries[0]
    first, second = replace(cars, vehicles=2), replace(cars, vehicles=2)
    plan = with_entry(plan, MIX, itineraries=(first, second, plan.batches[MIX].itineraries[1]))
    return problem, with_part_charges(plan, MIX, 2_470, 7_500)


@fault("part_charges")
def charge_of_nothing_listed(problem, plan):
    charges = (*plan.batches[PACK].part_charges, PartCharge(part=2, cents=0))
    return problem, with_entry(plan, PACK, part_charges=charges)


@fault("cost_lines", "part_charges")
def line_of_a_part_a_cent_too_high(problem, plan):
    lines = plan.batches[PACK].itineraries[0].lines
    lines = tuple(
        replace(line, unit_cents=line.unit_cents + 1) if line.per == "part" else line for line in lines
    )
    return problem, with_itinerary(plan, PACK, 0, lines=lines)


@fault("cost_lines")
def charge_of_a_part_a_tenth_of_a_cent_lower(problem, plan):
    """12.344 is 12.34."""
    return with_row(problem, "charges", 4, price=Fraction(12_344, 10)), plan


@fault("cost_lines")
def charge_paid_by_the_vehicle_and_not_by_the_part(problem, plan):
    return with_row(problem, "charges", 5, per="vehicle"), plan


@fault("price_row")
def charge_of_a_part_met_on_roads(problem, plan):
    return with_row(problem, "charges", 4, place_or_country="MARKET", when="unload", mode=""), plan


@fault("total_cents", "total_value", as_is=True)
def charges_of_parts_not_in_the_money(problem, plan):
    cents = sum(charge.cents for entry in plan.batches for charge in entry.part_charges)
    assert cents == 2 * 1_235 + 4 * 7_500
    changed = {"cents": plan.cents - cents, "value": plan.value - cents}
    return problem, replace(plan, **changed, lp_bound=None, bound=None)


# --- tariffs and charges -------------------------------------------------------------------------------


@fault("cost_lines")
def tariff_of_the_day_after_boarding(problem, plan):
    problem = with_row(problem, "tariffs", 0, last_date=date(2026, 3, 2))
    return with_row(problem, "tariffs", 1, first_date=date(2026, 3, 3)), plan


@fault("price_row")
def freight_that_ended_the_day_before_boarding(problem, plan):
    return with_row(problem, "tariffs", 0, last_date=date(2026, 3, 2)), plan


@fault("price_row")
def two_freight_rows_on_the_day_of_boarding(problem, plan):
    return with_row(problem, "tariffs", 1, first_date=date(2026, 3, 3)), plan


@fault("cost_lines")
def surcharge_from_the_day_after_boarding(problem, plan):
    problem = with_row(problem, "tariffs", 3, first_date=date(2026, 3, 8), last_date=None)
    return problem, plan


@fault("handling_time")
def export_takes_a_minute_longer_before_the_leg(problem, plan):
    return with_row(problem, "charges", 0, handling_min=16), plan


@fault("handling_time")
def loading_takes_a_minute_longer_before_the_leg(problem, plan):
    return with_row(problem, "charges", 1, handling_min=21), plan


@fault("handling_time")
def import_takes_a_minute_less_after_the_leg(problem, plan):
    return with_row(problem, "charges", 2, handling_min=44), plan


@fault("handling_time")
def hours_of_a_charge_for_another_mode(problem, plan):
    return with_row(problem, "charges", 1, mode="barge"), plan


@fault("handling_time")
def unloading_takes_a_minute_longer_after_the_road(problem, plan):
    """20 minutes, as loading took, would be right."""
    return with_row(problem, "charges", 1, when="unload", mode="road", handling_min=21), plan


# --- emissions -----------------------------------------------------------------------------------------


def with_grams(plan, entry, which, number, **fields):
    """The plan with fields of one emission line replaced."""
    lines = list(plan.batches[entry].itineraries[which].emissions)
    lines[number] = replace(lines[number], **fields)
    return with_itinerary(plan, entry, which, emissions=tuple(lines))


@fault("emission_lines")
def ride_a_gram_cleaner(problem, plan):
    grams = plan.batches[WHOLE].itineraries[0].emissions[1].unit_grams
    return problem, with_grams(plan, WHOLE, 0, 1, unit_grams=grams - 1)


@fault("emission_lines")
def box_a_gram_cleaner(problem, plan):
    grams = plan.batches[PACK].itineraries[0].emissions[1].unit_grams
    plan = with_grams(plan, PACK, 0, 1, unit_grams=grams - 1)
    return problem, with_run(plan, PACK, 0, box_grams=plan.batches[PACK].itineraries[0].box_grams)


@fault("emission_lines")
def emissions_of_a_road_left_out(problem, plan):
    return problem, with_itinerary(plan, WHOLE, 0, emissions=plan.batches[WHOLE].itineraries[0].emissions[1:])


@fault("emission_lines")
def emissions_on_another_stage(problem, plan):
    return problem, with_grams(plan, WHOLE, 0, 0, stage=5)


@fault("emission_lines")
def factor_of_the_region_where_a_leg_ends_a_gram_higher(problem, plan):
    value = problem.network.emission_factors[2].value
    return with_row(problem, "emission_factors", 2, value=value + 1), plan


@fault("emission_lines")
def leg_a_kilometre_longer(problem, plan):
    return with_call(problem, "FERRY", 1, km_from_previous=12_001), plan


@fault("emission_lines")
def newer_factor_of_the_class(problem, plan):
    return with_row(problem, "emission_factors", 1, year=2025), plan


@fault("emission_row")
def two_factors_of_one_year(problem, plan):
    return with_row(problem, "emission_factors", 1, year=2024), plan


@fault("emission_row")
def service_of_a_class_without_factors(problem, plan):
    return with_service(problem, "FERRY", emission_class="sail"), plan


@fault("emission_row")
def leg_of_unknown_length(problem, plan):
    return with_call(problem, "BLOCK", 2, km_from_previous=None), plan


@fault("emission_row")
def ride_whose_legs_are_per_box_and_per_vehicle(problem, plan):
    """Without the rows for all regions only the leg to the gate has one per box."""
    problem = without_row(problem, "emission_factors", 0)
    return without_row(problem, "emission_factors", 0), plan


@fault("box_grams")
def box_emits_a_gram_more_than_its_lines(problem, plan):
    grams = plan.batches[PACK].box_runs[0].box_grams
    return problem, with_run(plan, PACK, 0, box_grams=grams + 1)


# --- totals --------------------------------------------------------------------------------------------


@fault("total_grams", as_is=True)
def a_gram_too_many(problem, plan):
    return problem, replace(plan, grams=plan.grams + 1)


@fault("total_blend", "total_value", as_is=True)
def days_and_grams_a_cent_too_low(problem, plan):
    changed = {"blend_cents": plan.blend_cents - 1, "value": plan.value - 1}
    return problem, replace(plan, **changed, lp_bound=None, bound=None)


@fault("total_cents", "total_value", as_is=True)
def shares_of_departures_not_in_the_money(problem, plan):
    cents = plan.cents - 250_003
    value = plan.value - 250_003
    return problem, replace(plan, cents=cents, value=value, lp_bound=None, bound=None)


@fault("total_value", as_is=True)
def value_without_days_and_grams(problem, plan):
    return problem, replace(plan, value=plan.cents + plan.penalty, lp_bound=None, bound=None)


# --- boxes ---------------------------------------------------------------------------------------------


@fault("box_run_grouping")
def boxes_shared_by_booked_and_not_booked_kits(problem, plan):
    """Two boxes of booked kits and one of others: as many boxes as together."""
    kits = plan.batches[PACK].itineraries[0]
    booked, other = replace(kits, vehicles=4, booked=True), replace(kits, vehicles=2)
    problem = replace(problem, kept={**problem.kept, "pack": (booked,)})
    return problem, with_entry(plan, PACK, itineraries=(booked, other))


@fault("handling_time", price=True)
def handling_at_delivery_a_minute_long(problem, plan):
    last = plan.batches[WHOLE].itineraries[0].stages[-1]
    return problem, with_stages(plan, WHOLE, 0, {9: {"end_min": last.end_min + 1}})


# --- values of slots -----------------------------------------------------------------------------------


def with_slot_values(plan, *ranges, use=0):
    """The plan with a slot value of one of its limited legs' departure for each (exact, low, high)."""
    departure = plan.departures[use].service_id, plan.departures[use].departure_day
    values = (
        SlotValue(service_id=departure[0], departure_day=departure[1], exact=exact, low=low, high=high)
        for exact, low, high in ranges
    )
    return replace(plan, slot_values=tuple(values))


@fault("slot_values", as_is=True)
def slot_worth_a_cent_less_than_nothing(problem, plan):
    return problem, with_slot_values(plan, (None, -1, 5))


@fault("slot_values", as_is=True)
def range_a_cent_the_wrong_way_round(problem, plan):
    return problem, with_slot_values(plan, (None, 6, 5))


@fault("slot_values", as_is=True)
def exact_value_a_cent_off_its_range(problem, plan):
    return problem, with_slot_values(plan, (6, 5, 5))


@fault("slot_values", as_is=True)
def slot_valued_twice(problem, plan):
    return problem, with_slot_values(plan, (5, 5, 5), (5, 5, 5))
