"""Rows that were refused, given back in the format they came in, each with what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from planner.reading.batch_columns import ERROR, find_column
from planner.reading.batch_json import LIST_KEY
from planner.reading.intake import JSON, XLSX, texts_of
from planner.render.csv import guard
from planner.render.text_sheet import text_workbook

if TYPE_CHECKING:
    from planner.reading.intake import Intake, RejectedRow

_BYTE_ORDER_MARK = "\ufeff"
_FIGURE = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*")
SHEET = "rejected"


def rejected_file(intake: Intake) -> bytes:
    """Bytes of a file with the header and the refused rows only, and a column ``error``.

    Every cell is text: nothing in it can act as a formula. In CSV, text that a spreadsheet would take for one
    has an apostrophe before it, which is left out again at reading. A file of which no header could be read
    gives an empty table.
    """
    if intake.format == JSON:
        return _as_json(intake)
    table = _table(intake)
    return text_workbook(SHEET, table) if intake.format == XLSX else _as_csv(table)


def _table(intake: Intake) -> list[list[str]]:
    """Header and rows with the column of errors: the file's own if it has one, else one behind all others."""
    width = max([len(intake.header), *(len(row.cells) for row in intake.rejected)])
    errors_at = next((at for at, heading in enumerate(intake.header) if find_column(heading) == ERROR), width)
    return [
        _with_error(intake.header, errors_at, ERROR, width),
        *(_with_error(row.cells, errors_at, texts_of(row.issues), width) for row in intake.rejected),
    ]


def _with_error(cells: tuple[str, ...], errors_at: int, error: str, width: int) -> list[str]:
    row = [*cells, *[""] * (max(width, errors_at + 1) - len(cells))]
    row[errors_at] = error
    return row


def _as_csv(table: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in table:
        writer.writerow([text if _FIGURE.fullmatch(text) else guard(text) for text in row])
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()


def _as_json(intake: Intake) -> bytes:
    items = [_item(row) for row in intake.rejected]
    text = json.dumps({LIST_KEY: items}, ensure_ascii=False, indent=2, default=_number)
    return f"{text}\n".encode()


def _item(row: RejectedRow) -> dict[str, object]:
    item = row.item if isinstance(row.item, dict) else {"value": row.item}
    return {**item, ERROR: texts_of(row.issues)}


def _number(value: object) -> object:
    """Number with a point as it stood there, or as text where a float would change it."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} does not come from JSON")
    return float(value) if Decimal(repr(float(value))) == value else str(value)
