"""Bytes of a CSV file to its header and records, each with the line it starts in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from planner.errors import Issue
from planner.reading.codes import EMPTY, LAYOUT, TOO_LARGE, UNREADABLE, Fault

_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "an Excel or ZIP file"))
SAVE_AS = "save it as CSV, UTF-8"
NUMBER, ROUNDED, SHOWN_OTHERWISE, DATE, MIDNIGHT, BOOLEAN = (
    *("number", "rounded", "shown otherwise", "date", "midnight", "boolean"),
)
"""What a cell of a spreadsheet is, where not text. Midnight: a date whose format shows the time 00:00."""
MAX_LINE = 2_000_000
"""Most characters of a line, before it is cut into cells."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_NOTHING: Mapping[int, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table: its cells without the blanks around them.

    Parameters
    ----------
    broken
        Reason and hint by position, for cells of a spreadsheet that have no value to be read.
    kinds
        What cells of a spreadsheet are by position, where they are not text.
    raw
        The cells with the blanks around them; empty = they had none.
    is_hidden
        Whether the line is hidden in its spreadsheet.
    """

    line: int
    cells: tuple[str, ...]
    broken: Mapping[int, Fault] = field(default_factory=lambda: _NOTHING)
    kinds: Mapping[int, str] = field(default_factory=lambda: _NOTHING)
    raw: tuple[str, ...] = ()
    is_hidden: bool = False


class UnreadableFileError(Exception):
    """The file as a whole can't be read on; carries the :class:`~planner.errors.Issue`."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__(str(issue))


def list_records(file: str, content: bytes) -> Iterator[Record]:
    """Header and records of a comma-separated file; records without any content are left out.

    Raises
    ------
    UnreadableFileError
        If the file is empty, not UTF-8 or not CSV. Records before the bad line have been given by then.
    """
    for record in split_records(file, decode(file, content)):
        if any(record.cells):
            yield record


def split_records(file: str, text: str) -> Iterator[Record]:
    """All records of comma-separated text, those without any content too.

    Raises
    ------
    UnreadableFileError
        If there is no content at all, or the text is not CSV. Records before the bad line have been given.
    """
    reader = csv.reader(_lines(file, text), strict=True)
    is_empty = True
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            reason = f"is not CSV: {error}"
            if "end of data" in str(error):
                reason = "has a quote that is never closed"
            elif "field larger" in str(error):
                reason = f"has a cell of more than {csv.field_size_limit()} characters, or an open quote"
            raise UnreadableFileError(Issue(file=file, row=line, reason=reason, code=LAYOUT)) from None
        if cells is None:
            break
        stripped = tuple(map(str.strip, cells))
        is_empty = is_empty and not any(stripped)
        yield Record(line, stripped, raw=tuple(cells))
    if is_empty:
        raise UnreadableFileError(
            Issue(file=file, reason="the file is empty", hint="it needs at least a header", code=EMPTY)
        )


def _lines(file: str, text: str) -> Iterator[str]:
    """Lines of a text with their ends; a buffer would take four bytes a character."""
    for number, match in enumerate(_LINE.finditer(text), start=1):
        if match.end() - match.start() > MAX_LINE:
            reason = f"the line is longer than {MAX_LINE} characters"
            raise UnreadableFileError(Issue(file=file, row=number, reason=reason, code=TOO_LARGE))
        yield match[0]


def decode(file: str, content: bytes) -> str:
    """Text of a UTF-8 file.

    Raises
    ------
    UnreadableFileError
        If it is in another encoding; with the line where it is, if that can be told.
    """
    for start, what in _OTHER_ENCODINGS:
        if content.startswith(start):
            raise UnreadableFileError(
                Issue(file=file, reason=f"the file is {what}, not UTF-8", hint=SAVE_AS, code=UNREADABLE)
            )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The error counts from behind a byte order mark, so its own bytes are looked at.
        line = error.object.count(b"\n", 0, error.start) + 1
        value = f"byte 0x{error.object[error.start]:02X}"
        issue = Issue(
            file=file, row=line, value=value, reason="the file is not UTF-8", hint=SAVE_AS, code=UNREADABLE
        )
        raise UnreadableFileError(issue) from None
