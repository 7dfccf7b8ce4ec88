"""HTTP of batch sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from planner.reading.codes import CONTRADICTION
from service.batch_sets import repository, service
from service.batch_sets.schemas import (
    BatchAsked,
    BatchesAsked,
    BatchPage,
    BatchSetAsked,
    BatchSetChange,
    BatchSetPage,
    BatchSetTold,
    BatchTold,
    OnError,
    PutReport,
)
from service.callers import PLAN_READ, PLAN_WRITE, Caller, calling, writing
from service.etags import etag, is_unchanged, require_known, require_match
from service.ids import new_id
from service.jobs.inputs import batches_json, find_network
from service.jobs.inputs import list_batches as list_rows
from service.openapi import CACHED, MATCHED, NEW, REPEATABLE, described, problems
from service.paging import Page, page_of
from service.problems import Fault, Problem, not_found
from service.schema import ExternalRef
from service.strict_json import StrictRoute
from service.writing import Answer, Work, json_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from service.intake.results import Parsed

router = APIRouter(prefix="/v1/batch-sets", tags=["batch sets"], route_class=StrictRoute)

Reading = Annotated[Caller, Depends(calling(PLAN_READ))]
Writing = Annotated[Work, Depends(writing(PLAN_WRITE))]
Paged = Annotated[Page, Depends(page_of)]
OnFault = Annotated[
    OnError,
    Query(alias="onError", description="Refuse all rows if one is faulty, or skip faulty ones and say so."),
]
DryRun = Annotated[bool, Query(alias="dryRun", description="Only check the rows.")]


@router.post(
    "",
    status_code=201,
    response_model=BatchSetTold,
    responses=problems(404, 409),
    dependencies=[REPEATABLE],
    operation_id="createBatchSet",
)
def create(asked: BatchSetAsked, work: Writing) -> Response:
    """Open a batch set."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        find_known_network(connection, work.tenant_id, asked.network_id)
        if asked.external_ref is not None and repository.find_set_by_ref(
            connection, work.tenant_id, asked.external_ref
        ):
            raise Problem("duplicate-reference")
        batch_set_id = new_id("set")
        repository.add_set(
            connection,
            {
                "tenant_id": work.tenant_id,
                "batch_set_id": batch_set_id,
                "external_ref": asked.external_ref,
                "name": asked.name,
                "network_id": asked.network_id,
                "state": service.OPEN,
                "version": 1,
                "num_batches": 0,
                "vehicles": 0,
                "next_position": 0,
                "created_ms": now_ms,
            },
        )
        work.audit(connection, now_ms, "batch-set.create", batch_set_id, after=1)
        found = service.get_set(connection, work.tenant_id, batch_set_id)
        headers = {"Location": f"/v1/batch-sets/{batch_set_id}", "ETag": etag(1)}
        return Answer(201, service.tell_set(found), headers)

    return work.once(effect)


@router.get("", response_model=BatchSetPage, responses=problems(), operation_id="listBatchSets")
def list_all(
    request: Request,
    caller: Reading,
    page: Paged,
    state: Literal["open", "closed"] | None = None,
    external_ref: Annotated[ExternalRef | None, Query(alias="externalRef")] = None,
) -> Response:
    """Batch sets, the newest first."""
    with request.app.state.database.read() as connection:
        rows = repository.list_sets(
            connection, caller.tenant_id, page.after, page.limit + 1, state=state, external_ref=external_ref
        )
    return paged(page, rows, lambda row: (row.created_ms, row.batch_set_id), service.tell_set)


@router.get(
    "/{batch_set_id}",
    response_model=BatchSetTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getBatchSet",
)
def get(request: Request, batch_set_id: str, caller: Reading) -> Response:
    """One batch set."""
    with request.app.state.database.read() as connection:
        found = service.get_set(connection, caller.tenant_id, batch_set_id)
    return tagged(request, service.tell_set(found), etag(found.version))


@router.patch(
    "/{batch_set_id}",
    response_model=BatchSetTold,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(MATCHED),
    operation_id="changeBatchSet",
)
def change(request: Request, batch_set_id: str, asked: BatchSetChange, work: Writing) -> Response:
    """Give a batch set another name."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_set(connection, work.tenant_id, batch_set_id, for_update=True)
        require_match(request, found.version)
        repository.change_set(connection, work.tenant_id, batch_set_id, name=asked.name)
        work.audit(connection, now_ms, "batch-set.change", batch_set_id, found.version, found.version + 1)
        found = service.get_set(connection, work.tenant_id, batch_set_id)
        return Answer(200, service.tell_set(found), {"ETag": etag(found.version)})

    return work.once(effect)


@router.delete(
    "/{batch_set_id}",
    status_code=204,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(MATCHED),
    operation_id="deleteBatchSet",
)
def delete(request: Request, batch_set_id: str, work: Writing) -> Response:
    """Take a batch set away that no plan rests on."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_set(connection, work.tenant_id, batch_set_id, for_update=True)
        require_match(request, found.version)
        if repository.is_used(connection, work.tenant_id, batch_set_id):
            raise Problem("conflict", "plans or comparisons rest on it")
        repository.drop_set(connection, work.tenant_id, batch_set_id)
        work.audit(connection, now_ms, "batch-set.delete", batch_set_id, found.version)
        return Answer(204)

    return work.once(effect)


@router.post(
    "/{batch_set_id}/close",
    response_model=BatchSetTold,
    responses=problems(404, 409, 412),
    dependencies=[REPEATABLE],
    openapi_extra=described(MATCHED),
    operation_id="closeBatchSet",
)
def close(request: Request, batch_set_id: str, work: Writing) -> Response:
    """Close a batch set: all rows are checked together, then it can be planned and no longer be changed.

    With `If-Match` only if nobody has changed it since; of a closed one nothing changes.
    """
    replayed = work.replayed()
    if replayed is not None:
        return replayed
    with work.database.read() as connection:
        seen = service.get_set(connection, work.tenant_id, batch_set_id)
        rows = list_rows(connection, work.tenant_id, batch_set_id)
        network = network_folder(request, connection, work.tenant_id, seen.network_id)
    if seen.state == service.OPEN:
        if not rows:
            raise Problem("conflict", "there is no batch in it")
        parsed = request.app.state.intake.read_upload(batches_json(rows), "batches", network)
        if parsed.num_issues:
            raise Problem("invalid", "the rows do not go together", errors=service.faults_of(parsed.issues))

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_set(connection, work.tenant_id, batch_set_id, for_update=True)
        if found.state == service.OPEN:
            require_known(request, found.version)
            if found.version != seen.version:
                raise Problem("conflict", "it was changed while it was being closed: close it again")
            repository.change_set(
                connection, work.tenant_id, batch_set_id, state=service.CLOSED, closed_ms=now_ms
            )
            work.audit(connection, now_ms, "batch-set.close", batch_set_id, found.version, found.version + 1)
            found = service.get_set(connection, work.tenant_id, batch_set_id)
        return Answer(200, service.tell_set(found), {"ETag": etag(found.version)})

    return work.once(effect)


@router.post(
    "/{batch_set_id}/batches",
    response_model=PutReport,
    responses=problems(404, 409, 413),
    dependencies=[REPEATABLE],
    operation_id="putBatches",
)
def put_many(
    request: Request,
    batch_set_id: str,
    asked: BatchesAsked,
    work: Writing,
    on_error: OnFault = "refuse",
    *,
    is_dry_run: DryRun = False,
) -> Response:
    """Put batches into an open set: new ones at its end, known ones in their place."""
    most = request.app.state.settings.limits.rows_a_call
    if len(asked.batches) > most:
        reason = f"has more than {most:,} items"
        raise Problem("invalid", errors=[Fault(pointer="/batches", code="too_long", reason=reason)])
    rows = [row_of(one) for one in asked.batches]
    return put(request, work, batch_set_id, rows, on_error=on_error, is_dry_run=is_dry_run)


@router.get(
    "/{batch_set_id}/batches", response_model=BatchPage, responses=problems(404), operation_id="listBatches"
)
def list_batches(request: Request, batch_set_id: str, caller: Reading, page: Paged) -> Response:
    """Batches of a set, in the order they came."""
    with request.app.state.database.read() as connection:
        service.get_set(connection, caller.tenant_id, batch_set_id)
        rows = repository.list_batches(connection, caller.tenant_id, batch_set_id, page.after, page.limit + 1)
    return paged(page, rows, lambda row: (row.position,), service.tell_batch)


@router.get(
    "/{batch_set_id}/batches/{external_ref:path}",
    response_model=BatchTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getBatch",
)
def get_batch(request: Request, batch_set_id: str, external_ref: str, caller: Reading) -> Response:
    """One batch of a set."""
    with request.app.state.database.read() as connection:
        service.get_set(connection, caller.tenant_id, batch_set_id)
        found = find_batch(connection, caller.tenant_id, batch_set_id, external_ref)
    return tagged(request, service.tell_batch(found), etag(found.version))


@router.put(
    "/{batch_set_id}/batches/{external_ref:path}",
    response_model=PutReport,
    responses=problems(404, 409, 412),
    openapi_extra=described(MATCHED, NEW),
    operation_id="putBatch",
)
def put_batch(
    request: Request,
    batch_set_id: str,
    external_ref: str,
    asked: BatchAsked,
    work: Writing,
    *,
    is_dry_run: DryRun = False,
) -> Response:
    """Put one batch into an open set, or another row in its place.

    With `If-Match` only if nobody else did since, with `If-None-Match: *` only if it is new.
    """
    row = row_of(asked)
    if str(row.setdefault("externalRef", external_ref)) != external_ref:
        fault = Fault(
            pointer="/externalRef",
            value=str(row["externalRef"]),
            code=CONTRADICTION,
            reason="is not that of the address",
        )
        raise Problem("invalid", errors=[fault])
    row["externalRef"] = external_ref
    return put(request, work, batch_set_id, [row], on_error="refuse", is_dry_run=is_dry_run, is_single=True)


@router.delete(
    "/{batch_set_id}/batches/{external_ref:path}",
    status_code=204,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(MATCHED),
    operation_id="deleteBatch",
)
def delete_batch(request: Request, batch_set_id: str, external_ref: str, work: Writing) -> Response:
    """Take a batch out of an open set."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        service.get_open_set(connection, work.tenant_id, batch_set_id)
        found = find_batch(connection, work.tenant_id, batch_set_id, external_ref)
        require_match(request, found.version)
        repository.drop_batch(connection, work.tenant_id, batch_set_id, external_ref)
        service.refresh(connection, work.tenant_id, batch_set_id)
        name = f"{batch_set_id}/{external_ref}"
        work.audit(connection, now_ms, "batch.delete", name, found.version)
        return Answer(204)

    return work.once(effect)


def put(
    request: Request,
    work: Work,
    batch_set_id: str,
    rows: list[dict[str, Any]],
    *,
    on_error: str,
    is_dry_run: bool,
    is_single: bool = False,
) -> Response:
    """Read rows in a child, then put them into their set."""
    replayed = work.replayed()
    if replayed is not None:
        return replayed
    with work.database.read() as connection:
        seen = service.get_set(connection, work.tenant_id, batch_set_id)
        network = network_folder(request, connection, work.tenant_id, seen.network_id)
    parsed: Parsed = request.app.state.intake.read_rows(rows, network)
    asked = service.Put(parsed, on_error, is_dry_run)
    if asked.is_refused:
        raise service.refusal(asked)
    if is_single:
        require_same_name(rows[0]["externalRef"], parsed.rows[0].batch_id)

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_open_set(connection, work.tenant_id, batch_set_id)
        if is_single:
            require_known(request, find_version(connection, found, rows[0]["externalRef"]))
        asked.make(connection, found, now_ms, request.app.state.settings.limits.batches_a_set)
        if not is_dry_run and (asked.created or asked.updated):
            work.audit(connection, now_ms, "batches.put", batch_set_id, found.version, found.version + 1)
        version = find_version(connection, found, rows[0]["externalRef"]) if is_single else None
        headers = {} if version is None else {"ETag": etag(version)}
        return Answer(200, asked.report().model_dump(by_alias=True, exclude_none=True), headers)

    return work.once(effect)


def require_same_name(given: str, read: str) -> None:
    """Refuse an address whose name is read as another one: nothing would be found there afterwards.

    Raises
    ------
    Problem
        422 with the name as it has to be written.
    """
    if given != read:
        reason = f"is read as {read!r}: write it so in the address"
        fault = Fault(pointer="/externalRef", value=given, code=CONTRADICTION, reason=reason)
        raise Problem("invalid", errors=[fault])


def find_version(connection: Connection, batch_set: Row[Any], external_ref: str) -> int | None:
    """Version of a batch, if it is there."""
    found = repository.find_batches(
        connection, batch_set.tenant_id, batch_set.batch_set_id, [external_ref]
    ).get(external_ref)
    return None if found is None else int(found.version)


def row_of(asked: BatchAsked) -> dict[str, Any]:
    """The cells of a row that are given."""
    return asked.model_dump(by_alias=True, exclude_none=True)


def find_batch(connection: Connection, tenant_id: str, batch_set_id: str, external_ref: str) -> Row[Any]:
    """A batch of a set.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find_batches(connection, tenant_id, batch_set_id, [external_ref])
    if external_ref not in found:
        raise not_found("batch")
    return found[external_ref]


def find_known_network(connection: Connection, tenant_id: str, network_id: str) -> None:
    """Make sure that there is a network.

    Raises
    ------
    Problem
        404 if there is none.
    """
    if not repository.is_network(connection, tenant_id, network_id):
        raise not_found("network")


def network_folder(request: Request, connection: Connection, tenant_id: str, network_id: str) -> Path | None:
    """Folder of the tables of a network; ``None`` = the shipped one."""
    return find_network(connection, tenant_id, network_id, request.app.state.networks_folder)


def tagged(request: Request, content: dict[str, Any], tag: str) -> Response:
    """An object with the tag of its version; nothing but the tag if the caller has it already."""
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(json_bytes(content), media_type="application/json", headers={"ETag": tag})


def paged(page: Page, rows: Any, key: Any, item: Any) -> Response:
    """A page of a list."""
    body, headers = page.answer(rows, key, item)
    return Response(json_bytes(body), media_type="application/json", headers=headers)
