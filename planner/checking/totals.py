"""Totals of a plan: money, vehicle-minutes, emissions, penalties, the value and its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.model.plans import PER_VEHICLE
from planner.model.problem import BLEND, CO2E, COST, TIME

if TYPE_CHECKING:
    from planner.checking.rules import Findings
    from planner.costing import Costing
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan, Plan
    from planner.model.problem import Problem


def check_totals(
    problem: Problem,
    costing: Costing,
    plan: Plan,
    planned: list[tuple[Batch, BatchPlan]],
    findings: Findings,
) -> None:
    """Hold the totals against the sums of what the plan states line by line."""
    cents = sum(_cents(entry) for _, entry in planned)
    grams = sum(_grams(entry) for _, entry in planned)
    vehicle_min = sum(
        itinerary.vehicles * (itinerary.stages[-1].end_min - batch.ready_min)
        for batch, entry in planned
        for itinerary in entry.itineraries
        if itinerary.stages
    )
    penalty = sum(
        entry.unplanned.vehicles * problem.terms.unplanned_cost(batch)
        for batch, entry in planned
        if entry.unplanned is not None
    )
    objective = problem.terms.objective
    blend = sum(_blend_cents(costing, batch, entry) for batch, entry in planned) if objective == BLEND else 0
    own = {COST: cents, TIME: vehicle_min, CO2E: grams, BLEND: cents + blend}[objective]
    for rule, what, stated, right in (
        ("total_cents", "cents", plan.cents, cents),
        ("total_vehicle_min", "vehicle_min", plan.vehicle_min, vehicle_min),
        ("total_grams", "grams", plan.grams, grams if problem.network.emission_factors else None),
        ("total_blend", "blend_cents", plan.blend_cents, blend),
        ("total_penalty", "penalty", plan.penalty, penalty),
        ("total_value", "value", plan.value, own + penalty),
    ):
        findings.expect_equal(rule, "plan", what, stated=stated, right=right)
    for what, bound in (("lp_bound", plan.lp_bound), ("bound", plan.bound)):
        if bound is not None and bound > plan.value:
            findings.add("bounds", "plan", f"{what} {bound} lies above the value {plan.value}")
    _check_slot_values(plan, findings)


def _check_slot_values(plan: Plan, findings: Findings) -> None:
    """Ranges are ranges, of departures that the plan rides, each once."""
    ridden = {(use.service_id, use.departure_day) for use in plan.departures}
    valued = [(value.service_id, value.departure_day) for value in plan.slot_values]
    for value, departure in zip(plan.slot_values, valued, strict=True):
        where = f"{value.service_id} {value.departure_day}"
        if departure not in ridden or valued.count(departure) > 1:
            findings.add(
                "slot_values", where, "valued twice, or no departure with limited room that is ridden"
            )
        bounds = (value.low, value.high)
        if not 0 <= value.low <= value.high or (value.exact is not None and bounds != (value.exact,) * 2):
            findings.add("slot_values", where, f"exact {value.exact}, from {value.low} to {value.high}")


def _cents(entry: BatchPlan) -> int:
    lines = sum(
        itinerary.vehicles * line.unit_cents
        for itinerary in entry.itineraries
        for line in itinerary.lines
        if line.per == PER_VEHICLE
    )
    boxes = sum(run.boxes * run.box_cents for run in entry.box_runs)
    parts = sum(charge.cents for charge in entry.part_charges)
    return lines + boxes + parts + sum(share.cents for share in entry.shares)


def _grams(entry: BatchPlan) -> int:
    lines = sum(
        itinerary.vehicles * line.unit_grams
        for itinerary in entry.itineraries
        for line in itinerary.emissions
        if line.per == PER_VEHICLE
    )
    return lines + sum(run.boxes * run.box_grams for run in entry.box_runs)


def _blend_cents(costing: Costing, batch: Batch, entry: BatchPlan) -> int:
    """What days and grams count: each vehicle its own, each box once a run."""
    total = 0
    runs = dict(enumerate(entry.box_runs))
    for itinerary in entry.itineraries:
        if itinerary.stages:
            each = costing.blend_cents_per_vehicle(batch, itinerary.stages, itinerary.emissions)
            total += itinerary.vehicles * each
        run = None if itinerary.box_run is None else runs.pop(itinerary.box_run, None)
        if run is not None:
            total += run.boxes * costing.blend_cents_per_box(itinerary.emissions)
    return total
