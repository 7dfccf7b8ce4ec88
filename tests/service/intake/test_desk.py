"""What a client sends, read in a child: rows, faults with their places, and files to give back."""

from __future__ import annotations

import csv
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import psutil
import pytest

from planner.reading.batches import read_intake
from planner.reading.tables import read_network
from planner.render.text_sheet import text_workbook
from service.intake.results import NetworkReport, Parsed
from tests.reading.crafted import Xml, rows_xml, sheet_xml, workbook
from tests.reading.network_folder import NetworkFolder
from tests.waiting import wait_until

HEADER = ["batch_id", "shipper", "origin", "destination", "vehicle_type", "vehicles", "ready", "due"]
GOOD = ["B-1", "BYD", "BYD-CGO", "CMP-LONDON", "atto-3", "87", "2027-03-01", "2027-06-05"]
KEYS = ["externalRef", "shipper", "origin", "destination", "vehicleType", "vehicles", "ready", "due"]


def as_csv(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_json(*rows: list[str]) -> bytes:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows]).encode()


@pytest.mark.parametrize("name", ["month", "small", "overload"])
def test_the_child_reads_what_the_library_reads(desk, root, name):
    path = root / "network_data" / "batches" / f"{name}.csv"
    intake = read_intake(path, read_network())
    for content in (path, path.read_bytes()):
        parsed = desk.read_upload(content, path.name, None)
        assert (parsed.format, parsed.is_whole, parsed.num_rows) == ("csv", True, len(intake.rows))
        assert [row.texts for row in parsed.rows] == [dict(row.texts) for row in intake.rows]
        assert [(row.line, row.batch_id, row.vehicles) for row in parsed.rows] == [
            (row.line, row.batch.id, row.batch.vehicles) for row in intake.rows
        ]
        assert (parsed.issues, parsed.num_issues, parsed.rejected) == ((), 0, b"")
        assert parsed.row_errors.decode("utf-8-sig") == "line,column,value,code,reason,hint\r\n"


def test_texts_of_accepted_rows_make_the_same_batches_as_a_file_in_json(desk, root):
    first = desk.read_upload(root / "network_data" / "batches" / "month.csv", "month.csv", None)
    again = desk.read_upload(json.dumps([row.texts for row in first.rows]).encode(), "again", None)
    assert again.format == "json"
    assert [row.texts for row in again.rows] == [row.texts for row in first.rows]
    network = read_network()
    content = json.dumps([row.texts for row in first.rows]).encode()
    assert (
        read_intake(io.BytesIO(content), network, "texts").batches
        == read_intake(root / "network_data" / "batches" / "month.csv", network).batches
    )


def test_a_faulty_row_of_a_table_names_line_column_and_code_and_comes_back(desk):
    bad = ["B-2", "BYD", "BYD-CGO", "CMP-LONDN", "atto-3", "=0", "2027-03-01", "2027-06-05"]
    for content in (as_csv(HEADER, GOOD, bad), text_workbook("x", [HEADER, GOOD, bad])):
        parsed = desk.read_upload(content, "march", None)
        assert [row.batch_id for row in parsed.rows] == ["B-1"]
        assert (parsed.num_rows, parsed.num_issues, parsed.is_whole) == (2, 2, True)
        place, number = parsed.issues
        assert (place.row, place.column, place.value, place.code) == (
            *(3, "destination", "CMP-LONDN", "not_in_network"),
        )
        assert "CMP-LONDON" in place.hint
        assert (number.column, number.code, number.pointer, number.file) == (
            *("vehicles", "not_a_number", None, "march"),
        )
        table = list(csv.DictReader(io.StringIO(parsed.row_errors.decode("utf-8-sig"))))
        assert table[1] == {
            "line": "3",
            "column": "vehicles",
            "value": "'=0",
            "code": "not_a_number",
            "reason": "is not a number",
            "hint": "digits only, decimals after a point",
        }
        if parsed.format == "csv":
            header, row = csv.reader(io.StringIO(parsed.rejected.decode("utf-8-sig")))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(parsed.rejected)).active
            header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
        assert header == [*HEADER, "error"]
        assert (row[0], row[5].lstrip("'")) == ("B-2", "=0")
        assert row[8].startswith("destination: is no place of the network")


def test_a_faulty_item_of_a_json_file_has_a_pointer_and_a_number(desk):
    bad = ["B-2", "BYD", "BYD-CGO", "CMP-LONDN", "atto-3", "8", "2027-03-01", "2027-06-05"]
    parsed = desk.read_upload(as_json(GOOD, bad), "march.json", None)
    (issue,) = parsed.issues
    assert (issue.pointer, issue.row, issue.column) == ("/1/destination", 2, "destination")
    (item,) = json.loads(parsed.rejected)["batches"]
    assert item["batch_id"] == "B-2"
    assert "is no place" in item["error"]


def test_rows_of_a_request_have_pointers_into_its_body(desk):
    good = dict(zip(KEYS, GOOD, strict=True)) | {
        "vehicles": 87,
        "via": ["CN-KHG", "XX-1"],
        "notModes": ["air"],
    }
    rows = [
        {key: value for key, value in good.items() if key != "via"},
        good | {"externalRef": "B-2"},
        {"externalRef": "b-1", "batchId": "B-3", "a/b~c": 1, "ready": float("nan"), "x" * 99: None},
    ]
    parsed = desk.read_rows(rows[:2], None)
    assert [row.batch_id for row in parsed.rows] == ["B-1"]
    assert parsed.rows[0].line == 1
    assert {issue.pointer for issue in parsed.issues} == {"/batches/1/via"}
    assert {issue.row for issue in parsed.issues} == {2}
    parsed = desk.read_rows(rows, None)
    assert not parsed.is_whole
    assert [(issue.pointer, issue.code) for issue in parsed.issues] == [("/batches/2/ready", "not_a_number")]
    del rows[2]["ready"]
    parsed = desk.read_rows(rows, None)
    found = {issue.pointer: issue for issue in parsed.issues if issue.row == 3}
    assert found["/batches/2/batchId"].code == "unknown"
    assert found["/batches/2/a~1b~0c"].column == "a/b~c"
    assert found["/batches/2"].column.startswith("xxx")
    assert found["/batches/2/vehicleType"].code == "missing"
    assert found["/batches/2/externalRef"].code == "duplicate"


def test_ids_that_look_alike_have_one_likeness(desk):
    parsed = desk.read_rows([dict(zip(KEYS, GOOD, strict=True))], None)
    other = desk.read_rows([dict(zip(KEYS, ["ｂ -1", *GOOD[1:]], strict=True))], None)
    assert parsed.rows[0].likeness == other.rows[0].likeness
    assert parsed.rows[0].batch_id != other.rows[0].batch_id


def test_rows_are_read_against_the_network_of_the_tenant(desk, tmp_path):
    folder = NetworkFolder(tmp_path / "own")
    row = ["B-1", "BYD", "PLANT", "MARKET", "SUV", "10", "2025-03-03", "2025-04-20"]
    assert [one.batch_id for one in desk.read_upload(as_csv(HEADER, row), "x", folder.path).rows] == ["B-1"]
    other = desk.read_upload(as_csv(HEADER, row), "x", None)
    assert {(issue.column, issue.code) for issue in other.issues} == {
        ("origin", "not_in_network"),
        ("destination", "not_in_network"),
        ("vehicle_type", "not_in_network"),
    }


def test_what_was_evened_out_is_noted(desk):
    parsed = desk.read_upload(b"\xef\xbb\xbf" + as_csv(HEADER, [" B-1", *GOOD[1:]]), "march", None)
    assert [note.reason for note in parsed.notes] == [
        "the byte order mark at the start is left out",
        "blanks around the text are left out",
    ]
    assert parsed.rows[0].texts["batch_id"] == "B-1"


def test_what_cannot_be_shown_is_written_out(desk):
    half = '<c r="{r}" t="inlineStr"><is><t>_xD800_\u202e_x0007_</t></is></c>'
    content = workbook(sheet_xml(rows_xml([HEADER, [Xml(half), *GOOD[1:]]])))
    parsed = desk.read_upload(content, "a\x00\ud800\n.csv" + "x" * 500, None)
    (issue,) = parsed.issues
    assert issue.value == "\\ud800\\u202e\\x07"
    assert issue.file.startswith("a\\x00\\ud800\\n.csv")
    assert len(issue.file) == 100
    assert openpyxl.load_workbook(io.BytesIO(parsed.rejected)).active["A2"].value == "\ufffd\u202e\ufffd"
    json.dumps([issue.value, issue.file]).encode()
    parsed.row_errors.decode("utf-8-sig")


def test_twenty_calls_at_once_all_get_their_own_answer(desk):
    def read(number: int) -> str:
        rows = [dict(zip(KEYS, [f"B-{number}", *GOOD[1:]], strict=True))]
        (row,) = desk.read_rows(rows, None).rows
        return row.batch_id

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(read, range(20))) == [f"B-{number}" for number in range(20)]


def test_no_child_is_left_and_the_fork_server_holds_no_sockets(desk):
    desk.read_rows([], None)
    server = psutil.Process(desk.pid)
    before = server.num_fds()
    for _ in range(5):
        desk.read_rows([], None)
    wait_until(lambda: not server.children() and server.num_fds() <= before)
    assert threading.active_count() < 50


def test_children_inherit_nothing_secret(desk):
    environment = Path(f"/proc/{desk.pid}/environ")
    if not environment.exists():
        pytest.skip("the system shows no environment of a process")
    names = {item.split("=")[0] for item in environment.read_text().split("\0") if item}
    assert names <= {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "LC_CTYPE"} | {
        name for name in names if name.endswith("_NUM_THREADS")
    }


def test_results_come_over_the_wire_as_they_were(desk):
    parsed = desk.read_upload(as_csv(HEADER, GOOD, ["é", *GOOD[1:5], "x", *GOOD[6:]]), "march", None)
    assert Parsed.from_parts(parsed.to_parts()) == parsed
    report = NetworkReport(
        digest="ab", num_rows={"places": 1}, issues=parsed.issues, num_issues=1, notes=(), row_errors=b"x"
    )
    assert NetworkReport.from_parts(report.to_parts()) == report
