"""HTTP of plans."""

from __future__ import annotations

import json
import re
import zlib
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from service.batch_sets.endpoints import paged, tagged
from service.callers import PLAN_READ, PLAN_WRITE, Caller, calling, writing
from service.etags import is_unchanged
from service.jobs.answers import Look, job_tag, look_or_wait, make
from service.jobs.answers import events as event_answer
from service.openapi import CACHED, PREFER, REPEATABLE, described, event_stream_answer, file_answer, problems
from service.paging import Page, page_of
from service.plans import repository, service
from service.plans.schemas import (
    BatchOutcome,
    BatchOutcomePage,
    DeparturePage,
    PlanAsked,
    PlanPage,
    PlanTold,
)
from service.problems import not_found
from service.schema import ExternalRef, Id
from service.strict_json import StrictRoute
from service.writing import Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

router = APIRouter(prefix="/v1/plans", tags=["plans"], route_class=StrictRoute)

Reading = Annotated[Caller, Depends(calling(PLAN_READ))]
Writing = Annotated[Work, Depends(writing(PLAN_WRITE))]
Paged = Annotated[Page, Depends(page_of)]
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


@router.post(
    "",
    status_code=202,
    response_model=PlanTold,
    responses={
        200: {"model": PlanTold, "description": "It has ended while `Prefer: wait` lasted."},
        **problems(404, 409),
    },
    dependencies=[REPEATABLE],
    operation_id="createPlan",
)
async def create(request: Request, asked: PlanAsked, work: Writing, prefer: PREFER = None) -> Response:
    """Plan the batches of a closed set jointly. The answer is 202 and where to look; or wait for the end."""
    service.check_terms(asked, asked.freeze_before, keeps=asked.keep_plan_id is not None)
    limits = request.app.state.settings.limits

    def effect(connection: Connection, now_ms: int) -> Answer:
        return service.create(connection, work, now_ms, asked, limits)

    return await make(request, work, effect, partial(_look, request), prefer)


@router.get("", response_model=PlanPage, responses=problems(), operation_id="listPlans")
def list_all(
    request: Request,
    caller: Reading,
    page: Paged,
    state: State | None = None,
    batch_set_id: Annotated[Id | None, Query(alias="batchSetId")] = None,
    external_ref: Annotated[ExternalRef | None, Query(alias="externalRef")] = None,
) -> Response:
    """Plans, the newest first."""
    with request.app.state.database.read() as connection:
        rows = repository.list_all(
            connection,
            caller.tenant_id,
            page.after,
            page.limit + 1,
            state=state,
            batch_set_id=batch_set_id,
            external_ref=external_ref,
        )
        return paged(
            page,
            rows,
            lambda row: (row.created_ms, row.plan_id),
            lambda row: service.tell(connection, row, in_list=True),
        )


@router.get(
    "/{plan_id}",
    response_model=PlanTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getPlan",
)
async def get(request: Request, plan_id: str, caller: Reading, prefer: PREFER = None) -> Response:
    """One plan: state, progress with bound and gap, and once it has ended its figures."""
    told, headers = await look_or_wait(request, _look(request, caller, plan_id), prefer)
    answer = tagged(request, told, job_tag(told))
    answer.headers.update(headers)
    return answer


@router.post(
    "/{plan_id}/cancel",
    response_model=PlanTold,
    responses={
        202: {"model": PlanTold, "description": "It is finishing the best plan so far."},
        **problems(404),
    },
    dependencies=[REPEATABLE],
    operation_id="cancelPlan",
)
def cancel(plan_id: str, work: Writing) -> Response:
    """Stop a plan, keeping the best one so far; of an ended one nothing changes."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        service.get_plan(connection, work.tenant_id, plan_id)

        def look() -> dict[str, Any]:
            return service.tell(connection, service.get_plan(connection, work.tenant_id, plan_id))

        return service.cancel(connection, work, now_ms, plan_id, look, action="plan.cancel")

    return work.once(effect)


@router.get(
    "/{plan_id}/events",
    response_class=StreamingResponse,
    responses={**event_stream_answer(), **problems(404)},
    operation_id="streamPlanEvents",
)
async def events(
    request: Request,
    plan_id: str,
    caller: Reading,
    _last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)] = None,
) -> Response:
    """Progress of a plan as it happens."""
    return await event_answer(request, _look(request, caller, plan_id))


@router.get(
    "/{plan_id}/batches",
    response_model=BatchOutcomePage,
    responses=problems(404, 409),
    operation_id="listPlanBatches",
)
def list_batches(
    request: Request,
    plan_id: str,
    caller: Reading,
    page: Paged,
    state: Literal["planned", "partly", "unplanned"] | None = None,
    changed_since: Annotated[
        str | None,
        Query(
            alias="changedSince",
            max_length=40,
            description="Only outcomes first found at or after this moment: what an earlier plan had already "
            "is left out.",
            examples=["2027-03-01T22:00:00Z"],
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> Response:
    """What the plan does with each batch."""
    since = service.read_since(changed_since)
    return _batches(request, plan_id, caller, page, () if state is None else (state,), since)


@router.get(
    "/{plan_id}/unplanned",
    response_model=BatchOutcomePage,
    responses=problems(404, 409),
    operation_id="listPlanUnplanned",
)
def list_unplanned(request: Request, plan_id: str, caller: Reading, page: Paged) -> Response:
    """Batches that are left out, in part or whole: the reason, and the least remedy of each kind."""
    return _batches(request, plan_id, caller, page, ("partly", "unplanned"), None)


@router.get(
    "/{plan_id}/batches/{external_ref:path}",
    response_model=BatchOutcome,
    responses=problems(404, 409),
    operation_id="getPlanBatch",
)
def get_batch(request: Request, plan_id: str, external_ref: str, caller: Reading) -> Response:
    """What the plan does with one batch."""
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, plan_id)
        found = repository.find_batch(connection, caller.tenant_id, plan_id, external_ref)
    if found is None:
        raise not_found("batch in this plan")
    return Response(json_bytes(service.tell_batch(found)), media_type="application/json")


@router.get(
    "/{plan_id}/departures",
    response_model=DeparturePage,
    responses=problems(404, 409),
    operation_id="listPlanDepartures",
)
def list_departures(request: Request, plan_id: str, caller: Reading, page: Paged) -> Response:
    """Departures that the plan rides: room of their legs, the value of one more unit, what to book."""
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, plan_id)
        rows = repository.list_departures(connection, caller.tenant_id, plan_id, page.after, page.limit + 1)
    return paged(page, rows, lambda row: (row.position,), lambda row: json.loads(row.document))


def _file_endpoint(operation_id: str, name: str, path: str, media_type: str, about: str) -> None:
    @router.get(
        f"/{{plan_id}}/{path}",
        response_class=Response,
        responses={**file_answer(media_type, about), **problems(404, 409)},
        openapi_extra=described(CACHED),
        operation_id=operation_id,
        description=about,
    )
    def get_file(request: Request, plan_id: str, caller: Reading) -> Response:
        with request.app.state.database.read() as connection:
            service.get_result(connection, caller.tenant_id, plan_id)
            found = repository.find_file(connection, caller.tenant_id, plan_id, name)
        return file_response(request, found, name)


_NEVER = re.compile(r"q\s*=\s*0(\.0{0,3})?")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
for _file in (
    (
        "getPlanDocument",
        "plan.json",
        "document",
        "application/json",
        "The whole plan, as docs/plan.schema.json says.",
    ),
    ("getPlanMap", "plan.geojson", "geojson", "application/geo+json", "Its flows on the map (RFC 7946)."),
    ("getPlanWorkbook", "plan.xlsx", "plan.xlsx", XLSX, "The plan as a workbook."),
    (
        "getPlanReport",
        "report.html",
        "report.html",
        "text/html",
        "The report: one page with map, charts and tables.",
    ),
    ("getPlanAssignments", "assignments.csv", "assignments.csv", "text/csv", "Every stage of every part."),
    (
        "getPlanBookingSheet",
        "booking.csv",
        "booking.csv",
        "text/csv",
        "The booking sheet, departure by departure.",
    ),
):
    _file_endpoint(*_file)


def file_response(request: Request, found: Any, name: str) -> Response:
    """A result file; compressed as it is stored where the client takes that.

    Raises
    ------
    Problem
        404 if there is none.
    """
    if found is None:
        raise not_found("file")
    is_packed = takes_deflate(request.headers.get("accept-encoding", ""))
    tag = f'"{found.sha256[:32]}{"-deflate" if is_packed else ""}"'  # other bytes, another tag
    headers = {"ETag": tag, "Vary": "Accept-Encoding"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}"'
    if is_packed:
        headers["Content-Encoding"] = "deflate"
        return Response(found.deflated, media_type=found.media_type, headers=headers)
    return Response(zlib.decompress(found.deflated), media_type=found.media_type, headers=headers)


def takes_deflate(accepted: str) -> bool:
    """Whether a client takes what is packed by zlib (RFC 9110: a weight of 0 says no)."""
    for one in accepted.lower().split(","):
        coding, *parameters = (part.strip() for part in one.split(";"))
        if coding == "deflate":
            return not any(_NEVER.fullmatch(parameter) for parameter in parameters)
    return False


def _batches(
    request: Request, plan_id: str, caller: Caller, page: Page, states: tuple[str, ...], since_ms: int | None
) -> Response:
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, plan_id)
        rows = repository.list_batches(
            connection,
            caller.tenant_id,
            plan_id,
            page.after,
            page.limit + 1,
            states=states,
            changed_since_ms=since_ms,
        )
    return paged(page, rows, lambda row: (row.position,), service.tell_batch)


def _look(request: Request, caller: Caller, plan_id: str) -> Look:
    def look() -> dict[str, Any]:
        with request.app.state.database.glance() as connection:
            return service.tell(connection, service.get_plan(connection, caller.tenant_id, plan_id))

    return look
