"""When services and trucks leave, and what is shut or slowed, day by day and to the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from planner.checking.departures import Departures, is_dispatched
from planner.checking.legs import LegRules
from planner.checking.rules import Findings
from planner.costing import Costing
from planner.model import Calendar, Closure, DepartureException
from tests.planted import stages_of, with_call, with_service, with_tables
from tests.planted_charter import BY_FERRY, WHOLE
from tests.planted_charter_world import charter_problem
from tests.planted_world import at, planted_problem


@pytest.fixture(scope="module")
def problem():
    return planted_problem()


# --- calendars and grids -------------------------------------------------------------------------------


def departure(problem, *calendars, day, **service_fields):
    problem = with_service(problem, "SHIP", calendars=calendars, **service_fields)
    found = Departures(problem.network).find("SHIP", day)
    return None if found is None else found.start_min


def test_departure_leaves_on_the_clock_of_the_first_call(problem):
    daily = Calendar(weekdays=(1, 2, 3, 4, 5, 6, 7), local_time=time(6, 30))
    assert departure(problem, daily, day=date(2026, 3, 2)) == at("03-01 22:30")


@pytest.mark.parametrize(
    ("day", "sails"),
    [
        (date(2026, 12, 14), True),  # two weeks before the anchor
        (date(2026, 12, 21), False),
        (date(2026, 12, 31), False),  # right week, but a Thursday
        (date(2027, 1, 3), True),  # Sunday of the anchor's week, 53 of 2026
        (date(2027, 1, 4), False),  # week 1 follows week 53
        (date(2027, 1, 11), True),
    ],
)
def test_every_other_week_is_counted_from_the_monday_of_the_anchor(problem, day, sails):
    calendar = Calendar(weekdays=(1, 7), every_weeks=2, anchor_date=date(2026, 12, 30), local_time=time(12))
    assert (departure(problem, calendar, day=day) is not None) == sails


def test_every_third_week_is_counted_across_the_anchor(problem):
    calendar = Calendar(weekdays=(3,), every_weeks=3, anchor_date=date(2026, 3, 4), local_time=time(12))
    wednesdays = [date(2026, 2, 4) + timedelta(weeks=week) for week in range(9)]
    sailing = [day for day in wednesdays if departure(problem, calendar, day=day) is not None]
    assert sailing == [date(2026, 2, 11), date(2026, 3, 4), date(2026, 3, 25)]


def test_first_and_last_dates_of_service_and_calendar_are_included(problem):
    days = [date(2026, 3, day) for day in range(1, 8)]
    daily = Calendar(
        weekdays=(1, 2, 3, 4, 5, 6, 7),
        local_time=time(12),
        first_date=date(2026, 3, 2),
        last_date=date(2026, 3, 5),
    )
    limits = {"first_date": date(2026, 3, 3), "last_date": date(2026, 3, 6)}
    sailing = [day.day for day in days if departure(problem, daily, day=day, **limits) is not None]
    assert sailing == [3, 4, 5]
    limits = {"first_date": date(2026, 3, 1), "last_date": date(2026, 3, 4)}
    sailing = [day.day for day in days if departure(problem, daily, day=day, **limits) is not None]
    assert sailing == [2, 3, 4]


def test_two_calendars_with_one_time_are_one_departure(problem):
    daily = Calendar(weekdays=(1, 2, 3, 4, 5, 6, 7), local_time=time(12))
    day = date(2026, 3, 3)
    assert departure(problem, daily, replace(daily, weekdays=(2,)), day=day) == at("03-03 04:00")
    assert departure(problem, daily, replace(daily, local_time=time(13)), day=day) is None


def dispatches(problem, start, end, **road_fields):
    """Dispatch minutes of a road within a span, as text."""
    road = replace(problem.network.roads[5], **road_fields)
    found = [minute for minute in range(at(start), at(end)) if is_dispatched(road, minute, "Europe/Berlin")]
    return [minute - at(start) for minute in found]


def test_dispatch_grid_starts_anew_with_the_first_dispatch_of_each_local_day(problem):
    # From 08:00 every 7 h: 08:00, 15:00, 22:00, 05:00, and anew at 08:00 (Berlin = UTC + 1 in winter).
    found = dispatches(problem, "03-02 00:00", "03-03 08:00", departs_every_min=420)
    assert found == [hour * 60 for hour in (4 + 0, 7, 14, 21, 28, 31)]


def test_dispatch_grid_follows_the_clocks_when_they_change(problem):
    # 28 March 08:00 CET = 07:00Z; 29 March 08:00 CEST = 06:00Z, so 23 hours later.
    assert dispatches(problem, "03-28 00:00", "03-29 12:00", departs_every_min=1_440) == [420, 420 + 23 * 60]
    # Every 23 h the next dispatch would fall on the next day's first: it is that one, and only once.
    assert dispatches(problem, "03-28 00:00", "03-29 12:00", departs_every_min=1_380) == [360, 420, 1_800]


# --- exceptions ----------------------------------------------------------------------------------------


def exception(day, effect, **fields):
    return DepartureException(
        service_id="SHIP", day=date.fromisoformat(f"2026-{day}"), effect=effect, **fields
    )


def ship(problem, day, *exceptions, closures=()):
    """The voyage of a day, with these exceptions and closures only."""
    problem = with_tables(problem, exceptions=exceptions, closures=closures)
    return Departures(problem.network).find("SHIP", date.fromisoformat(f"2026-{day}"))


def test_added_departure_leaves_at_the_time_of_the_first_calendar_whatever_the_dates(problem):
    late = with_service(problem, "SHIP", first_date=date(2026, 6, 1))
    calendars = late.network.services["SHIP"].calendars
    late = with_service(late, "SHIP", calendars=(calendars[0], replace(calendars[1], local_time=time(7))))
    assert ship(late, "03-10") is None
    assert ship(late, "03-10", exception("03-10", "added")).start_min == at("03-10 10:00")
    shifted = exception("03-10", "added", time_shift_min=-11)
    assert ship(late, "03-10", shifted).start_min == at("03-10 09:49")


def test_changed_departure_needs_one_of_the_calendar_and_keeps_its_day(problem):
    two_days = exception("03-07", "changed", time_shift_min=2 * 1_440, capacity=7)
    found = ship(problem, "03-07", two_days)
    assert (found.start_min, found.leg_capacity) == (at("03-09 10:00"), (7, 7))
    assert ship(problem, "03-09", two_days) is None
    assert ship(problem, "03-14", exception("03-14", "changed")) is None


def test_cancelled_day_has_no_departure_and_others_have(problem):
    cancelled = exception("03-07", "cancelled")
    assert ship(problem, "03-07", cancelled) is None
    assert ship(problem, "03-21", cancelled) is not None


def test_capacity_of_an_exception_is_still_capped_onward(problem):
    more = replace(exception("03-03", "changed", capacity=9), service_id="TRAIN")
    found = Departures(with_tables(problem, exceptions=(more,)).network).find("TRAIN", date(2026, 3, 3))
    assert found.leg_capacity == (9, 4)


# --- closures ------------------------------------------------------------------------------------------


def closure(what, first, last, effect="closed", value=None, spares=()):
    first, last = (date.fromisoformat(f"2026-{day}") for day in (first, last))
    value = None if value is None else Fraction(value)
    return Closure(what=what, first=first, last=last, effect=effect, value=value, spares=spares)


def shut(problem, *closures, hours=0):
    """Places shut to the voyage of 7 March, from 10:00Z on and so many hours later."""
    later = exception("03-07", "changed", time_shift_min=hours * 60)
    changed = with_tables(problem, exceptions=(later,), closures=closures)
    departures = Departures(changed.network)
    found = departures.find("SHIP", date(2026, 3, 7))
    return departures.list_shut(found, 0, 2)


# The cape is passed from 27 March 10:00Z to 11:30Z; its clock is two hours ahead.


@pytest.mark.parametrize(
    ("hours", "first", "last", "is_shut"),
    [
        (12, "03-26", "03-28", False),  # arrives at 00:00 of the first open day
        (11, "03-26", "03-28", True),
        (10, "03-28", "03-29", False),  # leaves at 23:30 of the day before
        (11, "03-28", "03-29", True),  # arrives before, leaves at 00:30
    ],
)
def test_place_is_passed_from_arrival_to_departure_on_its_own_clock(problem, hours, first, last, is_shut):
    assert shut(problem, closure("CAPE", first, last), hours=hours) == ["CAPE"] * is_shut


@pytest.mark.parametrize(
    ("hours", "first", "is_shut"),
    [(5, "03-07", True), (6, "03-07", False), (5, "03-08", False), (6, "03-08", True)],
)
def test_place_is_shut_to_loading_from_midnight_to_midnight_of_its_clock(problem, hours, first, is_shut):
    """15:00Z is 23:00 and 16:00Z is 00:00 in Shanghai."""
    day = date.fromisoformat(f"2026-{first}")
    row = closure("PORT", first, (day + timedelta(days=1)).isoformat()[5:])
    assert shut(problem, row, hours=hours) == ["PORT"] * is_shut


def test_place_is_shut_to_unloading_by_the_arrival_not_the_release(problem):
    # 6 April 10:00Z; released at 22:00Z, when it is 7 April in Berlin.
    assert shut(problem, closure("QUAY", "04-06", "04-07")) == ["QUAY"]
    assert shut(problem, closure("QUAY", "04-07", "04-08")) == []


@pytest.mark.parametrize(
    ("spares", "is_shut"), [((), True), (("SHIP",), False), (("roro",), False), (("TRAIN", "road"), True)]
)
def test_closure_spares_services_and_modes(problem, spares, is_shut):
    assert shut(problem, closure("CAPE", "03-01", "05-01", spares=spares)) == ["CAPE"] * is_shut
    row = closure("SHIP", "03-07", "03-08", spares=spares)
    assert (ship(problem, "03-07", closures=(row,)) is None) == is_shut


def test_closures_are_tested_before_what_slows_the_departure(problem):
    slowed = closure("PORT", "03-07", "03-08", "extra_h", 12 * 60)
    assert shut(problem, slowed, closure("CAPE", "03-28", "03-29")) == []
    # And by the timetable, also where what slows comes first.
    assert shut(problem, slowed, closure("CAPE", "03-27", "03-28")) == ["CAPE"]


def test_what_slows_a_call_moves_it_and_all_later_ones_and_adds_up(problem):
    rows = (
        closure("CAPE", "03-27", "03-28", "extra_h", 60),
        closure("CAPE", "03-20", "03-28", "extra_h", 5),
        closure("QUAY", "04-06", "04-07", "extra_h", 7),
        closure("PORT", "03-08", "03-09", "extra_h", 1_000),  # the day after
        closure("CAPE", "03-20", "03-27", "extra_h", 1_000),  # over before it comes
    )
    found = ship(problem, "03-07", closures=rows)
    assert found.late_min == (0, 65, 72)
    assert found.departs_min(1) == at("03-27 12:35")
    assert found.arrives_min(2, "typical") == at("04-06 11:12")


def test_service_slowed_leaves_later_but_starts_by_its_timetable(problem):
    slowed = closure("SHIP", "03-07", "03-08", "extra_h", 24 * 60)
    found = ship(problem, "03-07", closures=(slowed, closure("SHIP", "03-08", "03-09")))
    assert found.departs_min() == at("03-08 10:00")
    assert found.late_min == (1_440,) * 3
    assert ship(problem, "03-21", closures=(slowed,)).late_min == (0, 0, 0)


def test_factors_multiply_and_round_down_once(problem):
    halves = (closure("SHIP", "03-07", "03-08", "capacity_factor", "1/2"),) * 2
    problem = with_service(problem, "SHIP", capacity=4_003)
    assert ship(problem, "03-07", closures=halves[:1]).leg_capacity == (2_001, 2_001)
    assert ship(problem, "03-07", closures=halves).leg_capacity == (1_000, 1_000)
    assert ship(problem, "03-21", closures=halves).leg_capacity == (4_003, 4_003)
    unlimited = with_service(problem, "SHIP", capacity=None)
    assert ship(unlimited, "03-07", closures=halves).leg_capacity == (None, None)


# --- times and today -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "arrival"), [("low", "03-16 14:00"), ("typical", "03-17 14:00"), ("high", "03-17 17:00")]
)
def test_times_move_the_alighting_and_what_slows_adds_to_it(times, arrival):
    block = Departures(charter_problem().network).find("BLOCK", date(2026, 3, 3))
    assert block.arrives_min(2, times) == at(arrival)
    # Where no other journey is known it is the typical one; boarding keeps the timetable.
    assert block.arrives_min(1, times) == at("03-07 20:30")


def rules_of_ride(problem, *, booked=False):
    """Rules that the ride of the car carrier of 7 March breaks."""
    findings = Findings()
    rules = LegRules(problem, Costing(problem).book, Departures(problem.network), findings)
    rules.ride(problem.batches[WHOLE], stages_of(BY_FERRY)[5], "ride", booked=booked)
    return {finding.rule for finding in findings.list}


def test_gate_may_close_in_the_minute_today_begins_and_not_before():
    """The ship really leaves on 7 March 10:10Z; today begins on 5 March 16:00Z."""
    problem = with_service(charter_problem(), "FERRY", book_by_min=None)
    problem = replace(problem, terms=replace(problem.terms, today=date(2026, 3, 6)))
    cutoff = at("03-07 10:10") - at("03-05 16:00")
    assert rules_of_ride(with_call(problem, "FERRY", 0, cutoff_min=cutoff)) == {"gate_time"}
    problem = with_call(problem, "FERRY", 0, cutoff_min=cutoff + 1)
    assert rules_of_ride(problem) == {"gate_time", "departed"}
    assert rules_of_ride(problem, booked=True) == {"gate_time"}


def test_bookings_may_close_in_the_minute_today_begins_and_not_before():
    problem = charter_problem()
    problem = replace(problem, terms=replace(problem.terms, today=date(2026, 3, 6)))
    book_by = at("03-07 10:10") - at("03-05 16:00")
    assert rules_of_ride(with_service(problem, "FERRY", book_by_min=book_by)) == set()
    problem = with_service(problem, "FERRY", book_by_min=book_by + 1)
    assert rules_of_ride(problem) == {"book_by"}
    assert rules_of_ride(problem, booked=True) == set()
    assert rules_of_ride(replace(problem, terms=replace(problem.terms, today=None))) == set()
