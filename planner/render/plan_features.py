"""A plan as features of a map, ``plan.geojson``: flows as lines, places with what is handled there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.render.geojson import feature, feature_collection, line_geometry, point_geometry
from planner.render.network_features import point_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.ids import PlaceId
    from planner.model.plans import Plan
    from planner.model.problem import Network
    from planner.render.drawn_plan import DrawnPlan
    from planner.render.geojson import Json

FLOW, PLACE = "flow", "place"


@dataclass(slots=True)
class Handled:
    """Vehicles at one place: an itinerary starts, changes, or ends there."""

    leaving: int = 0
    changing: int = 0
    delivered: int = 0

    @property
    def vehicles(self) -> int:
        """All of them."""
        return self.leaving + self.changing + self.delivered


def plan_features(network: Network, plan: Plan, drawn: DrawnPlan, plan_sha256: str) -> Json:
    """Flows, then the places that they touch; ``vehicles`` of a place are those that it handles."""
    return feature_collection((*_flows(drawn), *_places(network, plan)), plan=plan_sha256)


def count_handled(plan: Plan) -> dict[PlaceId, Handled]:
    """Vehicles handled by place, in the order in which the plan meets the places.

    Handling between two legs counts once, at its place; a place that is ridden through handles nothing.
    """
    handled: dict[PlaceId, Handled] = {}
    for entry in plan.batches:
        for itinerary in entry.itineraries:
            stages = [stage for stage in itinerary.stages if stage.from_place != stage.to_place]
            first = itinerary.stages[0].from_place
            handled.setdefault(first, Handled()).leaving += itinerary.vehicles
            for stage in stages[:-1]:
                handled.setdefault(stage.to_place, Handled()).changing += itinerary.vehicles
            last = itinerary.stages[-1].to_place
            handled.setdefault(last, Handled()).delivered += itinerary.vehicles
    return handled


def _flows(drawn: DrawnPlan) -> Iterator[Json]:
    for flow, line in zip(drawn.flows.flows, drawn.lines, strict=True):
        yield feature(
            ":".join((FLOW, flow.mode, *flow.places)),
            line_geometry(line),
            {
                "what": FLOW,
                "mode": flow.mode,
                "from": flow.places[0],
                "to": flow.places[-1],
                "through": list(flow.places[1:-1]),
                "vehicles": flow.vehicles,
                "boxes": flow.boxes,
                "departures": len(flow.departures),
                "services": dict(flow.services),
                "batches": dict(flow.batches),
            },
        )


def _places(network: Network, plan: Plan) -> Iterator[Json]:
    for place_id, handled in count_handled(plan).items():
        place = network.places[place_id]
        yield feature(
            f"{PLACE}:{place_id}",
            point_geometry(point_of(place)),
            {
                "what": PLACE,
                "id": place_id,
                "name": place.name,
                "nameZh": place.name_zh,
                "kind": place.kind,
                "country": place.country,
                "vehicles": handled.vehicles,
                "leaving": handled.leaving,
                "changing": handled.changing,
                "delivered": handled.delivered,
            },
        )
