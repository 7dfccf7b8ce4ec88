"""A network as a ZIP archive: unpacked where it belongs, read, and told of."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile

import pytest

from planner.network.departures_a_year import departures_a_year
from planner.reading.intake_limits import IntakeLimits
from planner.reading.tables import digest_of, read_network
from service.intake.bounds import ChildBounds
from service.intake.desk import IntakeDesk
from tests.service.intake import archives
from tests.service.intake.archives import TABLES, packed

DIGEST = digest_of({name.removesuffix(".csv"): content for name, content in TABLES.items()})


@pytest.fixture
def read(desk, tmp_path):
    """Read an archive; the report, and the files that are there then."""

    def reading(content: bytes, of: IntakeDesk = desk):
        path, into = tmp_path / "network.zip", tmp_path / "into"
        path.write_bytes(content)
        report = of.read_network(path, into)
        assert {one.name for one in tmp_path.iterdir()} == {"network.zip", "into"}
        return report, {one.name: one.read_bytes() for one in into.iterdir()}

    return reading


def test_a_network_without_faults_is_unpacked_and_counted(read, tmp_path):
    report, files = read(packed(TABLES))
    assert report.is_clean
    assert files == TABLES
    assert report.digest == read_network(tmp_path / "into").digest
    assert (report.num_rows["places"], report.num_rows["calls"], report.num_rows["sources"]) == (7, 5, 1)
    assert set(report.num_rows) == {name.removesuffix(".csv") for name in TABLES}
    assert (report.issues, report.notes) == ((), ())
    assert report.row_errors.decode("utf-8-sig") == "table,line,column,value,code,reason,hint\r\n"


def test_the_shipped_network_is_taken_as_an_archive(read, root):
    tables = {path.name: path.read_bytes() for path in (root / "network_data").glob("*.csv")}
    report, files = read(packed(tables))
    assert report.is_clean
    assert report.digest == read_network().digest
    assert set(files) == set(tables) - {"tables.csv"}
    assert [note.file for note in report.notes] == ["tables.csv"]


@pytest.mark.parametrize(
    "content",
    [
        packed(dict(reversed(TABLES.items()))),
        packed(TABLES, when=2020, compression=zipfile.ZIP_STORED),
        packed({f"march/tables/{name}": text for name, text in TABLES.items()}),
        packed({f"march\\{name}": text for name, text in TABLES.items()}),
        packed({"./": b""} | {f"./{name}": text for name, text in TABLES.items()}),
        packed(TABLES, modes=0o100644),
        packed(TABLES | {"empty/": b"", "__MACOSX/._places.csv": b"x", ".DS_Store": b"x", "Thumbs.db": b""}),
    ],
    ids=["order", "dates", "folder", "backslashes", "dots", "modes", "clutter"],
)
def test_the_digest_is_of_names_and_bytes_alone(read, content):
    report, files = read(content)
    assert report.is_clean, report.issues
    assert report.digest == DIGEST
    assert files == TABLES


def test_faults_of_tables_are_all_told_and_nothing_is_left(read):
    broken = TABLES | {
        "places.csv": TABLES["places.csv"].replace(b"PLANT,Plant", b"PLANT,=Plant").replace(b"34.4", b"=95"),
        "calls.csv": TABLES["calls.csv"].replace(b"TRAIN,20,BORDER", b"TRAIN,20,BORDR"),
    }
    report, files = read(packed(broken))
    assert not report.is_clean
    assert files == {}
    assert len(report.digest) == 64
    first, second = report.issues[:2]
    assert (first.file, first.row, first.column, first.value, first.code) == (
        *("places.csv", 2, "lat", "=95", "not_a_number"),
    )
    assert (second.file, second.row, second.column, second.code) == (
        *("calls.csv", 3, "place_id", "not_in_network"),
    )
    table = list(csv.DictReader(io.StringIO(report.row_errors.decode("utf-8-sig"))))
    assert table[0]["table"] == "places.csv"
    assert table[0]["value"] == "'=95"
    assert len(table) == report.num_issues


@pytest.mark.parametrize(
    ("content", "file", "code", "words"),
    [
        (b"", "archive", "unreadable", "damaged or cut off"),
        (b"PK\x03\x04 no zip", "archive", "unreadable", "damaged or cut off"),
        (packed(TABLES)[:-40], "archive", "unreadable", "damaged or cut off"),
        (packed({}), "archive", "empty", "no table"),
        (packed({"README.md": b"x"} | TABLES), "README.md", "unknown", "no table of a network"),
        (packed({"Places.csv": b"x"} | TABLES), "Places.csv", "unknown", "no table of a network"),
        (packed({"batches/month.csv": b"x"} | TABLES), "batches/month.csv", "unknown", "no table"),
        (packed({"../places.csv": b"x"} | TABLES), "../places.csv", "unreadable", "leads out"),
        (packed({"a/../../places.csv": b"x"} | TABLES), "a/../../places.csv", "unreadable", "leads out"),
        (packed({"..\\places.csv": b"x"} | TABLES), "..\\places.csv", "unreadable", "leads out"),
        (packed({"Q.csv": b"x"} | TABLES).replace(b"Q.csv", b"\x00.csv"), "", "unreadable", "has no name"),
        (packed({"/etc/places.csv": b"x"} | TABLES), "/etc/places.csv", "unreadable", "leads out"),
        (packed({"\\\\host\\places.csv": b"x"} | TABLES), "\\\\host\\places.csv", "unreadable", "leads out"),
        (packed({"C:/places.csv": b"x"} | TABLES), "C:/places.csv", "unreadable", "leads out"),
        (packed({"a/places.csv": b"x"} | TABLES), "archive", "ambiguous", "several folders"),
        (archives.with_link("fx.csv.bak", "/etc/hostname"), "fx.csv.bak", "unreadable", "is a link"),
        (archives.encrypted(), "archive", "unreadable", "password"),
        (packed(TABLES, compression=zipfile.ZIP_BZIP2), "archive", "unreadable", "another way"),
        (packed(TABLES, compression=zipfile.ZIP_LZMA), "archive", "unreadable", "another way"),
        (archives.with_size_lie(10), "places.csv", "unreadable", "damaged in the archive"),
        (archives.with_offset_beyond(), "places.csv", "unreadable", "damaged in the archive"),
        (archives.with_broken_bytes(), "places.csv", "unreadable", "damaged in the archive"),
        (packed(TABLES | {"__MACOSX/a": bytes(5_000_000)}), "archive", "too_large", "200 times"),
        (packed({"车.txt": b"x"} | TABLES), "车.txt", "unknown", "no table"),
        (packed({"a\u202e\x07.csv": b"x"} | TABLES), "a\\u202e\\x07.csv", "unknown", "no table"),
        (packed({"x" * 300: b"x"} | TABLES), "x" * 59 + "…", "unknown", "no table"),
    ],
)
def test_an_archive_that_is_none_of_a_network(read, content, file, code, words):
    report, files = read(content)
    issue = report.issues[0]
    assert (issue.file, issue.code) == (file, code)
    assert words in issue.reason
    assert (files, report.num_rows) == ({}, {})


def test_bounds_of_an_archive_at_the_bound_and_one_over(read):
    clutter = {f"__MACOSX/{at}": b"" for at in range(1_000 - len(TABLES))}
    assert read(packed(TABLES | clutter))[0].is_clean
    assert read(packed(TABLES | clutter | {"__MACOSX/x": b""}))[0].issues[0].code == "too_large"
    size = sum(map(len, TABLES.values()))
    for most, is_clean in ((size, True), (size - 1, False)):
        small = IntakeDesk(IntakeLimits(unpacked_bytes=most))
        try:
            assert read(packed(TABLES), small)[0].is_clean == is_clean
        finally:
            small.close()


@pytest.mark.parametrize(("over", "is_clean"), [(0, True), (1, False)])
def test_departures_of_a_network_at_the_bound_and_one_over(read, tmp_path, over, is_clean):
    tables = tmp_path / "tables"
    tables.mkdir()
    for name, content in TABLES.items():
        (tables / name).write_bytes(content)
    departures = departures_a_year(read_network(tables))
    shutil.rmtree(tables)
    small = IntakeDesk(IntakeLimits(departures=departures - over))
    try:
        report, _ = read(packed(TABLES), small)
    finally:
        small.close()
    assert report.is_clean == is_clean
    assert is_clean or [(one.file, one.code) for one in report.issues] == [("services.csv", "too_large")]


def test_many_faults_are_counted_not_all_told(read):
    places = TABLES["places.csv"] + b"".join(
        b"P%d,x,,,plant,CN,,x,1,Asia/Shanghai,R1\n" % at for at in range(50)
    )
    small = IntakeDesk(bounds=ChildBounds(told_issues=5, listed_issues=10))
    try:
        report, _ = read(packed(TABLES | {"places.csv": places}), small)
    finally:
        small.close()
    assert (len(report.issues), report.num_issues) == (5, 50)
    assert len(report.row_errors.splitlines()) == 11
