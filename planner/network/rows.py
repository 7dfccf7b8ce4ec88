"""What is limited, in rows: legs of departures, days of places and roads, space that allotments hold.

Rows are numbered through. The first are the legs of all departures; others are added by those who roll out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from planner.clock import EPOCH_DAY, day_number
from planner.model.ids import PlaceId
from planner.model.limits import Allotment, Throughput
from planner.model.problem import Network
from planner.model.tariffs import Road
from planner.network.closures import Closures

NO_LIMIT = 1 << 60
"""Stands for "any dwell" (minutes) and "any room" (units) in the arrays."""

Claim = tuple[str, int]
"""Shipper and the time from which it looks at allotments: what decides which space a batch may use."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A place (both ends equal) or a road on one local day, for cargo in one form."""

    from_place: PlaceId
    to_place: PlaceId
    form: str
    day: date


@dataclass(slots=True)
class Rows:
    """Rows beyond the legs, as they are met while departures are rolled out.

    Parameters
    ----------
    leg_capacity
        Counting units by leg.
    others
        By row beyond the legs, in order of finding: what it is and its capacity. Numbers of rows beyond the
        legs are only known once all legs are: :meth:`number`.
    """

    network: Network
    closures: Closures
    leg_capacity: list[int] = field(default_factory=list)
    day_rows: list[DayRow] = field(default_factory=list)
    day_capacity: list[int] = field(default_factory=list)
    held_legs: list[int] = field(default_factory=list)
    held_capacity: list[int] = field(default_factory=list)
    held_units: list[int] = field(default_factory=list)
    held_of_claim: dict[Claim, list[int]] = field(default_factory=dict)
    _day_number: dict[DayRow, int] = field(default_factory=dict)
    _throughput: dict[tuple[PlaceId, str], list[Throughput]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.network.throughput:
            self._throughput.setdefault((row.place, row.form), []).append(row)

    def is_limited(self, place: PlaceId, form: str) -> bool:
        """Whether a place limits the units a day in a form."""
        return (place, form) in self._throughput

    def at_place(self, place: PlaceId, form: str, at_min: int) -> int:
        """Number among the day rows of a place's throughput at a time; -1 if it has none."""
        limits = self._throughput.get((place, form))
        if limits is None:
            return -1
        day = _local_day(at_min, self.network.places[place].time_zone)
        row = DayRow(place, place, form, day)
        if row not in self._day_number:
            units = [w.units_per_day for w in limits if not w.weekdays or day.isoweekday() in w.weekdays]
            factor = self.closures.throughput_factor(place, day)
            self._add_day(row, int(min(units, default=0) * factor))
        return self._day_number[row]

    def on_road(self, road: Road, dispatch_min: int) -> int:
        """Number among the day rows of a road's dispatches; -1 if any number of vehicles may go."""
        if road.vehicles_per_day is None:
            return -1
        day = _local_day(dispatch_min, self.network.places[road.from_place].time_zone)
        row = DayRow(road.from_place, road.to_place, road.form, day)
        if row not in self._day_number:
            self._add_day(row, road.vehicles_per_day)
        return self._day_number[row]

    def _add_day(self, row: DayRow, capacity: int) -> None:
        self._day_number[row] = len(self.day_rows)
        self.day_rows.append(row)
        self.day_capacity.append(capacity)

    def hold(
        self,
        legs: range,
        capacities: Sequence[int | None],
        allotments: Sequence[Allotment],
        departs_min: int,
        claims: Iterable[tuple[Claim, int]],
    ) -> None:
        """Rows for the space that allotments hold on the legs of one departure.

        Batches shut out of the allotments E may use what these leave. By Hall's theorem everybody finds room
        just if for each set of allotments that is an intersection of some E, those shut out of all of it
        keep to what it leaves.

        Parameters
        ----------
        claims
            Claim and its time now on the clock of the departure.
        """
        shut_out = {
            claim: frozenset(
                number
                for number, allotment in enumerate(allotments)
                if allotment.shipper != claim[0]
                and (allotment.release_min is None or now_min < departs_min - allotment.release_min)
            )
            for claim, now_min in claims
        }
        sets = _intersections(set(shut_out.values()))
        for leg, capacity in zip(legs, capacities, strict=True):
            if capacity is None:
                continue
            for held in sets:
                number = len(self.held_legs)
                self.held_legs.append(leg)
                self.held_units.append(sum(allotments[a].units for a in held))
                self.held_capacity.append(max(0, capacity - self.held_units[-1]))
                for claim, out in shut_out.items():
                    if held <= out:
                        self.held_of_claim.setdefault(claim, []).append(number)


def _intersections(sets: set[frozenset[int]]) -> list[frozenset[int]]:
    """All non-empty intersections of some of the sets, in a fixed order."""
    found = {one for one in sets if one}
    while True:
        more = {one & other for one, other in combinations(found, 2)} - found - {frozenset()}
        if not more:
            return sorted(found, key=sorted)
        found |= more


def _local_day(minute: int, zone: str) -> date:
    return date.fromordinal(EPOCH_DAY.toordinal() + day_number(minute, zone))
