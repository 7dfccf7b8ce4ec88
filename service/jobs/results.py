"""What came of a job, stored with its end in one transaction: all of it or nothing, once or not at all."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from service.jobs import queue
from service.jobs.children import DEPARTURES, OUT
from service.jobs.queue import CANCELLED, FAILED, PLAN, SUCCEEDED, Claim, Failure
from service.store.tables import comparisons, files, jobs, plan_batches, plan_departures, plans
from service.webhooks import events

MEDIA_TYPES: Mapping[str, str] = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html; charset=utf-8",
}
FILE_TYPES = tuple(media_type.partition(";")[0] for media_type in MEDIA_TYPES.values())
"""Media types without parameters."""
PLANNED, PARTLY, UNPLANNED = "planned", "partly", "unplanned"


@dataclass(frozen=True, slots=True)
class Collected:
    """Files of a job, and rows made of its plan, ready to be stored."""

    files: Sequence[Mapping[str, Any]]
    batches: Sequence[Mapping[str, Any]] = ()
    departures: Sequence[Mapping[str, Any]] = ()


def collect(kind: str, folder: Path) -> Collected:
    """Read what a child has left; done before the transaction, which is short then."""
    out = folder / OUT
    found = [
        _file(path, path.relative_to(out).as_posix()) for path in sorted(out.rglob("*")) if path.is_file()
    ]
    if kind != PLAN:
        return Collected(found)
    departures = json.loads((folder / DEPARTURES).read_bytes())
    plan = json.loads((out / "plan.json").read_bytes())["plan"]
    return Collected(
        found,
        batches=[_batch(position, one) for position, one in enumerate(plan["batches"])],
        departures=[
            {"position": position, "document": _text(one)} for position, one in enumerate(departures)
        ],
    )


def store(
    connection: Connection, claim: Claim, now_ms: int, outcome: Mapping[str, Any], found: Collected
) -> bool:
    """End a job with its results; whether the claim still held: if not, nothing is stored."""
    if not queue.finish(connection, claim, now_ms, outcome["state"]):
        return False
    mine = {"tenant_id": claim.tenant_id, "job_id": claim.job_id}
    connection.execute(insert(files), [{**mine, **one} for one in found.files])
    summary = json.dumps(outcome["summary"])
    if claim.kind == PLAN:
        _store_plan(connection, claim, now_ms, found)
        connection.execute(
            update(plans)
            .where(plans.c.tenant_id == claim.tenant_id, plans.c.plan_id == claim.job_id)
            .values(summary=summary, plan_sha256=outcome["planSha256"])
        )
    else:
        connection.execute(
            update(comparisons)
            .where(comparisons.c.tenant_id == claim.tenant_id, comparisons.c.comparison_id == claim.job_id)
            .values(summary=summary)
        )
    tell_end(connection, claim.tenant_id, claim.job_id, outcome["state"], now_ms)
    return True


def end_without(
    connection: Connection, claim: Claim, now_ms: int, state: str, failure: Failure | None = None
) -> bool:
    """End a job that has no results; whether the claim still held."""
    assert state in (FAILED, CANCELLED)
    if not queue.finish(connection, claim, now_ms, state, failure):
        return False
    tell_end(connection, claim.tenant_id, claim.job_id, state, now_ms)
    return True


def give_back(connection: Connection, claim: Claim, now_ms: int, *, is_counted: bool) -> str | None:
    """Put a job back into the queue, see :func:`service.jobs.queue.give_back`, and tell if that ends it."""
    state = queue.give_back(connection, claim, now_ms, is_counted=is_counted)
    if state == CANCELLED:
        tell_end(connection, claim.tenant_id, claim.job_id, state, now_ms)
    return state


def tell_end(connection: Connection, tenant_id: str, job_id: str, state: str, now_ms: int) -> None:
    """Tell those who want to know that a job has ended, in the transaction that ends it."""
    if state in queue.FINAL:
        events.emit_end(connection, now_ms, tenant_id, job_id)


def _store_plan(connection: Connection, claim: Claim, now_ms: int, found: Collected) -> None:
    before = _outcomes_before(connection, claim)
    own = {"tenant_id": claim.tenant_id, "plan_id": claim.job_id}
    rows = []
    for one in found.batches:
        sha256, changed_ms = before.get(one["external_ref"], ("", now_ms))
        rows.append({**own, **one, "changed_ms": changed_ms if sha256 == one["sha256"] else now_ms})
    connection.execute(insert(plan_batches), rows)
    if found.departures:
        connection.execute(insert(plan_departures), [{**own, **one} for one in found.departures])


def _outcomes_before(connection: Connection, claim: Claim) -> dict[str, tuple[str, int]]:
    """Outcomes of the plan that this one follows: the one it keeps from, else the newest of its batch set."""
    mine = plans.c.tenant_id == claim.tenant_id
    this = connection.execute(select(plans).where(mine, plans.c.plan_id == claim.job_id)).one()
    plan_id = this.keep_plan_id
    if plan_id is None:
        plan_id = connection.execute(
            select(plans.c.plan_id)
            .join(jobs, and_(jobs.c.tenant_id == plans.c.tenant_id, jobs.c.job_id == plans.c.plan_id))
            .where(
                mine,
                plans.c.batch_set_id == this.batch_set_id,
                plans.c.plan_id != this.plan_id,
                jobs.c.state == SUCCEEDED,
            )
            .order_by(jobs.c.finished_ms.desc())
            .limit(1)
        ).scalar_one_or_none()
    if plan_id is None:
        return {}
    rows = connection.execute(
        select(plan_batches.c.external_ref, plan_batches.c.sha256, plan_batches.c.changed_ms).where(
            plan_batches.c.tenant_id == claim.tenant_id, plan_batches.c.plan_id == plan_id
        )
    )
    return {row.external_ref: (row.sha256, row.changed_ms) for row in rows}


def _batch(position: int, document: Mapping[str, Any]) -> dict[str, Any]:
    text = _text(document)
    planned, wanted = document["plannedVehicles"], document["vehicles"]
    return {
        "position": position,
        "external_ref": document["batchId"],
        "state": PLANNED if planned == wanted else PARTLY if planned else UNPLANNED,
        "document": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _file(path: Path, name: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": name,
        "media_type": MEDIA_TYPES[path.suffix],
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "deflated": zlib.compress(content, 6),
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
