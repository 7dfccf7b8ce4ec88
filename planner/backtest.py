"""The tables held against published figures of journeys: what was observed, beside what a timetable says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from planner.errors import InputError, Issue
from planner.model.observations import DAYS, KM, Observation
from planner.model.problem import Network
from planner.model.services import Call
from planner.model.tariffs import APPLIES_TO_ALL, FREIGHT
from planner.units import MINUTES_PER_DAY

SINGLE_FIGURE = Fraction(15, 100)
"""A single published figure is met by what lies within this share of it, a range by what lies inside."""
FILE = "observed.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An observation and what the tables say of the same journey.

    Parameters
    ----------
    ours
        In the unit of the observation; ``None``: the network has no such service.
    """

    observation: Observation
    ours: Fraction | None

    @property
    def is_single(self) -> bool:
        """Whether one figure was published and not a range."""
        return self.observation.low == self.observation.high

    @property
    def is_inside(self) -> bool:
        """Whether the tables agree with what was published."""
        if self.ours is None:
            return False
        spread = SINGLE_FIGURE if self.is_single else 0
        low, high = self.observation.low * (1 - spread), self.observation.high * (1 + spread)
        return low <= self.ours <= high

    @property
    def deviation(self) -> Fraction | None:
        """How far ours is from the nearest published figure, as a share of it; 0 inside a range."""
        if self.ours is None:
            return None
        low, high = self.observation.low, self.observation.high
        nearest = min(max(self.ours, low), high)
        return self.ours / nearest - 1 if nearest else None


def backtest(network: Network) -> tuple[Comparison, ...]:
    """Every observation of a network beside what its tables say, in the order of the table.

    Days are those of the timetable (typical times, from departure to arrival), a price is the freight of one
    unit for all cargo on the day of the observation.

    Raises
    ------
    InputError
        With every observation whose journey or price is not in the tables.
    """
    issues: list[Issue] = []
    comparisons = []
    for observation in network.observations:
        try:
            comparisons.append(Comparison(observation=observation, ours=_ours(network, observation)))
        except LookupError as error:
            hint = "name a service of the network that has both calls, or leave it blank"
            reason = f"{observation.id}: {error.args[0]}"
            issues.append(Issue(file=FILE, column="service_id", reason=reason, hint=hint))
    if issues:
        raise InputError(issues)
    return tuple(comparisons)


def _ours(network: Network, observation: Observation) -> Fraction | None:
    if observation.service_id is None:
        return None
    calls = network.services[observation.service_id].calls
    start, end = _number(calls, observation.from_place), _number(calls, observation.to_place)
    if start >= end:
        raise LookupError(f"{observation.from_place} does not come before {observation.to_place}")
    if observation.measure == DAYS:
        return Fraction(calls[end].arrive_min - calls[start].depart_min, MINUTES_PER_DAY)
    if observation.measure == KM:
        return Fraction(sum(call.km_from_previous or 0 for call in calls[start + 1 : end + 1]))
    return _freight(network, observation)


def _number(calls: tuple[Call, ...], place: str) -> int:
    for number, call in enumerate(calls):
        if call.place == place:
            return number
    raise LookupError(f"the service does not call at {place}")


def _freight(network: Network, observation: Observation) -> Fraction:
    try:
        day = date.fromisoformat(observation.day)
    except ValueError:
        raise LookupError(f"the price is of {observation.day!r}, which is no day") from None
    journey = observation.service_id, observation.from_place, observation.to_place
    for row in network.tariffs:
        if (
            (row.service_id, row.from_place, row.to_place) == journey
            and (row.charge, row.applies_to, row.per) == (FREIGHT, APPLIES_TO_ALL, observation.per)
            and (row.first_date is None or row.first_date <= day)
            and (row.last_date is None or day <= row.last_date)
        ):
            return row.price
    raise LookupError(f"there is no freight per {observation.per} on {day}")
