"""The XML parts of a zipped workbook, walked through, nothing of them kept; document types are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

_SEPARATOR = " "
"""Stands between the name space of a tag and its name."""


class MalformedXmlError(Exception):
    """The XML is none, or declares a document type of its own, which no workbook does; says which part."""


def walk(
    archive: zipfile.ZipFile,
    member: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through one part of a workbook; tags and attributes come without their name spaces.

    Raises
    ------
    MalformedXmlError
        If the part is missing, damaged or no XML, or if it declares a document type: entities that multiply
        or stand outside the file come in by that door only.
    """

    def local(name: str) -> str:
        return name.rpartition(_SEPARATOR)[2]

    def refuse(*_: object) -> None:
        raise MalformedXmlError(f"{member} declares a document type (DTD)")

    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(
        local(tag), {local(name): value for name, value in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    try:
        with archive.open(member) as stream:
            parser.ParseFile(stream)
    except KeyError as fault:
        raise MalformedXmlError(f"{member} is missing") from fault
    except (
        expat.ExpatError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
    ) as fault:
        raise MalformedXmlError(f"{member} can't be read") from fault
