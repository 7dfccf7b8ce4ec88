"""Options of the command line -> one shipment, with the same strictness as a row of a batch file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.clock import from_minutes
from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.problem import Network
from planner.reading.batch_columns import COLUMNS
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
    names = Names(network)
    given = {column: text for column, text in cells.items() if text is not None}
    has_due = "due" in given
    texts = {"batch_id": SHIPMENT, "shipper": "", **given}
    if not has_due:
        texts["due"] = _late_enough(names, given)
    log = IntakeLog(SHIPMENT)
    raw = RawRow(line=None, where=SHIPMENT, texts=texts, called=OPTION_OF)
    batch = BatchRow(log, names, Ids(), raw, DEFAULT_LIMITS).to_batch()
    issues = [_of_option(issue) for issue in log.issues if has_due or issue.column != OPTION_OF["due"]]
    if batch is None:
        raise InputError(issues)
    if not has_due:
        batch = replace(batch, due_min=batch.ready_min + WITHOUT_DUE_DAYS * MINUTES_PER_DAY)
    return batch, tuple(_of_option(note) for note in log.notes())


def _late_enough(names: Names, given: Mapping[str, str]) -> str:
    """A due date for a row that has none; where ready is none either, that is what is refused."""
    try:
        ready_min = parse_ready(given["ready"], names.time_zone(names.parse_place(given["origin"])))
    except CellError:
        return "2000-01-01"
    due = from_minutes(ready_min + WITHOUT_DUE_DAYS * MINUTES_PER_DAY)
    return f"{due:%Y-%m-%dT%H:%MZ}"


def _of_option(issue: Issue) -> Issue:
    """A fault of a cell as one of the option that it was typed for."""
    return replace(issue, file=issue.column or issue.file, column=None)
