"""Rules of endpoints: how many, which URLs, what a rotation does, when something is sent again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.ids import new_id
from service.problems import Fault, Problem, not_found
from service.schema import moment, moment_or_none
from service.webhooks import events, repository
from service.webhooks.schemas import ChangedEndpoint, Delivery, Endpoint, NewEndpoint
from service.webhooks.signing import secret_of
from service.webhooks.urls import ReceiverRefusedError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from service.webhooks.registration import Registration


def check_url(registration: Registration, tenant_id: str, url: str) -> None:
    """Make sure that messages may be sent to ``url``; before a transaction, for it may take seconds.

    Raises
    ------
    Problem
        422 if not, 503 while too many are looked up.
    """
    try:
        registration.check(tenant_id, url)
    except ReceiverRefusedError as refused:
        fault = Fault(pointer="/url", code="url", reason=refused.reason, hint=refused.hint)
        raise Problem("invalid", errors=[fault]) from None


def create(connection: Connection, tenant_id: str, asked: NewEndpoint, now_ms: int, *, most: int) -> str:
    """Add an endpoint; its id.

    Raises
    ------
    Problem
        409 if the tenant has as many as it may.
    """
    repository.hold_tenant(connection, tenant_id)
    if repository.count_endpoints(connection, tenant_id) >= most:
        raise Problem("conflict", f"there are {most} endpoints already, which is the limit: delete one first")
    endpoint_id = new_id("hook")
    repository.add_endpoint(
        connection,
        {
            "tenant_id": tenant_id,
            "endpoint_id": endpoint_id,
            "url": asked.url,
            "description": asked.description,
            "events": _stored_events(asked.events),
            "state": events.ENABLED,
            "version": 1,
            "secret_number": 1,
            "created_ms": now_ms,
        },
    )
    return endpoint_id


def get_endpoint(
    connection: Connection, tenant_id: str, endpoint_id: str, *, is_held: bool = False
) -> Row[Any]:
    """An endpoint of a tenant.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find_endpoint(connection, tenant_id, endpoint_id, is_held=is_held)
    if found is None:
        raise not_found("webhook endpoint")
    return found


def change(connection: Connection, found: Row[Any], asked: ChangedEndpoint) -> None:
    """Change what is asked for, and raise the version."""
    values: dict[str, Any] = {}
    if asked.url is not None:
        values["url"] = asked.url
    if asked.events is not None:
        values["events"] = _stored_events(asked.events)
    if asked.description is not None:
        values["description"] = asked.description
    if asked.enabled is not None:
        values["state"] = events.ENABLED if asked.enabled else events.DISABLED
    repository.change_endpoint(connection, found.tenant_id, found.endpoint_id, values)


def rotate(connection: Connection, found: Row[Any], now_ms: int) -> None:
    """Give an endpoint its next secret; the one before signs beside it for a day."""
    values = {"secret_number": found.secret_number + 1, "rotated_ms": now_ms}
    repository.change_endpoint(connection, found.tenant_id, found.endpoint_id, values)


def send_test(connection: Connection, found: Row[Any], now_ms: int) -> Row[Any]:
    """Send a ``webhook.test`` to an endpoint, which has to be held; the delivery.

    Raises
    ------
    Problem
        409 if the endpoint is not enabled.
    """
    require_enabled(found)
    event_id = events.emit(
        connection,
        now_ms,
        tenant_id=found.tenant_id,
        event_type=events.TEST,
        object_id=found.endpoint_id,
        data={"endpointId": found.endpoint_id, "state": found.state, "version": found.version},
        only_endpoint_id=found.endpoint_id,
    )
    made = repository.find_delivery_of(connection, found.tenant_id, found.endpoint_id, event_id)
    assert made is not None
    return made


def send_again(connection: Connection, found: Row[Any], delivery_id: str, now_ms: int) -> Row[Any]:
    """Make a delivery due now, with all its tries before it.

    Raises
    ------
    Problem
        404 if there is none; 409 if the endpoint is not enabled, or if a try is under way.
    """
    get_delivery(connection, found, delivery_id)
    require_enabled(found)
    if not repository.send_again(connection, found.tenant_id, delivery_id, now_ms):
        raise Problem("conflict", "a try is under way: wait for what comes of it")
    return get_delivery(connection, found, delivery_id)


def get_delivery(connection: Connection, found: Row[Any], delivery_id: str) -> Row[Any]:
    """A delivery to an endpoint.

    Raises
    ------
    Problem
        404 if there is none.
    """
    delivery = repository.find_delivery(connection, found.tenant_id, found.endpoint_id, delivery_id)
    if delivery is None:
        raise not_found("delivery")
    return delivery


def require_enabled(found: Row[Any]) -> None:
    """Refuse to send where nothing is sent."""
    if found.state != events.ENABLED:
        raise Problem("conflict", f"the endpoint is {found.state}: enable it first")


def tell_endpoint(row: Row[Any]) -> dict[str, Any]:
    """An endpoint on the wire."""
    return Endpoint(
        id=row.endpoint_id,
        url=row.url,
        events=row.events.split(),
        description=row.description,
        state=row.state,
        version=row.version,
        secret_number=row.secret_number,
        rotated_at=moment_or_none(row.rotated_ms),
        created_at=moment(row.created_ms),
    ).model_dump(by_alias=True)


def tell_delivery(row: Row[Any]) -> dict[str, Any]:
    """A delivery on the wire."""
    return Delivery(
        id=row.delivery_id,
        endpoint_id=row.endpoint_id,
        event_id=row.event_id,
        event_type=row.type,
        object_id=row.object_id,
        sequence=row.sequence,
        state=row.state,
        attempts=row.attempts,
        status=row.status_code,
        error=row.error,
        created_at=moment(row.created_ms),
        tried_at=moment_or_none(row.tried_ms),
        next_try_at=moment_or_none(row.next_ms) if row.state == events.PENDING else None,
        delivered_at=moment_or_none(row.delivered_ms),
    ).model_dump(by_alias=True)


def with_secret(server_key: bytes, told: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint as :func:`tell_endpoint` tells it, and its secret, which is stored nowhere."""
    return {**told, "secret": secret_of(server_key, told["id"], told["secretNumber"])}


def _stored_events(wanted: list[Any]) -> str:
    return " ".join(dict.fromkeys(wanted))
