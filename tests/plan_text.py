"""Plans in a few words, so that a scenario can say what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.solve import solve
from tests.oracles.enumeration import optimum
from tests.tiny import START_MIN, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planner.model import BatchPlan, Itinerary, Plan, Problem, Stage


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
    vehicles, and grams where emissions are known; for each boxed run: boxes, cents and grams of all of them;
    for each part that pays once: its rides and cents; for each share of a departure or its modules: cents;
    for vehicles left out: why. The batch stands before
    it if there are several.
    """
    lines = []
    for batch in plan.batches:
        prefix = f"{batch.batch_id}: " if len(plan.batches) > 1 else ""
        lines += [prefix + line for line in _lines(batch, with_grams=plan.grams is not None)]
    return "\n".join(lines)


def _lines(batch: BatchPlan, *, with_grams: bool) -> list[str]:
    ordered = sorted(batch.itineraries, key=lambda itinerary: (itinerary.delivered_min, _legs(itinerary)))
    lines = []
    for itinerary in ordered:
        grams = f", {itinerary.vehicles * itinerary.vehicle_grams}g" if with_grams else ""
        lines.append(_line(itinerary) + grams)
    for run in batch.box_runs:
        grams = f", {run.boxes * run.box_grams}g" if with_grams else ""
        lines.append(f"{run.boxes} boxes, {run.boxes * run.box_cents}c{grams}")
    chains = {itinerary.part: itinerary.chain for itinerary in batch.itineraries}
    lines += [f"{_names(chains[charge.part])} part {charge.cents}c" for charge in batch.part_charges]
    lines += [
        f"{share.service_id} {_day(share.departure_day)} {share.kind} {share.cents}c"
        for share in batch.shares
    ]
    if batch.unplanned is not None:
        lines.append(f"{batch.unplanned.vehicles} left out: {batch.unplanned.reason}")
    return lines


def _line(itinerary: Itinerary) -> str:
    hours, minutes = divmod(itinerary.delivered_min - START_MIN, 60)
    clock = f"{hours}h{minutes:02}" if minutes else f"{hours}h"
    cents = itinerary.vehicles * itinerary.vehicle_cents
    return f"{itinerary.vehicles} {_legs(itinerary)}, {clock}, {cents}c"


def _legs(itinerary: Itinerary) -> str:
    return _names(stage for stage in itinerary.stages if stage.kind in ("ride", "road"))


def _names(legs: Iterable[Stage]) -> str:
    return " + ".join(
        "road" if leg.departure_day is None else f"{leg.service_id} {_day(leg.departure_day)}" for leg in legs
    )


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day}"
