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
    first_form = problem.vehicle_type_of(batch).first_form
    here: Slot = (batch.origin, ORIGIN, first_form)
    here_min = batch.ready_min
    stages: list[Stage] = []
    for arc in arcs:
        boarding = int(arrays["arc_boarding"][arc])
        gate = timetable.gates[int(arrays["boarding_gate"][boarding])]
        gate_min = int(arrays["boarding_min"][boarding])
        done_min = here_min + _handle(timetable, stages, here, gate[1], gate[2], here_min)
        place, mode, form = gate
        stages.append(_still(DWELL, done_min, gate_min, place, mode, form, form))
        free_min = int(arrays["arrival_min"][arrays["arc_arrival"][arc]])
        stages.append(_leg(timetable, arc, gate_min, free_min))
        here, here_min = (stages[-1].to_place, mode, form), free_min
    _handle(timetable, stages, here, DELIVERY, first_form, here_min)
    return tuple(stages)


def _handle(
    timetable: Timetable, stages: list[Stage], here: Slot, to_mode: str, to_form: str, start_min: int
) -> int:
    place, from_mode, from_form = here
    row = timetable.handling.get(place, from_mode, to_mode, from_form, to_form)
    end_min = start_min + row.handling_min
    stages.append(_still(HANDLING, start_min, end_min, place, to_mode, from_form, to_form))
    return row.handling_min


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
        departure_day=None if service is None else timetable.departures[timetable.arc_departure[arc]].day,
        board_seq=None if service is None else service.calls[pair.board_call].seq,
        alight_seq=None if service is None else service.calls[pair.alight_call].seq,
    )
