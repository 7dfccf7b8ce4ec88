"""Bounds that the desk itself holds, at the bound and one over."""

from __future__ import annotations

import csv
import io

import pytest

from planner.reading.intake_limits import IntakeLimits
from service.intake.bounds import ChildBounds
from service.intake.desk import IntakeDesk
from service.intake.refusals import IntakeRefused
from service.settings import MB, Limits
from tests.service.intake.test_desk import GOOD, HEADER, KEYS, as_csv

CONTENT = as_csv(HEADER, GOOD)


@pytest.fixture(scope="module")
def small():
    made = IntakeDesk(
        IntakeLimits(file_bytes=len(CONTENT)), ChildBounds(told_issues=3, listed_issues=5), rows_a_call=2
    )
    yield made
    made.close()


def body(number):
    return [dict(zip(KEYS, [f"B{at}", *GOOD[1:]], strict=True)) for at in range(number)]


@pytest.mark.parametrize("is_path", [False, True])
def test_bytes_of_an_upload(small, tmp_path, is_path):
    def upload(content):
        path = tmp_path / "batches.csv"
        path.write_bytes(content)
        return small.read_upload(path if is_path else content, "batches.csv", None)

    assert len(upload(CONTENT).rows) == 1
    with pytest.raises(IntakeRefused) as caught:
        upload(CONTENT + b"\n")
    assert (caught.value.code, caught.value.detail) == (
        "too_large",
        f"the file is larger than {len(CONTENT)} bytes",
    )


def test_a_file_that_grows_after_it_was_weighed(small, tmp_path, monkeypatch):
    path = tmp_path / "batches.csv"
    path.write_bytes(CONTENT * 3)
    monkeypatch.setattr(IntakeDesk, "_check_size", lambda *_: None)
    with pytest.raises(IntakeRefused, match="too_large"):
        small.read_upload(path, "batches.csv", None)


def test_bytes_of_an_archive(small, tmp_path):
    path = tmp_path / "network.zip"
    path.write_bytes(bytes(len(CONTENT) + 1))
    with pytest.raises(IntakeRefused, match="too_large"):
        small.read_network(path, tmp_path / "into")
    assert not (tmp_path / "into").exists()
    path.write_bytes(bytes(len(CONTENT)))
    (issue,) = small.read_network(path, tmp_path / "into").issues
    assert issue.code == "unreadable"


def test_rows_of_a_call():
    with_default_bytes = IntakeDesk(rows_a_call=2)
    try:
        assert len(with_default_bytes.read_rows(body(2), None).rows) == 2
        parsed = with_default_bytes.read_rows(body(3), None)
        assert not parsed.is_whole
        assert [(issue.code, issue.reason) for issue in parsed.issues] == [
            ("too_large", "the file has more than 2 batches")
        ]
    finally:
        with_default_bytes.close()


def test_rows_that_weigh_too_much(small):
    with pytest.raises(IntakeRefused, match="too_large"):
        small.read_rows(body(2), None)


@pytest.mark.parametrize(("number", "told", "listed"), [(3, 3, 3), (4, 3, 4), (5, 3, 5), (6, 3, 5)])
def test_faults_that_are_told_and_listed(small, number, told, listed):
    missing = as_csv(HEADER[: len(HEADER) - number], GOOD[: len(HEADER) - number])
    parsed = small.read_upload(missing, "x", None)
    assert (len(parsed.issues), parsed.num_issues) == (told, number)
    table = list(csv.DictReader(io.StringIO(parsed.row_errors.decode("utf-8-sig"))))
    assert len(table) == listed


def test_settings_have_the_bounds_that_the_desk_has_by_itself():
    limits, bounds, files = Limits(), ChildBounds(), IntakeLimits()
    assert (limits.upload_bytes, limits.batches_a_set) == (files.file_bytes, files.batches)
    assert (limits.rows_a_file, limits.unpacked_bytes) == (files.rows, files.unpacked_bytes)
    assert (limits.intake_mb * MB, limits.intake_cpu_s) == (bounds.memory_bytes, bounds.cpu_s)
    assert (limits.intake_s, limits.intake_wait_s) == (bounds.wall_s, bounds.wait_s)
    assert limits.intakes_at_once == bounds.at_once
