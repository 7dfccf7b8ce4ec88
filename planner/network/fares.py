"""Prices of a class of cargo as integer arrays: per vehicle and per box, whole cents.

A *class* is all that changes a price or a permission: vehicle type, cargo value (if some price is a share of
it), shipper (if some service is for named shippers) and the countries at both ends (if some charge is met
when leaving or entering them). ``group`` prices are those of s vehicles of one batch that do the same and,
where boxed, share one box: s times the vehicle price plus once the box price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from planner.clock import day_number
from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.problem import Problem
from planner.model.services import Service
from planner.model.tariffs import FREIGHT, Charge, StorageTier, Tariff
from planner.model.vehicles import BOXED, VehicleType
from planner.network.rules import applies, form_fits, may_use
from planner.network.timetable import Ints, Pair, Timetable
from planner.units import HUNDREDTHS, TEU_PER_FEU, round_half_up

CLOSED = np.int64(1) << np.int64(60)
"""Price of what is not possible; far above any sum of real prices."""
PER_BOX_UNITS = ("feu", "teu")


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What tells two classes of cargo apart; see the module text."""

    vehicle_type: str
    value: Fraction | None
    shipper: str | None
    origin_country: str | None
    destination_country: str | None


@dataclass(frozen=True, slots=True)
class Fares:
    """Prices of one class over one timetable.

    pair_vehicle, pair_box : int64[pairs]   cents, ``CLOSED`` if not usable (vehicle array)
    pair_units : int64[pairs]   counting units of room per vehicle (loose) or per box (boxed)
    pair_boxed : bool[pairs]
    transfer_vehicle, transfer_box : int64[T]   handling cents
    tier_vehicle, tier_box : int64[rules, tiers, days]   storage cents for that many days in the tier
    """

    key: ClassKey
    pair_vehicle: Ints
    pair_box: Ints
    pair_units: Ints
    pair_boxed: np.typing.NDArray[np.bool_]
    transfer_vehicle: Ints
    transfer_box: Ints
    tier_vehicle: Ints
    tier_box: Ints

    def group_pairs(self, vehicles: int) -> Ints:
        """Price of each pair for a group."""
        price = self.pair_vehicle * vehicles + np.where(self.pair_boxed, self.pair_box, 0)
        return np.where(self.pair_vehicle >= CLOSED, CLOSED, price)

    def group_units(self, vehicles: int) -> Ints:
        """Counting units a group takes on each pair."""
        return np.where(self.pair_boxed, self.pair_units, self.pair_units * vehicles)


class FareBook:
    """Makes and keeps the fares of every class of a problem."""

    def __init__(self, problem: Problem, timetable: Timetable, *, with_reference: bool = False) -> None:
        network = problem.network
        self.problem = problem
        self.timetable = timetable
        self._with_reference = with_reference
        self._tariffs: dict[tuple[str, PlaceId, PlaceId], list[Tariff]] = {}
        for row in network.tariffs:
            self._tariffs.setdefault((row.service_id, row.from_place, row.to_place), []).append(row)
        pers = {row.per for row in network.tariffs} | {charge.per for charge in network.charges}
        self._by_value = "value" in pers
        self._by_shipper = any(service.shippers for service in network.services.values())
        whens = {charge.when for charge in network.charges}
        self._by_origin, self._by_destination = "export" in whens, "import" in whens
        self._max_days = (timetable.last_min - timetable.first_min) // 1380 + 3
        self._fares: dict[ClassKey, Fares] = {}
        self._tiers: dict[str, tuple[Ints, Ints]] = {}
        self._transfers = self._price_transfers()

    def key_of(self, batch: Batch) -> ClassKey:
        """Class of a batch."""
        places = self.problem.network.places
        return ClassKey(
            vehicle_type=batch.vehicle_type,
            value=self.problem.value_cents(batch) if self._by_value else None,
            shipper=batch.shipper if self._by_shipper else None,
            origin_country=places[batch.origin].country if self._by_origin else None,
            destination_country=places[batch.destination].country if self._by_destination else None,
        )

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a batch."""
        key = self.key_of(batch)
        if key not in self._fares:
            self._fares[key] = self._price(key, batch)
        return self._fares[key]

    def _price(self, key: ClassKey, batch: Batch) -> Fares:
        vehicle_type = self.problem.vehicle_type_of(batch)
        pairs = self.timetable.pairs
        vehicle = np.full(len(pairs), CLOSED, dtype=np.int64)
        box = np.zeros(len(pairs), dtype=np.int64)
        units = np.ones(len(pairs), dtype=np.int64)
        for number, pair in enumerate(pairs):
            priced = self._price_pair(pair, batch, vehicle_type)
            if priced is not None:
                vehicle[number], box[number] = priced
            if pair.service is not None:
                units[number] = space_units(pair.service, vehicle_type)
        if vehicle_type.id not in self._tiers:
            self._tiers[vehicle_type.id] = self._price_tiers(vehicle_type)
        tier_vehicle, tier_box = self._tiers[vehicle_type.id]
        return Fares(
            key=key,
            pair_vehicle=vehicle,
            pair_box=box,
            pair_units=units,
            pair_boxed=np.array([pair.form == BOXED for pair in pairs], dtype=np.bool_),
            transfer_vehicle=self._transfers[0],
            transfer_box=self._transfers[1],
            tier_vehicle=tier_vehicle,
            tier_box=tier_box,
        )

    def _price_pair(self, pair: Pair, batch: Batch, vehicle_type: VehicleType) -> tuple[int, int] | None:
        """Cents per vehicle and per box of a ride or road; ``None`` if the class can't use it."""
        per_vehicle = per_box = 0
        if pair.service is not None:
            service = pair.service
            if not (may_use(service, batch, vehicle_type) and (service.bookable or self._with_reference)):
                return None
            rows = [
                row
                for row in self._tariffs.get((service.id, *pair.ends), ())
                if applies(row.applies_to, vehicle_type)
            ]
            if not any(row.charge == FREIGHT for row in rows):
                return None
            for row in rows:
                cents = round_half_up(self._tariff_price(row, batch, vehicle_type))
                if row.per == "feu":
                    per_box += cents
                else:
                    per_vehicle += cents
        else:
            road = pair.get_road()
            if not form_fits(road.form, vehicle_type):
                return None
            if road.per == "feu":
                per_box += round_half_up(road.price)
            else:
                per_vehicle += round_half_up(road.price)
        for charge in self.problem.network.charges:
            if applies(charge.applies_to, vehicle_type) and self._is_met(charge, pair, batch):
                value = self.problem.value_cents(batch) if charge.per == "value" else 1
                if charge.per == "feu":
                    per_box += round_half_up(charge.price)
                else:
                    per_vehicle += round_half_up(charge.price * value)
        return per_vehicle, per_box

    def _tariff_price(self, row: Tariff, batch: Batch, vehicle_type: VehicleType) -> Fraction:
        measure = {
            "vehicle": Fraction(1),
            "feu": Fraction(1),
            "ceu": Fraction(vehicle_type.ceu100, HUNDREDTHS),
            "cbm": Fraction(vehicle_type.cbm100, HUNDREDTHS),
            "tonne": Fraction(vehicle_type.mass_kg, 1000),
            "value": Fraction(self.problem.value_cents(batch)),
        }[row.per]
        price = row.price * measure
        return price if row.minimum is None else max(price, row.minimum)

    def _is_met(self, charge: Charge, pair: Pair, batch: Batch) -> bool:
        places = self.problem.network.places
        where = charge.place_or_country
        if (charge.mode and charge.mode != pair.mode) or (charge.form and charge.form != pair.form):
            return False
        start, end = pair.ends
        leaves, enters = places[start].country, places[end].country
        match charge.when:
            case "load":
                return where in (start, leaves)
            case "unload":
                return where in (end, enters)
            case "pass":
                between = pair.places_between()
                return where in between or (
                    where in {places[place].country for place in between} and where not in (leaves, enters)
                )
            case "export":
                home = places[batch.origin].country
                return leaves == home != enters and where in (home, start)
            case "import":
                market = places[batch.destination].country
                return enters == market != leaves and where in (market, end)
        raise ValueError(f"charge met {charge.when!r}: unknown")

    def _price_transfers(self) -> tuple[Ints, Ints]:
        rows = [transfer.handling for transfer in self.timetable.transfers]
        cents = np.array([round_half_up(row.price) for row in rows], dtype=np.int64)
        per_box = np.array([row.per == "feu" for row in rows], dtype=np.bool_)
        return np.where(per_box, 0, cents), np.where(per_box, cents, 0)

    def _price_tiers(self, vehicle_type: VehicleType) -> tuple[Ints, Ints]:
        table = self.timetable
        shape = (max(1, len(table.rules)), table.num_tiers, self._max_days)
        tables = (np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64))
        days = np.arange(1, self._max_days)
        for number, rule in enumerate(table.rules):
            for place, tier in enumerate(rule.tiers):
                measure = _storage_measure(tier, vehicle_type)
                tables[tier.per in PER_BOX_UNITS][number, place, 1:] = round_multiples(
                    tier.price_per_day * measure, days, tier.once * measure
                )
        return tables


def space_units(service: Service, vehicle_type: VehicleType) -> int:
    """Counting units of room that one vehicle (loose service) or one box (boxed service) takes."""
    return {"ceu": vehicle_type.ceu100, "cbm": vehicle_type.cbm100}.get(service.capacity_unit, 1)


def tier_cents(tier: StorageTier, days: int, vehicle_type: VehicleType) -> int:
    """Cents per vehicle or box of a storage tier that charges so many days: rounded once for all of them."""
    if days <= 0:
        return 0
    return round_half_up((tier.price_per_day * days + tier.once) * _storage_measure(tier, vehicle_type))


def _storage_measure(tier: StorageTier, vehicle_type: VehicleType) -> Fraction:
    measures = {"cbm": Fraction(vehicle_type.cbm100, HUNDREDTHS), "teu": Fraction(TEU_PER_FEU)}
    return measures.get(tier.per, Fraction(1))


def round_multiples(price: Fraction, counts: Ints, once: Fraction = Fraction(0)) -> Ints:
    """``round_half_up(price * n + once)`` for every n of an array, exactly."""
    denominator = price.denominator * once.denominator
    slope = price.numerator * once.denominator
    offset = once.numerator * price.denominator
    largest = 2 * (abs(slope) * int(np.abs(counts).max(initial=0)) + abs(offset)) + denominator
    whole = counts.astype(object) if largest >= 1 << 62 else counts
    rounded = (2 * (slope * whole + offset) + denominator) // (2 * denominator)
    return np.asarray(rounded, dtype=np.int64)


def days_by_tier(
    tiers: Sequence[StorageTier], in_min: int, out_min: int, time_zone: str
) -> Iterator[tuple[StorageTier, int]]:
    """Days that each tier charges for a hold, tiers that charge none left out.

    With D(t) the local day number, tier i charges max(0, D(out) - D(in + from_i)) less the same of tier i +
    1.
    """
    out_day = day_number(out_min, time_zone)
    reached = [max(0, out_day - day_number(in_min + tier.from_min, time_zone)) for tier in tiers]
    for tier, since, later in zip(tiers, reached, [*reached[1:], 0], strict=True):
        if since > later:
            yield tier, since - later
