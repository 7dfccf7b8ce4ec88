"""Batch files (CSV, XLSX, JSON) to batches: nothing is guessed, all faults of all rows are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.problem import Network
from planner.reading.batch_json import COLUMN_OF_KEY, ItemRows, keys_with, read_items
from planner.reading.batch_row import BatchRow, Ids, RawRow
from planner.reading.batch_table import open_table
from planner.reading.codes import EMPTY, TOO_LARGE
from planner.reading.csv_file import UnreadableFileError
from planner.reading.files import Source, name_of, read_bytes
from planner.reading.intake import JSON, REFUSE, AcceptedRow, Intake, RejectedRow
from planner.reading.intake_limits import DEFAULT_LIMITS, IntakeLimits
from planner.reading.intake_log import IntakeLog
from planner.reading.names import Names
from planner.reading.table_rows import TableRows

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


def read_intake(
    source: Source,
    network: Network,
    name: str | None = None,
    *,
    limits: IntakeLimits = DEFAULT_LIMITS,
    id_key: str | None = None,
) -> Intake:
    """Read a batch file, and tell all that came of it.

    Parameters
    ----------
    source, network, name
        As for :func:`read_batches`.
    limits
        How much the file may hold.
    id_key
        Key of the id of a batch in JSON, where that is another one than ``batchId``.

    Raises
    ------
    InputError
        If there is nothing to read: no such file, or too large a one.
    """
    log = IntakeLog(name_of(source, name))
    reader = _Reader(log, Names(network), limits)
    content = read_bytes(source, log.file, limits.file_bytes)
    if _JSON_START.match(content):
        reader.read_json(content, COLUMN_OF_KEY if id_key is None else keys_with(id_key))
    else:
        reader.read_table(content)
    if reader.is_whole and not reader.rows and not log.issues:
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
    limits: IntakeLimits
    ids: Ids = field(default_factory=Ids)
    format: str = ""
    header: tuple[str, ...] = ()
    rows: list[AcceptedRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    faults_of_header: tuple[Issue, ...] = ()
    is_whole: bool = True

    def to_intake(self) -> Intake:
        """What came of it."""
        return Intake(
            format=self.format,
            rows=tuple(self.rows),
            issues=tuple(self.log.issues),
            notes=self.log.notes(),
            header=self.header,
            rejected=tuple(self.rejected),
            is_whole=self.is_whole,
        )

    def read_json(self, content: bytes, keys: Mapping[str, str]) -> None:
        """Read the items of a JSON file."""
        self.format = JSON
        try:
            items = read_items(self.log, content, self.limits)
        except InputError as fault:
            self.log.issues += fault.issues
            self.is_whole = False
            return
        rows = ItemRows(self.log, self.limits, keys)
        for number, item in enumerate(items, start=1):
            if self._is_beyond(number, None):
                return
            found = len(self.log.issues)
            self._keep(rows.raw_row(item), found, number, line=None, item=item.value)

    def read_table(self, content: bytes) -> None:
        """Read the rows of a CSV or XLSX file."""
        try:
            table = open_table(self.log, content, self.limits)
            self.format, self.header = table.format, table.header.cells
            before = len(self.log.issues)
            rows = TableRows(self.log, table, self.limits)
            self.faults_of_header = tuple(self.log.issues[before:])
            self.is_whole = not self.faults_of_header
            if not rows.positions:
                return
            for number, record in enumerate(table.records, start=1):
                if self._is_beyond(number, record.line):
                    return
                found = len(self.log.issues)
                raw = rows.raw_row(record)
                self._keep(raw, found, number, line=record.line, cells=record.raw or record.cells)
        except UnreadableFileError as fault:
            self.log.issues.append(fault.issue)
            self.is_whole = False

    def _is_beyond(self, number: int, line: int | None) -> bool:
        if number <= self.limits.batches:
            return False
        reason = f"the file has more than {self.limits.batches} batches"
        self.log.refuse(line, None, reason, "split it", code=TOO_LARGE)
        self.is_whole = False
        return True

    def _keep(
        self,
        raw: RawRow | None,
        found: int,
        number: int,
        *,
        line: int | None,
        cells: tuple[str, ...] = (),
        item: object = None,
    ) -> None:
        """Make the batch of a row; ``found``: how many faults there were before its first one."""
        row = None if raw is None else BatchRow(self.log, self.names, self.ids, raw, self.limits)
        batch = None if row is None else row.to_batch()
        faults = (*self.faults_of_header, *self.log.issues[found:])
        if row is None or batch is None or faults:
            self.rejected.append(RejectedRow(number=number, line=line, cells=cells, item=item, issues=faults))
        else:
            texts = row.list_texts()
            self.rows.append(AcceptedRow(number=number, line=line, texts=texts, batch=batch))
