"""Keeping: which itineraries of a plan are fixed when it is planned again, and whether they still can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.checking.days import DayRules
from planner.checking.departures import Departures
from planner.checking.itinerary import ItineraryRules
from planner.checking.loads import Loads
from planner.checking.room import RoomRules
from planner.checking.rules import Findings
from planner.costing import Costing, PricingError
from planner.errors import InputError, Issue
from planner.model.plans import RIDE, ROAD_LEG, BatchPlan, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.model.batches import Batch
    from planner.model.ids import BatchId
    from planner.model.plans import Itinerary
    from planner.model.problem import Problem
    from planner.reading.document_parts import BatchFacts

_RULES_OF_ROOM = ("capacity", "allotments", "throughput", "vehicles_per_day")

Kept = dict["BatchId", tuple["Itinerary", ...]]


def booked_of(plan: Plan) -> Kept:
    """Itineraries of a plan that are booked, by batch."""
    return kept_itineraries(plan, None)


def kept_itineraries(plan: Plan, freeze_before_min: int | None) -> Kept:
    """Itineraries by batch that are booked, or whose first gate closes or first truck leaves before a moment.

    Parameters
    ----------
    freeze_before_min
        ``None`` = only what is booked.
    """
    kept: Kept = {}
    for entry in plan.batches:
        fixed = tuple(
            replace(one, booked=True) for one in entry.itineraries if _is_fixed(one, freeze_before_min)
        )
        if fixed:
            kept[entry.batch_id] = fixed
    return kept


def kept_of(
    problem: Problem, plan: Plan, facts: Sequence[BatchFacts], freeze_before_min: int | None = None
) -> Kept:
    """What is kept of a plan in a problem, every itinerary as it was and marked as booked.

    Parameters
    ----------
    problem
        What is to be planned now.
    plan, facts
        The plan of which something is kept, and what its document says of its batches.
    freeze_before_min
        What has left before this moment is kept as well; ``None`` = only what is booked.

    Raises
    ------
    InputError
        With every kept batch that is another now, or gone, and every kept itinerary that breaks a rule
        of today's tables; else with every departure, place and road that has no room for what is kept.
    """
    kept = kept_itineraries(plan, freeze_before_min)
    batches = {batch.id: batch for batch in problem.batches}
    issues: list[Issue] = []
    rules = _Rules(problem)
    for fact, entry in zip(facts, plan.batches, strict=True):
        if entry.batch_id not in kept:
            continue
        batch = batches.get(entry.batch_id)
        if batch is None:
            vehicles = sum(one.vehicles for one in kept[entry.batch_id])
            reason = f"{vehicles} vehicles of the batch are kept, and it is not in the batch file"
            hint = "put the batch back, or take its booking out of the plan"
            issues += fact.node.child("batchId").refusal(reason, hint).issues
            continue
        different = list(_differences(fact, batch, kept[entry.batch_id]))
        issues += different
        if not different:
            issues += rules.list_broken(fact, entry, batch, freeze_before_min)
    if kept and not issues:
        issues += _list_overfull(problem, kept, facts[0].node.file)
    if issues:
        raise InputError(issues)
    return kept


def _is_fixed(itinerary: Itinerary, freeze_before_min: int | None) -> bool:
    if itinerary.booked or freeze_before_min is None:
        return itinerary.booked
    first = next(stage for stage in itinerary.stages if stage.kind in (RIDE, ROAD_LEG))
    return first.start_min < freeze_before_min


def _differences(fact: BatchFacts, batch: Batch, kept: Sequence[Itinerary]) -> Iterator[Issue]:
    """What of a kept batch is not as it was."""
    for key, was, now in (
        ("origin", fact.origin, batch.origin),
        ("destination", fact.destination, batch.destination),
        ("vehicleType", fact.vehicle_type, batch.vehicle_type),
        ("readyUtc", fact.ready_min, batch.ready_min),
    ):
        if was != now:
            shown = "another time" if key == "readyUtc" else now
            reason = f"batch {batch.id} is kept, and in the batch file it is {shown}"
            yield from fact.node.child(key).refusal(reason, "give the batch as it was").issues
    vehicles = sum(one.vehicles for one in kept)
    if vehicles > batch.vehicles:
        reason = f"batch {batch.id} keeps {vehicles} vehicles, and in the batch file it has {batch.vehicles}"
        yield from fact.node.child("vehicles").refusal(reason, "no fewer than are kept").issues


class _Rules:
    """Holds kept itineraries against the rules of the checker, on today's tables."""

    def __init__(self, problem: Problem) -> None:
        self._findings = Findings()
        self._costing = Costing(problem)
        self._rules = ItineraryRules(problem, self._costing, Departures(problem.network), self._findings)

    def list_broken(
        self, fact: BatchFacts, entry: BatchPlan, batch: Batch, freeze_before_min: int | None
    ) -> Iterator[Issue]:
        """Faults of the kept itineraries of a batch; prices and emissions are those of today."""
        for number, itinerary in enumerate(entry.itineraries):
            if not _is_fixed(itinerary, freeze_before_min):
                continue
            self._findings.list.clear()
            try:
                lines = self._costing.price(batch, itinerary.stages)
                emissions = self._costing.emissions(batch, itinerary.stages)
            except PricingError as error:
                yield _issue(fact, number, str(error))
                continue
            today = replace(itinerary, lines=lines, emissions=emissions, booked=True)
            self._rules.apply(batch, today, f"batch {batch.id}")
            for finding in self._findings.list:
                yield _issue(fact, number, f"{finding.rule}: {finding.facts}")


def _issue(fact: BatchFacts, number: int, facts: str) -> Issue:
    return Issue(
        file=fact.node.file,
        column=f"{fact.node.pointer}/itineraries/{number}",
        reason=f"batch {fact.batch_id} is kept on it, and it does not hold any more: {facts}",
        hint="take the booking out of the plan, or put back what has changed in tables or options",
    )


def _list_overfull(problem: Problem, kept: Kept, file: str) -> Iterator[Issue]:
    """Departures, places and roads with less room than what is kept on them."""
    findings, departures = Findings(), Departures(problem.network)
    loads = Loads(problem, departures, findings)
    days = DayRules(problem, Costing(problem).book, departures, findings)
    entries = tuple(
        BatchPlan(batch_id=batch.id, itineraries=kept.get(batch.id, ())) for batch in problem.batches
    )
    for batch, entry in zip(problem.batches, entries, strict=True):
        loads.add(batch, entry)
        days.add(batch, entry)
    alone = Plan(
        objective=problem.terms.objective,
        currency=problem.terms.currency,
        batches=entries,
        cents=0,
        vehicle_min=0,
        penalty=0,
        value=0,
    )
    RoomRules(problem, departures, findings).apply(alone, loads)
    days.apply(alone)
    for finding in findings.list:
        if (
            finding.rule in _RULES_OF_ROOM
        ):  # the others speak of what the plan lists, and this one lists nothing
            reason = f"what is kept has no room any more: {finding}"
            yield Issue(file=file, reason=reason, hint="take a booking out of the plan")
