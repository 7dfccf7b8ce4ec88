"""Sums that are shown of a plan, and how what is paid together is shared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.model.plans import (
    COST_KINDS,
    PER_BOX,
    PER_PART,
    PER_VEHICLE,
    SHARED_KINDS,
    DepartureShare,
    PartCharge,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planner.model.ids import BatchId
    from planner.model.plans import BatchPlan, Charter, Itinerary, Plan

DepartureKey = tuple[object, object]
"""Service and scheduled local day at its first call."""


def cost_by_kind(plan: Plan) -> dict[str, int]:
    """Money of a plan in cents by cost kind, in the order of ``COST_KINDS``; kinds not met are 0."""
    totals = dict.fromkeys(COST_KINDS, 0)
    for batch_plan in plan.batches:
        for kind, cents in batch_cost_by_kind(batch_plan).items():
            totals[kind] += cents
    return totals


def units_paid(batch_plan: BatchPlan) -> Iterator[tuple[Itinerary, dict[str, int]]]:
    """Itineraries of a batch, each with how often its lines per vehicle, per box and per part are paid.

    The boxes of a run, and what a part pays once, stand with the first itinerary of the run or part: where
    itineraries share boxes, its lines tell what a box is paid for (their sums are equal by the definition
    of a run).
    """
    runs_seen, parts_seen = set(), set()
    for itinerary in batch_plan.itineraries:
        run, boxes = itinerary.box_run, 0
        if run is not None and run not in runs_seen:
            runs_seen.add(run)
            boxes = batch_plan.box_runs[run].boxes
        is_first = itinerary.part not in parts_seen
        parts_seen.add(itinerary.part)
        yield itinerary, {PER_VEHICLE: itinerary.vehicles, PER_BOX: boxes, PER_PART: int(is_first)}


def charges_of_parts(itineraries: Iterable[Itinerary]) -> tuple[PartCharge, ...]:
    """What the parts of a batch pay once, by number; those that pay nothing once are left out."""
    cents = {itinerary.part: itinerary.part_cents for itinerary in itineraries}
    return tuple(PartCharge(part=part, cents=each) for part, each in sorted(cents.items()) if each)


def batch_cost_by_kind(batch_plan: BatchPlan) -> dict[str, int]:
    """Money of one batch in cents by cost kind, in the order of ``COST_KINDS``; its shares are in it."""
    totals = dict.fromkeys(COST_KINDS, 0)
    for itinerary, units in units_paid(batch_plan):
        for line in itinerary.lines:
            totals[line.kind] += line.unit_cents * units[line.per]
    for departure_share in batch_plan.shares:
        totals[departure_share.kind] += departure_share.cents
    return totals


def grams_by_mode(plan: Plan) -> dict[str, int]:
    """CO2e of a plan in grams by mode of the leg (``road`` for roads), by name; boxes count once."""
    totals: dict[str, int] = defaultdict(int)
    for batch_plan in plan.batches:
        for itinerary, units in units_paid(batch_plan):
            for line in itinerary.emissions:
                totals[itinerary.stages[line.stage].mode] += line.unit_grams * units[line.per]
    return dict(sorted(totals.items()))


def part_cents(batch_plan: BatchPlan) -> dict[int, int]:
    """Money of each part of a batch in cents; together exactly ``batch_plan.cents``.

    The cents of a boxed run are shared over the parts that use it by their vehicles, the shares of a
    departure over the parts that ride it likewise.
    """
    cents: dict[int, int] = defaultdict(int)
    for charge in batch_plan.part_charges:
        cents[charge.part] += charge.cents
    riders: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    on_departure: dict[DepartureKey, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for itinerary in batch_plan.itineraries:
        cents[itinerary.part] += itinerary.vehicles * itinerary.vehicle_cents
        if itinerary.box_run is not None:
            riders[itinerary.box_run][itinerary.part] += itinerary.vehicles
        # Boarding one departure twice makes no part of it bigger.
        for key in {(ride.service_id, ride.departure_day) for ride in itinerary.chain}:
            on_departure[key][itinerary.part] += itinerary.vehicles
    together = [(run.boxes * run.box_cents, riders[number]) for number, run in enumerate(batch_plan.box_runs)]
    together += [
        (paid.cents, on_departure[paid.service_id, paid.departure_day]) for paid in batch_plan.shares
    ]
    for total, vehicles in together:
        parts = sorted(vehicles)
        for part, part_share in zip(parts, share(total, [vehicles[part] for part in parts]), strict=True):
            cents[part] += part_share
    return dict(sorted(cents.items()))


def share_departure(cents: int, boarded_by_batch: Mapping[BatchId, int]) -> dict[BatchId, int]:
    """Share what is paid for a departure by counting units boarded: largest remainder, ties by batch id.

    Raises
    ------
    ValueError
        If nothing is boarded.
    """
    batches = sorted(boarded_by_batch)
    shares = share(cents, [boarded_by_batch[batch] for batch in batches])
    return dict(zip(batches, shares, strict=True))


def share_departures(
    charters: Iterable[Charter], boarded: Mapping[DepartureKey, Mapping[BatchId, int]]
) -> dict[BatchId, tuple[DepartureShare, ...]]:
    """What every batch pays of the departures it boards, in the order of the charters.

    A share of 0 cents is left out.

    Parameters
    ----------
    boarded
        Counting units boarded by service and day, then by batch.

    Raises
    ------
    ValueError
        If nobody boards one of the charters.
    """
    shares: dict[BatchId, list[DepartureShare]] = defaultdict(list)
    for charter in charters:
        units = boarded.get((charter.service_id, charter.departure_day), {})
        for kind, total in zip(SHARED_KINDS, (charter.departure_cents, charter.module_cents), strict=True):
            for batch, cents in share_departure(total, units).items():
                if cents:
                    shares[batch].append(
                        DepartureShare(
                            service_id=charter.service_id,
                            departure_day=charter.departure_day,
                            kind=kind,
                            cents=cents,
                        )
                    )
    return {batch: tuple(paid) for batch, paid in shares.items()}


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Share whole units by weight: largest remainder, ties to the earlier; the shares sum to ``total``.

    Raises
    ------
    ValueError
        If the weights do not sum to more than 0.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must sum to more than 0")
    shares, remainders = zip(*(divmod(total * weight, whole) for weight in weights), strict=True)
    by_remainder = sorted(range(len(weights)), key=lambda number: (-remainders[number], number))
    lucky = set(by_remainder[: total - sum(shares)])
    return [units + (number in lucky) for number, units in enumerate(shares)]
