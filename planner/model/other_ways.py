"""What else a batch could do than what a plan has it do, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.model.plans import Itinerary


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A leg of a departure, or a day of a place or road, without room for one vehicle more.

    Parameters
    ----------
    where
        What is full, and how full, in words.
    unit_value
        Indicative value of one more whole unit, in the unit of the objective.
    """

    where: str
    unit_value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWay:
    """An itinerary that a batch could take instead.

    Parameters
    ----------
    itinerary
        Of as many vehicles as go in one box.
    more
        What a vehicle counts more on it, in the unit of the objective; shares of departures that are bought
        as a whole not counted. Negative: it would be better.
    short_of
        What has no room for it; empty if there is room, the batch taken off what it rides.
    """

    itinerary: Itinerary
    more: Fraction
    short_of: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWays:
    """What the vehicles of one itinerary of a plan could do instead.

    Parameters
    ----------
    next_best
        The best on another chain of main rides for which there is room.
    best_of_all
        The best on another chain, whatever the room; ``None`` where it is the next best as well.
    is_sure
        Where one is missing there is none; else there were too many to look through.
    is_late
        The itinerary is delivered after due.
    in_time
        Of a late one: the best that is delivered by due and for which there is room.
    in_time_of_all
        The same whatever the room; ``None`` where it is the same as ``in_time``, or there is none.
    """

    next_best: OtherWay | None
    best_of_all: OtherWay | None
    is_sure: bool = True
    is_late: bool = False
    in_time: OtherWay | None = None
    in_time_of_all: OtherWay | None = None
