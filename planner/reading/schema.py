"""What the network tables look like, read from ``network_data/tables.csv``.

The reader, its checks and ``docs/data.md`` all follow this description; a column is described nowhere else.
"""

from __future__ import annotations

import csv
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from itertools import groupby
from types import MappingProxyType

DESCRIPTION_FILE = "tables.csv"
WHOLE_TABLE = "*"
"""In the description: the row that speaks of the table as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    type
        One of the types of :mod:`planner.reading.rows`; ``choice`` for ``choice:a|b``.
    choices
        The words allowed in a ``choice`` column, else empty.
    unit, description
        For people.
    required
        Whether the column must be there and every cell of it filled.
    default
        Text that a blank cell stands for; empty = blank.
    is_key
        Whether it is one of the columns that together tell the rows of the table apart.
    in_overlay
        Whether it is one of the columns by which a row of an overlay finds the rows it takes the place of.
    references
        Where a value has to occur: ``table.column``, or a word allowed beside these.
    obeyed
        False: the planner does not obey the column yet, so a filled cell is refused.
    not_obeyed_words
        Choices that are refused for the same reason in a column that is obeyed otherwise.
    """

    table: str
    name: str
    type: str
    choices: tuple[str, ...] = ()
    unit: str = ""
    required: bool
    default: str = ""
    is_key: bool
    in_overlay: bool
    references: tuple[str, ...] = ()
    obeyed: bool
    not_obeyed_words: tuple[str, ...] = ()
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: what a row is, whether the file may be absent, and its columns in order."""

    name: str
    description: str
    required: bool
    obeyed: bool
    columns: Mapping[str, Column]

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.csv"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together tell its rows apart; empty = all but remarks."""
        return tuple(column.name for column in self.columns.values() if column.is_key)

    @property
    def overlaid_by(self) -> tuple[str, ...]:
        """Columns by which a row of an overlay finds the rows it takes the place of."""
        return tuple(column.name for column in self.columns.values() if column.in_overlay)


def shipped_folder() -> Traversable:
    """Folder of the shipped network, also inside an installed wheel."""
    return importlib.resources.files("network_data")


@cache
def describe_tables() -> Mapping[str, Table]:
    """All tables by name, in the order of the description."""
    text = shipped_folder().joinpath(DESCRIPTION_FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    tables = (_to_table(name, list(group)) for name, group in groupby(rows, key=lambda row: row["table"]))
    return MappingProxyType({table.name: table for table in tables})


def _to_table(name: str, rows: list[dict[str, str]]) -> Table:
    whole, *columns = rows
    if whole["column"] != WHOLE_TABLE:
        raise ValueError(f"{DESCRIPTION_FILE}: {name} does not start with its row `{WHOLE_TABLE}`")
    return Table(
        name=name,
        description=whole["description"],
        required=whole["required"] == "yes",
        obeyed=whole["obeyed"] == "yes",
        columns=MappingProxyType({row["column"]: _to_column(row) for row in columns}),
    )


def _to_column(row: dict[str, str]) -> Column:
    kind, _, choices = row["type"].partition(":")
    obeyed, _, words = row["obeyed"].partition(": ")
    return Column(
        table=row["table"],
        name=row["column"],
        type=kind,
        choices=tuple(choices.split("|")) if choices else (),
        unit=row["unit"],
        required=row["required"] == "yes",
        default=row["default"],
        is_key=row["key"] == "yes",
        in_overlay=row["overlay"] == "yes",
        references=tuple(row["references"].split("|")) if row["references"] else (),
        obeyed=obeyed != "no",
        not_obeyed_words=tuple(words.split("|")) if words else (),
        description=row["description"],
    )
