"""Columns: itineraries priced for a batch, as the master problem and the choice in whole vehicles see them."""

from __future__ import annotations

from dataclasses import dataclass, field

RunKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """An itinerary of a batch.

    Parameters
    ----------
    batch
        Number of the batch in the problem.
    arcs
        Arcs of the timetable in order of travel.
    vehicle_cents, box_cents
        Money per vehicle and per box of its boxed run.
    minutes
        From ready to Delivered.
    loose_units
        Counting units of room per vehicle, by leg.
    box_legs
        Legs on which a box takes one unit.
    run
        Key of the boxed run; ``None`` if never boxed. Columns of a batch with equal runs share boxes.
    """

    batch: int
    arcs: tuple[int, ...]
    vehicle_cents: int
    box_cents: int
    minutes: int
    loose_units: tuple[tuple[int, int], ...]
    box_legs: tuple[int, ...]
    run: RunKey | None

    def __hash__(self) -> int:
        """Arcs name a column within its batch; the other fields follow from them."""
        return hash((self.batch, self.arcs))


@dataclass(slots=True)
class ColumnPool:
    """All columns found so far, each once, in the order found."""

    columns: list[Column] = field(default_factory=list)
    _known: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)

    def add(self, column: Column) -> int | None:
        """Number of a new column; ``None`` if it was known."""
        key = (column.batch, column.arcs)
        if key in self._known:
            return None
        self._known[key] = len(self.columns)
        self.columns.append(column)
        return len(self.columns) - 1

    def number_of(self, column: Column) -> int:
        """Number of a column; adds it if it is new."""
        added = self.add(column)
        return self._known[column.batch, column.arcs] if added is None else added
