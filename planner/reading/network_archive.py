"""A ZIP archive of network tables, unpacked into a folder: only tables, and only where they belong."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from planner.errors import InputError, Issue
from planner.reading.archives import UNPACKING_ERRORS, ArchiveError, check_members, list_members
from planner.reading.cells import suggest
from planner.reading.codes import AMBIGUOUS, EMPTY, UNKNOWN, UNREADABLE
from planner.reading.files import read_bytes, shorten
from planner.reading.intake_limits import DEFAULT_LIMITS, IntakeLimits
from planner.reading.schema import DESCRIPTION_FILE, describe_tables

_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""What operating systems leave in folders."""
_SEPARATORS = re.compile(r"[/\\]")


def unpack_network(
    archive: Path, into: Path, name: str, limits: IntakeLimits = DEFAULT_LIMITS
) -> tuple[Issue, ...]:
    """Unpack the tables of an archive; they may stand in a folder of it, but all in the same.

    No name of the archive is used as a path: tables get the names that tables have.

    Parameters
    ----------
    archive
        ZIP archive.
    into
        Folder that is there and empty.
    name
        How faults call the archive.

    Returns
    -------
    tuple
        Notes on what was left out.

    Raises
    ------
    InputError
        With every fault. What has been unpacked until then is left where it is.
    """
    # From memory: of a file, a damaged archive that leads beyond its bytes looks like a broken disk.
    content = read_bytes(archive, name, limits.file_bytes)
    try:
        members = list_members(BytesIO(content))
        check_members(members, len(content), limits)
    except ArchiveError as error:
        reason, hint, code = error.fault
        raise InputError([Issue(file=name, reason=reason, hint=hint, code=code)]) from error
    tables, notes = _sort_out(members, name)
    with zipfile.ZipFile(BytesIO(content)) as packed:
        for file, member in tables.items():
            _unpack(packed, member, into / file)
    return notes


def _sort_out(
    members: list[zipfile.ZipInfo], name: str
) -> tuple[dict[str, zipfile.ZipInfo], tuple[Issue, ...]]:
    """Member of each table, and notes on what is left out."""
    known = {table.file for table in describe_tables().values()}
    issues: list[Issue] = []
    notes: list[Issue] = []
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member, steps in _list_files(members, issues):
        *folder, file = steps
        if file in known:
            folders.setdefault("/".join(folder), {})[file] = member
        elif file == DESCRIPTION_FILE:
            notes.append(
                _about(member, "the description of the tables is the program's own, and is left out")
            )
        elif _CLUTTER.search("/".join(steps)):
            notes.append(_about(member, "is no table, and is left out"))
        else:
            reason = "the file is no table of a network"
            issues.append(_about(member, reason, suggest(file, known) or "leave it out", UNKNOWN))
    if len(folders) > 1:
        named = ", ".join(repr(shorten(folder)) for folder in sorted(folders)[:5])
        reason = f"tables stand in several folders: {named}"
        issues.append(Issue(file=name, reason=reason, hint="put all into one", code=AMBIGUOUS))
    elif not folders:
        issues.append(Issue(file=name, reason="there is no table of a network in the archive", code=EMPTY))
    if issues:
        raise InputError(issues)
    (tables,) = folders.values()
    return tables, tuple(notes)


def _list_files(
    members: list[zipfile.ZipInfo], issues: list[Issue]
) -> Iterator[tuple[zipfile.ZipInfo, list[str]]]:
    """Members that are files, with the steps of their paths; faults of the others are noted."""
    for member in members:
        steps = [step for step in _SEPARATORS.split(member.filename) if step not in ("", ".")]
        kind = stat.S_IFMT(member.external_attr >> 16)
        if ".." in steps or _SEPARATORS.match(member.filename) or (steps and steps[0].endswith(":")):
            issues.append(_about(member, "leads out of the archive", "leave it out", UNREADABLE))
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            issues.append(_about(member, "is a link or a device, no file", "put the file in", UNREADABLE))
        elif not steps and not member.filename.endswith("/"):
            issues.append(_about(member, "a file of the archive has no name", "pack it again", UNREADABLE))
        elif steps and not member.filename.endswith(("/", "\\")) and kind != stat.S_IFDIR:
            yield member, steps


def _about(member: zipfile.ZipInfo, reason: str, hint: str = "", code: str = UNKNOWN) -> Issue:
    return Issue(file=shorten(member.filename), reason=reason, hint=hint, code=code)


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    """Unpack one table: never more bytes than the directory of the archive says, or it is damaged."""
    try:
        with packed.open(member) as source, into.open("xb") as target:
            shutil.copyfileobj(source, target)
    except UNPACKING_ERRORS as error:
        issue = Issue(
            file=into.name, reason="the file is damaged in the archive", hint="pack it again", code=UNREADABLE
        )
        raise InputError([issue]) from error
