"""What came of reading what a client sent, and how a child hands it over: as JSON, which can do no harm."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Self

Parts = tuple[bytes, ...]
"""A result on its way: each part a text or a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowIssue:
    """A fault, or a note on what was evened out.

    Parameters
    ----------
    file
        Name of the file or table.
    row
        Line of the file, or number of the item in JSON, counted from 1; ``None`` = of the whole file.
    column
        Heading of the column, or key of the item.
    pointer
        JSON pointer, where the rows came as JSON.
    value
        What stands there, shortened.
    code
        Kind of fault: one of :mod:`planner.reading.codes`.
    reason, hint
        What is wrong, and what to do about it.
    """

    file: str
    row: int | None
    column: str | None
    pointer: str | None
    value: str | None
    code: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that was accepted.

    Parameters
    ----------
    line
        Line of the file, or number of the item in JSON.
    batch_id
        Id of its batch.
    likeness
        What ids that differ in case, width or blanks only have in common: two batches of a plan may not.
    vehicles
        Number of vehicles.
    texts
        Text of each cell by column, blank ones left out that may be. As texts of an item in JSON they make
        the very same batch.
    """

    line: int
    batch_id: str
    likeness: str
    vehicles: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The first rows with faults as they stand in the file, shortened, to be shown beside what is wrong.

    Parameters
    ----------
    heads
        Headings of the columns, or keys of the items.
    rows
        Line of the file, or number of the item in JSON, and the cells below the headings.
    """

    heads: Sequence[str] = ()
    rows: Sequence[tuple[int, Sequence[str]]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What came of reading batches.

    Parameters
    ----------
    format
        ``csv``, ``xlsx`` or ``json``; empty if it is none of them.
    rows
        Rows without faults, in the order they came.
    num_rows
        Rows that were looked at, faulty ones too.
    is_whole
        Whether it could be read to its end, its header being right: if not, the rows are not all there are.
    issues, num_issues
        The first faults, and how many there are in all.
    notes
        What was read although it stood there otherwise, one entry a column and kind.
    rejected
        Rows with faults, in the format they came in, with a column of what is wrong; empty if there is none.
    row_errors
        Faults as CSV: line, column, value, code, reason, hint; nothing in it can act as a formula.
    excerpt
        The first rows with faults.
    """

    format: str
    rows: Sequence[Row]
    num_rows: int
    is_whole: bool
    issues: Sequence[RowIssue]
    num_issues: int
    notes: Sequence[RowIssue]
    rejected: bytes
    row_errors: bytes
    excerpt: Excerpt = Excerpt()

    def to_parts(self) -> Parts:
        """The result on its way."""
        facts = {
            "format": self.format,
            "num_rows": self.num_rows,
            "is_whole": self.is_whole,
            "num_issues": self.num_issues,
            "excerpt": astuple(self.excerpt),
        }
        rows = [(row.line, row.batch_id, row.likeness, row.vehicles, row.texts) for row in self.rows]
        return (
            *map(_packed, (facts, rows, list(map(astuple, self.issues)), list(map(astuple, self.notes)))),
            self.rejected,
            self.row_errors,
        )

    @classmethod
    def from_parts(cls, parts: Parts) -> Self:
        """The result that was on its way."""
        facts, rows, issues, notes = map(json.loads, parts[:4])
        heads, shown = facts.pop("excerpt")
        return cls(
            **facts,
            excerpt=Excerpt(heads=tuple(heads), rows=tuple((line, tuple(cells)) for line, cells in shown)),
            rows=tuple(
                Row(line=line, batch_id=batch_id, likeness=likeness, vehicles=vehicles, texts=texts)
                for line, batch_id, likeness, vehicles, texts in rows
            ),
            issues=_unpacked(issues),
            notes=_unpacked(notes),
            rejected=parts[4],
            row_errors=parts[5],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReport:
    """What came of reading a network.

    Parameters
    ----------
    digest
        SHA-256 over names and bytes of its tables, as plans name it; empty if they could not be unpacked.
    num_rows
        Rows by table, of a network without faults.
    issues, num_issues
        The first faults, and how many there are in all.
    notes
        What was left out.
    row_errors
        Faults as CSV: table, line, column, value, code, reason, hint.
    """

    digest: str
    num_rows: Mapping[str, int]
    issues: Sequence[RowIssue]
    num_issues: int
    notes: Sequence[RowIssue]
    row_errors: bytes

    @property
    def is_clean(self) -> bool:
        """Whether it can be planned with."""
        return self.num_issues == 0

    def to_parts(self) -> Parts:
        """The result on its way."""
        facts = {"digest": self.digest, "num_rows": dict(self.num_rows), "num_issues": self.num_issues}
        listed = (facts, list(map(astuple, self.issues)), list(map(astuple, self.notes)))
        return (*map(_packed, listed), self.row_errors)

    @classmethod
    def from_parts(cls, parts: Parts) -> Self:
        """The result that was on its way."""
        facts, issues, notes = map(json.loads, parts[:3])
        return cls(**facts, issues=_unpacked(issues), notes=_unpacked(notes), row_errors=parts[3])


_FIELDS = tuple(RowIssue.__dataclass_fields__)


def _packed(value: Any) -> bytes:
    return json.dumps(value).encode()


def _unpacked(issues: Sequence[Sequence[Any]]) -> tuple[RowIssue, ...]:
    return tuple(RowIssue(**dict(zip(_FIELDS, issue, strict=True))) for issue in issues)
