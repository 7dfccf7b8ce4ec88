"""How the files of the catalogue are made, and how their answers are told."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from planner.clock import to_minutes
from tests.reading.crafted import (
    rows_xml,
    sheet_xml,
    workbook,
)

GOOD = {
    "batch_id": "B-1",
    "shipper": "Maker",
    "origin": "CN-PLANT",
    "destination": "DE-YARD",
    "vehicle_type": "SUV",
    "vehicles": "300",
    "ready": "2027-03-04",
    "due": "2027-04-20",
}
HEADER = list(GOOD)
CHINESE = ["批次号", "托运人", "始发地", "目的地", "车型", "数量", "就绪日期", "交付期限"]
ROW = list(GOOD.values())


@dataclass(frozen=True)
class Taken:
    """The file is read: values of the first batch, and words of notes, each in a note of its own."""

    fields: dict[str, object]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """One fault: line, column, words of reason and hint."""

    line: int | None
    column: str | None
    reason: str
    hint: str = ""


def utc(*parts: int) -> int:
    return to_minutes(datetime(*parts, tzinfo=UTC))


# Makers


def lines(*rows, mark=",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


def text(**changes) -> bytes:
    """A CSV file of one row with some cells changed or added."""
    row = GOOD | changes
    return lines(list(row), list(row.values())).encode()


def plain(*rows) -> bytes:
    """A CSV file of lines below the usual header."""
    return lines(HEADER, *rows).encode()


def item(**changes) -> dict:
    return GOOD | {"vehicles": 300} | changes


def js(document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def sheet(header=HEADER, row=ROW, **changes) -> str:
    """XML of a sheet of one row with some cells changed."""
    heads = [*header, *(name for name in changes if name not in header)]
    cells = dict(zip(heads, [*row, *[""] * len(changes)], strict=False)) | changes
    return sheet_xml(rows_xml([heads, list(cells.values())]))


def xlsx(**changes) -> bytes:
    return workbook(sheet(**changes))


def rows(*more, hidden=(), before="", after="", **options) -> bytes:
    """A workbook of the usual header and more lines."""
    return workbook(sheet_xml(rows_xml([HEADER, *more], hidden), before=before, after=after), **options)


OTHER_ROW = ["B-2", *ROW[1:]]
BATCH_300 = {"id": "B-1", "vehicles": 300, "ready_min": utc(2027, 3, 3, 16), "due_min": utc(2027, 4, 20, 22)}
