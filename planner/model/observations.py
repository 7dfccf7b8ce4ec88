"""Published figures of journeys, to hold the tables against."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from planner.model.ids import PlaceId, ServiceId

DAYS, KM, PRICE = "days", "km", "price"
TABLE, HOLD_OUT, CLAIM = "table", "hold-out", "claim"
GROUPS = (TABLE, HOLD_OUT, CLAIM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A published figure of the journey between two calls of a service.

    Parameters
    ----------
    service_id
        ``None``: the network has no such service.
    measure
        ``days`` from departure to arrival, ``km``, or ``price``: freight of one unit.
    low, high
        In days, km, or exact cents of the reporting currency; equal for a single figure.
    per
        Unit of a price.
    day
        When it was published, or holds; a price is held against the tariff of this day.
    group
        ``table``: its source may feed rows of tables; ``hold-out``: it feeds none; ``claim``: the claim of 15
        days, reported apart.
    """

    id: str
    what: str
    service_id: ServiceId | None
    from_place: PlaceId
    to_place: PlaceId
    measure: str
    low: Fraction
    high: Fraction
    per: str = ""
    day: str = ""
    group: str
    source: str = ""
