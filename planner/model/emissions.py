"""Well-to-wheel emissions of a class of service or of roads."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

EMISSION_PER = ("feu_km", "ceu_km", "vehicle_km", "tkm")
ROAD_CLASS = "road"
"""Emission class of all roads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFactor:
    """Grams of CO2e per unit and kilometre.

    Parameters
    ----------
    region
        Region of the place where a leg ends; empty = every region without a row of its own.
    per
        ``feu_km``: per box, for boxed cargo; ``ceu_km``, ``vehicle_km``, ``tkm``: per vehicle.
    value
        Exact grams per unit of ``per``.
    year
        Year the value is of; the newest counts.
    """

    emission_class: str
    region: str = ""
    per: str
    value: Fraction
    year: int
    source: str = ""
