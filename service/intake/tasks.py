"""What a child does: reads what a client sent, and makes of it what the client is given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputError, Issue
from planner.network.departures_a_year import departures_a_year
from planner.reading.batches import read_intake
from planner.reading.codes import TOO_LARGE
from planner.reading.intake import JSON
from planner.reading.network_archive import unpack_network
from planner.reading.schema import describe_tables
from planner.reading.tables import digest_of, read_network
from planner.reading.tidy import skeleton
from planner.render.rejected import rejected_file
from service.intake.excerpts import excerpt_of
from service.intake.issues import issues_csv, printable, row_issue
from service.intake.results import NetworkReport, Parsed, Row, RowIssue

if TYPE_CHECKING:
    from planner.model.problem import Network
    from planner.reading.intake import Intake
    from planner.reading.intake_limits import IntakeLimits
    from service.intake.bounds import ChildBounds

_MOST_OF_A_NAME = 100


@dataclass(frozen=True, slots=True)
class BatchesTask:
    """Batches to be read.

    Parameters
    ----------
    content
        The file.
    name
        How faults call it.
    id_key
        Key of the id of a batch in JSON, where that is another one than ``batchId``.
    """

    content: bytes
    name: str
    id_key: str | None
    limits: IntakeLimits
    bounds: ChildBounds

    def run(self, network: Network) -> Parsed:
        """Read them against a network.

        Raises
        ------
        InputError
            If there is nothing to read.
        """
        name = printable(self.name)[:_MOST_OF_A_NAME]
        intake = read_intake(BytesIO(self.content), network, name, limits=self.limits, id_key=self.id_key)
        is_json = intake.format == JSON
        told, listed = _told(intake.issues, self.bounds, is_json=is_json)
        return Parsed(
            format=intake.format,
            rows=_rows(intake),
            num_rows=len(intake.rows) + len(intake.rejected),
            is_whole=intake.is_whole,
            issues=told,
            num_issues=len(intake.issues),
            notes=tuple(row_issue(note, is_json=is_json) for note in intake.notes),
            rejected=rejected_file(intake) if intake.rejected else b"",
            row_errors=issues_csv(listed),
            excerpt=excerpt_of(intake),
        )


@dataclass(frozen=True, slots=True)
class NetworkTask:
    """A network to be unpacked into a folder and read."""

    archive: Path
    into: Path
    limits: IntakeLimits
    bounds: ChildBounds

    def run(self) -> NetworkReport:
        """Unpack and read it."""
        notes: Sequence[Issue] = ()
        digest = ""
        num_rows: Mapping[str, int] = {}
        issues: Sequence[Issue] = ()
        try:
            notes = unpack_network(self.archive, self.into, "archive", self.limits)
            digest = digest_of(_contents(self.into))
            network = read_network(self.into)
            _check_size(network, self.limits)
            num_rows = _num_rows(network)
        except InputError as error:
            issues = error.issues
        told, listed = _told(issues, self.bounds)
        return NetworkReport(
            digest=digest,
            num_rows=num_rows,
            issues=told,
            num_issues=len(issues),
            notes=tuple(map(row_issue, notes)),
            row_errors=issues_csv(listed, with_table=True),
        )


def _rows(intake: Intake) -> tuple[Row, ...]:
    return tuple(
        Row(
            line=row.number if row.line is None else row.line,
            batch_id=row.batch.id,
            likeness=skeleton(row.batch.id),
            vehicles=row.batch.vehicles,
            texts=row.texts,
        )
        for row in intake.rows
    )


def _told(
    issues: Sequence[Issue], bounds: ChildBounds, *, is_json: bool = False
) -> tuple[tuple[RowIssue, ...], list[RowIssue]]:
    """Faults that are told one by one, and those that are listed as CSV."""
    listed = [row_issue(issue, is_json=is_json) for issue in islice(issues, bounds.listed_issues)]
    return tuple(listed[: bounds.told_issues]), listed


def _contents(folder: Path) -> Mapping[str, bytes]:
    """Bytes of the tables of a folder, by their names."""
    names = {table.file: table.name for table in describe_tables().values()}
    return {names[path.name]: path.read_bytes() for path in folder.iterdir()}


def _check_size(network: Network, limits: IntakeLimits) -> None:
    """Refuse a network whose timetables would be too large."""
    departures = departures_a_year(network)
    if departures > limits.departures:
        reason = f"the services have {departures} departures a year, more than {limits.departures}"
        hint = "leave out services that nobody books"
        raise InputError([Issue(file="services.csv", reason=reason, hint=hint, code=TOO_LARGE)])


def _num_rows(network: Network) -> Mapping[str, int]:
    """Rows by table; of all tables but that of the sources each row has a source."""
    counted = {name: len(rows) for name, rows in network.row_sources.items()}
    return {**counted, "sources": len(network.sources)}
