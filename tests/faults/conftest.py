"""A PostgreSQL cluster for fault runs, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.databases import cluster_of_its_own
from tests.service.postgres import Postgres, find_programs


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[Postgres]:
    if find_programs() is None:
        pytest.skip("PostgreSQL is not installed: package postgresql")
    with cluster_of_its_own() as cluster:
        yield cluster
