"""Sweeps: one price taken through a range of amounts, and what was planned at each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from planner.model.problem import BLEND, COST

RAIL_PRICE, RAIL_SUBSIDY, DAY_VALUE = "rail-price", "rail-subsidy", "day-value"
KINDS = (RAIL_PRICE, RAIL_SUBSIDY, DAY_VALUE)
UNITS = {RAIL_PRICE: "FEU", RAIL_SUBSIDY: "FEU", DAY_VALUE: "vehicle-day"}
"""What an amount of each kind is for."""
OBJECTIVES = (COST, BLEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Amounts to plan at.

    Parameters
    ----------
    kind
        ``rail-price``: freight of a box on every ride of :func:`~planner.what_if.export_trains` out of the
        country; ``rail-subsidy``: so much less of it than today, down to nothing; ``day-value``: what a
        vehicle-day counts beside money.
    amounts
        Exact cents, ascending.
    """

    kind: str
    amounts: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The joint plan at one amount.

    Parameters
    ----------
    planned, cents, vehicle_min, grams
        Of the plan; money at the prices of this amount.
    by_train
        Vehicles that ride a train out of the country.
    vehicles_by_mode
        Planned vehicles by main mode.
    value
        What its objective counts, leaving out included.
    gap
        As of :attr:`~planner.model.plans.Plan.gap`.
    """

    amount: Fraction
    planned: int
    cents: int
    vehicle_min: int
    grams: int | None
    by_train: int
    vehicles_by_mode: dict[str, int]
    value: int
    gap: float | None

    @property
    def is_led_by_train(self) -> bool:
        """Whether more than half of the planned vehicles ride a train out of the country."""
        return 2 * self.by_train > self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A sweep and what was planned at each of its amounts."""

    kind: str
    points: tuple[Point, ...]

    @property
    def flips(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Neighbouring amounts between which the train gains or loses the lead."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return tuple(
            (one.amount, other.amount) for one, other in pairs if one.is_led_by_train != other.is_led_by_train
        )


def amounts_of(first: Fraction, last: Fraction, step: Fraction) -> Iterator[Fraction]:
    """First, first + step, ..., not beyond last."""
    amount = first
    while amount <= last:
        yield amount
        amount += step
