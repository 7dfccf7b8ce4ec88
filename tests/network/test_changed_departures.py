"""Departures that are added, cancelled, changed, put off or shut: by hand, and against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from planner.model import Network, Problem
from planner.network.lay_out import timetable_of
from planner.network.roll_out import Departure, RollOut
from tests.oracles.departures import find_departure, ride_is_open
from tests.tiny import MONDAY, START_MIN, WEEKDAYS, tiny

HOUR = 60
DAY = 24 * HOUR
LINE = """
    place plant zone=Asia/Shanghai
    place strait zone=Africa/Cairo
    place hub zone=Europe/Berlin
    service line plant -> strait@20-30 -> hub@44-50* -> port@70 leaves=Mon,Wed room=10 onward=10,7,10 price=9
    batch 1 car plant -> port due=500
"""


def rolled_out(text: str) -> tuple[RollOut, Network]:
    network = tiny(LINE + text).network
    return RollOut(network), network


def departure(text: str, day: str = "Mon") -> Departure | None:
    found, network = rolled_out(text)
    return found.find_departure(network.services["line"], MONDAY + timedelta(WEEKDAYS.index(day)))


def clock(found: Departure) -> list[tuple[float, float]]:
    """Hours of arrival and departure at each call, after Monday 00:00 in Shanghai."""
    zero = START_MIN - 8 * HOUR
    return [
        ((found.free_min(call) - zero) / HOUR, (found.departs_min(call) - zero) / HOUR) for call in range(4)
    ]


def test_cancelled_departure_is_gone_and_added_one_leaves_at_the_first_calendars_time():
    assert departure("exception line Mon cancelled") is None
    assert departure("exception line Mon cancelled", "Wed") is not None
    added = departure("exception line Thu added", "Thu")
    assert added is not None
    assert added.start_min == START_MIN + 3 * DAY  # 08:00 in Shanghai
    assert departure("", "Thu") is None


def test_added_departure_does_not_look_at_the_days_of_calendar_or_service():
    found, network = rolled_out("exception line 30 added")
    service = network.services["line"]
    assert service.calendars[0].last_date < MONDAY + timedelta(30)
    assert found.find_departure(service, MONDAY + timedelta(30)) is not None


def test_changed_departure_keeps_its_day_and_moves_all_calls():
    plain, moved = departure(""), departure("exception line Mon changed shift=30")
    assert plain is not None
    assert moved is not None
    assert (moved.day, moved.start_min) == (MONDAY, plain.start_min + 30 * HOUR)
    assert clock(moved) == [(arrives + 30, departs + 30) for arrives, departs in clock(plain)]


def test_other_capacity_is_still_capped_onward_and_other_price_is_kept():
    found = departure("exception line Mon changed room=8 factor=3/2")
    assert found is not None
    assert [found.leg_capacity(leg) for leg in range(3)] == [8, 7, 8]
    assert found.price_factor == Fraction(3, 2)
    later = departure("exception line Mon changed room=8 factor=3/2", "Wed")
    assert later is not None
    assert ([later.leg_capacity(leg) for leg in range(3)], later.price_factor) == ([10, 7, 10], 1)


def test_factor_of_closures_is_rounded_down_leg_by_leg():
    found = departure("exception line Mon changed room=8\nclosure line Mon Tue factor 1/3")
    assert found is not None
    assert [found.leg_capacity(leg) for leg in range(3)] == [2, 2, 2]
    roomy = tiny("""
        service line plant -> port@9 price=1
        closure line Mon Tue factor 1/3
        batch 1 car plant -> port
    """).network
    free = RollOut(roomy).find_departure(roomy.services["line"], MONDAY)
    assert free is not None
    assert free.leg_capacity(0) is None


@pytest.mark.parametrize(
    ("closure", "late"),
    [
        ("closure strait Tue Wed extra 5", [0, 5, 5, 5]),  # there from 22:00 of Monday to 08:00 of Tuesday
        ("closure strait Wed Thu extra 5", [0, 0, 0, 0]),
        ("closure strait Tue Wed extra 5 spares=line", [0, 0, 0, 0]),
        ("closure line Mon Tue extra 5", [5, 5, 5, 5]),
        ("closure line Tue Wed extra 5", [0, 0, 0, 0]),
        ("closure plant Mon Tue extra 5", [5, 5, 5, 5]),
        ("closure hub Tue Fri extra 2\nclosure strait Mon Wed extra 5", [0, 5, 7, 7]),
        # what is late already does not meet a closure it would not have met by the timetable
        ("closure strait Mon Tue extra 24\nclosure hub Thu Fri extra 2", [0, 24, 24, 24]),
    ],
)
def test_extra_hours_put_off_the_call_and_all_later_ones(closure: str, late: list[int]):
    plain, slowed = departure(""), departure(closure)
    assert plain is not None
    assert slowed is not None
    assert slowed.start_min == plain.start_min
    for call in range(4):
        assert slowed.departs_min(call) - plain.departs_min(call) == late[call] * HOUR, call
        assert slowed.gate_min(call) - plain.gate_min(call) == late[call] * HOUR, call
        assert slowed.free_min(call) - plain.free_min(call) == late[call] * HOUR, call


def test_timetable_after_exceptions_is_what_closures_look_at():
    assert departure("closure line Mon Tue closed") is None
    moved = "exception line Mon changed shift=24\n"
    assert departure(moved + "closure line Mon Tue closed") is not None
    assert departure(moved + "closure line Tue Wed closed") is None
    # extra hours do not carry it out of the window
    assert departure("closure line Mon Tue extra 24\nclosure line Mon Tue closed") is None


@pytest.mark.parametrize(
    ("closure", "shut"),
    [
        ("closure strait Tue Wed closed", {(0, 2), (0, 3)}),  # passed
        ("closure plant Mon Tue closed", {(0, 2), (0, 3)}),
        ("closure port Wed Thu closed", {(0, 3), (2, 3)}),  # alights at 22:00 of Wednesday
        ("closure hub Tue Wed closed", {(0, 2), (0, 3)}),  # arrives at 21:00, departs at 03:00 of Wednesday
        ("closure hub Wed Thu closed", {(0, 3), (2, 3)}),
        ("closure hub Wed Thu closed spares=line", set()),
        ("closure port Thu Fri closed", set()),
    ],
)
def test_ride_needs_every_place_open_when_it_is_there(closure: str, shut: set[tuple[int, int]]):
    found, network = rolled_out(closure)
    one = found.find_departure(network.services["line"], MONDAY)
    assert one is not None
    assert {ride for ride in ((0, 2), (0, 3), (2, 3)) if not found.is_open(one, *ride)} == shut
    table = timetable_of(tiny(LINE.replace("leaves=Mon,Wed", "leaves=Mon") + closure))
    assert {(pair.board_call, pair.alight_call) for pair in table.pairs} == {(0, 2), (0, 3), (2, 3)} - shut


def test_departure_brought_forward_counts_up_to_the_last_minute_of_the_horizon():
    """Its day is two days after the last delivery, but it leaves and arrives before."""
    world = """
        service line plant -> port@5 leaves=Thu at=08:00 price=9
        exception line Thu changed shift=-60
        batch 1 car plant -> port due=48
    """
    table = timetable_of(tiny(world))
    assert [departure.day for departure in table.departures] == [MONDAY + timedelta(3)]
    assert list(table.arrays["arrival_min"]) == [START_MIN + 25 * HOUR]


def test_departures_brought_forward_hide_no_others():
    """One day is brought far forward; the others still leave when the calendar says."""
    world = """
        service line plant -> hub@60-61* -> port@70 leaves=Mon,Thu at=08:00 price=9
        exception line Thu changed shift=-90
        batch 1 car hub -> port ready=60 due=80
    """
    table = timetable_of(tiny(world))
    assert MONDAY in [departure.day for departure in table.departures]


def test_departure_slowed_at_two_calls_of_one_place_still_loads_where_it_comes_late():
    world = """
        service line plant -> hub@1 -> far@2 -> hub@3-4* -> port@9 leaves=Mon at=00:00 price=9
        closure hub Mon Tue extra 60
        batch 1 car hub -> port ready=122 due=200
    """
    (departure,) = timetable_of(tiny(world)).departures
    assert departure.gate_min(3) == START_MIN + 124 * HOUR


def random_changes(rng: Random) -> Problem:
    lines = [LINE, "service other plant -> hub@5-9* -> plant@30-35 -> hub@40 leaves=Tue,Sat price=1"]
    days = {"line": (0, 2), "other": (1, 5)}
    for name, running in days.items():
        for day in rng.sample(range(7), 3):
            shift = rng.choice(("", f"shift={rng.randint(-40, 40)}"))
            effects = ("changed", "changed", "cancelled") if day in running else ("added",)
            effect = rng.choice(effects)
            lines.append(f"exception {name} {day} {effect} {shift if effect != 'cancelled' else ''}")
    for _ in range(rng.randint(1, 4)):
        what = rng.choice(("plant", "strait", "hub", "port", "line", "other"))
        first = rng.randrange(-1, 8)
        effect = rng.choice(("closed", f"extra {rng.randint(1, 40)}", "factor 2/3"))
        spares = rng.choice(("", "", "spares=line", "spares=other"))
        lines.append(f"closure {what} {first} {first + rng.randint(1, 3)} {effect} {spares}")
    return tiny("\n".join(lines))


def days_around() -> list[date]:
    return [MONDAY + timedelta(day) for day in range(-3, 12)]


def test_departures_are_those_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    late = shut = 0
    for _ in range(num_worlds(400)):
        network = random_changes(rng).network
        rolled = RollOut(network)
        first = START_MIN + rng.randrange(-2 * DAY, 6 * DAY)
        last = first + rng.randrange(6 * DAY)
        for service in network.services.values():
            expected = []
            for day in days_around():
                ours, theirs = rolled.find_departure(service, day), find_departure(network, service, day)
                assert (ours is None) == (theirs is None), (service.id, day)
                if ours is None or theirs is None:
                    continue
                calls = range(len(service.calls))
                assert [ours.departs_min(call) for call in calls] == [theirs.leaves(call) for call in calls]
                assert [ours.leg_capacity(leg) for leg in calls[:-1]] == list(theirs.rooms)
                for i in calls:
                    for j in calls[i + 1 :]:
                        is_open = ride_is_open(network, theirs, i, j)
                        assert rolled.is_open(ours, i, j) == is_open
                        shut += not is_open
                late += any(theirs.late)
                gates = [theirs.leaves(call) for call in calls if service.calls[call].load]
                if ours.start_min <= last and max(gates) >= first:
                    expected.append(day)
            found = [one.day for one in rolled.list_departures(service, first, last)]
            assert found == expected, service.id
    assert late
    assert shut
