"""The plan as a whole, and how it came about, as views: a row a figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from planner.costing import cost_by_kind, grams_by_mode
from planner.duties import cents_by_duty, list_duties
from planner.grounds import trace_plan
from planner.render.grounds import WORDS, weakest_text
from planner.render.room_views import objective_figure, objective_unit
from planner.render.summary import summarise
from planner.render.views import DECIMAL, Column, View, hundredths, in_days
from planner.render.views import money as amount
from planner.render.words import GRAMS_PER_KG
from planner.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.render.views import Cell

Row = tuple[str, "Cell", str]


def summary_view(problem: Problem, plan: Plan, document: Mapping[str, Any]) -> View:
    """Figures of the whole plan: counts, money, days, CO2e, proof, and the same by main mode."""
    columns = (Column("figure", width=44), Column("value", DECIMAL, width=18), Column("unit", width=28))
    rows = [
        *_counts(document),
        *_sums(plan),
        *_beside(problem, plan),
        *_proof(plan, document),
        *_modes(problem, plan),
    ]
    return View("Summary", columns, rows)


def _counts(document: Mapping[str, Any]) -> Iterator[Row]:
    totals = document["plan"]["totals"]
    yield "batches", totals["batches"], "batches"
    for key, words in (
        ("vehicles", "vehicles"),
        ("plannedVehicles", "planned"),
        ("bookedVehicles", "of them kept as booked"),
        ("onTimeVehicles", "on time"),
        ("lateVehicles", "late"),
        ("lateVehiclesUnderHighTimes", "late if every journey is a slow one"),
        ("unplannedVehicles", "left out"),
    ):
        yield words, totals[key], "vehicles"
    yield "boxes", totals["boxes"], "FEU"


def _sums(plan: Plan) -> Iterator[Row]:
    planned = sum(entry.planned_vehicles for entry in plan.batches)
    yield "cost", amount(plan.cents), plan.currency
    for kind, cents in cost_by_kind(plan).items():
        if cents:
            yield f"of it {kind.replace('_', ' ')}", amount(cents), plan.currency
    if planned:
        yield "cost of a vehicle", hundredths(Fraction(plan.cents, 100 * planned)), plan.currency
        days = hundredths(Fraction(plan.vehicle_min, MINUTES_PER_DAY * planned))
        yield "door to door, average of a vehicle", days, "days"
    yield "vehicle-days", in_days(plan.vehicle_min), "vehicle-days"
    if plan.grams is not None:
        yield "CO2e, well to wheel", _kg(plan.grams), "kg"
        for mode, grams in grams_by_mode(plan).items():
            yield f"of it {mode.replace('_', ' ')}", _kg(grams), "kg"
        if planned:
            yield "CO2e of a vehicle", _kg(Fraction(plan.grams, planned)), "kg"


def _beside(problem: Problem, plan: Plan) -> Iterator[Row]:
    """Duty, and what prices and times rest on."""
    for name, cents in cents_by_duty(list_duties(problem, plan)).items():
        yield f"duty on import, not in the cost: {name}", amount(cents), plan.currency
    found = trace_plan(problem, plan)
    for ground, words in WORDS.items():
        yield f"prices that are {words}", amount(found.cents[ground]), plan.currency
    for ground, words in WORDS.items():
        yield f"times that are {words}", in_days(found.minutes[ground]), "vehicle-days"
    for name, weakest in (("price", found.price), ("time", found.time)):
        if weakest is not None:
            yield f"weakest {name}", weakest_text(weakest), ""


def _proof(plan: Plan, document: Mapping[str, Any]) -> Iterator[Row]:
    record, unit = document["runRecord"], objective_unit(plan).replace("_", " ")
    yield "objective", plan.objective, ""
    yield "status", record["status"], ""
    yield "stopped by", record["stoppedBy"], ""
    for words, value in (
        ("value of the objective", plan.value),
        ("of it for days and CO2e", plan.blend_cents or None),
        ("of it for vehicles left out", plan.penalty),
        ("box bound", plan.bound),
        ("LP bound", plan.lp_bound),
        ("above the best possible, at most", None if plan.bound is None else plan.value - plan.bound),
    ):
        if value is not None:
            yield words, objective_figure(plan, value), unit
    if (gap := document["plan"]["gap"]) is not None:
        yield "gap", Decimal(gap) * 100, "% of the value without vehicles left out"
    yield "SHA-256 of the plan", record["planSha256"], ""


def _modes(problem: Problem, plan: Plan) -> Iterator[Row]:
    for share in summarise(problem, plan).shares:
        mode = f"main ride {share.mode.replace('_', ' ')}"
        yield mode, share.vehicles, "vehicles"
        yield f"{mode}, by barge too", share.by_river, "vehicles"
        yield (
            f"{mode}, cost of a vehicle",
            hundredths(Fraction(share.cents, 100 * share.vehicles)),
            plan.currency,
        )
        days = hundredths(Fraction(share.door_min, MINUTES_PER_DAY * share.vehicles))
        yield f"{mode}, door to door", days, "days"
        if plan.grams is not None:
            yield f"{mode}, CO2e of a vehicle", _kg(Fraction(share.grams, share.vehicles)), "kg"


def _kg(grams: Fraction | int) -> Decimal:
    return hundredths(Fraction(grams) / GRAMS_PER_KG)


def run_record_view(document: Mapping[str, Any]) -> View:
    """What one needs to make the same plan again, flat: names with points between them, values as texts."""
    columns = (Column("name", width=36), Column("value", width=70))
    return View("Run record", columns, list(_flat("", document["runRecord"])))


def _flat(name: str, value: object) -> Iterator[tuple[str, Cell]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _flat(f"{name}.{key}" if name else key, child)
    else:
        yield name, None if value is None else str(value)
