"""The XML of one sheet to its cells: what each holds, and why some hold nothing that can be read."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import ClassVar

from planner.reading.codes import NOT_A_NUMBER, NOT_A_TIME, SPREADSHEET, Fault
from planner.reading.csv_file import BOOLEAN, DATE, MIDNIGHT, NUMBER, ROUNDED, SHOWN_OTHERWISE
from planner.reading.intake_limits import IntakeLimits
from planner.reading.workbook import (
    DAY,
    DAY_AND_TIME,
    DURATION,
    NUMBER_FORMAT,
    PERCENT,
    SheetPart,
    Workbook,
    unescape,
)
from planner.reading.xml_parts import MalformedXmlError, walk

DIGITS = 15
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")

_BAD_SHAPES = {
    PERCENT: Fault("is formatted as a percentage", "format it as a number", SPREADSHEET),
    DURATION: Fault("is formatted as a time without a day", "format it as a date, or as text", SPREADSHEET),
}
"""Reason and hint for formats that show another thing than the number."""


class TooLargeSheetError(Exception):
    """The sheet holds too many cells, or one far beside the table; says which."""


class _EnoughError(Exception):
    """As many lines as were asked for have been read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell: its text, what it is if not text, and reason and hint if it can't be read."""

    text: str
    kind: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A range of merged cells, by lines and positions, both ends included."""

    name: str
    first_line: int
    last_line: int
    first: int
    last: int


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet.

    Parameters
    ----------
    rows
        Line and filled cells by position, of each line that has any.
    merged
        Ranges of merged cells.
    hidden_lines, hidden_columns
        What the spreadsheet does not show.
    """

    rows: list[tuple[int, dict[int, Cell]]] = field(default_factory=list)
    merged: list[Block] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_cells(
    archive: zipfile.ZipFile,
    book: Workbook,
    part: SheetPart,
    limits: IntakeLimits,
    *,
    most_lines: int,
    is_table: bool = False,
) -> Sheet:
    """Read a sheet; how far it claims to reach does not matter.

    Parameters
    ----------
    most_lines
        After so many lines with content the rest is not read, what is said of merged cells included.
    is_table
        Whether it is the table: else cells beyond all columns are left out, as nobody asks for them.

    Raises
    ------
    MalformedXmlError
        If its XML is none of a sheet.
    TooLargeSheetError
        If it holds too many cells, or one far beside the table.
    """
    return _SheetParser(book, limits, most_lines, is_table=is_table).read(archive, part.member)


def cell_name(line: int, position: int) -> str:
    """``A1`` for line 1, position 0."""
    letters, number = "", position + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}"


class _SheetParser:
    """Walks through the cells of one sheet."""

    def __init__(self, book: Workbook, limits: IntakeLimits, most_lines: int, *, is_table: bool) -> None:
        self._book, self._limits, self._most_lines, self._is_table = book, limits, most_lines, is_table
        self._sheet = Sheet()
        self._line, self._position, self._num_cells = 0, -1, 0
        self._row: dict[int, Cell] = {}
        self._kind = self._style = ""
        self._has_formula = self._is_filled = False
        self._tag = ""
        self._is_pronounced = False
        self._parts: dict[str, list[str]] = {"v": [], "f": [], "t": []}

    def read(self, archive: zipfile.ZipFile, member: str) -> Sheet:
        """Read the sheet."""
        try:
            walk(archive, member, self._start, self._end, self._text)
        except _EnoughError:
            pass
        except (KeyError, IndexError) as fault:
            raise MalformedXmlError(f"{member} is no sheet") from fault
        return self._sheet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tag = tag
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag in {"v", "is"}:
            self._is_filled = True
        elif tag == "rPh":
            self._is_pronounced = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "col" and (_is_true(attributes.get("hidden")) or attributes.get("width") == "0"):
            first, last = int(attributes["min"]), min(int(attributes["max"]), self._limits.columns)
            self._sheet.hidden_columns.update(range(max(first, 1) - 1, last))
        elif tag == "mergeCell":
            self._sheet.merged.append(_block(attributes["ref"]))

    def _start_row(self, attributes: dict[str, str]) -> None:
        line = int(attributes.get("r", self._line + 1))
        if line <= self._line:
            raise MalformedXmlError(f"line {line} comes after line {self._line}")
        self._line, self._position, self._row = line, -1, {}
        if _is_true(attributes.get("hidden")) or attributes.get("ht") == "0":
            self._sheet.hidden_lines.add(line)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        # A writer may leave out where a cell stands: then it is the next one.
        line, position = _place(attributes["r"]) if "r" in attributes else (self._line, self._position + 1)
        if line != self._line or position <= self._position:
            raise MalformedXmlError(f"cell {cell_name(line, position)} stands in the wrong place")
        self._position = position
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._has_formula = self._is_filled = False
        for parts in self._parts.values():
            parts.clear()

    def _text(self, text: str) -> None:
        # Texts of a cell stand in `v`, or in `t` inside `is`; `rPh` says how they are pronounced.
        if self._tag in self._parts and not self._is_pronounced:
            self._parts[self._tag].append(text)

    def _end(self, tag: str) -> None:
        self._tag = ""
        if tag == "row" and self._row:
            self._sheet.rows.append((self._line, self._row))
            if len(self._sheet.rows) >= self._most_lines:
                raise _EnoughError
        elif tag == "rPh":
            self._is_pronounced = False
        if tag != "c" or not (self._is_filled or self._has_formula):
            return
        name = cell_name(self._line, self._position)
        if self._position >= self._limits.columns:
            if not self._is_table:
                return
            raise TooLargeSheetError(f"reaches as far as cell {name}")
        self._num_cells += 1
        if self._num_cells > self._limits.cells:
            raise TooLargeSheetError(f"has more than {self._limits.cells} filled cells")
        cell = self._cell("".join(self._parts["v"]), name)
        if cell.text.strip() or cell.fault is not None:
            self._row[self._position] = cell

    def _cell(self, value: str, name: str) -> Cell:
        if self._has_formula:
            formula = unescape("".join(self._parts["f"]))
            hint = f"cell {name}: copy the cells and paste them as values"
            return Cell(f"={formula}", fault=Fault("is a formula, not a value", hint, SPREADSHEET))
        if self._kind not in self._MAKERS:
            raise MalformedXmlError(f"cell {name} is of no known type")
        return self._MAKERS[self._kind](self, value, name)

    def _error(self, value: str, name: str) -> Cell:
        fault = Fault("is an error of the spreadsheet", f"cell {name}: write the value itself", SPREADSHEET)
        return Cell(value, fault=fault)

    def _shared_text(self, value: str, name: str) -> Cell:
        number = int(value)
        if not 0 <= number < len(self._book.texts):
            raise MalformedXmlError(f"cell {name} names a text that is not there")
        return Cell(self._book.texts[number])

    def _inline_text(self, _value: str, _name: str) -> Cell:
        return Cell(unescape("".join(self._parts["t"])))

    def _own_text(self, value: str, _name: str) -> Cell:
        return Cell(unescape(value))

    def _truth(self, value: str, _name: str) -> Cell:
        return Cell("TRUE" if _is_true(value) else "FALSE", BOOLEAN)

    def _iso_date(self, value: str, name: str) -> Cell:
        """Cell of a file that writes dates as ISO 8601 instead of day numbers."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            fault = Fault(
                "is no ISO date, although the file says so", f"cell {name}: type it again", NOT_A_TIME
            )
            return Cell(value, fault=fault)
        return Cell(value) if moment.tzinfo else _moment_cell(moment, shows_time="T" in value)

    def _number(self, value: str, name: str) -> Cell:
        text = value.strip()
        if not text:
            return Cell("")
        if _NUMBER.fullmatch(text) is None:
            fault = Fault(
                "is no number, although the file says so", f"cell {name}: type it again", NOT_A_NUMBER
            )
            return Cell(text, fault=fault)
        number = float(text)
        if math.isinf(number):
            fault = Fault("is not a finite number", f"cell {name}: type it again", NOT_A_NUMBER)
            return Cell(text, fault=fault)
        return self._shaped(number, self._book.format_of(self._style), name)

    def _shaped(self, number: float, shape: str, name: str) -> Cell:
        """Cell of a number in the format that it is shown in."""
        if shape in _BAD_SHAPES:
            bad = _BAD_SHAPES[shape]
            text = f"{Decimal(repr(number)) * 100:f}%" if shape == PERCENT else _plain(repr(number))
            return Cell(text, fault=bad._replace(hint=f"cell {name}: {bad.hint}"))
        if shape in {DAY, DAY_AND_TIME}:
            moment = self._book.moment(number)
            if moment is not None:
                return _moment_cell(moment, shows_time=shape == DAY_AND_TIME)
            hint = f"cell {name}: write a date such as 2026-03-04"
            fault = Fault("is formatted as a date, but there is no such day", hint, NOT_A_TIME)
            return Cell(_plain(repr(number)), fault=fault)
        # Spreadsheets keep 17 digits and show 15: 0.30000000000000004 is 0.3 to who wrote it.
        rounded = float(f"{number:.{DIGITS}g}")
        if rounded != number:
            return Cell(_plain(repr(rounded)), ROUNDED)
        return Cell(_plain(repr(number)), SHOWN_OTHERWISE if shape == NUMBER_FORMAT else NUMBER)

    _MAKERS: ClassVar[dict[str, Callable[[_SheetParser, str, str], Cell]]] = {
        "n": _number,
        "s": _shared_text,
        "inlineStr": _inline_text,
        "str": _own_text,
        "b": _truth,
        "e": _error,
        "d": _iso_date,
    }
    """How the type of a cell is read."""


def _plain(number: str) -> str:
    """All digits of a number: 300.0 is ``300``, 1e-7 is ``0.0000001``."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number.removeprefix("+"))
    mantissa, _, exponent = digits.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    shift = int(exponent or 0)
    if shift >= 0:
        decimals = decimals.ljust(shift, "0")
        whole, decimals = whole + decimals[:shift], decimals[shift:]
    else:
        whole = whole.rjust(1 - shift, "0")
        whole, decimals = whole[:shift], whole[shift:] + decimals
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def _moment_cell(moment: datetime, *, shows_time: bool) -> Cell:
    if moment.time() == time(0):
        day = moment.date().isoformat()
        return Cell(f"{day}T00:00", MIDNIGHT) if shows_time else Cell(day, DATE)
    has_seconds = moment.second or moment.microsecond
    return Cell(moment.isoformat(timespec="auto" if has_seconds else "minutes"), DATE)


def _is_true(text: str | None) -> bool:
    return text in {"1", "true", "on"}


def _block(name: str) -> Block:
    match = _RANGE.fullmatch(name)
    if match is None:
        raise MalformedXmlError(name)
    (first_line, first), (last_line, last) = _place(match[1]), _place(match[2] or match[1])
    return Block(name, first_line, last_line, first, last)


def _place(name: str) -> tuple[int, int]:
    """Line and position of a cell by its name."""
    match = _CELL.fullmatch(name)
    if match is None:
        raise MalformedXmlError(name)
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), number - 1
