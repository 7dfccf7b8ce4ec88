"""Pages of batch sets: all of them, and one with its uploads and batches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from planner.reading.batch_columns import BATCH_COLUMNS
from service.batch_sets import endpoints, repository, service
from service.batch_sets.schemas import BatchSetAsked
from service.callers import PLAN_READ, PLAN_WRITE, Caller
from service.ids import new_id
from service.jobs.inputs import SHIPPED
from service.networks.repository import find_network, list_networks
from service.paging import page_at
from service.problems import Problem
from service.web.forms import Fields, FormReader, asked_of, fields_of
from service.web.languages import speech_of
from service.web.rendering import page
from service.web.repository import MOST_CHOICES
from service.web.retyped import in_other_language
from service.web.routes import FormWork, PageRoute, see, submitting, visiting
from service.web.tables import Head as Heading
from service.web.tables import Table, figure
from service.web.wrong import faults_by_field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.web.languages import Speech

router = APIRouter(prefix="/page/batch-sets", include_in_schema=False, route_class=PageRoute)

Looking = Annotated[Caller, Depends(visiting(PLAN_READ))]
Sending = Annotated[FormWork, Depends(submitting(PLAN_WRITE))]
ROWS = 50
"""Rows of a page of a list."""
UPLOADS = 20


@router.get("")
def show_all(request: Request, caller: Looking, cursor: str | None = None) -> Response:
    """All batch sets, and a form for a new one."""
    return _all(request, caller, cursor, Fields())


@router.post("")
def create(request: Request, work: Sending) -> Response:
    """Open a batch set."""
    try:
        made = _make(request, work)
    except Problem as problem:
        return _again(request, work, problem)
    return see(f"/page/batch-sets/{json.loads(bytes(made.body))['id']}")


@router.post("/new")
def speak(request: Request, work: Sending) -> Response:
    """The form for a new set, which was refused, in another language."""
    return in_other_language(request, work, _make, _again, is_refused=True)


@router.get("/new")
def new(_caller: Looking) -> Response:
    """The form stands above the list."""
    return see("/page/batch-sets")


@router.get("/{batch_set_id}")
def show(request: Request, batch_set_id: str, caller: Looking, cursor: str | None = None) -> Response:
    """One batch set: what was uploaded, and its batches."""
    return _one(request, caller, batch_set_id, cursor)


@router.post("/{batch_set_id}/close")
def close(request: Request, batch_set_id: str, work: Sending) -> Response:
    """Close a batch set, if its rows go together."""
    try:
        endpoints.close(request, batch_set_id, work)
    except Problem as problem:
        if problem.code not in ("invalid", "conflict"):
            raise
        return _one(request, work.caller, batch_set_id, None, problem)
    return see(f"/page/batch-sets/{batch_set_id}")


@router.get("/{batch_set_id}/close")
def after_close(batch_set_id: str, _caller: Looking) -> Response:
    """Where a change of language leads after a close that failed."""
    return see(f"/page/batch-sets/{batch_set_id}")


def _make(request: Request, work: FormWork) -> Response:
    say = speech_of(request)
    read = FormReader(say, work.form)
    content = {"name": read.text("name") or "", "externalRef": read.text("externalRef")}
    network_id = read.text("networkId")
    content |= {} if network_id is None else {"networkId": network_id}
    return endpoints.create(asked_of(say, BatchSetAsked, content), work)


def _again(request: Request, work: FormWork, problem: Problem | None) -> Response:
    """The form as it was typed, with what is wrong with it."""
    if problem is None:
        return _all(request, work.caller, None, fields_of(work.form))
    if problem.code not in ("invalid", "duplicate-reference"):
        raise problem
    faults = faults_by_field(speech_of(request), problem, {})
    return _all(request, work.caller, None, fields_of(work.form, faults), 422)


def _all(request: Request, caller: Caller, cursor: str | None, fields: Fields, status: int = 200) -> Response:
    at = page_at(request, caller.tenant_id, ROWS, cursor)
    with request.app.state.database.read() as connection:
        rows = repository.list_sets(connection, caller.tenant_id, at.after, at.limit + 1)
        networks = list_networks(connection, caller.tenant_id, None, MOST_CHOICES)
    body, _ = at.answer(rows, lambda row: (row.created_ms, row.batch_set_id), lambda row: row)
    return page(
        request,
        "batch_sets.html",
        status,
        sets=body["items"],
        networks=networks,
        shipped=SHIPPED,
        next_cursor=body["nextCursor"],
        is_first=cursor is None,
        fields=fields,
        once=new_id("form"),
    )


def _one(
    request: Request, caller: Caller, batch_set_id: str, cursor: str | None, problem: Problem | None = None
) -> Response:
    at = page_at(request, caller.tenant_id, ROWS, cursor)
    with request.app.state.database.read() as connection:
        found = service.get_set(connection, caller.tenant_id, batch_set_id)
        rows = repository.list_batches(connection, caller.tenant_id, batch_set_id, at.after, at.limit + 1)
        uploads = repository.list_uploads(connection, caller.tenant_id, batch_set_id, None, UPLOADS)
        network = find_network(connection, caller.tenant_id, found.network_id)
    body, _ = at.answer(rows, lambda row: (row.position,), lambda row: json.loads(row.document))
    return page(
        request,
        "batch_set.html",
        200 if problem is None else problem.status_code,
        found=found,
        uploads=uploads,
        network=None if network is None else network.name,
        table=batches_table(speech_of(request), body["items"]),
        next_cursor=body["nextCursor"],
        is_first=cursor is None,
        problem=problem,
        faults=[fault.model_dump(exclude_none=True) for fault in problem.errors[:ROWS]] if problem else [],
    )


def batches_table(say: Speech, rows: Iterable[dict[str, Any]]) -> Table:
    """Rows of batches as they were sent, with the columns that are filled."""
    rows = list(rows)
    columns = [
        column for column in BATCH_COLUMNS if column.is_required or any(column.key in row for row in rows)
    ]
    heads = [
        figure(heading(say, column.id)) if column.id == "vehicles" else Heading(heading(say, column.id))
        for column in columns
    ]
    return Table(heads, [[str(row.get(column.key, "")) for column in columns] for row in rows])


def heading(say: Speech, column_id: str) -> str:
    """Heading of a column of a batch file in the language of the page; others as they stand there."""
    known = next((column for column in BATCH_COLUMNS if column.id == column_id), None)
    if known is None:
        return column_id
    return known.zh if say.lang == "zh" else known.id
