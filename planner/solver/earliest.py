"""The earliest delivery of one shipment: a scan of all events by time, whatever it costs.

A Connection Scan (Dibbelt, Pajor, Strasser, Wagner, 2013) on the timetable of the planner: handling,
cut-offs, releases, forms, bans, vias, room and the longest dwell are kept. Places may be met twice; where
a longest dwell makes that pay, the answer is a bound.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.solver.kernel import compiled, left_state

NOBODY = -1


class Scan(NamedTuple):
    """Buffers of a scan, reused between scans.

    arrived : int32[A+1, states]   number of the scan that reached it
    came_by : int32[A+1, states, 2]   arc, and state at its boarding
    boarded : int32[B, states]     number of the scan; from : int32[B, states, 2] arrival and its state
    live : int64[slot lists]; num_live : int64[slots]; passed : int64[T]
    latest : int64[T, states]      latest arrival that is handled, by state
    """

    arrived: Any
    came_by: Any
    boarded: Any
    left_from: Any
    live: Any
    num_live: Any
    passed: Any
    latest: Any


def make_scan(layout: Any, states: int) -> Scan:
    """Buffers for a layout."""
    arrivals, boardings, transfers = (
        len(rows) for rows in (layout.arrival_min, layout.boarding_min, layout.transfer_slot)
    )
    return Scan(
        arrived=np.zeros((arrivals, states), dtype=np.int32),
        came_by=np.zeros((arrivals, states, 2), dtype=np.int32),
        boarded=np.zeros((boardings, states), dtype=np.int32),
        left_from=np.zeros((boardings, states, 2), dtype=np.int32),
        live=np.zeros(len(layout.slot_list) + 1, dtype=np.int64),
        num_live=np.zeros(len(layout.slot_form), dtype=np.int64),
        passed=np.zeros(transfers, dtype=np.int64),
        latest=np.zeros((transfers, states), dtype=np.int64),
    )


@compiled
def scan(layout, shipment, buffers, source_state, states, stamp, stop_min):  # type: ignore[no-untyped-def]
    """Earliest Delivered by ``stop_min``: minute, arrival and state; an arrival of -1 if there is none."""
    event_min, event_node = layout.event_min, layout.event_node
    arrival_min, arrival_arcs, arrival_place = layout.arrival_min, layout.arrival_arcs, layout.arrival_place
    arrival_slot, to_go = layout.arrival_slot, layout.to_go
    boarding_min, boarding_gate, gate_place = layout.boarding_min, layout.boarding_gate, layout.gate_place
    gate_transfers, gate_form = layout.gate_transfers, layout.gate_form
    transfer_slot, transfer_rule = layout.transfer_slot, layout.transfer_rule
    arc_boarding, arc_pair, slot_bounds = layout.arc_boarding, layout.arc_pair, layout.slot_bounds
    transfer_min, rule_max_dwell = shipment.transfer_min, layout.rule_max_dwell
    pair_open, pair_mark, blocked = shipment.pair_open, shipment.pair_mark, shipment.blocked
    arrival_open, boarding_open = shipment.arrival_open, shipment.boarding_open
    origin_open, end_of, end_min = shipment.origin_open, shipment.end_of, shipment.end_min
    arc_leg_from, arc_leg_to = layout.arc_leg_from, layout.arc_leg_to
    all_marks, destination = shipment.all_marks, shipment.destination
    arrived, boarded = buffers.arrived, buffers.boarded
    came_by, left_from = buffers.came_by, buffers.left_from
    live, num_live, passed, latest = buffers.live, buffers.num_live, buffers.passed, buffers.latest

    source = len(arrival_min) - 1
    source_min, source_slot, origin = arrival_min[source], arrival_slot[source], arrival_place[source]
    num_live[:] = 0
    passed[:] = 0
    latest[:] = NOBODY
    arrived[source, source_state] = stamp
    live[slot_bounds[source_slot]] = source
    num_live[source_slot] = 1
    best_arrival, best_state = np.int64(NOBODY), np.int64(0)
    for event in range(np.searchsorted(event_min, source_min), len(event_min)):
        if event_min[event] > stop_min:
            break
        node = event_node[event]
        if node < source:
            slot, place = arrival_slot[node], arrival_place[node]
            if not arrival_open[node] or place == origin or event_min[event] + to_go[place] > stop_min:
                continue
            is_reached = False
            for arc in range(arrival_arcs[node], arrival_arcs[node + 1]):
                boarding, pair = arc_boarding[arc], arc_pair[arc]
                # Rows of boardings before the source hold what another scan left there.
                if (
                    not pair_open[pair]
                    or boarding_min[boarding] < source_min
                    or blocked[arc_leg_to[arc]] > blocked[arc_leg_from[arc]]
                ):
                    continue
                for state in range(states):
                    if boarded[boarding, state] != stamp:
                        continue
                    reached = state % 3 + 3 * ((state // 3) | pair_mark[pair])
                    if arrived[node, reached] != stamp:
                        arrived[node, reached] = stamp
                        came_by[node, reached, 0], came_by[node, reached, 1] = arc, state
                        is_reached = True
            if not is_reached:
                continue
            if place == destination:
                end = end_of[node]
                for state in range(3 * all_marks, states):
                    if end < 0 or arrived[node, state] != stamp:
                        continue
                    delivered = source_min + end_min[end]
                    if delivered <= stop_min:
                        # Only what is delivered earlier still counts.
                        stop_min = delivered - 1
                        best_arrival, best_state = np.int64(node), np.int64(state)
                continue
            live[slot_bounds[slot] + num_live[slot]] = node
            num_live[slot] += 1
            continue
        boarding = node - source - 1
        gate = boarding_gate[boarding]
        gate_min, form = boarding_min[boarding], gate_form[gate]
        if not boarding_open[boarding] or gate_min + to_go[gate_place[gate]] > stop_min:
            continue
        for transfer in range(gate_transfers[gate], gate_transfers[gate + 1]):
            slot, rule = transfer_slot[transfer], transfer_rule[transfer]
            if num_live[slot] == 0 or (slot == source_slot and not origin_open[boarding]):
                continue
            handled_min = gate_min - transfer_min[transfer]
            base, position = slot_bounds[slot], passed[transfer]
            while position < num_live[slot] and arrival_min[live[base + position]] <= handled_min:
                for state in range(states):
                    if arrived[live[base + position], state] == stamp:
                        latest[transfer, state] = live[base + position]
                position += 1
            passed[transfer] = position
            for state in range(states):
                arrival = latest[transfer, state]
                if arrival < 0 or (rule >= 0 and gate_min - arrival_min[arrival] > rule_max_dwell[rule]):
                    continue
                left = left_state(state, form)
                if left >= 0 and boarded[boarding, left] != stamp:
                    boarded[boarding, left] = stamp
                    left_from[boarding, left, 0], left_from[boarding, left, 1] = arrival, state
    return stop_min + 1, best_arrival, best_state
