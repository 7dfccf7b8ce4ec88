"""Endpoints, events and deliveries put into a database by hand, and what stands there afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from service.ids import new_id
from service.store.database import Database
from service.store.tables import deliveries, events, webhook_endpoints
from service.webhooks.events import ENABLED, emit

TENANT = "local"
SERVER_KEY = bytes(range(32))


def add_endpoint(
    database: Database, url: str = "https://erp.example/", wanted: str = "", **values: Any
) -> str:
    """An enabled endpoint of the local tenant; its id."""
    row = {
        "tenant_id": TENANT,
        "endpoint_id": new_id("hook"),
        "url": url,
        "description": "",
        "events": wanted,
        "state": ENABLED,
        "version": 1,
        "secret_number": 1,
        "created_ms": 0,
        **values,
    }
    with database.write() as connection:
        connection.execute(insert(webhook_endpoints).values(row))
    return str(row["endpoint_id"])


def change_endpoint(database: Database, endpoint_id: str, **values: Any) -> None:
    with database.write() as connection:
        mine = webhook_endpoints.c.endpoint_id == endpoint_id
        connection.execute(update(webhook_endpoints).where(mine).values(values))


def add_event(
    database: Database, object_id: str = "pln_1", event_type: str = "plan.succeeded", *, now_ms: int = 0
) -> str:
    """An event of the local tenant, due at once; its id."""
    with database.write() as connection:
        return emit(
            connection,
            now_ms,
            tenant_id=TENANT,
            event_type=event_type,
            object_id=object_id,
            data={"planId": object_id},
        )


def list_deliveries(database: Database, **wanted: Any) -> list[Row[Any]]:
    """All deliveries that have these values, the oldest first."""
    statement = select(deliveries).order_by(deliveries.c.created_ms, deliveries.c.delivery_id)
    for name, value in wanted.items():
        statement = statement.where(deliveries.c[name] == value)
    with database.read() as connection:
        return list(connection.execute(statement))


def list_events(database: Database) -> list[Row[Any]]:
    """All events, by object and number."""
    statement = select(events).order_by(events.c.object_id, events.c.sequence)
    with database.read() as connection:
        return list(connection.execute(statement))
