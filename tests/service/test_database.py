"""What a reader sees while another one writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from service.keys.repository import add_tenant, find_tenant
from service.store.database import Database
from service.store.upgrade import make_ready


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    make_ready(made)
    yield made
    made.close()


def add(database: Database, name: str) -> None:
    with database.write() as connection:
        add_tenant(connection, name, name, 0)


def is_there(connection: Connection, name: str) -> bool:
    return find_tenant(connection, name) is not None


def test_a_glance_sees_what_was_written_since_it_began(database: Database):
    with database.glance() as connection:
        assert not is_there(connection, "late")
        add(database, "late")
        assert is_there(connection, "late")


def test_a_reader_of_a_file_sees_one_state_to_its_end(database: Database):
    with database.read() as connection:
        assert not is_there(connection, "later")
        add(database, "later")
        assert is_there(connection, "later") is not database.is_sqlite


def test_what_follows_a_glance_on_its_connection_is_undone_as_a_whole(database: Database):
    with database.glance() as connection:
        assert not is_there(connection, "undone")
    with pytest.raises(ZeroDivisionError):
        add_and_fail(database, "undone")
    with database.read() as connection:
        assert not is_there(connection, "undone")


def add_and_fail(database: Database, name: str) -> None:
    with database.write() as connection:
        add_tenant(connection, name, name, 0)
        raise ZeroDivisionError
