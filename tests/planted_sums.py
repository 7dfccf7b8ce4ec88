"""Faults of the sums planted in a correct plan: money, vehicles, boxes, room, totals, types."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from planner.model import BatchPlan, BoxRun, Unplanned
from tests.planted import (
    ALWAYS_BOXED_LATER_TRUCK,
    BOX,
    BY_NEXT_TRAIN,
    BY_SHIP,
    KIT,
    SUV,
    VAN,
    itinerary,
    leg_use,
    priced,
    stages_of,
    with_call,
    with_entry,
    with_itinerary,
    with_leg_use,
    with_row,
    with_run,
    with_service,
    with_stages,
    with_tables,
    without_row,
)
from tests.planted_fault import fault
from tests.planted_world import at

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


@fault("positive_numbers", "least_part")
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
    return problem, replace(plan, penalty=plan.penalty - 1, value=plan.value - 1, lp_bound=None, bound=None)


@fault("total_value", as_is=True)
def penalty_not_in_the_value(problem, plan):
    return problem, replace(plan, value=plan.cents, lp_bound=None, bound=None)


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


@fault("box_run_grouping", price=True)
def boxes_shared_by_kits_from_two_trucks(problem, plan):
    """One kit a box either way; what is wrong is only that boxes on two trucks are called one run."""
    first = with_itinerary(plan, KIT, 0, vehicles=1).batches[KIT].itineraries[0]
    second = itinerary(1, 1, ALWAYS_BOXED_LATER_TRUCK, 0)
    return problem, with_entry(plan, KIT, itineraries=(first, second))
