"""Batch files (CSV, XLSX, JSON) to batches: nothing is guessed, all faults of all rows are told at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.problem import Network
from planner.reading.batch_json import raw_row, read_items
from planner.reading.batch_row import BatchRow, Ids, RawRow
from planner.reading.batch_table import open_table
from planner.reading.codes import EMPTY, TOO_LARGE
from planner.reading.csv_file import UnreadableFileError
from planner.reading.files import MAX_BYTES, Source, name_of, read_bytes
from planner.reading.intake import JSON, REFUSE, Intake, RejectedRow
from planner.reading.intake_log import IntakeLog
from planner.reading.names import Names
from planner.reading.table_rows import TableRows

MAX_BATCHES = 20_000
_JSON_START = re.compile(rb"(\xef\xbb\xbf)?\s*[{\[]")


def read_batches(
    source: Source, network: Network, name: str | None = None, *, on_error: str = REFUSE
) -> tuple[Batch, ...]:
    """Read the batches of a file, in its order.

    Parameters
    ----------
    source
        Path of a CSV, XLSX or JSON file, or an open binary stream. Its bytes tell which of them it is.
    network
        The places, vehicle types and timetable that the rows may name. Prices are in its currency.
    name
        How faults call the file; by default its own name.
    on_error
        ``refuse``: a fault of a row is one of the file. ``skip``: such rows are left out; use
        :func:`read_intake` to learn which.

    Raises
    ------
    InputError
        With every fault of every row.
    """
    return read_intake(source, network, name).accepted(on_error)


def read_intake(source: Source, network: Network, name: str | None = None) -> Intake:
    """Read a batch file, and tell all that came of it; parameters as for :func:`read_batches`.

    Raises
    ------
    InputError
        If there is nothing to read: no such file, or too large a one.
    """
    log = IntakeLog(name_of(source, name))
    reader = _Reader(log, Names(network))
    content = read_bytes(source, log.file, MAX_BYTES)
    if _JSON_START.match(content):
        reader.read_json(content)
    else:
        reader.read_table(content)
    if reader.is_whole and not reader.batches and not log.issues:
        is_json = reader.format == JSON
        what = "no batch" if is_json else "no batch, only a header"
        log.refuse(
            None,
            None,
            f"the file holds {what}",
            "add an item for each batch" if is_json else "add a row for each batch",
            code=EMPTY,
        )
        reader.is_whole = False
    return reader.to_intake()


@dataclass(slots=True)
class _Reader:
    """One file: the names it may use, and what was read so far."""

    log: IntakeLog
    names: Names
    ids: Ids = field(default_factory=Ids)
    format: str = ""
    header: tuple[str, ...] = ()
    batches: list[Batch] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    faults_of_header: tuple[Issue, ...] = ()
    is_whole: bool = True

    def to_intake(self) -> Intake:
        """What came of it."""
        return Intake(
            format=self.format,
            batches=tuple(self.batches),
            issues=tuple(self.log.issues),
            notes=self.log.notes(),
            header=self.header,
            rejected=tuple(self.rejected),
            is_whole=self.is_whole,
        )

    def read_json(self, content: bytes) -> None:
        """Read the items of a JSON file."""
        self.format = JSON
        try:
            items = read_items(self.log, content)
        except InputError as fault:
            self.log.issues += fault.issues
            self.is_whole = False
            return
        for number, item in enumerate(items, start=1):
            if self._is_beyond(number, None):
                return
            found = len(self.log.issues)
            self._keep(raw_row(self.log, item), found, line=None, item=item.value)

    def read_table(self, content: bytes) -> None:
        """Read the rows of a CSV or XLSX file."""
        try:
            table = open_table(self.log, content)
            self.format, self.header = table.format, table.header.cells
            before = len(self.log.issues)
            rows = TableRows(self.log, table)
            self.faults_of_header = tuple(self.log.issues[before:])
            self.is_whole = not self.faults_of_header
            if not rows.positions:
                return
            for number, record in enumerate(table.records, start=1):
                if self._is_beyond(number, record.line):
                    return
                found = len(self.log.issues)
                self._keep(rows.raw_row(record), found, line=record.line, cells=record.raw or record.cells)
        except UnreadableFileError as fault:
            self.log.issues.append(fault.issue)
            self.is_whole = False

    def _is_beyond(self, number: int, line: int | None) -> bool:
        if number <= MAX_BATCHES:
            return False
        self.log.refuse(
            line, None, f"the file has more than {MAX_BATCHES} batches", "split it", code=TOO_LARGE
        )
        self.is_whole = False
        return True

    def _keep(
        self,
        raw: RawRow | None,
        found: int,
        *,
        line: int | None,
        cells: tuple[str, ...] = (),
        item: object = None,
    ) -> None:
        """Make the batch of a row; ``found``: how many faults there were before its first one."""
        batch = None if raw is None else BatchRow(self.log, self.names, self.ids, raw).to_batch()
        faults = (*self.faults_of_header, *self.log.issues[found:])
        if batch is None or faults:
            self.rejected.append(RejectedRow(line=line, cells=cells, item=item, issues=faults))
        else:
            self.batches.append(batch)
