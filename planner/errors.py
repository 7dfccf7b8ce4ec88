"""What the planner raises. Every error carries a stable code for machines and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INVALID = "invalid"
"""Code of a fault that has no kind of its own."""


class PlannerError(Exception):
    """Base of all errors raised by the planner; ``code`` is stable, ``str()`` is for people."""

    code = "planner_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault of an input file: where it is, what stands there, what is wrong and what to do.

    Parameters
    ----------
    file
        Name of the file or table as the user gave it.
    row
        Line of the file (the header is line 1); ``None`` if the fault is of the whole file.
    column
        Heading of the column; ``None`` if the fault is of the whole row.
    value
        The text found there, shortened if long.
    reason
        What is wrong, as a sentence without a full stop.
    hint
        What to do about it; may be empty.
    code
        Kind of fault, for machines: one of :mod:`planner.reading.codes`.
    """

    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    reason: str
    hint: str = ""
    code: str = INVALID

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", line {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        shown = "" if self.value is None else f": {self.value!r}"
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{shown}: {self.reason}{hint}"


class InputError(PlannerError):
    """Files or options are wrong; carries every :class:`Issue` found, not only the first."""

    code = "input_refused"

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class SolverError(PlannerError):
    """A solver failed or claimed something that does not hold; never used for "no room"."""

    code = "solver_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that a plan breaks: the rule's name, the batch or departure, and the facts."""

    rule: str
    where: str
    facts: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.facts}"


class BrokenPlanError(PlannerError):
    """The checker refused a plan; carries every :class:`Finding`."""

    code = "plan_broken"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
