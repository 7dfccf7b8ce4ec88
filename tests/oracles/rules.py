"""The rules of the model written down a second time, straight from the tables of a problem.

Departures, prices, handling and storage for the two oracles. It shares no code with the planner beyond
the dataclasses of :mod:`planner.model`: a slip in costing, check or solver must not repeat itself here.
It is written to be read beside the design, not to be fast, and it trusts its input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from tests.oracles.dates import (
    closures_on,
    day_of,
    days_between,
    meets,
    minute_of,
    start_zone,
)
from tests.oracles.departures import Departure, find_departure, ride_is_open
from tests.oracles.emissions import Amount, grams
from tests.oracles.limits import DayUse, LegUse, day_capacity, leg_capacity
from tests.oracles.prices import BatchPrices, paid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model import Batch, Problem, Road, Service

__all__ = ["Amount", "BatchRules", "DayUse", "LegUse", "Move", "day_capacity", "leg_capacity", "paid"]

DepartureKey = tuple[str, date]
"""Service and scheduled local day at its first call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A ride on a dated departure or a road dispatch, open to one batch and priced for it.

    Cargo must be handled by ``gate_min``; it is free to move on at ``free_min``. ``key`` names the move:
    service, day, board seq, alight seq, or road, from, to, form, dispatch. Charges lengthen the handling
    before it by ``before_min`` and the one after it by ``after_min``. ``carbon`` is what its grams count
    under ``blend``. ``uses`` are all its legs, ``limited`` those with limited room; ``days`` are the limited
    days on which it counts, but for the one of the origin.
    """

    key: tuple[str, ...]
    mode: str
    form: str
    from_place: str
    to_place: str
    leave_min: int
    gate_min: int
    free_min: int
    money: Amount
    grams: Amount
    carbon: Amount
    before_min: int = 0
    after_min: int = 0
    passed: tuple[str, ...] = ()
    departure: DepartureKey | None = None
    uses: tuple[LegUse, ...] = ()
    limited: tuple[LegUse, ...] = ()
    days: tuple[DayUse, ...] = ()


class BatchRules(BatchPrices):
    """All rules as they read for one batch of a problem.

    Parameters
    ----------
    booked
        Read them for itineraries that are kept: what today forbids does not concern them.
    """

    def __init__(self, problem: Problem, batch: Batch, *, booked: bool = False) -> None:
        super().__init__(problem, batch)
        self.today = None if booked else problem.terms.today
        self._limited_days: dict[DayUse, tuple[DayUse, ...]] = {}
        self.latest = batch.due_min + (0 if batch.late_price is None else problem.terms.max_late_min)

    def may_travel(self, form: str) -> bool:
        return self.per_box > 0 if form == "boxed" else self.type.loose_allowed

    def may_use(self, service: Service) -> bool:
        too_big = any(
            limit is not None and size > limit
            for size, limit in (
                (self.type.height_mm, service.max_height_mm),
                (self.type.length_mm, service.max_length_mm),
                (self.type.mass_kg, service.max_mass_kg),
            )
        )
        known = not service.shippers or self.batch.shipper in service.shippers
        safe = service.accepts_dg or not self.type.un_number
        return service.bookable and known and safe and not too_big and self.may_travel(service.form)

    def moves(self) -> list[Move]:
        """Every ride and road dispatch that fits between ready and the latest delivery."""
        rides = (r for s in self.network.services.values() if self.may_use(s) for r in self._rides(s))
        roads = (d for r in self.network.roads if self.may_travel(r.form) for d in self._dispatches(r))
        ready, latest = self.batch.ready_min, self.latest
        fitting = [
            move
            for move in (*rides, *roads)
            if move.gate_min >= ready and move.free_min <= latest and not self._is_banned(move)
        ]
        return sorted(fitting, key=lambda move: (move.gate_min, move.key))

    def _is_banned(self, move: Move) -> bool:
        batch = self.batch
        if move.mode in batch.not_modes or (
            move.mode != "road" and batch.modes and move.mode not in batch.modes
        ):
            return True
        places = {move.from_place, move.to_place, *move.passed}
        met = places | {self.country(place) for place in places} | {move.key[0]}
        return bool(met & set(batch.not_via))

    def _now(self, place: str) -> int | None:
        return None if self.today is None else minute_of(self.today, time(0), self.zone(place))

    def _has_gone(self, place: str, until: int) -> bool:
        now = self._now(place)
        return now is not None and until < now

    def _rides(self, service: Service) -> Iterator[Move]:
        zone = start_zone(self.network, service)
        exceptions = [row for row in self.network.exceptions if row.service_id == service.id]
        extra = [c.value for c in self.network.closures if c.effect == "extra_h"]
        off = max((abs(row.time_shift_min) for row in exceptions), default=0)
        off += int(sum(extra)) * len(service.calls)
        longest = max(max(c.depart_min, c.arrive_min, c.arrive_high_min or 0) for c in service.calls)
        first = day_of(self.batch.ready_min - longest - off, zone) - timedelta(days=2)
        last = day_of(self.latest + off, zone) + timedelta(days=2)
        for day in days_between(first, last):
            departure = find_departure(self.network, service, day)
            if departure is None:
                continue
            closes = departure.leaves(0) - (service.book_by_min or 0)
            if service.book_by_min is not None and self._has_gone(service.calls[0].place, closes):
                continue
            yield from self._rides_of(departure)

    def _rides_of(self, departure: Departure) -> Iterator[Move]:
        service, day = departure.service, departure.day
        calls = service.calls
        for i, board in enumerate(calls):
            gate = departure.leaves(i) - board.cutoff_min
            if not board.load or self._has_gone(board.place, gate):
                continue
            for j in range(i + 1, len(calls)):
                alight = calls[j]
                if not alight.unload or board.place == alight.place:
                    continue
                tariff = self.ride_price(departure, i, j)
                if tariff is None or not ride_is_open(self.network, departure, i, j):
                    continue
                passed = tuple(call.place for call in calls[i + 1 : j])
                charges = self.charges(service.mode, service.form, board.place, alight.place, passed)
                free = departure.lands(j, self.problem.terms.times) + alight.release_min
                legs = [(call.place, call.km_from_previous) for call in calls[i + 1 : j + 1]]
                amount = grams(self.network, self.type, service.emission_class, service.form, legs)
                yield Move(
                    key=(service.id, day.isoformat(), str(board.seq), str(alight.seq)),
                    mode=service.mode,
                    form=service.form,
                    from_place=board.place,
                    to_place=alight.place,
                    leave_min=departure.leaves(i),
                    gate_min=gate,
                    free_min=free,
                    money=tariff + charges.money,
                    grams=amount,
                    carbon=self.carbon_cents(amount),
                    before_min=charges.before_min,
                    after_min=charges.after_min,
                    passed=passed,
                    departure=(service.id, day),
                    uses=tuple((service.id, day, leg) for leg in range(i, j)),
                    limited=tuple(
                        (service.id, day, k) for k in range(i, j) if departure.rooms[k] is not None
                    ),
                    days=self.place_day(alight.place, service.form, free),
                )

    def place_day(self, place: str, form: str, minute: int) -> tuple[DayUse, ...]:
        """The day of a place that cargo counts on, if it is limited."""
        use = (place, place, form, day_of(minute, self.zone(place)))
        if use not in self._limited_days:
            self._limited_days[use] = () if day_capacity(self.problem, use) is None else (use,)
        return self._limited_days[use]

    def _dispatches(self, road: Road) -> Iterator[Move]:
        zone = self.zone(road.from_place)
        ends = road.from_place, road.to_place
        charges = self.charges("road", road.form, *ends, ())
        money = paid(road.per, road.price) + charges.money
        amount = grams(self.network, self.type, "road", road.form, [(road.to_place, road.km)])
        shut = [
            [(closure, self.zone(place)) for closure in closures_on(self.network, place, "closed", "road")]
            for place in ends
        ]
        first = day_of(self.batch.ready_min, zone) - timedelta(days=1)
        for day in days_between(first, day_of(self.latest, zone)):
            dispatch = minute_of(day, road.first_local_time, zone)
            next_first = minute_of(day + timedelta(days=1), road.first_local_time, zone)
            while dispatch < next_first:
                arrival = dispatch + road.travel_min
                closed = any(
                    meets(closure, own_zone, moment, moment)
                    for moment, closures in zip((dispatch, arrival), shut, strict=True)
                    for closure, own_zone in closures
                )
                if not closed and not self._has_gone(road.from_place, dispatch):
                    use = (*ends, road.form, day_of(dispatch, zone))
                    own_day = () if road.vehicles_per_day is None else (use,)
                    yield Move(
                        key=("road", *ends, road.form, str(dispatch)),
                        mode="road",
                        form=road.form,
                        from_place=road.from_place,
                        to_place=road.to_place,
                        leave_min=dispatch,
                        gate_min=dispatch,
                        free_min=arrival,
                        money=money,
                        grams=amount,
                        carbon=self.carbon_cents(amount),
                        before_min=charges.before_min,
                        after_min=charges.after_min,
                        days=(*own_day, *self.place_day(road.to_place, road.form, arrival)),
                    )
                dispatch += road.departs_every_min
