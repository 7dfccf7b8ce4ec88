"""Columns: itineraries priced for a batch, as the relaxation and the whole search see them."""

from __future__ import annotations

from dataclasses import dataclass

from planner.network.kept import Chain
from planner.solver.delivery import Weights

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
    vehicle_rows
        Counting units per vehicle, by row.
    box_rows
        Rows on which a box takes one unit.
    run
        Key of the boxed run; ``None`` if never boxed. Columns of a batch with equal runs share boxes.
    chain
        Main rides: columns of a batch with equal chains are one part.
    vehicle_grams, box_grams
        CO2e per vehicle and per box.
    vehicle_blend, box_blend
        Cents that only the objective ``blend`` counts.
    part_prices
        Cents that the part pays once, ride by ride; empty if it pays nothing, or has paid: kept vehicles
        ride the chain.
    """

    batch: int
    arcs: tuple[int, ...]
    vehicle_cents: int
    box_cents: int
    minutes: int
    vehicle_rows: tuple[tuple[int, int], ...]
    box_rows: tuple[int, ...]
    run: RunKey | None
    chain: Chain = ()
    vehicle_grams: int = 0
    box_grams: int = 0
    vehicle_blend: int = 0
    box_blend: int = 0
    part_prices: tuple[int, ...] = ()

    def __hash__(self) -> int:
        """Arcs name a column within its batch; the other fields follow from them."""
        return hash((self.batch, self.arcs))

    def vehicle_value(self, weights: Weights) -> int:
        """What one vehicle counts, its share of boxes left out."""
        return (
            self.vehicle_cents * weights.cents
            + self.minutes * weights.minutes
            + self.vehicle_grams * weights.grams
            + self.vehicle_blend * weights.blend
        )

    def part_value(self, weights: Weights) -> int:
        """What the part counts once, however many vehicles it has."""
        return sum(self.part_prices) * weights.cents

    def part_share(self, weight: int, part_of: int) -> int:
        """What a vehicle bears of it, each price spread over so many vehicles; 0 = over none, left out."""
        return sum(price * weight // part_of for price in self.part_prices) if part_of else 0

    def box_value(self, weights: Weights) -> int:
        """What one box counts."""
        return (
            self.box_cents * weights.cents + self.box_grams * weights.grams + self.box_blend * weights.blend
        )
