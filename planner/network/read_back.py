"""Arcs of a timetable -> stages with places and times, for people and for the checker."""

from __future__ import annotations

from collections.abc import Sequence

from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.plans import DWELL, HANDLING, RIDE, ROAD_LEG, Stage
from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.network.timetable import Slot, Timetable


def read_stages(
    problem: Problem, timetable: Timetable, batch: Batch, arcs: Sequence[int]
) -> tuple[Stage, ...]:
    """Stages of an itinerary of a batch, from handling at the origin to Delivered.

    Parameters
    ----------
    arcs
        Arcs in order of travel.

    Raises
    ------
    LookupError
        If a change between two arcs has no handling row: such arcs are no itinerary.
    """
    arrays = timetable.arrays
    vehicle_type = problem.vehicle_type_of(batch)
    first_form = vehicle_type.first_form
    home, market = (problem.network.places[end].country for end in (batch.origin, batch.destination))
    hours = timetable.charge_hours
    here: Slot = (batch.origin, ORIGIN, first_form, False)
    here_min, after_min = batch.ready_min, 0
    stages: list[Stage] = []
    for arc in arcs:
        boarding = int(arrays["arc_boarding"][arc])
        gate = timetable.gates[int(arrays["boarding_gate"][boarding])]
        gate_min = int(arrays["boarding_min"][boarding])
        extra_min = after_min + hours.before_min(gate, vehicle_type, home)
        place, mode, form, _ = gate
        done_min = _handle(timetable, stages, here, mode, form, here_min, extra_min)
        stages.append(_still(DWELL, done_min, gate_min, place, mode, form, form))
        arrival = int(arrays["arc_arrival"][arc])
        here, here_min = timetable.slots[arrays["arrival_slot"][arrival]], int(arrays["arrival_min"][arrival])
        stages.append(_leg(timetable, arc, gate_min, here_min))
        after_min = hours.after_min(here, vehicle_type, market)
    _handle(timetable, stages, here, DELIVERY, first_form, here_min, after_min)
    return tuple(stages)


def _handle(
    timetable: Timetable,
    stages: list[Stage],
    here: Slot,
    to_mode: str,
    to_form: str,
    start_min: int,
    extra_min: int,
) -> int:
    place, from_mode, from_form, _ = here
    row = timetable.handling.get(place, from_mode, to_mode, from_form, to_form)
    end_min = start_min + row.handling_min + extra_min
    stages.append(_still(HANDLING, start_min, end_min, place, to_mode, from_form, to_form))
    return end_min


def _still(
    kind: str, start_min: int, end_min: int, place: PlaceId, mode: str, from_form: str, to_form: str
) -> Stage:
    return Stage(
        kind=kind,
        start_min=start_min,
        end_min=end_min,
        from_place=place,
        to_place=place,
        mode=mode,
        from_form=from_form,
        to_form=to_form,
    )


def _leg(timetable: Timetable, arc: int, gate_min: int, free_min: int) -> Stage:
    pair = timetable.pairs[int(timetable.arrays["arc_pair"][arc])]
    from_place, to_place = pair.ends
    service = pair.service
    return Stage(
        kind=ROAD_LEG if service is None else RIDE,
        start_min=gate_min,
        end_min=free_min,
        from_place=from_place,
        to_place=to_place,
        mode=pair.mode,
        from_form=pair.form,
        to_form=pair.form,
        service_id=None if service is None else service.id,
        departure_day=None
        if service is None
        else timetable.departures[timetable.arrays["arc_departure"][arc]].day,
        board_seq=None if service is None else service.calls[pair.board_call].seq,
        alight_seq=None if service is None else service.calls[pair.alight_call].seq,
    )
