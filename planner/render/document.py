"""A plan as one JSON document: ``plan`` (what was decided) and ``runRecord`` (how it came about).

``plan`` holds no timings and no floating-point numbers: money is whole cents, time whole minutes or
ISO 8601, anything with decimals is a text. Its canonical form, and with it its hash, is therefore the same
in every language. What can be worked out from the rest (local times, sums, gap) is written for people;
:mod:`planner.reading.documents` builds the plan from the rest alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from planner.clock import from_minutes
from planner.costing import Costing, cost_by_kind
from planner.model.problem import COST, TIME
from planner.units import HUNDREDTHS, ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import Baseline, BatchPlan, CostLine, Itinerary, LegUse, Plan, Stage, Unplanned
    from planner.model.problem import Problem, Terms
    from planner.model.results import Result
    from planner.render.run_record import RunRecord

Json = dict[str, Any]

SCHEMA_VERSION = 1
OBJECTIVE_UNITS = {COST: "cents", TIME: "vehicle-minutes"}
_GAP_DIGITS = 8


def plan_document(problem: Problem, result: Result, run_record: RunRecord) -> Json:
    """The whole document of a result, ready for :func:`json.dumps`."""
    plan = plan_part(problem, result.plan)
    return {
        "schemaVersion": SCHEMA_VERSION,
        "plan": plan,
        "runRecord": {
            "status": result.status,
            "stoppedBy": result.stopped_by,
            "planSha256": hash_of(plan),
            "inputs": {"networkSha256": problem.network.digest, "batchesSha256": run_record.batches_sha256},
            "terms": _terms(problem.terms),
            "options": {_camel(name): _option(value) for name, value in asdict(run_record.options).items()},
            "versions": dict(run_record.versions),
            "seconds": {phase: round(seconds, 3) for phase, seconds in result.seconds.items()},
            "counts": dict(result.counts),
        },
    }


def plan_part(problem: Problem, plan: Plan) -> Json:
    """The ``plan`` of the document: equal plans of equal problems give equal parts."""
    batches = {batch.id: batch for batch in problem.batches}
    costing = Costing(problem)
    late = sum(
        itinerary.vehicles
        for entry in plan.batches
        for itinerary in entry.itineraries
        if itinerary.delivered_min > batches[entry.batch_id].due_min
    )
    planned = sum(entry.planned_vehicles for entry in plan.batches)
    return {
        "objective": plan.objective,
        "objectiveUnit": OBJECTIVE_UNITS[plan.objective],
        "currency": plan.currency,
        "cents": plan.cents,
        "vehicleMinutes": plan.vehicle_min,
        "penalty": plan.penalty,
        "value": plan.value,
        "ownValue": plan.own_value,
        "lpBound": plan.lp_bound,
        "bound": plan.bound,
        "gap": _gap_text(plan),
        "absoluteGap": None if plan.bound is None else plan.value - plan.bound,
        "totals": {
            "batches": len(plan.batches),
            "vehicles": sum(batch.vehicles for batch in problem.batches),
            "plannedVehicles": planned,
            "onTimeVehicles": planned - late,
            "lateVehicles": late,
            "unplannedVehicles": sum(entry.unplanned.vehicles for entry in plan.batches if entry.unplanned),
            "boxes": sum(run.boxes for entry in plan.batches for run in entry.box_runs),
        },
        "centsByKind": cost_by_kind(plan),
        "batches": [_batch_plan(problem, costing, batches[entry.batch_id], entry) for entry in plan.batches],
        "departures": [_leg_use(problem, use) for use in plan.departures],
    }


def json_text(document: object) -> str:
    """JSON as it is written to files and screens."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def canonical_json(value: object) -> bytes:
    """UTF-8, keys sorted, no blanks, nothing escaped that need not be."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def plan_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical ``plan`` of a document, hexadecimal; the run record has no part in it."""
    return hash_of(document["plan"])


def exact_text(value: Fraction) -> str:
    """An exact number as text: a decimal where one exists (``0.08``), else a fraction (``1/3``)."""
    rest, digits = value.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        digits += 1
    if rest != 1:
        return str(value)
    whole, part = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return ("-" if value < 0 else "") + str(whole) + (f".{part:0{digits}d}" if digits else "")


def counting_scale(unit: str) -> int:
    """Counting units in one whole unit of a capacity unit: CEU and cubic metres count in hundredths."""
    return HUNDREDTHS if unit in {"ceu", "cbm"} else 1


def utc_text(minutes: int) -> str:
    """``2027-03-04T00:00:00Z``."""
    return from_minutes(minutes).strftime("%Y-%m-%dT%H:%M:%SZ")


def _option(value: object) -> object:
    """Value of a solver option as JSON has it: exact numbers are texts."""
    return exact_text(value) if isinstance(value, Fraction) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def hash_of(plan: object) -> str:
    """SHA-256 of the canonical form of a plan, hexadecimal."""
    return hashlib.sha256(canonical_json(plan)).hexdigest()


def _gap_text(plan: Plan) -> str | None:
    """The gap as a decimal text, rounded up so that it never claims more than was proved."""
    if plan.gap is None or plan.bound is None:
        return None
    steps = ceil_div((plan.value - plan.bound) * 10**_GAP_DIGITS, plan.own_value)
    return exact_text(Fraction(steps, 10**_GAP_DIGITS))


def _batch_plan(problem: Problem, costing: Costing, batch: Batch, entry: BatchPlan) -> Json:
    return {
        "batchId": batch.id,
        "reference": batch.reference,
        "shipper": batch.shipper,
        "vehicleType": batch.vehicle_type,
        "vehicles": batch.vehicles,
        "origin": batch.origin,
        "destination": batch.destination,
        **_moment(problem, "ready", batch.ready_min, batch.origin),
        **_moment(problem, "due", batch.due_min, batch.destination),
        "plannedVehicles": entry.planned_vehicles,
        "cents": entry.cents,
        "itineraries": [
            _itinerary(problem, costing, batch, entry, itinerary) for itinerary in entry.itineraries
        ],
        "boxRuns": [
            {"vehicles": run.vehicles, "boxes": run.boxes, "boxCents": run.box_cents}
            for run in entry.box_runs
        ],
        "unplanned": _unplanned(entry.unplanned),
        "baseline": _baseline(entry.baseline),
    }


def _itinerary(
    problem: Problem, costing: Costing, batch: Batch, entry: BatchPlan, itinerary: Itinerary
) -> Json:
    door_min = itinerary.delivered_min - batch.ready_min
    baseline_min = entry.baseline.door_min if entry.baseline else None
    return {
        "part": itinerary.part,
        "vehicles": itinerary.vehicles,
        "boxRun": itinerary.box_run,
        **_moment(problem, "delivered", itinerary.delivered_min, itinerary.stages[-1].to_place),
        "doorMinutes": door_min,
        "mainRideMinutes": costing.main_ride_min(itinerary),
        "slackMinutes": batch.due_min - itinerary.delivered_min,
        "minutesAgainstBaseline": None if baseline_min is None else door_min - baseline_min,
        "vehicleCents": itinerary.vehicle_cents,
        "boxCents": itinerary.box_cents,
        "stages": [_stage(problem, stage) for stage in itinerary.stages],
        "lines": [_line(line) for line in itinerary.lines],
    }


def _stage(problem: Problem, stage: Stage) -> Json:
    return {
        "kind": stage.kind,
        "mode": stage.mode,
        "fromPlace": stage.from_place,
        "toPlace": stage.to_place,
        **_moment(problem, "start", stage.start_min, stage.from_place),
        **_moment(problem, "end", stage.end_min, stage.to_place),
        "fromForm": stage.from_form,
        "toForm": stage.to_form,
        "serviceId": stage.service_id,
        "departureDay": None if stage.departure_day is None else stage.departure_day.isoformat(),
        "boardSeq": stage.board_seq,
        "alightSeq": stage.alight_seq,
    }


def _line(line: CostLine) -> Json:
    return {
        "kind": line.kind,
        "stage": line.stage,
        "label": line.label,
        "per": line.per,
        "unitCents": line.unit_cents,
    }


def _unplanned(unplanned: Unplanned | None) -> Json | None:
    if unplanned is None:
        return None
    return {"vehicles": unplanned.vehicles, "reason": unplanned.reason, "facts": unplanned.facts}


def _baseline(baseline: Baseline | None) -> Json | None:
    if baseline is None:
        return None
    return {
        "railMinutes": baseline.rail_min,
        "doorMinutes": baseline.door_min,
        "centsPerVehicle": baseline.cents,
        "reason": baseline.reason,
    }


def _leg_use(problem: Problem, use: LegUse) -> Json:
    unit = problem.network.services[use.service_id].capacity_unit
    scale = counting_scale(unit)
    return {
        "serviceId": use.service_id,
        "departureDay": use.departure_day.isoformat(),
        "leg": use.leg,
        "fromPlace": use.from_place,
        "toPlace": use.to_place,
        **_moment(problem, "depart", use.depart_min, use.from_place),
        "capacityUnit": unit,
        "used": exact_text(Fraction(use.used, scale)),
        "capacity": exact_text(Fraction(use.capacity, scale)),
        "indicativeValueOfOneMore": use.unit_value_cents,
    }


def _terms(terms: Terms) -> Json:
    return {
        "objective": terms.objective,
        "currency": terms.currency,
        "carryingRate": exact_text(terms.carrying_rate),
        "unplannedPriceCents": exact_text(terms.unplanned_price),
        "unplannedMinutes": terms.unplanned_min,
        "maxLateMinutes": terms.max_late_min,
    }


def _moment(problem: Problem, name: str, minutes: int, place: PlaceId) -> Json:
    local = from_minutes(minutes, problem.network.places[place].time_zone)
    return {f"{name}Utc": utc_text(minutes), f"{name}Local": local.isoformat()}
