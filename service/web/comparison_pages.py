"""Pages of comparisons: all of them, a form for a new one, and one with its alternatives side by side."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from planner.model.alternatives import ALTERNATIVES
from planner.render.document import OBJECTIVE_UNITS
from planner.render.folder import SHOWN, SHOWN_ROWS
from service.callers import PLAN_READ, PLAN_WRITE, Caller
from service.comparisons import endpoints, repository, service
from service.comparisons.terms import ComparisonAsked
from service.ids import new_id
from service.jobs.queue import QUEUED, count_before
from service.paging import page_at
from service.plans.endpoints import file_response
from service.plans.repository import find_file
from service.problems import Problem, not_found
from service.web.comparison_view import ComparisonView
from service.web.forms import Fields, FormReader, asked_of, fields_of
from service.web.job_view import job_of
from service.web.languages import speech_of
from service.web.plan_pages import FORM_PROBLEMS
from service.web.rendering import page
from service.web.repository import closed_sets, set_names
from service.web.retyped import in_other_language
from service.web.routes import FormWork, PageRoute, afresh, is_part, see, submitting, visiting
from service.web.shown import read_shown
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
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

router = APIRouter(prefix="/page/comparisons", include_in_schema=False, route_class=PageRoute)

Looking = Annotated[Caller, Depends(visiting(PLAN_READ))]
Comparing = Annotated[Caller, Depends(visiting(PLAN_WRITE))]
Sending = Annotated[FormWork, Depends(submitting(PLAN_WRITE))]
ROWS = 50
OWN = tuple(alternative.name for alternative in ALTERNATIVES)
FILES = ("plan.xlsx", "report.html", "booking.csv")
"""Files of the plan of each alternative."""


@router.get("")
def show_all(request: Request, caller: Looking, cursor: str | None = None) -> Response:
    """All comparisons, the newest first, with their progress."""
    at = page_at(request, caller.tenant_id, ROWS, cursor)
    with request.app.state.database.read() as connection:
        rows = repository.list_all(connection, caller.tenant_id, at.after, at.limit + 1)
        names = set_names(connection, caller.tenant_id, {row.batch_set_id for row in rows})
    body, _ = at.answer(rows, lambda row: (row.created_ms, row.comparison_id), lambda row: _line(row, names))
    return page(
        request,
        "comparisons.html",
        comparisons=body["items"],
        is_moving=any(one["job"].is_moving for one in body["items"]),
        next_cursor=body["nextCursor"],
        is_first=cursor is None,
    )


@router.post("")
def create(request: Request, work: Sending) -> Response:
    """Plan the batches of a closed set under each alternative."""
    try:
        made = _make(request, work)
    except Problem as problem:
        return _again(request, work, problem)
    request.app.state.worker.wake()
    return see(f"/page/comparisons/{json.loads(bytes(made.body))['id']}")


@router.get("/new")
def new(request: Request, caller: Comparing, batch_set: str = "", like: str = "") -> Response:
    """A form for a new comparison; it may begin with what another was asked for."""
    if like:
        with request.app.state.database.read() as connection:
            row = service.get_comparison(connection, caller.tenant_id, like)
        return _new(request, caller, _like(json.loads(row.request)))
    return _new(request, caller, Fields({"batchSetId": batch_set}))


@router.post("/new")
def speak(request: Request, work: Sending, *, refused: bool = False) -> Response:
    """The form for a new comparison in another language."""
    return in_other_language(request, work, _make, _again, is_refused=refused)


@router.get("/{comparison_id}")
def show(
    request: Request,
    comparison_id: str,
    caller: Looking,
    start: Annotated[int, Query(ge=0, le=10**7)] = 0,
) -> Response:
    """A comparison: how far it is, or what has come of it."""
    with request.app.state.database.read() as connection:
        row = service.get_comparison(connection, caller.tenant_id, comparison_id)
        common = _common(connection, row)
        if is_part(request) and not common["job"].is_moving:
            return afresh()
        if row.summary is not None:
            shown = _result(request, connection, row, start)
            return page(request, "comparison.html", **common, **shown)
    return page(request, "job.html", **common)


@router.post("/{comparison_id}/cancel")
def cancel(comparison_id: str, work: Sending) -> Response:
    """Stop a comparison; the best plans so far are kept."""
    endpoints.cancel(comparison_id, work)
    back = work.form.get("back")
    return see("/page/comparisons" if back == "list" else f"/page/comparisons/{comparison_id}")


@router.get("/{comparison_id}/data/{name}")
def get_data(request: Request, comparison_id: str, name: str, caller: Looking) -> Response:
    """What charts are drawn of."""
    if name not in (SHOWN, SHOWN_ROWS):
        raise not_found("file")
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, comparison_id)
        found = find_file(connection, caller.tenant_id, comparison_id, name)
    return file_response(request, found, name)


def _only(read: FormReader) -> list[str]:
    """Names to compare: those ticked and those of the user's own; nothing where all are."""
    ticked = [name for name in read.chosen("only") if name in OWN]
    if len(ticked) == len(OWN):
        return []
    return [*ticked, *(text.partition("=")[0].strip()[:64] for text in read.lines("alternatives"))]


def _make(request: Request, work: FormWork) -> Response:
    say = speech_of(request)
    read = FormReader(say, work.form)
    limits = request.app.state.settings.limits
    content = {
        **read_terms_fields(read, say.lang),
        "alternatives": read.lines("alternatives"),
        "only": _only(read),
        "breakEven": read.is_ticked("breakEven"),
        "sweeps": read.lines("sweeps"),
    }
    read.refuse()
    asked = asked_of(say, ComparisonAsked, content)
    check_terms(say, asked, limits.job_s)
    service.check_study(asked)
    return work.once(lambda connection, now_ms: service.create(connection, work, now_ms, asked, limits))


def _again(request: Request, work: FormWork, problem: Problem | None) -> Response:
    """The form as it was typed, with what is wrong with it."""
    if problem is not None and problem.code not in FORM_PROBLEMS:
        raise problem
    say = speech_of(request)
    faults = {} if problem is None else faults_by_field(say, problem, FIELDS)
    sent = fields_of(work.form, faults)
    read = FormReader(say, work.form)
    ticked = {name: read.chosen(name) for name in ("only", "breakEven")}
    fields = Fields(sent.texts, {**sent.chosen, **ticked}, sent.faults)
    return _new(request, work.caller, fields, 200 if problem is None else problem.status_code)


def _like(asked: Mapping[str, Any]) -> Fields:
    lines = {name: "\n".join(asked[name]) for name in ("alternatives", "sweeps")}
    ticked = {"only": asked["only"] or OWN, "breakEven": ["yes"] if asked["breakEven"] else []}
    return Fields({**texts_of(asked), **lines}, ticked)


def _new(request: Request, caller: Caller, fields: Fields, status: int = 200) -> Response:
    with request.app.state.database.read() as connection:
        sets = closed_sets(connection, caller.tenant_id)
    return page(
        request,
        "new_comparison.html",
        status,
        fields=fields,
        sets=sets,
        own=OWN,
        objectives=OBJECTIVES,
        currencies=CURRENCIES,
        times=TIMES,
        defaults=DEFAULTS,
        once=new_id("form"),
    )


def _line(row: Row[Any], names: Mapping[str, str]) -> dict[str, Any]:
    asked = json.loads(row.request)
    return {
        "id": row.comparison_id,
        "name": row.external_ref or names.get(row.batch_set_id, row.batch_set_id),
        "set": names.get(row.batch_set_id, row.batch_set_id),
        "asked": asked,
        "job": job_of(row, OBJECTIVE_UNITS[asked["objective"]], asked["currency"]),
        "summary": json.loads(row.summary) if row.summary else None,
    }


def _common(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    asked = json.loads(row.request)
    before = count_before(connection, row.tenant_id, row.created_ms) if row.state == QUEUED else None
    set_name = set_names(connection, row.tenant_id, [row.batch_set_id]).get(row.batch_set_id, "")
    return {
        "kind": "comparison",
        "base": f"/page/comparisons/{row.comparison_id}",
        "id": row.comparison_id,
        "name": row.external_ref or set_name,
        "set_name": set_name,
        "set_id": row.batch_set_id,
        "asked": asked,
        "job": job_of(row, OBJECTIVE_UNITS[asked["objective"]], asked["currency"], before),
    }


def _result(request: Request, connection: Connection, row: Row[Any], start: int) -> Mapping[str, Any]:
    say = speech_of(request)
    shown = read_shown(connection, row.tenant_id, row.comparison_id)
    found = find_file(connection, row.tenant_id, row.comparison_id, SHOWN_ROWS)
    if found is None:
        raise not_found("result")
    rows = json.loads(zlib.decompress(found.deflated))["comparison"]
    batches = sorted(rows["batches"], key=lambda one: -(one["margin"] or -1))
    by_id = {one["batchId"]: one for one in batches}
    flips = rows.get("study", {}).get("batches", [])
    view = ComparisonView(say, shown)
    return {
        "view": view,
        "lines": view.lines(),
        "alternatives": view.alternatives_table(),
        "wishes": view.wishes(),
        "common": view.common_table(),
        "beside": view.beside_table(),
        "without": view.without_table(),
        "spent": view.spent_table(),
        "winners": view.winners_table(batches[start : start + ROWS]),
        "has_study": view.comparison["study"] is not None,
        "flips": view.flips(),
        "break_even": view.break_even_table(flips[start : start + ROWS], by_id) if flips else None,
        "sweeps": list(view.sweeps()),
        "start": start,
        "number": len(batches),
        "rows": ROWS,
        "files": f"/v1/comparisons/{row.comparison_id}",
        "names": [(one["name"], view.name(one["name"])) for one in view.alternatives],
        "downloads": FILES,
    }
