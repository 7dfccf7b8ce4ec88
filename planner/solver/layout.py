"""A timetable laid out for the compiled core, and the buffers of its sweeps."""

from __future__ import annotations

import numpy as np

from planner.model.services import ORIGIN
from planner.network.timetable import Ints, Timetable
from planner.solver.kernel import INFINITE, Layout, Work


def make_layout(timetable: Timetable) -> Layout:
    """Arrays of a timetable with one more arrival for the source of a sweep."""
    arrays = timetable.arrays
    num_arrivals = timetable.num_arrivals
    slot_lists = [
        np.array([num_arrivals], dtype=np.int64) if mode == ORIGIN else timetable.slot_arrivals[number]
        for number, (_, mode, _, _) in enumerate(timetable.slots)
    ]
    lengths = np.array([len(arrivals) for arrivals in slot_lists], dtype=np.int64)

    def with_source(name: str) -> Ints:
        return np.append(arrays[name], 0)

    own = {"arrival_min", "arrival_place", "arrival_slot", "transfer_queue", "gate_place", "to_go"}
    same = [name for name in Layout._fields if name not in own | {"slot_bounds", "slot_list"}]
    gate_place = [timetable.place_number[gate[0]] for gate in timetable.gates]
    return Layout(
        **{name: arrays[name] for name in same},
        arrival_min=with_source("arrival_min"),
        arrival_place=with_source("arrival_place"),
        arrival_slot=with_source("arrival_slot"),
        transfer_queue=np.cumsum([0, *lengths[arrays["transfer_slot"]]], dtype=np.int64),
        gate_place=np.array(gate_place, dtype=np.int64),
        to_go=np.zeros(len(timetable.place_number), dtype=np.int64),
        slot_bounds=np.cumsum([0, *lengths], dtype=np.int64),
        slot_list=np.concatenate([*slot_lists, np.zeros(0, dtype=np.int64)]),
    )


def make_work(layout: Layout, num_states: int) -> Work:
    """Buffers of a sweep over a layout."""
    transfers = len(layout.transfer_slot)
    return Work(
        arrived=np.full((len(layout.arrival_min), num_states), INFINITE, dtype=np.int64),
        boarded=np.full((len(layout.boarding_min), num_states), INFINITE, dtype=np.int64),
        queue=np.zeros((int(layout.transfer_queue[-1]) + 1, num_states), dtype=np.int64),
        head=np.zeros((transfers, num_states), dtype=np.int64),
        tail=np.zeros((transfers, num_states), dtype=np.int64),
        reached=np.zeros(transfers, dtype=np.int64),
        live=np.zeros(len(layout.slot_form), dtype=np.int64),
    )
