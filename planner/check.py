"""Every rule again, from the problem and the plan alone.

Nothing here is shared with the code that makes plans: calendars are asked day by day instead of rolled
out, times are added up call by call, and prices are looked up in the tables. All of it is whole numbers.
A plan may be wrong in any way; what is wrong is found, named after one of :data:`RULES`, and never raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.checking.boxes import check_parts, check_runs
from planner.checking.departures import Departures
from planner.checking.itinerary import ItineraryRules
from planner.checking.room import RoomRules
from planner.checking.rules import RULES, Findings
from planner.checking.shape import ShapeRules
from planner.costing import Costing
from planner.errors import BrokenPlanError, Finding
from planner.model.plans import PER_VEHICLE, UNPLANNED_REASONS, Plan
from planner.model.problem import TIME

if TYPE_CHECKING:
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan
    from planner.model.problem import Problem

__all__ = ["RULES", "check", "find_faults"]


def check(problem: Problem, plan: Plan) -> None:
    """Accept a plan, or refuse it.

    Raises
    ------
    BrokenPlanError
        If any rule is broken; carries every finding.
    """
    findings = find_faults(problem, plan)
    if findings:
        raise BrokenPlanError(findings)


def find_faults(problem: Problem, plan: Plan) -> list[Finding]:
    """Everything that is wrong with a plan; empty = it holds.

    A plan with a field of a wrong type is not looked at any further.
    """
    findings = Findings()
    for path, content in ShapeRules().list_ill_typed(plan, Plan, "plan"):
        findings.add("field_types", path, f"holds {content!r}")
    if findings.list:
        return findings.list

    _entries(problem, plan, findings)
    departures = Departures(problem.network)
    itinerary_rules = ItineraryRules(problem, Costing(problem), departures, findings)
    room_rules = RoomRules(problem, departures, findings)
    batches = {batch.id: batch for batch in problem.batches}
    planned = [(batches[entry.batch_id], entry) for entry in plan.batches if entry.batch_id in batches]
    for batch, batch_plan in planned:
        where = f"batch {batch.id}"
        _vehicles(batch, batch_plan, where, findings)
        for number, itinerary in enumerate(batch_plan.itineraries, start=1):
            itinerary_rules.apply(batch, itinerary, f"{where} itinerary {number}")
        check_parts(batch_plan, where, findings)
        check_runs(batch_plan, problem.vehicle_type_of(batch), where, findings)
        room_rules.add(batch, batch_plan)
    room_rules.apply(plan)
    _totals(problem, plan, planned, findings)
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


def _totals(problem: Problem, plan: Plan, planned: list[tuple[Batch, BatchPlan]], findings: Findings) -> None:
    cents = vehicle_min = penalty = 0
    for batch, batch_plan in planned:
        for itinerary in batch_plan.itineraries:
            cents += itinerary.vehicles * sum(
                line.unit_cents for line in itinerary.lines if line.per == PER_VEHICLE
            )
            if itinerary.stages:
                vehicle_min += itinerary.vehicles * (itinerary.stages[-1].end_min - batch.ready_min)
        cents += sum(run.boxes * run.box_cents for run in batch_plan.box_runs)
        if batch_plan.unplanned is not None:
            penalty += batch_plan.unplanned.vehicles * problem.terms.unplanned_cost(batch)
    value = (vehicle_min if problem.terms.objective == TIME else cents) + penalty
    for rule, stated, right in (
        ("total_cents", plan.cents, cents),
        ("total_vehicle_min", plan.vehicle_min, vehicle_min),
        ("total_penalty", plan.penalty, penalty),
        ("total_value", plan.value, value),
    ):
        findings.expect_equal(rule, "plan", rule.removeprefix("total_"), stated=stated, right=right)
    for what, bound in (("lp_bound", plan.lp_bound), ("bound", plan.bound)):
        if bound is not None and bound > plan.value:
            findings.add("bounds", "plan", f"{what} {bound} lies above the value {plan.value}")
