"""Provenance of the tables on a screen and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from planner.provenance import GRADES, GROUNDS
from planner.render.words import bare_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from planner.provenance import TableProvenance

NOTE = (
    "sourced: all figures of the row are published; derived: some are, the rest is worked out or estimated; "
    "estimated: none is. Grade: the weakest source of the row, A official or the operator itself, D weak."
)


def provenance_view(tables: Sequence[TableProvenance]) -> RenderableType:
    """A line for each table and one for all of them."""
    view = bare_table(
        "Table", ">rows", *(f">{ground}" for ground in GROUNDS), *(f">{grade}" for grade in GRADES), ">years"
    )
    for table in tables:
        years = "" if table.oldest is None else f"{table.oldest}-{table.newest}"
        view.add_row(
            table.table,
            f"{table.rows:,}",
            *(_number(table.grounds.get(ground, 0)) for ground in GROUNDS),
            *(_number(table.grades.get(grade, 0)) for grade in GRADES),
            years,
        )
    view.add_row(
        "all",
        f"{sum(table.rows for table in tables):,}",
        *(_number(sum(t.grounds.get(ground, 0) for t in tables)) for ground in GROUNDS),
        *(_number(sum(t.grades.get(grade, 0) for t in tables)) for grade in GRADES),
        "",
        style="bold",
    )
    return Group(view, Text(NOTE, style="dim"))


def _number(count: int) -> str:
    return f"{count:,}" if count else "-"


def provenance_document(tables: Sequence[TableProvenance]) -> dict[str, Any]:
    """The same as data."""
    return {
        "tables": [
            {
                "table": table.table,
                "rows": table.rows,
                "grounds": {ground: table.grounds.get(ground, 0) for ground in GROUNDS},
                "weakestGrades": {grade: table.grades.get(grade, 0) for grade in GRADES},
                "oldestYear": table.oldest,
                "newestYear": table.newest,
            }
            for table in tables
        ]
    }
