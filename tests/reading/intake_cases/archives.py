"""Workbooks that are none, or that want to do harm."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from tests.reading import crafted
from tests.reading.crafted import (
    workbook,
)
from tests.reading.intake_cases.makers import BATCH_300, ROW, Refused, Taken, rows, sheet, xlsx

DOCUMENT_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def with_two_parts_of_one_name() -> bytes:
    out = io.BytesIO(xlsx())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def with_size_lie() -> bytes:
    """A sheet that unpacks to more than its entry says."""
    content = xlsx()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    sizes = struct.pack("<LL", entry.compress_size, entry.file_size)
    return crafted.patched(content, sizes, struct.pack("<LL", entry.compress_size, 100))


def with_password_flag() -> bytes:
    content = bytearray(workbook(sheet(), compression=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def dtd(entities: str) -> bytes:
    return workbook(f"<!DOCTYPE worksheet [{entities}]>{sheet()}")


TWO_SHEETS = (
    f"<workbook {crafted.MAIN} {crafted.LINKS}><sheets>"
    '<sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId1"/></sheets></workbook>'
)
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
)
ARCHIVES = [
    ("entity bomb", dtd(LAUGHS), Refused(None, None, "document type")),
    (
        "outside entity",
        dtd('<!ENTITY a SYSTEM "file:///etc/hostname">'),
        Refused(None, None, "document type"),
    ),
    (
        "zip bomb",
        rows(ROW, more={"xl/media/image1.png": bytes(2_000_000)}),
        Refused(None, None, "200 times its size"),
    ),
    (
        "many members",
        rows(ROW, more={f"xl/media/{at}": b"" for at in range(996)}),
        Refused(None, None, "1001 parts"),
    ),
    (
        "as many members as may be",
        rows(ROW, more={f"xl/media/{at}": b"" for at in range(995)}),
        Taken(BATCH_300),
    ),
    ("two parts of one name", with_two_parts_of_one_name(), Refused(None, None, "two parts of one name")),
    ("size lie in the archive", with_size_lie(), Refused(None, None, "damaged")),
    (
        "packed by another method",
        workbook(sheet(), compression=zipfile.ZIP_LZMA),
        Refused(None, None, "packed in another way"),
    ),
    (
        "XML in no known encoding",
        workbook('<?xml version="1.0" encoding="klingon"?>' + sheet()),
        Refused(None, None, "sheet1.xml can't be read"),
    ),
    (
        "XML in bytes that are no text",
        workbook('<?xml version="1.0" encoding="hex"?>' + sheet()),
        Refused(None, None, "sheet1.xml can't be read"),
    ),
    (
        "two sheets of one part",
        rows(ROW, more={"xl/workbook.xml": TWO_SHEETS}),
        Refused(None, None, "two sheets stand in xl/worksheets/sheet1.xml"),
    ),
    (
        "hidden columns left of all columns",
        rows(ROW, before='<cols><col min="-999999999999" max="1" hidden="1"/></cols>'),
        Taken(BATCH_300, ("column batch_id: the column is hidden",)),
    ),
    ("names that lead out", rows(ROW, more={"../../evil.xml": b"x"}), Taken(BATCH_300)),
    (
        "a sheet outside the file",
        rows(
            ROW,
            more={
                "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" TargetMode="External" '
                'Type="x/worksheet" Target="https://example.org/s.xml"/></Relationships>'
            },
        ),
        Refused(None, None, "no visible sheet"),
    ),
    (
        "a sheet missing",
        workbook(sheet(), without="xl/worksheets/sheet1.xml"),
        Refused(None, None, "sheet1.xml is missing"),
    ),
    ("broken XML", workbook(sheet()[:-20]), Refused(None, None, "sheet1.xml can't be read")),
    ("cut off", xlsx()[:-30], Refused(None, None, "damaged or cut off")),
    ("password in the archive", with_password_flag(), Refused(None, None, "password", "without one")),
    ("XLS", DOCUMENT_OLE, Refused(None, None, "old Excel file", "XLSX")),
    (
        "password",
        DOCUMENT_OLE + "EncryptedPackage".encode("utf-16-le"),
        Refused(None, None, "with a password"),
    ),
    (
        "ODS",
        crafted.zip_of("mimetype", "content.xml"),
        Refused(None, None, "OpenDocument file (ODS)", "XLSX"),
    ),
    ("Numbers", crafted.zip_of("Index/Document.iwa"), Refused(None, None, "a Numbers file", "XLSX")),
    ("another archive", crafted.zip_of("march.csv"), Refused(None, None, "a ZIP archive")),
]
