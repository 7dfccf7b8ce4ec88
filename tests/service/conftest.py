"""A service for tests, in this process, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.settings import Settings
from tests.service.live import Live
from tests.service.postgres import Postgres, find_programs

KEY = "a server key for tests only, 32 bytes or more"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of its own, reached by a socket."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lb-pg-"))
    server = Postgres(programs, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('db') / 'landbridge.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.make_database()


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a laptop."""
    os.environ["LANDBRIDGE_SERVER_KEY"] = KEY
    return Settings(database=database_url, data=tmp_path_factory.mktemp("data"), reap_s=0.5)


@pytest.fixture(scope="module")
def live(settings: Settings) -> Iterator[Live]:
    """The service, listening on loopback."""
    with Live(settings) as running:
        yield running


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[httpx.Client]:
    """Calls the service as a program would."""
    with httpx.Client(base_url=live.url, timeout=90) as made:
        yield made
