"""What a batch could do instead of what it does: the best itineraries on other chains of main rides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from planner.network.kept import Chain
from planner.solver.bench import Bench
from planner.solver.carrying import NEVER, Carrier
from planner.solver.columns import Column
from planner.solver.room import Room

MOST_ASKED = 400
"""Itineraries looked through, cheapest first, for one on another chain."""


@dataclass(frozen=True, slots=True)
class Found:
    """An itinerary and what so many vehicles on it count together, scaled."""

    column: Column
    cost: int
    vehicles: int


class Others:
    """Looks for itineraries of the only batch of a bench that are on none of some chains.

    Parameters
    ----------
    bench
        Its room is what all others leave.
    part_of
        Vehicles over which what a part pays once is spread.

    Once there were too many itineraries to say that there is none, ``is_sure`` is false.
    """

    def __init__(self, bench: Bench, part_of: int) -> None:
        self._carrier = Carrier(bench)
        self._bench = bench
        self._part_of = part_of
        size = self._carrier.source.vehicles_per_feu
        self.vehicles = min(size, part_of)
        self.is_sure = True

    def best(self, room: Room, unwanted: Collection[Chain]) -> Found | None:
        """The best in a room, for as many vehicles as go in one box."""
        carrier, pricer = self._carrier, self._bench.pricer
        weights, size = self._bench.goal.weights(0), self.vehicles
        for distinct_rows in (False, True):
            prices = pricer.sweep(
                carrier.source, size, weights, carrier.prices_in(room, size), part_of=self._part_of
            )
            found, is_complete = pricer.recover(
                *(0, size, weights, prices, NEVER - 1), max_paths=MOST_ASKED, distinct_rows=distinct_rows
            )
            for _, column in found:
                if column.chain not in unwanted:
                    cost = self._bench.goal.group_cost(column, size, self._part_of)
                    return Found(column, cost, size)
            if is_complete:
                return None
        self.is_sure = False
        return None

    def short_of(self, column: Column, room: Room) -> list[int]:
        """Rows on an itinerary without room for one vehicle."""
        needs = [*column.vehicle_rows, *((row, 1) for row in column.box_rows)]
        return [row for row, units in needs if room.capacity[row] < units]


def room_of_running(room: Room) -> Room:
    """A room without the departures bought as a whole that nobody else rides."""
    closed = room.with_modules({})
    for charter in room.charters:
        if not room.kept_load[charter.boarded_row]:
            closed.capacity[list(charter.legs)] = 0
    return closed


def room_if_empty(room: Room) -> Room:
    """A room as if nobody else were there; what is bought as a whole runs if others ride it."""
    empty = room.with_modules({})
    empty.capacity = np.asarray(room.timetable.arrays["row_capacity"]).copy()
    return room_of_running(empty)
