"""Files that want to do harm: each gets an answer, soon, and the next one is read as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.reading.intake_limits import IntakeLimits
from service.intake.bounds import ChildBounds
from service.intake.desk import IntakeDesk
from service.intake.refusals import IntakeRefused
from tests.reading.crafted import rows_xml, sheet_xml, workbook, zip_of
from tests.reading.intake_cases.archives import ARCHIVES, LAUGHS
from tests.reading.intake_cases.makers import HEADER, ROW, js, lines, plain, rows, text
from tests.service.intake.test_desk import GOOD, as_csv
from tests.service.intake.test_desk import HEADER as COLUMNS

SOON = ChildBounds(cpu_s=5)
"""Seconds of the processor, so that it does not matter what else the machine does."""
MANY_ROWS = '<row r="1"/>' + "".join(f'<row r="{at}"/>' for at in range(2, 400_000))


def sheet_of(xml: str) -> bytes:
    return workbook(sheet_xml(xml))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "one byte": (lambda: b"\x00", "missing"),
    "a line without end": (lambda: text() + b"x" * 5_000_000, "too_large"),
    "a quote without end": (lambda: text() + b'"' + b"x\n" * 500_000, "layout"),
    "only commas": (lambda: b"," * 1_900_000, "empty"),
    "only line feeds": (lambda: b"\n" * 1_000_000, "too_large"),
    "only quotes": (lambda: b'"' * 1_000_001, "layout"),
    "every row another unknown place": (
        lambda: plain(*([f"B{at}", "m", f"p{at}", f"q{at}", f"t{at}", *ROW[5:]] for at in range(5_000))),
        "not_in_network",
    ),
    "every heading unknown": (
        lambda: lines([*HEADER, *(f"h{at}" for at in range(190))], *[[*ROW, *["x"] * 190]] * 500).encode(),
        "unknown",
    ),
    "numbers that make a pattern run": (lambda: text(vehicles="9" * 9_999 + "x"), "not_a_number"),
    "accents without end": (lambda: text(reference="\u0301\u0323" * 5_000), "too_long"),
    "lists without end": (lambda: text(modes="rail;" * 1_900), "too_long"),
    "deep JSON": (lambda: b"[" * 10_000_000, "too_large"),
    "deep objects": (lambda: b'{"batches":' * 1_000_000, "too_large"),
    "JSON of NaN": (lambda: b"[" + b"NaN," * 10_000 + b"1]", "not_a_number"),
    "JSON of one key": (lambda: b"[{" + b'"a":1,' * 10_000 + b'"a":1}]', "twice"),
    "JSON with a long number": (lambda: b'[{"vehicles":' + b"9" * 1_000_000 + b"}]", "too_long"),
    "JSON of many keys": (lambda: js([{f"k{at}": at for at in range(100_000)}]), "too_large"),
    "JSON of small lists": (lambda: b"[" + b"[]," * 300_000 + b"[]]", "wrong_type"),
    "entities that multiply": (
        lambda: workbook(f"<!DOCTYPE worksheet [{LAUGHS}]>" + sheet_xml("&j;")),
        "unreadable",
    ),
    "50,000 members": (lambda: zip_of("xl/workbook.xml", *(f"m{at}" for at in range(49_999))), "too_large"),
    "a million lines said": (
        lambda: workbook(sheet_xml(rows_xml([HEADER, ROW]), before='<dimension ref="A1:XFD1048576"/>')),
        "not_in_network",
    ),
    "lines without cells": (lambda: sheet_of(MANY_ROWS), "empty"),
    "a line far below": (
        lambda: sheet_of(rows_xml([HEADER, ROW]) + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "not_in_network",
    ),
    "a line below all lines": (
        lambda: sheet_of(rows_xml([HEADER, ROW]) + f'<row r="{"9" * 400}"><c><v>1</v></c></row>'),
        "not_in_network",
    ),
    "merged over everything": (
        lambda: workbook(sheet_xml(rows_xml([HEADER, ROW]), after='<mergeCell ref="A1:XFD1048576"/>')),
        "layout",
    ),
    "hidden everything": (
        lambda: rows(ROW, before=f'<cols><col min="-{"9" * 30}" max="{"9" * 30}" hidden="1"/></cols>'),
        "not_in_network",
    ),
    "a workbook in itself": (lambda: workbook(sheet_xml(""), more={"a.xlsx": rows(ROW)}), "empty"),
}


@pytest.fixture(scope="module")
def desk():
    made = IntakeDesk(bounds=SOON)
    yield made
    made.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_answer(desk, name):
    make, wanted = HOSTILE[name]
    parsed = desk.read_upload(make(), "march", None)
    assert wanted in {issue.code for issue in parsed.issues}
    assert parsed.rows == ()


@pytest.mark.parametrize(("name", "content"), [case[:2] for case in ARCHIVES])
def test_archives_of_the_catalogue(desk, name, content):
    parsed = desk.read_upload(content, name, None)
    assert parsed.rows == ()
    assert parsed.issues


@pytest.mark.parametrize(
    ("content", "bounds", "code"),
    [
        (lambda: b"[" + b"[]," * 3_000_000 + b"[]]", {"memory_bytes": 60_000_000}, "too_much_memory"),
        (
            lambda: as_csv(COLUMNS, GOOD) + b"x,\n" * 1_500_000,
            {"memory_bytes": 40_000_000},
            "too_much_memory",
        ),
        (lambda: sheet_of("<row>" + "<c/>" * 8_000_000 + "</row>"), {"cpu_s": 1}, "too_slow"),
    ],
    ids=["JSON of lists", "many short rows", "cells without content"],
)
def test_a_file_within_all_sizes_is_stopped_by_the_system(content, bounds, code):
    limits = IntakeLimits(batches=10_000_000, rows=10_000_000, ratio=10_000, file_bytes=100_000_000)
    desk = IntakeDesk(limits, ChildBounds(**bounds))
    try:
        with pytest.raises(IntakeRefused) as caught:
            desk.read_upload(content(), "march", None)
        assert caught.value.code == code
        assert len(desk.read_upload(as_csv(COLUMNS, GOOD), "good", None).rows) == 1
    finally:
        desk.close()
