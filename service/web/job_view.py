"""How far a job is, as pages show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.render.document import OBJECTIVE_UNITS
from planner.render.progress import PHASES
from service.jobs.queue import QUEUED, RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from service.web.languages import Speech

__all__ = ["OBJECTIVE_UNITS", "Job", "job_of"]


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how far it is.

    Parameters
    ----------
    unit
        Of its values.
    waiting_before
        Own jobs that wait before it; ``None`` where nobody has counted.
    """

    state: str
    progress: Mapping[str, Any] | None
    failure: Mapping[str, Any] | None
    is_stopping: bool
    attempts: int
    unit: str
    currency: str
    created_ms: int
    started_ms: int | None
    finished_ms: int | None
    waiting_before: int | None = None

    @property
    def is_moving(self) -> bool:
        """Whether it has not ended."""
        return self.state in (QUEUED, RUNNING)

    @property
    def num_phases(self) -> int:
        """Phases of a plan."""
        return len(PHASES)

    @property
    def phase(self) -> int | None:
        """Number of the phase it is in; ``None`` if it is in none of a plan's own."""
        named = self.progress["phase"] if self.progress else ""
        return next((at for at, phase in enumerate(PHASES, start=1) if named.endswith(phase)), None)

    def phase_text(self, say: Speech) -> str:
        """The phase in words; of several plans, with the one that is made."""
        named: str = self.progress["phase"] if self.progress else ""
        at = self.phase
        if at is None:
            return named
        before = named.removesuffix(PHASES[at - 1]).strip(" :")
        own = say(f"phase_{PHASES[at - 1].replace(' ', '_')}")
        return f"{before}{say('colon')}{own}" if before else own

    @property
    def errors(self) -> Sequence[Mapping[str, Any]]:
        """What is wrong with the input, if it was refused."""
        return self.failure.get("errors", ()) if self.failure else ()


def job_of(row: Row[Any], unit: str, currency: str, waiting_before: int | None = None) -> Job:
    """The job of a plan or comparison."""
    return Job(
        state=row.state,
        progress=json.loads(row.progress) if row.progress and row.state == RUNNING else None,
        failure=json.loads(row.failure) if row.failure else None,
        is_stopping=bool(row.cancel_requested) and row.state == RUNNING,
        attempts=row.attempts,
        unit=unit,
        currency=currency,
        created_ms=row.created_ms,
        started_ms=row.started_ms,
        finished_ms=row.finished_ms,
        waiting_before=waiting_before,
    )
