"""Who changed what: a chain of rows per tenant, each sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from service.store.tables import audit, tenants

FIRST = "0" * 64
"""Stands before the first row."""
ADDRESS_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change."""

    tenant_id: str
    at_ms: int
    key_id: str
    address: str
    request_id: str
    action: str
    object_id: str
    version_before: int | None = None
    version_after: int | None = None


def append(connection: Connection, entry: Entry) -> None:
    """Add a row, in the transaction of the change itself."""
    # The tenant's row is held from here on, so rows of a tenant are numbered one after another.
    number = connection.execute(
        update(tenants)
        .where(tenants.c.tenant_id == entry.tenant_id)
        .values(audit_number=tenants.c.audit_number + 1)
        .returning(tenants.c.audit_number)
    ).scalar_one()
    before = select(audit.c.sha256).where(audit.c.tenant_id == entry.tenant_id, audit.c.number == number - 1)
    previous = FIRST if number == 1 else connection.execute(before).scalar_one()
    # A proxy far away may pass on whatever it was told.
    address = entry.address[:ADDRESS_LENGTH]
    row = {**asdict(entry), "address": address, "number": number, "previous_sha256": previous}
    connection.execute(insert(audit).values(**row, sha256=_seal(row)))


def find_breaks(connection: Connection) -> list[str]:
    """Rows that were changed, taken out or swapped; one sentence each."""
    broken: list[str] = []
    last: dict[str, int] = {}
    tenant, number, previous = "", 0, FIRST
    rows = connection.execute(select(audit).order_by(audit.c.tenant_id, audit.c.number))
    for row in rows.mappings():
        if row["tenant_id"] != tenant:
            tenant, number, previous = row["tenant_id"], 0, FIRST
        if row["number"] != number + 1:
            broken.append(f"audit {tenant}: row {number + 1} is missing")
        if row["previous_sha256"] != previous:
            broken.append(f"audit {tenant}: row {row['number']} does not follow the one before")
        content = {key: value for key, value in row.items() if key != "sha256"}
        if _seal(content) != row["sha256"]:
            broken.append(f"audit {tenant}: row {row['number']} was changed")
        number, previous = row["number"], row["sha256"]
        last[tenant] = number
    ends = connection.execute(select(tenants.c.tenant_id, tenants.c.audit_number))
    cut = [row for row in ends if last.get(row.tenant_id, 0) != row.audit_number]
    return broken + [f"audit {row.tenant_id}: row {row.audit_number} is missing" for row in cut]


def count(connection: Connection, tenant_id: str) -> int:
    """How many changes were noted."""
    return int(connection.execute(select(func.count()).where(audit.c.tenant_id == tenant_id)).scalar_one())


def _seal(row: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(dict(sorted(row.items())), ensure_ascii=False).encode()).hexdigest()


def list_rows(
    connection: Connection, tenant_id: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """Changes of a tenant, the newest first."""
    statement = select(audit).where(audit.c.tenant_id == tenant_id)
    if after is not None:
        statement = statement.where(audit.c.number < after[0])
    return connection.execute(statement.order_by(audit.c.number.desc()).limit(limit)).all()
