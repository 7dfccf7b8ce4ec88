"""Versions of the database: made new, brought up to date, or refused if it is newer than the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = int.from_bytes(b"lb-db-up")


class VersionError(Exception):
    """The database is not of the version that this program works with; ``str()`` says what to do."""


def newest_version() -> str:
    """The version that this program works with."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def find_version(connection: Connection) -> str | None:
    """Version of a database; ``None`` = it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(version: str) -> bool:
    """Whether a version is one of those that this program can bring up to date."""
    script = ScriptDirectory.from_config(_config())
    return version in {one.revision for one in script.walk_revisions()}


def upgrade(database: Database) -> str:
    """Bring a database up to date, in one transaction; the version it is of now.

    Raises
    ------
    VersionError
        If it is newer than the program, or not one of ours.
    """
    with database.write() as connection:
        if not database.is_sqlite:  # processes that start together make the tables one after another
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        found = find_version(connection)
        if found is None and inspect(connection).get_table_names():
            raise VersionError("the database holds tables that are not of landbridge: name an empty one")
        check_known(found)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest_version()


def make_ready(database: Database) -> None:
    """Make the tables of an empty database; refuse one that is not of our version.

    Raises
    ------
    VersionError
        If it has to be brought up to date first, or is newer than the program.
    """
    with database.read() as connection:
        found = find_version(connection)
    if found is None:
        upgrade(database)
        return
    check_known(found)
    if found != newest_version():
        raise VersionError(f"the database is of version {found}: run `landbridge db upgrade` first")


def check_known(found: str | None) -> None:
    """Refuse a version that this program does not know.

    Raises
    ------
    VersionError
        If it is newer.
    """
    if found is not None and not is_known(found):
        raise VersionError(f"the database is of version {found}, newer than this program: install that one")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
