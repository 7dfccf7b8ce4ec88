"""landbridge: joint plans for vehicle exports from China to Europe by rail, river, road and sea.

The names below are the library, ``docs/python.md`` shows them at work. Each is loaded when it is first asked
for, so that ``import planner`` loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.on_demand import on_demand

if TYPE_CHECKING:
    from planner.break_even import break_evens
    from planner.check import check, find_faults
    from planner.clock import from_minutes, to_minutes
    from planner.compare import Compared, compare
    from planner.comparison import Comparison, hold_beside
    from planner.errors import BrokenPlanError, Finding, InputError, Issue, PlannerError, SolverError
    from planner.model.alternatives import ALTERNATIVES, Alternative, Planned
    from planner.model.batches import Batch
    from planner.model.break_evens import BreakEven
    from planner.model.plans import BatchPlan, Itinerary, Plan
    from planner.model.problem import Network, Problem, Terms
    from planner.model.results import Progress, Result, SolveOptions
    from planner.model.routes import Route, RouteAnswer, RouteQuery
    from planner.reading.batches import read_batches
    from planner.reading.documents import read_plan
    from planner.reading.problem import read_problem
    from planner.reading.shipment import read_shipment
    from planner.reading.tables import read_network
    from planner.reading.what_if import read_changes
    from planner.render.document import json_text, plan_document
    from planner.render.run_record import record_run
    from planner.route import RouteDesk, find_routes
    from planner.solve import solve
    from planner.what_if import Close, Reprice, Resize, changed
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "planner.break_even": ("break_evens",),
            "planner.check": ("check", "find_faults"),
            "planner.clock": ("from_minutes", "to_minutes"),
            "planner.compare": ("Compared", "compare"),
            "planner.comparison": ("Comparison", "hold_beside"),
            "planner.errors": (
                "BrokenPlanError",
                "Finding",
                "InputError",
                "Issue",
                "PlannerError",
                "SolverError",
            ),
            "planner.model.alternatives": ("ALTERNATIVES", "Alternative", "Planned"),
            "planner.model.batches": ("Batch",),
            "planner.model.break_evens": ("BreakEven",),
            "planner.model.plans": ("BatchPlan", "Itinerary", "Plan"),
            "planner.model.problem": ("Network", "Problem", "Terms"),
            "planner.model.results": ("Progress", "Result", "SolveOptions"),
            "planner.model.routes": ("Route", "RouteAnswer", "RouteQuery"),
            "planner.reading.batches": ("read_batches",),
            "planner.reading.documents": ("read_plan",),
            "planner.reading.problem": ("read_problem",),
            "planner.reading.shipment": ("read_shipment",),
            "planner.reading.tables": ("read_network",),
            "planner.reading.what_if": ("read_changes",),
            "planner.render.document": ("json_text", "plan_document"),
            "planner.render.run_record": ("record_run",),
            "planner.route": ("RouteDesk", "find_routes"),
            "planner.solve": ("solve",),
            "planner.what_if": ("Close", "Reprice", "Resize", "changed"),
        },
    )

__all__ = [
    "ALTERNATIVES",
    "Alternative",
    "Batch",
    "BatchPlan",
    "BreakEven",
    "BrokenPlanError",
    "Close",
    "Compared",
    "Comparison",
    "Finding",
    "InputError",
    "Issue",
    "Itinerary",
    "Network",
    "Plan",
    "Planned",
    "PlannerError",
    "Problem",
    "Progress",
    "Reprice",
    "Resize",
    "Result",
    "Route",
    "RouteAnswer",
    "RouteDesk",
    "RouteQuery",
    "SolveOptions",
    "SolverError",
    "Terms",
    "break_evens",
    "changed",
    "check",
    "compare",
    "find_faults",
    "find_routes",
    "from_minutes",
    "hold_beside",
    "json_text",
    "plan_document",
    "read_batches",
    "read_changes",
    "read_network",
    "read_plan",
    "read_problem",
    "read_shipment",
    "record_run",
    "solve",
    "to_minutes",
]
