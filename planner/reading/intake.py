"""What came of reading a batch file: batches, faults, what was evened out, and the rows to give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.errors import InputError, Issue
from planner.model.batches import Batch

CSV, XLSX, JSON = "csv", "xlsx", "json"
REFUSE, SKIP = "refuse", "skip"
MOST_OF_FAULTS = 2_000
"""Characters of the faults of a row that is given back: a wrong header has dozens, for every row again."""
ON_ERROR = (REFUSE, SKIP)
"""What a fault of a row means: the whole file is refused, or the row is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRow:
    """A row that is a batch.

    Parameters
    ----------
    number
        Which row of the file it is, counted from 1.
    line
        Line of the file; ``None`` in a JSON file.
    texts
        Text of each cell by column, evened out, without blank ones that may be left out. As texts of an item
        in JSON they make the very same batch, in the same network.
    batch
        The batch.
    """

    number: int
    line: int | None
    texts: Mapping[str, str]
    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that is no batch.

    Parameters
    ----------
    number
        Which row of the file it is, counted from 1.
    line
        Line of the file; ``None`` in a JSON file.
    cells
        Its cells as they stand in the file, by position; of a JSON file none.
    item
        The item of the list, of a JSON file.
    issues
        What is wrong with it.
    """

    number: int
    line: int | None
    cells: tuple[str, ...] = ()
    item: object = None
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A batch file after reading.

    Parameters
    ----------
    format
        ``csv``, ``xlsx`` or ``json``; empty if it is none of them.
    rows
        The rows without faults, in the order of the file.
    issues
        Every fault: of the file, of its header, of its rows.
    notes
        What was read although it stood there otherwise, one entry a column and kind.
    header
        Cells of the header; empty if there is none.
    rejected
        The rows that are no batches.
    is_whole
        Whether the file could be read to its end: if not, its good rows are not all there are.
    """

    format: str
    rows: tuple[AcceptedRow, ...]
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    header: tuple[str, ...]
    rejected: tuple[RejectedRow, ...]
    is_whole: bool

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Batches of the rows without faults, in the order of the file."""
        return tuple(row.batch for row in self.rows)

    def accepted(self, on_error: str = REFUSE) -> tuple[Batch, ...]:
        """The batches, if the faults allow it.

        Parameters
        ----------
        on_error
            ``refuse``: no fault is allowed. ``skip``: rows with faults are left out; faults of the file or of
            its header are not allowed, and one row has to be left.

        Raises
        ------
        InputError
            With every fault.
        """
        if on_error not in ON_ERROR:
            raise ValueError(f"{on_error!r} is not one of {', '.join(ON_ERROR)}")
        if self.issues and (on_error == REFUSE or not self.is_whole or not self.rows):
            raise InputError(self.issues)
        return self.batches


def texts_of(issues: Sequence[Issue]) -> str:
    """Faults of one row in one line: column, reason and hint of each, as far as that can be read."""
    texts: list[str] = []
    left = MOST_OF_FAULTS
    for number, issue in enumerate(issues):
        where = f"{issue.column}: " if issue.column else ""
        text = where + issue.reason + (f" ({issue.hint})" if issue.hint else "")
        left -= len(text)
        if texts and left < 0:
            texts.append(f"and {len(issues) - number} more")
            break
        texts.append(text)
    return "; ".join(texts)
