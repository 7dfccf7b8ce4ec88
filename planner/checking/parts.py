"""Parts of a batch, and what of it is kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.checking.boxes import boxed_legs, name_of
from planner.model.plans import PER_PART

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan, Itinerary


def check_parts(
    batch: Batch, batch_plan: BatchPlan, kept: tuple[Itinerary, ...], where: str, findings: Findings
) -> None:
    """Numbers, number and size of the parts; whether a batch that is not split is left out in part."""
    numbers: dict[Hashable, int] = {}
    vehicles: Counter[Hashable] = Counter()
    planned: set[Hashable] = set()
    for number, itinerary in enumerate(batch_plan.itineraries, start=1):
        chain = _chain_of(itinerary)
        vehicles[chain] += itinerary.vehicles
        if not itinerary.booked:
            planned.add(chain)
        right = numbers.setdefault(chain, len(numbers) + 1)
        findings.expect_equal(
            "part_numbers", f"{where} itinerary {number}", "part", stated=itinerary.part, right=right
        )
    most = 1 if batch.all_or_none else batch.max_parts
    # Parts that only kept vehicles ride are as they were booked, whatever is asked of parts now.
    if most is not None and len(numbers) > most and planned - _kept_chains(kept):
        findings.add("max_parts", where, f"{len(numbers)} parts, allowed {most}")
    for chain, number in numbers.items():
        if chain in planned and vehicles[chain] < batch.least_part:
            facts = f"{vehicles[chain]} vehicles in part {number}, at least {batch.least_part} are asked for"
            findings.add("least_part", where, facts)
    if batch.all_or_none:
        left_out = 0 if batch_plan.unplanned is None else batch_plan.unplanned.vehicles
        not_kept = batch.vehicles - sum(itinerary.vehicles for itinerary in kept)
        if left_out not in (0, not_kept):
            findings.add("all_or_none", where, f"{left_out} of {not_kept} vehicles are left out")


def check_part_charges(batch_plan: BatchPlan, where: str, findings: Findings) -> None:
    """What each part pays once, whoever of it was kept; the lines themselves have a rule of their own."""
    cents: dict[Hashable, int] = {}
    for itinerary in batch_plan.itineraries:
        of_part = sum(line.unit_cents for line in itinerary.lines if line.per == PER_PART)
        cents.setdefault(_chain_of(itinerary), of_part)
    right = [(number, each) for number, each in enumerate(cents.values(), start=1) if each]
    stated = [(charge.part, charge.cents) for charge in batch_plan.part_charges]
    findings.expect_equal("part_charges", where, "part and cents", stated=stated, right=right)


def _chain_of(itinerary: Itinerary) -> Hashable:
    """Main rides by name: vehicles with equal ones are one part."""
    return tuple(
        (ride.service_id, ride.departure_day, ride.board_seq, ride.alight_seq) for ride in itinerary.chain
    )


def _kept_chains(kept: tuple[Itinerary, ...]) -> set[Hashable]:
    return {_chain_of(itinerary) for itinerary in kept}


def check_kept(batch_plan: BatchPlan, kept: tuple[Itinerary, ...], where: str, findings: Findings) -> None:
    """What is kept is there as it was, as often, in the boxes it was in, and nothing else is booked.

    Numbers of parts and boxed runs are those of the new plan, and prices have rules of their own: a run whose
    boxes do not all cost the same any more is several.
    """
    right = Counter((itinerary.vehicles, itinerary.stages) for itinerary in kept)
    stated = Counter(
        (itinerary.vehicles, itinerary.stages) for itinerary in batch_plan.itineraries if itinerary.booked
    )
    for verb, surplus in (("booked, but not kept", stated - right), ("kept, but not there", right - stated)):
        for (vehicles, stages), times in surplus.items():
            end = stages[-1].end_min if stages else None
            facts = f"{vehicles} vehicles delivered at {end} are {verb}"
            findings.add("kept", where, facts + (f", {times} times" if times > 1 else ""))
    today = {
        (itinerary.vehicles, itinerary.stages): itinerary.box_cents
        for itinerary in batch_plan.itineraries
        if itinerary.booked
    }
    right_runs = _together([(one, today.get((one.vehicles, one.stages))) for one in kept])
    booked = [(one, one.box_cents) for one in batch_plan.itineraries if one.booked]
    if stated == right and _together(booked) != right_runs:
        findings.add("kept", where, "the vehicles do not share boxes as they were booked")


def _together(itineraries: Sequence[tuple[Itinerary, int | None]]) -> Counter[Hashable]:
    """Groups of itineraries that share boxes, by the run they name and what a box costs them."""
    runs: dict[Hashable, Counter[Hashable]] = {}
    for itinerary, cents in itineraries:
        legs = boxed_legs(itinerary)
        if legs:
            key = itinerary.box_run, legs[0].from_place, tuple(map(name_of, legs)), cents
            runs.setdefault(key, Counter())[itinerary.vehicles, itinerary.stages] += 1
    return Counter(frozenset(run.items()) for run in runs.values())
