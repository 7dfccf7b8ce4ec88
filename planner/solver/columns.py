"""Columns: itineraries priced for a batch, as the relaxation and the whole search see them."""

from __future__ import annotations

from dataclasses import dataclass

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
