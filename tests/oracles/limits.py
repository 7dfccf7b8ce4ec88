"""What is limited, by how much, and for whom: legs, allotments, days of places and roads, for the oracles."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction
from itertools import combinations
from math import floor
from typing import TYPE_CHECKING

from tests.oracles.dates import closures_on, minute_of, start_zone
from tests.oracles.departures import find_departure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model import Batch, Problem
    from tests.oracles.departures import Departure

LegUse = tuple[str, date, int]
"""Service, departure day, number of the leg (0 = after the first call)."""

DayUse = tuple[str, str, str, date]
"""From, to, form, local day: of a road; of a place, whose throughput counts, with both ends the same."""


def leg_capacity(problem: Problem, use: LegUse) -> int | None:
    """Counting units of one leg; ``None`` = unlimited."""
    return _departure(problem, use).rooms[use[2]]


def _departure(problem: Problem, use: LegUse) -> Departure:
    departure = find_departure(problem.network, problem.network.services[use[0]], use[1])
    assert departure is not None, f"no departure {use}"
    return departure


def leg_limits(problem: Problem, use: LegUse, more: int = 0) -> Iterator[tuple[frozenset[int], int]]:
    """Every limit of one leg: numbers of the batches whose load it holds, and their most counting units.

    ``more`` is added to its capacity.

    All batches share the room of the leg. Those to whom a set of allotments is closed share what the set
    leaves; which set is asked does not matter, so every set is.
    """
    departure = _departure(problem, use)
    room = departure.rooms[use[2]]
    if room is None:
        return
    room += more
    everybody = range(len(problem.batches))
    yield frozenset(everybody), room
    shut = [_closed_allotments(problem, batch, departure) for batch in problem.batches]
    all_shut = sorted(frozenset().union(*shut))
    for size in range(1, len(all_shut) + 1):
        for chosen in combinations(all_shut, size):
            units = sum(problem.network.allotments[number].units for number in chosen)
            members = frozenset(number for number in everybody if shut[number] >= set(chosen))
            yield members, max(room - units, 0)


def _closed_allotments(problem: Problem, batch: Batch, departure: Departure) -> set[int]:
    """Numbers of the allotments of others that a batch finds not released yet."""
    zone, today = start_zone(problem.network, departure.service), problem.terms.today
    now = batch.ready_min if today is None else minute_of(today, time(0), zone)
    return {
        number
        for number, row in enumerate(problem.network.allotments)
        if row.service_id == departure.service.id
        and row.shipper != batch.shipper
        and (row.release_min is None or now < departure.leaves(0) - row.release_min)
    }


def day_capacity(problem: Problem, use: DayUse) -> int | None:
    """Most vehicles of a road, or vehicles or boxes of a place, on one local day; ``None`` = unlimited."""
    start, end, form, day = use
    if start == end:
        return _throughput(problem, start, form, day)
    rows = [row for row in problem.network.roads if (row.from_place, row.to_place, row.form) == use[:3]]
    assert len(rows) == 1, f"{len(rows)} roads {use}"
    return rows[0].vehicles_per_day


def _throughput(problem: Problem, place: str, form: str, day: date) -> int | None:
    rows = [row for row in problem.network.throughput if (row.place, row.form) == (place, form)]
    today = [row for row in rows if not row.weekdays or day.isoweekday() in row.weekdays]
    assert len(today) < 2, f"two rows of throughput at {place} on {day}"
    if not today:
        return 0 if rows else None
    factor = Fraction(1)
    for closure in closures_on(problem.network, place, "capacity_factor"):
        if closure.first <= day < closure.last:
            factor *= closure.value
    return floor(today[0].units_per_day * factor)
