"""Flows of a plan: all vehicles that go one way in one mode, with services, batches and boxes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.model.plans import RIDE, ROAD_LEG
from planner.model.vehicles import BOXED

if TYPE_CHECKING:
    from datetime import date

    from planner.model.ids import BatchId, PlaceId, ServiceId
    from planner.model.plans import BatchPlan, Itinerary, Plan, Stage
    from planner.model.problem import Network

Way = tuple[str, tuple["PlaceId", ...]]
"""A mode, and the places called at from boarding to alighting; of a road its two ends."""


@dataclass(slots=True)
class Flow:
    """All that goes one way in one mode.

    Parameters
    ----------
    places
        Of a ride every call from boarding to alighting, borders and straits included.
    boxes
        Boxes that ride this way; those of a run count once.
    services, batches
        Vehicles by service (none of a road) and by batch, in the order of the plan.
    departures
        Dated departures that are used; none of a road.
    """

    mode: str
    places: tuple[PlaceId, ...]
    vehicles: int = 0
    boxes: int = 0
    services: Counter[ServiceId] = field(default_factory=Counter)
    batches: Counter[BatchId] = field(default_factory=Counter)
    departures: set[tuple[ServiceId, date]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """All flows of a plan.

    Parameters
    ----------
    ways
        Of each batch, of each of its itineraries, of each ride and road in order: the number of its flow.
    """

    flows: tuple[Flow, ...]
    ways: tuple[tuple[tuple[int, ...], ...], ...]


def find_flows(network: Network, plan: Plan) -> Flows:
    """Add up the flows of a plan, in the order in which its itineraries meet them."""
    numbers: dict[Way, int] = {}
    flows: list[Flow] = []
    ways = []
    for entry in plan.batches:
        seen: set[tuple[int, int]] = set()
        own = []
        for itinerary in entry.itineraries:
            along = []
            for stage in itinerary.stages:
                if stage.kind not in {RIDE, ROAD_LEG}:
                    continue
                way = stage.mode, _places(network, stage)
                number = numbers.setdefault(way, len(flows))
                if number == len(flows):
                    flows.append(Flow(*way))
                _add(flows[number], entry, itinerary, stage)
                if stage.from_form == BOXED and itinerary.box_run is not None:
                    run = (number, itinerary.box_run)
                    flows[number].boxes += 0 if run in seen else entry.box_runs[itinerary.box_run].boxes
                    seen.add(run)
                along.append(number)
            own.append(tuple(along))
        ways.append(tuple(own))
    return Flows(flows=tuple(flows), ways=tuple(ways))


def _add(flow: Flow, entry: BatchPlan, itinerary: Itinerary, stage: Stage) -> None:
    flow.vehicles += itinerary.vehicles
    flow.batches[entry.batch_id] += itinerary.vehicles
    if stage.service_id is not None and stage.departure_day is not None:
        flow.services[stage.service_id] += itinerary.vehicles
        flow.departures.add((stage.service_id, stage.departure_day))


def _places(network: Network, stage: Stage) -> tuple[PlaceId, ...]:
    if stage.service_id is None or stage.board_seq is None or stage.alight_seq is None:
        return stage.from_place, stage.to_place
    calls = network.services[stage.service_id].calls
    return tuple(call.place for call in calls if stage.board_seq <= call.seq <= stage.alight_seq)
