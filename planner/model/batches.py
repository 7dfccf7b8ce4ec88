"""Batches: what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.model.ids import BatchId, PlaceId, VehicleTypeId

MAX_VIA = 3


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
    max_parts
        Most parts (chains of main rides) it may be split into; ``None`` = any number.
    all_or_none
        Either all vehicles ride or none.
    min_part
        Least vehicles of a part; a part never needs more than the whole batch.
    modes
        Modes its main rides may have; empty = any. Roads are not main rides.
    not_modes
        Modes it never rides; ``road`` bans roads.
    needed_modes
        Modes of each of which an itinerary has at least one main ride.
    via
        Places it has to meet, in any order, by a call ridden through or a change; at most three.
    not_via
        Places, countries (ISO 3166) and services it never meets, calls ridden through and both ends of roads
        included.
    value_per_vehicle
        Cargo value in exact cents; ``None`` = the typical value of the type.

    Raises
    ------
    ValueError
        If ``vehicles``, ``max_parts`` or ``min_part`` is below 1, ``due_min < ready_min``, origin and
        destination are the same, or ``via`` names more than three places or one of the two ends.
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
    max_parts: int | None = None
    all_or_none: bool = False
    min_part: int = 1
    modes: tuple[str, ...] = ()
    not_modes: tuple[str, ...] = ()
    needed_modes: tuple[str, ...] = ()
    via: tuple[PlaceId, ...] = ()
    not_via: tuple[str, ...] = ()
    value_per_vehicle: Fraction | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if self.vehicles < 1:
            raise ValueError(f"batch {self.id}: vehicles < 1")
        if self.due_min < self.ready_min:
            raise ValueError(f"batch {self.id}: due before ready")
        if self.origin == self.destination:
            raise ValueError(f"batch {self.id}: origin and destination are the same place")
        if self.min_part < 1 or (self.max_parts is not None and self.max_parts < 1):
            raise ValueError(f"batch {self.id}: max_parts or min_part below 1")
        if len(self.via) > MAX_VIA or {self.origin, self.destination} & set(self.via):
            raise ValueError(f"batch {self.id}: via names an end or more than {MAX_VIA} places")

    @property
    def least_part(self) -> int:
        """Least vehicles of a part: ``min_part``, but never more than the batch has."""
        return min(self.min_part, self.vehicles)

    @property
    def num_marks(self) -> int:
        """What an itinerary has to meet: places of ``via`` and needed modes, a mark each, in this order."""
        return len(self.via) + len(self.needed_modes)
