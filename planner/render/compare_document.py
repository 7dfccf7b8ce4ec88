"""A comparison as one JSON document: figures are whole sums, so that averages can be taken exactly."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.costing import cost_by_kind
from planner.render.document import OBJECTIVE_UNITS, baseline_part, gap_text, hash_of, plan_part
from planner.render.study import study_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.comparison import BatchComparison, Comparison, Standing
    from planner.figures import Figures
    from planner.model.alternatives import Alternative
    from planner.model.studies import Study
    from planner.render.run_record import RunRecord

Json = dict[str, Any]
SCHEMA_VERSION = 1


def comparison_document(
    comparison: Comparison,
    record: RunRecord,
    study: Study | None = None,
    *,
    without: Comparison | None = None,
) -> Json:
    """Alternatives, batches, what was asked beside, and how the run can be made again.

    Parameters
    ----------
    without
        The comparison without the switches of what-if: what its alternatives come to is told as well.
    """
    first = comparison.standings[0].planned
    plan = first.result.plan
    return {
        "schemaVersion": SCHEMA_VERSION,
        "comparison": {
            "objective": plan.objective,
            "objectiveUnit": OBJECTIVE_UNITS[plan.objective],
            "currency": plan.currency,
            "alternatives": [_standing(one) for one in comparison.standings],
            "commonBatches": list(comparison.common),
            "batches": [_batch(row, knows_grams=plan.grams is not None) for row in comparison.batches],
            "study": None if study is None else study_document(study),
            "withoutWhatIf": None
            if without is None
            else {
                one.alternative.name: _figures(one.total, knows_grams=plan.grams is not None)
                for one in without.standings
            },
        },
        "runRecord": {
            "inputs": {
                "networkSha256": first.problem.network.digest,
                "batchesSha256": record.batches_sha256,
                "ratesDate": None if record.rates_date is None else record.rates_date.isoformat(),
                "whatIf": list(record.what_if),
            },
            "seed": record.options.seed,
            "versions": dict(record.versions),
            "seconds": {
                one.alternative.name: round(sum(one.planned.result.seconds.values()), 3)
                for one in comparison.standings
            },
        },
    }


def _standing(standing: Standing) -> Json:
    planned, plan = standing.planned, standing.planned.result.plan
    knows_grams = plan.grams is not None
    beside = standing.beside
    return {
        "name": standing.alternative.name,
        "wishes": _wishes(standing.alternative),
        "status": planned.result.status,
        "stoppedBy": planned.result.stopped_by,
        "value": plan.value,
        "bound": plan.bound,
        "gap": gap_text(plan),
        "planSha256": hash_of(plan_part(planned.problem, plan)),
        "total": _figures(standing.total, knows_grams=knows_grams),
        "common": _figures(standing.common, knows_grams=knows_grams),
        "centsByKind": cost_by_kind(plan),
        "wins": standing.wins,
        "vehiclesWon": standing.vehicles_won,
        "besideBaseline": {
            "vehicles": beside.vehicles,
            "cents": beside.cents,
            "baselineCents": beside.base_cents,
            "doorMinutes": beside.door_min,
            "baselineDoorMinutes": beside.base_door_min,
        },
    }


def _wishes(alternative: Alternative) -> Mapping[str, object]:
    return {
        "modes": list(alternative.modes),
        "notModes": list(alternative.not_modes),
        "neededModes": list(alternative.needed_modes),
        "via": list(alternative.via),
        "notVia": list(alternative.not_via),
    }


def _batch(row: BatchComparison, *, knows_grams: bool) -> Json:
    return {
        "batchId": row.batch.id,
        "origin": row.batch.origin,
        "destination": row.batch.destination,
        "vehicleType": row.batch.vehicle_type,
        "vehicles": row.batch.vehicles,
        "baseline": baseline_part(row.baseline),
        "alternatives": {name: _figures(own, knows_grams=knows_grams) for name, own in row.figures.items()},
        "winner": row.winner,
        "margin": row.margin,
    }


_NAMES = {
    "vehicles": "vehicles",
    "planned": "plannedVehicles",
    "late": "lateVehicles",
    "late_if_slow": "lateVehiclesUnderHighTimes",
    "left_out": "unplannedVehicles",
    "boxes": "boxes",
    "cents": "cents",
    "grams": "grams",
    "door_min": "doorMinutes",
    "haul_vehicles": "mainRideVehicles",
    "haul_min": "mainRideMinutes",
    "rail_vehicles": "railVehicles",
    "rail_min": "railMinutes",
    "rail_within": "railVehiclesWithinReference",
    "value": "value",
}


def _figures(figures: Figures, *, knows_grams: bool) -> Json:
    found = {_NAMES[name]: value for name, value in asdict(figures).items()}
    return found if knows_grams else {**found, "grams": None}
