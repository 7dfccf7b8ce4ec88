"""The rules of the model written down a second time, straight from the tables of a problem.

Departures, prices, handling and storage for the two oracles. It shares no code with the planner beyond
the dataclasses of :mod:`planner.model`: a slip in costing, check or solver must not repeat itself here.
It is written to be read beside the design, not to be fast, and it trusts its input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model import Batch, Calendar, Charge, Handling, Problem, Road, Service, StorageTier, Tariff

DAY_MIN = 1_440

LegUse = tuple[str, date, int]
"""Service, departure day, number of the leg (0 = after the first call)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Whole cents of one unit, split by what they are paid for."""

    vehicle: int = 0
    box: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(vehicle=self.vehicle + other.vehicle, box=self.box + other.box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A ride on a dated departure or a road dispatch, open to one batch and priced for it.

    Cargo must be handled by ``gate_min``; it is free to move on at ``free_min``. ``key`` names the move:
    service, day, board seq, alight seq, or road, from, to, dispatch.
    """

    key: tuple[str, ...]
    mode: str
    form: str
    from_place: str
    to_place: str
    gate_min: int
    free_min: int
    money: Money
    uses: tuple[LegUse, ...] = ()


def cents(price: Fraction) -> int:
    """Round half up to whole cents."""
    return floor(Fraction(price) + Fraction(1, 2))


@cache
def minute_of(day: date, at: time, zone: str) -> int:
    """Minutes since the epoch when the clock of ``zone`` shows ``at`` on ``day``."""
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return int(moment.timestamp()) // 60


@cache
def day_of(minute: int, zone: str) -> date:
    """Local calendar day of a minute."""
    return datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(ZoneInfo(zone)).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


class BatchRules:
    """All rules as they read for one batch of a problem."""

    def __init__(self, problem: Problem, batch: Batch) -> None:
        self.problem = problem
        self.network = problem.network
        self.batch = batch
        self.type = self.network.vehicle_types[batch.vehicle_type]
        self.first_form = "loose" if self.type.loose_allowed else "boxed"
        self.per_box = self.type.vehicles_per_feu
        own_value = batch.value_per_vehicle
        self.value = self.type.typical_value_cents if own_value is None else own_value
        self._handling: dict[tuple[str, ...], Handling | None] = {}
        self._storage: dict[tuple[str, str, int, int], Money | None] = {}
        self.latest = batch.due_min + (0 if batch.late_price is None else problem.terms.max_late_min)

    def zone(self, place: str) -> str:
        return self.network.places[place].time_zone

    def country(self, place: str) -> str:
        return self.network.places[place].country

    def applies(self, row: Tariff | Charge) -> bool:
        dangerous = bool(self.type.un_number)
        return row.applies_to in ("all", self.type.id) or (row.applies_to == "dg" and dangerous)

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
        fitting = [move for move in (*rides, *roads) if move.gate_min >= ready and move.free_min <= latest]
        return sorted(fitting, key=lambda move: (move.gate_min, move.key))

    def _rides(self, service: Service) -> Iterator[Move]:
        zone = self.zone(service.calls[0].place)
        longest = timedelta(minutes=service.calls[-1].arrive_min)
        first = day_of(self.batch.ready_min, zone) - longest - timedelta(days=2)
        for day in days_between(first, day_of(self.latest, zone) + timedelta(days=1)):
            running = (c for c in service.calendars if runs_on(service, c, day))
            for start in {minute_of(day, calendar.local_time, zone) for calendar in running}:
                yield from self._rides_of(service, day, start)

    def _rides_of(self, service: Service, day: date, start: int) -> Iterator[Move]:
        calls = service.calls
        for i, board in enumerate(calls):
            for j in range(i + 1, len(calls)):
                alight = calls[j]
                if not (board.load and alight.unload) or board.place == alight.place:
                    continue
                tariff = self._ride_price(service, board.place, alight.place)
                if tariff is None:
                    continue
                passed = [call.place for call in calls[i + 1 : j]]
                charges = self._charges(service.mode, service.form, board.place, alight.place, passed)
                yield Move(
                    key=(service.id, day.isoformat(), str(board.seq), str(alight.seq)),
                    mode=service.mode,
                    form=service.form,
                    from_place=board.place,
                    to_place=alight.place,
                    gate_min=start + board.depart_min - board.cutoff_min,
                    free_min=start + alight.arrive_min + alight.release_min,
                    money=tariff + charges,
                    uses=tuple((service.id, day, leg) for leg in range(i, j)),
                )

    def _ride_price(self, service: Service, board: str, alight: str) -> Money | None:
        ends = (service.id, board, alight)
        priced = [t for t in self.network.tariffs if (t.service_id, t.from_place, t.to_place) == ends]
        rows = [row for row in priced if self.applies(row)]
        freight = [row for row in rows if row.charge == "freight"]
        if not freight:
            return None
        assert len(freight) == 1, f"two freight rows for {ends}"
        measures = {
            "vehicle": Fraction(1),
            "ceu": Fraction(self.type.ceu100, 100),
            "cbm": Fraction(self.type.cbm100, 100),
            "tonne": Fraction(self.type.mass_kg, 1000),
            "value": self.value,
            "feu": Fraction(1),
        }
        total = Money()
        for row in rows:
            price = row.price * measures[row.per]
            if row.minimum is not None:
                price = max(price, row.minimum)
            total += paid(row.per, price)
        return total

    def _dispatches(self, road: Road) -> Iterator[Move]:
        zone = self.zone(road.from_place)
        ends = road.from_place, road.to_place
        money = paid(road.per, road.price) + self._charges("road", road.form, *ends, [])
        first = day_of(self.batch.ready_min, zone) - timedelta(days=1)
        for day in days_between(first, day_of(self.latest, zone)):
            dispatch = minute_of(day, road.first_local_time, zone)
            next_first = minute_of(day + timedelta(days=1), road.first_local_time, zone)
            while dispatch < next_first:
                yield Move(
                    key=("road", *ends, road.form, str(dispatch)),
                    mode="road",
                    form=road.form,
                    from_place=road.from_place,
                    to_place=road.to_place,
                    gate_min=dispatch,
                    free_min=dispatch + road.travel_min,
                    money=money,
                )
                dispatch += road.departs_every_min

    def _charges(self, mode: str, form: str, start: str, end: str, passed: list[str]) -> Money:
        home, market = self.country(self.batch.origin), self.country(self.batch.destination)
        here, there = self.country(start), self.country(end)
        through = set(passed) | {self.country(place) for place in passed} - {here, there}
        met = {
            "load": {start, here},
            "unload": {end, there},
            "pass": through,
            "export": {start, here} if here == home != there else set(),
            "import": {end, there} if there == market != here else set(),
        }
        # a load or unload row names the place itself or its whole country
        total = Money()
        for row in self.network.charges:
            fits = row.mode in ("", mode) and row.form in ("", form) and self.applies(row)
            if fits and row.place_or_country in met[row.when]:
                total += paid(row.per, row.price * (self.value if row.per == "value" else 1))
        return total

    def handling(
        self, place: str, from_mode: str, to_mode: str, from_form: str, to_form: str
    ) -> Handling | None:
        """Row that counts for a change of mode or form; ``None`` = not possible."""
        change = place, from_mode, to_mode, from_form, to_form
        if change not in self._handling:
            self._handling[change] = self._find_handling(*change)
        return self._handling[change]

    def _find_handling(
        self, place: str, from_mode: str, to_mode: str, from_form: str, to_form: str
    ) -> Handling | None:
        rows = [
            row
            for row in self.network.handling
            if (row.from_form, row.to_form) == (from_form, to_form)
            and (row.from_mode == from_mode or (not row.from_mode and from_mode != "origin"))
            and (row.to_mode == to_mode or (not row.to_mode and to_mode != "delivery"))
        ]
        kind = self.network.places[place].kind
        near = [r for r in rows if r.place_or_kind == place] or [r for r in rows if r.place_or_kind == kind]
        ranked = sorted(near, key=precision, reverse=True)
        assert len(ranked) < 2 or precision(ranked[0]) > precision(ranked[1]), f"handling rows tie at {place}"
        return ranked[0] if ranked else None

    def storage(self, place: str, form: str, begin: int, end: int) -> Money | None:
        """Price of holding cargo from ``begin`` to ``end``; ``None`` = longer than allowed."""
        hold = place, form, begin, end
        if hold not in self._storage:
            self._storage[hold] = self._price_storage(*hold)
        return self._storage[hold]

    def _price_storage(self, place: str, form: str, begin: int, end: int) -> Money | None:
        zone = self.zone(place)
        last_day = day_of(end, zone)
        tiers = self._tiers(place, form)
        starts = [max((last_day - day_of(begin + t.from_min, zone)).days, 0) for t in tiers] + [0]
        total = Money()
        for number, tier in enumerate(tiers):
            if tier.max_dwell_min is not None and end - begin > tier.max_dwell_min:
                return None
            charged = starts[number] - starts[number + 1]
            if charged > 0:
                measures = {"cbm": Fraction(self.type.cbm100, 100), "teu": Fraction(2)}
                price = tier.price_per_day * charged + tier.once
                total += paid(tier.per, price * measures.get(tier.per, Fraction(1)))
        return total

    def _tiers(self, place: str, form: str) -> list[StorageTier]:
        rows = [row for row in self.network.storage if row.form in ("", form)]
        kind = self.network.places[place].kind
        near = [r for r in rows if r.place_or_kind == place] or [r for r in rows if r.place_or_kind == kind]
        assert len({row.from_min for row in near}) == len(near), f"two tiers start together at {place}"
        return sorted(near, key=lambda row: row.from_min)

    def at_delivery(self, delivered: int) -> Money:
        """Carrying, earliness and lateness of one vehicle."""
        batch, minutes = self.batch, delivered - self.batch.ready_min
        carrying = cents(self.value * self.problem.terms.carrying_rate * Fraction(minutes, 365 * DAY_MIN))
        early = cents(batch.early_price * Fraction(max(batch.due_min - delivered, 0), DAY_MIN))
        late = cents((batch.late_price or Fraction(0)) * Fraction(max(delivered - batch.due_min, 0), DAY_MIN))
        return Money(vehicle=carrying + early + late)

    def units(self, service_id: str) -> int:
        """Counting units one vehicle (boxed services: one box) takes of the capacity."""
        unit = self.network.services[service_id].capacity_unit
        return {"vehicle": 1, "feu": 1, "ceu": self.type.ceu100, "cbm": self.type.cbm100}[unit]


def paid(per: str, price: Fraction) -> Money:
    """One line, rounded once, for the unit it is paid by."""
    return Money(box=cents(price)) if per in ("feu", "teu") else Money(vehicle=cents(price))


def precision(row: Handling) -> tuple[int, bool]:
    """More modes named first, then the one that names where cargo comes from."""
    return bool(row.from_mode) + bool(row.to_mode), bool(row.from_mode)


def runs_on(service: Service, calendar: Calendar, day: date) -> bool:
    """True if the calendar lets the service leave on this local day."""
    if day.isoweekday() not in calendar.weekdays:
        return False
    for limit in (service.first_date, calendar.first_date):
        if limit is not None and day < limit:
            return False
    for limit in (service.last_date, calendar.last_date):
        if limit is not None and day > limit:
            return False
    if calendar.every_weeks == 1 or calendar.anchor_date is None:
        return True
    anchor = calendar.anchor_date
    monday, anchor_monday = day - timedelta(days=day.weekday()), anchor - timedelta(days=anchor.weekday())
    return (monday - anchor_monday).days // 7 % calendar.every_weeks == 0


def leg_capacity(problem: Problem, use: LegUse) -> int | None:
    """Counting units of one leg; ``None`` = unlimited."""
    service = problem.network.services[use[0]]
    limits = [c for c in (service.capacity, service.calls[use[2]].capacity_onward) if c is not None]
    return min(limits, default=None)
