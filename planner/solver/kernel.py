"""What the compiled core shares: its arrays, its constants, its smallest functions.

Costs are whole numbers in millionths of the objective's unit, so sums compare exactly. A *state* is what
the past of the cargo allows: 0 = loose, never boxed; 1 = boxed; 2 = loose again, was boxed; plus three times
a bit mask of marks met on the way (places of ``via``, or the reference ride). The sweep is in
:mod:`planner.solver.sweep`, the recovery of itineraries in :mod:`planner.solver.recovery`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np

from planner.network.timetable import Ints


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on first use and keep the machine code beside the module, or in the user's cache folder.

    Where neither can be written it is compiled anew in every process.
    """
    try:
        return numba.njit(cache=True)(function)
    except RuntimeError:
        return numba.njit(function)  # type: ignore[no-any-return]


inlined = numba.njit(inline="always")
"""For the smallest functions: they become part of what calls them."""

INFINITE = np.int64(1 << 60)
CLOSED_LEG = np.int64(1 << 52)
"""Price of a unit of room that is not there."""
CEILING = int(CLOSED_LEG) - 1
"""Where every price of a step (ride, its room, handling, a tier, delivery) is cut off: 45 million dollars a
group. A walk of 64 steps then stays below INFINITE, nothing wraps around, and costs only get lower: bounds
hold, and itineraries are priced again from the tables."""


def weighted(amounts: Ints, weight: int) -> Ints:
    """``amounts * weight``, cut off at ``CEILING``."""
    return np.minimum(amounts, CEILING // max(1, weight)) * weight


class Layout(NamedTuple):
    """Arrays of a timetable as the kernel wants them; see :class:`planner.network.timetable.Timetable`.

    Arrival arrays have one row more than there are arrivals: the source's own. ``to_go`` is of the sweep:
    fewest minutes from each place to a destination, int64[P].
    """

    event_min: Any
    event_node: Any
    arrival_min: Any
    arrival_place: Any
    arrival_slot: Any
    arrival_arcs: Any
    arrival_tier_day: Any
    boarding_min: Any
    boarding_day: Any
    boarding_gate: Any
    arc_boarding: Any
    arc_pair: Any
    arc_leg_from: Any
    arc_leg_to: Any
    gate_place: Any
    gate_transfers: Any
    gate_form: Any
    transfer_slot: Any
    transfer_rule: Any
    transfer_queue: Any
    slot_bounds: Any
    slot_list: Any
    slot_form: Any
    rule_max_dwell: Any
    rule_tiers: Any
    to_go: Any


class Prices(NamedTuple):
    """Prices of a group under one set of duals.

    pair : int64[pairs]; pair_units : int64[pairs]; transfer : int64[T]; tier : int64[rules, tiers, days]
    pair_mark : int64[pairs]      marks met on a ride or road
    once : int64                  marks that may be met only once
    transfer_min : int64[T]       handling, hours of charges included
    rule_monotone : bool[rules]   a later arrival never pays more storage than an earlier one
    rule_settles : bool[rules]    an earlier arrival that is no cheaper now never will be
    rule_free : bool[rules]       no storage price and no longest dwell
    leg_prefix : int64[L+1]     running sum of what a unit of room costs on each leg
    arrival : int64[A]            what a group pays for the day of a place it arrives at
    boarding : int64[B]           what a group pays for the day of a road, or for a departure as a whole
    origin : int64[B]             what it pays for the day of its origin if it starts with this boarding
    """

    pair: Any
    pair_units: Any
    pair_mark: Any
    once: Any
    transfer: Any
    transfer_min: Any
    tier: Any
    rule_monotone: Any
    rule_settles: Any
    rule_free: Any
    leg_prefix: Any
    arrival: Any
    boarding: Any
    origin: Any


class Work(NamedTuple):
    """Buffers of a sweep, reused between sources.

    arrived : int64[A+1, states]; boarded : int64[B, states]
    live : int64[slots]   1 once something has arrived in the slot
    """

    arrived: Any
    boarded: Any
    queue: Any
    head: Any
    tail: Any
    reached: Any
    live: Any


@inlined
def left_state(state, to_form):  # type: ignore[no-untyped-def]
    """State after leaving in a form; -1 if it would be boxed a second time."""
    form_state = state % 3
    if to_form == 1:
        return -1 if form_state == 2 else state - form_state + 1
    return state + 1 if form_state == 1 else state


@inlined
def storage_cost(  # type: ignore[no-untyped-def]
    tier_day, form, arrival, tier_price, rule, num_tiers, out_day
):
    """Storage of a hold since an arrival; ``tier_day`` int64[2, A, K], ``tier_price`` int64[rule, tier, day].

    Whole arrays come in: taking a row out would count references in the innermost loop.
    """
    cost = np.int64(0)
    days = max(np.int64(0), out_day - tier_day[form, arrival, 0])
    for tier in range(num_tiers):
        later = np.int64(0)
        if tier + 1 < num_tiers:
            later = max(np.int64(0), out_day - tier_day[form, arrival, tier + 1])
        if days > later:
            cost += tier_price[rule, tier, days - later]
        days = later
    return cost


@inlined
def first_at_or_after(slot_list, arrival_min, first, last, minute):  # type: ignore[no-untyped-def]
    """Place in a slot's list, between first and last, of the first arrival not before a minute."""
    while first < last:
        middle = (first + last) // 2
        if arrival_min[slot_list[middle]] < minute:
            first = middle + 1
        else:
            last = middle
    return first
