"""The database of a fault run, seen from outside: an SQLite file, or a PostgreSQL cluster of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.service.postgres import OWNER, Postgres, find_programs

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)
FILE = "landbridge.db"


@dataclass
class Store:
    """A database, and how to look into it past the service."""

    url: str
    cluster: Postgres | None = None

    @property
    def kind(self) -> str:
        return SQLITE if self.cluster is None else POSTGRESQL

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        if self.cluster is None:
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(query)]
        told = self._psql(f"select coalesce(json_agg(found), '[]') from ({query}) as found")
        return json.loads(told)

    def faults(self) -> list[str]:
        """What the database itself finds wrong with it."""
        if self.cluster is not None:
            return []
        found = [row["integrity_check"] for row in self.rows("pragma integrity_check")]
        return [one for one in found if one != "ok"] + [
            f"foreign key of {row['table']}" for row in self.rows("pragma foreign_key_check")
        ]

    def _psql(self, statement: str) -> str:
        assert self.cluster is not None
        name = self.url.split("/@/")[-1].split("?")[0].rpartition("/")[2]
        words = ["-h", str(self.cluster.folder), "-U", OWNER, "-d", name, "-XAtq", "-c", statement]
        done = subprocess.run(
            [str(self.cluster.programs / "psql"), *words], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout


@contextmanager
def cluster_of_its_own() -> Iterator[Postgres]:
    """A PostgreSQL cluster that ends with the block."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lb-pg-"))
    cluster = Postgres(programs, folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def store_of(kind: str, folder: Path, cluster: Postgres | None = None) -> Iterator[Store]:
    """An empty database of a kind; the SQLite file stands in the folder."""
    if kind == SQLITE:
        yield Store(f"sqlite:///{folder / FILE}")
    elif cluster is not None:
        yield Store(cluster.make_database(), cluster)
    else:
        with cluster_of_its_own() as own:
            yield Store(own.make_database(), own)
