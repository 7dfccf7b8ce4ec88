"""Prices of a class of cargo as integer arrays: per vehicle, per box and per part, whole cents.

A *class* is all that changes a price or a permission: vehicle type, cargo value (if some price is a share of
it), shipper (if some service is for named shippers), the countries at both ends (if some charge is met when
leaving or entering them), and modes, bans and vias of the batch. ``group`` prices are those of s vehicles of
one batch that do the same and, where boxed, share one box: s times the vehicle price plus once the box price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from planner.clock import day_number
from planner.model.batches import Batch
from planner.model.ids import PlaceId, VehicleTypeId
from planner.model.places import Place
from planner.model.plans import PER_BOX, PER_PART, PER_VEHICLE
from planner.model.problem import BLEND, CO2E, GRAMS_PER_TONNE, Problem
from planner.model.services import ROAD, Service
from planner.model.tariffs import FREIGHT, PART, Charge, StorageTier, Tariff
from planner.model.vehicles import BOXED, VehicleType
from planner.network.emissions import Emissions
from planner.network.rules import applies, form_fits, may_use
from planner.network.timetable import Ints, Pair, Timetable
from planner.units import HUNDREDTHS, TEU_PER_FEU, round_half_up

CLOSED = np.int64(1) << np.int64(60)
"""Price of what is not possible; far above any sum of real prices."""
PER_BOX_UNITS = ("feu", "teu")
BY_COUNTRY = ("export", "import")
"""When charges are met that hang on where a batch comes from or goes to."""


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What tells two classes of cargo apart; see the module text."""

    vehicle_type: str
    value: Fraction | None
    shipper: str | None
    origin_country: str | None
    destination_country: str | None
    modes: tuple[str, ...]
    not_modes: tuple[str, ...]
    needed_modes: tuple[str, ...]
    via: tuple[PlaceId, ...]
    not_via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fares:
    """Prices of one class over one timetable.

    pair_vehicle, pair_box : int64[pairs]   cents, ``CLOSED`` if not usable (vehicle array)
    pair_part : int64[pairs]   cents that a part pays once for the pair
    pair_units : int64[pairs]   counting units of room per vehicle (loose) or per box (boxed)
    pair_boxed : bool[pairs]
    pair_mark : int64[pairs]   bit n: the n-th via is met, by a call ridden through or at the end; after the
        vias a bit for each needed mode that is ridden
    pair_vehicle_grams, pair_box_grams : int64[pairs]   CO2e; 0 where no objective counts it
    pair_vehicle_blend, pair_box_blend : int64[pairs]   cents that the grams count under ``blend``
    transfer_vehicle, transfer_box : int64[T]   handling cents
    transfer_min : int64[T]   handling, hours of charges before and after included
    slot_after_min : int64[slots]   hours of charges after arriving in a slot
    tier_vehicle, tier_box : int64[rules, tiers, days]   storage cents for that many days in the tier
    """

    key: ClassKey
    pair_vehicle: Ints
    pair_box: Ints
    pair_part: Ints
    pair_units: Ints
    pair_boxed: np.typing.NDArray[np.bool_]
    pair_mark: Ints
    pair_vehicle_grams: Ints
    pair_box_grams: Ints
    pair_vehicle_blend: Ints
    pair_box_blend: Ints
    transfer_vehicle: Ints
    transfer_box: Ints
    transfer_min: Ints
    slot_after_min: Ints
    tier_vehicle: Ints
    tier_box: Ints

    def group_pairs(self, vehicles: int) -> Ints:
        """Price of each pair for a group."""
        price = self.pair_vehicle * vehicles + np.where(self.pair_boxed, self.pair_box, 0)
        return np.where(self.pair_vehicle >= CLOSED, CLOSED, price)

    @property
    def has_part_charges(self) -> bool:
        """Whether any pair has something that a part pays once."""
        return bool(self.pair_part.any())

    def group_grams(self, vehicles: int) -> Ints:
        """CO2e of each pair for a group."""
        return self.pair_vehicle_grams * vehicles + self.pair_box_grams

    def group_blend(self, vehicles: int) -> Ints:
        """Cents that the CO2e of each pair counts for a group."""
        return self.pair_vehicle_blend * vehicles + self.pair_box_blend

    def group_units(self, vehicles: int) -> Ints:
        """Counting units a group takes on each pair."""
        return np.where(self.pair_boxed, self.pair_units, self.pair_units * vehicles)


class FareBook:
    """Makes and keeps the fares of every class of a problem.

    Parameters
    ----------
    with_reference
        Offer the unbookable reference services.
    with_grams
        Work out grams also where the objective does not count them.
    """

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        *,
        with_reference: bool = False,
        with_grams: bool = False,
    ) -> None:
        network = problem.network
        self.problem = problem
        self.timetable = timetable
        self._with_reference = with_reference
        self._emissions = Emissions(network)
        terms = problem.terms
        self._counts_grams = (
            with_grams or terms.objective == CO2E or (terms.objective == BLEND and bool(terms.carbon_price))
        )
        pers = {row.per for row in network.tariffs} | {charge.per for charge in network.charges}
        self._by_value = "value" in pers
        self._by_shipper = any(service.shippers for service in network.services.values())
        whens = {charge.when for charge in network.charges}
        self._by_origin, self._by_destination = "export" in whens, "import" in whens
        self._max_days = (timetable.last_min - timetable.first_min) // 1380 + 3
        self._fares: dict[ClassKey, Fares] = {}
        self._tiers: dict[str, tuple[Ints, Ints]] = {}
        self._charges: list[list[Charge]] = [self._charges_on(pair) for pair in timetable.pairs]
        self._own: dict[tuple[int, VehicleTypeId, Fraction], tuple[int, int, int] | None] = {}
        self._grams: dict[tuple[int, VehicleTypeId], tuple[int, int]] = {}
        self._transfers = self._price_transfers()
        self._banned: dict[tuple[tuple[str, ...], ...], np.typing.NDArray[np.bool_]] = {}
        self._marks: dict[tuple[tuple[str, ...], ...], Ints] = {}

    def key_of(self, batch: Batch) -> ClassKey:
        """Class of a batch."""
        places = self.problem.network.places
        return ClassKey(
            vehicle_type=batch.vehicle_type,
            value=self.problem.value_cents(batch) if self._by_value else None,
            shipper=batch.shipper if self._by_shipper else None,
            origin_country=places[batch.origin].country if self._by_origin else None,
            destination_country=places[batch.destination].country if self._by_destination else None,
            modes=batch.modes,
            not_modes=batch.not_modes,
            needed_modes=batch.needed_modes,
            via=batch.via,
            not_via=batch.not_via,
        )

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a batch."""
        key = self.key_of(batch)
        if key not in self._fares:
            wishless = replace(batch, modes=(), not_modes=(), needed_modes=(), via=(), not_via=())
            if self.key_of(wishless) == key:
                self._fares[key] = self._price(key, batch)
            else:
                self._fares[key] = self._wished(key, self.fares_of(wishless), batch)
        return self._fares[key]

    def _wished(self, key: ClassKey, fares: Fares, batch: Batch) -> Fares:
        """Prices of a class with wishes: what is banned is closed, what has to be met is marked."""
        pairs, places = self.timetable.pairs, self.problem.network.places
        bans, marks = (key.modes, key.not_modes, key.not_via), (key.via, key.needed_modes)
        if bans not in self._banned:
            self._banned[bans] = np.array([is_banned(pair, batch, places) for pair in pairs], dtype=np.bool_)
        if marks not in self._marks:
            self._marks[marks] = np.array([self._mark(pair, batch) for pair in pairs], dtype=np.int64)
        return replace(
            fares,
            key=key,
            pair_vehicle=np.where(self._banned[bans], CLOSED, fares.pair_vehicle),
            pair_mark=self._marks[marks],
        )

    def _price(self, key: ClassKey, batch: Batch) -> Fares:
        vehicle_type = self.problem.vehicle_type_of(batch)
        pairs = self.timetable.pairs
        vehicle = np.full(len(pairs), CLOSED, dtype=np.int64)
        box, part = np.zeros((2, len(pairs)), dtype=np.int64)
        units = np.ones(len(pairs), dtype=np.int64)
        marks = np.zeros(len(pairs), dtype=np.int64)
        grams = np.zeros((2, len(pairs)), dtype=np.int64)
        for number, pair in enumerate(pairs):
            priced = self._price_pair(number, pair, batch, vehicle_type)
            if priced is not None:
                vehicle[number], box[number], part[number] = priced
                if self._counts_grams:
                    grams[:, number] = self._grams_of(number, pair, vehicle_type)
            if pair.service is not None:
                units[number] = space_units(pair.service, vehicle_type)
            marks[number] = self._mark(pair, batch)
        blend = self._blend(grams)
        transfer_min, slot_after_min = self._hours(batch, vehicle_type)
        if vehicle_type.id not in self._tiers:
            self._tiers[vehicle_type.id] = self._price_tiers(vehicle_type)
        tier_vehicle, tier_box = self._tiers[vehicle_type.id]
        return Fares(
            key=key,
            pair_vehicle=vehicle,
            pair_box=box,
            pair_part=part,
            pair_units=units,
            pair_boxed=np.array([pair.form == BOXED for pair in pairs], dtype=np.bool_),
            pair_mark=marks,
            pair_vehicle_grams=grams[0],
            pair_box_grams=grams[1],
            pair_vehicle_blend=blend[0],
            pair_box_blend=blend[1],
            transfer_vehicle=self._transfers[0],
            transfer_box=self._transfers[1],
            transfer_min=transfer_min,
            slot_after_min=slot_after_min,
            tier_vehicle=tier_vehicle,
            tier_box=tier_box,
        )

    def _price_pair(
        self, number: int, pair: Pair, batch: Batch, vehicle_type: VehicleType
    ) -> tuple[int, int, int] | None:
        """Cents per vehicle, per box and per part of a ride or road; ``None`` if the class can't use it."""
        if pair.service is not None and not (
            may_use(pair.service, batch, vehicle_type) and self._is_offered(pair.service)
        ):
            return None
        value = self.problem.value_cents(batch)
        key = number, vehicle_type.id, value
        if key not in self._own:
            self._own[key] = self._own_price(number, pair, vehicle_type, value)
        own = self._own[key]
        met = [charge for charge in self._charges[number] if self._is_met_by(charge, pair, batch)]
        if own is None or not met:
            return own
        more = self._add_up(self._charge_lines(met, vehicle_type, value))
        return own[0] + more[0], own[1] + more[1], own[2] + more[2]

    def _own_price(
        self, number: int, pair: Pair, vehicle_type: VehicleType, value: Fraction
    ) -> tuple[int, int, int] | None:
        """What does not hang on where a batch comes from or goes to; ``None`` if the type has no price."""
        if pair.service is not None:
            rows = [row for row in pair.tariffs if applies(row.applies_to, vehicle_type)]
            if not any(row.charge == FREIGHT for row in rows):
                return None
            lines = [(row.per, self._tariff_price(row, pair, vehicle_type, value)) for row in rows]
        else:
            road = pair.get_road()
            if not form_fits(road.form, vehicle_type):
                return None
            lines = [(road.per, road.price)]
        everywhere = [charge for charge in self._charges[number] if charge.when not in BY_COUNTRY]
        return self._add_up([*lines, *self._charge_lines(everywhere, vehicle_type, value)])

    def _charge_lines(
        self, charges: Sequence[Charge], vehicle_type: VehicleType, value: Fraction
    ) -> list[tuple[str, Fraction]]:
        return [
            (charge.per, charge.price * value if charge.per == "value" else charge.price)
            for charge in charges
            if applies(charge.applies_to, vehicle_type)
        ]

    @staticmethod
    def _add_up(lines: Sequence[tuple[str, Fraction]]) -> tuple[int, int, int]:
        """Cents per vehicle, per box and per part: each line is rounded once."""
        cents = {PER_VEHICLE: 0, PER_BOX: 0, PER_PART: 0}
        for per, price in lines:
            cents[{"feu": PER_BOX, PART: PER_PART}.get(per, PER_VEHICLE)] += round_half_up(price)
        return cents[PER_VEHICLE], cents[PER_BOX], cents[PER_PART]

    def _grams_of(self, number: int, pair: Pair, vehicle_type: VehicleType) -> tuple[int, int]:
        key = number, vehicle_type.id
        if key not in self._grams:
            self._grams[key] = self._emissions.grams_of(pair, vehicle_type)
        return self._grams[key]

    def _is_offered(self, service: Service) -> bool:
        """Bookable services; with the reference those too, but none whose price hangs on who else rides."""
        return not service.is_chartered if self._with_reference else service.bookable

    def _mark(self, pair: Pair, batch: Batch) -> int:
        """Marks met on a pair; with the reference there is one: whether it is a reference ride."""
        if self._with_reference:
            return int(pair.service is not None and not pair.service.bookable)
        return marks_met(pair, batch)

    def _blend(self, grams: Ints) -> Ints:
        """Cents that grams count under ``blend``, by pair; nothing under other objectives."""
        terms = self.problem.terms
        if terms.objective != BLEND or not terms.carbon_price:
            return np.zeros_like(grams)
        return round_multiples(terms.carbon_price / GRAMS_PER_TONNE, grams)

    def _hours(self, batch: Batch, vehicle_type: VehicleType) -> tuple[Ints, Ints]:
        """Minutes of handling by transfer, and minutes of charges after arriving by slot."""
        table, places = self.timetable, self.problem.network.places
        home, market = places[batch.origin].country, places[batch.destination].country
        hours = table.charge_hours
        before = [hours.before_min(gate, vehicle_type, home) for gate in table.gates]
        after = np.array(
            [hours.after_min(slot, vehicle_type, market) for slot in table.slots], dtype=np.int64
        )
        arrays = table.arrays
        handling = arrays["transfer_min"] + after[arrays["transfer_slot"]]
        return handling + np.array(before, dtype=np.int64)[arrays["transfer_gate"]], after

    def _tariff_price(self, row: Tariff, pair: Pair, vehicle_type: VehicleType, value: Fraction) -> Fraction:
        measure = {
            "vehicle": Fraction(1),
            "feu": Fraction(1),
            "ceu": Fraction(vehicle_type.ceu100, HUNDREDTHS),
            "cbm": Fraction(vehicle_type.cbm100, HUNDREDTHS),
            "tonne": Fraction(vehicle_type.mass_kg, 1000),
            "value": Fraction(value),
        }[row.per]
        price = row.price * measure
        if row.minimum is not None:
            price = max(price, row.minimum)
        return price * pair.price_factor if row.charge == FREIGHT else price

    def _charges_on(self, pair: Pair) -> list[Charge]:
        """Charges that some batch meets on a ride or road."""
        places = self.problem.network.places
        start, end = pair.ends
        leaves, enters = places[start].country, places[end].country
        between = pair.places_between()
        passed = {places[place].country for place in between} - {leaves, enters}
        where = {
            "load": {start, leaves},
            "unload": {end, enters},
            "pass": {*between, *passed},
            "export": {start, leaves} if leaves != enters else set(),
            "import": {end, enters} if leaves != enters else set(),
        }
        return [
            charge
            for charge in self.problem.network.charges
            if charge.mode in ("", pair.mode)
            and charge.form in ("", pair.form)
            and charge.place_or_country in where[charge.when]
        ]

    def _is_met_by(self, charge: Charge, pair: Pair, batch: Batch) -> bool:
        """Whether a batch meets an export or import on a ride or road where it can be met."""
        places = self.problem.network.places
        start, end = pair.ends
        if charge.when == "export":
            return places[start].country == places[batch.origin].country
        return charge.when == "import" and places[end].country == places[batch.destination].country

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


def is_banned(pair: Pair, batch: Batch, places: Mapping[PlaceId, Place]) -> bool:
    """Whether modes or bans of a batch rule a ride or road out."""
    if pair.mode in batch.not_modes:
        return True
    if batch.modes and pair.mode != ROAD and pair.mode not in batch.modes:
        return True
    if not batch.not_via:
        return False
    met = [*pair.ends, *pair.places_between()]
    names = {*met, *(places[place].country for place in met)}
    if pair.service is not None:
        names.add(pair.service.id)
    return not names.isdisjoint(batch.not_via)


def marks_met(pair: Pair, batch: Batch) -> int:
    """Vias and needed modes of a batch that are met on a pair, a bit each, in order."""
    if not batch.via and not batch.needed_modes:
        return 0
    places = {*pair.places_between(), pair.ends[1]}
    is_met = [place in places for place in batch.via] + [mode == pair.mode for mode in batch.needed_modes]
    return sum(1 << bit for bit, met in enumerate(is_met) if met)


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
