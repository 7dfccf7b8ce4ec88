"""Files of a network folder to typed rows, as the description of the tables says, with all faults found.

Here every table is looked at by itself and against the ids of the others; what rows have to be to each
other is held by the modules named after their rules, such as :mod:`planner.reading.service_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from planner.errors import INVALID, Issue
from planner.reading import cells
from planner.reading.codes import (
    AMBIGUOUS,
    DUPLICATE,
    LAYOUT,
    MISSING,
    NOT_IN_NETWORK,
    NOT_OBEYED,
    TWICE,
    UNKNOWN,
)
from planner.reading.csv_file import Record, UnreadableFileError, list_records
from planner.reading.schema import Column, Table, describe_tables

PARSERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "id": cells.parse_id,
        "text": cells.parse_text,
        "list": cells.parse_list,
        "source": cells.parse_sources,
        "yes_no": cells.parse_yes_no,
        "integer": cells.parse_integer,
        "positive_integer": partial(cells.parse_integer, least=1),
        "decimal": cells.parse_hundredths,
        "positive_decimal": lambda text: cells.parse_hundredths(text) if cells.parse_positive(text) else 0,
        "hours": cells.parse_hours,
        "positive_hours": lambda text: cells.parse_hours(text) if cells.parse_positive(text) else 0,
        "money": cells.parse_decimal,
        "rate": cells.parse_positive,
        "share": cells.parse_decimal,
        "latitude": partial(cells.parse_degrees, limit=90),
        "longitude": partial(cells.parse_degrees, limit=180),
        "country": cells.parse_country,
        "currency": cells.parse_currency,
        "time_zone": cells.parse_time_zone,
        "date": cells.parse_date,
        "local_time": cells.parse_local_time,
        "weekdays": cells.parse_weekdays,
    }
)
"""What a cell of a type becomes: decimals are hundredths, hours minutes, money and rates exact fractions."""

_BLANK: Mapping[str, object] = MappingProxyType({"id": "", "text": "", "choice": "", "list": ()})
"""What a blank cell without a default becomes, ``None`` for all other types."""
_REMARKS = ("source", "note")
_MAX_HINTS = 100
"""Nearest ids looked up per column: each takes a search, and after so many it is the wrong folder."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Parameters
    ----------
    file, line
        File it is from, and the line of it that it starts in.
    texts
        Cells as written; columns that the file does not have are absent.
    values
        Cells by their type, blanks replaced by defaults; complete only if the row has no fault.
    """

    table: Table
    file: str
    line: int
    texts: Mapping[str, str]
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - the type of a column is known to its reader
        return self.values[column]


@dataclass(slots=True)
class Tables:
    """Rows of all tables, and the faults found so far.

    Parameters
    ----------
    rows
        All rows by table, faulty ones too.
    unread
        Tables whose file or header is faulty: nothing can be said about what they lack.
    """

    issues: list[Issue] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    _faulty: set[tuple[str, str, int]] = field(default_factory=set)

    def refuse(
        self, row: Row, column: str | None, reason: str, hint: str = "", *, code: str = INVALID
    ) -> None:
        """Note a fault of a row; the rules that follow leave the row out."""
        value = None if column is None else row.texts.get(column, "")
        self.leave_out(row)
        self.issues.append(
            Issue(
                file=row.file, row=row.line, column=column, value=value, reason=reason, hint=hint, code=code
            )
        )

    def leave_out(self, row: Row) -> None:
        """Keep a row from the rules that follow, because of a fault noted elsewhere."""
        self._faulty.add((row.table.name, row.file, row.line))

    def refuse_file(self, issue: Issue, table: Table | None = None) -> None:
        """Note a fault of a whole file or header."""
        self.issues.append(issue)
        if table is not None:
            self.unread.add(table.name)

    def is_clean(self, row: Row) -> bool:
        """True if no fault of the row is known."""
        return (row.table.name, row.file, row.line) not in self._faulty

    def list_clean(self, table: str) -> Iterator[Row]:
        """Rows without a known fault, in the order of the file."""
        return (row for row in self.rows[table] if self.is_clean(row))


def read_rows(
    contents: Mapping[str, bytes], overlays: Sequence[tuple[str, Mapping[str, bytes]]] = ()
) -> Tables:
    """Rows of all tables from the bytes of their files (by table name), with the faults of each by itself.

    Parameters
    ----------
    overlays
        Name of a folder and its tables. A row of an overlay takes the place of all rows that are the same in
        the columns by which the table is overlaid, and else is added; a later overlay lies above an earlier.
    """
    tables = Tables()
    for table in describe_tables().values():
        tables.rows[table.name] = []
        if table.name in contents:
            tables.rows[table.name] = _read_table(tables, table, table.file, contents[table.name])
        elif table.required:
            issue = Issue(file=table.file, reason="the file is missing", hint=table.description, code=MISSING)
            tables.refuse_file(issue, table)
        for folder, above in overlays:
            if table.name in above:
                file = f"{folder}/{table.file}"
                rows = _read_table(tables, table, file, above[table.name])
                tables.rows[table.name] = _overlaid(table, tables.rows[table.name], rows)
    _check_keys(tables)
    _check_names(tables)
    _check_references(tables)
    return tables


def _overlaid(table: Table, below: list[Row], above: list[Row]) -> list[Row]:
    """Rows of a table without those that rows of an overlay take the place of, then the overlay's."""

    def place(row: Row) -> tuple[object, ...]:
        return tuple(row.values.get(column, row.texts.get(column)) for column in table.overlaid_by)

    taken = {place(row) for row in above}
    return [row for row in below if place(row) not in taken] + above


def _read_table(tables: Tables, table: Table, file: str, content: bytes) -> list[Row]:
    rows: list[Row] = []
    records = list_records(file, content)
    try:
        header = next(records)
        positions = _check_header(tables, table, file, header)
        for record in records:
            if not table.obeyed:
                _refuse_table(tables, table, file, record)
                break
            rows.append(_read_row(tables, table, file, positions, header, record))
    except UnreadableFileError as error:
        tables.refuse_file(error.issue, table)
    return rows


def _refuse_table(tables: Tables, table: Table, file: str, record: Record) -> None:
    reason = f"{table.name} is not obeyed yet"
    tables.refuse_file(
        Issue(file=file, row=record.line, reason=reason, hint="leave the file out", code=NOT_OBEYED), table
    )


def _check_header(tables: Tables, table: Table, file: str, header: Record) -> dict[str, int]:
    """Position of each known column; every fault of the header makes the table unread."""

    def refuse(column: str, reason: str, hint: str = "", *, code: str) -> None:
        issue = Issue(file=file, row=header.line, column=column, reason=reason, hint=hint, code=code)
        tables.refuse_file(issue, table)

    only_cell = header.cells[0] if len(header.cells) == 1 else ""
    if ";" in only_cell or "\t" in only_cell:
        refuse(only_cell, "is one heading", "cells are separated by commas", code=LAYOUT)
        return {}
    positions: dict[str, int] = {}
    for position, name in enumerate(header.cells):
        if not name:
            refuse(name, f"cell {position + 1} of the header is blank", code=LAYOUT)
        elif name in positions:
            refuse(name, "the column is there twice", code=TWICE)
        elif name not in table.columns:
            refuse(name, f"is no column of {table.name}", cells.suggest(name, table.columns), code=UNKNOWN)
        else:
            positions[name] = position
    for column in table.columns.values():
        if column.required and column.name not in positions:
            refuse(column.name, "the column is missing", column.description, code=MISSING)
    return positions


def _read_row(
    tables: Tables, table: Table, file: str, positions: Mapping[str, int], header: Record, record: Record
) -> Row:
    texts = {name: record.cells[at] for name, at in positions.items() if at < len(record.cells)}
    values: dict[str, Any] = {}
    row = Row(table, file, record.line, texts, values)
    if len(record.cells) != len(header.cells):
        reason = f"the row has {len(record.cells)} cells, the header {len(header.cells)}"
        tables.refuse(row, None, reason, "a cell that holds a comma is put in double quotes", code=LAYOUT)
        return row
    for column in table.columns.values():
        text = texts.get(column.name, "")
        try:
            values[column.name] = _read_cell(column, text)
        except cells.CellError as error:
            if column.name in texts:
                tables.refuse(row, column.name, error.reason, error.hint, code=error.code)
            else:  # the column is missing: a fault of the header, noted once
                tables.leave_out(row)
    return row


def _read_cell(column: Column, text: str) -> object:
    if not column.obeyed and text:
        raise cells.CellError(
            f"{column.table}.{column.name} is not obeyed yet", "leave the cell blank", code=NOT_OBEYED
        )
    if text in column.not_obeyed_words:
        raise cells.CellError(f"{column.table}.{column.name} = {text} is not obeyed yet", code=NOT_OBEYED)
    if not text and not column.required:
        if not column.default:
            return _BLANK.get(column.type)
        text = column.default
    if column.type == "choice":
        return cells.parse_choice(text, column.choices)
    return PARSERS[column.type](text)


def _check_keys(tables: Tables) -> None:
    """No two rows of a table have the same key; without a key no two are the same but for remarks."""
    for name, table in describe_tables().items():
        columns = table.key or tuple(column for column in table.columns if column not in _REMARKS)
        firsts: dict[tuple[object, ...], Row] = {}
        for row in tables.list_clean(name):
            key = tuple(row[column] for column in columns)
            first = firsts.setdefault(key, row)
            if first is row:
                continue
            if table.key:
                tables.refuse(
                    row,
                    columns[-1],
                    f"{', '.join(columns)}: the same as in line {first.line}",
                    code=DUPLICATE,
                )
            else:
                reason = f"the row says the same as line {first.line}"
                tables.refuse(row, None, reason, "leave one of them out", code=DUPLICATE)


def _check_references(tables: Tables) -> None:
    for name, table in describe_tables().items():
        for column in table.columns.values():
            if column.references and tables.rows[name]:
                _check_column_references(tables, column)


def _check_column_references(tables: Tables, column: Column) -> None:
    sets = [_list_known(tables, reference) for reference in column.references]
    if any(known is None for known in sets):
        return
    all_known = {value for known in sets if known is not None for value in known}
    hints: dict[str, str] = {}
    for row in tables.rows[column.table]:
        for value in _list_named(row, column):
            if value not in all_known:
                if value not in hints and len(hints) < _MAX_HINTS:
                    hints[value] = cells.suggest(value, all_known)
                reason = f"{value} is not in {' or '.join(column.references)}"
                tables.refuse(row, column.name, reason, hints.get(value, ""), code=NOT_IN_NETWORK)


def _check_names(tables: Tables) -> None:
    """No id reads as another word of a column that takes both, such as a place named ``border``."""
    unions = {
        column.references
        for table in describe_tables().values()
        for column in table.columns.values()
        if len(column.references) > 1 and table.obeyed
    }
    for first, *others in sorted(unions):
        table, _, column = first.partition(".")
        words = {word for other in others for word in _list_known(tables, other) or ()}
        for row in tables.rows[table]:
            if row.texts.get(column) in words:
                tables.refuse(
                    row,
                    column,
                    f"the name stands for something else too: {' or '.join(others)}",
                    code=AMBIGUOUS,
                )


def _list_named(row: Row, column: Column) -> tuple[str, ...]:
    """Ids that a cell names: none if it is blank or faulty by itself."""
    value = row.values.get(column.name)
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()


def _list_known(tables: Tables, reference: str) -> set[str] | None:
    """Values that a reference allows; ``None`` if the table it points to could not be read."""
    table, _, column = reference.partition(".")
    if not column:
        return {reference}
    if table in tables.unread:
        return None
    choices = describe_tables()[table].columns[column].choices
    return set(choices) or {row.texts.get(column, "") for row in tables.rows[table]}
