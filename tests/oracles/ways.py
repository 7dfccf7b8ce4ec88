"""One itinerary of a batch, as the oracles count it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracles.rules import DayUse, DepartureKey, LegUse

RunKey = tuple[str, tuple[tuple[str, ...], ...], int]
"""Stuffing place, boxed moves, cents of one box."""


class TooLargeError(Exception):
    """The world has more itineraries than an oracle should write out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One itinerary of a batch: what one vehicle pays, takes, emits and uses.

    Parameters
    ----------
    moves
        Names of its rides and road dispatches.
    chain
        Names of its rides: the part it belongs to.
    vehicle_value, box_value
        What a vehicle and a box add to the objective; parts and departures as a whole come on top.
    part_cents, part_value
        What its part pays once, and adds to the objective.
    run
        ``None`` where it is never boxed.
    uses
        Legs with limited room.
    days
        Limited days of places and roads.
    charters
        Departures bought as a whole, once for each ride on them; ``charter_legs`` are the legs ridden.
    """

    moves: tuple[tuple[str, ...], ...]
    chain: tuple[tuple[str, ...], ...]
    vehicle_cents: int
    minutes: int
    vehicle_grams: int
    box_grams: int
    vehicle_value: int
    box_value: int
    part_cents: int
    part_value: int
    run: RunKey | None
    uses: frozenset[LegUse]
    days: frozenset[DayUse]
    charters: tuple[DepartureKey, ...]
    charter_legs: frozenset[LegUse]
