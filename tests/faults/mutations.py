"""Files that chance changes: bytes, lines, cells, values of JSON, members and headers of archives."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from planner.render.text_sheet import text_workbook
from tests.reading.crafted import DAY, number, rows_xml, sheet_xml, workbook
from tests.reading.intake_cases.archives import ARCHIVES
from tests.reading.intake_cases.cells import CELLS
from tests.reading.intake_cases.documents import DOCUMENTS
from tests.reading.intake_cases.sheets import SHEETS
from tests.reading.intake_cases.writing import WRITING
from tests.reading.network_folder import TINY

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = (
    *(
        "batches.csv",
        "批次.xlsx",
        "a.json",
        "",
        "../../etc/passwd",
        "con.csv",
        "x" * 300 + ".csv",
        "a\nb.csv",
    ),
    *('a";filename="b.csv', "=1+1.csv", "%00.csv", "\u202evsc.exe", "<script>.xlsx", "a\x00.csv"),
)
"""Names of uploads: some are right."""
TEXTS = (
    *("", " ", "=1+1", "@SUM(A1)", "'", '"', '"\n"', "NaN", "Infinity", "-0", "1e309", "9" * 5_000, "1,200"),
    *(
        "2027-02-30",
        "0001-01-01",
        "2027年3月1日",
        "46450",
        "2027-03-28T02:30",
        "24:00",
        "\u202e",
        "\x00",
        "\ufeff",
    ),
    *(
        "Ａ",
        "e\u0301" * 50,
        "😀",
        "\ud7ff",
        "rail;;rail",
        ";" * 200,
        "CMP-LONDON",
        "BYD-CGO",
        "__proto__",
        "null",
    ),
    *("<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "' OR 1=1 --", "../../x", "x" * 11_000),
)
_WORDS = (
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b'"',
    b",",
    b";",
    b"\t",
    b"PK\x03\x04",
)
_ENCODINGS = ("gbk", "gb18030", "utf-16", "utf-16-le", "cp1252", "big5", "shift_jis", "utf-8-sig", "utf-32")
_JSON = (
    *(
        "NaN",
        "-Infinity",
        "1e309",
        "9" * 400,
        "0.1",
        "true",
        "null",
        "{}",
        "[]",
        '"\\ud800"',
        '"\\u0000"',
        '""',
    ),
    *("[" * 70 + "]" * 70, '{"a":1,"a":2}', '["CMP-LONDON"]', "[null]", '["a;b"]', "-1", '"=1+1"'),
)


def batch_seeds() -> list[bytes]:
    """Files of batches: the shipped ones in three formats, and the catalogue of good and bad ones."""
    seeds = []
    for name in ("small", "overload", "month") * 8:
        content = (ROOT / "network_data" / "batches" / f"{name}.csv").read_bytes()
        header, *table = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        items = [dict(zip(header, row, strict=True)) for row in table]
        sheet = [header, *table]
        seeds += [content, json.dumps({"batches": items}).encode(), text_workbook("batches", sheet)]
        typed = [[_typed(cell) for cell in row] for row in table]
        seeds.append(workbook(sheet_xml(rows_xml([header, *typed]))))
    cases = [*WRITING, *CELLS, *SHEETS, *ARCHIVES, *DOCUMENTS]
    return seeds + [_at_home(case[1]) for case in cases if case[1] and len(case[1]) < 60_000]


def network_seeds() -> list[bytes]:
    """Archives of networks: a tiny one, and the shipped one."""
    tiny = {f"{name}.csv": text.encode() for name, text in TINY.items()}
    shipped = {path.name: path.read_bytes() for path in sorted((ROOT / "network_data").glob("*.csv"))}
    nested = {f"tables/{name}": content for name, content in tiny.items()}
    return [_packed(tiny), _packed(tiny), _packed(nested), _packed(shipped)]


class Mutator:
    """Draws files from seeds, the same ones for the same seed of chance."""

    def __init__(self, chance: random.Random, seeds: list[bytes]) -> None:
        self._chance, self._seeds = chance, seeds

    def draw(self) -> bytes:
        """A file that was changed a few times; at times it is as it was."""
        content = self._chance.choice(self._seeds)
        for _ in range(self._chance.choice((0, 1, 1, 1, 2, 2, 3, 6))):
            content = self._chance.choice(list(self._kinds_for(content)))(content)
        return content[:2_000_000]

    def _kinds_for(self, content: bytes) -> Iterator[Callable[[bytes], bytes]]:
        yield from (self._flip, self._cut, self._repeat, self._insert, self._splice, self._overwrite)
        if content.startswith(b"PK"):
            yield from (self._member, self._member, self._member, self._rename, self._header, self._again)
        elif content.lstrip(b"\xef\xbb\xbf \n").startswith((b"[", b"{")):
            yield from (self._value, self._value, self._key, self._line, self._encode)
        else:
            yield from (
                self._cell,
                self._cell,
                self._cell,
                self._line,
                self._column,
                self._encode,
                self._mark,
            )

    def _at(self, content: bytes) -> int:
        return self._chance.randrange(len(content) + 1)

    def _slice(self, content: bytes) -> tuple[int, int]:
        start = self._at(content)
        return start, min(len(content), start + self._chance.choice((1, 2, 8, 64, 512, 4_096)))

    def _flip(self, content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(self._chance.choice((1, 1, 2, 8, 64)) if changed else 0):
            changed[self._chance.randrange(len(changed))] ^= 1 << self._chance.randrange(8)
        return bytes(changed)

    def _cut(self, content: bytes) -> bytes:
        if self._chance.random() < 0.5:
            return content[: self._at(content)]
        start, end = self._slice(content)
        return content[:start] + content[end:]

    def _repeat(self, content: bytes) -> bytes:
        start, end = self._slice(content)
        return content[:end] + content[start:end] * self._chance.choice((1, 1, 2, 50)) + content[end:]

    def _insert(self, content: bytes) -> bytes:
        at = self._at(content)
        what = self._chance.choice((*_WORDS, self._chance.randbytes(self._chance.randrange(1, 40))))
        return content[:at] + what * self._chance.choice((1, 1, 1, 300)) + content[at:]

    def _overwrite(self, content: bytes) -> bytes:
        start, end = self._slice(content)
        return content[:start] + self._chance.randbytes(end - start) + content[end:]

    def _splice(self, content: bytes) -> bytes:
        other = self._chance.choice(self._seeds)
        return content[: self._at(content)] + other[self._at(other) :]

    def _line(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        if lines:
            at = self._chance.randrange(len(lines))
            kind = self._chance.randrange(4)
            if kind == 0:
                lines[at:at] = [lines[at]]
            elif kind == 1:
                del lines[at]
            elif kind == 2:
                other = self._chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            else:
                lines[at] = lines[at].rstrip(b"\r\n")
        return b"".join(lines)

    def _table(self, content: bytes) -> list[list[str]]:
        try:
            return [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))) if row]
        except csv.Error:
            return []

    def _cell(self, content: bytes) -> bytes:
        table = self._table(content)
        if not table:
            return content
        row = self._chance.choice(table)
        row[self._chance.randrange(len(row))] = self._chance.choice(TEXTS)
        return _as_csv(table)

    def _column(self, content: bytes) -> bytes:
        table = self._table(content)
        if not table:
            return content
        at = self._chance.randrange(max(map(len, table)))
        for row in table:
            if self._chance.random() < 0.5:
                row[at:at] = row[at : at + 1]
            else:
                del row[at : at + 1]
        return _as_csv(table)

    def _mark(self, content: bytes) -> bytes:
        return content.replace(b",", self._chance.choice((b";", b"\t", b"|", "，".encode(), b",,")))

    def _encode(self, content: bytes) -> bytes:
        text = content.decode("utf-8-sig", "replace")
        return text.encode(self._chance.choice(_ENCODINGS), "replace")

    def _value(self, content: bytes) -> bytes:
        """Another value in place of one: what stands behind some colon, up to the next comma or bracket."""
        places = [at for at, byte in enumerate(content) if byte == ord(":")]
        if not places:
            return content
        at = self._chance.choice(places) + 1
        end = min((i for i in (content.find(mark, at) for mark in (b",", b"}", b"]")) if i > 0), default=at)
        value = self._chance.choice((*_JSON, json.dumps(self._chance.choice(TEXTS))))
        return content[:at] + value.encode("utf-8", "replace") + content[end:]

    def _key(self, content: bytes) -> bytes:
        key = self._chance.choice(
            (b'"due":', b'"x":1,"x":', b'"\\ud800":', b'"error":', b'"batchId":', b'"":')
        )
        return content.replace(b'"ready":', key, self._chance.choice((1, -1)))

    def _members(self, content: bytes) -> dict[str, bytes]:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                infos = [info for info in archive.infolist() if info.file_size < 2_000_000]
                return {info.filename: archive.read(info) for info in infos[:200]}
        except Exception:  # noqa: BLE001 - whatever a broken archive does to the library: it is not the subject
            return {}

    def _member(self, content: bytes) -> bytes:
        """Another content of one member; it reaches what reads the member, as it is packed anew."""
        members = self._members(content)
        if not members:
            return self._flip(content)
        name = self._chance.choice(sorted(members))
        inner = members[name]
        kinds = [self._flip, self._cut, self._repeat, self._insert, self._overwrite]
        kinds += [self._cell, self._line, self._column] if name.endswith(".csv") else [self._tag, self._tag]
        members[name] = self._chance.choice(kinds)(inner)
        return _packed(members)

    def _tag(self, content: bytes) -> bytes:
        """Another value of an attribute or text in XML."""
        places = [at for at, byte in enumerate(content) if byte in b'">']
        if not places:
            return content
        at = self._chance.choice(places) + 1
        end = min((i for i in (content.find(mark, at) for mark in (b'"', b"<")) if i > 0), default=at)
        values = (
            b"",
            b"0",
            b"-1",
            b"9" * 30,
            b"A1",
            b"XFD1048576",
            b"n",
            b"s",
            b"d",
            b"1e308",
            b"&amp;",
            b"&x;",
        )
        return content[:at] + self._chance.choice(values) + content[end:]

    def _rename(self, content: bytes) -> bytes:
        members = self._members(content)
        if not members:
            return content
        name = self._chance.choice(sorted(members))
        others = (
            "-",
            "../x.csv",
            "/x",
            "xl/workbook.xml",
            "places.csv",
            "PLACES.CSV",
            "a" * 2_000,
            "a\\b",
            name + "/",
        )
        inner = members.pop(name)
        return _packed(members | {self._chance.choice(others): inner})

    def _again(self, content: bytes) -> bytes:
        """Packed in another way, or with a member twice."""
        members = self._members(content)
        methods = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED)
        return _packed(members, self._chance.choice(methods), twice=self._chance.random() < 0.3)

    def _header(self, content: bytes) -> bytes:
        """Other numbers in the headers of an archive: sizes, sums, offsets, flags, methods."""
        signature = self._chance.choice((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))
        places = [at for at in range(len(content) - 3) if content[at : at + 4] == signature]
        if not places:
            return content
        at = self._chance.choice(places) + self._chance.randrange(4, 46)
        small, large = self._chance.randrange(5), self._chance.getrandbits(32)
        width = self._chance.choice(("<H", "<L"))
        most = 0xFFFF if width == "<H" else 0xFFFFFFFF
        value = struct.pack(width, self._chance.choice((0, 1, small, most, large & most)))
        return content[:at] + value + content[at + len(value) :]


def _at_home(content: bytes) -> bytes:
    """A file of the catalogue with names that the shipped network has."""
    for there, here in ((b"CN-PLANT", b"BYD-CGO"), (b"DE-YARD", b"CMP-LONDON"), (b"SUV", b"atto-3")):
        content = content.replace(there, here)
    return content


def _typed(cell: str) -> str:
    if cell.isdecimal() and len(cell) < 10:
        return number(cell)
    return number("46450", DAY) if cell.startswith("2027-03-04") else cell


def _as_csv(table: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8", "replace")


def _packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, twice: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, content in members.items():
            info = zipfile.ZipInfo(name)  # of no time of its own: the same seed draws the same bytes
            info.compress_type = method
            for _ in range(2 if twice else 1):
                archive.writestr(info, content)
    return out.getvalue()
