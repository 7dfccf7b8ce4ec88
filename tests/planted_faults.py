"""Faults planted in the plan of :mod:`tests.planted`, one minute, cent, unit, day or row off each.

A function takes the correct problem and plan and gives them back with one fault; its name says which.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from planner.model import BatchPlan, BoxRun, Unplanned
from tests.planted import (
    BY_NEXT_TRAIN,
    BY_SHIP,
    at,
    counted,
    itinerary,
    leg_use,
    priced,
    stages_of,
    totalled,
    with_batch,
    with_call,
    with_entry,
    with_itinerary,
    with_leg_use,
    with_row,
    with_run,
    with_service,
    with_stages,
    with_tables,
    with_type,
    without_row,
)

SUV, VAN, BOX, KIT = range(4)
"""Batch entries of the plan."""

FAULTS = {}
"""By name: what plants the fault, and the rules that have to be found."""


def fault(*rules, price=False, as_is=False):
    """Register a planted fault: exactly these rules have to be found once the totals agree again.

    With ``price`` the cost lines follow the changed stages or tables too, so that money hides nothing;
    with ``as_is`` even the totals stay as planted.
    """

    def register(plant):
        def planted(problem, plan):
            problem, plan = plant(problem, plan)
            if price:
                plan = priced(problem, plan)
            return problem, plan if as_is else totalled(problem, plan)

        FAULTS[plant.__name__] = planted, set(rules)
        return plant

    return register


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


# --- money ---------------------------------------------------------------------------------------------


def with_line(plan, entry, which, number, **changes):
    lines = list(plan.batches[entry].itineraries[which].lines)
    lines[number] = replace(lines[number], **changes)
    return with_itinerary(plan, entry, which, lines=tuple(lines))


def line_number(plan, entry, which, kind):
    kinds = [line.kind for line in plan.batches[entry].itineraries[which].lines]
    return kinds.index(kind)


@fault("cost_lines")
def freight_a_cent_dearer(problem, plan):
    number = line_number(plan, SUV, 0, "freight")
    cents = plan.batches[SUV].itineraries[0].lines[number].unit_cents
    return problem, with_line(plan, SUV, 0, number, unit_cents=cents + 1)


@fault("cost_lines")
def box_freight_a_cent_dearer_in_all_that_share_the_box(problem, plan):
    number = line_number(plan, BOX, 0, "freight")
    cents = plan.batches[BOX].itineraries[0].lines[number].unit_cents + 1
    for which in (0, 1):
        plan = with_line(plan, BOX, which, number, unit_cents=cents)
    return problem, with_run(plan, BOX, 0, box_cents=plan.batches[BOX].itineraries[0].box_cents)


@fault("cost_lines")
def line_left_out(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, lines=plan.batches[SUV].itineraries[0].lines[1:])


@fault("cost_lines")
def line_written_twice(problem, plan):
    lines = plan.batches[SUV].itineraries[0].lines
    return problem, with_itinerary(plan, SUV, 0, lines=(*lines, lines[0]))


@fault("cost_lines")
def line_on_another_stage(problem, plan):
    return problem, with_line(plan, SUV, 0, line_number(plan, SUV, 0, "storage"), stage=3)


@fault("cost_lines")
def line_of_another_kind(problem, plan):
    return problem, with_line(plan, BOX, 0, line_number(plan, BOX, 0, "stuffing"), kind="handling")


@fault("cost_lines")
def box_line_paid_per_vehicle(problem, plan):
    plan = with_line(plan, KIT, 0, line_number(plan, KIT, 0, "road"), per="vehicle")
    return problem, with_run(plan, KIT, 0, box_cents=plan.batches[KIT].itineraries[0].box_cents)


@fault("cost_lines")
def storage_price_a_cent_lower_than_in_the_table(problem, plan):
    price = problem.network.storage[0].price_per_day
    return with_row(problem, "storage", 0, price_per_day=price + 1), plan


@fault("handling_time", "cost_lines")
def row_of_the_place_instead_of_the_row_of_its_kind(problem, plan):
    return without_row(problem, "handling", 2), plan


@fault("box_cents")
def box_of_a_run_a_cent_dearer_than_its_lines(problem, plan):
    cents = plan.batches[BOX].box_runs[0].box_cents
    return problem, with_run(plan, BOX, 0, box_cents=cents + 1)


@fault("price_row")
def ride_without_a_freight_row(problem, plan):
    return without_row(problem, "tariffs", 0), plan


@fault("price_row")
def ride_with_two_freight_rows(problem, plan):
    tariffs = problem.network.tariffs
    return with_tables(problem, tariffs=(*tariffs, replace(tariffs[0], applies_to="VAN"))), plan


@fault("handling_row", "price_row")
def change_without_a_handling_row(problem, plan):
    return without_row(problem, "handling", 8), plan


@fault("handling_row", "price_row")
def change_with_two_equally_good_handling_rows(problem, plan):
    rows = problem.network.handling
    return with_tables(problem, handling=(*rows, replace(rows[8], handling_min=181))), plan


@fault("road_exists", "price_row")
def road_that_is_nowhere(problem, plan):
    return without_row(problem, "roads", 2), plan


@fault("road_exists", "price_row")
def two_roads_between_the_same_places(problem, plan):
    roads = problem.network.roads
    return with_tables(problem, roads=(*roads, replace(roads[2], price=roads[2].price + 1))), plan


@fault("price_row")
def two_storage_tiers_from_the_same_hour(problem, plan):
    return with_row(problem, "storage", 1, from_min=problem.network.storage[0].from_min), plan


# --- vehicles, parts and boxes -------------------------------------------------------------------------


@fault("vehicle_count")
def one_van_too_many(problem, plan):
    plan = with_itinerary(plan, VAN, 1, vehicles=2)
    return problem, with_leg_use(with_leg_use(plan, 2, used=280), 3, used=280)


@fault("vehicle_count")
def left_out_van_forgotten(problem, plan):
    return problem, with_entry(plan, VAN, unplanned=None)


@fault("positive_numbers")
def itinerary_of_no_vehicles(problem, plan):
    plan = with_itinerary(plan, VAN, 1, vehicles=0)
    plan = with_leg_use(with_leg_use(plan, 2, used=0), 3, used=0)
    return problem, with_entry(plan, VAN, unplanned=Unplanned(vehicles=2, reason="too_dear", facts=""))


@fault("positive_numbers")
def none_left_out_but_a_reason_given(problem, plan):
    return problem, with_entry(plan, SUV, unplanned=Unplanned(vehicles=0, reason="no_room", facts=""))


@fault("unplanned_reason")
def reason_that_is_not_on_the_list(problem, plan):
    unplanned = Unplanned(vehicles=1, reason="bad_luck", facts="")
    return problem, with_entry(plan, VAN, unplanned=unplanned)


@fault("part_numbers")
def two_voyages_called_one_part(problem, plan):
    return problem, with_itinerary(plan, VAN, 1, part=1)


@fault("part_numbers")
def one_train_called_two_parts(problem, plan):
    return problem, with_itinerary(plan, BOX, 1, part=2)


@fault("part_numbers")
def parts_not_numbered_from_one(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, part=2)


@fault("box_count")
def a_box_too_few(problem, plan):
    return problem, with_run(plan, BOX, 0, boxes=1)


@fault("box_count")
def a_box_too_many(problem, plan):
    return problem, with_run(plan, BOX, 0, boxes=3)


@fault("box_run_vehicles")
def a_vehicle_more_in_the_boxes_than_rides(problem, plan):
    return problem, with_run(plan, BOX, 0, vehicles=6)


@fault("box_run_grouping")
def boxes_not_shared_by_cars_that_could(problem, plan):
    """Three and two cars, one box each: as many boxes as shared, but not the runs of the rule."""
    cents = plan.batches[BOX].box_runs[0].box_cents
    runs = tuple(BoxRun(vehicles=vehicles, boxes=1, box_cents=cents) for vehicles in (3, 2))
    return problem, with_itinerary(with_entry(plan, BOX, box_runs=runs), BOX, 1, box_run=1)


@fault("box_run_grouping")
def boxes_shared_by_cars_on_two_trains(problem, plan):
    plan = with_itinerary(plan, BOX, 1, stages=stages_of(BY_NEXT_TRAIN), part=2)
    plan = priced(problem, plan)
    plan = with_run(plan, BOX, 0, box_cents=plan.batches[BOX].itineraries[0].box_cents)
    plan = with_leg_use(with_leg_use(plan, 4, used=3), 5, used=3)
    next_train = (
        leg_use("TRAIN 03-06 0 RAILHEAD>BORDER", "03-06 12:00", 1, 5),
        leg_use("TRAIN 03-06 1 BORDER>HUB", "03-12 00:00", 1, 4),
    )
    return problem, replace(plan, departures=(*plan.departures, *next_train))


@fault("box_run_grouping")
def boxed_cars_without_a_run(problem, plan):
    return problem, with_itinerary(plan, KIT, 0, box_run=None)


@fault("box_run_grouping")
def run_counted_from_the_end(problem, plan):
    return problem, with_itinerary(plan, KIT, 0, box_run=-1)


@fault("box_run_grouping")
def run_that_is_nowhere(problem, plan):
    return problem, with_itinerary(plan, KIT, 0, box_run=1)


@fault("box_run_grouping")
def loose_cars_with_a_run(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, box_run=0)


@fault("box_run_grouping")
def run_of_nobody(problem, plan):
    runs = (*plan.batches[BOX].box_runs, BoxRun(vehicles=0, boxes=0, box_cents=0))
    return problem, with_entry(plan, BOX, box_runs=runs)


# --- room ----------------------------------------------------------------------------------------------


@fault("capacity")
def a_van_more_than_the_deck_holds_with_the_cars_of_another_batch(problem, plan):
    plan = with_entry(with_itinerary(plan, VAN, 0, vehicles=11), VAN, unplanned=None)
    return problem, with_leg_use(with_leg_use(plan, 0, used=4_140), 1, used=4_140)


@fault("capacity")
def deck_a_hundredth_of_a_car_smaller(problem, plan):
    for number in range(4):
        plan = with_leg_use(plan, number, capacity=3_999)
    return with_service(problem, "SHIP", capacity=3_999), plan


@fault("capacity")
def a_box_more_than_the_second_leg_of_the_train_holds(problem, plan):
    return with_call(problem, "TRAIN", 1, capacity_onward=3), with_leg_use(plan, 5, capacity=3)


@fault("leg_use_figures")
def use_of_a_leg_a_hundredth_too_low(problem, plan):
    return problem, with_leg_use(plan, 0, used=3_999)


@fault("leg_use_figures")
def capacity_of_a_leg_a_box_too_high(problem, plan):
    return problem, with_leg_use(plan, 5, capacity=5)


@fault("leg_use_figures")
def departure_of_a_leg_a_minute_off(problem, plan):
    return problem, with_leg_use(plan, 1, depart_min=at("03-27 11:31"))


@fault("leg_use_figures")
def leg_from_another_place(problem, plan):
    return problem, with_leg_use(plan, 1, from_place="PORT")


@fault("leg_use_figures")
def leg_to_another_place(problem, plan):
    return problem, with_leg_use(plan, 0, to_place="QUAY")


@fault("leg_use_figures")
def one_more_unit_of_room_worth_less_than_nothing(problem, plan):
    return problem, with_leg_use(plan, 0, unit_value_cents=-1)


@fault("leg_uses")
def ridden_leg_not_listed(problem, plan):
    return problem, replace(plan, departures=plan.departures[1:])


@fault("leg_uses")
def leg_listed_twice(problem, plan):
    return problem, replace(plan, departures=(plan.departures[0], *plan.departures))


@fault("leg_uses")
def legs_listed_out_of_order(problem, plan):
    return problem, replace(plan, departures=plan.departures[::-1])


@fault("leg_uses")
def leg_listed_that_nobody_rides(problem, plan):
    stray = leg_use("TRAIN 03-06 0 RAILHEAD>BORDER", "03-06 12:00", 0, 5)
    return problem, replace(plan, departures=(*plan.departures, stray))


@fault("leg_uses")
def leg_with_unlimited_room_listed(problem, plan):
    calls = problem.network.services["TRAIN"].calls
    calls = tuple(replace(call, capacity_onward=None) for call in calls)
    return with_service(problem, "TRAIN", capacity=None, calls=calls), plan


# --- the plan as a whole -------------------------------------------------------------------------------


@fault("batch_entries")
def batch_without_an_entry(problem, plan):
    kit_legs = (replace(use, used=2) for use in plan.departures[4:])
    return problem, replace(plan, batches=plan.batches[:3], departures=(*plan.departures[:4], *kit_legs))


@fault("batch_entries")
def entries_out_of_order(problem, plan):
    return problem, replace(plan, batches=plan.batches[::-1])


@fault("batch_entries")
def entry_twice(problem, plan):
    idle = BatchPlan(batch_id="van", unplanned=Unplanned(vehicles=12, reason="no_room", facts=""))
    return problem, replace(plan, batches=(*plan.batches, idle))


@fault("batch_entries", as_is=True)
def entry_of_a_batch_that_is_not_in_the_problem(problem, plan):
    stranger = BatchPlan(batch_id="bus", itineraries=(itinerary(1, 1, BY_SHIP),))
    return problem, replace(plan, batches=(*plan.batches, stranger))


@fault("objective")
def plan_in_another_currency(problem, plan):
    return problem, replace(plan, currency="EUR")


@fault("objective")
def plan_for_another_objective(problem, plan):
    return problem, replace(plan, objective="time")


@fault("total_cents", "total_value", as_is=True)
def money_a_cent_more_than_its_sum(problem, plan):
    return problem, replace(plan, cents=plan.cents + 1, value=plan.value + 1)


@fault("total_vehicle_min", as_is=True)
def a_vehicle_minute_too_many(problem, plan):
    return problem, replace(plan, vehicle_min=plan.vehicle_min + 1)


@fault("total_penalty", "total_value", as_is=True)
def penalty_a_cent_too_low(problem, plan):
    return problem, replace(plan, penalty=plan.penalty - 1, value=plan.value - 1)


@fault("total_value", as_is=True)
def penalty_not_in_the_value(problem, plan):
    return problem, replace(plan, value=plan.cents)


@fault("bounds", as_is=True)
def bound_a_cent_above_the_value(problem, plan):
    return problem, replace(plan, bound=plan.value + 1)


@fault("bounds", as_is=True)
def bound_of_the_relaxation_a_cent_above_the_value(problem, plan):
    return problem, replace(plan, lp_bound=plan.value + 1)


@fault("field_types", as_is=True)
def half_a_vehicle(problem, plan):
    return problem, with_itinerary(plan, SUV, 0, vehicles=19.5)


@fault("field_types", as_is=True)
def truth_instead_of_a_number(problem, plan):
    return problem, with_itinerary(plan, VAN, 1, vehicles=True)


@fault("field_types", as_is=True)
def moment_instead_of_a_day(problem, plan):
    moment = datetime(2026, 3, 7)  # noqa: DTZ001 - a naive moment is the fault
    return problem, with_stages(plan, SUV, 0, {5: {"departure_day": moment}})


@fault("field_types", as_is=True)
def no_place_at_all(problem, plan):
    return problem, with_stages(plan, SUV, 0, {5: {"to_place": None}})


@fault("field_types", as_is=True)
def plan_that_is_no_plan(problem, plan):
    return problem, replace(plan, batches=None)
