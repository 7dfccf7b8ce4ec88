"""Faults planted in the charter world: what batches ask for, parts, today, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from planner.model import Unplanned
from tests.planted import (
    leg_use,
    with_batch,
    with_entry,
    with_itinerary,
    with_leg_use,
    with_row,
    with_service,
    with_stages,
)
from tests.planted_charter import EARLY, MIX, PACK, WHOLE, day_use
from tests.planted_charter_days import closing, with_day
from tests.planted_fault import fault
from tests.planted_ways import shifted

fault = partial(fault, world="charter")

# --- what a batch asks for -----------------------------------------------------------------------------


@fault("modes")
def ride_in_a_mode_not_asked_for(problem, plan):
    return with_batch(problem, PACK, modes=("barge", "roro")), plan


@fault("not_modes")
def ride_in_a_mode_ruled_out(problem, plan):
    return with_batch(problem, WHOLE, not_modes=("roro",)), plan


@fault("not_modes")
def roads_ruled_out(problem, plan):
    return with_batch(problem, WHOLE, not_modes=("road",)), plan


@fault("needed_modes")
def nothing_by_a_mode_that_is_needed(problem, plan):
    return with_batch(problem, WHOLE, needed_modes=("air",)), plan


@fault("via")
def place_asked_for_met_by_one_part_only(problem, plan):
    return with_batch(problem, MIX, via=("CAPE",)), plan


@fault("via")
def country_of_a_call_is_no_place_met(problem, plan):
    return with_batch(problem, WHOLE, via=("CAPE", "HUB")), plan


@fault("not_via")
def place_ridden_through_is_ruled_out(problem, plan):
    return with_batch(problem, PACK, not_via=("GATE",)), plan


@fault("not_via")
def country_ridden_through_is_ruled_out(problem, plan):
    return with_batch(problem, PACK, not_via=("UZ",)), plan


@fault("not_via")
def service_is_ruled_out(problem, plan):
    return with_batch(problem, MIX, not_via=("FERRY",)), plan


@fault("not_via")
def end_of_a_road_is_ruled_out(problem, plan):
    return with_batch(problem, EARLY, not_via=("PIER",)), plan


@fault("max_parts")
def one_part_too_many(problem, plan):
    return with_batch(problem, MIX, max_parts=1, min_part=1), plan


@fault("least_part")
def part_a_car_too_small(problem, plan):
    return with_batch(problem, MIX, min_part=4), plan


@fault("all_or_none")
def one_van_left_out_of_a_batch_that_is_not_split(problem, plan):
    plan = with_itinerary(plan, WHOLE, 0, vehicles=4)
    plan = with_entry(plan, WHOLE, unplanned=Unplanned(vehicles=1, reason="no_room", facts=""))
    plan = with_leg_use(with_leg_use(plan, 6, used=7), 7, used=7)
    return problem, with_day(plan, 4, used=12)


@fault("max_parts")
def batch_that_is_not_split_on_two_voyages(problem, plan):
    return with_batch(problem, EARLY, all_or_none=True), plan


# --- today and what is kept ----------------------------------------------------------------------------


@fault("book_by")
def bookings_closed_a_minute_before_today(problem, plan):
    book_by = problem.network.services["BLOCK"].book_by_min
    return with_service(problem, "BLOCK", book_by_min=book_by + 1), plan


@fault("departed", price=True)
def truck_a_minute_before_today(problem, plan):
    plan = shifted(plan, EARLY, 1, 1, 4, -1)
    days = (*plan.days[:4], day_use("WORKS WORKS loose 03-01", 1, 13), *plan.days[4:])
    plan = with_day(replace(plan, days=days), 5, used=12)
    return with_row(problem, "roads", 2, departs_every_min=1), plan


@fault("kept", "book_by", "departed")
def kept_van_no_longer_booked(problem, plan):
    return problem, with_itinerary(plan, EARLY, 0, booked=False)


@fault("kept")
def van_booked_that_is_not_kept(problem, plan):
    return problem, with_itinerary(plan, EARLY, 1, booked=True)


@fault("kept")
def kept_van_on_a_later_truck(problem, plan):
    """What was kept left six hours earlier."""
    kept = problem.kept["early"][0]
    stages = list(kept.stages)
    stages[1] = replace(stages[1], end_min=stages[1].end_min - 360)
    return replace(problem, kept={"early": (replace(kept, stages=tuple(stages)),)}), plan


@fault("kept")
def one_of_two_kept_vans_gone(problem, plan):
    kept = problem.kept["early"][0]
    return replace(problem, kept={"early": (replace(kept, vehicles=2),)}), plan


@fault("closed")
def what_is_kept_is_not_exempt_from_closures(problem, plan):
    return closing(problem, "PIER", "02-28"), plan


@fault("departure_exists", "leg_uses", "cost_lines")
def stray_leg_of_a_departure_that_is_shut(problem, plan):
    """A closed departure is not listed either."""
    stray = leg_use("FERRY 03-14 0 PIER>CAPE", "03-14 10:00", 0, 12)
    plan = replace(plan, departures=(*plan.departures, stray))
    return problem, with_stages(plan, EARLY, 1, {5: {"departure_day": date(2026, 3, 14)}})
