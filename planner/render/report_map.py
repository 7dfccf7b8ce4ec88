"""The map of a report: flows, the stretches they share, and the places where vehicles are handled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.render.corridors import list_corridors
from planner.render.geojson import area_geometry, line_geometry
from planner.render.plan_features import count_handled

if TYPE_CHECKING:
    from planner.model.plans import Plan
    from planner.render.drawn_plan import DrawnPlan
    from planner.render.report_lists import ReportLists

Json = dict[str, Any]


def report_map(plan: Plan, drawn: DrawnPlan, lists: ReportLists) -> Json:
    """Flows by number, stretches with the flows that run over them, places, and the base map.

    What a flow carries is added up by the page from the batches that it shows.
    """
    flows = dict(enumerate(drawn.flows.flows))
    return {
        "flows": [
            {
                "mode": flow.mode,
                "from": lists.places.number(flow.places[0]),
                "to": lists.places.number(flow.places[-1]),
                "vehicles": flow.vehicles,
                "boxes": flow.boxes,
            }
            for flow in flows.values()
        ],
        "stretches": [
            {"mode": one.mode, "flows": one.users, "geometry": line_geometry(one.line)}
            for one in list_corridors(flows, dict(enumerate(drawn.lines)))
        ],
        "handled": [
            [lists.places.number(place), here.leaving, here.changing, here.delivered]
            for place, here in count_handled(plan).items()
        ],
        "land": area_geometry(drawn.land),
    }
