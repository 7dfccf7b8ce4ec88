"""What is shut or slowed when: windows to the minute, on the right clock, with those they spare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest

from planner.network.closures import Closures
from planner.network.roll_out import RollOut
from tests.oracles.dates import closures_on, day_of, meets
from tests.tiny import MONDAY, START_MIN, tiny

HOUR = 60
DAY = 24 * HOUR
WORLD = """
    place plant zone=Asia/Shanghai
    place port zone=Europe/Berlin
    service barge plant -> port@24 leaves=Mon,Tue,Wed,Thu,Fri,Sat,Sun until=2 price=1 room=10
    service rail plant -> port@24 leaves=Mon,Tue,Wed,Thu,Fri,Sat,Sun until=2 price=1
    road plant -> port hours=30 every=1
    batch 1 car plant -> port
"""


def closures(text: str) -> tuple[Closures, dict[str, object]]:
    network = tiny(WORLD + text).network
    return Closures(network), dict(network.services)


@pytest.mark.parametrize(
    ("first", "last", "is_shut"),
    [
        (47, 47, True),  # Wednesday 00:00 in Berlin is 23:00 of Tuesday in UTC
        (47 - Fraction(1, 60), 47 - Fraction(1, 60), False),
        (95 - Fraction(1, 60), 95 - Fraction(1, 60), True),  # the last minute of Thursday
        (95, 95, False),  # the first open day
        (40, 47, True),  # a stay that ends as the place shuts
        (40, 46, False),
        (94, 200, True),
        (95, 200, False),
        (0, 200, True),  # the whole window inside the stay
    ],
)
def test_place_is_shut_from_local_midnight_to_local_midnight(first: Fraction, last: Fraction, is_shut: bool):
    shut, services = closures("closure port Wed Fri closed")
    at = [int(START_MIN + hour * HOUR) for hour in (first, last)]
    assert shut.is_shut("port", services["barge"], *at) == is_shut
    assert not shut.is_shut("plant", services["barge"], *at)


def test_service_is_shut_by_the_clock_of_its_first_call():
    shut, services = closures("closure barge Wed Thu closed")
    begin = START_MIN + (48 - 8) * HOUR  # Wednesday 00:00 in Shanghai
    barge = services["barge"]
    found = [shut.is_shut("barge", barge, at, at) for at in (begin - 1, begin, begin + DAY - 1, begin + DAY)]
    assert found == [False, True, True, False]
    assert not shut.is_shut("rail", services["rail"], begin, begin)


@pytest.mark.parametrize(
    ("spares", "open_to"),
    [
        ("", set()),
        ("spares=barge", {"barge"}),
        ("spares=rail", {"rail"}),
        ("spares=road", {"road"}),
        ("spares=road,barge", {"road", "barge"}),
    ],
)
def test_services_modes_and_roads_are_spared_by_name(spares: str, open_to: set[str]):
    shut, services = closures(f"closure port Wed Fri closed {spares}")
    at = START_MIN + 3 * DAY
    who = {"barge": services["barge"], "rail": services["rail"], "road": None}
    assert {name for name, user in who.items() if not shut.is_shut("port", user, at, at)} == open_to


def test_mode_spares_every_service_of_it():
    shut, services = closures("""
        service line2 plant -> port@24 mode=barge price=1
        closure port Wed Fri closed spares=barge
    """)
    at = START_MIN + 3 * DAY
    assert not shut.is_shut("port", services["line2"], at, at)


def test_extra_hours_of_several_closures_add_up_for_whom_they_are_not_spared():
    shut, services = closures("""
        closure port Wed Fri extra 5
        closure port Thu Sat extra 1/2 spares=rail
        closure barge Mon Sun extra 3
    """)
    wednesday, thursday = START_MIN + 2 * DAY, START_MIN + 3 * DAY
    assert shut.extra_min("port", services["barge"], wednesday, wednesday) == 300
    assert shut.extra_min("port", services["barge"], thursday, thursday) == 330
    assert shut.extra_min("port", services["barge"], wednesday, thursday) == 330
    assert shut.extra_min("port", services["rail"], thursday, thursday) == 300
    assert shut.extra_min("barge", services["barge"], thursday, thursday) == 180
    assert not shut.is_shut("port", services["barge"], thursday, thursday)
    # The plant is never slowed; to a train the barge's own hours are no matter.
    assert shut.most_extra_min(services["barge"]) == 330 + 180
    assert shut.most_extra_min(services["rail"]) == 330


def test_factors_are_multiplied_exactly():
    shut, services = closures("""
        closure barge Mon Fri factor 1/3
        closure barge Wed Sun factor 3/4 spares=rail
        closure port Wed Fri factor 1/2
        closure port Thu Fri factor 2/3
    """)
    days = [shut.room_factor(services["barge"], START_MIN + day * DAY) for day in range(7)]
    third, quarter = Fraction(1, 3), Fraction(3, 4)
    assert days == [third, third, third * quarter, third * quarter, quarter, quarter, 1]
    assert shut.room_factor(services["rail"], START_MIN) == 1
    handled = [shut.throughput_factor("port", MONDAY + timedelta(day)) for day in range(1, 5)]
    assert handled == [1, Fraction(1, 2), Fraction(1, 3), 1]


def test_factor_may_be_nothing():
    shut, services = closures("closure barge Mon Fri factor 0")
    assert shut.room_factor(services["barge"], START_MIN) == 0


def test_road_ends_in_what_is_shut_are_no_dispatches():
    """The way out is shut on Monday, the way in on Wednesday, each on the clock of its place."""
    problem = tiny(
        WORLD.replace("every=1", "every=1 first=00:00")
        + "closure plant Mon Tue closed\nclosure port Wed Thu closed"
    )
    (road,) = problem.network.roads
    found = set(RollOut(problem.network).list_dispatches(road, START_MIN - 20 * HOUR, START_MIN + 4 * DAY))
    out, into = START_MIN - 8 * HOUR, START_MIN + 47 * HOUR - 30 * HOUR
    shut = {*range(out, out + DAY, HOUR), *range(into, into + DAY, HOUR)}
    assert found == set(range(START_MIN - 20 * HOUR, START_MIN + 4 * DAY + 1, HOUR)) - shut


def test_windows_are_those_of_the_oracle(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    met = 0
    for _ in range(num_worlds(300)):
        first = rng.randrange(10)
        what = rng.choice(("barge", "plant", "port"))
        effect = rng.choice(("closed", "extra 7", "factor 2/5"))
        spared = rng.choice(("", "spares=rail", "spares=barge", "spares=road"))
        network = tiny(
            WORLD + f"closure {what} {first} {first + rng.randint(1, 4)} {effect} {spared}"
        ).network
        shut, name = Closures(network), rng.choice(("barge", "rail"))
        service = network.services[name]
        asked = service.id if what not in network.places else what
        zone = network.places["plant" if asked == service.id else what].time_zone
        begin = START_MIN + rng.randrange(-DAY, 16 * DAY, 30)
        end = begin + rng.choice((0, 0, 1, HOUR, DAY))
        fitting = {
            kind: [
                c for c in closures_on(network, asked, kind, name, service.mode) if meets(c, zone, begin, end)
            ]
            for kind in ("closed", "extra_h", "capacity_factor")
        }
        assert shut.is_shut(asked, service, begin, end) == bool(fitting["closed"])
        assert shut.extra_min(asked, service, begin, end) == sum(c.value for c in fitting["extra_h"])
        if asked == service.id and begin == end:
            expected = Fraction(2, 5) if fitting["capacity_factor"] else 1
            assert shut.room_factor(service, begin) == expected
        if asked in network.places and not spared:
            on = any(
                c.first <= day_of(begin, zone) < c.last for c in network.closures if c.value == Fraction(2, 5)
            )
            assert shut.throughput_factor(asked, day_of(begin, zone)) == (Fraction(2, 5) if on else 1)
        met += any(fitting.values())
    assert met
