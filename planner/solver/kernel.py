"""The compiled core: one event sweep per source, and best-first recovery of itineraries.

Costs are whole numbers in millionths of the objective's unit, so sums compare exactly. A *state* is what the
past of the cargo allows: 0 = loose, never boxed; 1 = boxed; 2 = loose again, was boxed; plus three times a bit
mask of marks met on the way. ``arrived[a, state]`` is the least cost of a group from its origin to arrival a,
``boarded[b, state]`` to boarding b, handling and dwell included.

The sweep runs once over all events by time (a Connection Scan: Dibbelt, Pajor, Strasser, Wagner, *Intriguingly
simple and fast transit routing*, 2013). Dwell prices depend on the time since arrival, so each
transfer keeps the arrivals still worth waiting from: an older arrival goes when a newer one is no dearer, where
storage never charges the newer one more. Arrivals that outstayed the longest dwell go from the front.

Recovery walks backwards from delivery, cheapest first; ``arrived`` is an exact completion bound (A*), so the
first itinerary found is the cheapest, and the n-th the n-th cheapest. Walks that meet a place twice are cut on
the way: every recovered itinerary is elementary while the sweep's values stay valid bounds.
"""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

import numba
import numpy as np

INFINITE = np.int64(1 << 60)
CLOSED_LEG = np.int64(1 << 52)
"""Price of a unit of room that is not there."""
MAX_ARCS = 24
"""Longest itinerary recovered, in rides and roads."""


class Layout(NamedTuple):
    """Arrays of a timetable as the kernel wants them; see :class:`planner.network.timetable.Timetable`.

    Arrival arrays have one row more than there are arrivals: the source's own.
    """

    event_min: Any
    event_node: Any
    arrival_min: Any
    arrival_place: Any
    arrival_slot: Any
    arrival_arcs: Any
    arrival_tier_day: Any
    arrival_mark: Any
    boarding_min: Any
    boarding_day: Any
    boarding_gate: Any
    arc_boarding: Any
    arc_pair: Any
    arc_leg_from: Any
    arc_leg_to: Any
    gate_transfers: Any
    gate_form: Any
    transfer_slot: Any
    transfer_min: Any
    transfer_rule: Any
    transfer_queue: Any
    slot_bounds: Any
    slot_list: Any
    slot_form: Any
    rule_max_dwell: Any
    rule_tiers: Any


class Prices(NamedTuple):
    """Prices of a group under one set of duals.

    pair : int64[pairs]; pair_units : int64[pairs]; transfer : int64[T]; tier : int64[rules, tiers, days]
    rule_monotone : bool[rules]   a later arrival never pays more storage than an earlier one
    rule_settles : bool[rules]    an earlier arrival that is no cheaper now never will be
    rule_free : bool[rules]       no storage price and no longest dwell
    leg_prefix : int64[L+1]     running sum of what a unit of room costs on each leg
    """

    pair: Any
    pair_units: Any
    transfer: Any
    tier: Any
    rule_monotone: Any
    rule_settles: Any
    rule_free: Any
    leg_prefix: Any


class Work(NamedTuple):
    """Buffers of a sweep, reused between sources.

    arrived : int64[A+1, states]; boarded : int64[B, states]
    """

    arrived: Any
    boarded: Any
    queue: Any
    head: Any
    tail: Any
    reached: Any


@numba.njit(cache=True, inline="always")
def _left_state(state, to_form):  # type: ignore[no-untyped-def]
    """State after leaving in a form; -1 if it would be boxed a second time."""
    form_state = state % 3
    if to_form == 1:
        return -1 if form_state == 2 else state - form_state + 1
    return state + 1 if form_state == 1 else state


@numba.njit(cache=True, inline="always")
def _storage(tier_day, num_tiers, price, out_day):  # type: ignore[no-untyped-def]
    """Storage of a hold; ``tier_day`` int64[K] is D(in + from), ``price`` int64[tiers, days]."""
    cost = np.int64(0)
    days = max(0, out_day - tier_day[0])
    for tier in range(num_tiers):
        later = np.int64(0)
        if tier + 1 < num_tiers:
            later = max(0, out_day - tier_day[tier + 1])
        if days > later:
            cost += price[tier, days - later]
        days = later
    return cost


@numba.njit(cache=True, inline="always")
def _first_at_or_after(slot_list, arrival_min, first, last, minute):  # type: ignore[no-untyped-def]
    while first < last:
        middle = (first + last) // 2
        if arrival_min[slot_list[middle]] < minute:
            first = middle + 1
        else:
            last = middle
    return first


@numba.njit(cache=True)
def sweep(layout, prices, work, source_state, stop_min):  # type: ignore[no-untyped-def]
    """Least cost from the source to every arrival and boarding up to ``stop_min``.

    The source's time, slot, place and tier days stand in the last row of the arrival arrays.
    """
    # Arrays are taken out of the tuples once: each access would count references.
    event_min, event_node = layout.event_min, layout.event_node
    arrival_min, arrival_arcs, arrival_mark = layout.arrival_min, layout.arrival_arcs, layout.arrival_mark
    arrival_tier_day, source_slot = layout.arrival_tier_day, layout.arrival_slot[-1]
    boarding_min, boarding_day, boarding_gate = layout.boarding_min, layout.boarding_day, layout.boarding_gate
    arc_boarding, arc_pair = layout.arc_boarding, layout.arc_pair
    arc_leg_from, arc_leg_to = layout.arc_leg_from, layout.arc_leg_to
    gate_transfers, gate_form = layout.gate_transfers, layout.gate_form
    transfer_slot, transfer_min = layout.transfer_slot, layout.transfer_min
    transfer_rule, transfer_queue = layout.transfer_rule, layout.transfer_queue
    slot_bounds, slot_list = layout.slot_bounds, layout.slot_list
    rule_max_dwell, rule_tiers = layout.rule_max_dwell, layout.rule_tiers
    pair_price, pair_units, transfer_price = prices.pair, prices.pair_units, prices.transfer
    tier_price, leg_prefix = prices.tier, prices.leg_prefix
    rule_monotone, rule_settles, rule_free = prices.rule_monotone, prices.rule_settles, prices.rule_free
    arrived, boarded, queue = work.arrived, work.boarded, work.queue
    heads, tails, reached = work.head, work.tail, work.reached

    source, states = arrived.shape[0] - 1, arrived.shape[1]
    heads[:] = 0
    tails[:] = 0
    reached[:] = -1
    arrived[source] = INFINITE
    arrived[source, source_state] = 0
    source_min = arrival_min[source]
    for event in range(np.searchsorted(event_min, source_min), len(event_min)):
        if event_min[event] > stop_min:
            break
        node = event_node[event]
        if node < source:
            # An arrival: the cheapest of its arcs.
            for state in range(states):
                arrived[node, state] = INFINITE
            mark = arrival_mark[node]
            for arc in range(arrival_arcs[node], arrival_arcs[node + 1]):
                boarding = arc_boarding[arc]
                price = pair_price[arc_pair[arc]]
                # Rows of boardings before the source hold what another source left there.
                if boarding_min[boarding] < source_min or price >= INFINITE:
                    continue
                room = leg_prefix[arc_leg_to[arc]] - leg_prefix[arc_leg_from[arc]]
                if room >= CLOSED_LEG:
                    continue
                price += room * pair_units[arc_pair[arc]]
                for state in range(states):
                    cost = boarded[boarding, state]
                    if cost < INFINITE and not (state // 3) & mark:
                        marked = state + 3 * mark
                        arrived[node, marked] = min(arrived[node, marked], cost + price)
            continue
        # A boarding: the cheapest arrival to have waited from, over all transfers into its gate.
        boarding = node - source - 1
        gate_min, out_day, gate = boarding_min[boarding], boarding_day[boarding], boarding_gate[boarding]
        form = gate_form[gate]
        for state in range(states):
            boarded[boarding, state] = INFINITE
        for transfer in range(gate_transfers[gate], gate_transfers[gate + 1]):
            slot, rule = transfer_slot[transfer], transfer_rule[transfer]
            base, last = transfer_queue[transfer], slot_bounds[slot + 1]
            free = rule < 0 or rule_free[rule]
            monotone = free or rule_monotone[rule]
            position = reached[transfer]
            if position < 0:
                position = _first_at_or_after(slot_list, arrival_min, slot_bounds[slot], last, source_min)
            handled_min = gate_min - transfer_min[transfer]
            while position < last and arrival_min[slot_list[position]] <= handled_min:
                arrival = slot_list[position]
                position += 1
                if arrival == source and source_slot != slot:
                    continue
                for state in range(states):
                    cost = arrived[arrival, state]
                    if cost >= INFINITE:
                        continue
                    head, tail = heads[transfer, state], tails[transfer, state]
                    if free and tail > head and arrived[queue[base + head, state], state] <= cost:
                        continue
                    while monotone and tail > head and cost <= arrived[queue[base + tail - 1, state], state]:
                        tail -= 1
                    queue[base + tail, state] = arrival
                    tails[transfer, state] = tail + 1
            reached[transfer] = position
            for state in range(states):
                head, tail = heads[transfer, state], tails[transfer, state]
                if head == tail:
                    continue
                left = _left_state(state, form)
                if left < 0:
                    continue
                if rule >= 0:
                    while head < tail and (
                        gate_min - arrival_min[queue[base + head, state]] > rule_max_dwell[rule]
                    ):
                        head += 1
                    heads[transfer, state] = head
                least, least_place = INFINITE, head
                for place in range(head, tail):
                    arrival = queue[base + place, state]
                    cost = arrived[arrival, state]
                    # Queues of monotone rules rise from front to back: nothing behind can be cheaper.
                    if monotone and cost >= least:
                        break
                    if not free:
                        cost += _storage(arrival_tier_day[form, arrival], rule_tiers[rule], tier_price[rule], out_day)
                    if cost <= least:
                        least, least_place = cost, place
                if least >= INFINITE:
                    continue
                if monotone and not free and rule_settles[rule]:
                    heads[transfer, state] = least_place
                boarded[boarding, left] = min(boarded[boarding, left], least + transfer_price[transfer])


@numba.njit(cache=True)
def _met_before(layout, tree_arrival, tree_parent, leaf, place):  # type: ignore[no-untyped-def]
    while leaf >= 0:
        if layout.arrival_place[tree_arrival[leaf]] == place:
            return True
        leaf = tree_parent[leaf]
    return False


@numba.njit(cache=True)
def recover(  # type: ignore[no-untyped-def]
    layout, prices, work, ends, end_states, end_costs, limit, max_paths, max_steps, distinct_rows, leg_is_open
):
    """Itineraries up to a cost, cheapest first.

    Parameters
    ----------
    ends, end_states, end_costs : int64[n]
        Arrivals at the destination, their states, and the price from there to Delivered.
    limit
        Most cost of an itinerary.
    max_paths, max_steps
        Stop after so many itineraries or so many steps of the search.
    distinct_rows
        Keep only the cheapest of itineraries that use the same rides with limited room.
    leg_is_open : bool[L]
        Legs without limited room.

    Returns
    -------
    paths : int64[max_paths, MAX_ARCS]
        Arcs in order of travel, then -1.
    costs : int64[max_paths]
    found
        Number of itineraries.
    is_complete
        True if no itinerary within the limit is missing.
    """
    arrived, boarded = work.arrived, work.boarded
    source = arrived.shape[0] - 1
    source_min = layout.arrival_min[source]
    paths = np.full((max_paths, MAX_ARCS), -1, dtype=np.int64)
    costs = np.zeros(max_paths, dtype=np.int64)
    room = 1024
    tree_arrival = np.empty(room, dtype=np.int64)
    tree_state = np.empty(room, dtype=np.int64)
    tree_cost = np.empty(room, dtype=np.int64)
    tree_parent = np.empty(room, dtype=np.int64)
    tree_arc = np.empty(room, dtype=np.int64)
    tree_depth = np.empty(room, dtype=np.int64)
    tree_rows = np.empty(room, dtype=np.int64)
    size = 0
    heap = [(np.int64(0), np.int64(0))]
    heap.pop()
    seen = {(np.int64(0), np.int64(0), np.int64(0))}
    seen.clear()
    for number in range(len(ends)):
        total = arrived[ends[number], end_states[number]] + end_costs[number]
        if total > limit or arrived[ends[number], end_states[number]] >= INFINITE:
            continue
        if size == room:
            room *= 2
            tree_arrival, tree_state = _grown(tree_arrival, room), _grown(tree_state, room)
            tree_cost, tree_parent = _grown(tree_cost, room), _grown(tree_parent, room)
            tree_arc, tree_depth = _grown(tree_arc, room), _grown(tree_depth, room)
            tree_rows = _grown(tree_rows, room)
        tree_arrival[size], tree_state[size] = ends[number], end_states[number]
        tree_cost[size], tree_parent[size] = end_costs[number], -1
        tree_arc[size], tree_depth[size], tree_rows[size] = -1, 0, 1
        heapq.heappush(heap, (total, np.int64(-size)))
        size += 1
    found = 0
    steps = 0
    while len(heap) > 0:
        if found == max_paths or steps == max_steps:
            return paths, costs, found, False
        steps += 1
        total, negative = heapq.heappop(heap)
        leaf = -negative
        arrival, state = tree_arrival[leaf], tree_state[leaf]
        if distinct_rows:
            key = (arrival, state, tree_rows[leaf])
            if key in seen:
                continue
            seen.add(key)
        if arrival == source:
            costs[found] = total
            step, node = 0, leaf
            while tree_arc[node] >= 0:
                paths[found, step] = tree_arc[node]
                step += 1
                node = tree_parent[node]
            found += 1
            continue
        if tree_depth[leaf] == MAX_ARCS:
            continue
        mark = layout.arrival_mark[arrival]
        before = state - 3 * mark
        if (state // 3) & mark != mark:
            continue
        for arc in range(layout.arrival_arcs[arrival], layout.arrival_arcs[arrival + 1]):
            boarding = layout.arc_boarding[arc]
            pair = layout.arc_pair[arc]
            if layout.boarding_min[boarding] < source_min or boarded[boarding, before] >= INFINITE:
                continue
            room_price = prices.leg_prefix[layout.arc_leg_to[arc]] - prices.leg_prefix[layout.arc_leg_from[arc]]
            if prices.pair[pair] >= INFINITE or room_price >= CLOSED_LEG:
                continue
            to_delivery = tree_cost[leaf] + prices.pair[pair] + room_price * prices.pair_units[pair]
            if boarded[boarding, before] + to_delivery > limit:
                continue
            rows = tree_rows[leaf]
            for leg in range(layout.arc_leg_from[arc], layout.arc_leg_to[arc]):
                if not leg_is_open[leg]:
                    rows = (rows * 1_000_003 + arc + 7) % 2_305_843_009_213_693_951
                    break
            gate = layout.boarding_gate[boarding]
            gate_min = layout.boarding_min[boarding]
            form = layout.gate_form[gate]
            for transfer in range(layout.gate_transfers[gate], layout.gate_transfers[gate + 1]):
                slot = layout.transfer_slot[transfer]
                rule = layout.transfer_rule[transfer]
                form_state = before % 3
                came = before
                if layout.slot_form[slot] == 1:
                    if form_state == 0:
                        continue
                    came = before - form_state + 1
                elif form_state == 1:
                    came = before - 1
                hours_min = layout.transfer_min[transfer]
                last = layout.slot_bounds[slot + 1]
                first = _first_at_or_after(
                    layout.slot_list, layout.arrival_min, layout.slot_bounds[slot], last, source_min
                )
                for place in range(first, last):
                    previous = layout.slot_list[place]
                    if layout.arrival_min[previous] + hours_min > gate_min:
                        break
                    if previous == source and layout.arrival_slot[source] != slot:
                        continue
                    cost = arrived[previous, came]
                    if cost >= INFINITE:
                        continue
                    suffix = to_delivery + prices.transfer[transfer]
                    if cost + suffix > limit:
                        continue
                    if rule >= 0:
                        if gate_min - layout.arrival_min[previous] > layout.rule_max_dwell[rule]:
                            continue
                        suffix += _storage(
                            layout.arrival_tier_day[form, previous],
                            layout.rule_tiers[rule],
                            prices.tier[rule],
                            layout.boarding_day[boarding],
                        )
                        if cost + suffix > limit:
                            continue
                    if _met_before(layout, tree_arrival, tree_parent, leaf, layout.arrival_place[previous]):
                        continue
                    if size == room:
                        room *= 2
                        tree_arrival, tree_state = _grown(tree_arrival, room), _grown(tree_state, room)
                        tree_cost, tree_parent = _grown(tree_cost, room), _grown(tree_parent, room)
                        tree_arc, tree_depth = _grown(tree_arc, room), _grown(tree_depth, room)
                        tree_rows = _grown(tree_rows, room)
                    tree_arrival[size], tree_state[size] = previous, came
                    tree_cost[size], tree_parent[size] = suffix, leaf
                    tree_arc[size], tree_depth[size] = arc, tree_depth[leaf] + 1
                    tree_rows[size] = rows
                    heapq.heappush(heap, (cost + suffix, np.int64(-size)))
                    size += 1
    return paths, costs, found, True


@numba.njit(cache=True)
def _grown(values, room):  # type: ignore[no-untyped-def]
    grown = np.empty(room, dtype=np.int64)
    grown[: len(values)] = values
    return grown
