"""The page ``docs/data.md``, made from the description of the tables.

``python -m planner.reading.describe docs/data.md`` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from planner.reading.schema import Column, Table, describe_tables

TYPES = {
    "id": "letters A-Z and a-z, digits and `_ . + -`",
    "text": "text on one line",
    "list": "items separated by `;`",
    "source": "source ids and `estimate: how`, separated by `;`; an estimate takes the rest of the cell",
    "choice": "one of the words in the last column",
    "yes_no": "`yes` or `no`",
    "integer": "whole number, 0 or above",
    "positive_integer": "whole number, 1 or above",
    "decimal": "number with at most two decimals, 0 or above",
    "positive_decimal": "number with at most two decimals, above 0",
    "hours": "hours, 0 or above, a whole number of minutes",
    "positive_hours": "hours, above 0, a whole number of minutes",
    "money": "exact number, 0 or above",
    "rate": "exact number, above 0",
    "share": "exact number, 0 or above; 0.1 are 10 %",
    "latitude": "degrees, -90 to 90",
    "longitude": "degrees, -180 to 180",
    "country": "ISO 3166 code of two capital letters",
    "currency": "ISO 4217 code of three capital letters",
    "time_zone": "IANA name such as `Asia/Shanghai`",
    "date": "ISO 8601: `2026-03-04`",
    "local_time": "`00:00` to `23:59` on the clock of the place",
    "weekdays": "numbers 1 (Monday) to 7 (Sunday) separated by blanks",
}
"""What may stand in a cell, by type."""

_HEAD = """\
# The network tables

<!-- Made from network_data/tables.csv by `python -m planner.reading.describe`: change that, not this. -->

A network is a folder of CSV tables: UTF-8, commas, one header line, columns in any order. Numbers are plain
digits with a decimal point, without thousands separators, signs or exponents. The planner reads the shipped
folder `network_data/`, or any folder of the same tables. It is strict: all faults of all tables are reported
at once, each with table, line, column, value and reason, and nothing is guessed.

`--overlay FOLDER` lays a folder with some of these tables over a network: its rows take the place of others,
or are added. Under each table stands which rows those are.

**Not obeyed yet.** A table or column with this mark is described but the planner does not act on it so far. A
filled cell there is refused by name rather than ignored.
"""


def describe() -> str:
    """Markdown page with every table, column and type."""
    return "\n".join(_list_lines()) + "\n"


def _list_lines() -> Iterator[str]:
    yield _HEAD
    yield "## Types\n"
    yield "| type | a cell holds |"
    yield "|---|---|"
    for name, meaning in TYPES.items():
        yield f"| {name} | {_cell(meaning)} |"
    for table in describe_tables().values():
        yield from _list_table_lines(table)


def _list_table_lines(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n"
    presence = "" if table.required else " The file may be absent."
    mark = "" if table.obeyed else " **Not obeyed yet.**"
    yield f"{table.description}.{presence}{mark}"
    if table.key:
        yield f"\nNo two rows have the same {', '.join(table.key)}."
    yield f"\nA row of an overlay takes the place of all rows of the same {', '.join(table.overlaid_by)}."
    yield "\n| column | type | unit | cell | description |"
    yield "|---|---|---|---|---|"
    for column in table.columns.values():
        shown = (f"`{column.name}`", column.type, column.unit, _presence(column), _meaning(column, table))
        yield f"| {' | '.join(_cell(text) for text in shown)} |"


def _presence(column: Column) -> str:
    if column.required:
        return "required"
    return f"blank = {column.default}" if column.default else "may be blank"


def _meaning(column: Column, table: Table) -> str:
    sentences = [column.description]
    if column.choices:
        sentences.append(f"One of: {', '.join(column.choices)}")
    if column.references:
        sentences.append(f"Has to occur in {' or '.join(column.references)}")
    if column.not_obeyed_words:
        sentences.append(f"**Not obeyed yet: {', '.join(column.not_obeyed_words)}**")
    if table.obeyed and not column.obeyed:
        sentences.append("**Not obeyed yet**")
    return ". ".join(sentences)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
