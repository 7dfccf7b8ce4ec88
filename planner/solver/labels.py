"""Labels of a search for single shipments: what they hold, and which may be forgotten for which.

A label is a way to an event. It beats another where it is no worse in cents and grams and may do whatever the
other may still do.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.solver.kernel import compiled, inlined

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
    all_marks, destination : int64   marks to be met; number of the place
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
def beats(labels, one, other):  # type: ignore[no-untyped-def]
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
def is_beaten(labels, label, first, behind):  # type: ignore[no-untyped-def]
    """Label of a bag that beats this one; -1 if none does."""
    for other in range(first, behind):
        if beats(labels, other, label):
            return other
    return -1


@inlined
def copy(labels, one, other):  # type: ignore[no-untyped-def]
    """Overwrite a label by another; column by column, since a row would be an array that is counted."""
    for column in range(FIELDS):
        labels[other, column] = labels[one, column]


@compiled
def settle(labels, first, size):  # type: ignore[no-untyped-def]
    """Put the label behind the bag [first, size) into it, unless it is beaten there.

    Returns the new end of the bag and the label that beats it, -1 if none does.
    """
    beaten_by = is_beaten(labels, size, first, size)
    if beaten_by >= 0:
        return size, beaten_by
    other = first
    while other < size:
        if beats(labels, size, other):
            # The last one of the bag, then the new one, move up.
            copy(labels, size - 1, other)
            copy(labels, size, size - 1)
            size -= 1
        else:
            other += 1
    return size + 1, -1


@inlined
def is_outdone(front, num_front, minutes, cents, grams):  # type: ignore[no-untyped-def]
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
def charter_cents(charters, layout, arc_departure, labels, label, arc, units):  # type: ignore[no-untyped-def]
    """What riding a charter adds, its rides before counted: cents, modules bought then, rides before."""
    departure = arc_departure[arc]
    charter = charters.number_of[departure]
    rides, before = 0, charters.bought[charter]
    at = label
    while at >= 0:
        past = labels[at, ARC]
        if past >= 0 and arc_departure[past] == departure:
            rides += 1
            before = max(before, modules_needed(charters, charter, layout, past, units))
        at = labels[at, PARENT]
    modules = max(before, modules_needed(charters, charter, layout, arc, units))
    cents = (modules - before) * charters.module_cents[charter]
    if before == 0:
        cents += charters.departure_cents[charter]
    return cents, modules, rides


@inlined
def modules_needed(charters, charter, layout, arc, units):  # type: ignore[no-untyped-def]
    """Modules that a ride needs beside the load of others."""
    step = charters.module_units[charter]
    if step == 0:
        return np.int64(1)
    most = np.int64(0)
    for leg in range(layout.arc_leg_from[arc], layout.arc_leg_to[arc]):
        most = max(most, charters.leg_load[leg] + units)
    return -(-most // step)
