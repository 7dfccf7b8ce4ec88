"""What a plan says of its batches as views: batches, itineraries, stages, cost lines, vehicles left out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.costing import units_paid
from planner.model.plans import RIDE, ROAD_LEG
from planner.pricebook import PriceBook
from planner.render.by_itinerary import sums_by_itinerary
from planner.render.csv import LATE, PLANNED, YES_NO
from planner.render.remedies import remedies_text
from planner.render.views import (
    DAY,
    DECIMAL,
    MONEY,
    TIME,
    WHOLE,
    Column,
    View,
    hundredths,
    in_days,
    local,
    zone_of,
)
from planner.render.views import money as amount
from planner.render.words import GRAMS_PER_KG
from planner.slack import SlowJourneys
from planner.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan, Itinerary, Plan
    from planner.model.problem import Problem
    from planner.render.views import Cell

ENTRY = (Column("batch_id"), Column("part", WHOLE), Column("itinerary", WHOLE))


def batches_view(problem: Problem, plan: Plan) -> View:
    """A row a batch: what was asked, what is planned, against the baseline."""
    columns = (
        *(Column("batch_id"), Column("reference"), Column("shipper"), Column("vehicle_type")),
        *(Column("origin"), Column("destination"), Column("vehicles", WHOLE), Column("planned", WHOLE)),
        *(Column("left_out", WHOLE), Column("booked", WHOLE), Column("late", WHOLE), Column("boxes", WHOLE)),
        *(Column("ready_local", TIME), Column("ready_zone"), Column("due_local", TIME), Column("due_zone")),
        *(Column("door_days", DECIMAL), Column("baseline_door_days", DECIMAL)),
        *(Column(f"cost_{plan.currency}", MONEY), Column(f"{plan.currency}_per_vehicle", MONEY)),
        *(Column(f"baseline_{plan.currency}_per_vehicle", MONEY), Column("kg_co2e", DECIMAL)),
        Column("no_baseline_because", width=30),
    )
    return View("Batches", columns, _batch_rows(problem, plan))


def _batch_rows(problem: Problem, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    batches = {batch.id: batch for batch in problem.batches}
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        planned = entry.planned_vehicles
        door = sum(one.vehicles * (one.delivered_min - batch.ready_min) for one in entry.itineraries)
        baseline = entry.baseline
        base_min = baseline.door_min if baseline else None
        base_cents = baseline.cents if baseline else None
        yield (
            *(batch.id, batch.reference, batch.shipper, batch.vehicle_type),
            *(batch.origin, batch.destination, batch.vehicles, planned),
            entry.unplanned.vehicles if entry.unplanned else 0,
            sum(one.vehicles for one in entry.itineraries if one.booked),
            sum(one.vehicles for one in entry.itineraries if one.delivered_min > batch.due_min),
            sum(run.boxes for run in entry.box_runs),
            *(local(problem, batch.ready_min, batch.origin), zone_of(problem, batch.origin)),
            *(local(problem, batch.due_min, batch.destination), zone_of(problem, batch.destination)),
            hundredths(Fraction(door, planned * MINUTES_PER_DAY)) if planned else None,
            None if base_min is None else in_days(base_min),
            amount(entry.cents),
            hundredths(Fraction(entry.cents, planned * 100)) if planned else None,
            None if base_cents is None else amount(base_cents),
            None if plan.grams is None else hundredths(Fraction(entry.grams, GRAMS_PER_KG)),
            baseline.reason if baseline else "not computed",
        )


def itineraries_view(problem: Problem, plan: Plan) -> View:
    """A row an itinerary: who goes how, when, for how much."""
    columns = (
        *(*ENTRY, Column("vehicles", WHOLE), Column("status"), Column("booked")),
        *(Column("route", width=60), Column("services", width=30), Column("departure_days", width=24)),
        *(Column("boxes", WHOLE), Column("delivered_local", TIME), Column("delivered_zone")),
        *(Column("door_days", DECIMAL), Column("slack_days", DECIMAL), Column("slack_days_if_slow", DECIMAL)),
        *(Column("late_if_slow"), Column("days_against_baseline", DECIMAL)),
        *(Column(f"cost_{plan.currency}", MONEY), Column(f"{plan.currency}_per_vehicle", MONEY)),
        Column("kg_co2e", DECIMAL),
    )
    return View("Itineraries", columns, _itinerary_rows(problem, plan))


def _itinerary_rows(problem: Problem, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    batches = {batch.id: batch for batch in problem.batches}
    slow = SlowJourneys(PriceBook(problem.network), problem.terms.times)
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        baseline_min = entry.baseline.door_min if entry.baseline else None
        rides = zip(entry.itineraries, sums_by_itinerary(entry), strict=True)
        for number, (one, own) in enumerate(rides, start=1):
            slow_min = slow.find_delivered_min(one)
            door_min = one.delivered_min - batch.ready_min
            where = one.stages[-1].to_place
            yield (
                *_entry_cells(entry, number, one),
                one.vehicles,
                LATE if one.delivered_min > batch.due_min else PLANNED,
                YES_NO[one.booked],
                route_text(one),
                " + ".join(ride.service_id or "" for ride in one.chain),
                " + ".join(str(ride.departure_day) for ride in one.chain),
                own.boxes,
                local(problem, one.delivered_min, where),
                zone_of(problem, where),
                in_days(door_min),
                in_days(batch.due_min - one.delivered_min),
                None if slow_min is None else in_days(batch.due_min - slow_min),
                YES_NO[slow.is_late(batch, one)],
                None if baseline_min is None else in_days(door_min - baseline_min),
                amount(own.cents),
                hundredths(Fraction(own.cents, 100 * one.vehicles)),
                None if plan.grams is None else hundredths(Fraction(own.grams, GRAMS_PER_KG)),
            )


def stages_view(problem: Problem, plan: Plan) -> View:
    """A row a stage, with local and UTC times."""
    columns = (
        *(*ENTRY, Column("vehicles", WHOLE), Column("stage", WHOLE), Column("kind"), Column("mode")),
        *(Column("from_place"), Column("to_place"), Column("start_local", TIME), Column("start_zone")),
        *(Column("end_local", TIME), Column("end_zone"), Column("start_utc", TIME), Column("end_utc", TIME)),
        *(Column("days", DECIMAL), Column("from_form"), Column("to_form"), Column("service")),
        *(Column("departure_day", DAY), Column("grams_co2e", WHOLE), Column("grams_per")),
    )
    return View("Stages", columns, _stage_rows(problem, plan))


def _stage_rows(problem: Problem, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    for entry in plan.batches:
        for number, one in enumerate(entry.itineraries, start=1):
            emissions = {line.stage: line for line in one.emissions}
            for index, stage in enumerate(one.stages):
                line = emissions.get(index)
                yield (
                    *_entry_cells(entry, number, one),
                    *(one.vehicles, index + 1, stage.kind, stage.mode, stage.from_place, stage.to_place),
                    *(local(problem, stage.start_min, stage.from_place), zone_of(problem, stage.from_place)),
                    *(local(problem, stage.end_min, stage.to_place), zone_of(problem, stage.to_place)),
                    *(_utc(stage.start_min), _utc(stage.end_min), in_days(stage.end_min - stage.start_min)),
                    *(stage.from_form, stage.to_form, stage.service_id, stage.departure_day),
                    None if line is None else line.unit_grams,
                    None if line is None else line.per,
                )


def cost_lines_view(plan: Plan) -> View:
    """A row a price line; shares of departures at the end.

    Boxes of a run, and what a part pays once, stand with the first itinerary of the run or part.
    """
    columns = (
        *(*ENTRY, Column("stage", WHOLE), Column("kind"), Column("label", width=40), Column("per")),
        *(Column("units", WHOLE), Column(f"{plan.currency}_per_unit", MONEY), Column(plan.currency, MONEY)),
    )
    return View("Cost lines", columns, _cost_rows(plan))


def _cost_rows(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    for entry in plan.batches:
        for number, (one, units_of) in enumerate(units_paid(entry), start=1):
            cells = _entry_cells(entry, number, one)
            for line in one.lines:
                units = units_of[line.per]
                total = amount(units * line.unit_cents)
                yield (
                    *cells,
                    line.stage + 1,
                    line.kind,
                    line.label,
                    line.per,
                    units,
                    amount(line.unit_cents),
                    total,
                )
        for share in entry.shares:
            label = f"{share.kind} {share.service_id} {share.departure_day}"
            cents = amount(share.cents)
            yield (entry.batch_id, None, None, None, share.kind, label, "departure", 1, cents, cents)


def left_out_view(problem: Problem, plan: Plan) -> View:
    """A row a batch with vehicles left out, and why."""
    columns = (
        *(Column("batch_id"), Column("reference"), Column("origin"), Column("destination")),
        *(Column("vehicles", WHOLE), Column("left_out", WHOLE), Column("reason"), Column("facts", width=80)),
        Column("would_ride_if", width=80),
    )
    batches = {batch.id: batch for batch in problem.batches}
    rows = [
        (*_ends(batches[entry.batch_id]), left.vehicles, left.reason, left.facts, remedies_text(left))
        for entry in plan.batches
        if (left := entry.unplanned) is not None
    ]
    return View("Left out", columns, rows)


def _ends(batch: Batch) -> tuple[Cell, ...]:
    return batch.id, batch.reference, batch.origin, batch.destination, batch.vehicles


def route_text(itinerary: Itinerary) -> str:
    """``PLANT -road-> PORT -roro-> MARKET``."""
    text: str = itinerary.stages[0].from_place
    for stage in itinerary.stages:
        if stage.kind in {RIDE, ROAD_LEG}:
            text += f" -{stage.mode}-> {stage.to_place}"
    return text


def _entry_cells(entry: BatchPlan, number: int, itinerary: Itinerary) -> tuple[Cell, ...]:
    return entry.batch_id, itinerary.part, number


def _utc(minutes: int) -> Cell:
    return from_minutes(minutes).replace(tzinfo=None)
