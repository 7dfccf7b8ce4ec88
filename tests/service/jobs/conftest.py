"""A database of each kind, with some tenants and no job at the start of each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update

from service.keys.repository import add_tenant
from service.store.database import Database
from service.store.tables import (
    batch_sets,
    batches,
    events,
    files,
    jobs,
    plan_batches,
    plan_departures,
    plans,
    tenants,
)
from service.store.upgrade import make_ready
from tests.service.jobs.put import TENANTS


@pytest.fixture(scope="module")
def made_database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    make_ready(made)
    with made.write() as connection:
        for tenant_id in TENANTS:
            add_tenant(connection, tenant_id, tenant_id, 0)
    yield made
    made.close()


@pytest.fixture
def database(made_database: Database) -> Database:
    with made_database.write() as connection:
        for table in (events, files, plan_batches, plan_departures, plans, batches, batch_sets, jobs):
            connection.execute(delete(table))
        connection.execute(update(tenants).values(last_claimed_ms=0))
    return made_database
