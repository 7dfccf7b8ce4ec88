"""Where a ship is drawn between two calls: the shortest way over the sea lanes that goes round the land."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.model.geo import great_circle_km
from planner.network.map_graph import shortest_chain
from planner.network.sea_points import ICE_LANES, LANES, SEA_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from planner.model.geo import Line, Point, Polygon

_ICE_FACTOR = 4.0
"""Lanes through ice count so many times their length: enough that Shanghai to Hamburg goes by Suez."""
_LAND_FACTOR = 50.0
"""What a join of a port to the lanes lies over land counts so many times more: it is a last resort."""
_JOINS = 10
"""A port is joined to so many of the nearest points."""


class SeaLanes:
    """Lines for ships between places, round the land.

    Parameters
    ----------
    land
        Polygons of the base map: a place is joined to points that it sees over water.
    """

    def __init__(self, land: Iterable[Polygon]) -> None:
        rings = [np.array(ring) for polygon in land for ring in polygon]
        self._starts: NDArray[np.float64] = _stacked([ring[:-1] for ring in rings])
        self._ends: NDArray[np.float64] = _stacked([ring[1:] for ring in rings])
        self._lanes = {**_lengths(LANES, 1.0), **_lengths(ICE_LANES, _ICE_FACTOR)}
        # Many services share their ports.
        self._known_lines: dict[tuple[Point, Point], Line] = {}
        self._known_joins: dict[Point, dict[str, float]] = {}

    def line(self, start: Point, end: Point) -> Line:
        """Points from one place to another, both included."""
        if (start, end) not in self._known_lines:
            self._known_lines[start, end] = self._find(start, end)
        return self._known_lines[start, end]

    def share_over_land(self, start: Point, end: Point) -> float:
        """Share of a straight line in degrees that lies over land, 0 to 1."""
        origin, step = np.array(start), np.subtract(end, start)
        if not step.any():
            return 0.0
        before, after = _cross(step, self._starts - origin), _cross(step, self._ends - origin)
        met = (before > 0) != (after > 0)
        coast = self._ends[met] - self._starts[met]
        # Where along the line the coast is met: below 0 behind the start, above 1 beyond the end.
        at = np.sort(_cross(self._starts[met] - origin, coast) / _cross(step, coast))
        inside = np.count_nonzero(at < 0) % 2 == 1
        marks = [0.0, *at[(at >= 0) & (at <= 1)].tolist(), 1.0]
        stretches = list(pairwise(marks))[0 if inside else 1 :: 2]
        return float(sum(later - sooner for sooner, later in stretches))

    def _find(self, start: Point, end: Point) -> Line:
        here, there = "start", "end"
        edges = {
            **self._lanes,
            **{(here, point): weight for point, weight in self._joins(start).items()},
            **{(there, point): weight for point, weight in self._joins(end).items()},
            (here, there): self._weight(start, end),
        }
        chain = shortest_chain(edges, here, there)
        return (start, *(SEA_POINTS[name] for name in chain[1:-1]), end)

    def _joins(self, place: Point) -> dict[str, float]:
        """What joining a place to each of the points near it weighs."""
        if place not in self._known_joins:
            nearest = sorted(SEA_POINTS, key=lambda point: great_circle_km(place, SEA_POINTS[point]))
            self._known_joins[place] = {
                point: self._weight(place, SEA_POINTS[point]) for point in nearest[:_JOINS]
            }
        return self._known_joins[place]

    def _weight(self, start: Point, end: Point) -> float:
        share = self.share_over_land(start, end)
        return great_circle_km(start, end) * (1 + _LAND_FACTOR * share)


def _lengths(lanes: Iterable[tuple[str, ...]], factor: float) -> dict[tuple[str, str], float]:
    return {
        (here, there): great_circle_km(SEA_POINTS[here], SEA_POINTS[there]) * factor
        for lane in lanes
        for here, there in pairwise(lane)
    }


def _stacked(rings: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate(rings) if rings else np.empty((0, 2))


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product
