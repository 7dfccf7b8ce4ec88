"""Departures and dispatches against calendars read by hand: weeks, dates, zones, changes of the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from planner.model import Calendar, Network, Service
from planner.network.roll_out import RollOut, runs_on
from tests.tiny import MONDAY, START_MIN, tiny
from tests.worlds import plain_world

DAY_MIN = 1_440


def minute(text: str, zone: str = "UTC") -> int:
    """Minutes since 1970 of a local time like ``2025-03-30 02:30``."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp()) // 60


def world(leaves: str, zone: str = "UTC", **calendar: object) -> tuple[Network, Service]:
    made = tiny(f"""
        place plant zone={zone}
        service barge plant -> port@24 {leaves} price=1
        batch 1 car plant -> port
    """).network
    service = made.services["barge"]
    return made, replace(service, calendars=(replace(service.calendars[0], **calendar),))


def days_of(network: Network, service: Service, first: str, last: str) -> list[str]:
    found = RollOut(network).list_departures(service, minute(first), minute(last))
    return [departure.day.isoformat()[5:] for departure in found]


ALWAYS = {"first_date": None, "last_date": None}


def test_service_leaves_on_its_weekdays():
    network, service = world("leaves=Tue,Fri", **ALWAYS)
    assert days_of(network, service, "2025-03-03", "2025-03-16") == ["03-04", "03-07", "03-11", "03-14"]


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("2025-03-03", ["03-04", "03-18", "04-01"]),
        ("2025-03-09", ["03-04", "03-18", "04-01"]),  # any day of the anchor's ISO week will do
        ("2025-03-10", ["03-11", "03-25"]),
        ("2025-04-27", ["03-11", "03-25"]),  # an anchor to come counts back just as well
    ],
)
def test_every_second_week_counts_from_the_week_of_the_anchor(anchor: str, expected: list[str]):
    network, service = world("leaves=Tue", every_weeks=2, anchor_date=date.fromisoformat(anchor), **ALWAYS)
    assert days_of(network, service, "2025-03-03", "2025-04-06") == expected


def test_weeks_are_counted_across_the_turn_of_a_year():
    network, service = world("leaves=Thu", every_weeks=3, anchor_date=date(2024, 12, 19), **ALWAYS)
    # 2024 has 52 ISO weeks: 1, 2 and 3 weeks after 19 December
    assert days_of(network, service, "2024-12-16", "2025-01-31") == ["12-19", "01-09", "01-30"]


@pytest.mark.parametrize("owner", ["calendar", "service"])
def test_first_and_last_day_are_both_included(owner: str):
    limits = {"first_date": date(2025, 3, 4), "last_date": date(2025, 3, 11)}
    network, service = world("leaves=Tue", **(limits if owner == "calendar" else ALWAYS))
    service = replace(service, **(limits if owner == "service" else {}))
    assert days_of(network, service, "2025-02-20", "2025-03-30") == ["03-04", "03-11"]


def test_later_of_two_first_days_and_earlier_of_two_last_days_count():
    network, service = world("leaves=Tue", first_date=date(2025, 3, 4), last_date=date(2025, 3, 18))
    service = replace(service, first_date=date(2025, 3, 5), last_date=date(2025, 3, 17))
    assert days_of(network, service, "2025-02-20", "2025-03-30") == ["03-11"]


def test_day_in_two_calendars_is_one_departure():
    network, service = world("leaves=Tue,Fri", **ALWAYS)
    service = replace(service, calendars=(*service.calendars, replace(service.calendars[0], weekdays=(5, 6))))
    assert days_of(network, service, "2025-03-03", "2025-03-09") == ["03-04", "03-07", "03-08"]


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Asia/Shanghai", date(2025, 3, 4), "08:00", "2025-03-04 00:00"),
        ("Asia/Shanghai", date(2025, 3, 4), "03:00", "2025-03-03 19:00"),  # the local day names the departure
        ("Europe/Berlin", date(2025, 3, 29), "08:00", "2025-03-29 07:00"),
        ("Europe/Berlin", date(2025, 3, 30), "08:00", "2025-03-30 06:00"),  # clocks went forward that night
        ("Europe/Berlin", date(2025, 3, 30), "02:30", "2025-03-30 01:30"),  # no such time: offset before
        ("Europe/Berlin", date(2025, 10, 26), "02:30", "2025-10-26 00:30"),  # twice: the first
        ("Europe/Berlin", date(2025, 10, 26), "08:00", "2025-10-26 07:00"),
    ],
)
def test_departure_time_is_that_of_the_first_calls_clock(zone: str, day: date, at: str, expected: str):
    calendar = Calendar(weekdays=tuple(range(1, 8)), local_time=time.fromisoformat(at))
    network, service = world("leaves=Mon", zone)
    service = replace(service, calendars=(calendar,))
    around = minute(day.isoformat())
    departures = RollOut(network).list_departures(service, around - 2 * DAY_MIN, around + 2 * DAY_MIN)
    start = {departure.day: departure.start_min for departure in departures}
    assert datetime.fromtimestamp(start[day] * 60, UTC).isoformat(" ", "minutes")[:16] == expected


def test_call_times_are_counted_from_the_departure_whatever_the_clocks_do():
    network = tiny("""
        place plant zone=Europe/Berlin
        place port zone=Europe/Berlin
        service barge plant -> hub@10-12* -> port@48 leaves=Sat at=20:00 until=9 cutoff=3 release=5 price=1
        batch 1 car plant -> port
    """).network
    first, last = minute("2025-03-29 00:00"), minute("2025-03-30 00:00")
    (departure,) = RollOut(network).list_departures(network.services["barge"], first, last)
    assert departure.start_min == minute("2025-03-29 20:00", "Europe/Berlin") == minute("2025-03-29 19:00")
    assert [departure.gate_min(call) - departure.start_min for call in (0, 1)] == [-180, 9 * 60]
    assert [departure.free_min(call) - departure.start_min for call in (1, 2)] == [15 * 60, 53 * 60]


def test_departure_counts_as_long_as_it_still_loads_somewhere():
    network = tiny("""
        service barge plant -> hub@100-102* -> port@200 leaves=Mon cutoff=2 price=1
        batch 1 car plant -> port
    """).network
    service = network.services["barge"]  # leaves on Monday at 8 h, its gate at the hub closes at 108 h
    assert (
        len(list(RollOut(network).list_departures(service, START_MIN + 108 * 60, START_MIN + 200 * 60))) == 1
    )
    assert not list(RollOut(network).list_departures(service, START_MIN + 108 * 60 + 1, START_MIN + 200 * 60))
    assert len(list(RollOut(network).list_departures(service, START_MIN, START_MIN + 8 * 60))) == 1
    assert not list(RollOut(network).list_departures(service, START_MIN, START_MIN + 8 * 60 - 1))


def test_departures_are_those_of_every_single_day(num_worlds: Callable[[int], int], seed: int):
    """Rolled out between any two minutes: the days that run, none twice, in order."""
    rng = Random(seed)
    for number in range(seed, seed + num_worlds(200)):
        made = plain_world(number)  # what changes departures has tests of its own
        first = made.batches[0].ready_min + rng.randrange(-9, 9) * DAY_MIN
        last = first + rng.randrange(30 * DAY_MIN)
        for service in made.network.services.values():
            zone = ZoneInfo(made.network.places[service.calls[0].place].time_zone)
            expected = []
            for offset in range(-30, 62):
                day = datetime.fromtimestamp(first * 60, UTC).date() + timedelta(days=offset)
                running = [one for one in service.calendars if runs_on(service, one, day)]
                if running:
                    at = datetime.combine(day, running[0].local_time, tzinfo=zone)
                    start = int(at.timestamp()) // 60
                    gates = [start + c.depart_min - c.cutoff_min for c in service.calls if c.load]
                    if start <= last and max(gates, default=first - 1) >= first:
                        expected.append((day, start))
            found = [
                (one.day, one.start_min)
                for one in RollOut(made.network).list_departures(service, first, last)
            ]
            assert found == expected, f"plain_world({number}) {service.id}"


def dispatches(every: str, first_time: str, first: str, last: str, zone: str = "UTC") -> list[str]:
    network = tiny(f"""
        place plant zone={zone}
        road plant -> port hours=5 every={every} first={first_time}
        batch 1 car plant -> port
    """).network
    (road,) = network.roads
    found = RollOut(network).list_dispatches(road, minute(first, zone), minute(last, zone))
    local = [datetime.fromtimestamp(one * 60, UTC).astimezone(ZoneInfo(zone)) for one in found]
    return [f"{one:%d %H:%M}" for one in local]


def test_road_is_dispatched_on_its_grid_between_both_ends_included():
    assert dispatches("6", "01:00", "2025-03-03 07:00", "2025-03-04 01:00") == [
        "03 07:00",
        "03 13:00",
        "03 19:00",
        "04 01:00",
    ]


def test_grid_restarts_each_local_day():
    # 9 hours do not divide a day: 00:00, 09:00, 18:00, then 00:00 again, not 03:00
    assert dispatches("9", "00:00", "2025-03-03 00:00", "2025-03-04 08:00") == [
        "03 00:00",
        "03 09:00",
        "03 18:00",
        "04 00:00",
    ]


def test_grid_runs_through_midnight_to_the_next_days_first_dispatch():
    assert dispatches("10", "15:00", "2025-03-03 00:00", "2025-03-04 23:00") == [
        "03 01:00",
        "03 11:00",
        "03 15:00",
        "04 01:00",
        "04 11:00",
        "04 15:00",
    ]


def test_day_of_23_hours_has_fewer_dispatches_and_one_of_25_hours_more():
    zone = "Europe/Berlin"
    spring = dispatches("8", "00:00", "2025-03-30 00:00", "2025-03-31 00:00", zone)
    assert spring == ["30 00:00", "30 09:00", "30 17:00", "31 00:00"]
    autumn = dispatches("12", "00:00", "2025-10-26 00:00", "2025-10-27 00:00", zone)
    assert autumn == ["26 00:00", "26 11:00", "26 23:00", "27 00:00"]


def test_step_of_more_than_a_day_is_one_dispatch_a_day():
    assert dispatches("36", "08:00", "2025-03-03 00:00", "2025-03-05 23:00") == [
        "03 08:00",
        "04 08:00",
        "05 08:00",
    ]


def test_monday_of_the_tiny_worlds_is_a_monday():
    assert MONDAY.isoweekday() == 1
