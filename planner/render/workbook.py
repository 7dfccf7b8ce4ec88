"""A plan as a workbook, ``plan.xlsx``: a sheet a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.render.plan_views import (
    batches_view,
    cost_lines_view,
    itineraries_view,
    left_out_view,
    stages_view,
)
from planner.render.room_views import bookings_view, days_view, departures_view
from planner.render.summary_views import run_record_view, summary_view
from planner.render.xlsx import xlsx_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from planner.model.plans import Plan
    from planner.model.problem import Problem


def plan_workbook(problem: Problem, plan: Plan, document: Mapping[str, Any]) -> bytes:
    """The workbook of a plan; equal documents give equal bytes.

    Parameters
    ----------
    document
        The plan document, for its sums and its run record.
    """
    return xlsx_bytes(
        [
            summary_view(problem, plan, document),
            batches_view(problem, plan),
            itineraries_view(problem, plan),
            stages_view(problem, plan),
            cost_lines_view(plan),
            departures_view(problem, plan),
            days_view(plan),
            bookings_view(problem, plan),
            left_out_view(problem, plan),
            run_record_view(document),
        ]
    )
