"""Texts up into a workbook and down again, by our reader and by another."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.reading.intake_limits import DEFAULT_LIMITS
from planner.reading.sheet_xml import read_cells
from planner.reading.workbook import read_workbook
from planner.render.text_sheet import MOST_IN_A_CELL, text_workbook

HOSTILE = (
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        " =1",
        '"=1',
        "'=1",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "&amp;",
        "a\rb",
        "a\r\nb",
        "_x0041_",
        "_x005F_x0041_",
    ),
    *("__x0041__", "x0041", "  blanks  ", "\u3000", "比亚迪（深圳）", "😀", "\ufeffmark", "\u202e", "]]>"),
)


def read_back(content: bytes) -> list[list[str]]:
    """Cells as our own reader has them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = read_workbook(archive)
        (part,) = book.sheets
        sheet = read_cells(archive, book, part, DEFAULT_LIMITS, most_lines=1_000_000, is_table=True)
    return [[row[at].text if at in row else "" for at in range(max(row) + 1)] for _, row in sheet.rows]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_the_same_text(text):
    content = text_workbook("t", [["head", text, "tail"]])
    assert read_back(content) == [["head", text if text.strip() else "", "tail"]]
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["B1"]
    assert cell.data_type == "s"
    assert (cell.number_format, cell.value.replace("_x000D_", "\r")) == (
        "@",
        text.replace("_x0", "_x005F_x0"),
    )


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_text_is_read_as_it_was_but_for_what_xml_cannot_hold(rows):
    illegal = {*map(chr, range(32)), "\ufffe", "\uffff"} - {"\t", "\n", "\r"}
    shown = [
        ["\ufffd" if c in illegal or "\ud800" <= c <= "\udfff" else c for c in text]
        for row in rows
        for text in row
    ]
    found = [text for row in read_back(text_workbook("t", rows)) for text in row]
    assert [text for text in found if text.strip()] == [text for text in map("".join, shown) if text.strip()]


def test_a_text_too_long_for_a_cell_is_cut():
    assert len(read_back(text_workbook("t", [["x" * (MOST_IN_A_CELL + 1)]]))[0][0]) == MOST_IN_A_CELL


def test_the_same_texts_give_the_same_bytes():
    assert text_workbook("t", [["a"]]) == text_workbook("t", [["a"]])
