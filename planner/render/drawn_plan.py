"""Where the flows of a plan are drawn: what its page and its features have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.render.flows import find_flows
from planner.render.map_html import shipped_land
from planner.render.network_features import line_through, point_of

if TYPE_CHECKING:
    from planner.model.geo import Line, Polygon
    from planner.model.plans import Plan
    from planner.model.problem import Network
    from planner.render.flows import Flows


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPlan:
    """Flows of a plan, their lines in the same order, and the base map that ships sail round."""

    flows: Flows
    lines: tuple[Line, ...]
    land: tuple[Polygon, ...]


def draw_plan(network: Network, plan: Plan) -> DrawnPlan:
    """Find the flows of a plan and where they are drawn: through their calls, ships round the land."""
    from planner.network.sea_lanes import SeaLanes  # noqa: PLC0415 - loads networkx: few plans are drawn

    land = shipped_land()
    lanes = SeaLanes(land)
    flows = find_flows(network, plan)
    lines = tuple(
        line_through([point_of(network.places[place]) for place in flow.places], flow.mode, lanes)
        for flow in flows.flows
    )
    return DrawnPlan(flows=flows, lines=lines, land=land)
