"""The XML parts of a zipped workbook, walked through, nothing of them kept; document types are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


class MalformedXmlError(Exception):
    """The XML is none, or declares a document type of its own, which no workbook does; says which part."""


def walk(
    archive: zipfile.ZipFile,
    member: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through one part of a workbook; tags and attributes come without prefixes of name spaces.

    Raises
    ------
    MalformedXmlError
        If the part is missing, damaged or no XML, or if it declares a document type: entities that multiply
        or stand outside the file come in by that door only.
    """

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    def start_local(tag: str, attributes: dict[str, str]) -> None:
        # A sheet has hundreds of thousands of cells: only what has a prefix is made anew.
        if any(":" in name for name in attributes):
            attributes = {local(name): value for name, value in attributes.items()}
        start(local(tag) if ":" in tag else tag, attributes)

    def refuse(*_: object) -> None:
        raise MalformedXmlError(f"{member} declares a document type (DTD)")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start_local
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local(tag) if ":" in tag else tag)
    parser.CharacterDataHandler = text
    if member not in archive.NameToInfo:
        raise MalformedXmlError(f"{member} is missing")
    try:
        with archive.open(member) as stream:
            parser.ParseFile(stream)
    except (KeyError, IndexError):
        raise  # what a tag lacks is for those to tell who ask for it
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
        OverflowError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
    ) as fault:
        if isinstance(fault, expat.ExpatError) and fault.code == _NO_MEMORY:
            raise MemoryError from fault
        raise MalformedXmlError(f"{member} can't be read") from fault
