"""The parts of an XLSX workbook around its sheets: which sheets there are, their shared texts and formats."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from planner.reading.xml_parts import MalformedXmlError, walk

PLAIN, NUMBER_FORMAT, DAY, DAY_AND_TIME, PERCENT, DURATION = (
    *("plain", "number", "day", "day and time", "percent", "duration"),
)
"""What a number format makes of a number. Plain: it is shown as it is, as far as it is whole."""
_BUILT_IN = {
    **dict.fromkeys((0, 1, 49), PLAIN),
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58), DAY),
    **dict.fromkeys((18, 19, 20, 21, 22, 32, 33, 34, 35, 55, 56), DAY_AND_TIME),
    **dict.fromkeys((45, 46, 47), DURATION),
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_PLAIN_FORMATS = frozenset(("general", "@", "0"))
_SHOWS_TIME = re.compile(r"[hs]", re.IGNORECASE)
_SHOWS_DAY = re.compile(r"[ymd]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_OF_A_FORMAT = 255
"""Most characters of a number format: spreadsheets take no more."""
_DAY_60 = 60
"""Spreadsheets that count from 1900 have a 29 February 1900, which never was: days before it are one off."""
_MILLISECONDS_A_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet: its name, the member of the archive it stands in, whether it is shown."""

    name: str
    member: str
    is_visible: bool


@dataclass(slots=True)
class Workbook:
    """What all sheets of a workbook share."""

    sheets: list[SheetPart] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    counts_from_1904: bool = False

    def format_of(self, style: str) -> str:
        """What the style of a cell makes of a number."""
        number = int(style or 0)
        return self.formats[number] if number < len(self.formats) else PLAIN

    def moment(self, serial: float) -> datetime | None:
        """Local day and time of a day number, to the millisecond; ``None`` if there is no such day."""
        if not self.counts_from_1904 and serial < _DAY_60 + 1:
            return None
        start = datetime(1904, 1, 1) if self.counts_from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - local
        try:
            return start + timedelta(milliseconds=round(serial * _MILLISECONDS_A_DAY))
        except OverflowError:
            return None


def read_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Read the parts around the sheets.

    Raises
    ------
    MalformedXmlError
        If one of them can't be read.
    """
    book = Workbook()
    targets: dict[str, tuple[str, str]] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            targets[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            book.counts_from_1904 = attributes.get("date1904", "") in {"1", "true", "on"}
        elif tag == "sheet":
            kind, member = targets.get(attributes["id"], ("", ""))
            # Chart sheets and dialogs hold no cells.
            if kind == "worksheet":
                if any(part.member == member for part in book.sheets):
                    raise MalformedXmlError(f"two sheets stand in {member}")
                is_visible = attributes.get("state", "visible") == "visible"
                book.sheets.append(SheetPart(attributes["name"], member, is_visible))

    try:
        walk(archive, "xl/_rels/workbook.xml.rels", relation)
        walk(archive, "xl/workbook.xml", sheet)
    except KeyError as fault:
        raise MalformedXmlError(f"xl/workbook.xml lacks {fault}") from fault
    members = dict(targets.values())
    there = set(archive.namelist())
    if members.get("sharedStrings") in there:
        book.texts = _read_texts(archive, members["sharedStrings"])
    if members.get("styles") in there:
        book.formats = _read_formats(archive, members["styles"])
    return book


def unescape(text: str) -> str:
    """Text of a cell: characters that XML can't hold are written ``_x000D_`` there."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def kind_of_format(code: str) -> str:
    """What a number format of a workbook's own makes of a number."""
    first = _LITERAL.sub("", code).split(";")[0]
    if _ELAPSED.search(first):
        return DURATION
    bare = _BRACKETS.sub("", first).strip()
    if bare.casefold() in _PLAIN_FORMATS or not bare:
        return PLAIN
    if "%" in bare:
        return PERCENT
    if "general" in bare.casefold():
        return NUMBER_FORMAT
    if _SHOWS_TIME.search(bare):
        return DAY_AND_TIME
    return DAY if _SHOWS_DAY.search(bare) else NUMBER_FORMAT


def _read_texts(archive: zipfile.ZipFile, member: str) -> list[str]:
    """Shared texts in order; how they are pronounced (``rPh``) is no part of them."""
    texts: list[str] = []
    parts: list[str] = []
    is_inside = {"t": False, "rPh": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            parts.clear()
        elif tag in is_inside:
            is_inside[tag] = True

    def end(tag: str) -> None:
        if tag == "si":
            texts.append(unescape("".join(parts)))
        elif tag in is_inside:
            is_inside[tag] = False

    def text(part: str) -> None:
        if is_inside["t"] and not is_inside["rPh"]:
            parts.append(part)

    walk(archive, member, start, end, text)
    return texts


def _read_formats(archive: zipfile.ZipFile, member: str) -> list[str]:
    """What each cell style makes of a number, in order."""
    own: dict[int, str] = {}
    numbers: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt" and "numFmts" in inside:
            own[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "xf" and "cellXfs" in inside:
            numbers.append(int(attributes.get("numFmtId", 0)))

    def end(_: str) -> None:
        inside.pop()

    try:
        walk(archive, member, start, end)
    except KeyError as fault:
        raise MalformedXmlError(f"{member} lacks {fault}") from fault
    short = {number: code[:_MOST_OF_A_FORMAT] for number, code in own.items()}
    shapes = _BUILT_IN | {number: kind_of_format(code) for number, code in short.items()}
    return [shapes.get(number, NUMBER_FORMAT) for number in numbers]
