"""What one batch pays, and how long handling takes it: the price lists for the oracles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.dates import DAY_MIN, day_of, zone_of
from tests.oracles.emissions import Amount, half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model import Batch, Charge, Handling, Problem, StorageTier, Tariff
    from tests.oracles.departures import Departure

GRAMS_PER_TONNE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """Charges of one ride or road, and how long they make the handling before and after it."""

    money: Amount
    before_min: int
    after_min: int


class BatchPrices:
    """All prices as they read for one batch of a problem."""

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
        self._storage: dict[tuple[str, str, int, int], Amount | None] = {}
        self._tiers: dict[tuple[str, str], list[StorageTier]] = {}
        self._days_held: dict[tuple[str, str, tuple[int, ...]], Amount] = {}
        self._carbon: dict[Amount, Amount] = {}
        self._at_delivery: dict[int, Amount] = {}

    def zone(self, place: str) -> str:
        return zone_of(self.network, place)

    def country(self, place: str) -> str:
        return self.network.places[place].country

    def applies(self, row: Tariff | Charge) -> bool:
        dangerous = bool(self.type.un_number)
        return row.applies_to in ("all", self.type.id) or (row.applies_to == "dg" and dangerous)

    def carbon_cents(self, amount: Amount) -> Amount:
        """What grams count under ``blend``, rounded for each stage and unit."""
        if amount not in self._carbon:
            price = self.problem.terms.carbon_price / GRAMS_PER_TONNE
            count = Amount(vehicle=half_up(amount.vehicle * price), box=half_up(amount.box * price))
            self._carbon[amount] = count
        return self._carbon[amount]

    def day_cents(self, minutes: int) -> int:
        """What the days of one vehicle count under ``blend``."""
        return half_up(self.problem.terms.day_value * Fraction(minutes, DAY_MIN))

    def ride_price(self, departure: Departure, i: int, j: int) -> Amount | None:
        """Tariffs of a ride from call ``i`` to ``j``; ``None`` = no freight row, so it can't be used."""
        service, board, alight = departure.service, departure.service.calls[i], departure.service.calls[j]
        ends = (service.id, board.place, alight.place)
        boarding = day_of(departure.leaves(i), self.zone(board.place))
        priced = [t for t in self.network.tariffs if (t.service_id, t.from_place, t.to_place) == ends]
        rows = [
            row
            for row in priced
            if self.applies(row)
            and (row.first_date is None or row.first_date <= boarding)
            and (row.last_date is None or boarding <= row.last_date)
        ]
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
        total = Amount()
        for row in rows:
            price = row.price * measures[row.per]
            if row.minimum is not None:
                price = max(price, row.minimum)
            factor = departure.price_factor if row.charge == "freight" else 1
            total += paid(row.per, price * factor)
        return total

    def charges(self, mode: str, form: str, start: str, end: str, passed: tuple[str, ...]) -> Charges:
        """Every charge that a ride or road meets."""
        home, market = self.country(self.batch.origin), self.country(self.batch.destination)
        here, there = self.country(start), self.country(end)
        through = set(passed) | {self.country(place) for place in passed} - {here, there}
        # a load or unload row names the place itself or its whole country
        met = {
            "load": {start, here},
            "unload": {end, there},
            "pass": through,
            "export": {start, here} if here == home != there else set(),
            "import": {end, there} if there == market != here else set(),
        }
        total = Amount()
        minutes: dict[str, int] = defaultdict(int)
        for row in self.network.charges:
            fits = row.mode in ("", mode) and row.form in ("", form) and self.applies(row)
            if fits and row.place_or_country in met[row.when]:
                total += paid(row.per, row.price * (self.value if row.per == "value" else 1))
                minutes[row.when] += row.handling_min
        return Charges(
            money=total,
            before_min=minutes["load"] + minutes["export"],
            after_min=minutes["unload"] + minutes["import"],
        )

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

    def storage(self, place: str, form: str, begin: int, end: int) -> Amount | None:
        """Price of holding cargo from ``begin`` to ``end``; ``None`` = longer than allowed."""
        hold = place, form, begin, end
        if hold not in self._storage:
            self._storage[hold] = self._price_storage(*hold)
        return self._storage[hold]

    def _price_storage(self, place: str, form: str, begin: int, end: int) -> Amount | None:
        zone = self.zone(place)
        last_day = day_of(end, zone)
        if (place, form) not in self._tiers:
            self._tiers[place, form] = self._list_tiers(place, form)
        tiers = self._tiers[place, form]
        if any(tier.max_dwell_min is not None and end - begin > tier.max_dwell_min for tier in tiers):
            return None
        starts = [max((last_day - day_of(begin + t.from_min, zone)).days, 0) for t in tiers] + [0]
        days = tuple(starts[number] - starts[number + 1] for number in range(len(tiers)))
        if (place, form, days) not in self._days_held:
            self._days_held[place, form, days] = self._price_days(tiers, days)
        return self._days_held[place, form, days]

    def _price_days(self, tiers: Sequence[StorageTier], days: Sequence[int]) -> Amount:
        total = Amount()
        for tier, charged in zip(tiers, days, strict=True):
            if charged > 0:
                measures = {"cbm": Fraction(self.type.cbm100, 100), "teu": Fraction(2)}
                price = tier.price_per_day * charged + tier.once
                total += paid(tier.per, price * measures.get(tier.per, Fraction(1)))
        return total

    def _list_tiers(self, place: str, form: str) -> list[StorageTier]:
        rows = [row for row in self.network.storage if row.form in ("", form)]
        kind = self.network.places[place].kind
        near = [r for r in rows if r.place_or_kind == place] or [r for r in rows if r.place_or_kind == kind]
        assert len({row.from_min for row in near}) == len(near), f"two tiers start together at {place}"
        return sorted(near, key=lambda row: row.from_min)

    def at_delivery(self, delivered: int) -> Amount:
        """Carrying, earliness and lateness of one vehicle."""
        if delivered not in self._at_delivery:
            self._at_delivery[delivered] = self._price_delivery(delivered)
        return self._at_delivery[delivered]

    def _price_delivery(self, delivered: int) -> Amount:
        batch, minutes = self.batch, delivered - self.batch.ready_min
        carrying = half_up(self.value * self.problem.terms.carrying_rate * Fraction(minutes, 365 * DAY_MIN))
        early = half_up(batch.early_price * Fraction(max(batch.due_min - delivered, 0), DAY_MIN))
        late = half_up(
            (batch.late_price or Fraction(0)) * Fraction(max(delivered - batch.due_min, 0), DAY_MIN)
        )
        return Amount(vehicle=carrying + early + late)

    def units(self, service_id: str) -> int:
        """Counting units one vehicle (boxed services: one box) takes of the capacity."""
        unit = self.network.services[service_id].capacity_unit
        return {"vehicle": 1, "feu": 1, "ceu": self.type.ceu100, "cbm": self.type.cbm100}[unit]


def paid(per: str, price: Fraction) -> Amount:
    """One line, rounded once, for the unit it is paid by."""
    unit = {"feu": "box", "teu": "box", "part": "part"}.get(per, "vehicle")
    return Amount(**{unit: half_up(price)})


def precision(row: Handling) -> tuple[int, bool]:
    """More modes named first, then the one that names where cargo comes from."""
    return bool(row.from_mode) + bool(row.to_mode), bool(row.from_mode)
