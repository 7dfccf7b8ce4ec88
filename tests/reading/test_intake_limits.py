"""Every bound of a batch file, at the bound and one over."""

from __future__ import annotations

import io
import zipfile

import pytest

from planner.errors import InputError
from planner.reading import codes
from planner.reading.batches import read_intake
from planner.reading.csv_file import MAX_LINE
from planner.reading.intake_limits import DEFAULT_LIMITS, IntakeLimits
from tests.reading.crafted import rows_xml, sheet_xml, workbook
from tests.reading.intake_cases.makers import HEADER, ROW, item, js, lines, plain, rows, text
from tests.reading.intake_cases.world import intake_network


@pytest.fixture(scope="module")
def network():
    return intake_network()


def codes_of(content: bytes, network, **limits: int) -> set[str]:
    """Kinds of the faults of a file under other limits."""
    intake = read_intake(io.BytesIO(content), network, "march", limits=IntakeLimits(**limits))
    assert intake.is_whole == (codes.TOO_LARGE not in {issue.code for issue in intake.issues})
    return {issue.code for issue in intake.issues}


def table(number: int) -> list[list[str]]:
    return [[f"B-{at}", *ROW[1:]] for at in range(number)]


def unpacked_bytes(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(member.file_size for member in archive.infolist())


def test_bounds_are_those_of_the_documentation():
    assert (
        IntakeLimits(
            file_bytes=50_000_000,
            batches=20_000,
            rows=200_000,
            columns=200,
            field_characters=10_000,
            list_items=100,
            json_depth=64,
            members=1_000,
            unpacked_bytes=200_000_000,
            ratio=200,
            cells=10_000_000,
        )
        == DEFAULT_LIMITS
    )


def test_bytes_of_the_file(network):
    content = text()
    assert codes_of(content, network, file_bytes=len(content)) == set()
    with pytest.raises(InputError, match="larger than 0 MB") as caught:
        codes_of(content, network, file_bytes=len(content) - 1)
    assert caught.value.issues[0].code == codes.TOO_LARGE


@pytest.mark.parametrize(
    "make",
    [
        lambda number: plain(*table(number)),
        lambda number: rows(*table(number)),
        lambda number: js([item(batch_id=f"B-{at}") for at in range(number)]),
    ],
    ids=["csv", "xlsx", "json"],
)
def test_batches(network, make):
    assert codes_of(make(3), network, batches=3) == set()
    assert codes_of(make(4), network, batches=3) == {codes.TOO_LARGE}
    assert codes_of(make(40), network, batches=3) == {codes.TOO_LARGE}


@pytest.mark.parametrize(
    ("fits", "beyond"),
    [
        (plain(*table(3)), plain(*table(4))),
        (plain(*table(1), [], []), plain(*table(1), [], [], [])),
        (rows(*table(3)), rows(*table(4))),
    ],
    ids=["csv", "blank lines", "xlsx"],
)
def test_rows_of_a_table(network, fits, beyond):
    assert codes_of(fits, network, rows=4) == set()
    assert codes_of(beyond, network, rows=4) == {codes.TOO_LARGE}


def test_columns_of_a_table(network):
    wide = [[*HEADER, ""], [*ROW, ""]]
    assert codes_of(lines(*wide).encode(), network, columns=9) == set()
    wide[0][8] = "reference"
    assert codes_of(lines(*wide).encode(), network, columns=9) == set()
    beyond = read_intake(io.BytesIO(lines(*wide).encode()), network, "march", limits=IntakeLimits(columns=8))
    assert [issue.code for issue in beyond.issues] == [codes.TOO_LARGE]
    assert not beyond.is_whole


def test_columns_of_a_sheet(network):
    wide = workbook(sheet_xml(rows_xml([[*HEADER, "reference"], [*ROW, "x"]])))
    assert codes_of(wide, network, columns=9) == set()
    assert codes_of(wide, network, columns=8) == {codes.TOO_LARGE}


def test_keys_of_an_item(network):
    def found(**limits):
        return read_intake(io.BytesIO(js([item()])), network, "march", limits=IntakeLimits(**limits)).issues

    assert found(columns=8) == ()
    assert [(issue.code, issue.column) for issue in found(columns=7)] == [(codes.TOO_LARGE, "/0")]


@pytest.mark.parametrize(
    "make", [lambda reference: text(reference=reference), lambda x: js([item(reference=x)])]
)
def test_characters_of_a_cell_without_the_blanks_around_it(network, make):
    def found(reference):
        limits = IntakeLimits(field_characters=20)
        return [
            issue.code
            for issue in read_intake(io.BytesIO(make(reference)), network, "x", limits=limits).issues
        ]

    assert found(" " * 30 + "x" * 20) == []
    assert found("x" * 21) == [codes.TOO_LONG]


def test_items_of_a_list(network):
    via = "rail;barge;roro;air"
    assert codes_of(text(modes=via), network, list_items=4) == set()
    intake = read_intake(io.BytesIO(text(modes=via)), network, "x", limits=IntakeLimits(list_items=3))
    assert [(issue.code, issue.column) for issue in intake.issues] == [(codes.TOO_LONG, "modes")]


def test_depth_of_json(network):
    content = js({"batches": [item(via=["PL-HUB"])]})
    assert codes_of(content, network, json_depth=4) == set()
    assert codes_of(content, network, json_depth=3) == {codes.TOO_LARGE}


def test_members_of_a_workbook(network):
    content = rows(ROW)
    assert codes_of(content, network, members=5) == set()
    assert codes_of(content, network, members=4) == {codes.TOO_LARGE}


def test_unpacked_bytes_of_a_workbook(network):
    content = rows(ROW)
    assert codes_of(content, network, unpacked_bytes=unpacked_bytes(content)) == set()
    assert codes_of(content, network, unpacked_bytes=unpacked_bytes(content) - 1) == {codes.TOO_LARGE}


def test_ratio_of_a_workbook(network):
    content = rows(*table(200))
    ratio = -(-unpacked_bytes(content) // len(content))
    assert ratio > 1
    assert codes_of(content, network, ratio=ratio) == set()
    assert codes_of(content, network, ratio=ratio - 1) == {codes.TOO_LARGE}


def test_cells_of_a_sheet(network):
    assert codes_of(rows(ROW), network, cells=16) == set()
    assert codes_of(rows(ROW), network, cells=15) == {codes.TOO_LARGE}


def test_characters_of_a_line(network):
    most = MAX_LINE - len(lines(ROW)) - 2
    blanks = [" " * 100_000] * (most // 100_001)
    fits = lines([*HEADER, *[""] * len(blanks)], [*ROW, *blanks]).encode()
    assert codes_of(fits, network) == set()
    intake = read_intake(io.BytesIO(text() + b"x," * (MAX_LINE // 2) + b"x"), network, "march")
    assert [(issue.row, issue.code) for issue in intake.issues] == [(3, codes.TOO_LARGE)]
