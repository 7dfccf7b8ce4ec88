"""Deliveries in the hands of a sender: claimed with a lease and a fencing number, and recorded under it.

``next_ms`` of a delivery is when it is due; while a try is under way, when its lease runs out. So a process
that dies leaves nothing to be tidied up: what it held is due again by itself. Of each endpoint only so many
are under way at once, counted over all processes, so a receiver that never answers holds up its own alone.

Rows are always locked in one order: endpoints by their id, then deliveries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select, tuple_, update

from service.store.tables import deliveries, events, webhook_endpoints
from service.webhooks.events import DELIVERED, ENABLED, FAILED, GONE, PENDING, SENDING
from service.webhooks.outcome import Outcome

_MOST_ERROR_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery to be tried once, now.

    Parameters
    ----------
    fence
        Number of this claim: what comes of it counts only while no other was made.
    attempts
        Tries that were recorded before.
    secret_number, rotated_ms
        Which secrets sign: see :func:`service.webhooks.signing.numbers_in_force`.
    claimed_ms
        By the clock that all processes share. The try is made at once, and signed with this time: a machine
        whose own clock is wrong must not send what receivers take for stale.
    """

    tenant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    fence: int
    attempts: int
    url: str
    secret_number: int
    rotated_ms: int | None
    body: str
    claimed_ms: int


def is_any_due(connection: Connection, now_ms: int, *, parallel: int) -> bool:
    """Whether :func:`claim` may find something; only looks."""
    return connection.execute(_list_due(now_ms, parallel=parallel).limit(1)).first() is not None


def claim(connection: Connection, now_ms: int, *, lease_ms: int, parallel: int, most: int) -> list[Claim]:
    """Take deliveries that are due: at most ``most``, and ``parallel`` under way for each endpoint.

    Endpoints with the fewest under way come first, so that those that hang get no place before others.
    """
    claims: list[Claim] = []
    held = _list_due(now_ms, parallel=parallel).with_for_update(skip_locked=True, key_share=True)
    for endpoint in connection.execute(held).all():
        free = min(most - len(claims), parallel - _count_under_way(connection, endpoint, now_ms))
        if free > 0:
            claims += _take(connection, endpoint, now_ms, lease_ms=lease_ms, free=free)
        if len(claims) >= most:
            break
    return claims


def hold_endpoints(connection: Connection, claims: Iterable[Claim]) -> None:
    """Lock the endpoints of claims, before anything of their deliveries is changed."""
    keys = sorted({(claim.tenant_id, claim.endpoint_id) for claim in claims})
    columns = webhook_endpoints.c
    if keys:
        connection.execute(
            select(columns.endpoint_id)
            .where(tuple_(columns.tenant_id, columns.endpoint_id).in_(keys))
            .order_by(columns.tenant_id, columns.endpoint_id)
            .with_for_update(key_share=True)
        ).all()


def record(
    connection: Connection, claim: Claim, outcome: Outcome, now_ms: int, *, wait_s: float | None
) -> bool:
    """Note what came of a try; whether the claim still held.

    Parameters
    ----------
    wait_s
        Seconds until the next try if this one failed; ``None`` if it was the last.
    """
    values: dict[str, Any] = {
        "attempts": deliveries.c.attempts + 1,
        "status_code": outcome.status,
        "error": outcome.error[:_MOST_ERROR_CHARACTERS] or None,
        "tried_ms": now_ms,
    }
    if outcome.is_delivered:
        values |= {"state": DELIVERED, "next_ms": None, "delivered_ms": now_ms}
    elif outcome.is_gone or wait_s is None:
        values |= {"state": FAILED, "next_ms": None}
    else:
        values |= {"state": PENDING, "next_ms": now_ms + round(wait_s * 1000)}
    return connection.execute(update(deliveries).where(_held(claim)).values(values)).rowcount == 1


def release(connection: Connection, claim: Claim, now_ms: int) -> bool:
    """Give a claim back without a try; whether it still held."""
    values = {"state": PENDING, "next_ms": now_ms}
    return connection.execute(update(deliveries).where(_held(claim)).values(values)).rowcount == 1


def close_endpoint(connection: Connection, claim: Claim) -> bool:
    """Send no more to an endpoint that is gone; whether it was enabled. What waits is kept."""
    endpoints = webhook_endpoints.c
    closed = connection.execute(
        update(webhook_endpoints)
        .where(
            endpoints.tenant_id == claim.tenant_id,
            endpoints.endpoint_id == claim.endpoint_id,
            endpoints.state == ENABLED,
            endpoints.url == claim.url,  # another one may have been set while this one was asked
        )
        .values(state=GONE, version=endpoints.version + 1)
    )
    return closed.rowcount == 1


def _list_due(now_ms: int, *, parallel: int) -> Select[Any]:
    """Enabled endpoints with something due and a place free."""
    endpoints = webhook_endpoints.c
    same = and_(
        deliveries.c.tenant_id == endpoints.tenant_id, deliveries.c.endpoint_id == endpoints.endpoint_id
    )
    under_way = (
        select(func.count()).select_from(deliveries).where(same, *_is_under_way(now_ms)).scalar_subquery()
    )
    return (
        select(webhook_endpoints)
        .where(endpoints.state == ENABLED, exists().where(same, *_is_due(now_ms)), under_way < parallel)
        .order_by(under_way, endpoints.tenant_id, endpoints.endpoint_id)
    )


def _count_under_way(connection: Connection, endpoint: Row[Any], now_ms: int) -> int:
    """Counted again now that the endpoint is ours: another process may have claimed before it let go."""
    statement = select(func.count()).select_from(deliveries)
    return int(connection.execute(statement.where(*_is_of(endpoint), *_is_under_way(now_ms))).scalar_one())


def _take(
    connection: Connection, endpoint: Row[Any], now_ms: int, *, lease_ms: int, free: int
) -> list[Claim]:
    due = (
        select(deliveries)
        .where(*_is_of(endpoint), *_is_due(now_ms))
        .order_by(deliveries.c.next_ms, deliveries.c.created_ms, deliveries.c.delivery_id)
        .limit(free)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    # Bodies are looked up for the few that are taken: a join would be made for all that wait.
    told = select(events.c.event_id, events.c.body).where(
        events.c.tenant_id == endpoint.tenant_id, events.c.event_id.in_([row.event_id for row in rows])
    )
    bodies = {row.event_id: row.body for row in connection.execute(told)}
    claims = []
    for row in rows:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.tenant_id == endpoint.tenant_id, deliveries.c.delivery_id == row.delivery_id)
            .values(state=SENDING, fence=row.fence + 1, next_ms=now_ms + lease_ms)
        )
        claims.append(
            Claim(
                tenant_id=endpoint.tenant_id,
                delivery_id=row.delivery_id,
                endpoint_id=endpoint.endpoint_id,
                event_id=row.event_id,
                fence=row.fence + 1,
                attempts=row.attempts,
                url=endpoint.url,
                secret_number=endpoint.secret_number,
                rotated_ms=endpoint.rotated_ms,
                body=bodies[row.event_id],
                claimed_ms=now_ms,
            )
        )
    return claims


def _is_due(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return (deliveries.c.state.in_((PENDING, SENDING)), deliveries.c.next_ms <= now_ms)


def _is_under_way(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return (deliveries.c.state == SENDING, deliveries.c.next_ms > now_ms)


def _is_of(endpoint: Row[Any]) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.tenant_id == endpoint.tenant_id,
        deliveries.c.endpoint_id == endpoint.endpoint_id,
    )


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(
        deliveries.c.tenant_id == claim.tenant_id,
        deliveries.c.delivery_id == claim.delivery_id,
        deliveries.c.state == SENDING,
        deliveries.c.fence == claim.fence,
    )
