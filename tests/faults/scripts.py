"""All fault scripts, and the databases each is of."""

from __future__ import annotations

from types import ModuleType

from tests.faults import clock, disk_full, fair, hog, idem, kill_loop, pg_restart, term, zombie
from tests.faults.databases import BOTH, POSTGRESQL

SCRIPTS = {
    **dict.fromkeys((kill_loop, idem, zombie, hog, disk_full, term, fair, clock), BOTH),
    pg_restart: (POSTGRESQL,),
}


ONLY_LONG = (clock,)
"""Not in the tests: it needs a library that not every machine has."""


def scripts_of(kind: str) -> list[ModuleType]:
    """Scripts whose short forms are tests on a database."""
    return [one for one, kinds in SCRIPTS.items() if kind in kinds and one not in ONLY_LONG]


def name_of(script: ModuleType | str) -> str:
    """Name of a script without its package."""
    return (script if isinstance(script, str) else script.__name__).rpartition(".")[2]
