"""What duties have to be: codes that customs knows, and no two rows that claim the same vehicle."""

from __future__ import annotations

from collections import defaultdict

from planner.reading.cells import CellError, parse_country
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import check_date_order

MOST_RATE = 2
MOST_DIGITS = 10


def check_duties(tables: Tables) -> None:
    """Every rule of duties and of the codes by which they are found."""
    for vehicle_type in tables.list_clean("vehicle_types"):
        _check_code(tables, vehicle_type)
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for duty in tables.list_clean("duties"):
        _check_code(tables, duty)
        _check_countries(tables, duty)
        check_date_order(tables, duty)
        if duty["rate"] > MOST_RATE:
            tables.refuse(duty, "rate", f"is above {MOST_RATE}", "a share: 0.1 are 10 %")
        rows_of[duty["duty"]].append(duty)
    for rows in rows_of.values():
        for at, row in enumerate(rows):
            other = next((other for other in rows[:at] if _claim_the_same(row, other)), None)
            if other is not None:
                reason = f"line {other.line} is the same duty for the same vehicles on the same days"
                column = "shippers" if row["shippers"] else "duty"
                tables.refuse(row, column, reason, "another name, or dates that do not meet")


def _check_code(tables: Tables, row: Row) -> None:
    code = row["hs_code"]
    if code and not (code.isascii() and code.isdigit() and len(code) <= MOST_DIGITS):
        tables.refuse(row, "hs_code", "is no code of the Harmonized System", "digits only, such as 870380")


def _check_countries(tables: Tables, duty: Row) -> None:
    for country in duty["countries"]:
        try:
            parse_country(country)
        except CellError as error:
            tables.refuse(duty, "countries", f"{country} {error.reason}", error.hint)


def _claim_the_same(one: Row, other: Row) -> bool:
    """Whether two rows of one name can hold for one vehicle with neither beating the other."""
    if bool(one["shippers"]) != bool(other["shippers"]) or one["hs_code"] != other["hs_code"]:
        return False
    if one["shippers"] and not set(one["shippers"]) & set(other["shippers"]):
        return False
    firsts = [row["first_date"] for row in (one, other) if row["first_date"] is not None]
    lasts = [row["last_date"] for row in (one, other) if row["last_date"] is not None]
    meets = not firsts or not lasts or max(firsts) <= min(lasts)
    return meets and bool(set(one["countries"]) & set(other["countries"]))
