"""What becomes of an itinerary if every journey is a slow one."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from fractions import Fraction

import pytest

from planner.model import Road
from planner.pricebook import PriceBook
from planner.slack import SlowJourneys, next_dispatch_min
from planner.solve import solve
from tests.tiny import START_MIN, tiny

HOUR = 60


def delivered_h(text):
    """Hours of Delivered under high times, of the only itinerary; none if a gate is missed."""
    problem = tiny(text)
    (entry,) = solve(problem).plan.batches
    (itinerary,) = entry.itineraries
    slow = SlowJourneys(PriceBook(problem.network), "typical")
    found = slow.find_delivered_min(itinerary)
    assert slow.is_late(problem.batches[0], itinerary) is (
        found is None or found > problem.batches[0].due_min
    )
    return None if found is None else (found - START_MIN) / HOUR


ALL_THE_WAY = """
    service ship plant -> market@24/20/30 leaves=Mon at=08:00 price=40
    batch   1 car plant -> market ready=0 due=72
"""


def test_a_slow_ride_is_delivered_at_its_slow_arrival():
    assert delivered_h(ALL_THE_WAY) == 8 + 30


@pytest.mark.parametrize(("times", "hours"), [("low", 20), ("typical", 24), ("high", 30)])
def test_slow_is_the_same_whatever_arrivals_the_plan_was_made_with(times, hours):
    problem = tiny(ALL_THE_WAY)
    (entry,) = solve(problem).plan.batches
    (planned,) = entry.itineraries
    later = (hours - 24) * HOUR
    before, dwell, ride, after = planned.stages
    stages = (
        before,
        dwell,
        replace(ride, end_min=ride.end_min + later),
        replace(after, start_min=after.start_min + later, end_min=after.end_min + later),
    )
    slow = SlowJourneys(PriceBook(problem.network), times)
    assert slow.find_delivered_min(replace(planned, stages=stages)) == START_MIN + (8 + 30) * HOUR


def test_a_call_without_a_slow_arrival_keeps_the_timetable():
    assert delivered_h(ALL_THE_WAY.replace("@24/20/30", "@24")) == 8 + 24


CHANGE = """
    service barge plant -> port@24/20/30 leaves=Mon at=00:00 price=40
    service ship  port -> market@24 leaves=Tue at=HOUR:00 price=40
    batch   1 car plant -> market ready=0 due=96
"""


def test_a_gate_is_missed_if_the_feeder_comes_late():
    assert delivered_h(CHANGE.replace("HOUR", "05")) is None


def test_a_gate_with_time_to_spare_takes_the_delay_away():
    assert delivered_h(CHANGE.replace("HOUR", "06")) == 24 + 6 + 24


def test_a_truck_that_is_missed_is_the_next_of_its_grid():
    text = """
        service ship plant -> port@24/20/30 leaves=Mon at=00:00 price=40
        road    port -> market hours=3 every=24 first=04:00 price=5
        batch   1 car plant -> market ready=0 due=96
    """
    assert delivered_h(text) == 2 * 24 + 4 + 3


@pytest.mark.parametrize(
    ("at", "leaves"),
    [("06:00", "06:00"), ("06:01", "16:00"), ("16:00", "16:00"), ("16:01", "30:00"), ("05:59", "06:00")],
)
def test_the_grid_of_a_road_starts_anew_each_day(at, leaves):
    road = Road(
        from_place="A",
        to_place="B",
        form="loose",
        km=1,
        travel_min=1,
        departs_every_min=10 * HOUR,
        first_local_time=time(6),
        per="vehicle",
        price=Fraction(0),
    )

    def minutes(text):
        hour, minute = text.split(":")
        return START_MIN + int(hour) * HOUR + int(minute)

    # Every ten hours from 6: 6, 16, and 2 of the next day, which ends where the next grid starts.
    expected = minutes("26:00") if at == "16:01" else minutes(leaves)
    assert next_dispatch_min(road, minutes(at), "UTC") == expected
