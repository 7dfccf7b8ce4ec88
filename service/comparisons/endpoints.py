"""HTTP of comparisons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from service.batch_sets.endpoints import paged, tagged
from service.callers import PLAN_READ, PLAN_WRITE, Caller, calling, writing
from service.comparisons import repository, service
from service.comparisons.schemas import ComparisonPage, ComparisonTold, FileList
from service.comparisons.terms import ComparisonAsked
from service.jobs.answers import Look, job_tag, look_or_wait, make
from service.jobs.answers import events as event_answer
from service.jobs.results import FILE_TYPES
from service.openapi import CACHED, PREFER, REPEATABLE, described, event_stream_answer, file_answer, problems
from service.paging import Page, page_of
from service.plans.endpoints import State, file_response
from service.plans.repository import find_file
from service.plans.service import cancel as cancel_job
from service.plans.service import check_terms
from service.schema import ExternalRef, Id
from service.strict_json import StrictRoute
from service.writing import Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"], route_class=StrictRoute)

Reading = Annotated[Caller, Depends(calling(PLAN_READ))]
Writing = Annotated[Work, Depends(writing(PLAN_WRITE))]
Paged = Annotated[Page, Depends(page_of)]


@router.post(
    "",
    status_code=202,
    response_model=ComparisonTold,
    responses={
        200: {"model": ComparisonTold, "description": "It has ended while `Prefer: wait` lasted."},
        **problems(404, 409),
    },
    dependencies=[REPEATABLE],
    operation_id="createComparison",
)
async def create(request: Request, asked: ComparisonAsked, work: Writing, prefer: PREFER = None) -> Response:
    """Plan the batches of a closed set under each alternative, and hold the plans side by side."""
    check_terms(asked)
    service.check_study(asked)
    limits = request.app.state.settings.limits

    def effect(connection: Connection, now_ms: int) -> Answer:
        return service.create(connection, work, now_ms, asked, limits)

    return await make(request, work, effect, partial(_look, request), prefer)


@router.get("", response_model=ComparisonPage, responses=problems(), operation_id="listComparisons")
def list_all(
    request: Request,
    caller: Reading,
    page: Paged,
    state: State | None = None,
    batch_set_id: Annotated[Id | None, Query(alias="batchSetId")] = None,
    external_ref: Annotated[ExternalRef | None, Query(alias="externalRef")] = None,
) -> Response:
    """Comparisons, the newest first."""
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
            lambda row: (row.created_ms, row.comparison_id),
            lambda row: service.tell(connection, row, in_list=True),
        )


@router.get(
    "/{comparison_id}",
    response_model=ComparisonTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getComparison",
)
async def get(request: Request, comparison_id: str, caller: Reading, prefer: PREFER = None) -> Response:
    """One comparison: state, progress, and once it has ended what each alternative comes to."""
    told, headers = await look_or_wait(request, _look(request, caller, comparison_id), prefer)
    answer = tagged(request, told, job_tag(told))
    answer.headers.update(headers)
    return answer


@router.post(
    "/{comparison_id}/cancel",
    response_model=ComparisonTold,
    responses={
        202: {"model": ComparisonTold, "description": "It is finishing the best plans so far."},
        **problems(404),
    },
    dependencies=[REPEATABLE],
    operation_id="cancelComparison",
)
def cancel(comparison_id: str, work: Writing) -> Response:
    """Stop a comparison, keeping the best plans so far; of an ended one nothing changes."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        service.get_comparison(connection, work.tenant_id, comparison_id)

        def look() -> dict[str, Any]:
            found = service.get_comparison(connection, work.tenant_id, comparison_id)
            return service.tell(connection, found)

        return cancel_job(connection, work, now_ms, comparison_id, look, action="comparison.cancel")

    return work.once(effect)


@router.get(
    "/{comparison_id}/events",
    response_class=StreamingResponse,
    responses={**event_stream_answer(), **problems(404)},
    operation_id="streamComparisonEvents",
)
async def events(
    request: Request,
    comparison_id: str,
    caller: Reading,
    _last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)] = None,
) -> Response:
    """Progress of a comparison as it happens."""
    return await event_answer(request, _look(request, caller, comparison_id))


@router.get(
    "/{comparison_id}/document",
    response_class=Response,
    responses={
        **file_answer("application/json", "Alternatives, batches, what was asked beside."),
        **problems(404, 409),
    },
    openapi_extra=described(CACHED),
    operation_id="getComparisonDocument",
)
def document(request: Request, comparison_id: str, caller: Reading) -> Response:
    """The whole comparison."""
    return _file(request, caller, comparison_id, "comparison.json")


@router.get(
    "/{comparison_id}/report.html",
    response_class=Response,
    responses={
        **file_answer("text/html", "One page with charts, map and tables of all alternatives."),
        **problems(404, 409),
    },
    openapi_extra=described(CACHED),
    operation_id="getComparisonReport",
)
def report(request: Request, comparison_id: str, caller: Reading) -> Response:
    """The report of the comparison."""
    return _file(request, caller, comparison_id, "report.html")


@router.get(
    "/{comparison_id}/files",
    response_model=FileList,
    responses=problems(404, 409),
    operation_id="listComparisonFiles",
)
def list_files(request: Request, comparison_id: str, caller: Reading) -> Response:
    """All result files, those of the plan of each alternative among them."""
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, comparison_id)
        rows = repository.list_files(connection, caller.tenant_id, comparison_id)
    here = f"/v1/comparisons/{comparison_id}/files"
    items = [
        {
            "name": row.name,
            "mediaType": row.media_type,
            "size": row.size,
            "sha256": row.sha256,
            "link": f"{here}/{row.name}",
        }
        for row in rows
    ]
    return Response(json_bytes({"items": items}), media_type="application/json")


@router.get(
    "/{comparison_id}/files/{name:path}",
    response_class=Response,
    responses={**file_answer(FILE_TYPES, "The file."), **problems(404, 409)},
    openapi_extra=described(CACHED),
    operation_id="getComparisonFile",
)
def get_file(request: Request, comparison_id: str, name: str, caller: Reading) -> Response:
    """One result file."""
    return _file(request, caller, comparison_id, name)


def _file(request: Request, caller: Caller, comparison_id: str, name: str) -> Response:
    with request.app.state.database.read() as connection:
        service.get_result(connection, caller.tenant_id, comparison_id)
        found = find_file(connection, caller.tenant_id, comparison_id, name)
    return file_response(request, found, name)


def _look(request: Request, caller: Caller, comparison_id: str) -> Look:
    def look() -> dict[str, Any]:
        with request.app.state.database.glance() as connection:
            found = service.get_comparison(connection, caller.tenant_id, comparison_id)
            return service.tell(connection, found)

    return look
