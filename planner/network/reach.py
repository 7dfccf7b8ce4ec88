"""Which events of a timetable can matter to cargo of one origin and some destinations.

A place matters if it can be come to from the origin and leads on to a destination, whatever the days: cargo
that leaves this part of the map never comes back, so a sweep need not look at the rest. Nor need it look at
what happens too late at a place to come to a destination in time, were every train and ship caught at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.timetable import Ints, Timetable

Mask = npt.NDArray[np.bool_]
NEVER = 1 << 40
"""Minutes to go where nothing leads to a destination."""
MOST_KEPT = 400
"""Pairs of origin and destinations whose events are kept: some megabytes each on a long timetable."""


class Between(NamedTuple):
    """Events between an origin and some destinations, ascending in time.

    event_min, event_node : int32[E]   as of the timetable
    to_go : int64[P]                   fewest minutes from a place to a destination; NEVER if none leads there
    """

    event_min: npt.NDArray[np.int32]
    event_node: npt.NDArray[np.int32]
    to_go: Ints


class Reach:
    """Events between origins and destinations; each pair is looked up once.

    Parameters
    ----------
    timetable
        Its arcs tell what leads where.
    usable
        Rides and roads that somebody may use, bool[pairs]; ``None`` = all.
    """

    def __init__(self, timetable: Timetable, usable: Mask | None = None) -> None:
        self._table = timetable
        arrays = timetable.arrays
        self._arc_is_usable = None if usable is None else usable[arrays["arc_pair"]]
        gate_place = np.array([timetable.place_number[gate[0]] for gate in timetable.gates], dtype=np.int64)
        self._arc_from = gate_place[arrays["boarding_gate"][arrays["arc_boarding"]]]
        self._arc_to = arrays["arrival_place"][arrays["arc_arrival"]]
        num_places = len(timetable.place_number)
        minutes = (
            arrays["arrival_min"][arrays["arc_arrival"]] - arrays["boarding_min"][arrays["arc_boarding"]]
        )
        ends = self._arc_from * num_places + self._arc_to
        if self._arc_is_usable is not None:
            ends, minutes = ends[self._arc_is_usable], minutes[self._arc_is_usable]
        pairs, number_of = np.unique(ends, return_inverse=True)
        fewest = np.full(len(pairs), NEVER, dtype=np.int64)
        np.minimum.at(fewest, number_of, minutes)
        self._leads_to: list[list[int]] = [[] for _ in range(num_places)]
        self._comes_from: list[list[tuple[int, int]]] = [[] for _ in range(num_places)]
        for pair, least in zip(pairs.tolist(), fewest.tolist(), strict=True):
            start, end = divmod(pair, num_places)
            self._leads_to[start].append(end)
            self._comes_from[end].append((start, least))
        self._found: dict[tuple[int, frozenset[int]], Between] = {}

    def events_between(self, origin: int, destinations: Iterable[int]) -> Between:
        """The events that can matter; places are named by their numbers."""
        key = origin, frozenset(destinations)
        if key not in self._found:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, origin: int, destinations: frozenset[int]) -> Between:
        arrays = self._table.arrays
        come_to = self._come_to(origin)
        to_go = self._minutes_to(destinations)
        arc_matters = come_to[self._arc_from] & (to_go[self._arc_to] < NEVER)
        if self._arc_is_usable is not None:
            arc_matters &= self._arc_is_usable
        num_arrivals = self._table.num_arrivals
        matters = np.zeros(num_arrivals + 1 + len(arrays["boarding_min"]), dtype=np.bool_)
        matters[arrays["arc_arrival"][arc_matters]] = True
        matters[num_arrivals + 1 + arrays["arc_boarding"][arc_matters]] = True
        kept = matters[arrays["event_node"]]
        times, nodes = (
            np.asarray(arrays[name][kept], dtype=np.int32) for name in ("event_min", "event_node")
        )
        return Between(times, nodes, to_go)

    def _come_to(self, origin: int) -> Mask:
        """Places that can be come to from an origin, itself among them, bool[P]."""
        reached = np.zeros(len(self._leads_to), dtype=np.bool_)
        reached[origin] = True
        frontier = [origin]
        while frontier:
            for place in self._leads_to[frontier.pop()]:
                if not reached[place]:
                    reached[place] = True
                    frontier.append(place)
        return reached

    def _minutes_to(self, destinations: Iterable[int]) -> Ints:
        """Fewest minutes under way from every place to the nearest destination, int64[P] (Dijkstra)."""
        to_go = np.full(len(self._comes_from), NEVER, dtype=np.int64)
        ahead = [(0, place) for place in destinations]
        while ahead:
            minutes, place = heapq.heappop(ahead)
            if minutes >= to_go[place]:
                continue
            to_go[place] = minutes
            for before, least in self._comes_from[place]:
                if minutes + least < to_go[before]:
                    heapq.heappush(ahead, (minutes + least, before))
        return to_go
