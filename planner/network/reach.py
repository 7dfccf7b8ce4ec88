"""Which events of a timetable can matter to cargo of one origin and some destinations.

A place matters if it can be come to from the origin and leads on to a destination, whatever the days: cargo
that leaves this part of the map never comes back, so a sweep need not look at the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.timetable import Ints, Timetable

Mask = npt.NDArray[np.bool_]


class Between(NamedTuple):
    """Events between an origin and some destinations, ascending in time.

    event_min, event_node : int64[E]   as of the timetable
    arrivals, boardings : int64        numbers of the arrivals and boardings among them
    """

    event_min: Ints
    event_node: Ints
    arrivals: Ints
    boardings: Ints


class Reach:
    """Events between origins and destinations; each pair is looked up once.

    Parameters
    ----------
    timetable
        Its arcs tell what leads where.
    """

    def __init__(self, timetable: Timetable) -> None:
        self._table = timetable
        arrays = timetable.arrays
        gate_place = np.array([timetable.place_number[gate[0]] for gate in timetable.gates], dtype=np.int64)
        self._arc_from = gate_place[arrays["boarding_gate"][arrays["arc_boarding"]]]
        self._arc_to = arrays["arrival_place"][arrays["arc_arrival"]]
        num_places = len(timetable.place_number)
        pairs = np.unique(self._arc_from * num_places + self._arc_to)
        self._leads_to: list[list[int]] = [[] for _ in range(num_places)]
        self._comes_from: list[list[int]] = [[] for _ in range(num_places)]
        for start, end in zip((pairs // num_places).tolist(), (pairs % num_places).tolist(), strict=True):
            self._leads_to[start].append(end)
            self._comes_from[end].append(start)
        self._found: dict[tuple[int, frozenset[int]], Between] = {}

    def events_between(self, origin: int, destinations: Iterable[int]) -> Between:
        """The events that can matter; places are named by their numbers."""
        key = origin, frozenset(destinations)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, origin: int, destinations: frozenset[int]) -> Between:
        arrays = self._table.arrays
        come_to = self._closure(self._leads_to, [origin])
        leading = self._closure(self._comes_from, destinations)
        arc_matters = come_to[self._arc_from] & leading[self._arc_to]
        num_arrivals = self._table.num_arrivals
        matters = np.zeros(num_arrivals + 1 + len(arrays["boarding_min"]), dtype=np.bool_)
        matters[arrays["arc_arrival"][arc_matters]] = True
        matters[num_arrivals + 1 + arrays["arc_boarding"][arc_matters]] = True
        kept = matters[arrays["event_node"]]
        return Between(
            arrays["event_min"][kept],
            arrays["event_node"][kept],
            np.flatnonzero(matters[:num_arrivals]),
            np.flatnonzero(matters[num_arrivals + 1 :]),
        )

    @staticmethod
    def _closure(neighbours: list[list[int]], first: Iterable[int]) -> Mask:
        """Places that can be come to from the first ones, these among them, bool[P]."""
        reached = np.zeros(len(neighbours), dtype=np.bool_)
        frontier = list(first)
        reached[frontier] = True
        while frontier:
            for place in neighbours[frontier.pop()]:
                if not reached[place]:
                    reached[place] = True
                    frontier.append(place)
        return reached
