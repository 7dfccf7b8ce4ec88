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

from service.store import audit
from service.store.upgrade import find_version, newest_version

if TYPE_CHECKING:
    from service.store.database import Database


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
        if database.is_sqlite:
            with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
        else:
            _run(database, "pg_dump", "--format=custom", "--no-owner", f"--file={part}", _plain_url(database))
        part.chmod(0o600)
        part.replace(into)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{into}: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(database: Database, source: Path) -> None:
    """Put a copy in place of a database, which nothing may be using.

    Of SQLite the file before is kept beside it, ending in ``.before``; PostgreSQL has to be given an empty
    database.

    Raises
    ------
    BackupError
        If there is no such copy, or it can't be put back.
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
        return
    path = database.path
    database.close()
    part = path.with_name(path.name + ".part")
    try:
        with closing(sqlite3.connect(source)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupError(f"{source} is damaged: {found}")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        if path.exists():
            path.replace(path.with_name(path.name + ".before"))
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{source}: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def verify(database: Database) -> list[str]:
    """What is wrong with a database: damage, a wrong version, a broken chain of audit; empty = nothing."""
    found: list[str] = []
    with database.read() as connection:
        if database.is_sqlite:
            rows = connection.execute(text("PRAGMA integrity_check")).scalars()
            found += [f"integrity: {row}" for row in rows if row != "ok"]
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            found += [f"table {row[0]}: row {row[1]} refers to nothing in {row[2]}" for row in broken]
        version = find_version(connection)
        if version != newest_version():
            found.append(f"version {version}, not {newest_version()}: landbridge db upgrade")
        else:
            found += audit.find_breaks(connection)
    return found


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
