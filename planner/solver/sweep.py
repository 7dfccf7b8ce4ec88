"""One event sweep per source: the least cost to every arrival and boarding.

``arrived[a, state]`` is the least cost of a group from its origin to arrival a, ``boarded[b, state]`` to
boarding b, handling and dwell included. The sweep runs once over all events by time (a Connection Scan:
Dibbelt,
Pajor, Strasser, Wagner, *Intriguingly simple and fast transit routing*, 2013). Dwell prices depend on the
time since arrival, so each transfer keeps a queue of the arrivals still worth waiting from: an older arrival
goes
when a newer one is no dearer, where storage never charges the newer one more. Arrivals that outstayed the
longest dwell go from the front.
"""

from __future__ import annotations

import numpy as np

from planner.solver.kernel import CLOSED_LEG, INFINITE, compiled, first_at_or_after, left_state, storage_cost


@compiled
def sweep(layout, prices, work, source_state, stop_min, states):  # type: ignore[no-untyped-def]
    """Least cost from the source to every arrival and boarding up to ``stop_min``, in the first ``states``.

    What comes too late at a place to be at a destination by then counts as never reached.
    The source's time, slot, place and tier days stand in the last row of the arrival arrays.
    """
    # Arrays are taken out of the tuples once: each access would count references.
    event_min, event_node = layout.event_min, layout.event_node
    arrival_min, arrival_arcs = layout.arrival_min, layout.arrival_arcs
    arrival_tier_day, arrival_slot = layout.arrival_tier_day, layout.arrival_slot
    source_slot = arrival_slot[-1]
    boarding_min, boarding_day, boarding_gate = layout.boarding_min, layout.boarding_day, layout.boarding_gate
    arc_boarding, arc_pair = layout.arc_boarding, layout.arc_pair
    arc_leg_from, arc_leg_to = layout.arc_leg_from, layout.arc_leg_to
    gate_transfers, gate_form = layout.gate_transfers, layout.gate_form
    arrival_place, gate_place, to_go = layout.arrival_place, layout.gate_place, layout.to_go
    transfer_slot, transfer_min = layout.transfer_slot, prices.transfer_min
    transfer_rule, transfer_queue = layout.transfer_rule, layout.transfer_queue
    slot_bounds, slot_list = layout.slot_bounds, layout.slot_list
    rule_max_dwell, rule_tiers = layout.rule_max_dwell, layout.rule_tiers
    pair_price, pair_units, transfer_price = prices.pair, prices.pair_units, prices.transfer
    pair_mark, once = prices.pair_mark, prices.once
    arrival_price, boarding_price, origin_price = prices.arrival, prices.boarding, prices.origin
    tier_price, leg_prefix = prices.tier, prices.leg_prefix
    rule_monotone, rule_settles, rule_free = prices.rule_monotone, prices.rule_settles, prices.rule_free
    arrived, boarded, queue = work.arrived, work.boarded, work.queue
    heads, tails, reached, live = work.head, work.tail, work.reached, work.live

    source = arrived.shape[0] - 1
    heads[:] = 0
    tails[:] = 0
    reached[:] = -1
    arrived[source] = INFINITE
    arrived[source, source_state] = 0
    source_min = arrival_min[source]
    live[:] = 0
    live[source_slot] = 1
    for event in range(np.searchsorted(event_min, source_min), len(event_min)):
        if event_min[event] > stop_min:
            break
        node = event_node[event]
        if node < source:
            # An arrival: the cheapest of its arcs.
            for state in range(states):
                arrived[node, state] = INFINITE
            if arrival_price[node] >= CLOSED_LEG or event_min[event] + to_go[arrival_place[node]] > stop_min:
                continue
            for arc in range(arrival_arcs[node], arrival_arcs[node + 1]):
                boarding = arc_boarding[arc]
                price = pair_price[arc_pair[arc]]
                # Rows of boardings before the source hold what another source left there.
                if boarding_min[boarding] < source_min or price >= INFINITE:
                    continue
                room = leg_prefix[arc_leg_to[arc]] - leg_prefix[arc_leg_from[arc]]
                if room >= CLOSED_LEG:
                    continue
                price += room * pair_units[arc_pair[arc]] + arrival_price[node]
                mark = pair_mark[arc_pair[arc]]
                for state in range(states):
                    cost = boarded[boarding, state]
                    if cost < INFINITE:
                        marked = state
                        if mark:
                            met = state // 3
                            if met & mark & once:
                                continue
                            marked = state % 3 + 3 * (met | mark)
                        arrived[node, marked] = min(arrived[node, marked], cost + price)
                        live[arrival_slot[node]] = 1
            continue
        # A boarding: the cheapest arrival to have waited from, over all transfers into its gate.
        boarding = node - source - 1
        gate_min, out_day, gate = boarding_min[boarding], boarding_day[boarding], boarding_gate[boarding]
        form = gate_form[gate]
        for state in range(states):
            boarded[boarding, state] = INFINITE
        if boarding_price[boarding] >= CLOSED_LEG or gate_min + to_go[gate_place[gate]] > stop_min:
            continue
        for transfer in range(gate_transfers[gate], gate_transfers[gate + 1]):
            slot, rule = transfer_slot[transfer], transfer_rule[transfer]
            if not live[slot]:
                continue
            base, last = transfer_queue[transfer], slot_bounds[slot + 1]
            free = rule < 0 or rule_free[rule]
            monotone = free or rule_monotone[rule]
            position = reached[transfer]
            if position < 0:
                position = first_at_or_after(slot_list, arrival_min, slot_bounds[slot], last, source_min)
            handled_min = gate_min - transfer_min[transfer]
            num_tiers = rule_tiers[rule] if rule >= 0 else np.int64(0)
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
                left = left_state(state, form)
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
                        cost += storage_cost(
                            arrival_tier_day, form, arrival, tier_price, rule, num_tiers, out_day
                        )
                    if cost <= least:
                        least, least_place = cost, place
                if least >= INFINITE:
                    continue
                if monotone and not free and rule_settles[rule]:
                    heads[transfer, state] = least_place
                least += transfer_price[transfer] + boarding_price[boarding]
                if slot == source_slot:
                    if origin_price[boarding] >= CLOSED_LEG:
                        continue
                    least += origin_price[boarding]
                boarded[boarding, left] = min(boarded[boarding, left], least)
