"""One batch of a plan with all that is known of it: every stage, every price, what is left out and why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from planner.clock import from_minutes
from planner.duties import cents_by_duty, list_duties
from planner.grounds import trace_plan
from planner.model.plans import (
    DWELL,
    HANDLING,
    PER_BOX,
    PER_PART,
    PER_VEHICLE,
    RIDE,
    UNPLANNED_REASONS,
)
from planner.pricebook import PriceBook
from planner.render.by_itinerary import sums_by_itinerary
from planner.render.grounds import duties_text, weakest_text
from planner.render.other_ways import other_ways_rows
from planner.render.remedies import remedies_text, remedy_text
from planner.render.words import BAD, FAINT, GRAMS_PER_KG, HEAD, bare_table, count, decimal_days, mass, money
from planner.slack import SlowJourneys
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from planner.model.batches import Batch
    from planner.model.ids import BatchId, PlaceId
    from planner.model.other_ways import OtherWays
    from planner.model.plans import BatchPlan, DepartureShare, Itinerary, Plan, Stage
    from planner.model.problem import Problem
    from planner.render.by_itinerary import ItinerarySum


def explain_view(
    problem: Problem, plan: Plan, batch_id: BatchId, other_ways: Sequence[OtherWays] = ()
) -> RenderableType:
    """What a plan does with one batch.

    Parameters
    ----------
    other_ways
        What the vehicles of each itinerary could do instead; empty = not looked for.

    Raises
    ------
    KeyError
        If the plan has no such batch.
    """
    batch = {batch.id: batch for batch in problem.batches}[batch_id]
    entry = {entry.batch_id: entry for entry in plan.batches}[batch_id]
    slow = SlowJourneys(PriceBook(problem.network), problem.terms.times)
    blocks: list[RenderableType] = [_head(problem, plan, batch, entry)]
    rides = zip(entry.itineraries, sums_by_itinerary(entry), strict=True)
    for number, (itinerary, own) in enumerate(rides, start=1):
        title = Text(f"Itinerary {number} of {len(entry.itineraries)}", style=HEAD)
        facts = _itinerary_facts(problem, plan, slow, batch, entry, itinerary, own)
        for ways in other_ways[number - 1 : number]:
            for head, text in other_ways_rows(problem, plan, ways):
                facts.add_row(head, text)
        has_grams = plan.grams is not None
        stages = stages_table(problem, itinerary, plan.currency, has_grams=has_grams)
        blocks += [Text(), title, facts, stages]
    return Group(*blocks)


def _head(problem: Problem, plan: Plan, batch: Batch, entry: BatchPlan) -> Table:
    grid = _grid()
    grid.add_row("Batch", " ".join(filter(None, (batch.id, batch.reference, batch.shipper))))
    vehicle_type = problem.vehicle_type_of(batch)
    grid.add_row("Asked", f"{batch.vehicles:,} {vehicle_type.name}, {batch.origin} to {batch.destination}")
    ready = _local(problem, batch.ready_min, batch.origin)
    hardness = "hard" if batch.late_price is None else "late at a price"
    grid.add_row(
        "", f"ready {ready}, due {_local(problem, batch.due_min, batch.destination)} local ({hardness})"
    )
    planned = entry.planned_vehicles
    if planned:
        text = f"{planned:,} vehicles in {_ways(len(entry.itineraries))}"
        each = cents_text(Fraction(entry.cents, planned))
        grid.add_row(
            "Planned", f"{text} for {money(entry.cents, plan.currency)}, {each} {plan.currency} a vehicle"
        )
        if plan.grams is not None:
            each = mass(Fraction(entry.grams, planned))
            grid.add_row("Emissions", f"{mass(entry.grams)}, {each} a vehicle")
    for charge in entry.part_charges:
        grid.add_row("Shared", f"{money(charge.cents, plan.currency)} that part {charge.part} pays once")
    for share in entry.shares:
        grid.add_row("Shared", _share(plan, share))
    alone = replace(plan, batches=(entry,))
    duties = cents_by_duty(list_duties(problem, alone))
    if duties:
        grid.add_row("Duty", duties_text(duties, plan.currency))
    found = trace_plan(problem, alone)
    for name, weakest in (("price", found.price), ("time", found.time)):
        if weakest is not None:
            grid.add_row("Rests on" if name == "price" else "", f"weakest {name} {weakest_text(weakest)}")
    grid.add_row("Baseline", _baseline(plan, entry))
    left = entry.unplanned
    if left is not None:
        grid.add_row(
            "Left out", Text(f"{left.vehicles:,} vehicles: {left.reason.replace('_', ' ')}", style=BAD)
        )
        grid.add_row("", UNPLANNED_REASONS[left.reason])
        grid.add_row("", left.facts)
        for number, remedy in enumerate(left.remedies or ()):
            grid.add_row("" if number else "Remedy", remedy_text(remedy))
        if left.remedies == ():
            grid.add_row("Remedy", remedies_text(left))
    return grid


def _ways(number: int) -> str:
    return "1 itinerary" if number == 1 else f"{number:,} itineraries"


def _share(plan: Plan, share: DepartureShare) -> str:
    of = "departure" if share.kind == "departure" else "modules"
    return (
        f"{money(share.cents, plan.currency)} of the price of the {of} of {share.service_id}, "
        f"{share.departure_day}"
    )


def _baseline(plan: Plan, entry: BatchPlan) -> str:
    baseline = entry.baseline
    if baseline is None:
        return "not computed"
    if baseline.door_min is None or baseline.rail_min is None or baseline.cents is None:
        return f"none: {baseline.reason}"
    return (
        f"{decimal_days(baseline.rail_min)} days by train, {decimal_days(baseline.door_min)} door to door, "
        f"{cents_text(baseline.cents)} {plan.currency} a vehicle"
    )


def _itinerary_facts(
    problem: Problem,
    plan: Plan,
    slow: SlowJourneys,
    batch: Batch,
    entry: BatchPlan,
    itinerary: Itinerary,
    own: ItinerarySum,
) -> Table:
    grid = _grid()
    boxes = ""
    if itinerary.box_run is not None:
        run = entry.box_runs[itinerary.box_run]
        boxes = f" in {count(run.boxes, 'box')}"
        if run.vehicles > itinerary.vehicles:
            boxes += f" shared with {run.vehicles - itinerary.vehicles:,} vehicles of other itineraries"
    booked = ", kept as booked" if itinerary.booked else ""
    grid.add_row("Vehicles", f"{itinerary.vehicles:,}, part {itinerary.part}{boxes}{booked}")
    door_min = itinerary.delivered_min - batch.ready_min
    against = ""
    if entry.baseline is not None and entry.baseline.door_min is not None:
        against = f", {_more(door_min - entry.baseline.door_min, 'longer', 'shorter')} than the baseline"
    delivered = _local(problem, itinerary.delivered_min, itinerary.stages[-1].to_place)
    grid.add_row("Delivered", f"{delivered} local, {decimal_days(door_min)} days door to door{against}")
    grid.add_row("Slack", _slack(slow, batch, itinerary))
    each = cents_text(Fraction(own.cents, itinerary.vehicles))
    shared = "boxes, charges of its part and departures" if itinerary.part_cents else "boxes and departures"
    grid.add_row("Cost", f"{each} {plan.currency} a vehicle, its share of {shared} included")
    return grid


def _slack(slow: SlowJourneys, batch: Batch, itinerary: Itinerary) -> Text:
    slack_min = batch.due_min - itinerary.delivered_min
    text = Text()
    text.append(_more(slack_min, "before due", "after due"), style=BAD if slack_min < 0 else "")
    slow_min = slow.find_delivered_min(itinerary)
    if slow_min is None:
        text.append("; if every journey is a slow one, a gate is missed", style=BAD)
    elif slow_min != itinerary.delivered_min:
        slack = batch.due_min - slow_min
        words = _more(slack, "before due", "after due")
        text.append(f"; if every journey is a slow one, {words}", style=BAD if slack < 0 else "")
    return text


def _more(minutes: int, more: str, less: str) -> str:
    """``2.5 days longer``, ``2.5 days shorter``."""
    return f"{decimal_days(abs(minutes))} days {more if minutes >= 0 else less}"


def stages_table(problem: Problem, itinerary: Itinerary, currency: str, *, has_grams: bool) -> Table:
    """Every stage and, below it, what is paid for it."""
    headings = [">days", f">{currency}/vehicle", f">{currency}/box"]
    if has_grams:
        headings.append(">kg CO2e")
    table = bare_table("Starts (local)", "stage", *headings)
    emissions = {line.stage: line for line in itinerary.emissions}
    for number, stage in enumerate(itinerary.stages):
        starts = _local(problem, stage.start_min, stage.from_place)
        cells: list[str | Text] = [
            starts,
            _what(stage),
            decimal_days(stage.end_min - stage.start_min),
            "",
            "",
        ]
        if has_grams:
            line = emissions.get(number)
            cells.append(
                "" if line is None else _kg(line.unit_grams) + ("/box" if line.per == PER_BOX else "")
            )
        table.add_row(*cells)
        for row in _cost_rows(itinerary, number):
            table.add_row(*(Text(cell, style=FAINT) for cell in row))
    vehicle, box = cents_text(itinerary.vehicle_cents), cents_text(itinerary.box_cents)
    end = _local(problem, itinerary.delivered_min, itinerary.stages[-1].to_place)
    totals = [
        end,
        "Delivered",
        decimal_days(itinerary.delivered_min - itinerary.stages[0].start_min),
        vehicle,
    ]
    table.add_row(*(Text(cell, style=HEAD) for cell in [*totals, box if itinerary.box_cents else ""]))
    return table


def _cost_rows(itinerary: Itinerary, stage: int) -> Iterator[tuple[str, ...]]:
    for line in itinerary.lines:
        if line.stage == stage:
            cents = cents_text(line.unit_cents)
            amounts = {
                PER_VEHICLE: (cents, ""),
                PER_BOX: ("", cents),
                PER_PART: ("", f"{cents}/part"),
            }[line.per]
            yield ("", f"  {line.label.replace('_', ' ')}", "", *amounts)


def _what(stage: Stage) -> str:
    """One stage in words."""
    if stage.kind == DWELL:
        return f"{stage.from_place}: waits for {stage.mode.replace('_', ' ')}, {stage.from_form}"
    if stage.kind == HANDLING:
        forms = (
            stage.from_form if stage.from_form == stage.to_form else f"{stage.from_form} to {stage.to_form}"
        )
        return f"{stage.from_place}: handled for {stage.mode.replace('_', ' ')}, {forms}"
    way = f"{stage.from_place} to {stage.to_place}"
    if stage.kind == RIDE:
        mode = stage.mode.replace("_", " ")
        return f"{way} by {mode}: {stage.service_id} of {stage.departure_day}, {stage.from_form}"
    return f"{way} by road, {stage.from_form}"


def cents_text(cents: int | Fraction) -> str:
    """Currency units with two decimals."""
    rounded = round_half_up(Fraction(cents))
    return f"{'-' if rounded < 0 else ''}{abs(rounded) // 100:,}.{abs(rounded) % 100:02d}"


def _kg(grams: int) -> str:
    return f"{round_half_up(Fraction(grams * 10, GRAMS_PER_KG)) / 10:,.1f}"


def _local(problem: Problem, minutes: int, place: PlaceId) -> str:
    return f"{from_minutes(minutes, problem.network.places[place].time_zone):%Y-%m-%d %H:%M}"


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=HEAD)
    grid.add_column(overflow="fold")
    return grid
