"""Which departures are tight: worth most first, then fullest, then earliest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.model.plans import DayUse, LegUse


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureUse:
    """A dated departure with limited room.

    Parameters
    ----------
    first, last, fullest
        The first, the last and the fullest of its legs that the plan uses.
    unit_value
        Indicative value of one more unit from the first to the last of these legs, in the unit of the
        objective: the sum over the legs. Where legs are equally full, the relaxation may charge any one
        of them for the room of all, so that the value of a single leg means little.
    """

    first: LegUse
    last: LegUse
    fullest: LegUse
    unit_value: int


def list_departures_used(uses: Sequence[LegUse]) -> tuple[DepartureUse, ...]:
    """Departures with limited room that the plan uses: worth most first, then fullest, then earliest."""
    legs_of: dict[tuple[str, date], list[LegUse]] = defaultdict(list)
    for use in uses:
        legs_of[use.service_id, use.departure_day].append(use)
    departures = [
        DepartureUse(
            first=legs[0],
            last=legs[-1],
            fullest=max(legs, key=load_of),
            unit_value=sum(leg.unit_value_cents for leg in legs),
        )
        for legs in legs_of.values()
    ]
    return tuple(
        sorted(
            departures,
            key=lambda use: (
                -use.unit_value,
                -load_of(use.fullest),
                use.first.depart_min,
                use.first.service_id,
            ),
        )
    )


def load_of(use: LegUse | DayUse) -> Fraction:
    """Share of the room that is taken; 1 where there is none."""
    return Fraction(use.used, use.capacity) if use.capacity else Fraction(1)
