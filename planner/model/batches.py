"""Batches: what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.model.ids import BatchId, PlaceId, VehicleTypeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Vehicles of one type that leave one plant together and may be split between itineraries.

    Parameters
    ----------
    vehicles
        Number of vehicles, at least 1.
    ready_min
        Earliest gate-out, minutes since 1970-01-01T00:00Z.
    due_min
        Latest Delivered, same unit; hard unless ``late_price`` is given.
    early_price, late_price
        Exact cents per vehicle and day of delivery before or after ``due_min``, pro rata by the
        minute. ``late_price`` ``None``: being late is not allowed.
    unplanned_price
        Exact cents per vehicle left out; ``None`` = the default of the terms.
    priority
        0 to 9; raises the default price of being left out.
    value_per_vehicle
        Cargo value in exact cents; ``None`` = the typical value of the type.

    Raises
    ------
    ValueError
        If ``vehicles < 1``, ``due_min < ready_min`` or origin and destination are the same.
    """

    id: BatchId
    shipper: str = ""
    origin: PlaceId
    destination: PlaceId
    vehicle_type: VehicleTypeId
    vehicles: int
    ready_min: int
    due_min: int
    early_price: Fraction = Fraction(0)
    late_price: Fraction | None = None
    unplanned_price: Fraction | None = None
    priority: int = 0
    value_per_vehicle: Fraction | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if self.vehicles < 1:
            raise ValueError(f"batch {self.id}: vehicles < 1")
        if self.due_min < self.ready_min:
            raise ValueError(f"batch {self.id}: due before ready")
        if self.origin == self.destination:
            raise ValueError(f"batch {self.id}: origin and destination are the same place")
