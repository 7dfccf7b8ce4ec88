"""Transactions, alike on SQLite and PostgreSQL: many readers, and writers that never deadlock.

SQLite runs in WAL mode with ``synchronous=FULL``: what was acknowledged survives the loss of power. Its
writers take one lock of this process before ``BEGIN IMMEDIATE``: waiting in line is ten times quicker at the
tail than SQLite's own busy handler, and a deferred begin that turns into a write can fail without waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BUSY_S = 20.0
"""Seconds that a writer waits for its turn."""
POOL = 24
"""Connections at once: more than the threads that answer requests would be of no use."""
PAUSED_S = 20.0
"""Seconds after which PostgreSQL ends the transaction of a process that was paused in it: others wait."""
_WRITES, _GLANCES = "landbridge_writes", "landbridge_glances"
_FULL = ("database or disk is full", "disk I/O error")


class DatabaseBusyError(Exception):
    """No turn to write, or no connection, within :data:`BUSY_S`."""


class Database:
    """Where everything is kept.

    Parameters
    ----------
    url
        ``sqlite:///path/to/file`` or ``postgresql://...``.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.dialect = parsed.get_backend_name()
        if self.dialect == POSTGRESQL:
            parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(
                parsed,
                hide_parameters=True,  # errors end in the log, which holds no rows
                pool_size=POOL,
                max_overflow=0,
                pool_timeout=BUSY_S,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 5},
            )
            _tune_postgresql(self.engine)
        elif self.dialect == SQLITE:
            self.engine = create_engine(
                parsed, hide_parameters=True, pool_size=POOL, max_overflow=0, pool_timeout=BUSY_S
            )
            _tune_sqlite(self.engine)
        else:
            raise ValueError(f"{parsed.drivername} is no database of landbridge: sqlite or postgresql")
        self.url = parsed
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a single file, written by one process."""
        return self.dialect == SQLITE

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        assert self.url.database is not None
        return Path(self.url.database)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Look at one state of the database; of PostgreSQL, at one a statement.

        Raises
        ------
        DatabaseBusyError
            If all connections are in use for too long.
        """
        with self._connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """Read with single statements: each sees one state of the database, the next one maybe a later one.

        On SQLite there is no transaction to begin and end: each of the two lets go of the interpreter, and
        waits for it again among all threads, as a statement does.

        Raises
        ------
        DatabaseBusyError
            If all connections are in use for too long.
        """
        with self._connected() as connection:
            connection.execution_options(**{_GLANCES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Change the database: all of it is kept once the block ends, nothing of it if the block raises.

        Raises
        ------
        DatabaseBusyError
            If it is not our turn in time, or all connections are in use for too long.
        """
        if not self.is_sqlite:
            with self._connected() as connection, connection.begin():
                yield connection
            return
        if not self._turn.acquire(timeout=BUSY_S):
            raise DatabaseBusyError
        try:
            with self._connected() as connection:
                connection.execution_options(**{_WRITES: True})
                with connection.begin():
                    yield connection
        finally:
            self._turn.release()

    def now_ms(self, connection: Connection) -> int:
        """Time of day by the one clock of all processes: the database's, or that of the only machine."""
        if self.is_sqlite:
            return time.time_ns() // 1_000_000
        found = connection.execute(text("select floor(extract(epoch from clock_timestamp()) * 1000)::bigint"))
        return int(found.scalar_one())

    def steady_ms(self, now_ms: int) -> int:
        """Time for leases, given :meth:`now_ms`.

        An SQLite file has one process, whose own clock neither jumps nor runs while the machine sleeps: a
        laptop that wakes up, or is set to another time, takes no job away from itself. What its leases mean
        ends with the process, see :mod:`service.jobs.lost`.
        """
        return time.monotonic_ns() // 1_000_000 if self.is_sqlite else now_ms

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = self.engine.connect()
        except PoolTimeoutError:
            raise DatabaseBusyError from None
        with connection, _dropping(connection):
            yield connection


REACHED_NOT = (DatabaseBusyError, DBAPIError)
"""What is raised if the database is not reached; but see :func:`is_away`."""


def is_away(error: BaseException) -> bool:
    """Whether the database was not reached, or could store nothing: the same may well succeed later."""
    return isinstance(error, DatabaseBusyError | OperationalError | InterfaceError) or (
        isinstance(error, DBAPIError) and (error.connection_invalidated or is_full(error))
    )


def words_of(error: BaseException) -> str:
    """What an error says first, for the log: without statement and values, which are somebody's data."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    return f"{type(error).__name__}: {said}"[:300]


def is_full(error: DBAPIError) -> bool:
    """Whether a statement failed because nothing more can be stored."""
    told = str(error.orig)
    return any(phrase in told for phrase in _FULL) or "No space left on device" in told


@contextmanager
def _dropping(connection: Connection) -> Iterator[None]:
    """Drop a connection whose disk was full: what it says afterwards is not trusted."""
    try:
        yield
    except DBAPIError as error:
        if is_full(error):
            connection.invalidate()
        raise


def _tune_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        for name, seconds in (("lock_timeout", BUSY_S), ("idle_in_transaction_session_timeout", PAUSED_S)):
            raw.execute(f"SET {name} = {int(seconds * 1000)}")
        raw.commit()


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # begin is ours
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(_GLANCES):
            kind = "IMMEDIATE" if options.get(_WRITES) else "DEFERRED"
            connection.exec_driver_sql(f"BEGIN {kind}")
