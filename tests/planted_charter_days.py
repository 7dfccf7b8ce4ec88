"""Faults planted in the charter world: exceptions, closures, full days, space, wishes, today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from planner.model import Closure
from tests.planted import (
    with_call,
    with_leg_use,
    with_row,
    with_tables,
    without_row,
)
from tests.planted_charter import day_use
from tests.planted_fault import fault
from tests.planted_world import at

fault = partial(fault, world="charter")


def with_terms(problem, **fields):
    return replace(problem, terms=replace(problem.terms, **fields))


def with_day(plan, which, **fields):
    """The plan with fields of one listed day replaced."""
    days = list(plan.days)
    days[which] = replace(days[which], **fields)
    return replace(plan, days=tuple(days))


# --- exceptions and times ------------------------------------------------------------------------------


@fault("gate_time", "free_time", "leg_use_figures")
def exception_shifts_the_train_a_minute_more(problem, plan):
    return with_row(problem, "exceptions", 0, time_shift_min=31), plan


@fault("departure_exists", "leg_uses", "charters", "departure_shares", price=True)
def train_cancelled_for_a_day(problem, plan):
    return with_row(problem, "exceptions", 0, effect="cancelled"), plan


@fault("departure_exists", "leg_uses", price=True)
def voyage_on_a_day_without_the_exception_that_adds_it(problem, plan):
    return without_row(problem, "exceptions", 1), plan


@fault("departure_exists", "leg_uses")
def exception_changes_a_voyage_that_no_calendar_has(problem, plan):
    return with_row(problem, "exceptions", 1, effect="changed"), plan


@fault("capacity")
def exception_leaves_a_box_too_little_room(problem, plan):
    """6 boxes x 3/4 are 4 whole ones."""
    plan = with_leg_use(with_leg_use(plan, 0, capacity=4), 1, capacity=4)
    return with_row(problem, "exceptions", 0, capacity=6), plan


@fault("leg_use_figures")
def capacity_of_the_service_on_the_day_of_an_exception(problem, plan):
    return problem, with_leg_use(plan, 0, capacity=15)


@fault("cost_lines")
def freight_of_a_departure_with_another_factor(problem, plan):
    return with_row(problem, "exceptions", 0, price_factor=Fraction(110_001, 100_000)), plan


@fault("cost_lines")
def least_freight_without_the_factor_of_the_departure(problem, plan):
    """1,260.00 x 1.5 beats 1,889.99, but 1.5 x 1,260.01 does not."""
    return with_row(problem, "tariffs", 2, minimum=Fraction(126_001)), plan


@fault("free_time")
def typical_times_instead_of_high_ones(problem, plan):
    return with_terms(problem, times="typical"), plan


@fault("free_time")
def slow_journey_a_minute_slower(problem, plan):
    return with_call(problem, "FERRY", 2, arrive_high_min=30 * 1_440 + 61), plan


# --- closures ------------------------------------------------------------------------------------------


@fault("closed")
def train_at_the_gate_a_minute_before_it_opens(problem, plan):
    arrives = problem.network.services["BLOCK"].calls[1].arrive_min
    return with_call(problem, "BLOCK", 1, arrive_min=arrives - 1), plan


@fault("closed")
def gate_shut_in_the_minute_the_train_leaves_it(problem, plan):
    """With 24 h less to go on it leaves at 00:00 of 7 March in Tashkent, when the gate shuts."""
    problem = with_call(
        problem, "BLOCK", 1, arrive_min=4 * 1_440 + 390 - 2_880, depart_min=4 * 1_440 + 390 - 1_440
    )
    problem = with_row(problem, "closures", 0, first=date(2026, 3, 7))
    problem = with_row(problem, "closures", 1, first=date(2026, 3, 7))
    return problem, with_leg_use(plan, 1, depart_min=at("03-06 20:30"))


def closing(problem, what, first, *spares):
    """The problem with one more closure of a day."""
    day = date.fromisoformat(f"2026-{first}")
    row = Closure(what=what, first=day, last=day + timedelta(days=1), effect="closed", spares=spares)
    return with_tables(problem, closures=(*problem.network.closures, row))


@fault("closed")
def yard_shut_on_the_day_of_loading(problem, plan):
    return closing(problem, "YARD", "03-03"), plan


@fault("closed")
def hub_shut_on_the_day_of_unloading_and_spares_another_mode(problem, plan):
    return closing(problem, "HUB", "03-17", "roro"), plan


@fault("closed")
def works_shut_to_trucks_on_the_day_of_dispatch(problem, plan):
    return closing(problem, "WORKS", "03-02"), plan


@fault("closed")
def market_shut_to_trucks_on_the_day_of_arrival(problem, plan):
    return closing(problem, "MARKET", "04-04", "rail", "FERRY"), plan


@fault("closed")
def cape_spares_another_service(problem, plan):
    return with_row(problem, "closures", 4, spares=("BLOCK",)), plan


@fault("closed")
def quay_does_not_spare_roads(problem, plan):
    return with_row(problem, "closures", 5, spares=("roro",)), plan


@fault("departure_exists", "leg_uses")
def service_shut_on_the_day_of_departure(problem, plan):
    return closing(problem, "FERRY", "03-04"), plan


@fault("free_time")
def slowed_gate_a_minute_slower(problem, plan):
    problem = with_row(problem, "closures", 1, value=Fraction(91))
    return problem, with_leg_use(plan, 1, depart_min=at("03-08 01:31"))


@fault("gate_time", "free_time")
def slowed_service_a_minute_slower(problem, plan):
    release = problem.network.allotments[1].release_min
    problem = with_row(problem, "allotments", 1, release_min=release + 1)
    problem = with_row(problem, "closures", 3, value=Fraction(11))
    plan = with_leg_use(plan, 6, depart_min=at("03-07 10:11"))
    return problem, with_leg_use(plan, 7, depart_min=at("03-27 11:41"))


@fault("capacity")
def reduced_service_holds_a_box_too_few_after_the_gate(problem, plan):
    """7 x 7/10 are 4 whole boxes, 8 x 7/10 are 5."""
    plan = with_leg_use(with_leg_use(plan, 0, capacity=5), 1, capacity=4)
    return with_row(problem, "closures", 2, value=Fraction(7, 10)), plan


# --- days of places and roads --------------------------------------------------------------------------


@fault("throughput")
def hub_handles_a_box_too_few(problem, plan):
    """Half of 9 are 4 whole ones."""
    return with_row(problem, "throughput", 0, units_per_day=9), with_day(plan, 0, capacity=4)


@fault("throughput")
def hub_handles_nothing_on_a_weekday_it_does_not_list(problem, plan):
    return with_row(problem, "throughput", 0, weekdays=(1, 3)), with_day(plan, 0, capacity=0)


@fault("throughput")
def place_of_delivery_handles_a_box_too_few(problem, plan):
    return with_row(problem, "throughput", 1, units_per_day=2), with_day(plan, 1, capacity=2)


@fault("throughput")
def origin_handles_a_box_too_few(problem, plan):
    return with_row(problem, "throughput", 2, units_per_day=2), with_day(plan, 2, capacity=2)


@fault("throughput")
def origin_handles_a_car_too_few(problem, plan):
    plan = with_day(with_day(plan, 3, capacity=12), 4, capacity=12)
    return with_row(problem, "throughput", 3, units_per_day=12), plan


@fault("vehicles_per_day")
def road_carries_a_boxed_vehicle_too_many(problem, plan):
    return with_row(problem, "roads", 1, vehicles_per_day=5), with_day(plan, 5, capacity=5)


@fault("vehicles_per_day")
def road_carries_a_loose_vehicle_too_many(problem, plan):
    return with_row(problem, "roads", 0, vehicles_per_day=3), with_day(plan, 6, capacity=3)


@fault("day_use_figures")
def use_of_a_day_one_too_low(problem, plan):
    return problem, with_day(plan, 4, used=12)


@fault("day_use_figures")
def boxes_of_a_road_instead_of_vehicles(problem, plan):
    return problem, with_day(plan, 5, used=3)


@fault("day_use_figures")
def half_a_box_of_a_halved_place_rounded_up(problem, plan):
    return problem, with_day(plan, 0, capacity=6)


@fault("day_use_figures")
def one_more_unit_of_a_day_worth_less_than_nothing(problem, plan):
    return problem, with_day(plan, 0, unit_value_cents=-1)


@fault("day_uses")
def used_day_not_listed(problem, plan):
    return problem, replace(plan, days=plan.days[1:])


@fault("day_uses")
def day_listed_twice(problem, plan):
    return problem, replace(plan, days=(plan.days[0], *plan.days))


@fault("day_uses")
def days_listed_out_of_order(problem, plan):
    return problem, replace(plan, days=plan.days[::-1])


@fault("day_uses")
def day_listed_that_nobody_uses(problem, plan):
    return problem, replace(plan, days=(*plan.days, day_use("WORKS YARD loose 03-03", 0, 4)))


@fault("day_uses")
def arrival_counted_on_the_day_of_greenwich_instead_of_the_place(problem, plan):
    """The truck leaves at 22:00Z of 1 March."""
    return problem, with_day(plan, 2, day=date(2026, 3, 1))


# --- space under contract ------------------------------------------------------------------------------


@fault("allotments")
def space_of_a_partner_a_minute_before_its_release(problem, plan):
    """8 cars of two shippers beside 5 of 12; 3 of one of them beside 4 + 5 would still be right."""
    release = problem.network.allotments[1].release_min
    return with_row(problem, "allotments", 1, release_min=release - 1), plan


@fault("allotments")
def space_of_a_rival_used_by_one_car_too_many(problem, plan):
    return with_row(problem, "allotments", 0, units=5), plan


@fault("allotments")
def space_counted_against_the_room_that_an_exception_leaves(problem, plan):
    plan = with_leg_use(with_leg_use(plan, 4, capacity=4), 5, capacity=4)
    return with_row(problem, "exceptions", 1, capacity=4), plan
