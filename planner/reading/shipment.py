"""Options of the command line, or a JSON object -> one shipment, as strictly as a row of a batch file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.clock import from_minutes
from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.problem import Network
from planner.reading.batch_columns import COLUMNS
from planner.reading.batch_json import Item, ItemRows
from planner.reading.batch_row import BatchRow, Ids, RawRow
from planner.reading.cells import CellError
from planner.reading.intake_limits import DEFAULT_LIMITS
from planner.reading.intake_log import IntakeLog
from planner.reading.moments import parse_ready
from planner.reading.names import Names
from planner.units import MINUTES_PER_DAY

WITHOUT_DUE_DAYS = 120
"""How long past ready ways are looked for where no due date is given."""
SHIPMENT = "shipment"
OPTION_OF = {column: "--" + column.replace("_", "-") for column in COLUMNS} | {
    "origin": "--from",
    "destination": "--to",
    "vehicle_type": "--type",
    "value_per_vehicle": "--value",
}
"""How a person typed what a column of a batch file holds."""
OPTIONAL = frozenset({"batch_id", "shipper", "due"})
"""Columns that every batch has, and a shipment may be without."""


def read_shipment(network: Network, cells: Mapping[str, str | None]) -> tuple[Batch, tuple[Issue, ...]]:
    """A shipment, and what was read although it was written otherwise.

    Parameters
    ----------
    cells
        Text by column of a batch file; ``None`` = not given. Without a due date the shipment has one
        ``WITHOUT_DUE_DAYS`` after ready.

    Raises
    ------
    InputError
        With every fault of every option.
    """
    given = {column: text for column, text in cells.items() if text is not None}
    log = IntakeLog(SHIPMENT)
    raw = RawRow(line=None, where=SHIPMENT, texts={"shipper": "", **given}, called=OPTION_OF)
    batch = _read(Names(network), log, raw)
    if batch is None:
        raise InputError([_of_option(issue) for issue in log.issues])
    return batch, tuple(_of_option(note) for note in log.notes())


def read_item(
    names: Names, log: IntakeLog, item: Mapping[str, object], keys: Mapping[str, str]
) -> Batch | None:
    """A shipment of a JSON object; faults and notes go to the log, ``None`` if there are any faults.

    Parameters
    ----------
    keys
        Column of a batch file that each key is of. Without a due date as for :func:`read_shipment`.
    """
    rows = ItemRows(log, DEFAULT_LIMITS, keys, optional=OPTIONAL)
    raw = rows.raw_row(Item("", item))
    if raw is None:
        return None
    batch = _read(names, log, replace(raw, texts={"shipper": "", **raw.texts}))
    return None if log.issues else batch


def _read(names: Names, log: IntakeLog, raw: RawRow) -> Batch | None:
    """The shipment of a row that has no id, and may have no due date."""
    has_due = "due" in raw.texts
    texts = {"batch_id": SHIPMENT, **raw.texts}
    called = {"batch_id": "batch_id", "shipper": "shipper", "due": "due", **raw.called}
    if not has_due:
        texts["due"] = _late_enough(names, raw.texts)
    batch = BatchRow(log, names, Ids(), replace(raw, texts=texts, called=called), DEFAULT_LIMITS).to_batch()
    if has_due or batch is None:
        if not has_due:
            # What was put in its place is nothing to refuse.
            log.issues = [issue for issue in log.issues if issue.column not in {"due", OPTION_OF["due"]}]
        return batch
    return replace(batch, due_min=batch.ready_min + WITHOUT_DUE_DAYS * MINUTES_PER_DAY)


def _late_enough(names: Names, given: Mapping[str, str]) -> str:
    """A due date for a row that has none; where ready is none either, that is what is refused."""
    try:
        ready_min = parse_ready(given["ready"], names.time_zone(names.parse_place(given["origin"])))
    except (CellError, KeyError):
        return "2000-01-01"
    due = from_minutes(ready_min + WITHOUT_DUE_DAYS * MINUTES_PER_DAY)
    return f"{due:%Y-%m-%dT%H:%MZ}"


def _of_option(issue: Issue) -> Issue:
    """A fault of a cell as one of the option that it was typed for."""
    return replace(issue, file=issue.column or issue.file, column=None)
