"""Figures and tables as they are shown on a screen: rounding for the eye, units, plurals."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.table import Table

from planner.model.problem import CO2E, GRAMS_PER_TONNE, TIME
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from planner.model.plans import Plan

WIDTH = 100
"""Columns that everything fits into; used as it is where no terminal tells its own width."""
ROUTE_WIDTH = 130
"""Columns for the ways of one shipment: a row has many figures and long names of services."""
HEAD = "bold"
FAINT = "dim"
BAD = "bold red"
GRAMS_PER_KG = 1_000
_HUNDREDTH_UNITS = ("ceu", "cbm")
_UNIT_NAMES = {"ceu": "CEU", "feu": "FEU", "vehicle": "vehicles"}


def bare_table(first: str, *rest: str) -> Table:
    """A table without lines; a heading that starts with > is of a column of figures.

    Where the screen is too narrow, text is broken into lines; nothing is cut off.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=HEAD)
    for heading in (first, *rest):
        is_figure = heading.startswith(">")
        table.add_column(heading.removeprefix(">"), justify="right" if is_figure else "left", overflow="fold")
    return table


def whole(cents: int | Fraction) -> str:
    """Whole currency units with thousands separators, rounded half up."""
    return f"{round_half_up(Fraction(cents) / 100):,}"


def money(cents: int | Fraction, currency: str) -> str:
    """Amount with its currency, whole units."""
    return f"{whole(cents)} {currency}"


def decimal_days(minutes: int | Fraction) -> str:
    """Days with one decimal, rounded half up."""
    tenths = round_half_up(Fraction(minutes) * 10 / MINUTES_PER_DAY)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10:,}.{abs(tenths) % 10}"


def percent(part: int, total: int) -> str:
    """Share with one decimal; all and none are said of all and none only."""
    if not total:
        return "-"
    tenths = round_half_up(Fraction(part * 1000, total))
    if part and not tenths:
        return "<0.1 %"
    if part != total and tenths == 1000:
        return ">99.9 %"
    return f"{tenths // 10}.{tenths % 10} %"


def gap_percent(plan: Plan) -> str:
    """The gap with at least two figures that say something."""
    gap = (plan.gap or 0.0) * 100
    return f"{gap:.2f} %" if gap >= 0.1 else f"{gap:.2g} %"


def objective_text(plan: Plan, value: int) -> str:
    """A value of the objective in its unit: money, vehicle-days, or CO2e."""
    if plan.objective == TIME:
        return f"{decimal_days(value)} vehicle-days"
    return mass(value) if plan.objective == CO2E else money(value, plan.currency)


def mass(grams: int | Fraction) -> str:
    """CO2e in tonnes with one decimal; less than ten tonnes in kilograms."""
    exact = Fraction(grams)
    if abs(exact) < 10 * GRAMS_PER_TONNE:
        return f"{round_half_up(exact / GRAMS_PER_KG):,} kg CO2e"
    tenths = round_half_up(exact * 10 / GRAMS_PER_TONNE)
    return f"{tenths / 10:,.1f} t CO2e"


def units(counted: int, unit: str) -> str:
    """Counting units as they are spoken of: 4130 hundredths of a CEU are 41.3 CEU."""
    number = f"{counted / HUNDREDTHS:,.1f}".removesuffix(".0") if unit in _HUNDREDTH_UNITS else f"{counted:,}"
    return f"{number} {_UNIT_NAMES.get(unit, unit)}"


def count(number: int, noun: str) -> str:
    """``1 batch``, ``1,240 batches``."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """``batch`` or ``batches``, ``departure`` or ``departures``, ``box`` or ``boxes``."""
    return noun if number == 1 else noun + ("es" if noun.endswith(("ch", "x")) else "s")
