"""SQL of endpoints and of what was sent to them, as their owner sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from service.store.tables import deliveries, events, tenants, webhook_endpoints
from service.webhooks.events import ENABLED, PENDING, SENDING


def hold_tenant(connection: Connection, tenant_id: str) -> None:
    """Let no other transaction count or add endpoints of a tenant until this one ends."""
    mine = tenants.c.tenant_id == tenant_id
    connection.execute(select(tenants.c.tenant_id).where(mine).with_for_update(key_share=True)).one()


def count_endpoints(connection: Connection, tenant_id: str) -> int:
    """How many endpoints a tenant has, in any state."""
    statement = select(func.count()).where(webhook_endpoints.c.tenant_id == tenant_id)
    return int(connection.execute(statement).scalar_one())


def add_endpoint(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add an endpoint."""
    connection.execute(insert(webhook_endpoints).values(dict(values)))


def find_endpoint(
    connection: Connection, tenant_id: str, endpoint_id: str, *, is_held: bool = False
) -> Row[Any] | None:
    """An endpoint of a tenant; ``is_held``: nobody else changes it until this transaction ends."""
    statement = select(webhook_endpoints).where(_is_endpoint(tenant_id, endpoint_id))
    if is_held:
        statement = statement.with_for_update(key_share=True)
    return connection.execute(statement).one_or_none()


def list_endpoints(
    connection: Connection, tenant_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Endpoints of a tenant, the oldest first."""
    columns = webhook_endpoints.c
    statement = select(webhook_endpoints).where(columns.tenant_id == tenant_id)
    if after is not None:
        statement = statement.where(tuple_(columns.created_ms, columns.endpoint_id) > tuple_(*after))
    return connection.execute(statement.order_by(columns.created_ms, columns.endpoint_id).limit(limit)).all()


def change_endpoint(
    connection: Connection, tenant_id: str, endpoint_id: str, values: Mapping[str, Any]
) -> None:
    """Change an endpoint and raise its version."""
    version = webhook_endpoints.c.version + 1
    connection.execute(
        update(webhook_endpoints)
        .where(_is_endpoint(tenant_id, endpoint_id))
        .values({**values, "version": version})
    )


def drop_endpoint(connection: Connection, tenant_id: str, endpoint_id: str) -> None:
    """Forget an endpoint and everything that was sent to it or waits for it."""
    connection.execute(delete(webhook_endpoints).where(_is_endpoint(tenant_id, endpoint_id)))


def find_delivery(
    connection: Connection, tenant_id: str, endpoint_id: str, delivery_id: str
) -> Row[Any] | None:
    """A delivery to an endpoint of a tenant, with its event."""
    statement = _list_deliveries(tenant_id, endpoint_id).where(deliveries.c.delivery_id == delivery_id)
    return connection.execute(statement).one_or_none()


def find_delivery_of(
    connection: Connection, tenant_id: str, endpoint_id: str, event_id: str
) -> Row[Any] | None:
    """The delivery of one event to an endpoint of a tenant."""
    statement = _list_deliveries(tenant_id, endpoint_id).where(deliveries.c.event_id == event_id)
    return connection.execute(statement).one_or_none()


def list_deliveries(
    connection: Connection,
    tenant_id: str,
    endpoint_id: str,
    *,
    state: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Deliveries to an endpoint of a tenant, the newest first."""
    columns = deliveries.c
    statement = _list_deliveries(tenant_id, endpoint_id)
    if state is not None:
        statement = statement.where(columns.state == state)
    if after is not None:
        statement = statement.where(tuple_(columns.created_ms, columns.delivery_id) < tuple_(*after))
    newest_first = (columns.created_ms.desc(), columns.delivery_id.desc())
    return connection.execute(statement.order_by(*newest_first).limit(limit)).all()


def send_again(connection: Connection, tenant_id: str, delivery_id: str, now_ms: int) -> bool:
    """Make a delivery due now, with all its tries before it; ``False`` if a try is under way."""
    changed = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.tenant_id == tenant_id,
            deliveries.c.delivery_id == delivery_id,
            deliveries.c.state != SENDING,
        )
        .values(state=PENDING, attempts=0, next_ms=now_ms, delivered_ms=None)
    )
    return changed.rowcount == 1


def count_waiting(connection: Connection) -> int:
    """How many deliveries to enabled endpoints are still to be made, of all tenants."""
    endpoints = webhook_endpoints.c
    is_its_endpoint = and_(
        endpoints.tenant_id == deliveries.c.tenant_id, endpoints.endpoint_id == deliveries.c.endpoint_id
    )
    statement = (
        select(func.count())
        .select_from(deliveries)
        .join(webhook_endpoints, is_its_endpoint)
        .where(deliveries.c.state.in_((PENDING, SENDING)), endpoints.state == ENABLED)
    )
    return int(connection.execute(statement).scalar_one())


def _is_endpoint(tenant_id: str, endpoint_id: str) -> ColumnElement[bool]:
    columns = webhook_endpoints.c
    return and_(columns.tenant_id == tenant_id, columns.endpoint_id == endpoint_id)


def _list_deliveries(tenant_id: str, endpoint_id: str) -> Select[Any]:
    is_its_event = and_(
        events.c.tenant_id == deliveries.c.tenant_id, events.c.event_id == deliveries.c.event_id
    )
    return (
        select(deliveries, events.c.type, events.c.object_id, events.c.sequence)
        .join(events, is_its_event)
        .where(deliveries.c.tenant_id == tenant_id, deliveries.c.endpoint_id == endpoint_id)
    )
