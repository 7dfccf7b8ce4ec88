"""Rows that were accepted: their texts, read again as items in JSON, make the very same batches."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.reading.batch_columns import COLUMNS, REQUIRED
from planner.reading.batches import read_intake
from planner.reading.tables import read_network
from planner.render.text_sheet import text_workbook
from tests.reading.intake_cases.makers import GOOD, item, js, lines, rows
from tests.reading.intake_cases.world import intake_network
from tests.reading.test_intake_catalogue import CASES


@pytest.fixture(scope="module")
def network():
    return intake_network()


@pytest.fixture(scope="module")
def shipped():
    return read_network()


def again(intake, network):
    """What the texts of the accepted rows make, read as items in JSON."""
    content = json.dumps([dict(row.texts) for row in intake.rows]).encode()
    return read_intake(io.BytesIO(content), network, "again")


def assert_same(intake, network):
    if not intake.rows:
        return
    second = again(intake, network)
    assert [str(issue) for issue in second.issues] == []
    assert second.batches == intake.batches
    assert [dict(row.texts) for row in second.rows] == [dict(row.texts) for row in intake.rows]


@pytest.mark.parametrize("content", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_row_of_the_catalogue_that_is_accepted(content, network):
    assert_same(read_intake(io.BytesIO(content), network, "march"), network)


@pytest.mark.parametrize("name", ["month", "small", "overload"])
def test_the_shipped_files_in_three_formats(name, root, shipped):
    path = root / "network_data" / "batches" / f"{name}.csv"
    first = read_intake(path, shipped)
    assert first.rows
    assert_same(first, shipped)
    header, *table = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    for content in (
        text_workbook("batches", [header, *table]),
        js([dict(zip(header, row, strict=True)) for row in table]),
    ):
        other = read_intake(io.BytesIO(content), shipped, "other")
        assert other.batches == first.batches
        assert_same(other, shipped)


def test_texts_are_evened_out_and_blank_ones_that_may_be_left_out_are(network):
    content = lines([*GOOD, "reference", "priority"], [" B-1", *list(GOOD.values())[1:], " ", "３"]).encode()
    (row,) = read_intake(io.BytesIO(content), network, "march").rows
    assert row.texts == GOOD | {"priority": "3"}
    assert (row.number, row.line) == (1, 2)


def test_a_text_that_would_be_evened_out_twice_stays_as_it_was(network):
    content = lines(list(GOOD), ["''=1", *list(GOOD.values())[1:]]).encode()
    (row,) = read_intake(io.BytesIO(content), network, "march").rows
    assert (row.batch.id, row.texts["batch_id"]) == ("'=1", "''=1")


def test_a_blank_shipper_keeps_its_place(network):
    content = lines(list(GOOD), list((GOOD | {"shipper": ""}).values())).encode()
    (row,) = read_intake(io.BytesIO(content), network, "march").rows
    assert set(row.texts) == set(REQUIRED)
    assert row.texts["shipper"] == ""


def test_numbers_count_rejected_rows_too(network):
    content = rows(["B-1", *list(GOOD.values())[1:]], ["", ""], [*list(GOOD.values())[:5], "x", "", ""])
    intake = read_intake(io.BytesIO(content), network, "march")
    assert [row.number for row in intake.rows] == [1]
    assert [row.number for row in intake.rejected] == [2]


def test_another_key_may_stand_for_the_id(network):
    good = item()
    wanted = {"externalRef": good.pop("batch_id"), **good}
    intake = read_intake(io.BytesIO(js({"batches": [wanted]})), network, "body", id_key="externalRef")
    assert [batch.id for batch in intake.batches] == ["B-1"]
    assert intake.rows[0].texts["batch_id"] == "B-1"
    faulty = [good, good | {"batchId": "B-1"}, {**wanted, "externalRef": ""}]
    intake = read_intake(io.BytesIO(js({"batches": faulty})), network, "body", id_key="externalRef")
    assert [(issue.column, issue.code) for issue in intake.issues] == [
        ("/batches/0/externalRef", "missing"),
        ("/batches/1/batchId", "unknown"),
        ("/batches/1/externalRef", "missing"),
        ("/batches/2/externalRef", "blank"),
    ]


odd = st.text(alphabet="'\"=+-@ \t\u3000;；,，ａＢ１é\u0301车_x0041\n", max_size=8)
cells = {
    "batch_id": odd | st.text(max_size=64),
    "shipper": odd | st.text(max_size=20),
    "origin": st.sampled_from(["CN-PLANT", " Great plant", "大工厂", "Works", "ＣＮ-PLANT"]),
    "destination": st.sampled_from(["DE-YARD", "Ko\u0308ln", "Köln ", "LB-YARD"]),
    "vehicle_type": st.sampled_from(["SUV", "ＳＵＶ", "007"]),
    "vehicles": st.sampled_from(["300", "３００", " 1", "01"]),
    "ready": st.sampled_from(["2027-03-04", "2027年3月4日", "2027-03-04T08:00Z", "2027-03-04 08:30"]),
    "due": st.sampled_from(["2027-04-20", "2027-04-20T24:00", "2027-04-20T12:00+08:00"]),
    "early_price": st.sampled_from(["", "0", "0.125", "１.5"]),
    "late_price": st.sampled_from(["", "1000000000", "3"]),
    "split": st.sampled_from(["", "yes", "no", "3", "是"]),
    "modes": st.sampled_from(["", "rail", "rail; barge", "铁路；滚装", ";"]),
    "via": st.sampled_from(["", "PL-HUB", "Hub;Gate", "Port（east）"]),
    "not_via": st.sampled_from(["", "RU", "BY", "TRAIN;Hub"]),
    "reference": odd | st.text(max_size=20),
}


@given(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=3))
@settings(max_examples=100)
def test_any_row_that_is_accepted(table):
    network = intake_network()
    header = [column for column in COLUMNS if column in cells]
    for content in (
        lines(header, *([row[c] for c in header] for row in table)).encode(),
        js(table),
        text_workbook("batches", [header, *([row[c] for c in header] for row in table)]),
    ):
        assert_same(read_intake(io.BytesIO(content), network, "march"), network)
