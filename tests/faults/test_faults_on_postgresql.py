"""The short forms of the fault scripts on PostgreSQL; `make faults` runs the long ones."""

from __future__ import annotations

import sys

import pytest

from tests.faults.databases import POSTGRESQL
from tests.faults.figures import asked
from tests.faults.scripts import name_of, scripts_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and limits of Linux")


@pytest.mark.parametrize("script", scripts_of(POSTGRESQL), ids=name_of)
def test_nothing_is_lost_and_all_goes_on(script, own_cluster):
    figures = script.run(POSTGRESQL, asked(script.OPTIONS, ["--short"]), own_cluster)
    assert figures.misses == [], figures.line()
