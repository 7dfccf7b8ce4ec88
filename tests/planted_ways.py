"""Faults of the way planted in a correct plan: times, departures, rides, forms, places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from planner.model import BoxRun
from tests.planted import (
    BOX,
    KIT,
    SUV,
    VAN,
    counted,
    stages_of,
    with_batch,
    with_call,
    with_entry,
    with_itinerary,
    with_row,
    with_service,
    with_stages,
    with_type,
)
from tests.planted_fault import fault
from tests.planted_world import at


def shifted(plan, entry, which, first, last, by):
    """The plan with the stages from the end of ``first`` to the start of ``last`` moved by minutes."""
    stages = plan.batches[entry].itineraries[which].stages
    changes = {number: {} for number in range(first, last + 1)}
    for number in range(first, last):
        changes[number]["end_min"] = stages[number].end_min + by
        changes[number + 1]["start_min"] = stages[number + 1].start_min + by
    return with_stages(plan, entry, which, changes)


# --- times ---------------------------------------------------------------------------------------------


@fault("ready", price=True)
def start_a_minute_before_ready(problem, plan):
    plan = shifted(plan, SUV, 0, 0, 1, -1)
    return problem, with_stages(plan, SUV, 0, {0: {"start_min": at("03-01 15:59")}})


@fault("handling_time", price=True)
def handling_a_minute_short(problem, plan):
    return problem, shifted(plan, SUV, 0, 0, 1, -1)


@fault("time_continuity", price=True)
def gap_of_a_minute_between_handling_and_dwell(problem, plan):
    return problem, with_stages(plan, SUV, 0, {1: {"start_min": at("03-01 17:01")}})


@fault("gate_time", price=True)
def ride_begun_a_minute_before_the_gate(problem, plan):
    return problem, shifted(plan, VAN, 1, 4, 5, -1)


@fault("free_time", price=True)
def ride_ended_a_minute_before_release(problem, plan):
    return problem, shifted(plan, VAN, 1, 5, 7, -1)


@fault("road_dispatch", price=True)
def truck_a_minute_off_the_grid(problem, plan):
    return problem, shifted(plan, SUV, 0, 1, 4, 1)


@fault("road_dispatch", price=True)
def truck_on_the_wrong_day_clock_after_the_clocks_went_forward(problem, plan):
    """08:00 in Berlin is 06:00Z on 7 April; 07:00Z would be right in winter."""
    plan = shifted(plan, SUV, 0, 7, 9, 60)
    return problem, with_stages(plan, SUV, 0, {9: {"end_min": at("04-07 12:30")}})


@fault("road_time", price=True)
def truck_a_minute_too_slow(problem, plan):
    return problem, shifted(plan, SUV, 0, 2, 4, 1)


@fault("gate_missed", price=True)
def handling_done_a_minute_after_the_gate_closed(problem, plan):
    handled = at("03-03 06:01")
    plan = with_stages(plan, KIT, 0, {3: {"end_min": handled}, 4: {"start_min": handled}})
    return with_row(problem, "handling", 5, handling_min=handled - at("03-02 01:00")), plan


@fault("max_dwell", price=True)
def dwell_a_minute_over_the_smallest_limit(problem, plan):
    return with_row(problem, "storage", 2, max_dwell_min=98 * 60 - 1), plan


@fault("max_dwell", price=True)
def dwell_over_the_limit_of_its_kind_of_place(problem, plan):
    return with_row(problem, "storage", 4, max_dwell_min=22 * 60), plan


@fault("delivered_late", price=True)
def hard_due_missed_by_a_minute(problem, plan):
    return with_batch(problem, SUV, due_min=at("04-07 11:29")), plan


@fault("delivered_late", price=True)
def lateness_a_minute_over_the_allowed(problem, plan):
    late = at("04-21 11:30") - at("04-05 22:00")
    return replace(problem, terms=replace(problem.terms, max_late_min=late - 1)), plan


@fault("delivered_late", price=True)
def late_without_a_late_price(problem, plan):
    return with_batch(problem, VAN, late_price=None), plan


@fault("clock_range")
def time_after_the_end_of_all_calendars(problem, plan):
    return problem, with_stages(plan, SUV, 0, {4: {"end_min": 10**30}})


# --- departures and rides ------------------------------------------------------------------------------


@fault("departure_exists", "leg_uses")
def voyage_in_a_week_between_two_sailings(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"departure_day": date(2026, 3, 14)}})


@fault("departure_exists", "leg_uses")
def voyage_a_day_late(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"departure_day": date(2026, 3, 22)}})


@fault("departure_exists", "leg_uses")
def voyage_on_the_last_day_there_is(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"departure_day": date.max}})


@fault("departure_exists", "leg_uses")
def service_begins_a_day_after_the_departure(problem, plan):
    return with_service(problem, "TRAIN", first_date=date(2026, 3, 4)), plan


@fault("departure_exists", "leg_uses")
def service_ended_a_day_before_the_departure(problem, plan):
    return with_service(problem, "TRAIN", last_date=date(2026, 3, 2), first_date=None), plan


def with_calendar(problem, service_id, number, **changes):
    calendars = list(problem.network.services[service_id].calendars)
    calendars[number] = replace(calendars[number], **changes)
    return with_service(problem, service_id, calendars=tuple(calendars))


@fault("departure_exists", "leg_uses")
def calendar_begins_a_day_after_the_departure(problem, plan):
    return with_calendar(problem, "TRAIN", 0, first_date=date(2026, 3, 4)), plan


@fault("departure_exists", "leg_uses")
def calendar_ended_a_day_before_the_departure(problem, plan):
    changed = with_calendar(problem, "TRAIN", 0, first_date=None, last_date=date(2026, 3, 2))
    return changed, plan


@fault("departure_exists", "leg_uses")
def two_different_times_on_one_day(problem, plan):
    return with_calendar(problem, "SHIP", 1, local_time=time(19)), plan


@fault("gate_time", "free_time", "leg_use_figures")
def calendar_time_a_minute_later(problem, plan):
    return with_calendar(problem, "TRAIN", 0, local_time=time(20, 1)), plan


@fault("gate_time")
def cut_off_a_minute_longer(problem, plan):
    return with_call(problem, "TRAIN", 0, cutoff_min=361), plan


@fault("free_time")
def release_a_minute_longer(problem, plan):
    return with_call(problem, "TRAIN", 2, release_min=241), plan


@fault("service_exists", "price_row", "leg_uses")
def service_that_is_nowhere(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"service_id": "FERRY"}})


@fault("ride_exists", "price_row", "leg_uses")
def board_call_that_is_nowhere(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"board_seq": 4}})


@fault("ride_exists", "leg_uses")
def alighting_before_boarding(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"board_seq": 3, "alight_seq": 1}})


@fault("ride_exists", "load_allowed", "gate_time", "leg_uses")
def boarding_at_another_call_than_at_the_place(problem, plan):
    return problem, with_stages(plan, VAN, 1, {5: {"board_seq": 2}})


@fault("load_allowed")
def boarding_where_nothing_is_loaded(problem, plan):
    return with_call(problem, "TRAIN", 0, load=False), plan


@fault("unload_allowed")
def alighting_where_nothing_is_unloaded(problem, plan):
    return with_call(problem, "TRAIN", 2, unload=False), plan


# --- who may ride, and in which form -------------------------------------------------------------------


@fault("bookable")
def reference_service_in_a_plan(problem, plan):
    return with_service(problem, "TRAIN", bookable=False), plan


@fault("shipper")
def space_of_another_shipper(problem, plan):
    return with_batch(problem, VAN, shipper="rival"), plan


@fault("dangerous_goods")
def battery_cars_on_a_service_without_dangerous_goods(problem, plan):
    return with_service(problem, "SHIP", accepts_dg=False), plan


@fault("vehicle_size")
def car_a_millimetre_too_high(problem, plan):
    return with_type(problem, "VAN", height_mm=1_601), plan


@fault("vehicle_size")
def car_a_millimetre_too_long(problem, plan):
    return with_type(problem, "VAN", length_mm=4_501), plan


@fault("vehicle_size")
def car_a_kilogram_too_heavy_even_in_a_box(problem, plan):
    return with_service(problem, "TRAIN", max_mass_kg=1_899), plan


@fault("service_form", "capacity_unit", "leg_uses")
def loose_cargo_on_a_boxed_service(problem, plan):
    return with_service(problem, "SHIP", form="boxed", capacity_unit="feu"), plan


@fault("form_allowed", "box_count", "leg_use_figures", "capacity")
def type_that_fits_no_box_in_a_box(problem, plan):
    return with_type(problem, "SUV", vehicles_per_feu=0), plan


@fault("form_allowed", "outer_form")
def type_that_must_be_boxed_on_a_car_deck(problem, plan):
    return with_type(problem, "VAN", loose_allowed=False, vehicles_per_feu=1), plan


@fault("form_continuity")
def cargo_boxed_on_the_way(problem, plan):
    return problem, with_stages(plan, SUV, 0, {5: {"to_form": "boxed"}})


@fault("form_continuity")
def form_of_the_hold_not_the_form_after_handling(problem, plan):
    return problem, with_stages(plan, SUV, 0, {7: {"from_form": "boxed"}})


STUFFED_TWICE = """
start WORKS loose             | 03-01 16:00
handling road boxed           | 03-01 17:00
dwell                         | 03-01 22:00
road DEPOT                    | 03-01 23:00
handling road loose           | 03-02 00:00
dwell                         | 03-02 04:00
road RAILHEAD                 | 03-02 05:00
handling rail boxed           | 03-02 09:00
dwell                         | 03-03 06:00
ride TRAIN 03-03 10-30 HUB    | 03-17 16:00
handling road loose           | 03-17 21:00
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery loose       | 03-18 11:30
"""
BACK_AT_THE_WORKS = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road DEPOT                    | 03-01 23:00
handling road loose           | 03-02 00:00
dwell                         | 03-02 04:00
road WORKS                    | 03-02 05:00
handling road loose           | 03-02 06:00
dwell                         | 03-15 22:00
road PORT                     | 03-16 08:00
handling roro loose           | 03-16 10:00
dwell                         | 03-20 10:00
ride SHIP 03-21 1-3 QUAY      | 04-20 22:00
handling road loose           | 04-21 01:00
dwell                         | 04-21 06:00
road MARKET                   | 04-21 11:00
handling delivery loose       | 04-21 11:30
"""


@fault("stuffed_once", price=True)
def cars_stuffed_at_the_works_and_at_the_railhead(problem, plan):
    plan = with_itinerary(plan, BOX, 1, stages=stages_of(STUFFED_TWICE), box_run=1)
    runs = (*plan.batches[BOX].box_runs, BoxRun(vehicles=0, boxes=0, box_cents=0))
    return problem, counted(problem, with_entry(plan, BOX, box_runs=runs))


# --- places and order ----------------------------------------------------------------------------------


@fault("place_repeated", price=True)
def vans_driven_back_to_the_works(problem, plan):
    return problem, with_itinerary(plan, VAN, 1, stages=stages_of(BACK_AT_THE_WORKS))


@fault("place_continuity")
def dwell_that_moves(problem, plan):
    return problem, with_stages(plan, SUV, 0, {7: {"to_place": "PORT"}})


@fault("place_continuity")
def place_that_is_nowhere(problem, plan):
    return problem, with_stages(plan, SUV, 0, {9: {"to_place": "NOWHERE"}})


@fault("origin")
def start_at_another_place_than_the_origin(problem, plan):
    return with_batch(problem, SUV, origin="DEPOT"), plan


@fault("destination")
def end_at_another_place_than_the_destination(problem, plan):
    return with_batch(problem, SUV, destination="QUAY"), plan


@fault("stage_order")
def no_handling_to_delivery(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, stages=plan.batches[SUV].itineraries[0].stages[:-1])


@fault("stage_order", "leg_use_figures")
def itinerary_without_stages(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, stages=())


@fault("stage_order")
def stage_of_an_unknown_kind(problem, plan):
    return problem, with_stages(plan, SUV, 0, {1: {"kind": "wait"}})


@fault("stage_mode")
def dwell_for_another_mode_than_the_next_leg(problem, plan):
    return problem, with_stages(plan, SUV, 0, {4: {"mode": "road"}})


@fault("stage_mode", "price_row")
def handling_to_another_mode_than_the_next_leg(problem, plan):
    return problem, with_stages(plan, SUV, 0, {3: {"mode": "rail"}})


@fault("stage_mode", "handling_row", "price_row")
def ride_in_another_mode_than_its_service(problem, plan):
    return problem, with_stages(plan, SUV, 0, {5: {"mode": "barge"}})


@fault("stage_mode", "handling_row")
def road_in_the_mode_of_a_dated_truck(problem, plan):
    return problem, with_stages(plan, SUV, 0, {8: {"mode": "truck"}})


@fault("stage_fields")
def dwell_that_names_a_service(problem, plan):
    return problem, with_stages(plan, SUV, 0, {4: {"service_id": "SHIP"}})
