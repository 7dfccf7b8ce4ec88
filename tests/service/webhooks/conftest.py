"""A database of each kind, with the local tenant and without webhooks at the start of each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from service.keys.repository import add_tenant
from service.store.database import Database
from service.store.tables import deliveries, events, webhook_endpoints
from service.store.upgrade import make_ready
from tests.service.webhooks.outbox import TENANT


@pytest.fixture(scope="module")
def made_database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    make_ready(made)
    with made.write() as connection:
        add_tenant(connection, TENANT, "this machine", 0)
    yield made
    made.close()


@pytest.fixture
def database(made_database: Database) -> Database:
    with made_database.write() as connection:
        for table in (deliveries, events, webhook_endpoints):
            connection.execute(delete(table))
    return made_database
