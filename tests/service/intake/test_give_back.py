"""Rejected rows and lists of faults: no cell can act, and read again it says the same."""

from __future__ import annotations

import csv
import io
import re
from itertools import product

import openpyxl
import pytest

from planner.render.text_sheet import text_workbook
from tests.service.intake.test_desk import GOOD, HEADER, as_csv

STARTS = ("=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠", " =", '"=', "'=", "''=", "\u3000=", "\u00a0=")
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x")',
    "SUM(A1:A9)*2",
    "x",
    "_x0041_",
    "比亚迪",
    "1",
    "A1",
)
HOSTILE = [start + body for start, body in product(STARTS, BODIES)]
ROWS = [
    [f"B-{at}", text, "BYD-CGO", "=1" if at % 2 else "CMP-LONDN", "atto-3", "0", "2027-03-01", "2027-06-05"]
    for at, text in enumerate(HOSTILE)
]


ACTIVE = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def is_figure(text: str) -> bool:
    return text.lstrip("+-").replace(".", "").isdigit()


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def parsed(request, desk):
    content = as_csv(HEADER, *ROWS) if request.param == "csv" else text_workbook("x", [HEADER, *ROWS])
    found = desk.read_upload(content, "hostile", None)
    assert found.num_rows == len(HOSTILE)
    assert found.rows == ()
    return found


def cells_of(content: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


def test_no_cell_of_the_list_of_faults_can_act(parsed):
    cells = [cell for row in cells_of(parsed.row_errors, "csv") for cell in row]
    assert len(cells) > 5 * len(HOSTILE)
    assert [cell for cell in cells if ACTIVE.match(cell)] == []


def test_no_cell_of_the_rejected_rows_can_act(parsed):
    table = cells_of(parsed.rejected, parsed.format)
    assert len(table) == len(HOSTILE) + 1
    if parsed.format == "csv":
        cells = [cell for row in table for cell in row if not is_figure(cell)]
        assert [cell for cell in cells if ACTIVE.match(cell)] == []


def test_rejected_rows_that_are_read_again_have_the_same_faults(parsed, desk):
    again = desk.read_upload(parsed.rejected, "again", None)
    told = [(issue.row, issue.column, issue.code, issue.reason) for issue in parsed.issues]
    assert [(issue.row, issue.column, issue.code, issue.reason) for issue in again.issues] == told


def test_hostile_ids_come_out_as_they_went_in(desk):
    good = [[f"B{at}", "BYD", *GOOD[2:]] for at in range(len(HOSTILE))]
    header = [*HEADER, "reference"]
    table = [[*row, text] for row, text in zip(good, HOSTILE, strict=True) if text.isprintable()]
    first = desk.read_upload(as_csv(header, *table), "hostile", None)
    assert len(first.rows) == len(table)
    items = [{**row.texts} for row in first.rows]
    second = desk.read_upload(as_csv(header, *([item[c] for c in header] for item in items)), "again", None)
    assert [row.texts["reference"] for row in second.rows] == [item["reference"] for item in items]
