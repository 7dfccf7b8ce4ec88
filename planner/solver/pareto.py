"""Every itinerary of one shipment that is worth showing: least cents, minutes and grams (Pareto set).

One sweep over all events by time, as in :mod:`planner.solver.sweep`, but with bags of labels. What an arrival
will cost depends on when it leaves again: an earlier, equally dear arrival whose free time ends sooner is no
better. So labels of different arrivals stay side by side and are compared at each boarding, where their
storage is known; from a boarding on all that differs is cents, grams, and what the past still allows. Labels
that could not be better than an itinerary already delivered, even at the least that is still to go, are
dropped (multi-criteria label setting: Martins, *On a multicriteria shortest path problem*, 1984).
"""

from __future__ import annotations

import numpy as np

from planner.solver.kernel import compiled, left_state, storage_cost
from planner.solver.labels import (
    ARC,
    CENTS,
    DONE,
    GRAMS,
    MASK,
    NODE,
    OUT_OF_LABELS,
    OWES,
    PAID,
    PARENT,
    STATE,
    TRANSFER,
    TRIE,
    beats,
    charter_cents,
    copy,
    is_outdone,
    settle,
)


@compiled
def search(  # type: ignore[no-untyped-def]
    layout,
    arc_departure,
    shipment,
    to_go,
    charters,
    bags,
    trie,
    trie_ends,
    place_bit,
    source_state,
    stamp,
    stop_min,
):
    """Fill the front with every itinerary that none outdoes, places met twice allowed unless critical.

    Parameters
    ----------
    trie, trie_ends : int64[nodes, services], bool[nodes]
        Chains of services that are not wanted; node 0 is where all begin. No nodes: all are wanted.
    place_bit : int64[P]
        A bit of its own for each critical place, 0 for the others.
    stamp
        Number of this search: no other has it.
    stop_min
        Latest Delivered.

    Returns
    -------
    num_front, num_labels, code
        With ``OUT_OF_LABELS`` the front is not complete: try again with more.
    """
    event_min, event_node = layout.event_min, layout.event_node
    arrival_min, arrival_arcs, arrival_place = layout.arrival_min, layout.arrival_arcs, layout.arrival_place
    arrival_slot, arrival_tier_day = layout.arrival_slot, layout.arrival_tier_day
    boarding_min, boarding_day, boarding_gate = layout.boarding_min, layout.boarding_day, layout.boarding_gate
    arc_boarding, arc_pair = layout.arc_boarding, layout.arc_pair
    arc_leg_from, arc_leg_to = layout.arc_leg_from, layout.arc_leg_to
    gate_transfers, gate_form = layout.gate_transfers, layout.gate_form
    transfer_slot, transfer_rule = layout.transfer_slot, layout.transfer_rule
    slot_bounds = layout.slot_bounds
    rule_max_dwell, rule_tiers = layout.rule_max_dwell, layout.rule_tiers
    transfer_cents, transfer_min = shipment.transfer_cents, shipment.transfer_min
    pair_open, pair_cents, pair_grams = shipment.pair_open, shipment.pair_cents, shipment.pair_grams
    pair_mark, pair_service = shipment.pair_mark, shipment.pair_service
    blocked, tier = shipment.blocked, shipment.tier
    later_cents = shipment.later_cents
    arrival_open, boarding_open = shipment.arrival_open, shipment.boarding_open
    origin_open, end_of = shipment.origin_open, shipment.end_of
    end_cents, end_min, pair_units = shipment.end_cents, shipment.end_min, shipment.pair_units
    rule_free, rule_monotone = shipment.rule_free, shipment.rule_monotone
    rule_settles = shipment.rule_settles
    all_marks, destination = shipment.all_marks, shipment.destination
    slot_go_min, slot_go_cents, slot_go_grams = to_go.slot_min, to_go.slot_cents, to_go.slot_grams
    gate_go_min, gate_go_cents, gate_go_grams = to_go.gate_min, to_go.gate_cents, to_go.gate_grams
    charter_of, charter_bought = charters.number_of, charters.bought
    charter_least, charter_last_min = charters.least_load, charters.last_board_min
    labels, front = bags.labels, bags.front
    hold_label, hold_next, held = bags.hold_label, bags.hold_next, bags.held
    bag_first, bag_behind, bag_stamp = bags.first, bags.behind, bags.stamp
    live, num_live, reached = bags.live, bags.num_live, bags.reached

    source = len(arrival_min) - 1
    source_min, source_slot, origin = arrival_min[source], arrival_slot[source], arrival_place[source]
    num_live[:] = 0
    reached[:] = 0
    held[:] = -1
    num_front, num_holds = 0, 0
    labels[0, :] = 0
    labels[0, STATE] = source_state
    labels[0, PARENT] = labels[0, ARC] = -1
    labels[0, NODE] = source
    labels[0, TRIE] = 0 if len(trie) > 0 else -1
    labels[0, TRANSFER] = -1
    bag_first[source], bag_behind[source], bag_stamp[source] = 0, 1, stamp
    live[slot_bounds[source_slot]] = source
    num_live[source_slot] = 1
    size = 1
    for event in range(np.searchsorted(event_min, source_min), len(event_min)):
        if event_min[event] > stop_min:
            break
        node = event_node[event]
        if size + 1 >= len(labels):
            return num_front, size, OUT_OF_LABELS
        first = size
        if node < source:
            slot, place = arrival_slot[node], arrival_place[node]
            if not arrival_open[node] or place == origin:
                continue
            end = end_of[node]
            go_min = slot_go_min[slot]
            if end < 0 and (place == destination or event_min[event] + go_min > stop_min):
                continue
            for arc in range(arrival_arcs[node], arrival_arcs[node + 1]):
                boarding = arc_boarding[arc]
                pair = arc_pair[arc]
                if (
                    bag_stamp[source + 1 + boarding] != stamp
                    or not pair_open[pair]
                    or blocked[arc_leg_to[arc]] > blocked[arc_leg_from[arc]]
                ):
                    continue
                charter = charter_of[arc_departure[arc]]
                for label in range(bag_first[source + 1 + boarding], bag_behind[source + 1 + boarding]):
                    if place_bit[place] & labels[label, MASK]:
                        continue
                    if size + 1 >= len(labels):
                        return num_front, size, OUT_OF_LABELS
                    copy(labels, label, size)
                    labels[size, CENTS] += pair_cents[pair]
                    labels[size, GRAMS] += pair_grams[pair]
                    state = labels[label, STATE]
                    labels[size, STATE] = state % 3 + 3 * ((state // 3) | pair_mark[pair])
                    labels[size, PARENT], labels[size, ARC], labels[size, NODE] = label, arc, node
                    labels[size, MASK] |= place_bit[place]
                    if pair_service[pair] >= 0 and labels[label, TRIE] >= 0:
                        labels[size, TRIE] = trie[labels[label, TRIE], pair_service[pair]]
                    if charter >= 0:
                        units = pair_units[pair]
                        cents, modules, rides = charter_cents(
                            charters, layout, arc_departure, labels, label, arc, units
                        )
                        labels[size, CENTS] += cents
                        least = charter_least[charter]
                        asked = charter_bought[charter] == 0
                        owed = asked and rides > 0 and rides * units < least
                        owes = asked and (rides + 1) * units < least
                        labels[size, OWES] += np.int64(owes) - np.int64(owed)
                        again = event_min[event] <= charter_last_min[charter]
                        if owes and not again:
                            continue
                        # Named by charter, rides and modules: these decide what riding it again would add.
                        was = labels[label, PAID]
                        if was == 0 or was >> 32 == charter + 1:
                            key = (charter + 1) << 32 | min(modules, 0xFFFFFF) << 8 | min(rides + 1, 0xFF)
                            labels[size, PAID] = key if again else np.int64(0)
                        else:
                            labels[size, PAID] = -1
                    if end >= 0:
                        state = labels[size, STATE]
                        on_trie = labels[size, TRIE]
                        if (
                            state // 3 != all_marks
                            or labels[size, OWES] > 0
                            or (on_trie >= 0 and trie_ends[on_trie])
                        ):
                            continue
                        labels[size, CENTS] += end_cents[end]
                        minutes = end_min[end]
                        cents, grams = labels[size, CENTS], labels[size, GRAMS]
                        if is_outdone(front, num_front, minutes, cents, grams):
                            continue
                        number = 0
                        while number < num_front:
                            if (
                                minutes <= front[number, 0]
                                and cents <= front[number, 1]
                                and grams <= front[number, 2]
                            ):
                                for column in range(4):
                                    front[number, column] = front[num_front - 1, column]
                                num_front -= 1
                            else:
                                number += 1
                        if num_front >= len(front):
                            return num_front, size, OUT_OF_LABELS
                        front[num_front, 0], front[num_front, 1] = minutes, cents
                        front[num_front, 2], front[num_front, 3] = grams, size
                        num_front += 1
                        # Labels of deliveries are no bag: nothing leads on from the destination.
                        size += 1
                        first = size
                        continue
                    minutes = event_min[event] + go_min - source_min
                    if is_outdone(
                        front,
                        num_front,
                        minutes,
                        labels[size, CENTS] + slot_go_cents[slot] + later_cents[minutes // 60],
                        labels[size, GRAMS] + slot_go_grams[slot],
                    ):
                        continue
                    size, _ = settle(labels, first, size)
            if end < 0 and size > first:
                bag_first[node], bag_behind[node], bag_stamp[node] = first, size, stamp
                live[slot_bounds[slot] + num_live[slot]] = node
                num_live[slot] += 1
            continue
        # A boarding: only here storage is known, and what waited from different arrivals can be compared.
        boarding = node - source - 1
        gate_min, out_day, gate = boarding_min[boarding], boarding_day[boarding], boarding_gate[boarding]
        form, go_min = gate_form[gate], gate_go_min[gate]
        if not boarding_open[boarding] or gate_min + go_min > stop_min:
            continue
        minutes = gate_min + go_min - source_min
        go_cents = gate_go_cents[gate] + later_cents[minutes // 60]
        go_grams = gate_go_grams[gate]
        for transfer in range(gate_transfers[gate], gate_transfers[gate + 1]):
            slot, rule = transfer_slot[transfer], transfer_rule[transfer]
            if num_live[slot] == 0:
                continue
            if slot == source_slot and not origin_open[boarding]:
                continue
            free = rule < 0 or rule_free[rule]
            monotone = free or rule_monotone[rule]
            settles = free or (monotone and rule_settles[rule])
            handled_min = gate_min - transfer_min[transfer]
            base, position = slot_bounds[slot], reached[transfer]
            # What is handled by now waits here from now on.
            while position < num_live[slot] and arrival_min[live[base + position]] <= handled_min:
                arrival = live[base + position]
                position += 1
                for label in range(bag_first[arrival], bag_behind[arrival]):
                    if left_state(labels[label, STATE], form) < 0:
                        continue
                    needed = True
                    hold, previous = held[transfer], np.int64(-1)
                    while hold >= 0:
                        other = hold_label[hold]
                        if free and beats(labels, other, label):
                            needed = False
                            break
                        if monotone and beats(labels, label, other):
                            if previous < 0:
                                held[transfer] = hold_next[hold]
                            else:
                                hold_next[previous] = hold_next[hold]
                        else:
                            previous = hold
                        hold = hold_next[hold]
                    if needed:
                        if num_holds >= len(hold_label):
                            return num_front, size, OUT_OF_LABELS
                        hold_label[num_holds], hold_next[num_holds] = label, held[transfer]
                        held[transfer] = num_holds
                        num_holds += 1
            reached[transfer] = position
            num_tiers = rule_tiers[rule] if rule >= 0 else np.int64(0)
            hold, previous = held[transfer], np.int64(-1)
            # Newest first: an older one that is no better by now is dropped where it never will be.
            while hold >= 0:
                label = hold_label[hold]
                arrival = labels[label, NODE]
                if rule >= 0 and gate_min - arrival_min[arrival] > rule_max_dwell[rule]:
                    # All behind it came no later.
                    if previous < 0:
                        held[transfer] = -1
                    else:
                        hold_next[previous] = -1
                    break
                if size + 1 >= len(labels):
                    return num_front, size, OUT_OF_LABELS
                cents = labels[label, CENTS] + transfer_cents[transfer]
                if not free:
                    cents += storage_cost(arrival_tier_day, form, arrival, tier, rule, num_tiers, out_day)
                grams = labels[label, GRAMS]
                dropped = False
                if is_outdone(front, num_front, minutes, cents + go_cents, grams + go_grams):
                    # Later boardings of the gate only cost more time and storage.
                    dropped = True
                else:
                    copy(labels, label, size)
                    labels[size, CENTS] = cents
                    labels[size, STATE] = left_state(labels[label, STATE], form)
                    labels[size, PARENT], labels[size, ARC], labels[size, TRANSFER] = label, -1, transfer
                    size, beaten_by = settle(labels, first, size)
                    dropped = settles and beaten_by >= 0 and labels[beaten_by, TRANSFER] == transfer
                if dropped:
                    if previous < 0:
                        held[transfer] = hold_next[hold]
                    else:
                        hold_next[previous] = hold_next[hold]
                else:
                    previous = hold
                hold = hold_next[hold]
        if size > first:
            bag_first[node], bag_behind[node], bag_stamp[node] = first, size, stamp
    return num_front, size, DONE
