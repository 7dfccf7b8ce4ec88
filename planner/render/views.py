"""Views: tables of typed cells, which become a sheet of a workbook or a CSV file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.clock import from_minutes
from planner.render.csv import guard
from planner.render.texts import counting_scale
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.model.ids import PlaceId
    from planner.model.problem import Problem

TEXT, WHOLE, MONEY, DECIMAL, DAY, TIME = "text", "whole", "money", "decimal", "day", "time"
KINDS = (TEXT, WHOLE, MONEY, DECIMAL, DAY, TIME)
Cell = str | int | Decimal | date | datetime | None
_WIDTHS = {TEXT: 16, WHOLE: 10, MONEY: 15, DECIMAL: 11, DAY: 12, TIME: 17}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view.

    Parameters
    ----------
    name
        In small letters with underscores.
    kind
        One of :data:`KINDS`: how its numbers and times are shown.
    width
        Letters that fit; 0 = as is usual for the kind.
    """

    name: str
    kind: str = TEXT
    width: int = 0

    @property
    def heading(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ")

    @property
    def letters(self) -> int:
        """Width in letters, the heading included."""
        return max(self.width or _WIDTHS[self.kind], len(self.name) + 2)


@dataclass(frozen=True, slots=True)
class View:
    """A table of typed cells; local times have no zone of their own, a column names it."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def view_csv(view: View) -> str:
    """A view as CSV; text that a spreadsheet would take for a formula has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in view.columns])
    writer.writerows([_csv_text(cell) for cell in row] for row in view.rows)
    return out.getvalue()


def _csv_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, str):
        return guard(cell)
    return "" if cell is None else str(cell)


def local(problem: Problem, minutes: int, place: PlaceId) -> datetime:
    """What the clock of a place shows."""
    return from_minutes(minutes, zone_of(problem, place)).replace(tzinfo=None)


def zone_of(problem: Problem, place: PlaceId) -> str:
    """Name of the clock of a place."""
    return problem.network.places[place].time_zone


def money(cents: int) -> Decimal:
    """Whole currency units."""
    return Decimal(cents).scaleb(-2)


def hundredths(value: Fraction | int) -> Decimal:
    """Number with two decimals, rounded half up."""
    return Decimal(round_half_up(value * HUNDREDTHS)).scaleb(-2)


def in_days(minutes: Fraction | int) -> Decimal:
    """Days with two decimals."""
    return hundredths(Fraction(minutes) / MINUTES_PER_DAY)


def in_units(counted: int, unit: str) -> Decimal | int:
    """Counting units as whole units of a capacity unit."""
    scale = counting_scale(unit)
    return counted if scale == 1 else Decimal(counted).scaleb(-2)
