"""Pages of uploads: a file goes into a batch set, its faulty rows come back with what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.batch_sets import endpoints, repository, service, uploads
from service.callers import PLAN_READ, PLAN_WRITE, Caller
from service.problems import not_found
from service.uploads import Upload, uploading
from service.web.batch_set_pages import heading
from service.web.languages import speech_of
from service.web.rendering import page
from service.web.routes import PageRoute, see, visiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

router = APIRouter(
    prefix="/page/batch-sets/{batch_set_id}/uploads", include_in_schema=False, route_class=PageRoute
)

Looking = Annotated[Caller, Depends(visiting(PLAN_READ))]
Changing = Annotated[Caller, Depends(visiting(PLAN_WRITE))]
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row of the file that is no batch.

    Parameters
    ----------
    cells
        Its cells, and numbers of what is wrong with each, counted from 1 over the page.
    faults
        Numbers of all that is wrong with the row.
    """

    line: int
    cells: Sequence[tuple[str, Sequence[int]]]
    faults: Sequence[tuple[int, Mapping[str, Any]]]


@router.get("")
def all_of_them(batch_set_id: str, _caller: Looking) -> Response:
    """Uploads are listed on the page of their batch set."""
    return see(f"/page/batch-sets/{batch_set_id}")


@router.post("")
def upload(
    request: Request,
    batch_set_id: str,
    _caller: Changing,
    sent: Annotated[Upload, Depends(uploading(PLAN_WRITE))],
    on_error: endpoints.OnFault = "refuse",
    *,
    is_dry_run: endpoints.DryRun = False,
) -> Response:
    """Take a file; what became of its rows stands on a page of its own."""
    answer = uploads.upload(request, batch_set_id, sent, on_error, is_dry_run=is_dry_run)
    return see("/page" + answer.headers["location"].removeprefix("/v1"))


@router.get("/{upload_id}")
def show(request: Request, batch_set_id: str, upload_id: str, caller: Looking) -> Response:
    """What became of the rows of a file: the faulty ones beside what is wrong with them."""
    with request.app.state.database.read() as connection:
        found = service.get_set(connection, caller.tenant_id, batch_set_id)
        row = repository.find_upload(connection, caller.tenant_id, batch_set_id, upload_id)
    if row is None:
        raise not_found("upload")
    say = speech_of(request)
    report = json.loads(row.report)
    heads, shown = report["excerpt"]
    rows, rest = _faulty_rows(heads, shown, report["errors"][:MOST_FAULTS])
    return page(
        request,
        "upload.html",
        found=found,
        upload=row,
        report=report,
        heads=[heading(say, head) for head in heads],
        rows=rows,
        rest=rest,
        num_shown=sum(len(one.faults) for one in rows) + len(rest),
        notes=report["notes"][:MOST_FAULTS],
        files=f"/v1/batch-sets/{batch_set_id}/uploads/{upload_id}",
        num_good=_num_good(row.num_rows, report),
    )


def _num_good(num_rows: int, report: Mapping[str, Any]) -> int | None:
    """Rows without faults; ``None`` where the file is no whole one, or has more faults than are told."""
    lines = {error.get("row") for error in report["errors"]}
    return None if None in lines or report["numErrors"] > len(report["errors"]) else num_rows - len(lines)


def _faulty_rows(
    heads: Sequence[str], shown: Sequence[tuple[int, Sequence[str]]], errors: Sequence[Mapping[str, Any]]
) -> tuple[list[FaultyRow], list[tuple[int, Mapping[str, Any]]]]:
    """Rows with their faults, and the faults that are of none of them; each fault has a number."""
    by_line: dict[int | None, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, error in enumerate(errors, start=1):
        by_line.setdefault(error.get("row"), []).append((number, error))
    rows = []
    for line, cells in shown:
        own = by_line.pop(line, [])
        at: dict[str, list[int]] = {}
        for number, error in own:
            at.setdefault(error.get("column") or "", []).append(number)
        marked = [(text, at.get(head, ())) for head, text in zip(heads, cells, strict=True)]
        # The line stands beside its faults already.
        told = [(number, {**error, "row": None, "value": None}) for number, error in own]
        rows.append(FaultyRow(line, marked, told))
    return rows, [fault for faults in by_line.values() for fault in faults]
