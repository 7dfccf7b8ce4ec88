"""Bytes of a batch file to text: UTF-8, or the encoding of Chinese spreadsheets where it is beyond doubt."""

from __future__ import annotations

import codecs
import re

from planner.errors import Issue
from planner.reading.batch_columns import find_column
from planner.reading.codes import UNREADABLE
from planner.reading.csv_file import SAVE_AS, UnreadableFileError, decode
from planner.reading.intake_log import IntakeLog

_LOOKED_AT = 64
_CHINESE_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


def decode_batches(log: IntakeLog, content: bytes) -> str:
    """Text of a batch file; what it was in is noted where that is not plain UTF-8.

    Almost any bytes can be read as GB18030, Western accents as rare Chinese characters. So it is taken for
    that only if a heading comes out as a Chinese one of ours, or if nothing but everyday characters come out,
    those of GB 2312.

    Raises
    ------
    UnreadableFileError
        If it is in an encoding that can't be told for sure.
    """
    start = content[:_LOOKED_AT]
    if not start.startswith((b"\xff\xfe", b"\xfe\xff")) and _looks_like_utf16(start):
        raise UnreadableFileError(
            Issue(file=log.file, reason="the file is UTF-16, not UTF-8", hint=SAVE_AS, code=UNREADABLE)
        )
    if content.startswith(codecs.BOM_UTF8):
        log.note(None, None, "the byte order mark at the start is left out")
    try:
        return decode(log.file, content)
    except UnreadableFileError as refusal:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise
        mixed = _line_in_utf8(content)
        if mixed is not None:
            reason = (
                f"the file is not UTF-8, although line {mixed} is: it holds two encodings, or a broken byte"
            )
            issue = Issue(
                file=log.file,
                row=refusal.issue.row,
                value=refusal.issue.value,
                reason=reason,
                hint=SAVE_AS,
                code=UNREADABLE,
            )
            raise UnreadableFileError(issue) from None
        text = None if content.startswith(codecs.BOM_UTF8) else _as_gb18030(content)
        if text is None:
            raise
        log.note(None, None, "the file is read as GB18030 (GBK), not UTF-8")
        return text


def _looks_like_utf16(start: bytes) -> bool:
    """Whether every other byte is 0, as in ASCII text written as UTF-16 without a mark."""
    return len(start) >= 8 and any(
        not any(start[offset::2]) and all(start[1 - offset :: 2]) for offset in (0, 1)
    )


def _as_gb18030(content: bytes) -> str | None:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    header = next((line for line in text.splitlines() if line.strip(" ,\t")), "")
    headings = [heading.strip(' "\t') for heading in header.split(",")]
    if any(not heading.isascii() and find_column(heading) for heading in headings):
        return text
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return None
    return text


def _line_in_utf8(content: bytes) -> int | None:
    """First line that is Chinese in UTF-8, in a file that is not UTF-8 as a whole."""
    for number, line in enumerate(content.splitlines(), start=1):
        if _CHINESE_IN_UTF8.search(line):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return number
    return None
