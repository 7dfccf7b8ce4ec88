"""Rows of days and of held space: local days, weekdays, and Hall's theorem against a largest flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import chain, combinations
from random import Random

import networkx as nx
import pytest

from planner.model import Allotment, Network, ServiceId
from planner.network.closures import Closures
from planner.network.lay_out import timetable_of
from planner.network.rows import Claim, DayRow, Rows
from planner.network.timetable import NO_LIMIT
from tests.tiny import MONDAY, START_MIN, tiny

HOUR = 60
DAY = 24 * HOUR
WORLD = """
    place plant zone=Asia/Shanghai
    place port zone=Europe/Berlin
    road plant -> port hours=30 per_day=7
    road plant -> port hours=30 form=boxed
    batch 1 car plant -> port
"""


def rows_of(text: str) -> tuple[Rows, Network]:
    network = tiny(WORLD + text).network
    return Rows(network, Closures(network)), network


def days(rows: Rows, form: str = "loose") -> list[int | None]:
    """Units of the port on Monday to Sunday at noon in Berlin; ``None`` = any."""
    numbers = [rows.at_place("port", form, START_MIN + day * DAY + 11 * HOUR) for day in range(7)]
    return [None if number < 0 else rows.day_capacity[number] for number in numbers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [None] * 7),
        ("throughput port loose 9", [9] * 7),
        ("throughput port boxed 9", [None] * 7),
        ("throughput plant loose 9", [None] * 7),
        ("throughput port loose 9 weekdays=Mon,Wed", [9, 0, 9, 0, 0, 0, 0]),
        (
            "throughput port loose 9 weekdays=Mon,Wed\nthroughput port loose 5 weekdays=Sun",
            [9, 0, 9, 0, 0, 0, 5],
        ),
        ("throughput port loose 9\nclosure port Tue Fri factor 1/2", [9, 4, 4, 4, 9, 9, 9]),
        (
            "throughput port loose 9\nclosure port Tue Fri factor 1/2\nclosure port Wed Thu factor 1/2",
            [9, 4, 2, 4, 9, 9, 9],
        ),
        ("throughput port loose 9\nclosure port Tue Wed factor 0", [9, 0, 9, 9, 9, 9, 9]),
    ],
)
def test_place_handles_so_many_units_on_a_local_day(text: str, expected: list[int | None]):
    assert days(rows_of(text)[0]) == expected


def test_day_of_a_place_turns_at_its_own_midnight_and_is_one_row():
    rows, _ = rows_of("throughput port loose 9")
    midnight = START_MIN + 23 * HOUR  # of Tuesday in Berlin
    numbers = [
        rows.at_place("port", "loose", at)
        for at in (midnight - DAY, midnight - 1, midnight, midnight + DAY - 1)
    ]
    assert numbers == [0, 0, 1, 1]
    assert rows.day_rows == [DayRow("port", "port", "loose", MONDAY + timedelta(day)) for day in (0, 1)]


def test_days_of_the_two_forms_are_rows_of_their_own():
    rows, _ = rows_of("throughput port loose 9\nthroughput port boxed 4")
    assert (days(rows), days(rows, "boxed")) == ([9] * 7, [4] * 7)
    assert len(rows.day_rows) == 14


def test_dispatches_of_a_road_count_on_the_day_of_its_start():
    rows, network = rows_of("")
    limited, free = network.roads
    midnight = START_MIN + 16 * HOUR  # of Tuesday in Shanghai
    numbers = [rows.on_road(limited, at) for at in (midnight - 1, midnight, midnight + DAY - 1)]
    assert numbers == [0, 1, 1]
    assert rows.day_rows[0] == DayRow("plant", "port", "loose", MONDAY)
    assert rows.day_capacity == [7, 7]
    assert rows.on_road(free, midnight) == -1


def test_rows_are_numbered_behind_the_legs():
    table = timetable_of(
        tiny("""
            service line plant -> hub@5-6* -> port@24 leaves=Mon,Tue room=9 price=1 min_load=2
            service free plant -> port@24 leaves=Mon price=1
            road plant -> port hours=5 per_day=7
            throughput plant loose 3
            throughput port loose 4
            allotment line Alpha 5
            batch 1 car plant -> port due=48 shipper=Beta
        """)
    )
    capacity, arrays = table.arrays["row_capacity"], table.arrays
    assert list(capacity[: table.num_legs]) == [9, 9, 9, 9, NO_LIMIT]
    assert {day.from_place for day in table.day_rows.values()} == {"plant", "port"}
    for row, day in table.day_rows.items():
        expected = 7 if day.from_place != day.to_place else {"plant": 3, "port": 4}[day.from_place]
        assert capacity[row] == expected
    ((held, legs),) = table.held_of_claim.values()
    assert ([*capacity[held]], [*legs]) == ([4, 4, 4, 4], [0, 1, 2, 3])
    assert [capacity[row] for row in table.boarded_row.values()] == [NO_LIMIT, NO_LIMIT]
    parts = [range(table.num_legs), table.day_rows, [int(row) for row in held], table.boarded_row.values()]
    assert list(chain(*parts)) == list(range(table.num_rows))
    for row in (*arrays["arrival_row"], *arrays["boarding_row"], *arrays["boarding_origin_row"].flat):
        assert row == -1 or int(row) in table.day_rows


# --- held space -------------------------------------------------------------------------------------------


def hold(capacity: int | None, allotments: Sequence[Allotment], claims: Sequence[tuple[Claim, int]]) -> Rows:
    rows, _ = rows_of("")
    rows.hold(range(1), [capacity], allotments, START_MIN, claims)
    return rows


def allotment(shipper: str, units: int, release_h: int | None = None) -> Allotment:
    release = None if release_h is None else release_h * HOUR
    return Allotment(service_id=ServiceId("line"), shipper=shipper, units=units, release_min=release)


@pytest.mark.parametrize(
    ("ahead_h", "release_h", "is_shut"),
    [(48, 48, False), (49, 48, True), (1, 48, False), (0, 0, False), (1, 0, True), (-9, None, True)],
)
def test_space_is_held_until_its_release_and_without_one_for_ever(
    ahead_h: int, release_h: int | None, is_shut: bool
):
    claim = ("Beta", 0)
    rows = hold(10, [allotment("Alpha", 4, release_h)], [(claim, START_MIN - ahead_h * HOUR)])
    assert [rows.held_capacity[row] for row in rows.held_of_claim.get(claim, [])] == ([6] if is_shut else [])


def test_owner_keeps_to_no_row_of_his_own_space():
    rows = hold(10, [allotment("Alpha", 4), allotment("Beta", 3)], [(("Alpha", 0), 0), (("Beta", 0), 0)])
    held = {
        claim[0]: [rows.held_capacity[row] for row in row_list]
        for claim, row_list in rows.held_of_claim.items()
    }
    assert held == {"Alpha": [7], "Beta": [6]}


def test_unlimited_legs_have_no_space_to_hold_and_more_than_all_leaves_nothing():
    assert hold(None, [allotment("Alpha", 4)], [(("Beta", 0), 0)]).held_legs == []
    assert hold(3, [allotment("Alpha", 4)], [(("Beta", 0), 0)]).held_capacity == [0]


def random_claims(rng: Random) -> list[tuple[Claim, int]]:
    ready = sorted({rng.randrange(5) for _ in range(3)})
    return [
        ((shipper, moment), START_MIN - 24 * HOUR * moment)
        for moment in ready
        for shipper in rng.sample(["A", "B", "C", "D", ""], rng.randint(1, 3))
    ]


def closed_to(claim: Claim, now_min: int, allotments: list[Allotment]) -> set[int]:
    return {
        number
        for number, row in enumerate(allotments)
        if row.shipper != claim[0] and (row.release_min is None or now_min < START_MIN - row.release_min)
    }


def fits(
    capacity: int, allotments: list[Allotment], closed: dict[Claim, set[int]], asked: dict[Claim, int]
) -> bool:
    """Whether everybody finds room: what is free, and allotments that are open to him."""
    graph = nx.DiGraph()
    graph.add_edge("free", "room", capacity=capacity - sum(row.units for row in allotments))
    for number, row in enumerate(allotments):
        graph.add_edge(number, "room", capacity=row.units)
    for claim, units in asked.items():
        graph.add_edge("all", claim, capacity=units)
        for space in {"free", *range(len(allotments))} - closed[claim]:
            graph.add_edge(claim, space)
    return nx.maximum_flow_value(graph, "all", "room") == sum(asked.values())


def test_rows_hold_just_where_everybody_finds_room(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    outcomes = {True: 0, False: 0}
    shared = 0
    for _ in range(num_worlds(2_000)):
        allotments = [
            allotment(rng.choice("ABC"), rng.randint(0, 4), rng.choice((None, 24, 48, 72)))
            for _ in range(rng.randint(1, 4))
        ]
        capacity = sum(row.units for row in allotments) + rng.randint(0, 5)
        claims = random_claims(rng)
        rows = hold(capacity, allotments, claims)
        closed = {claim: closed_to(claim, now, allotments) for claim, now in claims}
        for _ in range(8):
            asked = {claim: rng.choice((0, rng.randint(0, 4), rng.randint(0, 9))) for claim, _ in claims}
            used = [0] * len(rows.held_legs)
            for claim, units in asked.items():
                for row in rows.held_of_claim.get(claim, ()):
                    used[row] += units
            kept = sum(asked.values()) <= capacity and all(
                units <= most for units, most in zip(used, rows.held_capacity, strict=True)
            )
            assert kept == fits(capacity, allotments, closed, asked), (allotments, asked)
            outcomes[kept] += 1
        shared += len(rows.held_legs) > len({frozenset(one) for one in closed.values() if one})
    assert min(outcomes.values()) > sum(outcomes.values()) / 10
    assert shared, "no two shut out of different space share what they both are shut out of"


def test_rows_are_as_strict_as_all_sets_of_allotments(num_worlds: Callable[[int], int], seed: int):
    """Also where more is under contract than there is room for."""
    rng = Random(seed)
    for _ in range(num_worlds(1_000)):
        allotments = [
            allotment(rng.choice("ABC"), rng.randint(0, 4), rng.choice((None, 24, 48)))
            for _ in range(rng.randint(1, 4))
        ]
        capacity, claims = rng.randint(0, 9), random_claims(rng)
        rows = hold(capacity, allotments, claims)
        closed = {claim: closed_to(claim, now, allotments) for claim, now in claims}
        asked = {claim: rng.randint(0, 3) for claim, _ in claims}
        numbers = range(len(allotments))
        all_sets = chain.from_iterable(combinations(numbers, n) for n in range(1, len(allotments) + 1))
        expected = all(
            sum(units for claim, units in asked.items() if closed[claim] >= set(held))
            <= max(0, capacity - sum(allotments[number].units for number in held))
            for held in all_sets
        )
        used = [0] * len(rows.held_legs)
        for claim, units in asked.items():
            for row in rows.held_of_claim.get(claim, ()):
                used[row] += units
        assert all(u <= most for u, most in zip(used, rows.held_capacity, strict=True)) == expected
