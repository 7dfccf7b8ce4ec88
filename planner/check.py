"""Every rule again, from the problem and the plan alone.

Nothing here is shared with the code that makes plans: calendars are asked day by day instead of rolled
out, times are added up call by call, and prices are looked up in the tables. All of it is whole numbers.
A plan may be wrong in any way; what is wrong is found, named after one of :data:`RULES`, and never raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.checking.boxes import check_runs
from planner.checking.charters import CharterRules
from planner.checking.days import DayRules
from planner.checking.departures import Departures
from planner.checking.itinerary import ItineraryRules
from planner.checking.loads import Loads
from planner.checking.parts import check_kept, check_part_charges, check_parts
from planner.checking.room import RoomRules
from planner.checking.rules import RULES, Findings
from planner.checking.shape import ShapeRules
from planner.checking.totals import check_totals
from planner.costing import Costing
from planner.errors import BrokenPlanError, Finding
from planner.model.plans import UNPLANNED_REASONS, Plan

if TYPE_CHECKING:
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan
    from planner.model.problem import Problem

__all__ = ["RULES", "check", "find_faults"]


def check(
    problem: Problem, plan: Plan, costing: Costing | None = None, departures: Departures | None = None
) -> None:
    """Accept a plan, or refuse it; parameters as for :func:`find_faults`.

    Raises
    ------
    BrokenPlanError
        If any rule is broken; carries every finding.
    """
    findings = find_faults(problem, plan, costing, departures)
    if findings:
        raise BrokenPlanError(findings)


def find_faults(
    problem: Problem, plan: Plan, costing: Costing | None = None, departures: Departures | None = None
) -> list[Finding]:
    """Everything that is wrong with a plan; empty = it holds.

    A plan with a field of a wrong type is not looked at any further.

    Parameters
    ----------
    costing
        Of the problem, for whoever has many plans of it checked: to index the tables takes a while.
    departures
        Of its network, likewise: what was looked up for one plan serves the next.
    """
    findings = Findings()
    for path, content in ShapeRules().list_ill_typed(plan, Plan, "plan"):
        findings.add("field_types", path, f"holds {content!r}")
    if findings.list:
        return findings.list

    _entries(problem, plan, findings)
    costing = costing or Costing(problem)
    departures = departures or Departures(problem.network)
    itinerary_rules = ItineraryRules(problem, costing, departures, findings)
    loads = Loads(problem, departures, findings)
    day_rules = DayRules(problem, costing.book, departures, findings)
    batches = {batch.id: batch for batch in problem.batches}
    planned = [(batches[entry.batch_id], entry) for entry in plan.batches if entry.batch_id in batches]
    for batch, batch_plan in planned:
        where = f"batch {batch.id}"
        kept = problem.kept.get(batch.id, ())
        _vehicles(batch, batch_plan, where, findings)
        for number, itinerary in enumerate(batch_plan.itineraries, start=1):
            itinerary_rules.apply(batch, itinerary, f"{where} itinerary {number}")
        check_parts(batch, batch_plan, kept, where, findings)
        check_part_charges(batch_plan, where, findings)
        check_kept(batch_plan, kept, where, findings)
        check_runs(batch_plan, problem.vehicle_type_of(batch), where, findings)
        loads.add(batch, batch_plan)
        day_rules.add(batch, batch_plan)
    RoomRules(problem, departures, findings).apply(plan, loads)
    CharterRules(problem, findings).apply(plan, loads)
    day_rules.apply(plan)
    check_totals(problem, costing, plan, planned, findings)
    return findings.list


def _entries(problem: Problem, plan: Plan, findings: Findings) -> None:
    stated = [entry.batch_id for entry in plan.batches]
    right = [batch.id for batch in problem.batches]
    if stated != right:
        missing = sorted(set(right) - set(stated))
        strange = sorted(set(stated) - set(right))
        findings.add(
            "batch_entries", "plan", f"missing {missing}, unknown {strange}, else twice or out of order"
        )
    terms = problem.terms
    findings.expect_equal("objective", "plan", "objective", stated=plan.objective, right=terms.objective)
    findings.expect_equal("objective", "plan", "currency", stated=plan.currency, right=terms.currency)


def _vehicles(batch: Batch, batch_plan: BatchPlan, where: str, findings: Findings) -> None:
    for number, itinerary in enumerate(batch_plan.itineraries, start=1):
        if itinerary.vehicles < 1:
            findings.add("positive_numbers", f"{where} itinerary {number}", f"{itinerary.vehicles} vehicles")
    left_out = 0
    if batch_plan.unplanned is not None:
        left_out = batch_plan.unplanned.vehicles
        if left_out < 1:
            findings.add("positive_numbers", where, f"{left_out} vehicles unplanned")
        if batch_plan.unplanned.reason not in UNPLANNED_REASONS:
            findings.add("unplanned_reason", where, f"unknown reason {batch_plan.unplanned.reason!r}")
    total = sum(itinerary.vehicles for itinerary in batch_plan.itineraries) + left_out
    findings.expect_equal("vehicle_count", where, "sum of vehicles", stated=total, right=batch.vehicles)
