"""ZIP archives of a network: right ones, and hostile ones."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

from tests.reading.network_folder import TINY

TABLES = {f"{name}.csv": text.encode() for name, text in TINY.items()}


def packed(
    members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED, when: int = 1990, modes: int = 0
) -> bytes:
    """An archive of these members, in this order; ``modes``: file modes of all of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (when, 1, 1, 0, 0, 0))
            info.external_attr = modes << 16
            archive.writestr(info, content, compression)
    return out.getvalue()


def with_link(name: str, target: str) -> bytes:
    """An archive with a symbolic link beside its tables."""
    out = io.BytesIO(packed(TABLES))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return out.getvalue()


def encrypted() -> bytes:
    content = bytearray(packed(TABLES, compression=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def with_size_lie(size: int) -> bytes:
    """Its places unpack to another size than the directory says."""
    content = packed(TABLES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("places.csv")
    sizes = struct.pack("<LL", entry.compress_size, entry.file_size)
    assert sizes in content
    return content.replace(sizes, struct.pack("<LL", entry.compress_size, size))


def with_offset_beyond() -> bytes:
    """Its places stand before the beginning of the archive."""
    content = bytearray(packed(TABLES))
    at = content.find(b"PK\x01\x02")
    content[at + 42 : at + 46] = struct.pack("<L", 0xFFFFFF00)
    return bytes(content)


def with_broken_bytes() -> bytes:
    """Its places were damaged on the way."""
    content = bytearray(packed(TABLES))
    at = content.find(b"places.csv") + 40
    content[at : at + 20] = bytes(20)
    return bytes(content)
