"""Faults of whole files and their headers: missing, unknown, empty, of another encoding or shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.reading.schema import describe_tables
from tests.reading.network_folder import NetworkFolder


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    return NetworkFolder(tmp_path / "net")


@pytest.mark.parametrize("table", [table.name for table in describe_tables().values() if table.required])
def test_missing_file_is_one_fault(folder: NetworkFolder, table: str):
    folder.file(table).unlink()
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == (f"{table}.csv", None, None)
    assert "missing" in fault.reason


@pytest.mark.parametrize("name", ["tarifs.csv", "Tariffs.csv", "TARIFFS.CSV"])
def test_unknown_csv_file_is_refused_with_the_nearest_table(folder: NetworkFolder, name: str):
    (folder.path / name).write_text("service_id\n")
    fault = folder.only_fault()
    assert (fault.file, fault.row) == (name, None)
    assert "no table" in fault.reason
    assert fault.hint == "did you mean tariffs.csv?"


def test_file_that_the_system_refuses_is_named(folder: NetworkFolder, monkeypatch: pytest.MonkeyPatch):
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert folder.only_fault().reason == "the file can't be read: Permission denied"


def test_other_files_and_folders_are_left_alone(folder: NetworkFolder):
    (folder.path / "README.md").write_text("about")
    (folder.path / "tables.csv").write_text("table,column\n")
    (folder.path / "batches").mkdir()
    (folder.path / "batches" / "march.csv").write_text("batch_id\n")
    assert folder.read()


@pytest.mark.parametrize("content", ["", "\n\n", " , ,\n", "\ufeff"])
def test_empty_file_is_refused(folder: NetworkFolder, content: str):
    folder.write("roads", content)
    fault = folder.only_fault()
    assert (fault.file, fault.row) == ("roads.csv", None)
    assert "empty" in fault.reason


def test_bytes_that_are_not_utf8_are_found_on_their_line(folder: NetworkFolder):
    folder.file("places").write_bytes(folder.text("places").replace("工厂", "厂").encode("gbk"))
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("places.csv", 2, None)
    assert fault.value is not None
    assert fault.value.startswith("byte 0x")
    assert "not UTF-8" in fault.reason


@pytest.mark.parametrize(("encoding", "name"), [("utf-16", "UTF-16"), ("utf-16-be", "not UTF-8")])
def test_utf16_is_refused(folder: NetworkFolder, encoding: str, name: str):
    folder.file("places").write_bytes(
        ("\ufeff" * (encoding == "utf-16-be") + folder.text("places")).encode(encoding)
    )
    fault = folder.only_fault()
    assert fault.file == "places.csv"
    assert name in fault.reason


def test_spreadsheet_under_a_wrong_name_is_named(folder: NetworkFolder):
    folder.file("places").write_bytes(b"PK\x03\x04 and so on")
    assert "Excel" in folder.only_fault().reason


def test_quote_that_is_never_closed_is_found_on_its_line(folder: NetworkFolder):
    folder.write("fx", folder.text("fx").replace("EUR", '"EUR'))
    faults = folder.faults()
    assert [(fault.file, fault.row) for fault in faults] == [("fx.csv", 5)]
    assert "never closed" in faults[0].reason


def test_line_break_in_a_cell_is_refused_on_the_line_it_starts_in(folder: NetworkFolder):
    folder.write("sources", folder.text("sources").replace("A report", '"A\nreport"'))
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("sources.csv", 2, "title", "A\nreport")
    assert "line break" in fault.reason


def test_missing_column_is_one_fault(folder: NetworkFolder):
    folder.drop_column("tariffs", "price")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("tariffs.csv", 1, "price")
    assert "missing" in fault.reason


def test_missing_key_column_is_one_fault(folder: NetworkFolder):
    folder.drop_column("places", "place_id")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("places.csv", 1, "place_id")


def test_unknown_column_is_refused_with_the_nearest_one(folder: NetworkFolder):
    folder.set("tariffs", 2, "minimun", "")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("tariffs.csv", 1, "minimun")
    assert fault.reason == "is no column of tariffs"
    assert fault.hint == "did you mean minimum?"


def test_column_that_is_there_twice_is_refused(folder: NetworkFolder):
    folder.write("fx", "\n".join(line + "," + line.split(",")[1] for line in folder.text("fx").splitlines()))
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("fx.csv", 1, "usd")
    assert "twice" in fault.reason


def test_blank_heading_is_refused(folder: NetworkFolder):
    folder.write("fx", "\n".join(line + "," for line in folder.text("fx").splitlines()))
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("fx.csv", 1, "")
    assert "blank" in fault.reason


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_refused_with_a_hint(folder: NetworkFolder, delimiter: str):
    folder.write("fx", folder.text("fx").replace(",", delimiter))
    fault = folder.only_fault()
    assert (fault.file, fault.row) == ("fx.csv", 1)
    assert "commas" in fault.hint


@pytest.mark.parametrize(("line", "cells"), [("EUR,1.16", 2), ("EUR,1,16,2026-03-01,R1", 5)])
def test_short_and_long_rows_are_refused(folder: NetworkFolder, line: str, cells: int):
    folder.write("fx", folder.text("fx").replace("EUR,1.16,2026-03-01,R1", line))
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("fx.csv", 5, None)
    assert fault.reason == f"the row has {cells} cells, the header 4"
