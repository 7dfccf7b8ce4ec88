"""What a batch file may bring, good and bad, and the answer to each: one table."""

from __future__ import annotations

import io

import pytest

from planner.errors import INVALID
from planner.reading import codes
from planner.reading.batches import read_intake
from tests.reading.intake_cases.archives import ARCHIVES
from tests.reading.intake_cases.cells import CELLS, TIMES
from tests.reading.intake_cases.documents import DOCUMENTS
from tests.reading.intake_cases.makers import Taken
from tests.reading.intake_cases.sheets import SHEETS
from tests.reading.intake_cases.wishes import WISHES
from tests.reading.intake_cases.world import intake_network
from tests.reading.intake_cases.writing import WRITING


@pytest.fixture(scope="module")
def network():
    return intake_network()


CODES = {value for name, value in vars(codes).items() if name.isupper()} - {INVALID}
CASES = [*WISHES, *WRITING, *CELLS, *TIMES, *SHEETS, *ARCHIVES, *DOCUMENTS]


@pytest.mark.parametrize(
    ("content", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_file_gets_its_answer(content, expected, network):
    intake = read_intake(io.BytesIO(content), network, "march")
    if isinstance(expected, Taken):
        assert [str(issue) for issue in intake.issues] == []
        batch = intake.batches[0]
        assert {name: getattr(batch, name) for name in expected.fields} == expected.fields
        notes = [str(note) for note in intake.notes]
        assert all(any(words in note for note in notes) for words in expected.notes), notes
        assert len(notes) >= len(expected.notes)
        return
    faults = expected if isinstance(expected, tuple) else (expected,)
    shown = [str(issue) for issue in intake.issues]
    assert [(issue.row, issue.column) for issue in intake.issues] == [
        (one.line, one.column) for one in faults
    ], shown
    for issue, fault in zip(intake.issues, faults, strict=True):
        assert fault.reason in issue.reason, shown
        assert fault.hint in issue.hint, shown
        assert issue.code in CODES, shown


def test_every_kind_of_fault_has_a_case(network):
    found = {
        issue.code
        for _, content, _ in CASES
        for issue in read_intake(io.BytesIO(content), network, "march").issues
    }
    assert CODES - found == {codes.NOT_OBEYED}, "the one that only tables of a network have"


def test_no_case_is_there_twice():
    assert len(CASES) >= 120
    assert len({name for name, *_ in CASES}) == len(CASES)
    assert len({content for _, content, _ in CASES}) == len(CASES)
