"""Least minutes, cents and grams from every slot and gate to delivery, whatever the days and the room.

No itinerary can do better from there on, so what a sweep holds can be dropped as soon as even these would not
make it worth showing. Storage and what is paid by the time of delivery are left out here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.network.timetable import Ints, Timetable
from planner.solver.kernel import INFINITE, compiled


class MapEdges(NamedTuple):
    """What leads from a gate to a slot at one price, whatever the day; int64[n] each.

    minutes : fewest from boarding to arrival + release
    """

    gate: Ints
    pair: Ints
    slot: Ints
    minutes: Ints


def map_edges(timetable: Timetable) -> MapEdges:
    """Every gate, pair and slot that some arc joins."""
    arrays = timetable.arrays
    boarding, arrival = arrays["arc_boarding"], arrays["arc_arrival"]
    ends = arrays["boarding_gate"][boarding], arrays["arc_pair"], arrays["arrival_slot"][arrival]
    shape = tuple(int(end.max(initial=0)) + 1 for end in ends)
    # One number an edge: rows are sorted twenty times slower.
    found, number_of = np.unique(np.ravel_multi_index(ends, shape), return_inverse=True)
    minutes = np.full(len(found), INFINITE, dtype=np.int64)
    np.minimum.at(minutes, number_of, arrays["arrival_min"][arrival] - arrays["boarding_min"][boarding])
    gate, pair, slot = (np.ascontiguousarray(end) for end in np.unravel_index(found, shape))
    return MapEdges(gate, pair, slot, minutes)


@compiled
def least_to_go(  # type: ignore[no-untyped-def]
    edges,
    pair_open,
    pair_prices,
    transfer_slot,
    transfer_gate,
    transfer_prices,
    end_prices,
    is_end,
    num_gates,
):
    """Least of one measure from each slot and from each gate to delivery; INFINITE where nothing leads there.

    Parameters
    ----------
    edges
        A :class:`MapEdges`.
    pair_prices, transfer_prices : int64[pairs], int64[T]
        What a pair and a transfer add at least; of minutes the edges have their own, and ``pair_prices`` is
        empty.
    end_prices : int64[slots]
        What delivery adds from a slot at the destination; INFINITE where it is not possible.
    is_end : bool[slots]
        Slots at the destination: nothing leads on from there.
    """
    slot_go = end_prices.copy()
    gate_go = np.full(num_gates, INFINITE, dtype=np.int64)
    changed = True
    while changed:
        changed = False
        for edge in range(len(edges.gate)):
            pair = edges.pair[edge]
            onward = slot_go[edges.slot[edge]]
            if not pair_open[pair] or onward >= INFINITE:
                continue
            own = pair_prices[pair] if len(pair_prices) > 0 else edges.minutes[edge]
            if own + onward < gate_go[edges.gate[edge]]:
                gate_go[edges.gate[edge]] = own + onward
                changed = True
        for transfer in range(len(transfer_slot)):
            onward = gate_go[transfer_gate[transfer]]
            slot = transfer_slot[transfer]
            if onward < INFINITE and not is_end[slot]:
                least = transfer_prices[transfer] + onward
                if least < slot_go[slot]:
                    slot_go[slot] = least
                    changed = True
    return slot_go, gate_go
