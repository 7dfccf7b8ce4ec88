"""Boxed runs of a batch, derived again from its stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import TYPE_CHECKING

from planner.model.plans import PER_BOX, RIDE
from planner.model.vehicles import BOXED
from planner.units import ceil_div

if TYPE_CHECKING:
    from planner.checking.rules import Findings
    from planner.model.plans import BatchPlan, Itinerary, Stage
    from planner.model.vehicles import VehicleType

RunKey = tuple[Hashable, ...]


def group_by_run(batch_plan: BatchPlan) -> dict[RunKey, list[int]]:
    """Numbers of the itineraries that share boxes: equal stuffing place, boxed legs and box cents.

    What is booked shares no box with what is not, and only those with each other that were booked so: that is
    held by :func:`planner.checking.parts.check_kept`.
    """
    groups: dict[RunKey, list[int]] = defaultdict(list)
    for number, itinerary in enumerate(batch_plan.itineraries):
        legs = boxed_legs(itinerary)
        if legs:
            names = tuple(name_of(leg) for leg in legs)
            booked_run = itinerary.box_run if itinerary.booked else None
            key = (legs[0].from_place, names, itinerary.box_cents, itinerary.booked, booked_run)
            groups[key].append(number)
    return dict(groups)


def boxed_legs(itinerary: Itinerary) -> list[Stage]:
    """Legs on which the cargo is in boxes; the first starts where it was stuffed, or at the origin."""
    return [leg for leg in itinerary.stages[2::3] if leg.from_form == BOXED]


def num_boxes(batch_plan: BatchPlan, group: list[int], vehicle_type: VehicleType) -> int:
    """Boxes that the itineraries of one run fill together."""
    vehicles = sum(batch_plan.itineraries[number].vehicles for number in group)
    # A type that is never boxed is a finding of its own; one a box keeps the count going.
    return ceil_div(vehicles, max(1, vehicle_type.vehicles_per_feu))


def check_runs(batch_plan: BatchPlan, vehicle_type: VehicleType, where: str, findings: Findings) -> None:
    """Runs are exactly the groups of itineraries with equal keys, with the right vehicles and boxes."""
    riders: dict[int, list[int]] = defaultdict(list)
    for number, itinerary in enumerate(batch_plan.itineraries):
        if itinerary.box_run is not None:
            riders[itinerary.box_run].append(number)
            if not boxed_legs(itinerary):
                facts = f"itinerary {number + 1} is never boxed and names run {itinerary.box_run}"
                findings.add("box_run_grouping", where, facts)
    runs = range(len(batch_plan.box_runs))
    for group in group_by_run(batch_plan).values():
        itinerary = batch_plan.itineraries[group[0]]
        run = itinerary.box_run
        if run is None or run not in runs or riders[run] != group:
            names = ", ".join(str(number + 1) for number in group)
            findings.add("box_run_grouping", where, f"run {run} is not the run of just itineraries {names}")
            continue
        at = f"{where} box run {run}"
        stated = batch_plan.box_runs[run]
        vehicles = sum(batch_plan.itineraries[number].vehicles for number in group)
        boxes = num_boxes(batch_plan, group, vehicle_type)
        findings.expect_equal("box_run_vehicles", at, "vehicles", stated=stated.vehicles, right=vehicles)
        findings.expect_equal("box_count", at, "boxes", stated=stated.boxes, right=boxes)
        findings.expect_equal(
            "box_cents", at, "box cents", stated=stated.box_cents, right=itinerary.box_cents
        )
        grams = sum(line.unit_grams for line in itinerary.emissions if line.per == PER_BOX)
        findings.expect_equal("box_grams", at, "box grams", stated=stated.box_grams, right=grams)
    for run in sorted(set(runs) - riders.keys()):
        findings.add("box_run_grouping", where, f"no itinerary names run {run}")


def name_of(leg: Stage) -> RunKey:
    """What makes a ride or a road dispatch the same one."""
    if leg.kind == RIDE:
        return leg.service_id, leg.departure_day, leg.board_seq, leg.alight_seq
    return leg.from_place, leg.to_place, leg.start_min
