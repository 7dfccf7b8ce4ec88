"""The short forms of all fault scripts; `make faults` runs the long ones."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.faults import disk_full, fair, hog, idem, kill_loop, pg_restart, term, zombie
from tests.faults.databases import BOTH, POSTGRESQL
from tests.faults.figures import asked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and limits of Linux")
ON_BOTH = (kill_loop, idem, zombie, hog, disk_full, fair, term)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("script", ON_BOTH, ids=lambda one: one.__name__.rpartition(".")[2])
def test_nothing_is_lost(script: ModuleType, kind, cluster):
    figures = script.run(kind, asked(script.OPTIONS, ["--short"]), cluster)
    assert figures.misses == [], figures.line()


@pytest.mark.parametrize("kind", [POSTGRESQL])
def test_nothing_is_lost_when_the_database_goes_away(kind, cluster):
    figures = pg_restart.run(kind, asked(pg_restart.OPTIONS, ["--short"]), cluster)
    assert figures.misses == [], figures.line()
