"""Prices: of rides, of passing and handling places, of roads, of dwell.

All prices are exact :class:`~fractions.Fraction` cents of the reporting currency; a line is rounded half
up to whole cents once per unit (vehicle, box or part) and then multiplied by the number of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction

from planner.model.ids import PlaceId, ServiceId

FREIGHT = "freight"
TARIFF_CHARGES = (FREIGHT, "box_hire", "surcharge", "insurance")
CHARGE_WHEN = ("load", "unload", "pass", "import", "export")
APPLIES_TO_ALL = "all"
APPLIES_TO_DG = "dg"
PART = "part"
"""``per`` of a charge that a part pays once, however many vehicles it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One price line of a ride of a service between two of its places.

    Parameters
    ----------
    charge
        One of :data:`TARIFF_CHARGES`. A ride without a freight line can't be used.
    applies_to
        ``all``, ``dg`` (types with a UN number) or a vehicle type id.
    per
        ``vehicle``, ``ceu``, ``cbm``, ``tonne``, ``value`` (share of cargo value): per vehicle;
        ``feu``: per box.
    price
        Exact cents per unit of ``per``; for ``value`` a plain share.
    minimum
        Least exact cents per vehicle or box; ``None`` = none.
    first_date, last_date
        First and last local day of boarding, both included; ``None`` = no limit.
    """

    service_id: ServiceId
    from_place: PlaceId
    to_place: PlaceId
    charge: str
    applies_to: str = APPLIES_TO_ALL
    per: str
    price: Fraction
    minimum: Fraction | None = None
    first_date: date | None = None
    last_date: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Customs, gauge change, port security and the like.

    Parameters
    ----------
    place_or_country
        A place id or an ISO country code.
    when
        ``load`` / ``unload``: at the ends of each ride; ``pass``: once per ride that goes through
        the place or country without ending there; ``export``: on the ride or road that leaves the
        origin's country; ``import``: on the one that enters the destination's.
    mode
        Mode of the ride, or ``road``; empty = any, roads included.
    form
        ``loose``, ``boxed`` or empty = both.
    per
        ``vehicle`` or ``value``: per vehicle; ``feu``: per box (form boxed only); ``part``: once per part
        and ride that meets it. Then ``mode`` names a mode that is not ``road``: what rides of a part meet
        is the same for all its vehicles, what roads meet is not.
    handling_min
        Added to the handling before the leg (``load``, ``export``) or after it (``unload``, ``import``);
        of ``pass`` it is in the timetable already.
    """

    place_or_country: str
    when: str
    mode: str = ""
    form: str = ""
    applies_to: str = APPLIES_TO_ALL
    per: str
    price: Fraction
    handling_min: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A truck leg in one direction, for one form.

    Parameters
    ----------
    travel_min
        Door to door, driver rest included.
    departs_every_min
        The dispatch grid starts at ``first_local_time`` of each local day of ``from_place`` and
        runs in this step up to, not including, the next day's first dispatch.
    per
        ``vehicle`` or ``feu`` (form boxed only).
    vehicles_per_day
        Most vehicles dispatched on one local day of ``from_place``, boxed ones too; ``None`` = any.
    """

    from_place: PlaceId
    to_place: PlaceId
    form: str
    km: int
    travel_min: int
    departs_every_min: int
    first_local_time: time
    per: str
    price: Fraction
    vehicles_per_day: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """A change of mode or form at a place or at all places of a kind.

    Parameters
    ----------
    place_or_kind
        A place id or one of the place kinds.
    from_mode, to_mode
        Empty = any mode but the pseudo-modes ``origin`` and ``delivery``, which are named.
    per
        ``vehicle`` or ``feu`` (only if one of the two forms is boxed).

    Notes
    -----
    The row that counts for a change: a place beats a kind, then the row that names more modes, then
    the one that names ``from_mode``. No row = the change is not possible.
    """

    place_or_kind: str
    from_mode: str = ""
    to_mode: str = ""
    from_form: str
    to_form: str
    handling_min: int
    per: str
    price: Fraction
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageTier:
    """Dwell price from ``from_min`` of dwell on, until the next tier of the same place and form.

    Parameters
    ----------
    form
        ``loose``, ``boxed`` or empty = both.
    per
        ``vehicle``, ``cbm`` (per vehicle) or ``feu``, ``teu`` (per box, one box = 2 TEU).
    price_per_day
        Exact cents per unit and local calendar day.
    once
        Exact cents per unit, paid once when this tier charges at least one day.
    max_dwell_min
        Longest dwell allowed; ``None`` = any; the smallest of the tiers holds.
    """

    place_or_kind: str
    form: str = ""
    from_min: int = 0
    per: str
    price_per_day: Fraction
    once: Fraction = Fraction(0)
    max_dwell_min: int | None = None
    source: str = ""
