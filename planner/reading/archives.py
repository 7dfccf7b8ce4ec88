"""ZIP archives that somebody sends: what may be in them is held to before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from typing import BinaryIO

from planner.reading.codes import TOO_LARGE, UNREADABLE, Fault
from planner.reading.intake_limits import IntakeLimits

UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
"""What a damaged archive makes of the attempt to read it."""
_ENCRYPTED = 0x1
_PACKED = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
"""How members may be packed: other ways take memory that no limit of sizes bounds."""


class ArchiveError(Exception):
    """The archive can't be read; carries the :class:`~planner.reading.codes.Fault`."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.reason)


def list_members(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """Members of an archive, as its directory has them.

    Raises
    ------
    ArchiveError
        If it is none, or is damaged.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.infolist()
    except UNPACKING_ERRORS as error:
        reason = "the file is a ZIP or XLSX file that is damaged or cut off"
        raise ArchiveError(Fault(reason, "save or send it again", UNREADABLE)) from error


def check_members(members: Sequence[zipfile.ZipInfo], size: int, limits: IntakeLimits) -> None:
    """Refuse an archive of ``size`` bytes that would unpack to more than may be, or in no plain way.

    Raises
    ------
    ArchiveError
        With the first reason there is.
    """
    if len(members) > limits.members:
        reason = f"the file has {len(members)} parts, more than {limits.members}"
        raise ArchiveError(Fault(reason, "", TOO_LARGE))
    if len({member.filename for member in members}) < len(members):
        reason = "the file is damaged: it has two parts of one name"
        raise ArchiveError(Fault(reason, "save or send it again", UNREADABLE))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ArchiveError(Fault("the file has a password", "save it without one", UNREADABLE))
    if any(member.compress_type not in _PACKED for member in members):
        reason = "the file is packed in another way than most ZIP and all XLSX files"
        raise ArchiveError(Fault(reason, "pack it with `deflate`, the usual way", UNREADABLE))
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        reason = f"the file unpacks to more than {limits.unpacked_bytes // 1_000_000} MB"
        raise ArchiveError(Fault(reason, "", TOO_LARGE))
    if unpacked > limits.ratio * size:
        reason = f"the file unpacks to more than {limits.ratio} times its size"
        raise ArchiveError(Fault(reason, "", TOO_LARGE))
