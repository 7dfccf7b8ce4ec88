"""Batch files (CSV, XLSX) to batches: nothing is guessed, and all faults of all rows are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, TypeVar

from planner.clock import from_minutes
from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.ids import BatchId, PlaceId, VehicleTypeId
from planner.model.problem import Network
from planner.reading.cells import CellError, parse_decimal, parse_integer, parse_text, suggest
from planner.reading.csv_file import Record, UnreadableFileError
from planner.reading.files import MAX_BYTES, name_of, read_bytes, shorten
from planner.reading.moments import parse_due, parse_ready
from planner.reading.names import Names
from planner.reading.sheets import list_any_records
from planner.units import MINUTES_PER_DAY

T = TypeVar("T")
N = TypeVar("N", int, Fraction)

REQUIRED = ("batch_id", "shipper", "origin", "destination", "vehicle_type", "vehicles", "ready", "due")
"""Columns that must be there; of their cells only that of ``shipper`` may be blank."""
OPTIONAL = ("early_price", "late_price", "unplanned_price", "priority", "value_per_vehicle", "reference")
NOT_OBEYED = ("split", "min_part", "modes", "not_modes", "via", "not_via")
"""Columns the planner does not obey yet: they may be there, but with blank cells only."""
COLUMNS = (*REQUIRED, *OPTIONAL, *NOT_OBEYED)
MUST_BE_FILLED = tuple(column for column in REQUIRED if column != "shipper")

MAX_BATCHES = 20_000
MAX_VEHICLES = 1_000_000
MAX_PRIORITY = 9
MAX_PRICE = 1_000_000_000
"""Most money per vehicle: a million vehicles at that price are still counted in 64 bits of cents."""
MAX_ID_LENGTH = 64
MAX_TEXT_LENGTH = 200
CENTS = 100
MAX_DAYS = 1_100
"""Longest time from ready to due: above three years it is the year that was mistyped."""
ISO_DATE_LENGTH = 10


def read_batches(source: Path | BinaryIO, network: Network, name: str | None = None) -> tuple[Batch, ...]:
    """Read the batches of a file, in its order.

    Parameters
    ----------
    source
        Path of a CSV or XLSX file, or an open binary stream. Its bytes tell which of the two it is.
    network
        The places, vehicle types and timetable that the rows may name. Prices are in its currency.
    name
        How faults call the file; by default its own name.

    Raises
    ------
    InputError
        With every fault of every row.
    """
    reader = _Reader(file=name_of(source, name), names=Names(network))
    batches = tuple(reader.read(read_bytes(source, reader.file, MAX_BYTES)))
    if not batches and not reader.issues:
        reader.refuse(None, None, "the file holds no batch, only a header", "add a row for each batch")
    if reader.issues:
        raise InputError(reader.issues)
    return batches


@dataclass(slots=True)
class _Reader:
    """One file: the names it may use, the ids seen so far, the faults found so far."""

    file: str
    names: Names
    issues: list[Issue] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)

    def refuse(
        self, line: int | None, column: str | None, reason: str, hint: str = "", *, value: str | None = None
    ) -> None:
        """Note a fault."""
        shown = None if value is None else shorten(value)
        self.issues.append(
            Issue(file=self.file, row=line, column=column, value=shown, reason=reason, hint=hint)
        )

    def read(self, content: bytes) -> Iterator[Batch]:
        """Batches of all rows without faults; the faults of the others are noted."""
        try:
            records = list_any_records(self.file, content)
            header = next(records)
            positions = self._read_header(header)
            for number, record in enumerate(records, start=1):
                if not positions:
                    return
                if number > MAX_BATCHES:
                    self.refuse(
                        record.line, None, f"the file has more than {MAX_BATCHES} batches", "split it"
                    )
                    return
                batch = self._read_row(header, positions, record)
                if batch is not None:
                    yield batch
        except UnreadableFileError as fault:
            self.issues.append(fault.issue)

    def _read_header(self, header: Record) -> dict[str, int]:
        """Position of each known column; none if the line is no header of batches at all."""
        only = header.cells[0] if len(header.cells) == 1 else ""
        if ";" in only or "\t" in only:
            hint = "cells are separated by commas"
            self.refuse(header.line, None, "the header is a single cell", hint, value=only)
            return {}
        positions: dict[str, int] = {}
        for position, heading in enumerate(header.cells):
            if heading in positions:
                self.refuse(header.line, heading, "the column is there twice", "leave one out", value=heading)
            elif heading in COLUMNS:
                positions[heading] = position
            elif heading:
                hint = suggest(heading, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
                self.refuse(header.line, heading, "is no column of batches", hint, value=heading)
        for column in REQUIRED:
            if column not in positions:
                self.refuse(header.line, column, "the column is missing", "add it to the header")
        return positions

    def _read_row(self, header: Record, positions: Mapping[str, int], record: Record) -> Batch | None:
        width = len(header.cells)
        if len(record.cells) < width or any(record.cells[width:]):
            reason = f"the row has {len(record.cells)} cells, the header {width}"
            hint = "no commas in numbers; text that holds a comma is put in double quotes"
            self.refuse(record.line, None, reason, hint)
            return None
        for heading, text in zip(header.cells, record.cells, strict=False):
            if text and not heading:
                self.refuse(record.line, None, "stands under no heading", "name the column", value=text)
        texts = {column: record.cells[position] for column, position in positions.items()}
        broken = {column: record.broken[at] for column, at in positions.items() if at in record.broken}
        return _Row(self, record.line, texts, broken).to_batch()


@dataclass(slots=True)
class _Row:
    """One row: its cells by column, and which of them are faulty."""

    reader: _Reader
    line: int
    texts: Mapping[str, str]
    broken: Mapping[str, tuple[str, str]]
    faulty: set[str] = field(default_factory=set)

    def to_batch(self) -> Batch | None:
        """Make the batch of the row; ``None`` if anything is wrong with it."""
        names = self.reader.names
        batch_id = self._read("batch_id", _parse_batch_id, BatchId(""))
        self._check_id(batch_id)
        shipper = self._read("shipper", _parse_short_text, "")
        origin = self._read("origin", names.parse_place, PlaceId(""))
        destination = self._read("destination", names.parse_place, PlaceId(""))
        vehicle_type = self._read("vehicle_type", names.parse_vehicle_type, VehicleTypeId(""))
        vehicles = self._read("vehicles", _parse_vehicles, 1)
        ready_min = self._read("ready", lambda text: parse_ready(text, names.time_zone(origin)), 0)
        due_min = self._read("due", lambda text: parse_due(text, names.time_zone(destination)), 0)
        early_price = self._read("early_price", _parse_money, Fraction(0))
        late_price = self._read("late_price", _parse_money, None)
        unplanned_price = self._read("unplanned_price", _parse_money, None)
        priority = self._read("priority", _parse_priority, 0)
        value_per_vehicle = self._read("value_per_vehicle", _parse_money, None)
        reference = self._read("reference", _parse_short_text, "")
        for column in NOT_OBEYED:
            self._read(column, _refuse_not_obeyed, None)
        if self._are_clean("origin", "destination") and origin == destination:
            self._refuse("destination", "is the same place as the origin")
        if self._are_clean("origin", "ready"):
            self._check_timetable(ready_min, names.time_zone(origin))
        if self._are_clean("origin", "destination", "ready", "due"):
            self._check_due(ready_min, due_min)
        if self.faulty:
            return None
        return Batch(
            id=batch_id,
            shipper=shipper,
            origin=origin,
            destination=destination,
            vehicle_type=vehicle_type,
            vehicles=vehicles,
            ready_min=ready_min,
            due_min=due_min,
            early_price=early_price,
            late_price=late_price,
            unplanned_price=unplanned_price,
            priority=priority,
            value_per_vehicle=value_per_vehicle,
            reference=reference,
        )

    def _read(self, column: str, parse: Callable[[str], T], default: T) -> T:
        """Value of a cell; the default for a blank that may be, and as a stand-in for what is faulty."""
        text = self.texts.get(column)
        if text is None and column in REQUIRED:
            self.faulty.add(column)  # a fault of the header, noted there
            return default
        if not text and column not in MUST_BE_FILLED:
            return default
        if column in self.broken:
            self._refuse(column, *self.broken[column])
            return default
        try:
            return parse(text or "")
        except CellError as fault:
            self._refuse(column, fault.reason, fault.hint)
            return default

    def _refuse(self, column: str, reason: str, hint: str = "") -> None:
        self.faulty.add(column)
        self.reader.refuse(self.line, column, reason, hint, value=self.texts[column])

    def _are_clean(self, *columns: str) -> bool:
        return self.faulty.isdisjoint(columns)

    def _check_id(self, batch_id: BatchId) -> None:
        if self._are_clean("batch_id"):
            first = self.reader.first_lines.setdefault(batch_id, self.line)
            if first != self.line:
                self._refuse("batch_id", f"is the id of line {first} too", "give each batch its own id")

    def _check_timetable(self, ready_min: int, time_zone: str) -> None:
        end_min = self.reader.names.network.timetable_end_min
        if end_min is not None and ready_min >= end_min:
            last_day = from_minutes(end_min - 1, time_zone).date()
            self._refuse("ready", "is beyond the timetable", f"the timetable ends {last_day}")

    def _check_due(self, ready_min: int, due_min: int) -> None:
        ready, due = self.texts["ready"], self.texts["due"]
        # West of the origin an earlier day may end after the later one began there; no one means that.
        are_days_turned = len(ready) == len(due) == ISO_DATE_LENGTH and due < ready
        if due_min < ready_min or are_days_turned:
            self._refuse("due", f"is before ready ({ready})")
        elif due_min - ready_min > MAX_DAYS * MINUTES_PER_DAY:
            self._refuse("due", f"is more than {MAX_DAYS} days after ready ({ready})", "is the year right?")


def _parse_batch_id(text: str) -> BatchId:
    if len(parse_text(text)) > MAX_ID_LENGTH:
        raise CellError(f"is longer than {MAX_ID_LENGTH} characters")
    return BatchId(text)


def _parse_short_text(text: str) -> str:
    if len(parse_text(text)) > MAX_TEXT_LENGTH:
        raise CellError(f"is longer than {MAX_TEXT_LENGTH} characters")
    return text


def _parse_vehicles(text: str) -> int:
    return _at_most(parse_integer(text, least=1), MAX_VEHICLES)


def _parse_priority(text: str) -> int:
    return _at_most(parse_integer(text), MAX_PRIORITY)


def _parse_money(text: str) -> Fraction:
    return _at_most(parse_decimal(text), MAX_PRICE) * CENTS


def _at_most(number: N, most: int) -> N:
    if number > most:
        raise CellError(f"is above {most}")
    return number


def _refuse_not_obeyed(_: str) -> None:
    raise CellError("the column is not obeyed yet", "leave the cell blank")
