"""One row of a batch file to one batch, or to every fault it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from planner.clock import from_minutes
from planner.model.batches import Batch
from planner.model.ids import BatchId, PlaceId, VehicleTypeId
from planner.reading.batch_columns import COLUMN_OF, PLACE, REQUIRED
from planner.reading.batch_rules import (
    MODE_WORDS,
    YES_NO_WORDS,
    Split,
    contradictions,
    parse_banned_mode,
    parse_mode,
    parse_split,
)
from planner.reading.cells import CellError, parse_decimal, parse_integer, parse_list, parse_text
from planner.reading.codes import (
    CHARACTER,
    CONTRADICTION,
    DUPLICATE,
    OUT_OF_RANGE,
    SPREADSHEET,
    TOO_LONG,
    TWICE,
    Fault,
)
from planner.reading.intake_limits import IntakeLimits
from planner.reading.intake_log import IntakeLog
from planner.reading.moments import parse_due, parse_ready, to_iso
from planner.reading.names import Names
from planner.reading.tidy import FULL_WIDTH, plain_width, skeleton, strange_letter, tidy
from planner.units import MINUTES_PER_DAY

T = TypeVar("T")
N = TypeVar("N", int, Fraction)

MUST_BE_FILLED = frozenset(REQUIRED) - {"shipper"}
OPTIONAL = frozenset(COLUMN_OF) - frozenset(REQUIRED)
_KIND_OF = {column: described.kind for column, described in COLUMN_OF.items()}
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
SPREADSHEET_ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "######")
)
"""What spreadsheets show, and write into CSV files, where a formula failed or a column is too narrow."""


@dataclass(slots=True)
class Ids:
    """Ids of a file so far, and where each was met first; two that look alike are as bad as equal ones."""

    _first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def clash(self, batch_id: str, where: str) -> str:
        """Reason why an id can't be taken; empty if it can, and then it is."""
        known, there = self._first.setdefault(skeleton(batch_id), (batch_id, where))
        if there == where:
            return ""
        if known == batch_id:
            return f"is the id of {there} too"
        return f"is {known!r} of {there} but for case, blanks or width"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row as the file has it.

    Parameters
    ----------
    line
        Line of the file; ``None`` in a JSON file.
    where
        How other rows call it: ``line 7``.
    texts
        Text of each known column that the file has, with the blanks around it.
    called
        How faults call each of these columns: its heading, or a JSON pointer.
    broken
        What is wrong with each cell that no text can be made of.
    """

    line: int | None
    where: str
    texts: Mapping[str, str]
    called: Mapping[str, str]
    broken: Mapping[str, Fault] = field(default_factory=lambda: MappingProxyType({}))


class BatchRow:
    """Reads the cells of one row; faults and notes go to the log."""

    def __init__(self, log: IntakeLog, names: Names, ids: Ids, raw: RawRow, limits: IntakeLimits) -> None:
        self._log, self._names, self._ids, self._raw = log, names, ids, raw
        self._most_items = limits.list_items
        self._faulty: set[str] = set()
        self._texts: dict[str, str] = {}

    def to_batch(self) -> Batch | None:
        """Make the batch of the row; ``None`` if anything is wrong with it."""
        names = self._names
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
        split = self._read("split", lambda text: parse_split(text, MAX_VEHICLES), Split())
        min_part = self._read("min_part", _parse_vehicles, 1)
        modes = self._read_list("modes", parse_mode)
        not_modes = self._read_list("not_modes", parse_banned_mode)
        via = self._read_list("via", names.parse_place)
        not_via = self._read_list("not_via", names.parse_banned)
        value_per_vehicle = self._read("value_per_vehicle", _parse_money, None)
        reference = self._read("reference", _parse_short_text, "")
        if self._are_clean("origin", "destination") and origin == destination:
            self._refuse("destination", "is the same place as the origin", code=CONTRADICTION)
        if self._are_clean("origin", "ready"):
            self._check_timetable(ready_min, names.time_zone(origin))
        if self._are_clean("origin", "destination", "ready", "due"):
            self._check_due(ready_min, due_min)
        ends = [("origin", origin), ("destination", destination)]
        known_ends = [(end, place) for end, place in ends if place in names.network.places]
        for column, reason, hint in contradictions(
            names, ends=known_ends, modes=modes, not_modes=not_modes, via=via, not_via=not_via
        ):
            self._refuse(column, reason, hint)
        self._note_unmet(not_via)
        if self._faulty:
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
            max_parts=split.max_parts,
            all_or_none=split.all_or_none,
            min_part=min_part,
            modes=modes,
            not_modes=not_modes,
            via=via,
            not_via=not_via,
            value_per_vehicle=value_per_vehicle,
            reference=reference,
        )

    def list_texts(self) -> Mapping[str, str]:
        """Texts of the cells that make the same batch again, once :meth:`to_batch` has made one."""
        texts: dict[str, str] = {}
        for column, raw in self._raw.texts.items():
            text = self._texts[column]
            # What is evened out twice may change twice: of ''=1 one apostrophe is left out, then the other.
            if text != raw and tidy(text, _KIND_OF[column])[0] != text:
                text = raw
            if text or column in REQUIRED:
                texts[column] = text
        return texts

    def _read(self, column: str, parse: Callable[[str], T], default: T) -> T:
        """Value of a cell; the default for a blank that may be, and as a stand-in for what is faulty."""
        if column in OPTIONAL and not self._raw.texts.get(column) and column not in self._raw.broken:
            self._texts[column] = ""  # most cells of a wide table are blank
            return default
        text = self._text(column)
        if text is None:
            return default
        try:
            return parse(text)
        except CellError as fault:
            self._refuse(column, fault.reason, fault.hint, fault.code)
            return default

    def _read_list(self, column: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """Values of a cell of several items; every item that is faulty is named."""
        items: tuple[str, ...] | None = self._read(column, self._parse_list, None)
        values: list[T] = []
        for item in items or ():
            try:
                value = parse(self._item(column, item))
            except CellError as fault:
                self._refuse(column, fault.reason, fault.hint, fault.code, value=item)
                continue
            if value in values:
                self._refuse(column, f"names {value} twice", "once is enough", value=item, code=TWICE)
            values.append(value)
        return tuple(values)

    def _parse_list(self, text: str) -> tuple[str, ...]:
        plain = text.replace("；", ";")
        if plain.count(";") >= self._most_items:
            raise CellError(f"names more than {self._most_items} items", code=TOO_LONG)
        return parse_list(plain)

    def _text(self, column: str) -> str | None:
        """Text to be parsed; ``None`` if there is none, or none that may be read."""
        raw = self._raw.texts.get(column)
        if raw is None:
            self._faulty.add(column)  # a fault of the header, noted there
            return None
        if column in self._raw.broken:
            self._refuse(column, *self._raw.broken[column])
            return None
        if "#" in raw and raw.strip() in SPREADSHEET_ERRORS:
            self._refuse(column, "is an error of a spreadsheet", "write the value itself", code=SPREADSHEET)
            return None
        kind = _KIND_OF[column]
        text, evened_out = tidy(raw, kind)
        for what in evened_out:
            self._note(column, what)
        if kind == PLACE:
            text = self._item(column, text)
        elif column == "split":
            text = self._word(column, text, YES_NO_WORDS)
        elif column in {"ready", "due"}:
            iso = to_iso(text)
            if iso != text:
                self._note(column, "Chinese dates are read as ISO dates")
                text = iso
        self._texts[column] = text
        return text if text or column in MUST_BE_FILLED else None

    def _item(self, column: str, text: str) -> str:
        """Name of a place as the network may have it, or a mode in English."""
        if column in {"modes", "not_modes"}:
            return self._word(column, text, MODE_WORDS)
        plain = plain_width(text)
        if plain == text or self._names.has_place_named(text):
            return text
        self._note(column, FULL_WIDTH)
        return plain

    def _word(self, column: str, text: str, words: Mapping[str, str]) -> str:
        if text in words:
            self._note(column, "Chinese words are read as the English ones")
        return words.get(text, text)

    def _note(self, column: str, what: str) -> None:
        self._log.note(self._raw.line, self._raw.called[column], what, value=self._raw.texts[column])

    def _refuse(
        self, column: str, reason: str, hint: str = "", code: str = CONTRADICTION, *, value: str | None = None
    ) -> None:
        self._faulty.add(column)
        shown = self._raw.texts[column].strip() if value is None else value
        self._log.refuse(self._raw.line, self._raw.called[column], reason, hint, value=shown, code=code)

    def _are_clean(self, *columns: str) -> bool:
        return self._faulty.isdisjoint(columns)

    def _check_id(self, batch_id: BatchId) -> None:
        if self._are_clean("batch_id"):
            reason = self._ids.clash(batch_id, self._raw.where)
            if reason:
                self._refuse("batch_id", reason, "give each batch its own id", DUPLICATE)

    def _check_timetable(self, ready_min: int, time_zone: str) -> None:
        end_min = self._names.network.timetable_end_min
        if end_min is not None and ready_min >= end_min:
            last_day = from_minutes(end_min - 1, time_zone).date()
            self._refuse(
                "ready", "is beyond the timetable", f"the timetable ends {last_day}", code=CONTRADICTION
            )

    def _check_due(self, ready_min: int, due_min: int) -> None:
        ready, due = self._texts["ready"], self._texts["due"]
        # West of the origin an earlier day may end after the later one began there; no one means that.
        are_days_turned = len(ready) == len(due) == ISO_DATE_LENGTH and due < ready
        if due_min < ready_min or are_days_turned:
            self._refuse("due", f"is before ready ({ready})", code=CONTRADICTION)
        elif due_min - ready_min > MAX_DAYS * MINUTES_PER_DAY:
            self._refuse(
                "due",
                f"is more than {MAX_DAYS} days after ready ({ready})",
                "is the year right?",
                code=OUT_OF_RANGE,
            )

    def _note_unmet(self, not_via: tuple[str, ...]) -> None:
        for banned in not_via:
            if not self._names.is_met(banned):
                self._note("not_via", f"{banned} is banned, but no place of the network lies there")


def _parse_batch_id(text: str) -> BatchId:
    if len(parse_text(text)) > MAX_ID_LENGTH:
        raise CellError(f"is longer than {MAX_ID_LENGTH} characters", code=TOO_LONG)
    if not {".", ".."}.isdisjoint(text.split("/")):
        raise CellError("is a name of folders, or holds one: addresses lose it", code=CHARACTER)
    strange = strange_letter(text)
    if strange:
        raise CellError(
            f"holds {strange}, which looks like another letter",
            "type it again in plain letters",
            code=CHARACTER,
        )
    return BatchId(text)


def _parse_short_text(text: str) -> str:
    if len(parse_text(text)) > MAX_TEXT_LENGTH:
        raise CellError(f"is longer than {MAX_TEXT_LENGTH} characters", code=TOO_LONG)
    return text


def _parse_vehicles(text: str) -> int:
    return _at_most(parse_integer(text, least=1), MAX_VEHICLES)


def _parse_priority(text: str) -> int:
    return _at_most(parse_integer(text), MAX_PRIORITY)


def _parse_money(text: str) -> Fraction:
    return _at_most(parse_decimal(text), MAX_PRICE) * CENTS


def _at_most(number: N, most: int) -> N:
    if number > most:
        raise CellError(f"is above {most}", code=OUT_OF_RANGE)
    return number
