"""Faults as clients are told them: where in their request, in letters that can be shown, and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from planner.render.csv import guard
from service.intake.results import RowIssue

if TYPE_CHECKING:
    from planner.errors import Issue

_BYTE_ORDER_MARK = "\ufeff"
_ITEM = re.compile(r"((?:/batches)?/([0-9]{1,9}))(?:/(.*))?", re.DOTALL)
_CUT = "…"


def printable(text: str) -> str:
    """Text in which what can't be shown is written out, halves of characters too."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\u3000" else ascii(letter)[1:-1] for letter in text
    )


def row_issue(issue: Issue, *, is_json: bool = False) -> RowIssue:
    """A fault as it is told; in JSON its column is a pointer, which says the row and the key."""
    row, column, pointer = issue.row, issue.column, None
    if is_json and column is not None and column.startswith("/"):
        pointer = column
        match = _ITEM.fullmatch(column)
        if match is not None:
            row, column = int(match[2]) + 1, match[3]
            if pointer.endswith(_CUT):
                pointer = match[1]
        else:
            column = None
    return RowIssue(
        file=printable(issue.file),
        row=row,
        column=None if column is None else printable(column.replace("~1", "/").replace("~0", "~")),
        pointer=None if pointer is None else printable(pointer),
        value=None if issue.value is None else printable(issue.value),
        code=issue.code,
        reason=printable(issue.reason),
        hint=printable(issue.hint),
    )


def issues_csv(issues: Iterable[RowIssue], *, with_table: bool = False) -> bytes:
    """Faults as CSV for a spreadsheet, with the table of a network in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = ("table",) if with_table else ()
    writer.writerow((*head, "line", "column", "value", "code", "reason", "hint"))
    for issue in issues:
        texts = (issue.column or "", issue.value or "", issue.code, issue.reason, issue.hint)
        table = (guard(issue.file),) if with_table else ()
        writer.writerow((*table, "" if issue.row is None else issue.row, *map(guard, texts)))
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()
