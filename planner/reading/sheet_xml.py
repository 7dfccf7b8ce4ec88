"""A look into the XML of a sheet before it is read: how far it reaches, and cells that hold no value.

The workbook reader makes one block of memory from the first cell to the last, and takes an error or a formula
that was never worked out for a blank. Both have to be known before.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SEPARATOR = " "
"""Stands between the name space of a tag and its name."""


class MalformedXmlError(Exception):
    """The XML is none, or declares a document type of its own, which no workbook does."""


@dataclass(slots=True)
class SheetLook:
    """What a sheet holds that its values do not tell.

    Parameters
    ----------
    rows, columns
        How far its filled cells reach from the first cell of the sheet.
    furthest
        The cell that stretched it last.
    errors
        Text of each cell that holds an error, by line and position from 0: ``#REF!``.
    formulas
        Line and position of each formula that has no stored value.
    """

    rows: int = 0
    columns: int = 0
    furthest: str = ""
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def look_at_sheets(archive: zipfile.ZipFile) -> dict[str, SheetLook]:
    """Every worksheet of a workbook by its name.

    Raises
    ------
    MalformedXmlError
        If a part of the workbook can't be read.
    KeyError
        If a part of it is missing.
    """
    targets: dict[str, str] = {}
    numbers: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes["Type"].endswith("/worksheet"):
            targets[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            numbers[attributes["name"]] = attributes["id"]

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return {
        name: _SheetParser().look(archive, targets[number].lstrip("/"))
        for name, number in numbers.items()
        if number in targets
    }


def cell_name(line: int, position: int) -> str:
    """``A1`` for line 1, position 0."""
    letters, number = "", position + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}"


class _SheetParser:
    """Walks through the cells of one sheet; nothing of it is kept but what the look says."""

    def __init__(self) -> None:
        self._look = SheetLook()
        self._line, self._position = 0, -1
        self._kind = ""
        self._has_formula = self._is_filled = self._is_in_value = False
        self._value: list[str] = []

    def look(self, archive: zipfile.ZipFile, member: str) -> SheetLook:
        """Look through a sheet."""
        _parse(archive, member, self._start, self._end, self._text)
        return self._look

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._line, self._position = int(attributes.get("r", self._line + 1)), -1
        elif tag == "c":
            # A writer may leave out where a cell stands: then it is the next one.
            self._line, self._position = (
                _place(attributes["r"]) if "r" in attributes else (self._line, self._position + 1)
            )
            self._kind = attributes.get("t", "")
            self._has_formula = self._is_filled = False
            self._value.clear()
        elif tag == "f":
            self._has_formula = True
        elif tag == "v":
            self._is_in_value = self._is_filled = True
        elif tag == "is":
            self._is_filled = True

    def _text(self, text: str) -> None:
        if self._is_in_value:
            self._value.append(text)

    def _end(self, tag: str) -> None:
        if tag == "v":
            self._is_in_value = False
        if tag != "c" or not (self._is_filled or self._has_formula):
            return
        look, line, position, value = self._look, self._line, self._position, "".join(self._value)
        if line > look.rows or position >= look.columns:
            look.furthest = cell_name(line, position)
        look.rows, look.columns = max(look.rows, line), max(look.columns, position + 1)
        if self._kind == "e":
            look.errors[line, position] = value
        # A stored text may be empty: that is what ="" comes to.
        elif self._has_formula and not value and not (self._kind == "str" and self._is_filled):
            look.formulas.add((line, position))


def _place(name: str) -> tuple[int, int]:
    """Line and position of a cell by its name."""
    match = _CELL.fullmatch(name)
    if match is None:
        raise MalformedXmlError(name)
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), number - 1


def _parse(
    archive: zipfile.ZipFile,
    member: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through one part of a workbook; tags and attributes come without their name spaces."""

    def local(name: str) -> str:
        return name.rpartition(_SEPARATOR)[2]

    def refuse(*_: object) -> None:
        raise MalformedXmlError(member)

    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(
        local(tag), {local(name): value for name, value in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    try:
        with archive.open(member) as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError) as fault:
        raise MalformedXmlError(member) from fault
