"""What the itineraries of a given plan take of the room, and what they leave to one more shipment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import count
from typing import NamedTuple

from planner.clock import local_minutes
from planner.model.batches import Batch
from planner.model.limits import Allotment
from planner.model.problem import Problem
from planner.network.kept import kept_load
from planner.network.timetable import NO_LIMIT, Ints, Timetable

MIDNIGHT = time(0)
MOST_KEPT = 16
Claim = tuple[str, int]
"""Shipper and ready time: whose space an allotment holds, and until when, for a batch."""


class Free(NamedTuple):
    """Units left on every row, int64[M]; ``number`` tells one room from others."""

    number: int
    units: Ints


@dataclass(frozen=True, slots=True)
class _Held:
    """A departure on which allotments hold space."""

    departs_min: int
    now_min: int | None
    legs: range
    allotments: tuple[Allotment, ...]

    def shut_out(self, claim: Claim) -> frozenset[int]:
        """Allotments whose space is closed to a batch."""
        shipper, ready_min = claim
        now_min = ready_min if self.now_min is None else self.now_min
        return frozenset(
            number
            for number, row in enumerate(self.allotments)
            if row.shipper != shipper
            and (row.release_min is None or now_min < self.departs_min - row.release_min)
        )


class RoomLeft:
    """Counting units that are left on every row to a shipment.

    Parameters
    ----------
    problem
        Its kept itineraries take their room; their departures have to be in the timetable. No claims on
        allotments have to be told apart there: what is held is worked out here, for any ready time.
    """

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._table = timetable
        riders = [batch for batch in problem.batches if problem.kept.get(batch.id)]
        self.load = kept_load(problem, timetable, riders)
        units: Ints = timetable.arrays["row_capacity"].copy()
        limited = units < NO_LIMIT
        units[limited] -= self.load[limited]
        self._free = Free(0, units)
        self._numbers = count(1)
        self._held = list(self._find_held())
        self._loads: list[tuple[Claim, Ints]] = []
        if self._held:
            for claim, batches in _by_claim(riders).items():
                own = kept_load(problem, timetable, batches)
                if own.any():
                    self._loads.append((claim, own))
        self._cache: dict[tuple[object, ...], Free] = {}

    def _find_held(self) -> Iterable[_Held]:
        table = self._table
        network, today = table.network, table.today
        by_service: dict[str, list[Allotment]] = {}
        for row in network.allotments:
            by_service.setdefault(row.service_id, []).append(row)
        for number, departure in enumerate(table.departures):
            service = departure.service
            if service.id not in by_service:
                continue
            first = table.departure_first_leg[number]
            zone = network.places[service.calls[0].place].time_zone
            yield _Held(
                departs_min=departure.departs_min(0),
                now_min=None if today is None else local_minutes(today, MIDNIGHT, zone),
                legs=range(first, first + len(service.calls) - 1),
                allotments=tuple(by_service[service.id]),
            )

    def free(self, batch: Batch) -> Free:
        """What is left to a batch; below 0 where others have more than there is."""
        claim = (batch.shipper, batch.ready_min)
        shut = tuple(held.shut_out(claim) for held in self._held)
        if not any(shut):
            return self._free
        if shut not in self._cache:
            if len(self._cache) >= MOST_KEPT:
                self._cache.clear()
            self._cache[shut] = Free(next(self._numbers), self._beside_held(shut))
        return self._cache[shut]

    def _beside_held(self, shut: Sequence[frozenset[int]]) -> Ints:
        """The least that any group of batches shut out of the same space has left (Hall's theorem)."""
        free = self._free.units.copy()
        capacity = self._table.arrays["row_capacity"]
        for held, out in zip(self._held, shut, strict=True):
            others = [(held.shut_out(claim), load) for claim, load in self._loads]
            for group in _intersections(out, [other for other, _ in others]):
                units = sum(held.allotments[number].units for number in group)
                for leg in held.legs:
                    if capacity[leg] >= NO_LIMIT:
                        continue
                    taken = sum(int(load[leg]) for other, load in others if group <= other)
                    free[leg] = min(int(free[leg]), max(0, int(capacity[leg]) - units) - taken)
        return free


def _by_claim(batches: Iterable[Batch]) -> dict[Claim, list[Batch]]:
    found: dict[Claim, list[Batch]] = {}
    for batch in batches:
        found.setdefault((batch.shipper, batch.ready_min), []).append(batch)
    return found


def _intersections(own: frozenset[int], others: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """The set itself and its intersections with any of the others, the empty one left out."""
    found = {own}
    for other in set(others):
        found |= {one & other for one in found}
    return found - {frozenset()}
