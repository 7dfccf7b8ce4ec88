"""Copies of the database that can be trusted: taken while it is in use, looked over, put back whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, text
from sqlalchemy.exc import DatabaseError, OperationalError

from service.store import audit
from service.store.upgrade import check_known, find_version, newest_version

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.store.database import Database


_BESIDE = ("", "-wal", "-shm")
"""Endings of the files of an SQLite database."""


class BackupError(Exception):
    """A copy could not be taken or put back; ``str()`` says why."""


def backup(database: Database, into: Path) -> None:
    """Copy a database into a new file, as it is at one moment, while others go on writing.

    SQLite by its online backup, PostgreSQL by ``pg_dump`` in the custom format.

    Raises
    ------
    BackupError
        If the file is there already, or the copy fails.
    """
    if into.exists():
        raise BackupError(f"{into} is there already: name a new file")
    part = into.with_name(into.name + ".part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # before anything is in it: others on the machine are not to read it
        if database.is_sqlite:
            with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
        else:
            _run(database, "pg_dump", "--format=custom", "--no-owner", f"--file={part}", _plain_url(database))
        part.replace(into)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{into}: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(database: Database, source: Path) -> Path | None:
    """Put a copy in place of a database, which nothing may be using.

    Of SQLite the file before is kept beside it, ending in ``.before``; PostgreSQL has to be given an empty
    database.

    Returns
    -------
    Path or None
        Where the file before is kept, if there was one.

    Raises
    ------
    BackupError
        If there is no such copy, or it can't be put back.
    VersionError
        If the copy is of a newer version than the program.
    """
    if not source.is_file():
        raise BackupError(f"{source}: no such file")
    if not database.is_sqlite:
        with database.read() as connection:
            if find_version(connection) is not None:
                raise BackupError("the database holds something: restore into an empty one")
        _run(
            database,
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_plain_url(database)}",
            str(source),
        )
        return None
    path = database.path
    database.close()
    part = path.with_name(path.name + ".part")
    try:
        for ending in _BESIDE:
            # A copy has none, but a file that was put aside may: its last commits are in there.
            _copy_if_there(source.with_name(source.name + ending), part.with_name(part.name + ending))
        _check_copy(part, source)
        with part.open("rb") as copied:
            os.fsync(copied.fileno())
        kept = _keep(path)
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{source}: {error}") from None
    finally:
        for ending in _BESIDE:
            part.with_name(part.name + ending).unlink(missing_ok=True)
    return kept


def free_name(path: Path, ending: str) -> Path:
    """A name beside a database that is not taken: its own and an ending, and a number if need be."""
    name = path.with_name(f"{path.name}.{ending}")
    number = 2
    while any(_beside(name)):
        name = path.with_name(f"{path.name}.{ending}.{number}")
        number += 1
    return name


def verify(database: Database) -> list[str]:
    """What is wrong with a database: damage, a wrong version, a broken chain of audit; empty = nothing."""
    try:
        with database.read() as connection:
            damage = _find_damage(connection) if database.is_sqlite else []
            return damage + _find_wrong_content(connection)
    except DatabaseError as error:
        if isinstance(error, OperationalError):
            raise  # it can't be reached, which says nothing about what is in it
        return [f"damaged: {str(error.orig).strip()}"]


def _find_damage(connection: Connection) -> list[str]:
    rows = connection.execute(text("PRAGMA integrity_check")).scalars()
    found = [f"damaged: {row}" for row in rows if row != "ok"]
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    return found + [f"table {row[0]}: row {row[1]} refers to nothing in {row[2]}" for row in broken]


def _find_wrong_content(connection: Connection) -> list[str]:
    version = find_version(connection)
    check_known(version)
    if version is None:
        return ["there is nothing in it: landbridge db upgrade makes the tables"]
    if version != newest_version():
        return [f"version {version}, not {newest_version()}: landbridge db upgrade"]
    return audit.find_breaks(connection)


def _check_copy(copied: Path, source: Path) -> None:
    """Make sure that a file is a whole database of ours, of a version that is known."""
    with closing(sqlite3.connect(copied)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupError(f"{source} is damaged: {found}")
        try:
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            version = None
    if version is None:
        raise BackupError(f"{source} is no copy of a database of landbridge")
    check_known(version[0])


def _keep(path: Path) -> Path | None:
    """Put a database aside, with what its last process had not yet moved into the file itself.

    Also where the file itself is gone: a log that is left would be played back into the next one.

    Returns
    -------
    Path | None
        The largest part of what was put aside; ``None`` = there was nothing.
    """
    kept = free_name(path, "before")
    # The file itself goes last: broken off in between, the next try puts both together again.
    moved = [
        file.replace(kept.with_name(kept.name + file.name.removeprefix(path.name)))
        for file in reversed(_beside(path))
    ]
    return moved[-1] if moved else None


def _beside(path: Path) -> list[Path]:
    """Those files of an SQLite database that are there, itself the first."""
    files = (path.with_name(path.name + ending) for ending in _BESIDE)
    return [file for file in files if file.exists()]


def _copy_if_there(source: Path, into: Path) -> None:
    into.unlink(missing_ok=True)
    if source.exists():
        into.touch(mode=0o600)
        shutil.copyfile(source, into)


def _plain_url(database: Database) -> str:
    """URL for the client programs, without the password: others on the machine can read command lines."""
    url = database.url.set(drivername="postgresql")
    return URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string(hide_password=False)


def _run(database: Database, program: str, *words: str) -> None:
    where = shutil.which(program)
    if where is None:
        raise BackupError(f"{program} is not installed: it comes with the client programs of PostgreSQL")
    env = dict(os.environ)
    if database.url.password is not None:
        env["PGPASSWORD"] = str(database.url.password)
    done = subprocess.run(  # noqa: S603
        [where, *words], capture_output=True, text=True, check=False, env=env
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()[-500:]}")
