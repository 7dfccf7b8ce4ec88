"""The first rows with faults, as a page shows them: their cells as they stand in the file, shortened."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from planner.reading.intake import JSON
from service.intake.issues import printable
from service.intake.results import Excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reading.intake import Intake, RejectedRow

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 50, 40, 80


def excerpt_of(intake: Intake) -> Excerpt:
    """The first rows with faults of a file."""
    rows = intake.rejected[:MOST_ROWS]
    if intake.format == JSON:
        return _of_items(rows)
    heads = tuple(map(_shortened, intake.header[:MOST_COLUMNS]))
    return Excerpt(
        heads=heads,
        rows=tuple(
            (_line(row), _filled(map(_shortened, row.cells[: len(heads)]), len(heads))) for row in rows
        ),
    )


def _of_items(rows: Sequence[RejectedRow]) -> Excerpt:
    items = [row.item if isinstance(row.item, dict) else {} for row in rows]
    heads = tuple(islice(dict.fromkeys(str(key) for item in items for key in item), MOST_COLUMNS))
    return Excerpt(
        heads=tuple(map(_shortened, heads)),
        rows=tuple(
            (_line(row), tuple(_shortened(_text(item[key])) if key in item else "" for key in heads))
            for row, item in zip(rows, items, strict=True)
        ),
    )


def _line(row: RejectedRow) -> int:
    return row.number if row.line is None else row.line


def _filled(cells: map[str], width: int) -> tuple[str, ...]:
    found = tuple(cells)
    return found + ("",) * (width - len(found))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _shortened(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= MOST_LETTERS else f"{shown[: MOST_LETTERS - 1]}…"
