"""Rates of the table ``fx``: which one counts on a day, and amounts of cells in the reporting currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from planner.errors import Issue
from planner.reading.cells import CellError, parse_currency, suggest
from planner.reading.rows import Row, Tables

CENTS = 100


@dataclass(frozen=True, slots=True)
class Rates:
    """Exact cents of the reporting currency for one unit of each currency."""

    cents_of: Mapping[str, Fraction]

    def cents(self, row: Row, column: str) -> Fraction:
        """Amount of a cell, which is in the currency the row names."""
        amount: Fraction = row[column]
        return amount * self.cents_of[row["currency"]]

    def cents_or_nothing(self, row: Row, column: str) -> Fraction:
        """Amount of a cell that may be blank, and the currency with it: nothing then."""
        return Fraction(0) if row[column] is None else self.cents(row, column)

    def price(self, row: Row) -> Fraction:
        """Cents per unit of ``per``; a share of cargo value is no money and stays as it is."""
        share: Fraction = row["price"]
        return share if row["per"] == "value" else self.cents(row, "price")


def find_usd(tables: Tables, day: date | None) -> dict[str, Fraction]:
    """US dollars for one unit of each currency: its last rate on or before ``day``, or its newest."""
    rows = sorted(tables.list_clean("fx"), key=lambda row: row["date"].toordinal())
    return {row["currency"]: row["usd"] for row in rows if day is None or row["date"] <= day}


def check_rates(tables: Tables, currency: str, day: date | None) -> None:
    """The reporting currency has a rate, and every currency one on or before ``day``."""
    if day is not None:
        _check_day(tables, day)
    try:
        parse_currency(currency)
    except CellError as error:
        tables.refuse_file(Issue(file="fx.csv", value=currency, reason=error.reason, hint=error.hint))
        return
    known = {row.texts.get("currency", "") for row in tables.rows["fx"]}
    if "fx" not in tables.unread and currency not in known:
        reason = "there is no rate for the reporting currency"
        issue = Issue(
            file="fx.csv", column="currency", value=currency, reason=reason, hint=suggest(currency, known)
        )
        tables.refuse_file(issue)


def _check_day(tables: Tables, day: date) -> None:
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for row in tables.list_clean("fx"):
        rows_of[row["currency"]].append(row)
    for name, rows in rows_of.items():
        first = min(rows, key=lambda row: row["date"].toordinal())
        if first["date"] > day:
            hint = "a later date of rates, or an older row of fx.csv"
            tables.refuse(first, "date", f"{name} has no rate on or before {day}", hint)
