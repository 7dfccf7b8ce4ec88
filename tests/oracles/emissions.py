"""Grams of CO2e of a ride or road, for the oracles."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.model import Network, VehicleType


class Amount(NamedTuple):
    """Whole cents or grams of one unit, split by what they count for: a vehicle, its box, its part."""

    vehicle: int = 0
    box: int = 0
    part: int = 0

    def __add__(self, other: Amount) -> Amount:  # type: ignore[override]
        return Amount(self.vehicle + other.vehicle, self.box + other.box, self.part + other.part)


def half_up(exact: Fraction | int) -> int:
    """Round half up to a whole number."""
    numerator, denominator = exact.numerator, exact.denominator
    return (2 * numerator + denominator) // (2 * denominator)


def grams(
    network: Network,
    kind: VehicleType,
    emission_class: str,
    form: str,
    legs: Iterable[tuple[str, int | None]],
) -> Amount:
    """Grams of one stage.

    Parameters
    ----------
    legs
        Place where each leg ends, and its kilometres.
    """
    if not network.emission_factors:
        return Amount()
    exact = {"vehicle": Fraction(0), "box": Fraction(0)}
    ways_to_count = set()
    for place, km in legs:
        assert km is not None, f"length of the way to {place} is not known"
        region = network.places[place].region
        per, factor = _factor(network, kind, emission_class, form, region)
        ways_to_count.add(per)
        exact[per] += km * factor
    assert len(ways_to_count) == 1, f"{emission_class} counts by vehicle and by box"
    return Amount(vehicle=half_up(exact["vehicle"]), box=half_up(exact["box"]))


def _factor(
    network: Network, kind: VehicleType, emission_class: str, form: str, region: str
) -> tuple[str, Fraction]:
    """Unit that counts, and grams of one unit and kilometre."""
    measures = {
        "ceu_km": Fraction(kind.ceu100, 100),
        "vehicle_km": Fraction(1),
        "tkm": Fraction(kind.mass_kg, 1000),
    }
    by_box = _newest(network, emission_class, "feu_km", region)
    if form == "boxed" and by_box is not None:
        return "box", by_box
    found = [(per, _newest(network, emission_class, per, region)) for per in measures]
    known = [(per, value) for per, value in found if value is not None]
    assert len(known) == 1, f"{len(known)} factors of {emission_class} in {region!r}"
    per, value = known[0]
    return "vehicle", value * measures[per]


def _newest(network: Network, emission_class: str, per: str, region: str) -> Fraction | None:
    for where in (region, ""):
        rows = [
            row
            for row in network.emission_factors
            if (row.emission_class, row.per, row.region) == (emission_class, per, where)
        ]
        if rows:
            return max(rows, key=lambda row: row.year).value
    return None
