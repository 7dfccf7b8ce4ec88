"""Rules of plans: of a closed batch set, on a snapshot of a network, perhaps keeping what another booked."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from planner.reading.codes import CONTRADICTION, NOT_A_TIME
from service.batch_sets import service as batch_sets
from service.batch_sets.repository import is_network
from service.ids import new_id
from service.jobs import queue
from service.jobs.answers import RETRY_S, accepted
from service.jobs.tell import check_time_limit, tell_job
from service.plans import repository
from service.plans.terms import TermsRefusedError, read_moment, read_terms, stored
from service.problems import Fault, Problem, not_found
from service.schema import moment
from service.writing import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from service.comparisons.terms import ComparisonAsked
    from service.plans.schemas import PlanAsked
    from service.plans.terms import TermsAsked
    from service.settings import Limits
    from service.writing import Work

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FILES = {
    "plan.json": "document",
    "plan.geojson": "geojson",
    "plan.xlsx": "plan.xlsx",
    "report.html": "report.html",
    "assignments.csv": "assignments.csv",
    "booking.csv": "booking.csv",
}
"""Result files, and under which name they are found."""


def check_terms(asked: TermsAsked, freeze_before: str | None = None, *, keeps: bool = False) -> None:
    """Refuse terms that can't be read.

    Raises
    ------
    Problem
        422 with every fault.
    """
    faults: list[Fault] = []
    for read in (lambda: read_terms(asked), lambda: read_moment("/freezeBefore", freeze_before)):
        try:
            read()
        except TermsRefusedError as error:
            faults += error.faults
    if freeze_before is not None and not keeps:
        faults.append(Fault(pointer="/freezeBefore", code=CONTRADICTION, reason="needs keepPlanId"))
    if faults:
        raise Problem("invalid", errors=faults)


def get_plan(connection: Connection, tenant_id: str, plan_id: str) -> Row[Any]:
    """A plan.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find(connection, tenant_id, plan_id)
    if found is None:
        raise not_found("plan")
    return found


def get_result(connection: Connection, tenant_id: str, plan_id: str) -> Row[Any]:
    """A plan that has been found: its job has succeeded, or was cancelled with a plan at hand.

    Raises
    ------
    Problem
        404 if there is none, 409 if its job has no result.
    """
    found = get_plan(connection, tenant_id, plan_id)
    if found.summary is None:
        raise Problem("not-finished", f"the plan is {found.state}")
    return found


def create(connection: Connection, work: Work, now_ms: int, asked: PlanAsked, limits: Limits) -> Answer:
    """Queue a plan.

    Raises
    ------
    Problem
        404, 409 or 422 if it can't be made, 429 if too many wait.
    """
    tenant_id = work.tenant_id
    network_id = check_inputs(connection, tenant_id, asked)
    if asked.keep_plan_id is not None:
        get_result(connection, tenant_id, asked.keep_plan_id)
    if asked.external_ref is not None and repository.find_by_ref(connection, tenant_id, asked.external_ref):
        raise Problem("duplicate-reference")
    plan_id = new_id("pln")
    put_job(connection, work, now_ms, plan_id, queue.PLAN, asked.time_limit_s, limits)
    repository.add(
        connection,
        {
            "tenant_id": tenant_id,
            "plan_id": plan_id,
            "external_ref": asked.external_ref,
            "batch_set_id": asked.batch_set_id,
            "network_id": network_id,
            "keep_plan_id": asked.keep_plan_id,
            "request": json.dumps(stored(asked)),
            "created_ms": now_ms,
        },
    )
    work.audit(connection, now_ms, "plan.create", plan_id, after=1)
    return accepted(tell(connection, get_plan(connection, tenant_id, plan_id)))


def check_inputs(connection: Connection, tenant_id: str, asked: PlanAsked | ComparisonAsked) -> str:
    """Make sure that batch set and network can be planned; the network's id.

    Raises
    ------
    Problem
        404 or 409.
    """
    found = batch_sets.get_set(connection, tenant_id, asked.batch_set_id, is_kept=True)
    if found.state != batch_sets.CLOSED:
        raise Problem("open-batch-set")
    network_id: str = asked.network_id or found.network_id
    if not is_network(connection, tenant_id, network_id):
        raise not_found("network")
    return network_id


def put_job(
    connection: Connection,
    work: Work,
    now_ms: int,
    job_id: str,
    kind: str,
    time_limit_s: int | None,
    limits: Limits,
) -> None:
    """Queue the job of a plan or comparison.

    Raises
    ------
    Problem
        429 if too many of the tenant wait, 422 for a time beyond the limit.
    """
    seconds = check_time_limit(time_limit_s, limits.job_s)
    if queue.count_queued(connection, work.tenant_id) >= limits.queued_jobs:
        raise Problem(
            "too-many-jobs", f"at most {limits.queued_jobs:,} may wait", headers={"Retry-After": "30"}
        )
    queue.put(
        connection, work.tenant_id, job_id, kind, now_ms, time_limit_s=seconds, memory_limit_mb=limits.job_mb
    )


def cancel(
    connection: Connection,
    work: Work,
    now_ms: int,
    job_id: str,
    look: Callable[[], dict[str, Any]],
    *,
    action: str,
) -> Answer:
    """Ask a job to stop: 200 if it has ended, 202 if it is finishing the best plan so far."""
    state, before = queue.request_cancel(connection, work.tenant_id, job_id, now_ms)
    if before is not None:
        work.audit(connection, now_ms, action, job_id, before, before + 1)
    status = 200 if state in queue.FINAL else 202
    return Answer(status, look(), {} if status == 200 else {"Retry-After": str(RETRY_S)})


def tell(connection: Connection, row: Row[Any], *, in_list: bool = False) -> dict[str, Any]:
    """A plan on the wire."""
    before = None
    if row.state == queue.QUEUED and not in_list:
        before = queue.count_before(connection, row.tenant_id, row.created_ms)
    here = f"/v1/plans/{row.plan_id}"
    links = {"self": here, "events": f"{here}/events"}
    if row.summary is not None:
        links |= {name: f"{here}/{name}" for name in ("batches", "unplanned", "departures")}
        links |= {name: f"{here}/{name}" for name in FILES.values()}
    return {
        "id": row.plan_id,
        "externalRef": row.external_ref,
        "batchSetId": row.batch_set_id,
        "networkId": row.network_id,
        "keepPlanId": row.keep_plan_id,
        **tell_job(row, before),
        "planSha256": row.plan_sha256,
        "summary": json.loads(row.summary) if row.summary else None,
        "request": None if in_list else json.loads(row.request),
        "links": links,
    }


def tell_batch(row: Row[Any]) -> dict[str, Any]:
    """What a plan does with a batch, on the wire."""
    return {
        "externalRef": row.external_ref,
        "state": row.state,
        "changedAt": moment(row.changed_ms),
        "outcome": json.loads(row.document),
    }


def read_since(text: str | None) -> int | None:
    """Milliseconds of a moment.

    Raises
    ------
    Problem
        422 if it has no offset, or is no moment.
    """
    if text is None:
        return None
    found = None
    if _RFC_3339.fullmatch(text):
        with suppress(ValueError):
            found = datetime.fromisoformat(text.upper())
    if found is None:
        reason = "is no moment with an offset"
        hint = "write 2027-03-01T22:00:00Z; in an address, + is written %2B"
        fault = Fault(pointer="changedSince", value=text, code=NOT_A_TIME, reason=reason, hint=hint)
        raise Problem("invalid", errors=[fault])
    return (found - _EPOCH) // timedelta(milliseconds=1)
