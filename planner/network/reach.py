"""Which events of a timetable can matter to cargo of one origin and some destinations.

A place matters if it can be come to from the origin and leads on to a destination, whatever the days: cargo
that leaves this part of the map never comes back, so a sweep need not look at the rest. Nor need it look at
what happens too late at a place to come to a destination in time, were every train and ship caught at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.recent import Recent
from planner.network.timetable import Ints, Timetable

Mask = npt.NDArray[np.bool_]
_NOTHING: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)
NEVER = 1 << 40
"""Minutes to go where nothing leads to a destination."""
MOST_BYTES_KEPT = 128 << 20
"""Events of pairs of origin and destinations that are kept."""


class Between(NamedTuple):
    """Events between an origin and some destinations, ascending in time.

    event_min, event_node : int32[E]   as of the timetable
    to_go : int64[P]                   fewest minutes from a place to a destination; NEVER if none leads there
    """

    event_min: npt.NDArray[np.int32]
    event_node: npt.NDArray[np.int32]
    to_go: Ints


class Reach:
    """Events between origins and destinations; what was asked for last is kept.

    Parameters
    ----------
    timetable
        Its arcs tell what leads where.
    usable
        Rides and roads that somebody may use, bool[pairs]; ``None`` = all.
    most_bytes
        What is kept of those asked for last.
    """

    def __init__(
        self, timetable: Timetable, usable: Mask | None = None, *, most_bytes: int = MOST_BYTES_KEPT
    ) -> None:
        self._table = timetable
        arrays = timetable.arrays
        gate_place = np.array([timetable.place_number[gate[0]] for gate in timetable.gates], dtype=np.int64)
        boarding, arrival = arrays["arc_boarding"], arrays["arc_arrival"]
        if usable is not None:
            arcs = np.flatnonzero(usable[arrays["arc_pair"]])
            boarding, arrival = boarding[arcs], arrival[arcs]
        num_places = len(timetable.place_number)
        minutes = arrays["arrival_min"][arrival] - arrays["boarding_min"][boarding]
        ends = gate_place[arrays["boarding_gate"][boarding]] * num_places + arrays["arrival_place"][arrival]
        pairs, number_of = np.unique(ends, return_inverse=True)
        fewest = np.full(len(pairs), NEVER, dtype=np.int64)
        np.minimum.at(fewest, number_of, minutes)
        self._leads_to: list[list[int]] = [[] for _ in range(num_places)]
        self._comes_from: list[list[tuple[int, int]]] = [[] for _ in range(num_places)]
        for pair, least in zip(pairs.tolist(), fewest.tolist(), strict=True):
            start, end = divmod(pair, num_places)
            self._leads_to[start].append(end)
            self._comes_from[end].append((start, least))
        self._starts, self._ends = np.divmod(pairs, num_places)
        self._events_of = _by_pair(timetable, number_of, boarding, arrival, len(pairs))
        self._found: Recent[Between] = Recent(most_bytes)

    def events_between(self, origin: int, destinations: Iterable[int]) -> Between:
        """The events that can matter; places are named by their numbers."""
        ends = frozenset(destinations)
        return self._found.get((origin, ends), lambda: self._find(origin, ends))

    def _find(self, origin: int, destinations: frozenset[int]) -> Between:
        arrays = self._table.arrays
        come_to = self._come_to(origin)
        to_go = self._minutes_to(destinations)
        matter = np.flatnonzero(come_to[self._starts] & (to_go[self._ends] < NEVER))
        events = np.sort(np.concatenate([_NOTHING, *(self._events_of[pair] for pair in matter.tolist())]))
        # Several rides may share an arrival or a boarding.
        events = events[np.diff(events, prepend=-1) > 0]
        times, nodes = arrays["event_min"][events], arrays["event_node"][events]
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


def _by_pair(
    timetable: Timetable, number_of: Ints, boarding: Ints, arrival: Ints, num_pairs: int
) -> list[npt.NDArray[np.int32]]:
    """Places in the list of events of all boardings and arrivals of each pair of places."""
    num_arrivals = timetable.num_arrivals
    place_of = np.empty(num_arrivals + 1 + len(timetable.arrays["boarding_min"]), dtype=np.int32)
    event_node = timetable.arrays["event_node"]
    place_of[event_node] = np.arange(len(event_node), dtype=np.int32)
    order = np.argsort(number_of, kind="stable")
    events = np.column_stack([place_of[num_arrivals + 1 + boarding[order]], place_of[arrival[order]]])
    bounds = np.searchsorted(number_of[order], np.arange(num_pairs + 1))
    return [events[first:behind].ravel() for first, behind in pairwise(bounds.tolist())]
