"""What is found while a batch file is read: faults, and harmless differences that were evened out."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.errors import Issue
from planner.reading.files import shorten


@dataclass(slots=True)
class _Note:
    """One kind of difference in one column: the first cell that has it, and how many have it."""

    line: int | None
    value: str | None
    cells: int = 1


@dataclass(slots=True)
class IntakeLog:
    """Faults in the order they are found; notes one per column and kind, however many cells they are of."""

    file: str
    issues: list[Issue] = field(default_factory=list)
    _notes: dict[tuple[str | None, str], _Note] = field(default_factory=dict)

    def refuse(
        self,
        line: int | None,
        column: str | None,
        reason: str,
        hint: str = "",
        *,
        value: str | None = None,
        code: str,
    ) -> None:
        """Note a fault; ``code`` is its kind, of :mod:`planner.reading.codes`."""
        shown = None if value is None else shorten(value)
        named = None if column is None else _printable(column)
        self.issues.append(
            Issue(file=self.file, row=line, column=named, value=shown, reason=reason, hint=hint, code=code)
        )

    def note(self, line: int | None, column: str | None, what: str, *, value: str | None = None) -> None:
        """Note something that was read although it stood there otherwise; ``what`` is a sentence."""
        known = self._notes.get((column, what))
        if known is None:
            self._notes[column, what] = _Note(line, value)
        else:
            known.cells += 1

    def notes(self) -> tuple[Issue, ...]:
        """Every note, with the place and the value of the first cell it is of."""
        return tuple(
            Issue(
                file=self.file,
                row=note.line,
                column=None if column is None else _printable(column),
                value=None if note.value is None else shorten(note.value),
                reason=what,
                hint=f"{note.cells} times" if note.cells > 1 else "",
            )
            for (column, what), note in self._notes.items()
        )


def _printable(column: str) -> str:
    """Heading or pointer that can be shown on a terminal: a file may hold anything there."""
    return shorten(column if column.isprintable() else ascii(column)[1:-1])
