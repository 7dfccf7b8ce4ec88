"""Batch files on the command line: what is skipped, what is given back, what is noted, and the empty one."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from tests.command import run
from tests.reading.network_folder import network_with_unloading

HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due"
ROWS = """B-1,BYD,PLANT,MARKET,SUV,10,2025-03-03,2025-04-20
=1+1,BYD,PLANT,MARKT,SUV,10,2025-03-03,2025-04-20
B-3,,PLANT,MARKET,SUV,４,2025年3月4日,2025-04-20
"""


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    return network_with_unloading(tmp_path_factory.mktemp("network") / "tables").path


@pytest.fixture
def batches(tmp_path):
    path = tmp_path / "batches.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_a_faulty_row_refuses_the_file_unless_it_is_to_be_skipped(command, batches, network):
    refused = run(command, batches, "--network", network)
    skipped = run(command, batches, "--network", network, "--on-error", "skip")
    assert refused.exit_code == 3
    assert "line 3, column destination: 'MARKT'" in refused.output
    assert skipped.exit_code == 0
    assert "line 3, column destination: 'MARKT'" in skipped.stderr
    assert skipped.stderr.endswith("1 row skipped.\n")
    assert "14 vehicles" in skipped.stdout


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_what_was_evened_out_is_noted_on_stderr(command, batches, network):
    done = run(command, batches, "--network", network, "--on-error", "skip")
    assert "line 4, column vehicles: '４': full-width characters are read as plain ones" in done.stderr
    assert "line 4, column ready: '2025年3月4日': Chinese dates are read as ISO dates" in done.stderr
    assert "full-width" not in done.stdout


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_faulty_rows_come_back_as_csv_that_is_no_formula_and_can_be_mended(
    command, batches, network, tmp_path
):
    back = tmp_path / "back.csv"
    assert run(command, batches, "--network", network, "--rejected", back).exit_code == 3
    header, row = csv.reader(io.StringIO(back.read_text(encoding="utf-8-sig")))
    assert header == [*HEADER.split(","), "error"]
    assert row[:5] == ["'=1+1", "BYD", "PLANT", "MARKT", "SUV"]
    assert row[-1].startswith("destination: is no place of the network")
    back.write_text(back.read_text(encoding="utf-8").replace("MARKT", "MARKET"), encoding="utf-8")
    mended = run("validate", back, "--network", network, "--json")
    assert json.loads(mended.stdout)["batches"] == 1
    assert "the column of faults is not read" in mended.stdout


def test_faulty_rows_of_a_workbook_come_back_as_a_workbook_of_texts(batches, network, tmp_path):
    book = openpyxl.Workbook()
    for line in csv.reader(batches.read_text(encoding="utf-8").splitlines()):
        book.active.append(line)
    for cell in book.active[3]:
        cell.data_type = "s"
    book.active["I1"] = "reference"
    book.active["I3"] = "=HYPERLINK(1)"
    given, back = tmp_path / "given.xlsx", tmp_path / "back.xlsx"
    book.save(given)
    run("validate", given, "--network", network, "--rejected", back)
    header, row = openpyxl.load_workbook(back).active.iter_rows()
    assert [cell.value for cell in header] == [*HEADER.split(","), "reference", "error"]
    assert row[0].value == "=1+1"
    assert row[8].value == "=HYPERLINK(1)"
    assert {cell.data_type for cell in row} == {"s"}
    assert row[0].quotePrefix
    assert "reference: is a formula" in row[9].value


def test_faulty_items_come_back_as_json(network, tmp_path):
    good = dict(zip(HEADER.split(","), ROWS.splitlines()[0].split(","), strict=True))
    given, back = tmp_path / "given.json", tmp_path / "back.json"
    items = [good, {**good, "batch_id": "B-2", "vehicles": 1.5}, 7]
    given.write_text(json.dumps({"batches": items}), encoding="utf-8")
    done = run("validate", given, "--network", network, "--on-error", "skip", "--rejected", back)
    assert done.exit_code == 0
    first, second = json.loads(back.read_text(encoding="utf-8"))["batches"]
    assert first == {
        **items[1],
        "error": "/batches/1/vehicles: is not a whole number "
        '(numbers with decimals or an exponent are texts; enclose it in quotes: "...")',
    }
    assert second == {"value": 7, "error": "/batches/2: is not an object (one object a batch)"}


def test_a_file_without_faults_gives_back_its_header_only(batches, network, tmp_path):
    batches.write_text(f"{HEADER}\n{ROWS.splitlines()[0]}\n", encoding="utf-8")
    back = tmp_path / "back.csv"
    back.write_text("of an earlier run", encoding="utf-8")
    assert run("validate", batches, "--network", network, "--rejected", back).exit_code == 0
    assert back.read_text(encoding="utf-8-sig") == f"{HEADER},error\n"


def test_a_faulty_header_gives_every_row_back(batches, network, tmp_path):
    batches.write_text(f"{HEADER},colour\n{ROWS.splitlines()[0]},red\n", encoding="utf-8")
    back = tmp_path / "back.csv"
    done = run("validate", batches, "--network", network, "--on-error", "skip", "--rejected", back)
    assert done.exit_code == 3
    assert "colour: is no column of batches" in back.read_text(encoding="utf-8").splitlines()[1]


def test_rejected_rows_never_replace_the_file_they_are_from(batches, network):
    before = batches.read_bytes()
    done = run("plan", batches, "--network", network, "--rejected", batches)
    assert (done.exit_code, batches.read_bytes()) == (2, before)
    assert "the batch file itself" in done.stderr


def test_nothing_is_skipped_where_no_row_is_left(batches, network):
    batches.write_text(f"{HEADER}\n{ROWS.splitlines()[1]}\n", encoding="utf-8")
    done = run("plan", batches, "--network", network, "--on-error", "skip")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "1 fault: refused." in done.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_template_is_written_once_and_reads_back(lang, network, tmp_path):
    out = tmp_path / "new.xlsx"
    assert run("template", out, "--lang", lang, "--network", network).exit_code == 0
    before = out.read_bytes()
    again = run("template", out, "--network", network)
    assert (again.exit_code, out.read_bytes()) == (2, before)
    read = run("validate", out, "--network", network)
    assert read.exit_code == 0
    assert "1 batch, 30 vehicles, no fault" in read.stdout
