"""Exact numbers and times as the texts of a plan document."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.units import HUNDREDTHS

if TYPE_CHECKING:
    from planner.model.ids import PlaceId
    from planner.model.problem import Problem


def exact_text(value: Fraction) -> str:
    """An exact number as text: a decimal where one exists (``0.08``), else a fraction (``1/3``)."""
    rest, digits = value.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        digits += 1
    if rest != 1:
        return str(value)
    whole, part = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return ("-" if value < 0 else "") + str(whole) + (f".{part:0{digits}d}" if digits else "")


def counting_scale(unit: str) -> int:
    """Counting units in one whole unit of a capacity unit: CEU and cubic metres count in hundredths."""
    return HUNDREDTHS if unit in {"ceu", "cbm"} else 1


def units_text(counted: int, unit: str) -> str:
    """Counting units as an exact number of whole units of a capacity unit."""
    return exact_text(Fraction(counted, counting_scale(unit)))


def utc_text(minutes: int) -> str:
    """``2027-03-04T00:00:00Z``."""
    return from_minutes(minutes).isoformat().removesuffix("+00:00") + "Z"


def moment(problem: Problem, name: str, minutes: int, place: PlaceId) -> dict[str, str]:
    """A moment twice: in UTC, and on the clock of a place with its offset."""
    local = from_minutes(minutes, problem.network.places[place].time_zone)
    return {f"{name}Utc": utc_text(minutes), f"{name}Local": local.isoformat()}
