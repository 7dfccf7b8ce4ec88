"""The head of a report: what a plan is judged by. Averages are rounded once, here."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from planner.clock import from_minutes
from planner.figures import REFERENCE_RAIL_MIN
from planner.render.summary import against_baseline, list_parts, mean, mode_shares
from planner.render.words import gap_percent, percent
from planner.units import MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.render.summary import AgainstBaseline, ModeShare, Part

Json = dict[str, Any]


def report_headline(problem: Problem, plan: Plan, document: Mapping[str, Any]) -> Json:
    """Totals of the document, averages of a vehicle, shares by mode, and the plan beside the baseline."""
    parts = list(list_parts(problem, plan))
    totals = document["plan"]["totals"]
    planned = totals["plannedVehicles"]
    ready = sorted(
        from_minutes(batch.ready_min, problem.network.places[batch.origin].time_zone).date()
        for batch in problem.batches
    )
    return {
        **totals,
        "batchesLeftOut": sum(1 for entry in plan.batches if entry.unplanned),
        "boxedVehicles": sum(part.boxed for part in parts),
        "readyFirst": ready[0].isoformat(),
        "readyLast": ready[-1].isoformat(),
        "plannedShare": percent(planned, totals["vehicles"]),
        "onTimeShare": percent(totals["onTimeVehicles"], planned),
        "lateUnderHighTimesShare": percent(totals["lateVehiclesUnderHighTimes"], planned),
        "cents": plan.cents,
        "grams": plan.grams,
        "vehicleMinutes": plan.vehicle_min,
        "centsEach": round_half_up(mean(plan.cents, planned)),
        "gramsEach": None if plan.grams is None else round_half_up(mean(plan.grams, planned)),
        "doorDays": tenths(mean(plan.vehicle_min, planned)),
        "haulDays": _haul_days(document),
        "modes": [_mode(share, parts, has_grams=plan.grams is not None) for share in mode_shares(parts)],
        "baseline": _baseline(against_baseline(parts)),
        "proof": _proof(plan, document),
    }


def tenths(minutes: Fraction | int) -> float:
    """Days with one decimal, rounded half up."""
    return round_half_up(Fraction(minutes) * 10 / MINUTES_PER_DAY) / 10


def _haul_days(document: Mapping[str, Any]) -> float | None:
    """Days from the first main departure to the last arrival, of vehicles that have a main ride."""
    rides = [
        (one["vehicles"], one["mainRideMinutes"])
        for batch in document["plan"]["batches"]
        for one in batch["itineraries"]
        if one["mainRideMinutes"] is not None
    ]
    vehicles = sum(number for number, _ in rides)
    return tenths(mean(sum(number * minutes for number, minutes in rides), vehicles)) if vehicles else None


def _mode(share: ModeShare, parts: Sequence[Part], *, has_grams: bool) -> Json:
    planned = sum(part.vehicles for part in parts)
    return {
        "mode": share.mode,
        "vehicles": share.vehicles,
        "share": percent(share.vehicles, planned),
        "byRiver": share.by_river,
        "cents": share.cents,
        "centsEach": round_half_up(mean(share.cents, share.vehicles)),
        "gramsEach": round_half_up(mean(share.grams, share.vehicles)) if has_grams else None,
        "doorDays": tenths(mean(share.door_min, share.vehicles)),
    }


def _baseline(against: AgainstBaseline) -> Json:
    """Days on the train against 15; door to door and money against the cheapest way with such a train."""
    compared, by_rail = against.vehicles, against.rail_vehicles
    return {
        "referenceDays": tenths(REFERENCE_RAIL_MIN),
        "railVehicles": by_rail,
        "railDays": tenths(mean(against.rail_min, by_rail)) if by_rail else None,
        "railWithin": percent(against.rail_within, by_rail),
        "vehicles": compared,
        "doorDays": tenths(mean(against.door_min, compared)) if compared else None,
        "baseDoorDays": tenths(mean(against.base_door_min, compared)) if compared else None,
        "asFast": percent(against.as_fast, compared),
        "centsEach": round_half_up(mean(against.cents, compared)) if compared else None,
        "baseCentsEach": round_half_up(mean(against.base_cents, compared)) if compared else None,
        "asCheap": percent(against.as_cheap, compared),
        "without": [[reason, vehicles] for reason, vehicles in against.without],
    }


def _proof(plan: Plan, document: Mapping[str, Any]) -> Json:
    """Status, and how far from the best possible; values in the unit of the objective."""
    said, record = document["plan"], document["runRecord"]
    return {
        "status": record["status"],
        "stoppedBy": record["stoppedBy"],
        "unit": said["objectiveUnit"],
        "gap": None if plan.gap is None else gap_percent(plan),
        **{name: said[name] for name in ("absoluteGap", "value", "ownValue", "penalty", "bound", "lpBound")},
    }
