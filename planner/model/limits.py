"""What limits a place, a service or a shipper on given days: throughput, allotments, closures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from planner.model.ids import PlaceId, ServiceId

CLOSED, CAPACITY_FACTOR, EXTRA_H = "closed", "capacity_factor", "extra_h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Most units that a place handles on one local day.

    Parameters
    ----------
    form
        Cargo that arrives in this form counts: loose in vehicles, boxed in boxes.
    units_per_day
        Vehicles or boxes.
    weekdays
        ISO numbers it is for; empty = all. On a weekday that no row of the place and form lists nothing is
        handled, if any of them lists weekdays.
    """

    place: PlaceId
    form: str
    units_per_day: int
    weekdays: tuple[int, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """Contract space of a shipper on every leg of each departure of a service.

    Parameters
    ----------
    units
        Counting units of the service's capacity unit.
    release_min
        What is not used is open to all from this long before the departure from the first call on; ``None``
        = never.
    """

    service_id: ServiceId
    shipper: str
    units: int
    release_min: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A place or service that is shut or slowed.

    Parameters
    ----------
    what
        A place or a service.
    first, last
        From local 00:00 of ``first`` to local 00:00 of ``last``, the first open day; the clock is that of
        the place, or of the first call of the service.
    effect
        ``closed``; ``capacity_factor``: room of departures that start inside, or units a day of a place,
        times ``value``, rounded down to counting units; ``extra_h``: the call and all later ones are
        ``value`` minutes later.
    value
        The factor, or minutes; ``None`` for ``closed``.
    spares
        Services or modes that are exempt.
    """

    what: str
    first: date
    last: date
    effect: str
    value: Fraction | None = None
    spares: tuple[str, ...] = ()
    reason: str = ""
    source: str = ""
