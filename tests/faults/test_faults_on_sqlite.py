"""The short forms of the fault scripts on SQLite; `make faults` runs the long ones."""

from __future__ import annotations

import sys

import pytest

from tests.faults.databases import SQLITE
from tests.faults.figures import asked
from tests.faults.scripts import name_of, scripts_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and limits of Linux")


@pytest.mark.parametrize("script", scripts_of(SQLITE), ids=name_of)
def test_nothing_is_lost_and_all_goes_on(script):
    figures = script.run(SQLITE, asked(script.OPTIONS, ["--short"]))
    assert figures.misses == [], figures.line()
