"""Figures as a page shows them, rounded and written as the program of the report does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.units import MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from service.web.languages import Speech

NONE = "–"
Number = int | float | Fraction
GRAMS_PER_KG, GRAMS_PER_TONNE, CENTS = 1_000, 1_000_000, 100


def decimals(value: Number, digits: int) -> str:
    """A number with so many decimals, halves rounded away from zero, thousands set apart."""
    exact = Fraction(value)
    scaled = round_half_up(abs(exact) * 10**digits)
    sign = "\u2212" if exact < 0 and scaled else ""
    above, below = divmod(scaled, 10**digits)
    return f"{sign}{above:,}" + (f".{below:0{digits}}" if digits else "")


def whole(value: Number | None) -> str:
    """A whole number."""
    return NONE if value is None else decimals(value, 0)


def tenths(value: Number | None) -> str:
    """One decimal."""
    return NONE if value is None else decimals(value, 1)


def plain(value: Number | None) -> str:
    """Up to two decimals, as many as there are."""
    if value is None:
        return NONE
    text = decimals(value, 2)
    return text.rstrip("0").rstrip(".")


def days(minutes: Number | None) -> str:
    """Days of minutes, one decimal."""
    return NONE if minutes is None else decimals(Fraction(minutes) / MINUTES_PER_DAY, 1)


def money(cents: Number | None) -> str:
    """Whole currency units."""
    return NONE if cents is None else decimals(Fraction(cents) / CENTS, 0)


def exact_money(cents: Number | None) -> str:
    """Currency units with cents."""
    return NONE if cents is None else decimals(Fraction(cents) / CENTS, 2)


def kilograms(grams: Number | None) -> str:
    """Whole kilograms."""
    return NONE if grams is None else decimals(Fraction(grams) / GRAMS_PER_KG, 0)


def tonnes(grams: Number | None) -> str:
    """Tonnes, one decimal."""
    return NONE if grams is None else decimals(Fraction(grams) / GRAMS_PER_TONNE, 1)


def signed(text: str, value: Number | None) -> str:
    """A difference: more has a plus before it."""
    return f"+{text}" if value is not None and value > 0 else text


def percent(part: Number, total: Number) -> str:
    """Share with one decimal; all and none are said of all and none only."""
    if not total:
        return NONE
    share = round_half_up(Fraction(part) * 1000 / Fraction(total))
    if part and not share:
        return "<0.1 %"
    if part != total and share == 1000:
        return ">99.9 %"
    return f"{decimals(Fraction(share, 10), 1)} %"


def gap_percent(gap: float | str | None) -> str:
    """A gap, with at least two figures that say something."""
    if gap is None:
        return NONE
    share = float(gap) * 100
    return f"{share:.2f} %" if share >= 0.1 or not share else f"{share:.2g} %"


def objective_value(say: Speech, value: Number | None, unit: str, currency: str) -> str:
    """A value of the objective: money, vehicle-days, or mass of CO2e."""
    if value is None:
        return NONE
    if unit == "cents":
        return f"{money(value)} {currency}"
    if unit == "grams":
        return say("kg", count=kilograms(value))
    return say("vehicle_days", count=days(value))


def mean(total: Number | None, number: int) -> Fraction | None:
    """A vehicle's share of a sum."""
    return None if total is None or not number else Fraction(total) / number


def when(ms: int | None) -> str:
    """A moment, in UTC, to the minute."""
    return NONE if ms is None else f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M}"


def local(text: str | None) -> str:
    """A local time of a plan document, to the minute."""
    return NONE if text is None else text[:16].replace("T", " ")


def place_name(say: Speech, places: Mapping[str, tuple[str, str]], place_id: str) -> str:
    """Name of a place in the language; its id where it has none."""
    name, name_zh = places.get(place_id, ("", ""))
    return (name_zh if say.lang == "zh" else "") or name or place_id
