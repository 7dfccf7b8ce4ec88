"""All fault scripts, and the databases each is of."""

from __future__ import annotations

from types import ModuleType

from tests.faults import clock, disk_full, fair, hog, idem, kill_loop, pg_restart, term, zombie
from tests.faults.databases import BOTH, POSTGRESQL

SCRIPTS = {
    **dict.fromkeys((kill_loop, idem, zombie, hog, disk_full, term, fair, clock), BOTH),
    pg_restart: (POSTGRESQL,),
}


def scripts_of(kind: str) -> list[ModuleType]:
    """Scripts that run on a database."""
    return [one for one, kinds in SCRIPTS.items() if kind in kinds]


def name_of(script: ModuleType | str) -> str:
    """Name of a script without its package."""
    return (script if isinstance(script, str) else script.__name__).rpartition(".")[2]
