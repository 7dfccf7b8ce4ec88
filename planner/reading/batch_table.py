"""Bytes of a CSV or XLSX file to header and rows; which of them it is is told by its bytes, not its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from planner.errors import Issue
from planner.reading.batch_columns import is_header
from planner.reading.codes import EMPTY, LAYOUT, TOO_LARGE, UNREADABLE
from planner.reading.csv_file import Record, UnreadableFileError, split_records
from planner.reading.encodings import decode_batches
from planner.reading.intake import CSV, XLSX
from planner.reading.intake_limits import IntakeLimits
from planner.reading.intake_log import IntakeLog
from planner.reading.sheets import ZIP, read_sheet, tell_kind

TITLE_LINES = 20
"""So many lines are looked at for the header."""
_SEPARATED_OTHERWISE = ((";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas"), ("|", "bars"))
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|script)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTable:
    """The one table of a batch file.

    Parameters
    ----------
    is_no_header
        The first line is none, which has been noted as a fault; the rows can't be read.
    records
        Its rows; lines without content are left out.
    hidden_columns
        Positions of columns that the spreadsheet hides.
    """

    format: str
    header: Record
    is_no_header: bool
    records: Iterator[Record]
    hidden_columns: frozenset[int] = frozenset()


def open_table(log: IntakeLog, content: bytes, limits: IntakeLimits) -> BatchTable:
    """Find the table of a file, and its header.

    Raises
    ------
    UnreadableFileError
        If the file is something else, or damaged; later, too, by ``records``.
    """
    if content.startswith(ZIP):
        sheet = read_sheet(log, content, limits)
        header, records, is_no_header = _find_header(log, iter(sheet.records))
        return BatchTable(
            format=XLSX,
            header=header,
            is_no_header=is_no_header,
            records=records,
            hidden_columns=sheet.hidden_columns,
        )
    what = tell_kind(content)
    start = content[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if what is None and start.startswith(b"<"):
        what = "an HTML page" if _HTML.search(start) else "an XML file"
    if what is not None:
        raise UnreadableFileError(
            Issue(
                file=log.file,
                reason=f"the file is {what}",
                hint="save it as XLSX, or as CSV in UTF-8",
                code=UNREADABLE,
            )
        )
    lines = _filled(log, split_records(log.file, decode_batches(log, content)), limits.rows)
    header, records, is_no_header = _find_header(log, _after_separator_line(log, lines))
    return BatchTable(format=CSV, header=header, is_no_header=is_no_header, records=records)


def _filled(log: IntakeLog, records: Iterator[Record], most: int) -> Iterator[Record]:
    for number, record in enumerate(records, start=1):
        if number > most:
            reason = f"the file has more than {most} lines"
            issue = Issue(file=log.file, row=record.line, reason=reason, hint="split it", code=TOO_LARGE)
            raise UnreadableFileError(issue)
        if any(record.cells):
            yield record
        else:
            log.note(record.line, None, "lines without content are left out")


def _after_separator_line(log: IntakeLog, records: Iterator[Record]) -> Iterator[Record]:
    """Records without a first line ``sep=,``, by which spreadsheets are told what separates the cells."""
    first = next(records)
    if first.cells[0].casefold().startswith("sep="):
        if first.cells[0].casefold() == "sep=" and len(first.cells) == 2:
            log.note(first.line, None, "the line sep=, is left out")
            return records
        hint = "save it as CSV with commas, and leave this line out"
        issue = Issue(
            file=log.file,
            row=first.line,
            value=first.cells[0],
            reason="cells are not separated by commas",
            hint=hint,
            code=LAYOUT,
        )
        raise UnreadableFileError(issue)
    return chain([first], records)


def _find_header(log: IntakeLog, records: Iterator[Record]) -> tuple[Record, Iterator[Record], bool]:
    """First line, the lines after it, and whether it can't be the header, which is noted then."""
    first = next(records, None)
    if first is None:
        reason = "the file holds no header and no batch"
        raise UnreadableFileError(Issue(file=log.file, reason=reason, code=EMPTY))
    if is_header(first.cells):
        return first, records, False
    only = first.cells[0] if len(first.cells) == 1 else ""
    for mark, named in _SEPARATED_OTHERWISE:
        if mark in only:
            hint = f"cells are separated by commas, not by {named}"
            log.refuse(first.line, None, "the header is a single cell", hint, value=only, code=LAYOUT)
            return first, records, True
    seen: list[Record] = []
    for record in records:
        seen.append(record)
        if is_header(record.cells):
            reason = f"the header is line {record.line}, not the first line"
            filled = next(cell for cell in first.cells if cell)
            log.refuse(first.line, None, reason, "delete the lines above it", value=filled, code=LAYOUT)
            return first, chain(seen, records), True
        if len(seen) >= TITLE_LINES:
            break
    return first, chain(seen, records), False
