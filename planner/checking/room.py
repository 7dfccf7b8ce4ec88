"""Room on the legs of dated departures, all batches together."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from planner.checking.boxes import boxed_legs, group_by_run, num_boxes
from planner.model.ids import ServiceId
from planner.model.plans import RIDE
from planner.model.vehicles import BOXED

if TYPE_CHECKING:
    from planner.checking.departures import Departures
    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.plans import BatchPlan, Plan, Stage
    from planner.model.problem import Problem
    from planner.model.vehicles import VehicleType

LegKey = tuple[ServiceId, date, int]
"""Service, scheduled day at its first call, number of the leg (0 = first)."""


class RoomRules:
    """Adds up who rides which leg, and holds the sums against capacities and against ``plan.departures``."""

    def __init__(self, problem: Problem, departures: Departures, findings: Findings) -> None:
        self._problem = problem
        self._services = problem.network.services
        self._departures = departures
        self._findings = findings
        self._used: dict[LegKey, int] = defaultdict(int)

    def add(self, batch: Batch, batch_plan: BatchPlan) -> None:
        """Count the vehicles and boxes of one batch on every leg they ride."""
        vehicle_type = self._problem.vehicle_type_of(batch)
        for group in group_by_run(batch_plan).values():
            boxes = num_boxes(batch_plan, group, vehicle_type)
            for leg in boxed_legs(batch_plan.itineraries[group[0]]):
                self._count(leg, {"feu": 1}, boxes)
        per_vehicle = units_of_vehicle(vehicle_type)
        for itinerary in batch_plan.itineraries:
            for leg in itinerary.stages[2::3]:
                if leg.from_form != BOXED:
                    self._count(leg, per_vehicle, itinerary.vehicles)

    def apply(self, plan: Plan) -> None:
        """Hold the counted use against capacities, and the listed legs against the counted ones."""
        limited: dict[LegKey, tuple[int, int]] = {}
        for key, used in sorted(self._used.items()):
            service_id, day, leg = key
            capacity = self._services[service_id].leg_capacity(leg)
            if capacity is not None:
                limited[key] = used, capacity
                if used > capacity:
                    facts = f"{used} units on leg {leg}, room for {capacity}"
                    self._findings.add("capacity", f"{service_id} {day}", facts)
        self._listed(plan, limited)

    def _count(self, ride: Stage, units_of: dict[str, int], number: int) -> None:
        """Add a ride to every leg between board and alight; rides that do not exist ride no leg."""
        service = None
        if ride.kind == RIDE and ride.service_id is not None:
            service = self._services.get(ride.service_id)
        if service is None or ride.departure_day is None:
            return
        numbers = {call.seq: number for number, call in enumerate(service.calls)}
        seqs = (ride.board_seq, ride.alight_seq)
        board, alight = (None if seq is None else numbers.get(seq) for seq in seqs)
        if (
            board is None
            or alight is None
            or self._departures.find_min(service.id, ride.departure_day) is None
        ):
            return
        if service.capacity_unit not in units_of:
            facts = f"{ride.from_form} cargo is not counted in {service.capacity_unit}"
            self._findings.add("capacity_unit", f"{service.id} {ride.departure_day}", facts)
            return
        for leg in range(board, alight):
            self._used[service.id, ride.departure_day, leg] += number * units_of[service.capacity_unit]

    def _listed(self, plan: Plan, limited: dict[LegKey, tuple[int, int]]) -> None:
        listed = [(use.service_id, use.departure_day, use.leg) for use in plan.departures]
        for service_id, day, leg in sorted(limited.keys() - set(listed)):
            self._findings.add("leg_uses", f"{service_id} {day}", f"leg {leg} is ridden and not listed")
        if listed != sorted(set(listed)):
            self._findings.add("leg_uses", "departures", "listed twice, or not by service, day and leg")
        for use, key in zip(plan.departures, listed, strict=True):
            where = f"{use.service_id} {use.departure_day} leg {use.leg}"
            if key not in limited:
                self._findings.add("leg_uses", where, "listed, but no limited leg that is ridden")
                continue
            service = self._services[use.service_id]
            departs = self._departures.find_min(use.service_id, use.departure_day) or 0
            used, capacity = limited[key]
            for what, stated, right in (
                ("from place", use.from_place, service.calls[use.leg].place),
                ("to place", use.to_place, service.calls[use.leg + 1].place),
                ("departure", use.depart_min, departs + service.calls[use.leg].depart_min),
                ("use", use.used, used),
                ("capacity", use.capacity, capacity),
            ):
                self._findings.expect_equal("leg_use_figures", where, what, stated=stated, right=right)
            if use.unit_value_cents < 0:
                self._findings.add("leg_use_figures", where, f"value of a unit is {use.unit_value_cents}")


def units_of_vehicle(vehicle_type: VehicleType) -> dict[str, int]:
    """Counting units that one loose vehicle takes, by capacity unit."""
    return {"vehicle": 1, "ceu": vehicle_type.ceu100, "cbm": vehicle_type.cbm100}
