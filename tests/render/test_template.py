"""The empty batch file: it reads back, in both languages, and offers what the network knows."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from planner.reading.batch_columns import BATCH_COLUMNS
from planner.reading.batches import read_intake
from planner.reading.tables import read_network
from planner.render.languages import LANGUAGES
from planner.render.template import template


@pytest.fixture(scope="module")
def network():
    return read_network()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_example_of_the_template_reads_back_without_a_fault(network, lang):
    intake = read_intake(io.BytesIO(template(network, lang)), network, "t.xlsx")
    assert intake.issues == ()
    assert len(intake.batches) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_a_heading_and_an_explanation(network, lang):
    batches, columns, _ = load_workbook(io.BytesIO(template(network, lang))).worksheets
    headings = [cell.value for cell in batches[1]]
    assert len(headings) == len(set(headings)) == len(BATCH_COLUMNS)
    explained = {str(cell.value) for row in columns.iter_rows() for cell in row}
    assert {column.id for column in BATCH_COLUMNS} <= explained


def test_places_and_types_of_the_network_are_offered(network):
    book = load_workbook(io.BytesIO(template(network)))
    listed = {str(cell.value) for row in book.worksheets[2].iter_rows() for cell in row}
    assert set(network.vehicle_types) <= listed
    assert {place.id for place in network.places.values() if place.kind == "compound"} <= listed
    assert book.worksheets[0].data_validations.dataValidation


def test_another_language_is_refused(network):
    with pytest.raises(ValueError, match="is not one of en, zh"):
        template(network, "de")
