"""Kept itineraries on a timetable: which departures they ride, and what they take of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from planner.clock import EPOCH_DAY, day_number
from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.plans import RIDE, Itinerary, Stage
from planner.model.problem import Problem
from planner.model.vehicles import BOXED
from planner.network.rows import DayRow
from planner.network.timetable import NO_LIMIT, Ints, Timetable
from planner.network.type_fares import space_units
from planner.units import ceil_div

Chain = tuple[tuple[int, int, int], ...]
"""Main rides in order: number of the departure, board call, alight call."""


@dataclass(frozen=True, slots=True)
class KeptRide:
    """A main ride of a kept itinerary: number of the departure, and of its board and alight calls."""

    stage: Stage
    departure: int
    board: int
    alight: int


def kept_rides(
    problem: Problem, timetable: Timetable, batch: Batch, itinerary: Itinerary
) -> tuple[KeptRide, ...]:
    """Main rides of a kept itinerary, in order.

    Raises
    ------
    InputError
        If a departure is not in the timetable, or has no such calls.
    """
    return tuple(_find_ride(problem, timetable, batch, ride) for ride in itinerary.chain)


def kept_parts(problem: Problem, timetable: Timetable, batch: Batch) -> dict[Chain, int]:
    """Kept vehicles of a batch by the chain of main rides they are on.

    Raises
    ------
    InputError
        If a departure is not in the timetable, or has no such calls.
    """
    parts: dict[Chain, int] = {}
    for itinerary in problem.kept.get(batch.id, ()):
        rides = kept_rides(problem, timetable, batch, itinerary)
        chain = tuple((ride.departure, ride.board, ride.alight) for ride in rides)
        parts[chain] = parts.get(chain, 0) + itinerary.vehicles
    return parts


def _find_ride(problem: Problem, timetable: Timetable, batch: Batch, ride: Stage) -> KeptRide:
    service = None if ride.service_id is None else problem.network.services.get(ride.service_id)
    numbers = {} if service is None else {call.seq: number for number, call in enumerate(service.calls)}
    departure = None
    if service is not None and ride.departure_day is not None:
        departure = timetable.departure_number.get((service.id, ride.departure_day))
    board = None if ride.board_seq is None else numbers.get(ride.board_seq)
    alight = None if ride.alight_seq is None else numbers.get(ride.alight_seq)
    if departure is None or board is None or alight is None:
        raise _gone(batch, ride)
    return KeptRide(ride, departure, board, alight)


def _gone(batch: Batch, ride: Stage) -> InputError:
    reason = f"batch {batch.id} is kept on {ride.service_id} of {ride.departure_day}, which does not leave"
    hint = "take its booking out of the plan to be kept, or put the departure back"
    return InputError([Issue(file="kept plan", reason=reason, hint=hint)])


def kept_load(problem: Problem, timetable: Timetable, batches: Sequence[Batch]) -> Ints:
    """Counting units that kept itineraries of some batches take on every row, int64[M].

    Raises
    ------
    InputError
        If a kept itinerary rides a departure that is not in the timetable.
    """
    load = np.zeros(timetable.num_rows, dtype=np.int64)
    row_of_day = {day: row for row, day in timetable.day_rows.items()}
    for batch in batches:
        size = max(1, problem.vehicle_type_of(batch).vehicles_per_feu)
        held = dict.fromkeys(zip(*(array.tolist() for array in timetable.held_rows(batch)), strict=True))
        vehicles_in_box: dict[tuple[object, ...], int] = {}
        for itinerary in problem.kept.get(batch.id, ()):
            key = (itinerary.box_run, itinerary.box_cents, _boxed_legs(itinerary))
            before = vehicles_in_box.get(key, 0)
            vehicles_in_box[key] = before + itinerary.vehicles
            # Itineraries booked in one run share boxes: the next one takes only the boxes it opens.
            boxes = ceil_div(before + itinerary.vehicles, size) - ceil_div(before, size)
            for row, boxed, units in _units(problem, timetable, batch, itinerary, row_of_day):
                amount = boxes if boxed else itinerary.vehicles * units
                load[row] += amount
                for held_row, leg in held:
                    if leg == row:
                        load[held_row] += amount
    return load


def _units(
    problem: Problem,
    timetable: Timetable,
    batch: Batch,
    itinerary: Itinerary,
    row_of_day: dict[DayRow, int],
) -> Iterator[tuple[int, bool, int]]:
    """Rows that an itinerary takes, whether by the box, and the units per vehicle."""
    vehicle_type = problem.vehicle_type_of(batch)
    capacity = timetable.arrays["row_capacity"]
    for ride in kept_rides(problem, timetable, batch, itinerary):
        service = timetable.departures[ride.departure].service
        first = timetable.departure_first_leg[ride.departure]
        boarded = timetable.boarded_row.get(ride.departure)
        rows = [
            leg
            for leg in range(first + ride.board, first + ride.alight)
            if boarded is not None or capacity[leg] < NO_LIMIT
        ]
        for row in rows if boarded is None else [*rows, boarded]:
            yield row, service.is_boxed, space_units(service, vehicle_type)
    for use in list_day_uses(problem, batch, itinerary):
        day = DayRow(use.from_place, use.to_place, use.form, use.day(problem))
        if day in row_of_day:
            yield row_of_day[day], use.is_boxed, 1


@dataclass(frozen=True, slots=True)
class DayUse:
    """Use of a place (both ends equal) or a road at a time: counts on a local day where that is limited.

    ``is_boxed``: counted by the box.
    """

    from_place: PlaceId
    to_place: PlaceId
    form: str
    at_min: int

    @property
    def is_road(self) -> bool:
        """Whether a truck is dispatched."""
        return self.from_place != self.to_place

    @property
    def is_boxed(self) -> bool:
        """Whether boxes count: trucks are counted in vehicles also where they carry boxes."""
        return self.form == BOXED and not self.is_road

    def day(self, problem: Problem) -> date:
        """Local day it counts on."""
        return _local_day(self.at_min, problem.network.places[self.from_place].time_zone)


def list_day_uses(problem: Problem, batch: Batch, itinerary: Itinerary) -> Iterator[DayUse]:
    """Days of places and roads that an itinerary uses.

    Raises
    ------
    InputError
        If the service it starts with is not in the network, or has no such call.
    """
    for number, leg in enumerate(itinerary.stages[2::3]):
        if number == 0:
            first_form = problem.vehicle_type_of(batch).first_form
            yield DayUse(batch.origin, batch.origin, first_form, _departs_min(problem, batch, leg))
        if leg.kind != RIDE:
            yield DayUse(leg.from_place, leg.to_place, leg.from_form, leg.start_min)
        yield DayUse(leg.to_place, leg.to_place, leg.from_form, leg.end_min)


def _boxed_legs(itinerary: Itinerary) -> tuple[object, ...]:
    """What tells boxed runs apart beside the run they were booked in and the cents of a box."""
    return tuple(
        (leg.service_id, leg.departure_day, leg.board_seq, leg.alight_seq)
        if leg.kind == RIDE
        else (leg.from_place, leg.to_place, leg.start_min)
        for leg in itinerary.stages[2::3]
        if leg.from_form == BOXED
    )


def _departs_min(problem: Problem, batch: Batch, leg: Stage) -> int:
    """Departure of a leg: of a ride the gate and the cut-off."""
    if leg.service_id is None:
        return leg.start_min
    service = problem.network.services.get(leg.service_id)
    for call in () if service is None else service.calls:
        if call.seq == leg.board_seq:
            return leg.start_min + call.cutoff_min
    raise _gone(batch, leg)


def _local_day(minute: int, zone: str) -> date:
    return EPOCH_DAY + timedelta(days=day_number(minute, zone))
