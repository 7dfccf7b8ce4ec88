"""The map without a timetable: what leads where, by which modes, and in how many hours at best.

A multigraph of places, one edge for each ride of a service (board call, alight call) and each road. It
knows neither days nor room nor handling: what it says can't be reached never can be, what it says can be
reached may still miss its connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from planner.model.ids import PlaceId, ServiceId
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.services import ROAD, Service
from planner.model.tariffs import FREIGHT

PLANT = "plant"
MARKET = "compound"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEdge:
    """A ride or a road from place to place.

    Parameters
    ----------
    mode
        Mode of the service, or ``road``.
    form
        ``loose`` or ``boxed``.
    minutes
        Departure to arrival plus release, or travel time of the road.
    service_id
        ``None`` for a road.
    """

    from_place: PlaceId
    to_place: PlaceId
    mode: str
    form: str
    minutes: int
    service_id: ServiceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFaults:
    """What looks wrong on a map, places in the order of the table.

    Parameters
    ----------
    cut_off
        No plant leads there, though it is no plant, and nothing passes it either.
    dead_ends
        Cargo can be brought there, but not on, though it is no compound.
    stranded_plants
        No compound can be reached from there.
    """

    cut_off: tuple[PlaceId, ...]
    dead_ends: tuple[PlaceId, ...]
    stranded_plants: tuple[PlaceId, ...]

    def sentences(self) -> tuple[str, ...]:
        """Each fault as a sentence without a full stop."""
        return (
            *(f"plant {place}: no compound can be reached" for place in self.stranded_plants),
            *(f"place {place}: no plant leads there, nothing passes it" for place in self.cut_off),
            *(f"place {place}: cargo can be brought there, but not on" for place in self.dead_ends),
        )


class MapGraph:
    """Questions about the map of a network.

    Parameters
    ----------
    with_reference
        Let the reference services of the baseline count, which can't be booked.
    """

    def __init__(self, network: Network, *, with_reference: bool = False) -> None:
        self._places: Mapping[PlaceId, Place] = network.places
        self._graph: nx.MultiDiGraph = nx.MultiDiGraph()
        self._graph.add_nodes_from(network.places)
        for edge in list_edges(network, with_reference=with_reference):
            self._graph.add_edge(edge.from_place, edge.to_place, edge=edge)
        self._passed = {
            call.place
            for service in network.services.values()
            for call in service.calls
            if not (call.load or call.unload)
        }

    def edges(self, from_place: PlaceId, to_place: PlaceId) -> tuple[MapEdge, ...]:
        """All rides and roads between two places, the quickest first."""
        data = self._graph.get_edge_data(from_place, to_place, default={})
        return tuple(sorted((item["edge"] for item in data.values()), key=_rank))

    def reached_from(self, place: PlaceId, *, modes: Collection[str] | None = None) -> tuple[PlaceId, ...]:
        """Places that cargo can be brought to from a place, itself left out.

        Parameters
        ----------
        modes
            Only by these modes of main rides; roads always. ``None`` = by any.
        """
        return self._ordered(nx.descendants(self._within(modes), place))

    def leading_to(self, place: PlaceId) -> tuple[PlaceId, ...]:
        """Places that cargo can be brought from to a place, itself left out."""
        return self._ordered(nx.ancestors(self._graph, place))

    def fewest_modes(self, start: PlaceId, end: PlaceId) -> tuple[tuple[str, ...], ...]:
        """Sets of main modes that lead from place to place, roads aside; none has a mode to spare."""
        found: list[frozenset[str]] = []
        known = sorted({edge.mode for edge in self._edges() if edge.mode != ROAD})
        for modes in _subsets_by_size(known):
            if any(fewer <= modes for fewer in found):
                continue
            if nx.has_path(self._within(modes), start, end):
                found.append(modes)
        return tuple(tuple(sorted(modes)) for modes in found)

    def markets_by_plant(self) -> dict[PlaceId, dict[PlaceId, tuple[tuple[str, ...], ...]]]:
        """For every plant the compounds it reaches, each with the sets of main modes that lead there."""
        return {
            plant: {
                market: self.fewest_modes(plant, market)
                for market in self.reached_from(plant)
                if self._places[market].kind == MARKET
            }
            for plant in self._of_kind(PLANT)
        }

    def shortest_min(self, start: PlaceId, end: PlaceId) -> int | None:
        """Least minutes under way between two places, waiting and handling left out; ``None`` = no way."""
        way = self.quickest_way(start, end)
        return None if way is None else sum(edge.minutes for edge in way)

    def quickest_way(self, start: PlaceId, end: PlaceId) -> tuple[MapEdge, ...] | None:
        """The rides and roads of :meth:`shortest_min`, in order; ``None`` = no way."""
        try:
            places = nx.dijkstra_path(
                self._graph,
                start,
                end,
                weight=lambda _from, _to, data: min(d["edge"].minutes for d in data.values()),
            )
        except nx.NetworkXNoPath:
            return None
        return tuple(self.edges(here, there)[0] for here, there in pairwise(places))

    def faults(self) -> MapFaults:
        """Places nobody can use, and plants that lead to no market."""
        plants = self._of_kind(PLANT)
        from_plants = set(plants).union(*(nx.descendants(self._graph, plant) for plant in plants))
        return MapFaults(
            cut_off=self._ordered(set(self._places) - from_plants - self._passed),
            dead_ends=self._ordered(
                place
                for place in from_plants
                if not self._graph.out_degree(place)
                and self._graph.in_degree(place)
                and self._places[place].kind != MARKET
            ),
            stranded_plants=tuple(
                plant
                for plant in plants
                if all(self._places[place].kind != MARKET for place in self.reached_from(plant))
            ),
        )

    def _edges(self) -> Iterator[MapEdge]:
        return (edge for _, _, edge in self._graph.edges(data="edge"))

    def _within(self, modes: Collection[str] | None) -> nx.MultiDiGraph:
        """The map with rides of some modes only, and all roads."""
        if modes is None:
            return self._graph
        kept = {ROAD, *modes}
        within = nx.MultiDiGraph()
        within.add_nodes_from(self._graph)
        within.add_edges_from((e.from_place, e.to_place) for e in self._edges() if e.mode in kept)
        return within

    def _of_kind(self, kind: str) -> tuple[PlaceId, ...]:
        return tuple(place.id for place in self._places.values() if place.kind == kind)

    def _ordered(self, places: Iterable[PlaceId]) -> tuple[PlaceId, ...]:
        wanted = set(places)
        return tuple(place for place in self._places if place in wanted)


def list_edges(network: Network, *, with_reference: bool = False) -> Iterator[MapEdge]:
    """Every ride that some type has a freight row for, and every road."""
    freight = {
        (row.service_id, row.from_place, row.to_place) for row in network.tariffs if row.charge == FREIGHT
    }
    for service in network.services.values():
        if service.bookable or with_reference:
            for edge in _list_rides(service):
                if (service.id, edge.from_place, edge.to_place) in freight:
                    yield edge
    for road in network.roads:
        yield MapEdge(
            from_place=road.from_place,
            to_place=road.to_place,
            mode=ROAD,
            form=road.form,
            minutes=road.travel_min,
        )


def shortest_chain(lengths: Mapping[tuple[str, str], float], start: str, end: str) -> tuple[str, ...]:
    """Names from start to end along edges that lead both ways, with the least sum of lengths.

    Raises
    ------
    networkx.NetworkXNoPath
        If there is no way.
    """
    graph = nx.Graph()
    graph.add_weighted_edges_from((here, there, length) for (here, there), length in lengths.items())
    return tuple(nx.dijkstra_path(graph, start, end))


def _list_rides(service: Service) -> Iterator[MapEdge]:
    for number, board in enumerate(service.calls):
        for alight in service.calls[number + 1 :]:
            if board.load and alight.unload and board.place != alight.place:
                yield MapEdge(
                    from_place=board.place,
                    to_place=alight.place,
                    mode=service.mode,
                    form=service.form,
                    minutes=alight.arrive_min + alight.release_min - board.depart_min,
                    service_id=service.id,
                )


def _subsets_by_size(modes: list[str]) -> list[frozenset[str]]:
    subsets = [frozenset[str]()]
    for mode in modes:
        subsets += [subset | {mode} for subset in subsets]
    return sorted(subsets, key=lambda subset: (len(subset), sorted(subset)))


def _rank(edge: MapEdge) -> tuple[int, str, str, str]:
    return edge.minutes, edge.mode, edge.service_id or "", edge.form
