"""Who rides what: every batch adds its loads, and rules of room, charters and days read the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.checking.boxes import boxed_legs, group_by_run, num_boxes
from planner.checking.legs import find_calls
from planner.model.ids import BatchId, ServiceId
from planner.model.plans import RIDE, ROAD_LEG
from planner.model.vehicles import BOXED

if TYPE_CHECKING:
    from planner.checking.departures import Departures
    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan, Stage
    from planner.model.problem import Problem
    from planner.model.vehicles import VehicleType

DepartureKey = tuple[ServiceId, date]
"""Service, scheduled day at its first call."""
LegKey = tuple[ServiceId, date, int]
"""Service, day, number of the leg (0 = first)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """What travels together on one leg: loose vehicles of one itinerary, or all boxes of one run.

    Parameters
    ----------
    boxes
        0 for loose cargo.
    """

    leg: Stage
    vehicles: int
    boxes: int


class Loads:
    """Counting units on legs and departures, by batch; rides that do not exist load nothing."""

    def __init__(self, problem: Problem, departures: Departures, findings: Findings) -> None:
        self._problem = problem
        self._departures = departures
        self._findings = findings
        self.on_leg: dict[LegKey, dict[BatchId, int]] = defaultdict(lambda: defaultdict(int))
        self.boarded: dict[DepartureKey, dict[BatchId, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, batch: Batch, batch_plan: BatchPlan) -> None:
        """Count the vehicles and boxes of one batch on every leg they ride."""
        vehicle_type = self._problem.vehicle_type_of(batch)
        per_vehicle = units_of_vehicle(vehicle_type)
        for haul in list_hauls(batch_plan, vehicle_type):
            if haul.leg.kind == RIDE:
                is_boxed = haul.leg.from_form == BOXED
                self._count(
                    batch.id,
                    haul.leg,
                    {"feu": 1} if is_boxed else per_vehicle,
                    haul.boxes if is_boxed else haul.vehicles,
                )

    def _count(self, batch_id: BatchId, ride: Stage, units_of: dict[str, int], number: int) -> None:
        if ride.service_id is None or ride.departure_day is None:
            return
        service = self._problem.network.services.get(ride.service_id)
        if service is None:
            return
        calls = find_calls(service, ride)
        if calls is None or self._departures.find(service.id, ride.departure_day) is None:
            return
        if service.capacity_unit not in units_of:
            facts = f"{ride.from_form} cargo is not counted in {service.capacity_unit}"
            self._findings.add("capacity_unit", f"{service.id} {ride.departure_day}", facts)
            return
        units = number * units_of[service.capacity_unit]
        self.boarded[service.id, ride.departure_day][batch_id] += units
        for leg in range(*calls):
            self.on_leg[service.id, ride.departure_day, leg][batch_id] += units


def list_hauls(batch_plan: BatchPlan, vehicle_type: VehicleType) -> Iterator[Haul]:
    """Every leg of a batch with what travels on it; the boxes of a run travel together."""
    for group in group_by_run(batch_plan).values():
        boxes = num_boxes(batch_plan, group, vehicle_type)
        vehicles = sum(batch_plan.itineraries[number].vehicles for number in group)
        for leg in boxed_legs(batch_plan.itineraries[group[0]]):
            yield Haul(leg=leg, vehicles=vehicles, boxes=boxes)
    for itinerary in batch_plan.itineraries:
        for leg in itinerary.stages[2::3]:
            if leg.kind in (RIDE, ROAD_LEG) and leg.from_form != BOXED:
                yield Haul(leg=leg, vehicles=itinerary.vehicles, boxes=0)


def units_of_vehicle(vehicle_type: VehicleType) -> dict[str, int]:
    """Counting units that one loose vehicle takes, by capacity unit."""
    return {"vehicle": 1, "ceu": vehicle_type.ceu100, "cbm": vehicle_type.cbm100}
