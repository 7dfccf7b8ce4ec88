"""The figures that a plan is read by: who goes how, how long it takes, what is full. No layout."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from planner.costing import Costing, part_cents
from planner.duties import cents_by_duty, list_duties
from planner.figures import REFERENCE_RAIL_MIN, main_ride, rail_min
from planner.grounds import trace_plan
from planner.model.services import BARGE, ROAD
from planner.render.by_itinerary import sums_by_itinerary
from planner.slack import SlowJourneys
from planner.tightness import DepartureUse, list_departures_used, load_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.grounds import PlanGrounds
    from planner.model.batches import Batch
    from planner.model.plans import (
        BatchPlan,
        Charter,
        DayUse,
        Itinerary,
        Plan,
        Unplanned,
    )
    from planner.model.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Vehicles of one batch on one chain of main rides.

    Parameters
    ----------
    mode
        Main mode: see :func:`~planner.figures.main_ride`.
    boxed
        Vehicles that travel in boxes at least part of the way.
    by_river
        Whether a barge carries them at least part of the way.
    cents, grams
        Money and CO2e of the part, its share of boxes and of departures bought as a whole included.
    door_min
        Vehicle-minutes from ready to Delivered.
    rail_min
        Minutes from the first departure to the last arrival by train, if rail is the main mode.
    """

    entry: BatchPlan
    batch: Batch
    vehicles: int
    mode: str
    boxed: int
    by_river: bool
    late: int
    late_if_slow: int
    cents: int
    grams: int
    door_min: int
    rail_min: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeShare:
    """All vehicles with one main mode; sums, not averages, so that shares can be taken exactly."""

    mode: str
    vehicles: int
    by_river: int
    cents: int
    grams: int
    door_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstBaseline:
    """The plan beside the 15-day train; all fields are sums over vehicles.

    Parameters
    ----------
    rail_vehicles, rail_min, rail_within
        Vehicles whose main mode is rail, their minutes by train, and how many of them need no more
        than :data:`REFERENCE_RAIL_MIN`.
    vehicles, as_fast, as_cheap
        Planned vehicles whose batch has a baseline; how many of them are delivered no later and cost
        no more than it, by the average of their part.
    door_min, base_door_min, cents, base_cents
        Of these vehicles: door to door and money, in the plan and by the baseline.
    without
        Planned vehicles whose batch has none, by the reason.
    """

    rail_vehicles: int
    rail_min: int
    rail_within: int
    vehicles: int
    as_fast: int
    as_cheap: int
    door_min: int
    base_door_min: int
    cents: int
    base_cents: int
    without: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A batch with vehicles left out."""

    batch: Batch
    unplanned: Unplanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything the screen shows that is not in the plan as a number already.

    Parameters
    ----------
    late_if_slow
        Vehicles that miss a gate or are late if every journey is a slow one.
    days
        Places and roads by day that are at least half full, or worth more room: worth most first, then
        fullest, then earliest.
    charters
        Departures bought as a whole, dearest first.
    duties
        Cents by the name of the duty: beside the cost.
    grounds
        What prices and times rest on.
    """

    vehicles: int
    planned: int
    booked: int
    late: int
    late_if_slow: int
    boxes: int
    boxed: int
    shares: tuple[ModeShare, ...]
    baseline: AgainstBaseline
    left_out: tuple[LeftOut, ...]
    departures: tuple[DepartureUse, ...]
    days: tuple[DayUse, ...]
    charters: tuple[Charter, ...]
    duties: Mapping[str, int]
    grounds: PlanGrounds


def summarise(problem: Problem, plan: Plan) -> Summary:
    """Work out the figures of a plan."""
    parts = list(list_parts(problem, plan))
    return Summary(
        vehicles=sum(batch.vehicles for batch in problem.batches),
        planned=sum(part.vehicles for part in parts),
        booked=sum(one.vehicles for entry in plan.batches for one in entry.itineraries if one.booked),
        late=sum(part.late for part in parts),
        late_if_slow=sum(part.late_if_slow for part in parts),
        boxes=sum(run.boxes for entry in plan.batches for run in entry.box_runs),
        boxed=sum(part.boxed for part in parts),
        shares=mode_shares(parts),
        baseline=against_baseline(parts),
        left_out=list_left_out(problem, plan),
        departures=list_departures_used(plan.departures),
        days=list_tight_days(plan.days),
        charters=tuple(
            sorted(plan.charters, key=lambda bought: -bought.departure_cents - bought.module_cents)
        ),
        duties=cents_by_duty(list_duties(problem, plan)),
        grounds=trace_plan(problem, plan),
    )


def list_parts(problem: Problem, plan: Plan) -> Iterator[Part]:
    """Parts in the order of the plan."""
    batches = {batch.id: batch for batch in problem.batches}
    costing = Costing(problem)
    slow = SlowJourneys(costing.book, problem.terms.times)
    for entry in plan.batches:
        cents = part_cents(entry)
        grams: Counter[int] = Counter()
        by_part: dict[int, list[Itinerary]] = defaultdict(list)
        for itinerary, own in zip(entry.itineraries, sums_by_itinerary(entry), strict=True):
            by_part[itinerary.part].append(itinerary)
            grams[itinerary.part] += own.grams
        for number, itineraries in sorted(by_part.items()):
            sums = cents[number], grams[number]
            yield _part(costing, slow, batches[entry.batch_id], entry, itineraries, sums)


def _part(
    costing: Costing,
    slow: SlowJourneys,
    batch: Batch,
    entry: BatchPlan,
    itineraries: Sequence[Itinerary],
    sums: tuple[int, int],
) -> Part:
    chain = itineraries[0].chain
    longest = main_ride(costing, chain)
    return Part(
        entry=entry,
        batch=batch,
        vehicles=sum(itinerary.vehicles for itinerary in itineraries),
        mode=ROAD if longest is None else longest.mode,
        boxed=sum(itinerary.vehicles for itinerary in itineraries if itinerary.box_run is not None),
        by_river=any(ride.mode == BARGE for ride in chain),
        late=sum(i.vehicles for i in itineraries if i.delivered_min > batch.due_min),
        late_if_slow=sum(i.vehicles for i in itineraries if slow.is_late(batch, i)),
        cents=sums[0],
        grams=sums[1],
        door_min=sum(i.vehicles * (i.delivered_min - batch.ready_min) for i in itineraries),
        rail_min=rail_min(costing, chain),
    )


def mode_shares(parts: Sequence[Part]) -> tuple[ModeShare, ...]:
    """Vehicles by main mode, the largest first."""
    in_order = sorted(parts, key=lambda part: part.mode)
    shares = [
        ModeShare(
            mode=mode,
            vehicles=sum(part.vehicles for part in group),
            by_river=sum(part.vehicles for part in group if part.by_river),
            cents=sum(part.cents for part in group),
            grams=sum(part.grams for part in group),
            door_min=sum(part.door_min for part in group),
        )
        for mode, group in ((mode, list(parts)) for mode, parts in groupby(in_order, lambda part: part.mode))
    ]
    return tuple(sorted(shares, key=lambda share: (-share.vehicles, share.mode)))


def against_baseline(parts: Sequence[Part]) -> AgainstBaseline:
    """Two comparisons: days on the train against 15, and door to door against the baseline's."""
    rail = [(part.vehicles, part.rail_min) for part in parts if part.rail_min is not None]
    without: Counter[str] = Counter()
    vehicles = as_fast = as_cheap = door = base_door = cents = base_cents = 0
    for part in parts:
        baseline = part.entry.baseline
        if baseline is None or baseline.door_min is None or baseline.cents is None:
            without["not computed" if baseline is None else baseline.reason] += part.vehicles
            continue
        vehicles += part.vehicles
        door += part.door_min
        base_door += part.vehicles * baseline.door_min
        cents += part.cents
        base_cents += part.vehicles * baseline.cents
        as_cheap += part.vehicles if part.cents <= part.vehicles * baseline.cents else 0
        as_fast += part.vehicles if part.door_min <= part.vehicles * baseline.door_min else 0
    return AgainstBaseline(
        rail_vehicles=sum(number for number, _ in rail),
        rail_min=sum(number * minutes for number, minutes in rail),
        rail_within=sum(number for number, minutes in rail if minutes <= REFERENCE_RAIL_MIN),
        vehicles=vehicles,
        as_fast=as_fast,
        as_cheap=as_cheap,
        door_min=door,
        base_door_min=base_door,
        cents=cents,
        base_cents=base_cents,
        without=tuple(without.most_common()),
    )


def list_left_out(problem: Problem, plan: Plan) -> tuple[LeftOut, ...]:
    """Batches with vehicles left out, most urgent first: by what leaving them out counts, then by number."""
    batches = {batch.id: batch for batch in problem.batches}
    rows = [
        LeftOut(batch=batches[entry.batch_id], unplanned=entry.unplanned)
        for entry in plan.batches
        if entry.unplanned is not None
    ]
    return tuple(
        sorted(rows, key=lambda row: -row.unplanned.vehicles * problem.terms.unplanned_cost(row.batch))
    )


def list_tight_days(uses: Sequence[DayUse]) -> tuple[DayUse, ...]:
    """Places and roads by day that are at least half full, or worth more room."""
    tight = [use for use in uses if use.unit_value_cents or 2 * use.used >= use.capacity]
    return tuple(
        sorted(
            tight,
            key=lambda use: (-use.unit_value_cents, -load_of(use), use.day, use.from_place, use.to_place),
        )
    )


def mean(total: int, number: int) -> Fraction:
    """Average of ``number`` things that sum to ``total``; 0 of nothing."""
    return Fraction(total, number) if number else Fraction(0)
