"""A plan as a flat table for a spreadsheet: a line per itinerary and per remainder left out."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.costing import share
from planner.model.plans import RIDE, ROAD_LEG
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import BatchPlan, Itinerary, Plan, Unplanned
    from planner.model.problem import Problem

PLANNED, LATE, UNPLANNED = "planned", "late", "unplanned"
COLUMNS = (
    *("batch_id", "reference", "part", "vehicles", "status", "reason", "facts"),
    *("origin", "destination", "vehicle_type", "route", "services", "departure_days", "boxes"),
    *("ready_local", "delivered_local", "due_local", "door_days", "slack_days", "days_against_baseline"),
    *("cents_per_vehicle", "cents", "currency"),
)
Cell = str | int
_FORMULA = re.compile(r"""[\t\r\n]|[\s"']*[=+\-@＝＋－＠]""")


def assignments_csv(problem: Problem, plan: Plan) -> str:
    """Lines end with a line feed. ``vehicles``, ``boxes`` and ``cents`` add up to the totals of the plan.

    Boxes shared by several itineraries stand on the first of them; their cents are shared by vehicles.
    Days have two decimals. Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    batches = {batch.id: batch for batch in problem.batches}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        rows = _itinerary_rows(problem, batch, entry)
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


def _itinerary_rows(problem: Problem, batch: Batch, entry: BatchPlan) -> list[dict[str, Cell]]:
    baseline_min = entry.baseline.door_min if entry.baseline else None
    boxes, box_cents = _share_boxes(entry)
    rows = []
    for number, itinerary in enumerate(entry.itineraries):
        cents = itinerary.vehicles * itinerary.vehicle_cents + box_cents[number]
        door_min = itinerary.delivered_min - batch.ready_min
        row: dict[str, Cell] = {
            "part": itinerary.part,
            "vehicles": itinerary.vehicles,
            "status": LATE if itinerary.delivered_min > batch.due_min else PLANNED,
            "route": guard(_route_text(problem, itinerary)),
            "services": guard(" + ".join(ride.service_id or "" for ride in itinerary.chain)),
            "departure_days": " + ".join(str(ride.departure_day) for ride in itinerary.chain),
            "boxes": boxes[number],
            "delivered_local": _local(problem, itinerary.delivered_min, itinerary.stages[-1].to_place),
            "door_days": _days(door_min),
            "slack_days": _days(batch.due_min - itinerary.delivered_min),
            "days_against_baseline": "" if baseline_min is None else _days(door_min - baseline_min),
            "cents_per_vehicle": round_half_up(Fraction(cents, itinerary.vehicles)),
            "cents": cents,
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


def _share_boxes(entry: BatchPlan) -> tuple[list[int], list[int]]:
    """Boxes and box cents by itinerary, each summing to those of the runs."""
    boxes = [0] * len(entry.itineraries)
    cents = [0] * len(entry.itineraries)
    for number, run in enumerate(entry.box_runs):
        riders = [index for index, itinerary in enumerate(entry.itineraries) if itinerary.box_run == number]
        boxes[riders[0]] = run.boxes
        weights = [entry.itineraries[index].vehicles for index in riders]
        for index, part in zip(riders, share(run.boxes * run.box_cents, weights), strict=True):
            cents[index] = part
    return boxes, cents


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


def _days(minutes: int) -> str:
    hundredths = round_half_up(Fraction(minutes * HUNDREDTHS, MINUTES_PER_DAY))
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // HUNDREDTHS}.{abs(hundredths) % HUNDREDTHS:02d}"
