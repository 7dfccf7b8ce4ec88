"""Pages of plans: all of them with their progress, a form for a new one, and the wish to stop one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.callers import PLAN_READ, PLAN_WRITE, Caller
from service.ids import new_id
from service.paging import page_at
from service.plans import endpoints, repository, service
from service.plans.schemas import PlanAsked
from service.problems import Problem
from service.web.forms import Fields, FormReader, asked_of, fields_of
from service.web.job_view import OBJECTIVE_UNITS, Job, job_of
from service.web.languages import speech_of
from service.web.rendering import page
from service.web.repository import closed_sets, plans_to_keep, set_names
from service.web.retyped import in_other_language
from service.web.routes import FormWork, PageRoute, see, submitting, visiting
from service.web.terms_form import (
    CURRENCIES,
    DEFAULTS,
    FIELDS,
    OBJECTIVES,
    TIMES,
    check_terms,
    read_terms_fields,
    texts_of,
)
from service.web.wrong import faults_by_field

if TYPE_CHECKING:
    from sqlalchemy import Row

router = APIRouter(prefix="/page/plans", include_in_schema=False, route_class=PageRoute)

Looking = Annotated[Caller, Depends(visiting(PLAN_READ))]
Planning = Annotated[Caller, Depends(visiting(PLAN_WRITE))]
Sending = Annotated[FormWork, Depends(submitting(PLAN_WRITE))]
ROWS = 50
FORM_PROBLEMS = (
    "invalid",
    "duplicate-reference",
    "open-batch-set",
    "not-found",
    "not-finished",
    "too-many-jobs",
)
"""Problems that the form itself shows, with all that was typed into it."""


@router.get("")
def show_all(request: Request, caller: Looking, cursor: str | None = None) -> Response:
    """All plans, the newest first, with their progress."""
    at = page_at(request, caller.tenant_id, ROWS, cursor)
    with request.app.state.database.read() as connection:
        rows = repository.list_all(connection, caller.tenant_id, at.after, at.limit + 1)
        names = set_names(connection, caller.tenant_id, {row.batch_set_id for row in rows})
    body, _ = at.answer(rows, lambda row: (row.created_ms, row.plan_id), lambda row: _line(row, names))
    return page(
        request,
        "plans.html",
        plans=body["items"],
        is_moving=any(one["job"].is_moving for one in body["items"]),
        next_cursor=body["nextCursor"],
        is_first=cursor is None,
    )


@router.post("")
def create(request: Request, work: Sending) -> Response:
    """Plan the batches of a closed set."""
    try:
        made = _make(request, work)
    except Problem as problem:
        return _again(request, work, problem)
    request.app.state.worker.wake()
    return see(f"/page/plans/{json.loads(bytes(made.body))['id']}")


@router.get("/new")
def new(request: Request, caller: Planning, batch_set: str = "", keep: str = "", like: str = "") -> Response:
    """A form for a new plan; it may begin with what another was asked for."""
    if like:
        with request.app.state.database.read() as connection:
            row = service.get_plan(connection, caller.tenant_id, like)
        return _new(request, caller, Fields(texts_of(json.loads(row.request))))
    return _new(request, caller, Fields({"batchSetId": batch_set, "keepPlanId": keep}))


@router.post("/new")
def speak(request: Request, work: Sending, *, refused: bool = False) -> Response:
    """The form for a new plan in another language."""
    return in_other_language(request, work, _make, _again, is_refused=refused)


@router.post("/{plan_id}/cancel")
def cancel(plan_id: str, work: Sending) -> Response:
    """Stop a plan; the best one so far is kept."""
    endpoints.cancel(plan_id, work)
    back = work.form.get("back")
    return see("/page/plans" if back == "list" else f"/page/plans/{plan_id}")


def _make(request: Request, work: FormWork) -> Response:
    say = speech_of(request)
    read = FormReader(say, work.form)
    limits = request.app.state.settings.limits
    content = read_terms_fields(read, say.lang)
    for name in ("keepPlanId", "freezeBefore"):
        content |= {} if read.text(name) is None else {name: read.text(name)}
    slot_values = read.number("slotValues")
    content |= {} if slot_values is None else {"slotValues": slot_values}
    read.refuse()
    asked = asked_of(say, PlanAsked, content)
    check_terms(say, asked, limits.job_s, asked.freeze_before, keeps=asked.keep_plan_id is not None)
    return work.once(lambda connection, now_ms: service.create(connection, work, now_ms, asked, limits))


def _again(request: Request, work: FormWork, problem: Problem | None) -> Response:
    """The form as it was typed, with what is wrong with it."""
    if problem is None:
        return _new(request, work.caller, fields_of(work.form))
    if problem.code not in FORM_PROBLEMS:
        raise problem
    faults = faults_by_field(speech_of(request), problem, FIELDS)
    return _new(request, work.caller, fields_of(work.form, faults), problem.status_code)


def _new(request: Request, caller: Caller, fields: Fields, status: int = 200) -> Response:
    with request.app.state.database.read() as connection:
        sets = closed_sets(connection, caller.tenant_id)
        kept = plans_to_keep(connection, caller.tenant_id)
    return page(
        request,
        "new_plan.html",
        status,
        fields=fields,
        sets=sets,
        kept=kept,
        objectives=OBJECTIVES,
        currencies=CURRENCIES,
        times=TIMES,
        defaults=DEFAULTS,
        limits=request.app.state.settings.limits,
        once=new_id("form"),
    )


def _line(row: Row[Any], names: dict[str, str]) -> dict[str, Any]:
    asked = json.loads(row.request)
    job: Job = job_of(row, OBJECTIVE_UNITS[asked["objective"]], asked["currency"])
    return {
        "id": row.plan_id,
        "name": row.external_ref or names.get(row.batch_set_id, row.batch_set_id),
        "set": names.get(row.batch_set_id, row.batch_set_id),
        "set_id": row.batch_set_id,
        "asked": asked,
        "job": job,
        "summary": json.loads(row.summary) if row.summary else None,
    }
