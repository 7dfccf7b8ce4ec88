"""Views as an XLSX file (ECMA-376): real numbers and dates, no formulas, equal bytes for equal views.

Written without a library: a month of batches fills more than 100,000 cells, for which a general writer takes
seconds, and puts the time of the run into the file. Text is an inline string, so nothing in it is a formula.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from planner.render.csv import guard
from planner.render.views import DAY, DECIMAL, MONEY, TEXT, TIME, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from planner.render.views import View

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""Time of every file inside, the first that ZIP knows: a workbook tells no clock."""
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a spreadsheet have no zone
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_LETTERS = 32_767
"""Text that a cell holds."""
_NUMBER_FORMATS = {TEXT: 49, WHOLE: 3, MONEY: 4, DECIMAL: 4, DAY: 164, TIME: 165}
"""Numbers below 164 are those every spreadsheet knows: text, and figures with 0 or 2 decimals."""
_STYLE = {kind: number for number, kind in enumerate(_NUMBER_FORMATS, start=1)}
_HEAD_STYLE, _QUOTED_STYLE = len(_STYLE) + 1, len(_STYLE) + 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx_bytes(views: Sequence[View]) -> bytes:
    """A workbook with a sheet a view: its heading stays in sight and filters, its columns are wide enough."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in _files(views):
            info = ZipInfo(name, _ZIP_TIME)
            info.create_system = 0
            archive.writestr(info, (_XML + text).encode(), ZIP_DEFLATED)
    return out.getvalue()


def _files(views: Sequence[View]) -> Iterator[tuple[str, str]]:
    """Names and contents of the files inside."""
    numbers = range(1, len(views) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    content = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>'
    )
    yield "[Content_Types].xml", content
    yield "_rels/.rels", _relations(("officeDocument", "xl/workbook.xml"))
    sheets = "".join(
        f'<sheet name={quoteattr(view.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, view in zip(numbers, views, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations(*targets, ("styles", "styles.xml"))
    yield "xl/styles.xml", _styles()
    for number, view in zip(numbers, views, strict=True):
        yield f"xl/worksheets/sheet{number}.xml", "".join(_sheet(view))


def _relations(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _styles() -> str:
    """Default, a style a kind of column, the heading, and text that looks like a formula."""
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in _NUMBER_FORMATS.values()
    )
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FF1F3A5F"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{_QUOTED_STYLE + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f'{formats}<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        ' quotePrefix="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _sheet(view: View) -> Iterator[str]:
    letters = [_letters(number) for number in range(len(view.columns))]
    yield f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    yield '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
    for number, column in enumerate(view.columns, start=1):
        yield f'<col min="{number}" max="{number}" width="{column.letters}" customWidth="1"/>'
    yield '</cols><sheetData><row r="1">'
    for letter, column in zip(letters, view.columns, strict=True):
        yield _text_cell(f"{letter}1", column.heading, _HEAD_STYLE)
    yield "</row>"
    kinds = [column.kind for column in view.columns]
    line = 1
    for line, row in enumerate(view.rows, start=2):
        yield f'<row r="{line}">'
        for letter, kind, cell in zip(letters, kinds, row, strict=True):
            if cell is not None:
                yield _cell(f"{letter}{line}", cell, kind)
        yield "</row>"
    yield f'</sheetData><autoFilter ref="A1:{letters[-1]}{line}"/></worksheet>'


def _cell(where: str, cell: str | int | Decimal | date, kind: str) -> str:
    if isinstance(cell, str):
        return _text_cell(where, cell, _STYLE[TEXT] if guard(cell) == cell else _QUOTED_STYLE)
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
        days = (moment - _DAY_0) / timedelta(days=1)
        return f'<c r="{where}" s="{_STYLE[kind]}"><v>{days!r}</v></c>'
    style, shown = (_STYLE[WHOLE], str(cell)) if isinstance(cell, int) else (_STYLE[kind], f"{cell:f}")
    return f'<c r="{where}" s="{style}"><v>{shown}</v></c>'


def _text_cell(where: str, text: str, style: int) -> str:
    shown = escape(_NO_XML.sub("\ufffd", text)[:_MOST_LETTERS])
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _letters(number: int) -> str:
    """Name of a column: A to Z, then AA."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
