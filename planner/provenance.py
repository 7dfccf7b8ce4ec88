"""How solid the tables are: which rows are sourced, derived or estimated, by what kind of source, how old."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from planner.model.problem import Network
from planner.model.sources import ESTIMATE, Source

SOURCED, DERIVED, ESTIMATED = "sourced", "derived", "estimated"
GROUNDS = (SOURCED, DERIVED, ESTIMATED)
"""From solid to weak: all figures of a row are published; some are; none is."""
GRADES = "ABCD"
UNGRADED = "?"
_YEAR = re.compile(r"\b(19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a row stands on.

    Parameters
    ----------
    rank
        Place of the ground in :data:`GROUNDS`.
    grade
        Weakest grade among the sources that the row names; empty if it names none.
    """

    rank: int
    grade: str

    @property
    def weakness(self) -> tuple[int, int]:
        """The greater, the weaker: by ground, then by grade."""
        return self.rank, _weakness(self.grade)

    @property
    def ground(self) -> str:
        """One of :data:`GROUNDS`."""
        return GROUNDS[self.rank]

    def __str__(self) -> str:
        return f"{self.ground} ({self.grade})" if self.grade else self.ground


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProvenance:
    """Rows of a table by ground and by weakest grade, and the years of their sources.

    Parameters
    ----------
    oldest, newest
        Years of publication; ``None`` if no row names a source with a year.
    """

    table: str
    rows: int
    grounds: Mapping[str, int]
    grades: Mapping[str, int]
    oldest: int | None
    newest: int | None


def split_source(cell: str) -> tuple[tuple[str, ...], str]:
    """Source ids of a cell, and how what is not sourced was estimated; either may be empty."""
    named, mark, how = cell.partition(ESTIMATE)
    return tuple(part.strip() for part in named.split(";") if part.strip()), how.strip() if mark else ""


def ground_of(cell: str, sources: Mapping[str, Source]) -> Ground:
    """What a row with this ``source`` cell stands on."""
    named, how = split_source(cell)
    rank = GROUNDS.index(ESTIMATED if not named else DERIVED if how else SOURCED)
    grades = [sources[source].grade or UNGRADED for source in named if source in sources]
    return Ground(rank, max(grades, key=_weakness, default=""))


def _weakness(grade: str) -> int:
    return GRADES.find(grade) if grade in GRADES else len(GRADES)


def trace_tables(network: Network) -> tuple[TableProvenance, ...]:
    """Provenance of every table that has rows, in the order of the description."""
    return tuple(_trace(network, table, cells) for table, cells in network.row_sources.items())


def _trace(network: Network, table: str, cells: tuple[str, ...]) -> TableProvenance:
    found = [ground_of(cell, network.sources) for cell in cells]
    years = [
        int(match.group())
        for cell in cells
        for source in split_source(cell)[0]
        if source in network.sources
        for match in _YEAR.finditer(network.sources[source].date)
    ]
    return TableProvenance(
        table=table,
        rows=len(cells),
        grounds=Counter(each.ground for each in found),
        grades=Counter(each.grade for each in found if each.grade),
        oldest=min(years, default=None),
        newest=max(years, default=None),
    )
