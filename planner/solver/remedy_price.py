"""At which price of leaving a vehicle out all of them would ride."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from planner.model.plans import PRICE, Remedy
from planner.model.problem import BLEND, COST
from planner.solver.bounds import box_values, last_box_values
from planner.solver.carrying import NEVER, Carrier
from planner.solver.case import Case
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.room import Room

MOST_PRICE_CENTS = 100_000_000
"""Highest price of leaving a vehicle out that is looked for."""


def higher_price(case: Case) -> Iterator[Remedy]:
    """A higher price of leaving a vehicle out, where the objective counts it."""
    if case.terms.objective not in (COST, BLEND):
        return
    dearest = replace(case.batch, unplanned_price=Fraction(MOST_PRICE_CENTS))
    found = _least_price(Carrier(case.left.alone(dearest)), case.room)
    if found is not None and found[0] <= MOST_PRICE_CENTS:
        cents, is_least = found
        text = f"leaving out priced at {cents / 100:,.2f} {case.terms.currency} a vehicle"
        yield Remedy(kind=PRICE, amount=cents, is_least=is_least, text=text)


def _least_price(carrier: Carrier, room: Room) -> tuple[int, bool] | None:
    """Least whole cents of leaving a vehicle out at which all ride, and whether no less is proved.

    At price p all ride if f(u) < f(j) + (u - j) p for all j < u. Bounds on both sides often meet; else each j
    for which that is not so at the price so far gives a higher one, until none is left.
    """
    groups, vehicles = carrier.groups(room), carrier.vehicles
    if not carrier.may_fit(groups):
        return None
    fewest = box_values(vehicles, NEVER, groups)  # of 0, 1, ... vehicles that all ride
    lower = fewest[-1] // (vehicles * SCALE) + 1
    _, placed = carrier.place(room)
    upper = None
    if placed is not None:
        others = [0] if carrier.is_whole else range(vehicles)
        upper = max((placed * SCALE - fewest[j]) // ((vehicles - j) * SCALE) + 1 for j in others)
    if upper != lower:
        least = last_box_values(vehicles, carrier.penalty * SCALE, groups)
        listed = carrier.list_columns(room, groups, least, None)
        if listed.is_complete:
            return _least_price_over(carrier, room, listed.columns)
    return None if upper is None else (upper, upper == lower)


def _least_price_over(carrier: Carrier, room: Room, columns: Sequence[Column]) -> tuple[int, bool] | None:
    """The same over all itineraries there are."""
    vehicles = carrier.vehicles
    added, is_proven = carrier.least_of_all(room, columns)
    if added is None:
        return None
    cents = added // vehicles + 1
    while not carrier.is_whole and vehicles > 1:
        fewer, riders, fewer_is_proven = carrier.least_of_fewer(room, columns, cents)
        is_proven &= fewer_is_proven
        if fewer + cents > added:
            break
        cost_of_riders = fewer - (vehicles - 1 - riders) * cents
        cents = (added - cost_of_riders) // (vehicles - riders) + 1
    return cents, is_proven
