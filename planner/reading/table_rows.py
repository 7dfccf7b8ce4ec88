"""Lines of a CSV file or spreadsheet to rows of batches: which cell is of which column, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from planner.reading.batch_columns import (
    COLUMN_OF,
    COLUMNS,
    ERROR,
    MOMENT,
    NUMBER,
    REQUIRED,
    find_column,
    is_exact,
)
from planner.reading.batch_row import RawRow
from planner.reading.batch_table import BatchTable
from planner.reading.cells import suggest
from planner.reading.codes import (
    AMBIGUOUS,
    LAYOUT,
    MISSING,
    NO_BATCH,
    SPREADSHEET,
    TOO_LARGE,
    TOO_LONG,
    TWICE,
    UNKNOWN,
    Fault,
)
from planner.reading.csv_file import BOOLEAN, DATE, MIDNIGHT, ROUNDED, SHOWN_OTHERWISE, Record
from planner.reading.csv_file import NUMBER as NUMBER_CELL
from planner.reading.intake import XLSX
from planner.reading.intake_limits import IntakeLimits
from planner.reading.intake_log import IntakeLog

SPREADSHEET_DIGITS = 15
"""Digits of a number that spreadsheets keep; what stood behind them is lost before we see it."""
_TOTALS = frozenset(
    ("total", "totals", "subtotal", "sum", "grand total", "合计", "总计", "小计", "总数", "总和", "共计")
)
_MISPLACED = {
    DATE: "is a date of the spreadsheet",
    MIDNIGHT: "is a date of the spreadsheet",
    BOOLEAN: "is TRUE or FALSE of the spreadsheet",
    SHOWN_OTHERWISE: "is a number that the spreadsheet shows otherwise",
    ROUNDED: "is a number that the spreadsheet shows otherwise",
}
"""Why cells that are not text can't be read as text."""
_FIGURES = re.compile(r"[0-9.,'\s\u00a0]+")


class TableRows:
    """Reads the lines of one table; faults of header and lines go to the log.

    Parameters
    ----------
    positions
        Position of each known column; none if the first line is no header of batches at all.
    """

    def __init__(self, log: IntakeLog, table: BatchTable, limits: IntakeLimits) -> None:
        self._log, self._limits = log, limits
        self._header = table.header
        self._is_sheet = table.format == XLSX
        self.positions = self._read_header(table)
        cells = table.header.cells
        self._called = {column: cells[position] for column, position in self.positions.items()}
        self._without_heading = [position for position, heading in enumerate(cells) if not heading]

    def _read_header(self, table: BatchTable) -> dict[str, int]:
        """Position of each known column; none if the line is no header of batches at all."""
        line, cells = table.header.line, table.header.cells
        if table.is_no_header:
            return {}
        most = self._limits.columns
        if len(cells) > most and any(cells[most:]):
            self._log.refuse(
                line,
                None,
                f"the header has more than {most} columns",
                "leave the others out",
                code=TOO_LARGE,
            )
            return {}
        positions: dict[str, int] = {}
        headings: dict[str, str] = {}
        for position, heading in enumerate(cells):
            column = find_column(heading)
            if position in table.header.broken:
                fault = table.header.broken[position]
                self._log.refuse(line, heading, fault.reason, fault.hint, value=heading, code=fault.code)
            elif column is None and heading:
                hint = suggest(heading, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
                self._log.refuse(line, heading, "is no column of batches", hint, value=heading, code=UNKNOWN)
            elif column in headings:
                twin = headings[column]
                reason = "the column is there twice" + ("" if twin == heading else f", as {twin} too")
                self._log.refuse(line, heading, reason, "leave one out", value=heading, code=TWICE)
            elif column is not None:
                headings[column] = heading
                positions[column] = position
        for column in REQUIRED:
            if column not in positions:
                hint = f"add it to the header, or its Chinese name {COLUMN_OF[column].zh}"
                self._log.refuse(line, column, "the column is missing", hint, code=MISSING)
        self._note_headings(table, headings)
        positions.pop(ERROR, None)
        return positions

    def _note_headings(self, table: BatchTable, headings: Mapping[str, str]) -> None:
        line, cells = table.header.line, table.header.cells
        for column, heading in headings.items():
            if column == ERROR:
                self._log.note(line, heading, "the column of faults is not read")
            elif not is_exact(heading):
                self._log.note(line, heading, f"the heading is read as {column}")
        for position in sorted(table.hidden_columns):
            if position < len(cells) and cells[position]:
                self._log.note(line, cells[position], "the column is hidden, and is read")
        blank = [position for position, cell in enumerate(cells) if not cell]
        if blank:
            self._log.note(line, None, f"columns without heading and content are left out: {len(blank)}")

    def raw_row(self, record: Record) -> RawRow | None:
        """Cells of a line by column; ``None`` if it is no row of batches."""
        header, positions = self._header, self.positions
        width = len(header.cells)
        if len(record.cells) < width or (any(record.cells[width:]) and not self._is_sheet):
            self._refuse_width(record, width)
            return None
        texts = {column: record.cells[position] for column, position in positions.items()}
        if _is_total(texts):
            filled = next(cell for cell in record.cells if cell)
            self._log.refuse(
                record.line, None, "is a line of totals, no batch", "delete it", value=filled, code=NO_BATCH
            )
            return None
        if record.is_hidden:
            hint = "show it (a filter hides lines, too), or delete it"
            self._log.refuse(record.line, None, "the line is hidden in the spreadsheet", hint, code=NO_BATCH)
        for position in (*self._without_heading, *range(width, len(record.cells))):
            text = record.cells[position]
            if text:
                self._log.refuse(
                    record.line, None, "stands under no heading", "name the column", value=text, code=LAYOUT
                )
        raw = record.raw or record.cells
        return RawRow(
            line=record.line,
            where=f"line {record.line}",
            texts={column: raw[position] for column, position in positions.items()},
            called=self._called,
            broken=dict(self._broken(record)),
        )

    def _refuse_width(self, record: Record, width: int) -> None:
        reason = f"the row has {len(record.cells)} cells, the header {width}"
        hint = "no commas in numbers; text that holds a comma is put in double quotes"
        other = next((mark for mark in ";\t；，" if any(mark in cell for cell in record.cells)), None)
        if len(record.cells) < width and other is not None:
            named = "tabs" if other == "\t" else other
            hint = f"cells are separated by commas in every line, never by {named}"
        self._log.refuse(record.line, None, reason, hint, code=LAYOUT)

    def _broken(self, record: Record) -> Iterator[tuple[str, Fault]]:
        """Cells that no text of their column can be made of."""
        most = self._limits.field_characters
        if not record.broken and not record.kinds and max(map(len, record.cells)) <= most:
            return
        for column, position in self.positions.items():
            text, kind = record.cells[position], record.kinds.get(position, "")
            if position in record.broken:
                yield column, record.broken[position]
            elif len(text) > most:
                yield column, Fault(f"is longer than {most} characters", code=TOO_LONG)
            elif kind:
                fault = _fault_of_kind(column, kind, text)
                if fault is not None:
                    yield column, fault
                else:
                    self._note_kind(record, column, kind)

    def _note_kind(self, record: Record, column: str, kind: str) -> None:
        position = self.positions[column]
        heading, text = self._header.cells[position], record.cells[position]
        if kind == ROUNDED:
            what = f"numbers are read to {SPREADSHEET_DIGITS} digits, as spreadsheets show them"
            self._log.note(record.line, heading, what, value=text)
        elif kind == NUMBER_CELL and _is_text(column):
            self._log.note(record.line, heading, "numbers are read as text", value=text)


def _is_text(column: str) -> bool:
    """Whether a number, day or truth value of a spreadsheet is out of place in a column."""
    return COLUMN_OF[column].kind not in {NUMBER, MOMENT} and column != "split"


def _fault_of_kind(column: str, kind: str, text: str) -> Fault | None:
    """Why a number, day or truth value of a spreadsheet can't stand in a column; ``None`` if it can."""
    if kind == MIDNIGHT and column == "due":
        hint = "format the cell as a date without time for the end of the day, or write the time as text"
        return Fault("is 00:00 of a day: its beginning, or meant as the day?", hint, AMBIGUOUS)
    reason = ""
    if _is_text(column):
        reason = _MISPLACED.get(kind, "")
        if kind == NUMBER_CELL and ("." in text or len(text) > SPREADSHEET_DIGITS):
            reason = f"is a number with decimals or more than {SPREADSHEET_DIGITS} digits"
    if not reason:
        return None
    return Fault(reason, "format the cells as text and type it again", SPREADSHEET)


def _is_total(texts: Mapping[str, str]) -> bool:
    """Whether a line only sums up others: a word for a total, or nothing, and figures."""
    word = ""
    for text in texts.values():
        if text and not _FIGURES.fullmatch(text) and not text.startswith("="):
            if word:
                return False
            word = text
    if word:
        return word.strip(" :：").casefold() in _TOTALS
    return [column for column, text in texts.items() if text] == ["vehicles"]
