"""The booking sheet: what has to be booked on which departure, and when the cargo has to be where.

Worked out from a problem and a plan that the checker has passed; a line is a departure with the two calls
between which cargo rides, over all batches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import local_date
from planner.model.plans import HANDLING, RIDE
from planner.model.vehicles import BOXED, LOOSE
from planner.network.roll_out import RollOut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.batches import Batch
    from planner.model.ids import BatchId, PlaceId, ServiceId
    from planner.model.plans import BatchPlan, Itinerary, LegUse, Plan, Stage
    from planner.model.problem import Problem
    from planner.model.services import Service
    from planner.model.vehicles import VehicleType


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuffing:
    """Vehicles that are put into boxes at a place from a local day on."""

    day: date
    place: PlaceId
    vehicles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What rides one departure from one call to another.

    Parameters
    ----------
    departs_min
        Departure from the call where it boards, extra hours of closures included.
    alights_min
        When the cargo is free to move on at the call where it alights.
    gate_from_min, gate_until_min
        The first of the cargo is there and handled; the gate closes.
    book_by_min
        Last moment to book; ``None`` if the service names none.
    vehicles, boxes, units
        All that rides: vehicles, boxes (0 on a loose service), counting units of the service's capacity unit.
    booked_vehicles
        Those of them that are booked already.
    batches
        Vehicles by batch, in the order of the plan.
    stuffing
        Where and when the cargo is put into boxes, by day and place; empty if it never is on the way.
    load, capacity
        Counting units on the fullest leg between the two calls, all cargo together, and its room; ``None``
        without a limit.
    modules
        Modules bought of the departure; ``None`` if it is not bought as a whole.
    """

    service: Service
    departure_day: date
    from_place: PlaceId
    to_place: PlaceId
    departs_min: int
    alights_min: int
    gate_from_min: int
    gate_until_min: int
    book_by_min: int | None
    vehicles: int
    boxes: int
    units: int
    booked_vehicles: int
    batches: tuple[tuple[BatchId, int], ...]
    stuffing: tuple[Stuffing, ...]
    load: int | None
    capacity: int | None
    modules: int | None


@dataclass(slots=True)
class _Tally:
    """What is gathered of one line while the itineraries are gone through."""

    ride: Stage
    gate_from_min: int
    boxes: int = 0
    units: int = 0
    booked: int = 0
    vehicles: dict[BatchId, int] = field(default_factory=dict)
    stuffing: dict[tuple[date, PlaceId], int] = field(default_factory=dict)


def list_bookings(problem: Problem, plan: Plan) -> tuple[Booking, ...]:
    """Lines of the booking sheet, by time of departure.

    Raises
    ------
    ValueError
        If the plan rides a departure that there is none of.
    """
    batches = {batch.id: batch for batch in problem.batches}
    tallies: dict[tuple[object, ...], _Tally] = {}
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        seen: set[tuple[object, ...]] = set()
        for itinerary in entry.itineraries:
            for number, ride in enumerate(itinerary.stages):
                if ride.kind == RIDE:
                    key = (ride.service_id, ride.departure_day, ride.board_seq, ride.alight_seq)
                    handled_min = itinerary.stages[number - 1].start_min if number else ride.start_min
                    tally = tallies.setdefault(key, _Tally(ride, handled_min))
                    tally.gate_from_min = min(tally.gate_from_min, handled_min)
                    is_new = (*key, itinerary.box_run) not in seen
                    seen.add((*key, itinerary.box_run))
                    _add(problem, tally, batch, entry, itinerary, boxes_are_new=is_new)
    bookings = _Bookings(problem, plan)
    lines = [bookings.line(tally) for tally in tallies.values()]
    return tuple(sorted(lines, key=lambda line: (line.departs_min, line.service.id, line.alights_min)))


def _add(
    problem: Problem,
    tally: _Tally,
    batch: Batch,
    entry: BatchPlan,
    itinerary: Itinerary,
    *,
    boxes_are_new: bool,
) -> None:
    """Count one itinerary; boxes of a run count with the first itinerary of it."""
    vehicles = itinerary.vehicles
    tally.vehicles[batch.id] = tally.vehicles.get(batch.id, 0) + vehicles
    tally.booked += vehicles if itinerary.booked else 0
    if tally.ride.from_form != BOXED:
        service_id = tally.ride.service_id
        assert service_id is not None
        unit = problem.network.services[service_id].capacity_unit
        tally.units += vehicles * _units_of_vehicle(unit, problem.vehicle_type_of(batch))
        return
    if boxes_are_new and itinerary.box_run is not None:
        boxes = entry.box_runs[itinerary.box_run].boxes
        tally.boxes += boxes
        tally.units += boxes
    for day, place in _stuffed(problem, itinerary):
        tally.stuffing[day, place] = tally.stuffing.get((day, place), 0) + vehicles


def _units_of_vehicle(unit: str, vehicle_type: VehicleType) -> int:
    return {"ceu": vehicle_type.ceu100, "cbm": vehicle_type.cbm100}.get(unit, 1)


def _stuffed(problem: Problem, itinerary: Itinerary) -> Iterator[tuple[date, PlaceId]]:
    """Local day and place at which an itinerary begins to be stuffed."""
    for stage in itinerary.stages:
        if stage.kind == HANDLING and (stage.from_form, stage.to_form) == (LOOSE, BOXED):
            zone = problem.network.places[stage.from_place].time_zone
            yield local_date(stage.start_min, zone), stage.from_place


class _Bookings:
    """Finishes lines with what the departure as a whole says."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem = problem
        self._roll_out = RollOut(problem.network)
        self._modules = {
            (bought.service_id, bought.departure_day): bought.modules for bought in plan.charters
        }
        self._legs: dict[tuple[ServiceId, date], list[LegUse]] = {}
        for use in plan.departures:
            self._legs.setdefault((use.service_id, use.departure_day), []).append(use)

    def line(self, tally: _Tally) -> Booking:
        ride = tally.ride
        assert ride.service_id is not None
        assert ride.departure_day is not None
        service, day = self._problem.network.services[ride.service_id], ride.departure_day
        departure = self._roll_out.find_departure(service, day)
        if departure is None:
            raise ValueError(f"{service.id} does not leave on {day}")
        number = {call.seq: number for number, call in enumerate(service.calls)}
        board, alight = number[ride.board_seq or 0], number[ride.alight_seq or 0]
        legs = [use for use in self._legs.get((service.id, day), ()) if board <= use.leg < alight]
        fullest = max(legs, key=lambda use: Fraction(use.used, max(1, use.capacity)), default=None)
        book_by = service.book_by_min
        return Booking(
            service=service,
            departure_day=day,
            from_place=ride.from_place,
            to_place=ride.to_place,
            departs_min=departure.departs_min(board),
            alights_min=ride.end_min,
            gate_from_min=tally.gate_from_min,
            gate_until_min=ride.start_min,
            book_by_min=None if book_by is None else departure.departs_min(0) - book_by,
            vehicles=sum(tally.vehicles.values()),
            boxes=tally.boxes,
            units=tally.units,
            booked_vehicles=tally.booked,
            batches=tuple(tally.vehicles.items()),
            stuffing=tuple(
                Stuffing(day=stuffed_day, place=place, vehicles=vehicles)
                for (stuffed_day, place), vehicles in sorted(tally.stuffing.items())
            ),
            load=None if fullest is None else fullest.used,
            capacity=None if fullest is None else fullest.capacity,
            modules=self._modules.get((service.id, day)),
        )
