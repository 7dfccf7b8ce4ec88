"""Workbooks made by hand, part by part: spreadsheets that no spreadsheet program would write."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
GENERAL, DAY, DAY_AND_TIME, PERCENT, GROUPED, PADDED, DURATION, SCIENTIFIC = range(8)
"""Styles of the workbooks made here."""
_FORMATS = (0, 14, 22, 9, 3, 164, 165, 11)
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs count="8">'
    + "".join(f'<xf numFmtId="{number}"/>' for number in _FORMATS)
    + "</cellXfs></styleSheet>"
)


class Xml(str):
    """A cell as XML; ``{r}`` stands for its name."""

    __slots__ = ()


def number(value: str, style: int = GENERAL) -> Xml:
    return Xml(f'<c r="{{r}}" s="{style}"><v>{value}</v></c>')


def formula(text: str, stored: str | None = None) -> Xml:
    value = "" if stored is None else f"<v>{stored}</v>"
    return Xml(f'<c r="{{r}}"><f>{text}</f>{value}</c>')


def typed(kind: str, value: str) -> Xml:
    """A cell of another type: ``e`` error, ``b`` truth value, ``s`` shared text, ``str``, ``d`` ISO date."""
    return Xml(f'<c r="{{r}}" t="{kind}"><v>{value}</v></c>')


def inline(xml: str) -> Xml:
    return Xml(f'<c r="{{r}}" t="inlineStr"><is>{xml}</is></c>')


def name_of(line: int, position: int) -> str:
    return f"{chr(ord('A') + position)}{line}"


def rows_xml(rows: list[list[str]], hidden: tuple[int, ...] = (), first: int = 1) -> str:
    """Lines of a sheet; blank texts are no cells."""
    lines = []
    for line, row in enumerate(rows, start=first):
        cells = "".join(
            (cell if isinstance(cell, Xml) else inline(f"<t>{escape(cell)}</t>")).replace(
                "{r}", name_of(line, position)
            )
            for position, cell in enumerate(row)
            if cell
        )
        shown = ' hidden="1"' if line in hidden else ""
        lines.append(f'<row r="{line}"{shown}>{cells}</row>')
    return "".join(lines)


def sheet_xml(data: str, *, before: str = "", after: str = "") -> str:
    return f"<worksheet {MAIN}>{before}<sheetData>{data}</sheetData>{after}</worksheet>"


def workbook(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    properties: str = "",
    shared: str = "",
    more: dict[str, str | bytes] | None = None,
    without: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An XLSX file of sheets given as XML.

    ``more``: further members, or others in place of the usual; ``without``: a member left out.
    """
    listed, relations = [], []
    members: dict[str, str | bytes] = {}
    for at, xml in enumerate(sheets, start=1):
        name = names[at - 1] if names else f"Sheet{at}"
        state = f' state="{states[at - 1]}"' if states else ""
        listed.append(f'<sheet name="{name}" sheetId="{at}"{state} r:id="rId{at}"/>')
        relations.append(_relation(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml"))
        members[f"xl/worksheets/sheet{at}.xml"] = xml
    relations.append(_relation("rIdS", "styles", "styles.xml"))
    if shared:
        relations.append(_relation("rIdT", "sharedStrings", "sharedStrings.xml"))
        members["xl/sharedStrings.xml"] = f"<sst {MAIN}>{shared}</sst>"
    members["xl/styles.xml"] = STYLES
    members["xl/workbook.xml"] = (
        f"<workbook {MAIN} {LINKS}>{properties}<sheets>{''.join(listed)}</sheets></workbook>"
    )
    members["xl/_rels/workbook.xml.rels"] = f"<Relationships>{''.join(relations)}</Relationships>"
    members["[Content_Types].xml"] = "<Types/>"
    members |= more or {}
    members.pop(without, None)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _relation(relation_id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{relation_id}" Type="{RELATION}/{kind}" Target="{target}"/>'


def patched(content: bytes, before: bytes, after: bytes) -> bytes:
    """The bytes with every ``before`` replaced by an ``after`` of the same length."""
    assert before in content
    assert len(before) == len(after)
    return content.replace(before, after)


def zip_of(*names: str) -> bytes:
    """A ZIP archive of members with these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()
