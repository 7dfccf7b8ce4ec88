"""What a year of departures is at most, beside those that are really rolled out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.model import DepartureException
from planner.model.services import ADDED, CANCELLED
from planner.network.departures_a_year import departures_a_year
from planner.network.roll_out import RollOut
from planner.reading.tables import read_network
from tests.worlds import random_world

MONDAY = date(2027, 3, 1)


def rolled_out(network, days: int = 364) -> int:
    """Departures of the days from a Monday on."""
    roll_out = RollOut(network)
    return sum(
        roll_out.find_departure(service, MONDAY + timedelta(days=day)) is not None
        for service in network.services.values()
        for day in range(days)
    )


def one_service(network, weekdays=(1, 4), every_weeks=1, **dates):
    service = next(iter(network.services.values()))
    calendar = replace(
        service.calendars[0],
        weekdays=weekdays,
        every_weeks=every_weeks,
        anchor_date=MONDAY,
        **{"first_date": None, "last_date": None, **dates},
    )
    service = replace(service, calendars=(calendar,), first_date=None, last_date=None)
    return replace(network, services={service.id: service}, exceptions=(), closures=())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 104),
        ({"every_weeks": 2}, 52),
        ({"every_weeks": 3, "weekdays": (7,)}, 18),
        ({"first_date": MONDAY, "last_date": MONDAY + timedelta(days=13)}, 4),
        ({"first_date": MONDAY, "last_date": MONDAY}, 2),
        ({"first_date": MONDAY, "last_date": MONDAY - timedelta(days=1)}, 0),
        ({"first_date": MONDAY}, 104),
    ],
)
def test_weekdays_weeks_and_dates_count(asked, expected, seed):
    network = one_service(random_world(seed).network, **asked)
    assert departures_a_year(network) == expected
    assert rolled_out(network) <= expected


def test_departures_that_are_added_count_and_those_that_are_cancelled_are_not_taken_off(seed):
    network = one_service(random_world(seed).network)
    (service,) = network.services
    extra = tuple(
        DepartureException(service_id=service, day=MONDAY + timedelta(days=day), effect=effect)
        for day, effect in ((1, ADDED), (2, ADDED), (3, CANCELLED))
    )
    assert departures_a_year(replace(network, exceptions=extra)) == 106


def test_the_shipped_network_has_no_more_than_is_counted():
    network = read_network()
    counted = departures_a_year(network)
    assert rolled_out(network) <= counted < 50_000
