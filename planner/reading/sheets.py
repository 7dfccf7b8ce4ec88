"""Bytes of a batch file to its records, CSV or XLSX: what it is is told by its bytes, not by its name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook

from planner.errors import Issue
from planner.reading.csv_file import Record, UnreadableFileError, list_records
from planner.reading.sheet_xml import MalformedXmlError, SheetLook, cell_name, look_at_sheets

MAX_UNPACKED_BYTES = 200_000_000
MAX_MEMBERS = 1_000
MAX_CELLS = 10_000_000
"""Most cells of a sheet, blank ones between the first and the last counted: they are read as one block."""
_SAVE = "save it as XLSX, or as CSV in UTF-8"
_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (XLS), or one with a password"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIPPED = (
    ("xl/workbook.bin", "a binary Excel file (XLSB)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint file"),
    ("content.xml", "an OpenDocument file"),
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|script)\b", re.IGNORECASE)


def list_any_records(file: str, content: bytes) -> Iterator[Record]:
    """Header and records of a CSV file, or of the first visible sheet with data of an XLSX file.

    Raises
    ------
    UnreadableFileError
        If it is neither, or damaged. Records before the damage have been given by then.
    """
    if content.startswith(_ZIP):
        return _list_xlsx_records(file, content)
    start = content[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    what = next((what for magic, what in _OTHERS if content.startswith(magic)), None)
    if what is None and start.startswith(b"<"):
        what = "an HTML page" if _HTML.search(start) else "an XML file"
    if what is None and start.startswith((b"{", b"[")):
        what = "JSON"
    if what is not None:
        raise _unreadable(file, f"the file is {what}")
    return list_records(file, content)


def _list_xlsx_records(file: str, content: bytes) -> Iterator[Record]:
    _check_archive(file, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            looks = look_at_sheets(archive)
        with load_workbook(io.BytesIO(content)) as workbook:
            rows, look = _first_rows(file, workbook, looks)
    # A damaged workbook is the reader's to refuse; what exactly is wrong inside helps nobody.
    except (CalamineError, MalformedXmlError, zipfile.BadZipFile, zlib.error, ValueError, KeyError) as fault:
        raise _unreadable(file, "the XLSX file is damaged", "open it in Excel and save it again") from fault
    broken = _broken_cells(look)
    is_empty = True
    for line, row in enumerate(rows, start=1):
        faults = broken.get(line, {})
        cells = tuple(
            look.errors.get((line, position), "=") if position in faults else _cell_text(value)
            for position, value in enumerate(row)
        )
        if any(cells):
            is_empty = False
            yield Record(line, cells, faults)
    if is_empty:
        raise _unreadable(file, "no visible sheet holds any data", "it needs at least a header")


def _check_archive(file: str, content: bytes) -> None:
    """Refuse what is not a workbook, and what would unpack to more than a workbook of batches holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise _unreadable(file, "the file is a ZIP or XLSX file that is damaged or cut off") from fault
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        what = next((what for name, what in _ZIPPED if name in names), "a ZIP archive")
        raise _unreadable(file, f"the file is {what}")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _unreadable(file, f"the file unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB")


def _first_rows(
    file: str, workbook: CalamineWorkbook, looks: Mapping[str, SheetLook]
) -> tuple[Sequence[Sequence[object]], SheetLook]:
    """Rows of the first visible sheet with data, from its first line on, and what they do not tell."""
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            look = looks[sheet.name]
            if look.rows * look.columns > MAX_CELLS:
                reason = f"sheet {sheet.name!r} reaches as far as cell {look.furthest}"
                raise _unreadable(file, reason, "delete what stands far below or beside the table")
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            if look.errors or look.formulas or any(value != "" for row in rows for value in row):
                missing = look.columns - max(map(len, rows), default=0)
                wide = [[*row, *[""] * missing] for row in rows] if missing > 0 else list(rows)
                return wide + [[""] * look.columns] * (look.rows - len(wide)), look
    return [], SheetLook()


def _broken_cells(look: SheetLook) -> dict[int, dict[int, tuple[str, str]]]:
    """Reason and hint for every cell without a value to be read, by line and position."""
    broken: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for line, position in look.errors:
        hint = f"cell {cell_name(line, position)}: write the value itself"
        broken[line][position] = ("is an error of the spreadsheet", hint)
    for line, position in look.formulas:
        hint = f"cell {cell_name(line, position)}: open the file in Excel and save it"
        broken[line][position] = ("is a formula without a stored value", hint)
    return broken


def _cell_text(value: object) -> str:
    """What the cell holds, exactly: 300.0 is ``300``, 1.5 stays ``1.5``, a time is its ISO text.

    A spreadsheet knows no difference between a day and its midnight: both are the day.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto" if value.second or value.microsecond else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _unreadable(file: str, reason: str, hint: str = _SAVE) -> UnreadableFileError:
    return UnreadableFileError(Issue(file=file, reason=reason, hint=hint))
