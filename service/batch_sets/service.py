"""Rules of batch sets: filled call by call while open, checked as a whole when closed, then left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.reading.batch_columns import COLUMN_OF
from service.batch_sets import repository
from service.batch_sets.schemas import BatchSetTold, BatchTold, PutReport, UploadTold
from service.problems import MAX_ERRORS, Fault, Problem, not_found
from service.schema import moment, moment_or_none

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from service.intake.results import Parsed, RowIssue

OPEN, CLOSED = "open", "closed"
REFUSE, SKIP = "refuse", "skip"


def get_set(
    connection: Connection,
    tenant_id: str,
    batch_set_id: str,
    *,
    for_update: bool = False,
    is_kept: bool = False,
) -> Row[Any]:
    """A batch set, held as :func:`service.batch_sets.repository.find_set` says.

    Raises
    ------
    Problem
        404 if there is none.
    """
    found = repository.find_set(connection, tenant_id, batch_set_id, for_update=for_update, is_kept=is_kept)
    if found is None:
        raise not_found("batch set")
    return found


def get_open_set(connection: Connection, tenant_id: str, batch_set_id: str) -> Row[Any]:
    """A batch set that may be changed, held until the transaction ends.

    Raises
    ------
    Problem
        404 if there is none, 409 if it is closed.
    """
    found = get_set(connection, tenant_id, batch_set_id, for_update=True)
    if found.state != OPEN:
        raise Problem("closed-batch-set")
    return found


def tell_set(row: Row[Any]) -> dict[str, Any]:
    """A batch set on the wire."""
    return BatchSetTold(
        id=row.batch_set_id,
        name=row.name,
        external_ref=row.external_ref,
        network_id=row.network_id,
        state=row.state,
        version=row.version,
        num_batches=row.num_batches,
        vehicles=row.vehicles,
        created_at=moment(row.created_ms),
        closed_at=moment_or_none(row.closed_ms),
    ).model_dump(by_alias=True)


def tell_batch(row: Row[Any]) -> dict[str, Any]:
    """A batch on the wire."""
    return BatchTold(
        external_ref=row.external_ref,
        position=row.position,
        version=row.version,
        updated_at=moment(row.updated_ms),
        batch=told_row(row.document),
    ).model_dump(by_alias=True)


def told_row(document: str) -> dict[str, Any]:
    """The row of a batch as callers write it: its id is ``externalRef``."""
    row = json.loads(document)
    return {"externalRef": row.pop("batchId"), **row}


def stored_row(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of a row by column, as a JSON batch file has them."""
    return {COLUMN_OF[column].key: text for column, text in texts.items()}


@dataclass(slots=True)
class Put:
    """Rows that were read, and what becomes of them."""

    parsed: Parsed
    on_error: str
    is_dry_run: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether nothing is taken: a row is faulty and may not be, or the file is no whole one."""
        parsed = self.parsed
        return bool(parsed.num_issues) and (self.on_error == REFUSE or not parsed.is_whole or not parsed.rows)

    def make(self, connection: Connection, found: Row[Any], now_ms: int, most: int) -> None:
        """Put the rows into their set; a dry run only counts.

        Raises
        ------
        Problem
            422 if the set would have too many batches.
        """
        rows = {row.batch_id: stored_row(dict(row.texts)) for row in self.parsed.rows}
        vehicles = {row.batch_id: row.vehicles for row in self.parsed.rows}
        known = repository.find_batches(connection, found.tenant_id, found.batch_set_id, list(rows))
        texts = {ref: json.dumps(row, ensure_ascii=False) for ref, row in rows.items()}
        new = [ref for ref in rows if ref not in known]
        changed = [ref for ref in rows if ref in known and known[ref].document != texts[ref]]
        self.created, self.updated = len(new), len(changed)
        self.unchanged = len(rows) - len(new) - len(changed)
        if found.num_batches + len(new) > most:
            raise Problem("invalid", f"a batch set holds at most {most:,} batches")
        if self.is_dry_run:
            return

        def values(ref: str) -> dict[str, Any]:
            return {
                "external_ref": ref,
                "vehicles": vehicles[ref],
                "document": texts[ref],
                "updated_ms": now_ms,
            }

        own = {"tenant_id": found.tenant_id, "batch_set_id": found.batch_set_id, "version": 1}
        repository.add_batches(
            connection,
            [
                {**own, **values(ref), "position": found.next_position + place}
                for place, ref in enumerate(new)
            ],
        )
        repository.replace_batches(connection, found.tenant_id, found.batch_set_id, map(values, changed))
        if new or changed:
            refresh(
                connection, found.tenant_id, found.batch_set_id, next_position=found.next_position + len(new)
            )

    def report(self) -> PutReport:
        """What became of the rows."""
        parsed = self.parsed
        taken = 0 if self.is_refused else len(parsed.rows)
        return PutReport(
            is_dry_run=self.is_dry_run,
            accepted=taken,
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
            rejected=parsed.num_rows - taken,
            num_errors=parsed.num_issues,
            errors=faults_of(parsed.issues)[:MAX_ERRORS],
            notes=faults_of(parsed.notes)[:MAX_ERRORS],
        )


def faults_of(issues: Sequence[RowIssue]) -> list[Fault]:
    """Faults as they are told."""
    return [
        Fault(
            pointer=issue.pointer,
            row=issue.row,
            column=issue.column,
            value=issue.value,
            code=issue.code,
            reason=issue.reason,
            hint=issue.hint,
        )
        for issue in issues
    ]


def refusal(put: Put, **extra: Any) -> Problem:
    """Rows were refused: all faults, and how many rows were good."""
    parsed = put.parsed
    detail = f"{parsed.num_issues:,} faults; nothing was taken"
    if parsed.is_whole and parsed.rows and put.on_error == REFUSE:
        detail += f"; {len(parsed.rows):,} rows are good: onError=skip takes them"
    return Problem(
        "invalid", detail, errors=faults_of(parsed.issues), extra={"numErrors": parsed.num_issues, **extra}
    )


def refresh(connection: Connection, tenant_id: str, batch_set_id: str, **values: Any) -> None:
    """Count a set again after its batches have changed."""
    num_batches, vehicles = repository.sum_up(connection, tenant_id, batch_set_id)
    repository.change_set(
        connection, tenant_id, batch_set_id, num_batches=num_batches, vehicles=vehicles, **values
    )


def tell_upload(row: Row[Any]) -> dict[str, Any]:
    """An upload on the wire."""
    here = f"/v1/batch-sets/{row.batch_set_id}/uploads/{row.upload_id}"
    return UploadTold(
        id=row.upload_id,
        file_name=row.file_name,
        format=row.file_format,
        state=row.state,
        num_rows=row.num_rows,
        created_at=moment(row.created_ms),
        links={"self": here, "errors": f"{here}/errors.csv", "rejected": f"{here}/rejected"},
        **json.loads(row.report),
    ).model_dump(by_alias=True)
