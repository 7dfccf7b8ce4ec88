"""Bytes of an XLSX file to the one sheet that holds batches; other kinds of files are told by their bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from planner.errors import Issue
from planner.reading.archives import ArchiveError, check_members, list_members
from planner.reading.batch_columns import is_header
from planner.reading.codes import AMBIGUOUS, EMPTY, LAYOUT, NO_BATCH, TOO_LARGE, UNREADABLE
from planner.reading.csv_file import Record, UnreadableFileError
from planner.reading.intake_limits import IntakeLimits
from planner.reading.intake_log import IntakeLog
from planner.reading.sheet_xml import Cell, Sheet, TooLargeSheetError, read_cells
from planner.reading.workbook import SheetPart, read_workbook
from planner.reading.xml_parts import MalformedXmlError

HEADER_LINES = 21
"""So many filled lines of a sheet are looked at for a header."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SAVE = "save it as XLSX, or as CSV in UTF-8"
_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIPPED = (
    ("xl/workbook.bin", "a binary Excel file (XLSB)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint file"),
    ("Index/Document.iwa", "a Numbers file"),
    ("Index.zip", "a Numbers file"),
    ("content.xml", "an OpenDocument file (ODS)"),
)
_MACROS = "xl/vbaProject.bin"


@dataclass(frozen=True, slots=True)
class BatchSheet:
    """The sheet of a workbook that holds batches: its lines with content, and the columns it hides."""

    records: tuple[Record, ...]
    hidden_columns: frozenset[int]


def tell_kind(content: bytes) -> str | None:
    """What a file is that is neither text nor a ZIP archive; ``None`` if it may be text."""
    if content.startswith(_OLD_EXCEL):
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in content
        return "an Excel file with a password" if is_encrypted else "an old Excel file (XLS)"
    return next((what for magic, what in _OTHERS if content.startswith(magic)), None)


def read_sheet(log: IntakeLog, content: bytes, limits: IntakeLimits) -> BatchSheet:
    """Lines of the one sheet of a workbook that has a header of batches; of others only the first are read.

    Where no sheet has one, the first visible sheet with content is given, so that the faults of its header
    can be told.

    Raises
    ------
    UnreadableFileError
        If it is no workbook, damaged or too large, or if several sheets hold batches.
    """
    _check_archive(log, content, limits)
    # More lines than a header, titles and all batches there may be are refused anyway.
    most_lines = min(limits.rows, limits.batches + HEADER_LINES) + 1
    filled: list[tuple[SheetPart, Sheet]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = read_workbook(archive)
            for part in book.sheets:
                start = read_cells(archive, book, part, limits, most_lines=HEADER_LINES)
                if start.rows:
                    filled.append((part, start))
            if _MACROS in archive.namelist():
                log.note(None, None, "the workbook has macros, which are not run")
            part, start = _choose(log, filled)
            sheet = read_cells(archive, book, part, limits, most_lines=most_lines, is_table=True)
    except TooLargeSheetError as fault:
        hint = "delete what stands far below or beside the table"
        raise _unreadable(log, f"sheet {part.name!r} {fault}", hint, code=TOO_LARGE) from fault
    except (MalformedXmlError, zipfile.BadZipFile) as fault:
        reason = f"the XLSX file is damaged: {fault}"
        raise _unreadable(log, reason, "open it in Excel and save it again", code=UNREADABLE) from fault
    if len(sheet.rows) > limits.rows:
        reason = f"sheet {part.name!r} has more than {limits.rows} lines with content"
        raise _unreadable(log, reason, "split it", code=TOO_LARGE)
    if book.counts_from_1904:
        log.note(None, None, "the workbook counts its days from 1904, and is read so")
    records = _records(log, sheet)
    _check_merged(log, sheet, records)
    return BatchSheet(records, frozenset(sheet.hidden_columns))


def _choose(log: IntakeLog, filled: Sequence[tuple[SheetPart, Sheet]]) -> tuple[SheetPart, Sheet]:
    """The one sheet to be read."""
    with_header = [(part, sheet) for part, sheet in filled if _has_header(sheet)]
    if len(with_header) > 1:
        names = ", ".join(f"{part.name!r}{'' if part.is_visible else ' (hidden)'}" for part, _ in with_header)
        hint = "leave one, or save each as a file of its own"
        raise _unreadable(log, f"several sheets hold batches: {names}", hint, code=AMBIGUOUS)
    chosen = with_header[0] if with_header else next((one for one in filled if one[0].is_visible), None)
    if chosen is None:
        raise _unreadable(log, "no visible sheet holds any data", "it needs at least a header", code=EMPTY)
    if not chosen[0].is_visible:
        raise _unreadable(
            log, f"the batches stand on a hidden sheet, {chosen[0].name!r}", "show the sheet", code=NO_BATCH
        )
    for part, _ in filled:
        if part is not chosen[0]:
            log.note(None, None, f"sheet {part.name!r} has no header of batches, and is not read")
    return chosen


def _has_header(sheet: Sheet) -> bool:
    return any(
        is_header(tuple(cell.text for cell in cells.values())) for _, cells in sheet.rows[:HEADER_LINES]
    )


def _records(log: IntakeLog, sheet: Sheet) -> tuple[Record, ...]:
    """Lines with content, all as wide as the header is."""
    width = max(sheet.rows[0][1]) + 1
    records = []
    before = sheet.rows[0][0]
    for line, cells in sheet.rows:
        if line > before + 1:
            log.note(before + 1, None, "lines without content are left out")
        before = line
        records.append(_record(line, cells, width, is_hidden=line in sheet.hidden_lines))
    return tuple(records)


def _record(line: int, cells: dict[int, Cell], width: int, *, is_hidden: bool) -> Record:
    raw = [""] * max(width, max(cells) + 1)
    for position, cell in cells.items():
        raw[position] = cell.text
    faults = {position: cell.fault for position, cell in cells.items() if cell.fault is not None}
    kinds = {position: cell.kind for position, cell in cells.items() if cell.kind}
    return Record(
        line,
        tuple(text.strip() for text in raw),
        MappingProxyType(faults),
        MappingProxyType(kinds),
        tuple(raw),
        is_hidden,
    )


def _check_merged(log: IntakeLog, sheet: Sheet, records: Sequence[Record]) -> None:
    """Refuse merged cells in the table: what is merged away is blank, and nobody can tell what was meant."""
    first, last, width = records[0].line, records[-1].line, len(records[0].cells)
    for block in sheet.merged:
        if block.last_line >= first and block.first_line <= last and block.first < width:
            line = max(block.first_line, first)
            raise UnreadableFileError(
                Issue(
                    file=log.file,
                    row=line,
                    value=block.name,
                    reason=f"cells {block.name} are merged",
                    hint="unmerge them, and write the value into each cell",
                    code=LAYOUT,
                )
            )


def _check_archive(log: IntakeLog, content: bytes, limits: IntakeLimits) -> None:
    """Refuse what is not a workbook, and what would unpack to more than a workbook of batches holds."""
    try:
        members = list_members(io.BytesIO(content))
        names = {member.filename for member in members}
        if "xl/workbook.xml" not in names:
            what = next((what for name, what in _ZIPPED if name in names), "a ZIP archive")
            raise _unreadable(log, f"the file is {what}", code=UNREADABLE)
        check_members(members, len(content), limits)
    except ArchiveError as error:
        reason, hint, code = error.fault
        raise _unreadable(log, reason, hint or _SAVE, code=code) from error


def _unreadable(log: IntakeLog, reason: str, hint: str = _SAVE, *, code: str) -> UnreadableFileError:
    return UnreadableFileError(Issue(file=log.file, reason=reason, hint=hint, code=code))
