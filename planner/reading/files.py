"""Bytes of an input, whatever it is: a path or an open binary stream."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, TypeAlias

from planner.errors import InputError, Issue
from planner.reading.codes import TOO_LARGE, UNREADABLE

Source: TypeAlias = Path | str | BinaryIO
"""A path, also as text, or an open binary stream."""
_SHOWN = 60


def name_of(source: Source, name: str | None) -> str:
    """How faults call the input: the name given, else the file's own."""
    if name is not None:
        return name
    return Path(source).name if isinstance(source, Path | str) else "(stdin)"


def read_bytes(source: Source, name: str, limit: int | None = None) -> bytes:
    """All bytes of ``source``.

    Raises
    ------
    InputError
        If it can't be read, or holds more than ``limit`` bytes.
    """
    most = -1 if limit is None else limit + 1
    try:
        if isinstance(source, Path | str):
            with Path(source).open("rb") as stream:
                data = stream.read(most)
        else:
            data = source.read(most)
    except OSError as fault:
        reason = f"the file can't be read: {fault.strerror or fault}"
        raise InputError([Issue(file=name, reason=reason, hint="check the path", code=UNREADABLE)]) from fault
    if limit is not None and len(data) > limit:
        reason = f"the file is larger than {limit // 1_000_000} MB"
        raise InputError([Issue(file=name, reason=reason, hint="split it", code=TOO_LARGE)])
    return data


def shorten(text: str) -> str:
    """Text as shown in a fault: cut in the middle of nowhere rather than filling the screen."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
