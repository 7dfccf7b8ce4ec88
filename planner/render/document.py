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

from planner.costing import Costing, cost_by_kind, grams_by_mode
from planner.duties import cents_by_duty, list_duties
from planner.grounds import trace_plan
from planner.model.problem import BLEND, CO2E, COST, TIME
from planner.render.document_beside import duty, grounds, remedy, weakest
from planner.render.document_room import charter, day_use, departure_share, leg_use, slot_value
from planner.render.texts import exact_text, moment
from planner.slack import SlowJourneys
from planner.units import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.model.batches import Batch
    from planner.model.plans import (
        Baseline,
        BatchPlan,
        CostLine,
        EmissionLine,
        Itinerary,
        Plan,
        Stage,
        Unplanned,
    )
    from planner.model.problem import Problem, Terms
    from planner.model.results import Result
    from planner.render.run_record import RunRecord

Json = dict[str, Any]

SCHEMA_VERSION = 2
OBJECTIVE_UNITS = {COST: "cents", TIME: "vehicle-minutes", CO2E: "grams", BLEND: "cents"}
_GAP_DIGITS = 8


def plan_document(
    problem: Problem, result: Result, run_record: RunRecord, difference: Json | None = None
) -> Json:
    """The whole document of a result, ready for :func:`json.dumps`.

    Parameters
    ----------
    difference
        What is different from the plan without the what-if switches of the run.
    """
    plan = plan_part(problem, result.plan)
    return {
        "schemaVersion": SCHEMA_VERSION,
        "plan": plan,
        "runRecord": {
            "status": result.status,
            "stoppedBy": result.stopped_by,
            "planSha256": hash_of(plan),
            "inputs": {
                "networkSha256": problem.network.digest,
                "batchesSha256": run_record.batches_sha256,
                "keptPlanSha256": run_record.kept_plan_sha256,
                "ratesDate": _day(run_record.rates_date),
                "whatIf": list(run_record.what_if),
            },
            "terms": terms_part(problem.terms),
            "options": {_camel(name): _option(value) for name, value in asdict(run_record.options).items()},
            "versions": dict(run_record.versions),
            "seconds": {phase: round(seconds, 3) for phase, seconds in result.seconds.items()},
            "counts": dict(result.counts),
        },
        "difference": difference,
    }


def plan_part(problem: Problem, plan: Plan) -> Json:
    """The ``plan`` of the document: equal plans of equal problems give equal parts."""
    batches = {batch.id: batch for batch in problem.batches}
    costing = Costing(problem)
    slow = SlowJourneys(costing.book, problem.terms.times)
    duties = list(list_duties(problem, plan))
    found = trace_plan(problem, plan)
    return {
        "objective": plan.objective,
        "objectiveUnit": OBJECTIVE_UNITS[plan.objective],
        "currency": plan.currency,
        "cents": plan.cents,
        "vehicleMinutes": plan.vehicle_min,
        "grams": plan.grams,
        "blendCents": plan.blend_cents,
        "penalty": plan.penalty,
        "value": plan.value,
        "ownValue": plan.own_value,
        "lpBound": plan.lp_bound,
        "bound": plan.bound,
        "gap": gap_text(plan),
        "absoluteGap": None if plan.bound is None else plan.value - plan.bound,
        "totals": _totals(problem, plan, slow),
        "centsByKind": cost_by_kind(plan),
        "gramsByMode": None if plan.grams is None else grams_by_mode(plan),
        "dutyCents": cents_by_duty(duties),
        "grounds": grounds(found),
        "batches": [
            {
                **_batch_plan(problem, costing, slow, batches[entry.batch_id], entry),
                "duties": [duty(line) for line in duties if line.batch_id == entry.batch_id],
                "weakestPrice": weakest(own.price),
                "weakestTime": weakest(own.time),
            }
            for entry, own in zip(plan.batches, found.batches, strict=True)
        ],
        "departures": [leg_use(problem, use) for use in plan.departures],
        "days": [day_use(use) for use in plan.days],
        "charters": [charter(problem, bought) for bought in plan.charters],
        "slotValues": [slot_value(value) for value in plan.slot_values],
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


def _option(value: object) -> object:
    """Value of a solver option as JSON has it: exact numbers are texts."""
    return exact_text(value) if isinstance(value, Fraction) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def hash_of(plan: object) -> str:
    """SHA-256 of the canonical form of a plan, hexadecimal."""
    return hashlib.sha256(canonical_json(plan)).hexdigest()


def gap_text(plan: Plan) -> str | None:
    """The gap as a decimal text, rounded up so that it never claims more than was proved."""
    if plan.gap is None or plan.bound is None:
        return None
    steps = ceil_div((plan.value - plan.bound) * 10**_GAP_DIGITS, plan.own_value)
    return exact_text(Fraction(steps, 10**_GAP_DIGITS))


def _totals(problem: Problem, plan: Plan, slow: SlowJourneys) -> Json:
    batches = {batch.id: batch for batch in problem.batches}
    rides = [(batches[entry.batch_id], one) for entry in plan.batches for one in entry.itineraries]
    planned = sum(one.vehicles for _, one in rides)
    late = sum(one.vehicles for batch, one in rides if one.delivered_min > batch.due_min)
    return {
        "batches": len(plan.batches),
        "vehicles": sum(batch.vehicles for batch in problem.batches),
        "plannedVehicles": planned,
        "onTimeVehicles": planned - late,
        "lateVehicles": late,
        "lateVehiclesUnderHighTimes": sum(one.vehicles for batch, one in rides if slow.is_late(batch, one)),
        "bookedVehicles": sum(one.vehicles for _, one in rides if one.booked),
        "unplannedVehicles": sum(entry.unplanned.vehicles for entry in plan.batches if entry.unplanned),
        "boxes": sum(run.boxes for entry in plan.batches for run in entry.box_runs),
    }


def _batch_plan(
    problem: Problem, costing: Costing, slow: SlowJourneys, batch: Batch, entry: BatchPlan
) -> Json:
    return {
        "batchId": batch.id,
        "reference": batch.reference,
        "shipper": batch.shipper,
        "vehicleType": batch.vehicle_type,
        "vehicles": batch.vehicles,
        "origin": batch.origin,
        "destination": batch.destination,
        **moment(problem, "ready", batch.ready_min, batch.origin),
        **moment(problem, "due", batch.due_min, batch.destination),
        "plannedVehicles": entry.planned_vehicles,
        "cents": entry.cents,
        "grams": entry.grams if problem.network.emission_factors else None,
        "itineraries": [_itinerary(problem, costing, slow, batch, entry, one) for one in entry.itineraries],
        "boxRuns": [
            {
                "vehicles": run.vehicles,
                "boxes": run.boxes,
                "boxCents": run.box_cents,
                "boxGrams": run.box_grams,
            }
            for run in entry.box_runs
        ],
        "partCharges": [{"part": charge.part, "cents": charge.cents} for charge in entry.part_charges],
        "shares": [departure_share(share) for share in entry.shares],
        "unplanned": _unplanned(entry.unplanned),
        "baseline": baseline_part(entry.baseline),
    }


def _itinerary(
    problem: Problem,
    costing: Costing,
    slow: SlowJourneys,
    batch: Batch,
    entry: BatchPlan,
    itinerary: Itinerary,
) -> Json:
    door_min = itinerary.delivered_min - batch.ready_min
    baseline_min = entry.baseline.door_min if entry.baseline else None
    slow_min = slow.find_delivered_min(itinerary)
    return {
        "part": itinerary.part,
        "vehicles": itinerary.vehicles,
        "booked": itinerary.booked,
        "boxRun": itinerary.box_run,
        **moment(problem, "delivered", itinerary.delivered_min, itinerary.stages[-1].to_place),
        "doorMinutes": door_min,
        "mainRideMinutes": costing.main_ride_min(itinerary),
        "slackMinutes": batch.due_min - itinerary.delivered_min,
        "slackMinutesUnderHighTimes": None if slow_min is None else batch.due_min - slow_min,
        "lateUnderHighTimes": slow.is_late(batch, itinerary),
        "minutesAgainstBaseline": None if baseline_min is None else door_min - baseline_min,
        "vehicleCents": itinerary.vehicle_cents,
        "boxCents": itinerary.box_cents,
        "vehicleGrams": itinerary.vehicle_grams,
        "boxGrams": itinerary.box_grams,
        "stages": [stage_part(problem, stage) for stage in itinerary.stages],
        "lines": [line_part(line) for line in itinerary.lines],
        "emissions": [emission_part(line) for line in itinerary.emissions],
    }


def stage_part(problem: Problem, stage: Stage) -> Json:
    """A stage, its times in UTC and on the clocks of its places."""
    return {
        "kind": stage.kind,
        "mode": stage.mode,
        "fromPlace": stage.from_place,
        "toPlace": stage.to_place,
        **moment(problem, "start", stage.start_min, stage.from_place),
        **moment(problem, "end", stage.end_min, stage.to_place),
        "fromForm": stage.from_form,
        "toForm": stage.to_form,
        "serviceId": stage.service_id,
        "departureDay": _day(stage.departure_day),
        "boardSeq": stage.board_seq,
        "alightSeq": stage.alight_seq,
    }


def line_part(line: CostLine) -> Json:
    """A price line."""
    return {
        "kind": line.kind,
        "stage": line.stage,
        "label": line.label,
        "per": line.per,
        "unitCents": line.unit_cents,
    }


def emission_part(line: EmissionLine) -> Json:
    """The CO2e of a ride or road."""
    return {"stage": line.stage, "per": line.per, "unitGrams": line.unit_grams}


def _unplanned(unplanned: Unplanned | None) -> Json | None:
    if unplanned is None:
        return None
    return {
        "vehicles": unplanned.vehicles,
        "reason": unplanned.reason,
        "facts": unplanned.facts,
        "remedies": None if unplanned.remedies is None else [remedy(one) for one in unplanned.remedies],
    }


def baseline_part(baseline: Baseline | None) -> Json | None:
    """The 15-day baseline, or why there is none."""
    if baseline is None:
        return None
    return {
        "railMinutes": baseline.rail_min,
        "doorMinutes": baseline.door_min,
        "centsPerVehicle": baseline.cents,
        "reason": baseline.reason,
    }


def terms_part(terms: Terms) -> Json:
    """What prices belong to no table, and what is planned for."""
    return {
        "objective": terms.objective,
        "currency": terms.currency,
        "carryingRate": exact_text(terms.carrying_rate),
        "unplannedPriceCents": exact_text(terms.unplanned_price),
        "unplannedMinutes": terms.unplanned_min,
        "unplannedGrams": terms.unplanned_grams,
        "maxLateMinutes": terms.max_late_min,
        "dayValueCents": exact_text(terms.day_value),
        "carbonPriceCents": exact_text(terms.carbon_price),
        "times": terms.times,
        "today": _day(terms.today),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
