"""Plans in a few words, so that a scenario can say what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.solve import solve
from tests.oracles.enumeration import optimum
from tests.tiny import START_MIN, WEEKDAYS

if TYPE_CHECKING:
    from datetime import date

    from planner.model import BatchPlan, Charter, Itinerary, Plan, Problem


def planned(problem: Problem) -> str:
    """Plan of a world as text, once the oracle has confirmed that no plan is better."""
    plan = solve(problem).plan
    best = optimum(problem)
    assert plan.value == best.value, f"value {plan.value}, but the best is {best.value}"
    if problem.terms.objective in ("time", "co2e"):
        assert plan.cents == best.cents, f"{plan.cents} cents; as good, but cheapest, is {best.cents}"
    return text(plan)


def text(plan: Plan) -> str:
    """Say a plan in a few words.

    A line for each itinerary, the earliest delivery first: vehicles, legs, hour of delivery, cents of all its
    vehicles; for each boxed run: boxes, cents of all of them; for vehicles left out: why. The batch stands
    before it if there are several. At the end a line for each departure bought as a whole: modules, cents.
    """
    lines = []
    for batch in plan.batches:
        prefix = f"{batch.batch_id}: " if len(plan.batches) > 1 else ""
        lines += [prefix + line for line in _lines(batch)]
    lines += [_charter(charter) for charter in plan.charters]
    return "\n".join(lines)


def _lines(batch: BatchPlan) -> list[str]:
    ordered = sorted(batch.itineraries, key=lambda itinerary: (itinerary.delivered_min, _legs(itinerary)))
    lines = [_line(itinerary) for itinerary in ordered]
    lines += [f"{run.boxes} boxes, {run.boxes * run.box_cents}c" for run in batch.box_runs]
    if batch.unplanned is not None:
        lines.append(f"{batch.unplanned.vehicles} left out: {batch.unplanned.reason}")
    return lines


def _line(itinerary: Itinerary) -> str:
    hours, minutes = divmod(itinerary.delivered_min - START_MIN, 60)
    clock = f"{hours}h{minutes:02}" if minutes else f"{hours}h"
    cents = itinerary.vehicles * itinerary.vehicle_cents
    return f"{itinerary.vehicles} {_legs(itinerary)}, {clock}, {cents}c"


def _charter(charter: Charter) -> str:
    bought = f"{charter.modules} module{'s' if charter.modules > 1 else ''}"
    cents = charter.departure_cents + charter.module_cents
    return f"{bought} {charter.service_id} {_day(charter.departure_day)}, {cents}c"


def _legs(itinerary: Itinerary) -> str:
    legs = [stage for stage in itinerary.stages if stage.kind in ("ride", "road")]
    return " + ".join(
        "road" if leg.departure_day is None else f"{leg.service_id} {_day(leg.departure_day)}" for leg in legs
    )


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day}"
