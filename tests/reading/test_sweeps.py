"""Sweeps as a person writes them, and every way to write them wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from planner.errors import InputError
from planner.reading.sweeps import read_sweeps


def test_amounts_go_from_first_to_last_by_step():
    rail, day = read_sweeps(["rail-price=3000:4000:400", "day-value=0:1:0.5"], "EUR")
    assert (rail.kind, rail.amounts) == ("rail-price", (300_000, 340_000, 380_000))
    assert (day.kind, day.amounts) == ("day-value", (0, 50, 100))
    (one,) = read_sweeps(["rail-subsidy=500:500:1"], "EUR")
    assert one.amounts == (Fraction(50_000),)


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("rail-prize=1:2:1", "'rail-prize' is no sweep", "did you mean rail-price?"),
        ("rail-price", "is no range", "EUR a FEU"),
        ("rail-price=3000", "is no range", "EUR a FEU"),
        ("rail-price=1:2", "is no range", "EUR a FEU"),
        ("rail-price=1:2:3:4", "is no range", "EUR a FEU"),
        ("rail-price=3000USD:4000USD:500USD", "'3000USD'", "EUR a FEU"),
        ("rail-price=-10%:10%:5%", "'-10%'", ""),
        ("day-value=1/2:1:1", "'1/2'", "EUR a vehicle-day"),
        ("day-value=2:1:1", "leads nowhere", "FIRST is not above LAST"),
        ("day-value=1:2:0", "leads nowhere", "STEP is above 0"),
        ("day-value=0:1000:1", "has 1,001 amounts", "at most 200"),
        ("day-value=0:2000000:1000000", "2000000 is above 1000000", "EUR a vehicle-day"),
    ],
)
def test_what_is_wrong_with_a_sweep_is_said(text: str, reason: str, hint: str):
    with pytest.raises(InputError) as caught:
        read_sweeps([text], "EUR")
    (issue,) = caught.value.issues
    assert (issue.file, issue.value) == ("--sweep", text)
    assert reason in issue.reason
    assert hint in issue.hint


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        read_sweeps(["x=1:2:1", "day-value=0:1:1", "y"], "EUR")
    assert len(caught.value.issues) == 2
