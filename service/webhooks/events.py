"""The outbox: an event is written in the transaction that makes it true, and a delivery for each receiver.

Bodies are thin: what happened to which object. Whoever wants figures asks for them with a key; no price ever
goes to a URL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from service.ids import new_id
from service.schema import moment
from service.store.tables import comparisons, deliveries, events, jobs, plans, webhook_endpoints

TEST = "webhook.test"
ENDED = tuple(
    f"{kind}.{state}" for kind in ("plan", "comparison") for state in ("succeeded", "failed", "cancelled")
)
TYPES = (*ENDED, TEST)
"""Every type of event there is."""

ENABLED, DISABLED, GONE = "enabled", "disabled", "gone"
PENDING, SENDING, DELIVERED, FAILED = "pending", "sending", "delivered", "failed"
MOST_BODY_BYTES = 20_000


def emit(
    connection: Connection,
    now_ms: int,
    *,
    tenant_id: str,
    event_type: str,
    object_id: str,
    data: Mapping[str, str | int | None],
    only_endpoint_id: str | None = None,
) -> str:
    """Write an event and its deliveries; the id of the event.

    The row of the object has to be held by this transaction: sequence numbers of an object are given one
    after another.

    Parameters
    ----------
    data
        Ids, state and version; the sequence number is added.
    only_endpoint_id
        Send it to this endpoint alone, whether it wants such events or not.
    """
    newest = select(func.max(events.c.sequence)).where(
        events.c.tenant_id == tenant_id, events.c.object_id == object_id
    )
    sequence = (connection.execute(newest).scalar_one() or 0) + 1
    told = {"type": event_type, "timestamp": moment(now_ms), "data": {**data, "sequence": sequence}}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(body.encode()) > MOST_BODY_BYTES:
        raise ValueError(f"the body of {event_type} for {object_id} is above {MOST_BODY_BYTES} bytes")
    event_id = new_id("evt")
    connection.execute(
        insert(events).values(
            tenant_id=tenant_id,
            event_id=event_id,
            object_id=object_id,
            sequence=sequence,
            type=event_type,
            body=body,
            created_ms=now_ms,
        )
    )
    rows = [
        {
            "tenant_id": tenant_id,
            "delivery_id": new_id("dlv"),
            "endpoint_id": endpoint.endpoint_id,
            "event_id": event_id,
            "state": PENDING,
            "attempts": 0,
            "fence": 0,
            "next_ms": now_ms,
            "created_ms": now_ms,
        }
        for endpoint in _hold_enabled(connection, tenant_id)
        if (
            endpoint.endpoint_id == only_endpoint_id
            if only_endpoint_id
            else wants(endpoint.events, event_type)
        )
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    return event_id


def emit_end(connection: Connection, now_ms: int, tenant_id: str, job_id: str) -> None:
    """Write the event of a plan or comparison that has just ended, in the transaction that ended it."""
    job = connection.execute(
        select(jobs.c.kind, jobs.c.state, jobs.c.version).where(
            jobs.c.tenant_id == tenant_id, jobs.c.job_id == job_id
        )
    ).one()
    table, column = (
        (plans, plans.c.plan_id) if job.kind == "plan" else (comparisons, comparisons.c.comparison_id)
    )
    reference = select(table.c.external_ref).where(table.c.tenant_id == tenant_id, column == job_id)
    emit(
        connection,
        now_ms,
        tenant_id=tenant_id,
        event_type=f"{job.kind}.{job.state}",
        object_id=job_id,
        data={
            f"{job.kind}Id": job_id,
            "externalRef": connection.execute(reference).scalar_one_or_none(),
            "state": job.state,
            "version": job.version,
        },
    )


def wants(listed: str, event_type: str) -> bool:
    """Whether an endpoint that lists these types, separated by blanks, is sent ``event_type``; none: all."""
    return not listed or event_type in listed.split()


def _hold_enabled(connection: Connection, tenant_id: str) -> list[Row[Any]]:
    """Endpoints that are sent to, kept from being deleted until this transaction ends."""
    endpoints = webhook_endpoints.c
    statement = (
        select(endpoints.endpoint_id, endpoints.events)
        .where(endpoints.tenant_id == tenant_id, endpoints.state == ENABLED)
        .order_by(endpoints.endpoint_id)
        .with_for_update(read=True, key_share=True)
    )
    return list(connection.execute(statement))
