"""Rules of comparisons: the batches of a closed set under several alternatives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.errors import InputError
from planner.model.problem import BLEND, COST
from planner.reading.codes import CONTRADICTION
from planner.reading.sweeps import read_sweeps
from service.comparisons import repository
from service.ids import new_id
from service.jobs import queue
from service.jobs.answers import accepted
from service.jobs.tell import tell_job
from service.plans.service import check_inputs, put_job
from service.plans.terms import stored
from service.problems import Fault, Problem, fault_of, not_found

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from service.comparisons.terms import ComparisonAsked
    from service.settings import Limits
    from service.writing import Answer, Work


def get_comparison(connection: Connection, tenant_id: str, comparison_id: str) -> Row[Any]:
    """A comparison.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find(connection, tenant_id, comparison_id)
    if found is None:
        raise not_found("comparison")
    return found


def get_result(connection: Connection, tenant_id: str, comparison_id: str) -> Row[Any]:
    """A comparison that has a result.

    Raises
    ------
    Problem
        404 if there is none, 409 if its job has no result.
    """
    found = get_comparison(connection, tenant_id, comparison_id)
    if found.summary is None:
        raise Problem("not-finished", f"the comparison is {found.state}")
    return found


def create(connection: Connection, work: Work, now_ms: int, asked: ComparisonAsked, limits: Limits) -> Answer:
    """Queue a comparison.

    Raises
    ------
    Problem
        404, 409 or 422 if it can't be made, 429 if too many wait.
    """
    tenant_id = work.tenant_id
    network_id = check_inputs(connection, tenant_id, asked)
    if asked.external_ref is not None and repository.find_by_ref(connection, tenant_id, asked.external_ref):
        raise Problem("duplicate-reference")
    comparison_id = new_id("cmp")
    put_job(connection, work, now_ms, comparison_id, queue.COMPARISON, asked.time_limit_s, limits)
    repository.add(
        connection,
        {
            "tenant_id": tenant_id,
            "comparison_id": comparison_id,
            "external_ref": asked.external_ref,
            "batch_set_id": asked.batch_set_id,
            "network_id": network_id,
            "request": json.dumps(stored(asked)),
            "created_ms": now_ms,
        },
    )
    work.audit(connection, now_ms, "comparison.create", comparison_id, after=1)
    return accepted(tell(connection, get_comparison(connection, tenant_id, comparison_id)))


def tell(connection: Connection, row: Row[Any], *, in_list: bool = False) -> dict[str, Any]:
    """A comparison on the wire."""
    before = None
    if row.state == queue.QUEUED and not in_list:
        before = queue.count_before(connection, row.tenant_id, row.created_ms)
    here = f"/v1/comparisons/{row.comparison_id}"
    links = {"self": here, "events": f"{here}/events"}
    if row.summary is not None:
        links |= {name: f"{here}/{name}" for name in ("document", "report.html", "files")}
    return {
        "id": row.comparison_id,
        "externalRef": row.external_ref,
        "batchSetId": row.batch_set_id,
        "networkId": row.network_id,
        **tell_job(row, before),
        "summary": json.loads(row.summary) if row.summary else None,
        "request": None if in_list else json.loads(row.request),
        "links": links,
    }


def check_study(asked: ComparisonAsked) -> None:
    """Refuse sweeps that can't be read, and money under an objective that counts none.

    Raises
    ------
    Problem
        422 with every fault.
    """
    faults = []
    try:
        read_sweeps(asked.sweeps, asked.currency)
    except InputError as error:
        faults += [fault_of(issue, pointer="/sweeps") for issue in error.issues]
    if (asked.sweeps or asked.break_even) and asked.objective not in (COST, BLEND):
        where = "/sweeps" if asked.sweeps else "/breakEven"
        faults.append(
            Fault(pointer=where, code=CONTRADICTION, reason=f"objective {asked.objective} counts no money")
        )
    if faults:
        raise Problem("invalid", errors=faults)
