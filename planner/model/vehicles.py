"""Vehicle types: size, mass, space on a deck, number in a box."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.model.ids import VehicleTypeId


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleType:
    """A model or class of vehicles, or a box of parts.

    Parameters
    ----------
    length_mm, width_mm, height_mm, mass_kg
        Outer size and kerb mass of one vehicle.
    cbm100
        Hundredths of a cubic metre.
    ceu100
        Hundredths of a car equivalent unit (RT43 = 1.00).
    vehicles_per_feu
        Vehicles in one 40-foot high-cube box; 0 = never boxed.
    loose_allowed
        False: the type travels in boxes only, from origin to delivery.
    un_number
        Dangerous goods number; empty = no dangerous goods.
    hs_code
        Code of the Harmonized System, digits only: by it duties are found; empty = none is.
    max_state_of_charge
        Highest battery charge allowed in transit, percent; for showing. ``None`` = not said.
    typical_value_cents
        Cargo value of one vehicle, exact cents of the reporting currency.

    Raises
    ------
    ValueError
        If the type can be carried neither loose nor boxed.
    """

    id: VehicleTypeId
    name: str
    name_zh: str = ""
    unit_name: str = "vehicle"
    length_mm: int
    width_mm: int
    height_mm: int
    mass_kg: int
    cbm100: int
    ceu100: int
    vehicles_per_feu: int
    loose_allowed: bool = True
    un_number: str = ""
    drivetrain: str = ""
    hs_code: str = ""
    battery_kwh: str = ""
    max_state_of_charge: int | None = None
    typical_value_cents: Fraction = Fraction(0)
    source: str = ""

    def __post_init__(self) -> None:
        if self.vehicles_per_feu < 0:
            raise ValueError(f"vehicle type {self.id}: vehicles_per_feu is negative")
        if self.vehicles_per_feu == 0 and not self.loose_allowed:
            raise ValueError(f"vehicle type {self.id}: neither loose nor boxed is possible")

    @property
    def is_dangerous(self) -> bool:
        """True if only services that accept dangerous goods may carry it."""
        return bool(self.un_number)

    @property
    def first_form(self) -> str:
        """Form at the origin and at delivery: boxed only where loose is not allowed."""
        return LOOSE if self.loose_allowed else BOXED


LOOSE = "loose"
BOXED = "boxed"
FORMS = (LOOSE, BOXED)
