"""Itineraries from a sweep's values: backwards from delivery, cheapest first.

``arrived`` is an exact completion bound (A*: Hart, Nilsson, Raphael, *A formal basis for the heuristic
determination of minimum cost paths*, 1968), so the first itinerary found is the cheapest and the n-th the
n-th cheapest. Walks that meet a place twice are cut on the way: every recovered itinerary is elementary,
while the sweep's values stay valid bounds.
"""

from __future__ import annotations

import heapq

import numpy as np

from planner.solver.kernel import CLOSED_LEG, INFINITE, compiled, first_at_or_after, storage_cost

MAX_ARCS = 24
"""Longest itinerary recovered, in rides and roads."""


ARRIVAL, STATE, COST, PARENT, ARC, DEPTH, ROWS, PLACES = range(8)
"""Columns of the search tree: a node is an arrival, its state and the cost from there to Delivered."""


@compiled
def _met_before(arrival_place, tree, leaf, place):  # type: ignore[no-untyped-def]
    while leaf >= 0:
        if arrival_place[tree[leaf, ARRIVAL]] == place:
            return True
        leaf = tree[leaf, PARENT]
    return False


@compiled
def recover(  # type: ignore[no-untyped-def]
    layout, prices, work, ends, end_states, end_costs, limit, max_paths, max_steps, distinct_rows, arc_is_open
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
    arc_is_open : bool[R]
        Arcs that take from nothing that is limited.

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
    tree = np.empty((1024, 8), dtype=np.int64)
    size = 0
    heap = [(np.int64(0), np.int64(0))]
    heap.pop()
    seen = {(np.int64(0), np.int64(0), np.int64(0), np.int64(0))}
    seen.clear()
    for number in range(len(ends)):
        so_far = arrived[ends[number], end_states[number]]
        if so_far >= INFINITE or so_far + end_costs[number] > limit:
            continue
        tree = _with_room(tree, size)
        tree[size] = ends[number], end_states[number], end_costs[number], -1, -1, 0, 1, 0
        heapq.heappush(heap, (so_far + end_costs[number], np.int64(-size)))
        size += 1
    found = 0
    steps = 0
    is_complete = True
    while len(heap) > 0:
        if found == max_paths or steps == max_steps:
            return paths, costs, found, False
        steps += 1
        total, negative = heapq.heappop(heap)
        leaf = -negative
        arrival, state = tree[leaf, ARRIVAL], tree[leaf, STATE]
        if distinct_rows:
            # Places count, too: a cheaper way on may lead where the way here has been, and so to nothing.
            key = (arrival, state, tree[leaf, ROWS], tree[leaf, PLACES])
            if key in seen:
                continue
            seen.add(key)
        if arrival == source:
            costs[found] = total
            step, node = 0, leaf
            while tree[node, ARC] >= 0:
                paths[found, step] = tree[node, ARC]
                step += 1
                node = tree[node, PARENT]
            found += 1
            continue
        if tree[leaf, DEPTH] == MAX_ARCS:
            is_complete = False
            continue
        places = tree[leaf, PLACES] | np.int64(1) << layout.arrival_place[arrival] % 62
        for arc in range(layout.arrival_arcs[arrival], layout.arrival_arcs[arrival + 1]):
            boarding = layout.arc_boarding[arc]
            pair = layout.arc_pair[arc]
            mark = prices.pair_mark[pair]
            if layout.boarding_min[boarding] < source_min or (state // 3) & mark != mark:
                continue
            room_price = (
                prices.leg_prefix[layout.arc_leg_to[arc]] - prices.leg_prefix[layout.arc_leg_from[arc]]
            )
            if prices.pair[pair] >= INFINITE or room_price >= CLOSED_LEG:
                continue
            to_delivery = (
                tree[leaf, COST]
                + prices.pair[pair]
                + room_price * prices.pair_units[pair]
                + prices.arrival[arrival]
            )
            rows = tree[leaf, ROWS]
            if not arc_is_open[arc]:
                rows = (rows * 1_000_003 + arc + 7) % 2_305_843_009_213_693_951
            if prices.boarding[boarding] >= CLOSED_LEG:
                continue
            to_delivery += prices.boarding[boarding]
            gate = layout.boarding_gate[boarding]
            gate_min = layout.boarding_min[boarding]
            form = layout.gate_form[gate]
            # What was met before: all that is met now but by this arc, and any of what this arc meets.
            met_before = mark
            while met_before >= 0:
                before = state % 3 + 3 * ((state // 3) & ~mark | met_before)
                is_possible = not met_before & prices.once
                met_before = (met_before - 1) & mark if met_before > 0 else np.int64(-1)
                if (
                    not is_possible
                    or boarded[boarding, before] >= INFINITE
                    or boarded[boarding, before] - prices.boarding[boarding] + to_delivery > limit
                ):
                    continue
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
                    ahead = to_delivery + prices.transfer[transfer]
                    if layout.arrival_slot[source] == slot:
                        if prices.origin[boarding] >= CLOSED_LEG:
                            continue
                        ahead += prices.origin[boarding]
                    hours_min = prices.transfer_min[transfer]
                    last = layout.slot_bounds[slot + 1]
                    first = first_at_or_after(
                        layout.slot_list, layout.arrival_min, layout.slot_bounds[slot], last, source_min
                    )
                    for place in range(first, last):
                        previous = layout.slot_list[place]
                        if layout.arrival_min[previous] + hours_min > gate_min:
                            break
                        if previous == source and layout.arrival_slot[source] != slot:
                            continue
                        cost = arrived[previous, came]
                        if cost >= INFINITE or cost + ahead > limit:
                            continue
                        suffix = ahead
                        if rule >= 0:
                            if gate_min - layout.arrival_min[previous] > layout.rule_max_dwell[rule]:
                                continue
                            suffix += storage_cost(
                                layout.arrival_tier_day,
                                form,
                                previous,
                                prices.tier,
                                rule,
                                layout.rule_tiers[rule],
                                layout.boarding_day[boarding],
                            )
                            if cost + suffix > limit:
                                continue
                        if _met_before(layout.arrival_place, tree, leaf, layout.arrival_place[previous]):
                            continue
                        tree = _with_room(tree, size)
                        tree[size] = previous, came, suffix, leaf, arc, tree[leaf, DEPTH] + 1, rows, places
                        heapq.heappush(heap, (cost + suffix, np.int64(-size)))
                        size += 1
    return paths, costs, found, is_complete


@compiled
def _with_room(tree, size):  # type: ignore[no-untyped-def]
    if size < len(tree):
        return tree
    grown = np.empty((2 * len(tree), tree.shape[1]), dtype=np.int64)
    grown[: len(tree)] = tree
    return grown
