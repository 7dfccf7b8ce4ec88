"""A plan as a flat table for a spreadsheet: a line per itinerary and per remainder left out."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.model.plans import RIDE, ROAD_LEG
from planner.pricebook import PriceBook
from planner.render.by_itinerary import sums_by_itinerary
from planner.slack import SlowJourneys
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import BatchPlan, Itinerary, Plan, Unplanned
    from planner.model.problem import Problem

PLANNED, LATE, UNPLANNED = "planned", "late", "unplanned"
YES_NO = ("no", "yes")
COLUMNS = (
    *("batch_id", "reference", "part", "vehicles", "status", "booked", "reason", "facts"),
    *("origin", "destination", "vehicle_type", "route", "services", "departure_days", "boxes"),
    *("ready_local", "delivered_local", "due_local", "door_days", "slack_days", "late_under_high_times"),
    *("days_against_baseline", "cents_per_vehicle", "cents", "currency", "kg_co2e"),
)
Cell = str | int
_FORMULA = re.compile(r"""[\t\r\n]|[\s"']*[=+\-@＝＋－＠]""")


def assignments_csv(problem: Problem, plan: Plan) -> str:
    """Lines end with a line feed. ``vehicles``, ``boxes`` and ``cents`` add up to the totals of the plan.

    Boxes shared by several itineraries stand on the first of them; their cents, what a part pays once, and
    the cents of departures bought as a whole are shared by vehicles.
    Days have two decimals. Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    batches = {batch.id: batch for batch in problem.batches}
    slow = SlowJourneys(PriceBook(problem.network), problem.terms.times)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        rows = _itinerary_rows(problem, slow, batch, entry)
        if entry.unplanned:
            rows.append(_unplanned_row(entry.unplanned))
        for row in rows:
            full = _batch_cells(problem, batch) | {"currency": plan.currency} | row
            writer.writerow([full.get(column, "") for column in COLUMNS])
    return out.getvalue()


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _batch_cells(problem: Problem, batch: Batch) -> dict[str, Cell]:
    return {
        "batch_id": guard(batch.id),
        "reference": guard(batch.reference),
        "origin": guard(batch.origin),
        "destination": guard(batch.destination),
        "vehicle_type": guard(batch.vehicle_type),
        "ready_local": _local(problem, batch.ready_min, batch.origin),
        "due_local": _local(problem, batch.due_min, batch.destination),
    }


def _itinerary_rows(
    problem: Problem, slow: SlowJourneys, batch: Batch, entry: BatchPlan
) -> list[dict[str, Cell]]:
    baseline_min = entry.baseline.door_min if entry.baseline else None
    rows = []
    for itinerary, own in zip(entry.itineraries, sums_by_itinerary(entry), strict=True):
        door_min = itinerary.delivered_min - batch.ready_min
        row: dict[str, Cell] = {
            "part": itinerary.part,
            "vehicles": itinerary.vehicles,
            "status": LATE if itinerary.delivered_min > batch.due_min else PLANNED,
            "booked": YES_NO[itinerary.booked],
            "route": guard(_route_text(problem, itinerary)),
            "services": guard(" + ".join(ride.service_id or "" for ride in itinerary.chain)),
            "departure_days": " + ".join(str(ride.departure_day) for ride in itinerary.chain),
            "boxes": own.boxes,
            "delivered_local": _local(problem, itinerary.delivered_min, itinerary.stages[-1].to_place),
            "door_days": _days(door_min),
            "slack_days": _days(batch.due_min - itinerary.delivered_min),
            "late_under_high_times": YES_NO[slow.is_late(batch, itinerary)],
            "days_against_baseline": "" if baseline_min is None else _days(door_min - baseline_min),
            "cents_per_vehicle": round_half_up(Fraction(own.cents, itinerary.vehicles)),
            "cents": own.cents,
            "kg_co2e": _kg(own.grams) if problem.network.emission_factors else "",
        }
        rows.append(row)
    return rows


def _unplanned_row(unplanned: Unplanned) -> dict[str, Cell]:
    return {
        "vehicles": unplanned.vehicles,
        "status": UNPLANNED,
        "reason": unplanned.reason,
        "facts": guard(unplanned.facts),
    }


def _route_text(problem: Problem, itinerary: Itinerary) -> str:
    """``Plant -road-> Terminal -rail-> Terminal -road-> Compound``."""
    places = problem.network.places
    text = places[itinerary.stages[0].from_place].name
    for stage in itinerary.stages:
        if stage.kind in {RIDE, ROAD_LEG}:
            text += f" -{stage.mode}-> {places[stage.to_place].name}"
    return text


def _local(problem: Problem, minutes: int, place: PlaceId) -> str:
    return from_minutes(minutes, problem.network.places[place].time_zone).strftime("%Y-%m-%d %H:%M")


def _kg(grams: int) -> str:
    """Kilograms with two decimals."""
    tens = round_half_up(Fraction(grams, 10))
    return f"{tens // HUNDREDTHS}.{tens % HUNDREDTHS:02d}"


def _days(minutes: int) -> str:
    hundredths = round_half_up(Fraction(minutes * HUNDREDTHS, MINUTES_PER_DAY))
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // HUNDREDTHS}.{abs(hundredths) % HUNDREDTHS:02d}"
