"""What is shut, slow or short of room by date: each kind of row in the tables, seen at work on the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from planner.clock import local_minutes
from planner.model import Batch, Network, Plan, Problem, Service
from planner.model.results import SolveOptions
from planner.network.roll_out import Departure, RollOut
from planner.reading.tables import read_network
from planner.solve import solve

QUICK = SolveOptions(slot_values=0, remedies=0)
LOW_WATER = ("BOX-CKG-WGQ", "RORO-CKG-WUH", "BOX-WUH-WGQ", "BOX-WUH-JIU", "BOX-JIU-WHI", "RORO-WUH-SHA")
STILL = ("BOX-WHI-WGQ", "BOX-HFE-WGQ", "BOX-ZHK-WHI")
"""Barges that lie still in the first days of the New Year holiday."""
DAY = 24 * 60

# what, effect -> a batch that meets it: plant, market, type, ready
SHUT = {
    "BREST": ("BYD-CGO", "CMP-RUHR", "atto-3", date(2025, 9, 4)),
    "CHOP": ("BYD-CGO", "CMP-BUDAPEST", "atto-3", date(2026, 3, 2)),
    "KALININGRAD": ("BYD-CGO", "CMP-RUHR", "atto-3", date(2026, 3, 2)),
    "SUEZ": ("SAIC-CGO", "PIRAEUS", "mg4", date(2026, 6, 1)),
}
SHUT_LINES = {
    "RORO-SHA-PIR-CAPE": ("SAIC-CGO", "PIRAEUS", "mg4", date(2025, 6, 1)),
    "RORO-SHA-LIV-CAPE": ("SAIC-CGO", "LIVORNO", "mg4", date(2025, 6, 1)),
}
SLOWED = {
    "BREST": (date(2025, 9, 25), 168),
    "DOSTYK": (date(2026, 2, 1), 96),
    "THREE-GORGES": (date(2027, 3, 1), 42),
    "HFE-PAIHE": (date(2027, 2, 4), 24),
    "ZHOUKOU": (date(2027, 2, 4), 24),
}


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network()


def without(network: Network, what: str) -> Network:
    return replace(network, closures=tuple(row for row in network.closures if row.what != what))


def plan_of(network: Network, way: tuple[str, str, str, date], days: int, **wishes: tuple[str, ...]) -> Plan:
    """Plan of thirty cars that have so many days."""
    origin, destination, vehicle_type, ready = way
    batch = Batch(
        id="Q",
        shipper=origin.split("-", maxsplit=1)[0],
        origin=origin,
        destination=destination,
        vehicle_type=vehicle_type,
        vehicles=30,
        ready_min=local_minutes(ready, time(0), network.places[origin].time_zone),
        due_min=local_minutes(ready + timedelta(days=days), time(0), network.places[destination].time_zone),
        **wishes,
    )
    return solve(Problem(network=network, batches=(batch,)), QUICK).plan


def reason_of(plan: Plan) -> str:
    left = plan.batches[0].unplanned
    return "" if left is None else left.reason


def departures_of(network: Network, service: Service, first: date, days: int) -> Iterator[Departure]:
    start = local_minutes(first, time(0), network.places[service.calls[0].place].time_zone)
    # from a gate some days before to an arrival long after
    last = start + (days + 14) * DAY + service.calls[-1].arrive_min
    rolled = RollOut(network).list_departures(service, start - 14 * DAY, last)
    return (each for each in rolled if first <= each.day < first + timedelta(days=days))


def test_every_row_is_of_a_kind_that_is_tested_here(network: Network):
    tested = {(what, "closed") for what in (*SHUT, *SHUT_LINES)}
    tested |= {(what, "extra_h") for what in SLOWED}
    tested |= {(what, "capacity_factor") for what in (*LOW_WATER, "WHI-ZHUJIAQIAO")}
    assert {(row.what, row.effect) for row in network.closures} == tested
    exceptions = {(row.service_id, row.effect) for row in network.exceptions}
    assert exceptions == {
        *((service, "cancelled") for service in (*STILL, "RORO-HFE-SHA", "BOX-SHA-RTM-CAPE")),
        *((service, "changed") for service in ("RAIL-PUT-MAA", "RAIL-ILP-MAA")),
    }


@pytest.mark.parametrize("place", SHUT)
def test_nobody_goes_where_a_place_is_shut(network: Network, place: str):
    """Brest is shut for 13 days, so that there is a later train; the others are for years."""
    days, reason = (26, "too_late") if place == "BREST" else (110, "closed")
    assert reason_of(plan_of(network, SHUT[place], days, via=(place,))) == reason
    opened = plan_of(without(network, place), SHUT[place], days, via=(place,))
    assert reason_of(opened) == ""


@pytest.mark.parametrize("line", SHUT_LINES)
def test_a_line_sails_one_way_round_at_a_time(network: Network, line: str):
    """In 2025 the two lines go by Suez, which is shut to all others; from March 2026 by the Cape."""
    way = SHUT_LINES[line]
    by_suez = plan_of(network, way, 110, via=("SUEZ",))
    assert reason_of(by_suez) == ""
    rides = [ride for itinerary in by_suez.batches[0].itineraries for ride in itinerary.chain]
    assert line.replace("CAPE", "SUEZ") in {ride.service_id for ride in rides}
    assert not list_sailing(network, line, date(2025, 6, 1))
    assert list_sailing(network, line, date(2026, 6, 1))


def list_sailing(network: Network, line: str, first: date) -> list[Departure]:
    """Departures of a line in four weeks that may be ridden from end to end."""
    service = network.services[line]
    roll_out = RollOut(network)
    return [
        each
        for each in departures_of(network, service, first, 28)
        if roll_out.is_open(each, 0, len(service.calls) - 1)
    ]


@pytest.mark.parametrize("place", SLOWED)
def test_who_passes_a_slow_place_comes_later_by_its_hours(network: Network, place: str):
    first, hours = SLOWED[place]
    slowed, compared = 0, 0
    calm = without(network, place)
    for service in network.services.values():
        if place not in {call.place for call in service.calls[:-1]}:
            continue
        start = first - timedelta(days=service.calls[-1].arrive_min // DAY + 1)
        last = len(service.calls) - 1
        pairs = zip(
            departures_of(network, service, start, 70), departures_of(calm, service, start, 70), strict=True
        )
        for met, free in pairs:
            later = met.free_min(last, "typical") - free.free_min(last, "typical")
            assert later in (0, hours * 60), (service.id, met.day)
            slowed += later > 0
            compared += 1
    assert 0 < slowed < compared


@pytest.mark.parametrize("line", LOW_WATER)
def test_low_water_takes_a_fifth_of_the_room(network: Network, line: str):
    """On the Yangtze above Wuhu from November to April, ships load less."""
    service = network.services[line]
    assert service.capacity is not None
    in_april = {each.leg_capacity(0) for each in departures_of(network, service, date(2027, 4, 1), 29)}
    in_june = {each.leg_capacity(0) for each in departures_of(network, service, date(2027, 6, 1), 29)}
    assert in_april == {int(service.capacity * Fraction(8, 10))}
    assert in_june == {service.capacity}


def test_half_of_the_gangs_stuff_half_of_the_boxes(network: Network):
    """Chinese New Year 2027: boxes a day at Wuhu."""
    at_port = next(row for row in network.throughput if row.place == "WHI-ZHUJIAQIAO")
    closures = RollOut(network).closures
    assert at_port.units_per_day > 1
    assert closures.throughput_factor(at_port.place, date(2027, 2, 8)) == Fraction(1, 2)
    assert closures.throughput_factor(at_port.place, date(2027, 3, 8)) == 1


@pytest.mark.parametrize("line", STILL)
def test_barges_lie_still_in_the_new_year_holiday(network: Network, line: str):
    days = {each.day for each in departures_of(network, network.services[line], date(2027, 1, 25), 30)}
    assert days
    assert not {date(2027, 2, 4) + timedelta(days=number) for number in range(5)} & days


def test_trains_of_the_holiday_leave_a_day_later(network: Network):
    changed = {(row.service_id, row.day) for row in network.exceptions if row.effect == "changed"}
    assert changed
    for service_id, day in changed:
        service = network.services[service_id]
        (late,) = departures_of(network, service, day, 1)
        (usual,) = departures_of(replace(network, exceptions=(), closures=()), service, day, 1)
        assert late.departs_min(0) - usual.departs_min(0) == DAY


def test_cancelled_sailings_do_not_sail(network: Network):
    cancelled = [row for row in network.exceptions if row.effect == "cancelled"]
    always = replace(network, exceptions=())
    for row in cancelled:
        service = network.services[row.service_id]
        assert not list(departures_of(network, service, row.day, 1))
        assert list(departures_of(always, service, row.day, 1))
