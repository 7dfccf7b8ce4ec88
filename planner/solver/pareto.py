"""Every itinerary of one shipment that is worth showing: least cents, minutes and grams (Pareto set).

One sweep over all events by time, as in :mod:`planner.solver.sweep`, but with bags of labels. What an arrival
will cost depends on when it leaves again: an earlier, equally dear arrival whose free time ends sooner is no
better. So labels of different arrivals stay side by side and are compared at each boarding, where their
storage is known; from a boarding on all that differs is cents, grams, and what the past still allows. Labels
that could not be better than an itinerary already delivered, even at the least that is still to go, are
dropped (multi-criteria label setting: Martins, *On a multicriteria shortest path problem*, 1984).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.solver.kernel import compiled, inlined, left_state, storage_cost

CENTS, GRAMS, STATE, PARENT, ARC, NODE, MASK, PAID, OWES, TRIE, TRANSFER = range(11)
"""Columns of a label. ``ARC`` is that of an arrival, -1 at boardings and at the source; ``NODE`` the arrival
last come to; ``MASK`` the critical places met; ``PAID`` the charter that is paid and could be ridden again,
-1 for several; ``OWES`` charters whose least load is not come to yet; ``TRIE`` how far its services follow
chains that are not wanted, -1 = no longer; ``TRANSFER`` the change it boarded by."""
FIELDS = 11
DONE, OUT_OF_LABELS = 0, 1
MOST_FRONT = 8192


class Shipment(NamedTuple):
    """Prices, room and wishes of one shipment; all of them for the whole of it.

    pair_cents, pair_grams, pair_units, pair_mark, pair_service : int64[pairs]
        Ride or road, with what a part pays once; units of room; vias met; number of the service, -1 = road.
    pair_open : bool[pairs]
    transfer_cents, transfer_min : int64[T]
    tier : int64[rules, tiers, days]
    rule_monotone, rule_settles, rule_free : bool[rules]   as in :class:`~planner.solver.kernel.Prices`
    blocked : int64[L+1]         running number of legs without room for it
    arrival_open : bool[A], boarding_open : bool[B], origin_open : bool[B]   days with room for it
    end_of : int32[A+1]          number among the ends, -1 = no delivery in time
    end_cents, end_min : int64[n]   from arrival to Delivered, by end; minutes since ready
    later_cents : int64[hours]   least that delivery then or later adds by its time
    all_marks, destination : int64   vias to be met; number of the place
    """

    pair_cents: Any
    pair_grams: Any
    pair_units: Any
    pair_mark: Any
    pair_service: Any
    pair_open: Any
    transfer_cents: Any
    transfer_min: Any
    tier: Any
    rule_monotone: Any
    rule_settles: Any
    rule_free: Any
    blocked: Any
    arrival_open: Any
    boarding_open: Any
    origin_open: Any
    end_of: Any
    end_cents: Any
    end_min: Any
    later_cents: Any
    all_marks: Any
    destination: Any


class ToGo(NamedTuple):
    """Least still to go by slot and by gate, int64; INFINITE where nothing leads to the destination."""

    slot_min: Any
    slot_cents: Any
    slot_grams: Any
    gate_min: Any
    gate_cents: Any
    gate_grams: Any


class Charters(NamedTuple):
    """Departures bought as a whole; int64 by charter, but for the first and the last.

    number_of : int64[D+1]    charter of a departure, -1 = none; the last entry is of roads
    departure_cents, module_cents, least_load
    module_units              units of one module; 0 = one module is the whole room
    bought                    modules that others have bought; then the departure is paid, its load not asked
    last_board_min            after that nobody boards any more
    leg_load : int64[L]       units that others take of each leg
    """

    number_of: Any
    departure_cents: Any
    module_cents: Any
    least_load: Any
    module_units: Any
    bought: Any
    last_board_min: Any
    leg_load: Any


class Bags(NamedTuple):
    """Buffers of a search, reused between searches: what an earlier one left has another stamp.

    first, behind, stamp : int64[A+1+B]   labels of each event
    live : int64[slot lists]   arrivals of each slot that something has come to
    num_live : int64[slots]; reached, held : int64[T]
    labels : int64[n, FIELDS]; hold_label, hold_next : int64[n]
    front : int64[MOST_FRONT, 4]   minutes, cents, grams, label
    """

    first: Any
    behind: Any
    stamp: Any
    live: Any
    num_live: Any
    reached: Any
    held: Any
    labels: Any
    hold_label: Any
    hold_next: Any
    front: Any


@inlined
def _beats(labels, one, other):  # type: ignore[no-untyped-def]
    """Whether whatever the other label may still do, this one may, too, and for no more."""
    if labels[one, CENTS] > labels[other, CENTS] or labels[one, GRAMS] > labels[other, GRAMS]:
        return False
    if labels[one, MASK] & ~labels[other, MASK]:
        return False
    if labels[one, TRIE] != labels[other, TRIE] and labels[one, TRIE] >= 0:
        return False
    own, others = labels[one, STATE], labels[other, STATE]
    if own != others:
        # Loose and never boxed may do all that loose again may; who has met more vias has less to do.
        if own % 3 != others % 3 and not (own % 3 == 0 and others % 3 == 2):
            return False
        if (own // 3) & (others // 3) != others // 3:
            return False
    if labels[one, PAID] == labels[other, PAID] and labels[one, PAID] >= 0:
        return True
    return labels[other, PAID] == 0 and labels[one, OWES] == 0


@inlined
def _is_beaten(labels, label, first, behind):  # type: ignore[no-untyped-def]
    """Label of a bag that beats this one; -1 if none does."""
    for other in range(first, behind):
        if _beats(labels, other, label):
            return other
    return -1


@inlined
def _copy(labels, one, other):  # type: ignore[no-untyped-def]
    """Overwrite a label by another; column by column, since a row would be an array that is counted."""
    for column in range(FIELDS):
        labels[other, column] = labels[one, column]


@compiled
def _settle(labels, first, size):  # type: ignore[no-untyped-def]
    """Put the label behind the bag [first, size) into it, unless it is beaten there.

    Returns the new end of the bag and the label that beats it, -1 if none does.
    """
    beaten_by = _is_beaten(labels, size, first, size)
    if beaten_by >= 0:
        return size, beaten_by
    other = first
    while other < size:
        if _beats(labels, size, other):
            # The last one of the bag, then the new one, move up.
            _copy(labels, size - 1, other)
            _copy(labels, size, size - 1)
            size -= 1
        else:
            other += 1
    return size + 1, -1


@inlined
def _is_outdone(front, num_front, minutes, cents, grams):  # type: ignore[no-untyped-def]
    """Whether something delivered is no worse in any way."""
    for number in range(num_front):
        if front[number, 0] <= minutes and front[number, 1] <= cents and front[number, 2] <= grams:
            # What outdid one label is likely to outdo the next: it is asked first.
            if number > 0:
                for column in range(4):
                    kept = front[0, column]
                    front[0, column] = front[number, column]
                    front[number, column] = kept
            return True
    return False


@compiled
def _charter_cents(charters, layout, arc_departure, labels, label, arc, units):  # type: ignore[no-untyped-def]
    """What riding a charter adds, its rides before counted: cents, modules bought then, rides before."""
    departure = arc_departure[arc]
    charter = charters.number_of[departure]
    rides, before = 0, charters.bought[charter]
    at = label
    while at >= 0:
        past = labels[at, ARC]
        if past >= 0 and arc_departure[past] == departure:
            rides += 1
            before = max(before, _modules(charters, charter, layout, past, units))
        at = labels[at, PARENT]
    modules = max(before, _modules(charters, charter, layout, arc, units))
    cents = (modules - before) * charters.module_cents[charter]
    if before == 0:
        cents += charters.departure_cents[charter]
    return cents, modules, rides


@inlined
def _modules(charters, charter, layout, arc, units):  # type: ignore[no-untyped-def]
    """Modules that a ride needs beside the load of others."""
    step = charters.module_units[charter]
    if step == 0:
        return np.int64(1)
    most = np.int64(0)
    for leg in range(layout.arc_leg_from[arc], layout.arc_leg_to[arc]):
        most = max(most, charters.leg_load[leg] + units)
    return -(-most // step)


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
                    _copy(labels, label, size)
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
                        cents, modules, rides = _charter_cents(
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
                        if _is_outdone(front, num_front, minutes, cents, grams):
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
                    if _is_outdone(
                        front,
                        num_front,
                        minutes,
                        labels[size, CENTS] + slot_go_cents[slot] + later_cents[minutes // 60],
                        labels[size, GRAMS] + slot_go_grams[slot],
                    ):
                        continue
                    size, _ = _settle(labels, first, size)
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
                        if free and _beats(labels, other, label):
                            needed = False
                            break
                        if monotone and _beats(labels, label, other):
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
                if _is_outdone(front, num_front, minutes, cents + go_cents, grams + go_grams):
                    # Later boardings of the gate only cost more time and storage.
                    dropped = True
                else:
                    _copy(labels, label, size)
                    labels[size, CENTS] = cents
                    labels[size, STATE] = left_state(labels[label, STATE], form)
                    labels[size, PARENT], labels[size, ARC], labels[size, TRANSFER] = label, -1, transfer
                    size, beaten_by = _settle(labels, first, size)
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
