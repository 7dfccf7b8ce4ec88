"""One plan: its progress while it is made; then figures, map, charts, what is left out, room, and files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from planner.render.document import OBJECTIVE_UNITS
from planner.render.folder import SHOWN, SHOWN_ROWS
from service.callers import PLAN_READ, Caller
from service.jobs.queue import QUEUED, count_before
from service.paging import page_at
from service.plans import repository, service
from service.plans.endpoints import file_response
from service.plans.terms import WhatIf
from service.problems import not_found
from service.web.batch_search import BatchSearch
from service.web.batch_view import BatchView
from service.web.difference_view import DifferenceView
from service.web.headline_view import (
    baseline_table,
    modes_table,
    subtitle,
    tiles,
    verdict,
    without_baseline,
)
from service.web.job_view import job_of
from service.web.languages import speech_of
from service.web.money_view import grounds_texts, money_tables, record_lists
from service.web.rendering import page
from service.web.repository import search_batches, set_names
from service.web.room_view import RoomView
from service.web.routes import PageRoute, afresh, is_part, visiting
from service.web.shown import read_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

router = APIRouter(prefix="/page/plans/{plan_id}", include_in_schema=False, route_class=PageRoute)

Looking = Annotated[Caller, Depends(visiting(PLAN_READ))]
ROWS = 50
MOST_LEFT = 100
STATES = {"": (), "left_out": ("partly", "unplanned")}
DOWNLOADS = ("plan.xlsx", "assignments.csv", "booking.csv", "geojson", "document", "report.html")
"""Files to be taken away, by the last part of their addresses."""


@router.get("")
def show(
    request: Request,
    plan_id: str,
    caller: Looking,
    cursor: str | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A plan: how far it is, or what has come of it."""
    with request.app.state.database.read() as connection:
        row = service.get_plan(connection, caller.tenant_id, plan_id)
        common = _common(connection, row)
        if is_part(request) and not common["job"].is_moving:
            return afresh()
        if row.summary is not None:
            result = _result(request, connection, row, cursor, q.strip(), state)
            return page(request, "plan.html", **common, **result)
    return page(request, "job.html", **common)


@router.get("/batches/{external_ref:path}")
def show_batch(request: Request, plan_id: str, external_ref: str, caller: Looking) -> Response:
    """What a plan does with one batch, stage by stage."""
    with request.app.state.database.read() as connection:
        row = service.get_result(connection, caller.tenant_id, plan_id)
        found = repository.find_batch(connection, caller.tenant_id, plan_id, external_ref)
        if found is None:
            raise not_found("batch in this plan")
        common = _common(connection, row)
        shown = read_shown(connection, caller.tenant_id, plan_id)
    batch = json.loads(found.document)
    view = BatchView(speech_of(request), shown, f"/page/plans/{plan_id}")
    return page(
        request,
        "batch.html",
        **common,
        batch=batch,
        route=view.route(batch),
        facts=view.facts(batch),
        ways=view.ways(batch),
    )


@router.get("/departures")
def show_departures(
    request: Request, plan_id: str, caller: Looking, start: Annotated[int, Query(ge=0, le=10**7)] = 0
) -> Response:
    """All departures, page by page."""
    return _room(request, plan_id, caller, "departures", start)


@router.get("/bookings")
def show_bookings(
    request: Request, plan_id: str, caller: Looking, start: Annotated[int, Query(ge=0, le=10**7)] = 0
) -> Response:
    """The whole booking sheet, page by page."""
    return _room(request, plan_id, caller, "bookings", start)


@router.get("/data/{name}")
def get_data(request: Request, plan_id: str, name: str, caller: Looking) -> Response:
    """What map and charts are drawn of."""
    if name not in (SHOWN, SHOWN_ROWS):
        raise not_found("file")
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, plan_id)
        found = repository.find_file(connection, caller.tenant_id, plan_id, name)
    return file_response(request, found, name)


def _asked(row: Row[Any]) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(row.request)
    return asked


def _common(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    asked = _asked(row)
    before = count_before(connection, row.tenant_id, row.created_ms) if row.state == QUEUED else None
    names = set_names(connection, row.tenant_id, [row.batch_set_id])
    set_name = names.get(row.batch_set_id, row.batch_set_id)
    return {
        "kind": "plan",
        "base": f"/page/plans/{row.plan_id}",
        "id": row.plan_id,
        "name": row.external_ref or set_name,
        "set_name": set_name,
        "set_id": row.batch_set_id,
        "keep_id": row.keep_plan_id,
        "asked": asked,
        "job": job_of(row, OBJECTIVE_UNITS[asked["objective"]], asked["currency"], before),
    }


def _result(
    request: Request, connection: Connection, row: Row[Any], cursor: str | None, text: str, state: str
) -> Mapping[str, Any]:
    say = speech_of(request)
    tenant_id, plan_id = row.tenant_id, row.plan_id
    shown = read_shown(connection, tenant_id, plan_id)
    view = BatchView(say, shown, f"/page/plans/{plan_id}")
    at = page_at(request, tenant_id, ROWS, cursor)
    is_found = BatchSearch(text, shown) if text else None
    states = STATES.get(state, ())
    rows = search_batches(connection, tenant_id, plan_id, is_found, states, at.after, at.limit + 1)
    body, _ = at.answer(rows, lambda one: (one.position,), lambda one: json.loads(one.document))
    left = search_batches(connection, tenant_id, plan_id, None, STATES["left_out"], None, MOST_LEFT)
    room = RoomView(say, shown)
    return {
        "shown": shown,
        "subtitle": subtitle(say, shown),
        "verdict": verdict(say, shown),
        "tiles": tiles(say, shown),
        "modes": modes_table(say, shown),
        "baseline": baseline_table(say, shown),
        "without": without_baseline(say, shown),
        "left": [json.loads(one.document) for one in left],
        "num_left": shown["headline"]["batchesLeftOut"],
        "difference": None if shown["difference"] is None else DifferenceView(say, shown["difference"]),
        "what_if": [
            f"{say(f'field_{kind}')} {text}"
            for kind, text in WhatIf.model_validate(_asked(row)["whatIf"]).switches()
        ],
        "view": view,
        "batches": view.table(body["items"]),
        "next_cursor": body["nextCursor"],
        "is_first": cursor is None,
        "asked_for": at.address.partition("?")[2],
        "q": text,
        "state": state if state in STATES else "",
        "departures": room.departures(0, ROWS),
        "num_departures": room.num_departures,
        "charters": room.charters(),
        "tight_days": room.tight_days(),
        "bookings": room.bookings(0, ROWS),
        "num_bookings": room.num_bookings,
        "rows": ROWS,
        "money": money_tables(say, shown),
        "grounds": grounds_texts(say, shown),
        "record": record_lists(say, shown),
        "files": f"/v1/plans/{plan_id}",
        "downloads": DOWNLOADS,
    }


def _room(request: Request, plan_id: str, caller: Caller, what: str, start: int) -> Response:
    with request.app.state.database.read() as connection:
        row = service.get_result(connection, caller.tenant_id, plan_id)
        common = _common(connection, row)
        shown = read_shown(connection, caller.tenant_id, plan_id)
    room = RoomView(speech_of(request), shown)
    is_departures = what == "departures"
    table = room.departures(start, ROWS) if is_departures else room.bookings(start, ROWS)
    return page(
        request,
        "room.html",
        **common,
        what=what,
        table=table,
        start=start,
        number=room.num_departures if is_departures else room.num_bookings,
        rows=ROWS,
    )
