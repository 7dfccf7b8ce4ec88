"""HTTP of networks."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.batch_sets import repository as batch_sets
from service.batch_sets.endpoints import Paged, Reading, paged
from service.batch_sets.service import faults_of
from service.callers import DATA_WRITE
from service.etags import is_unchanged
from service.ids import new_id
from service.networks import repository, service
from service.networks.schemas import NetworkPage, NetworkReport, NetworkTold
from service.openapi import CACHED, REPEATABLE, described, file_answer, file_body, problems, refusal_with
from service.problems import Fault, Problem
from service.schema import Name
from service.strict_json import StrictRoute
from service.uploads import Upload, uploading
from service.writing import Answer, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.intake.results import NetworkReport as ReadReport
    from service.intake.results import RowIssue

router = APIRouter(prefix="/v1/networks", tags=["networks"], route_class=StrictRoute)

Uploading = Annotated[Upload, Depends(uploading(DATA_WRITE))]
CSV = "text/csv"


@router.post(
    "",
    status_code=201,
    response_model=NetworkTold,
    responses={
        200: {"model": NetworkTold, "description": "A network of the same tables is there already."},
        **problems(409, 413, 507),
        422: refusal_with(CSV, "Faults as CSV: table, line, column, value, code, reason, hint."),
    },
    dependencies=[REPEATABLE],
    operation_id="createNetwork",
    openapi_extra=file_body("A ZIP archive of CSV tables.", "application/zip", "application/octet-stream"),
)
def create(
    request: Request,
    sent: Uploading,
    name: Annotated[Name | None, Query(description="By default the name of the file.")] = None,
) -> Response:
    """Hand in the tables of a network, as a form's field `file` or as the body itself.

    A network never changes: the same tables are the same network, whatever the archive is like. With a fault
    in any table nothing is kept (422); with `Accept: text/csv` all faults come as a table.
    """
    work = sent.work
    replayed = work.replayed()
    if replayed is not None:
        return replayed
    state = request.app.state
    with tempfile.TemporaryDirectory(dir=state.uploads_folder, prefix="network-") as folder:
        report: ReadReport = state.intake.read_network(sent.path, Path(folder))
        if not report.is_clean:
            return refused(request, report)
        tables = service.packed_tables(Path(folder))
    told = NetworkReport(rows=dict(report.num_rows), notes=table_faults(report.notes))

    def effect(connection: Connection, now_ms: int) -> Answer:
        network_id = new_id("net")
        values = {
            "tenant_id": work.tenant_id,
            "network_id": network_id,
            "name": name or PurePath(sent.name).stem or "network",
            "content_sha256": report.digest,
            "tables_zip": tables,
            "report": told.model_dump_json(by_alias=True, exclude_none=True),
            "created_ms": now_ms,
        }
        if report.digest == service.shipped_network().content_sha256:
            return _answer(200, service.shipped_network())
        is_added = repository.add_network(connection, values)
        found = repository.find_by_content(connection, work.tenant_id, report.digest)
        if not is_added:
            return _answer(200, found)
        stored = repository.stored_bytes(connection, work.tenant_id)
        stored += batch_sets.stored_bytes(connection, work.tenant_id)
        most = state.settings.limits.stored_bytes
        if stored > most:
            raise Problem("storage-full", f"uploads of a tenant take at most {most:,} bytes")
        work.audit(connection, now_ms, "network.create", network_id, after=1)
        return _answer(201, found)

    return work.once(effect)


@router.get("", response_model=NetworkPage, responses=problems(), operation_id="listNetworks")
def list_all(request: Request, caller: Reading, page: Paged) -> Response:
    """Networks, the newest first; the shipped one is the last."""
    shipped = service.shipped_network()
    with request.app.state.database.read() as connection:
        rows: list[Any] = list(
            repository.list_networks(connection, caller.tenant_id, page.after, page.limit + 1)
        )
    if page.after is None or page.after[0] > shipped.created_ms:
        rows.append(shipped)
    return paged(page, rows, lambda row: (row.created_ms, row.network_id), service.tell_network)


@router.get(
    "/{network_id}",
    response_model=NetworkTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getNetwork",
)
def get(request: Request, network_id: str, caller: Reading) -> Response:
    """One network."""
    with request.app.state.database.read() as connection:
        found = service.get_network(connection, caller.tenant_id, network_id)
    return tagged(request, found, json_bytes(service.tell_network(found)), "application/json")


@router.get(
    "/{network_id}/report",
    response_model=NetworkReport,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getNetworkReport",
)
def get_report(request: Request, network_id: str, caller: Reading) -> Response:
    """What came of reading a network."""
    with request.app.state.database.read() as connection:
        found = service.get_network(connection, caller.tenant_id, network_id)
    return tagged(request, found, json_bytes(service.tell_network(found)["report"]), "application/json")


@router.get(
    "/{network_id}/tables.zip",
    response_class=Response,
    responses={**file_answer("application/zip", "The tables."), **problems(404)},
    openapi_extra=described(CACHED),
    operation_id="getNetworkTables",
)
def get_tables(request: Request, network_id: str, caller: Reading) -> Response:
    """The tables of a network, as an archive: to be changed and handed in again."""
    with request.app.state.database.read() as connection:
        found = service.get_network(connection, caller.tenant_id, network_id)
        content = service.get_tables(connection, caller.tenant_id, network_id)
    answer = tagged(request, found, content, "application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="tables.zip"'
    return answer


def refused(request: Request, report: ReadReport) -> Response:
    """The faults of a network: as a problem, or all of them as CSV.

    Raises
    ------
    Problem
        422 unless CSV is asked for.
    """
    if request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip() == CSV:
        headers = {"Content-Disposition": 'attachment; filename="errors.csv"'}
        return Response(report.row_errors, 422, headers, media_type=f"{CSV}; charset=utf-8")
    detail = f"{report.num_issues:,} faults; nothing was kept"
    raise Problem(
        "invalid", detail, errors=table_faults(report.issues), extra={"numErrors": report.num_issues}
    )


def table_faults(issues: Sequence[RowIssue]) -> list[Fault]:
    """Faults and notes, with the tables they are of."""
    return [
        fault.model_copy(update={"table": issue.file})
        for issue, fault in zip(issues, faults_of(issues), strict=True)
    ]


def tagged(request: Request, found: Any, content: bytes, media_type: str) -> Response:
    """What never changes, with the hash of the network as its tag; nothing if the caller has it already."""
    tag = f'"{found.content_sha256}"'
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type=media_type, headers={"ETag": tag})


def _answer(status: int, found: Any) -> Answer:
    headers = {"Location": f"/v1/networks/{found.network_id}", "ETag": f'"{found.content_sha256}"'}
    return Answer(status, service.tell_network(found), headers)
