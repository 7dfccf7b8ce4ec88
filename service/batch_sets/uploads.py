"""HTTP of files that are uploaded into a batch set."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.batch_sets import repository, service
from service.batch_sets.endpoints import DryRun, OnFault, Paged, Reading, network_folder, paged
from service.batch_sets.schemas import UploadPage, UploadTold
from service.callers import PLAN_WRITE
from service.ids import new_id
from service.networks import repository as networks
from service.openapi import REPEATABLE, file_answer, file_body, problems
from service.problems import MEDIA_TYPE, Problem, not_found
from service.strict_json import StrictRoute
from service.uploads import Upload, uploading
from service.writing import Answer, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from service.intake.results import Parsed

router = APIRouter(prefix="/v1/batch-sets/{batch_set_id}/uploads", tags=["uploads"], route_class=StrictRoute)

Uploading = Annotated[Upload, Depends(uploading(PLAN_WRITE))]
ACCEPTED, PARTLY, REFUSED, TRIED = "accepted", "partly", "refused", "tried"
REJECTED_TYPES = {
    "csv": ("text/csv; charset=utf-8", ".csv"),
    "json": ("application/json", ".json"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}

EXAMPLE = """\
batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due
EXP-0002,BYD,BYD-CGO,CMP-HAMBURG,seal,52,2027-03-02,2027-05-21
"""


@router.post(
    "",
    status_code=201,
    response_model=UploadTold,
    responses=problems(404, 409, 413, 507),
    dependencies=[REPEATABLE],
    operation_id="uploadBatches",
    openapi_extra=file_body(
        "A file of batches: CSV, XLSX or JSON.",
        "text/csv",
        "application/json",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
        examples={"text/csv": EXAMPLE},
    ),
)
def upload(
    request: Request,
    batch_set_id: str,
    sent: Uploading,
    on_error: OnFault = "refuse",
    *,
    is_dry_run: DryRun = False,
) -> Response:
    """Upload a file of batches into an open set, as a form's field `file` or as the body itself.

    A file with a faulty row is refused (422) and nothing of it taken, unless `onError=skip`. The upload is
    kept in any case, with its row errors and the rejected rows as a file with a column of errors.
    """
    work = sent.work
    replayed = work.replayed()
    if replayed is not None:
        return replayed
    with work.database.read() as connection:
        seen = service.get_set(connection, work.tenant_id, batch_set_id)
        network = network_folder(request, connection, work.tenant_id, seen.network_id)
    parsed: Parsed = request.app.state.intake.read_upload(sent.path, sent.name, network)
    put = service.Put(parsed, on_error, is_dry_run)
    limits = request.app.state.settings.limits

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_open_set(connection, work.tenant_id, batch_set_id)
        stored = repository.stored_bytes(connection, work.tenant_id)
        stored += networks.stored_bytes(connection, work.tenant_id)
        if stored > limits.stored_bytes:
            raise Problem("storage-full", f"uploads of a tenant take at most {limits.stored_bytes:,} bytes")
        if not put.is_refused:
            put.make(connection, found, now_ms, limits.batches_a_set)
        upload_id = new_id("upl")
        report = put.report().model_dump(by_alias=True, exclude_none=True)
        repository.add_upload(
            connection,
            {
                "tenant_id": work.tenant_id,
                "batch_set_id": batch_set_id,
                "upload_id": upload_id,
                "file_name": sent.name,
                "file_format": parsed.format,
                "state": _state(put),
                "num_rows": parsed.num_rows,
                "accepted": report["accepted"],
                "rejected": report["rejected"],
                "report": json.dumps({**report, "excerpt": astuple(parsed.excerpt)}, ensure_ascii=False),
                "errors_csv": parsed.row_errors,
                "rejected_file": parsed.rejected,
                "created_ms": now_ms,
            },
        )
        is_changed = not is_dry_run and (put.created or put.updated)
        after = found.version + 1 if is_changed else found.version
        work.audit(connection, now_ms, f"upload.{_state(put)}", batch_set_id, found.version, after)
        told = service.tell_upload(_get(connection, work.tenant_id, batch_set_id, upload_id))
        if put.is_refused:
            extra = {"uploadId": upload_id, "links": told["links"]}
            problem = service.refusal(put, **extra)
            document = problem.document(request.scope.get("landbridge.request_id", ""))
            return Answer(422, document, {"Content-Type": MEDIA_TYPE, "Location": told["links"]["self"]})
        return Answer(201, told, {"Location": told["links"]["self"]})

    return work.once(effect)


@router.get("", response_model=UploadPage, responses=problems(404), operation_id="listUploads")
def list_all(request: Request, batch_set_id: str, caller: Reading, page: Paged) -> Response:
    """Uploads into a set, the newest first."""
    with request.app.state.database.read() as connection:
        service.get_set(connection, caller.tenant_id, batch_set_id)
        rows = repository.list_uploads(connection, caller.tenant_id, batch_set_id, page.after, page.limit + 1)
    return paged(page, rows, lambda row: (row.created_ms, row.upload_id), service.tell_upload)


@router.get("/{upload_id}", response_model=UploadTold, responses=problems(404), operation_id="getUpload")
def get(request: Request, batch_set_id: str, upload_id: str, caller: Reading) -> Response:
    """One upload: what became of its rows, and its row errors."""
    with request.app.state.database.read() as connection:
        found = _get(connection, caller.tenant_id, batch_set_id, upload_id)
    return Response(json_bytes(service.tell_upload(found)), media_type="application/json")


@router.get(
    "/{upload_id}/errors.csv",
    response_class=Response,
    responses={
        **file_answer("text/csv", "Row errors: line, column, value, code, reason, hint."),
        **problems(404),
    },
    operation_id="getUploadErrors",
)
def get_errors(request: Request, batch_set_id: str, upload_id: str, caller: Reading) -> Response:
    """All row errors of an upload, for a spreadsheet."""
    with request.app.state.database.read() as connection:
        found = _get(connection, caller.tenant_id, batch_set_id, upload_id)
    return _file(found.errors_csv, "text/csv; charset=utf-8", "errors.csv")


@router.get(
    "/{upload_id}/rejected",
    response_class=Response,
    responses={
        **file_answer(
            [media_type.partition(";")[0] for media_type, _ in REJECTED_TYPES.values()],
            "Rejected rows in the format of the upload.",
        ),
        204: {"description": "No row was rejected, or the file could not be read at all."},
        **problems(404),
    },
    operation_id="getUploadRejected",
)
def get_rejected(request: Request, batch_set_id: str, upload_id: str, caller: Reading) -> Response:
    """Rejected rows as a file with a column of errors: mend it and upload it again."""
    with request.app.state.database.read() as connection:
        found = _get(connection, caller.tenant_id, batch_set_id, upload_id)
    if not found.rejected_file:
        return Response(status_code=204)
    media_type, suffix = REJECTED_TYPES[found.file_format]
    return _file(found.rejected_file, media_type, f"rejected{suffix}")


def _state(put: service.Put) -> str:
    if put.is_refused:
        return REFUSED
    if put.is_dry_run:
        return TRIED
    return PARTLY if put.parsed.num_issues else ACCEPTED


def _get(connection: Connection, tenant_id: str, batch_set_id: str, upload_id: str) -> Row[Any]:
    found = repository.find_upload(connection, tenant_id, batch_set_id, upload_id)
    if found is None:
        raise not_found("upload")
    return found


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
