"""Services, their calls and their calendars: what leaves when, and for how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from planner.model.ids import PlaceId, ServiceId
from planner.model.vehicles import BOXED

MODES = ("rail", "barge", "roro", "container_ship", "truck", "air", "other")
"""Modes of dated services. Road legs have the mode ``road``."""
ROAD = "road"
ORIGIN = "origin"
DELIVERY = "delivery"
CAPACITY_UNITS = ("vehicle", "ceu", "feu", "cbm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A stop of a service.

    Parameters
    ----------
    seq
        Order along the service, ascending, not necessarily without holes.
    arrive_min, depart_min
        Minutes after the departure from the first call. The first call has both at 0, the last has
        ``depart_min == arrive_min``.
    load, unload
        Whether cargo may board or alight here. A border or strait has neither.
    cutoff_min
        Gate-in closes this long before the departure from this call.
    release_min
        Cargo is free to move on this long after the arrival at this call.
    km_from_previous
        Length of the leg before this call; for showing.
    capacity_onward
        Most units on the leg after this call; ``None`` = the capacity of the service.
    """

    seq: int
    place: PlaceId
    arrive_min: int
    depart_min: int
    load: bool
    unload: bool
    cutoff_min: int = 0
    release_min: int = 0
    km_from_previous: int | None = None
    capacity_onward: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days on which a service leaves its first call.

    Parameters
    ----------
    weekdays
        ISO numbers, 1 = Monday.
    every_weeks
        1 = each week; n = each n-th ISO week counted from the week of ``anchor_date``.
    local_time
        Departure time on the clock of the first call's place.
    first_date, last_date
        First and last local day, both included; ``None`` = no limit.
    """

    weekdays: tuple[int, ...]
    every_weeks: int = 1
    anchor_date: date | None = None
    local_time: time
    first_date: date | None = None
    last_date: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A line of one operator.

    Parameters
    ----------
    form
        ``loose`` or ``boxed``: how cargo travels on it.
    capacity
        Most units on any leg, in counting units of ``capacity_unit``: whole vehicles or boxes,
        hundredths of CEU or cubic metres. ``None`` = unlimited.
    bookable
        False: never in a plan (reference services of the baseline).
    shippers
        Makers that may use it; empty = all.
    accepts_dg
        Whether types with a UN number may ride.
    max_height_mm, max_length_mm, max_mass_kg
        Size limits of one vehicle, boxed or not; ``None`` = no limit.
    first_date, last_date
        The service runs on local days of the first call from first to last; ``None`` = no limit.
    """

    id: ServiceId
    name: str
    operator: str = ""
    mode: str
    form: str
    capacity: int | None = None
    capacity_unit: str
    bookable: bool = True
    shippers: tuple[str, ...] = ()
    accepts_dg: bool = False
    max_height_mm: int | None = None
    max_length_mm: int | None = None
    max_mass_kg: int | None = None
    product: str = ""
    first_date: date | None = None
    last_date: date | None = None
    calls: tuple[Call, ...]
    calendars: tuple[Calendar, ...]
    source: str = ""

    @property
    def is_boxed(self) -> bool:
        """True if cargo rides in 40-foot boxes; capacity is then in boxes."""
        return self.form == BOXED

    def leg_capacity(self, leg: int) -> int | None:
        """Most units on the leg after call number ``leg`` (0 = first), ``None`` = unlimited."""
        onward = self.calls[leg].capacity_onward
        if onward is None or self.capacity is None:
            return onward if self.capacity is None else self.capacity
        return min(onward, self.capacity)
