"""Services, their calls and their calendars: what leaves when, and for how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction

from planner.model.ids import PlaceId, ServiceId
from planner.model.vehicles import BOXED

RAIL, BARGE, RORO, CONTAINER_SHIP = "rail", "barge", "roro", "container_ship"
MODES = (RAIL, BARGE, RORO, CONTAINER_SHIP, "truck", "air", "other")
"""Modes of dated services. Road legs have the mode ``road``."""
ROAD = "road"
ORIGIN = "origin"
DELIVERY = "delivery"
CAPACITY_UNITS = ("vehicle", "ceu", "feu", "cbm")
ADDED, CANCELLED, CHANGED = "added", "cancelled", "changed"


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
    arrive_low_min, arrive_high_min
        Arrival of a fast and of a slow journey (quantiles of the journey up to here), minutes after the
        departure from the first call; ``None`` = as ``arrive_min``.
    km_from_previous
        Length of the leg before this call, for emissions; ``None`` = not known.
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
    arrive_low_min: int | None = None
    arrive_high_min: int | None = None
    km_from_previous: int | None = None
    capacity_onward: int | None = None
    source: str = ""

    def alight_min(self, times: str) -> int:
        """Arrival as :data:`planner.model.problem.TIMES` asks for it; boarding keeps the timetable."""
        other = {"low": self.arrive_low_min, "high": self.arrive_high_min}.get(times)
        return self.arrive_min if other is None else other


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
class DepartureException:
    """A single day on which a service runs otherwise than its calendars say.

    Parameters
    ----------
    day
        Scheduled local day at the first call; it names the departure also where the time is shifted.
    effect
        ``added``: a departure at the local time of the service's first calendar; ``cancelled``: none;
        ``changed``: the one of the calendar, otherwise.
    capacity
        Replaces the service's capacity, in counting units (``capacity_onward`` still caps); ``None`` = as is.
    price_factor
        Multiplies every freight line of the departure, its minimum included.
    time_shift_min
        All calls are this much later.
    """

    service_id: ServiceId
    day: date
    effect: str
    capacity: int | None = None
    price_factor: Fraction = Fraction(1)
    time_shift_min: int = 0
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
    departure_price
        Exact cents paid once for a departure that is used.
    module_capacity
        Space is bought in steps of so many counting units, one number of steps for all legs of a
        departure; ``None`` = one step is the whole capacity.
    module_price
        Exact cents of one step.
    min_load
        Least counting units boarded over a whole departure that is used.
    bookable
        False: never in a plan (reference services of the baseline).
    shippers
        Makers that may use it; empty = all.
    accepts_dg
        Whether types with a UN number may ride.
    max_height_mm, max_length_mm, max_mass_kg
        Size limits of one vehicle, boxed or not; ``None`` = no limit.
    emission_class
        Class in the emission factors; empty = none.
    book_by_min
        Bookings close this long before the departure from the first call; ``None`` = never.
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
    departure_price: Fraction = Fraction(0)
    module_capacity: int | None = None
    module_price: Fraction = Fraction(0)
    min_load: int = 0
    bookable: bool = True
    shippers: tuple[str, ...] = ()
    accepts_dg: bool = False
    max_height_mm: int | None = None
    max_length_mm: int | None = None
    max_mass_kg: int | None = None
    emission_class: str = ""
    book_by_min: int | None = None
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

    @property
    def is_chartered(self) -> bool:
        """True if a departure costs something as a whole, comes in modules or needs a least load."""
        return bool(
            self.departure_price or self.module_price or self.min_load or self.module_capacity is not None
        )

    def leg_capacity(self, leg: int, capacity: int | None = None) -> int | None:
        """Most units on the leg after call number ``leg`` (0 = first), ``None`` = unlimited.

        Parameters
        ----------
        capacity
            Capacity of one departure that replaces the service's own.
        """
        limits = [self.capacity if capacity is None else capacity, self.calls[leg].capacity_onward]
        return min((limit for limit in limits if limit is not None), default=None)
