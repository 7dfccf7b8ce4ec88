"""What a vehicle type pays for rides, roads, handling and storage, whoever sends it and wherever it goes.

Lines that are a share of the cargo's value, and charges that only those meet who come from a country or go
to it, are kept apart: they are added up for one class of cargo at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from planner.model.plans import PER_BOX, PER_PART, PER_VEHICLE
from planner.model.problem import BLEND, CO2E, GRAMS_PER_TONNE, Problem
from planner.model.services import Service
from planner.model.tariffs import FREIGHT, PART, Charge, Road, StorageTier, Tariff
from planner.model.vehicles import VehicleType
from planner.network.emissions import KG_PER_TONNE, Emissions
from planner.network.rules import applies, form_fits
from planner.network.timetable import Ints, Pair, Timetable
from planner.units import HUNDREDTHS, TEU_PER_FEU, round_half_up

PER_BOX_UNITS = ("feu", "teu")
PER_VALUE = "value"
BY_COUNTRY = ("export", "import")
"""When charges are met that hang on where a batch comes from or goes to."""


@dataclass(frozen=True, slots=True)
class TypeFares:
    """Prices of one vehicle type over one timetable.

    is_priced : bool[pairs]   rides and roads that have a price for the type
    pair_vehicle, pair_box, pair_part : int64[pairs]   cents without lines by value or country; 0 if no price
    pair_units : int64[pairs]   counting units of room per vehicle (loose) or per box (boxed)
    grams, blend : int64[2, pairs]   per vehicle and per box: CO2e, and the cents it counts under ``blend``
    tier_vehicle, tier_box : int64[rules, tiers, days]   storage cents for that many days in the tier
    by_value : pairs with lines by value
    """

    is_priced: npt.NDArray[np.bool_]
    pair_vehicle: Ints
    pair_box: Ints
    pair_part: Ints
    pair_units: Ints
    grams: Ints
    blend: Ints
    tier_vehicle: Ints
    tier_box: Ints
    by_value: tuple[int, ...]


class TypeBook:
    """Makes the fares of vehicle types, and prices what hangs on value or country besides.

    Parameters
    ----------
    with_grams
        Work out grams also where the objective does not count them.
    """

    def __init__(self, problem: Problem, timetable: Timetable, *, with_grams: bool = False) -> None:
        self._problem = problem
        self._timetable = timetable
        self._emissions = Emissions(problem.network)
        terms = problem.terms
        self._counts_grams = (
            with_grams or terms.objective == CO2E or (terms.objective == BLEND and bool(terms.carbon_price))
        )
        self._max_days = (timetable.last_min - timetable.first_min) // 1380 + 3
        self._charges: list[list[Charge]] = [self._charges_on(pair) for pair in timetable.pairs]
        self._leaving, self._entering = self._index_countries()

    def of_type(self, vehicle_type: VehicleType) -> TypeFares:
        """Prices of a type."""
        pairs = self._timetable.pairs
        is_priced = np.zeros(len(pairs), dtype=np.bool_)
        cents = np.zeros((3, len(pairs)), dtype=np.int64)
        units = np.ones(len(pairs), dtype=np.int64)
        grams = np.zeros((2, len(pairs)), dtype=np.int64)
        by_value = []
        for number, pair in enumerate(pairs):
            if pair.service is not None:
                units[number] = space_units(pair.service, vehicle_type)
            rows = _priced_rows(pair, vehicle_type)
            if rows is None:
                continue
            is_priced[number] = True
            charges = self._charges_everywhere(number, vehicle_type)
            lines = [(row.per, _price(row, pair, vehicle_type)) for row in rows if row.per != PER_VALUE]
            lines += [(charge.per, charge.price) for charge in charges if charge.per != PER_VALUE]
            cents[:, number] = _add_up(lines)
            if any(row.per == PER_VALUE for row in (*rows, *charges)):
                by_value.append(number)
            if self._counts_grams:
                grams[:, number] = self._emissions.grams_of(pair, vehicle_type)
        tier_vehicle, tier_box = self._price_tiers(vehicle_type)
        return TypeFares(
            is_priced=is_priced,
            pair_vehicle=cents[0],
            pair_box=cents[1],
            pair_part=cents[2],
            pair_units=units,
            grams=grams,
            blend=self._blend(grams),
            tier_vehicle=tier_vehicle,
            tier_box=tier_box,
            by_value=tuple(by_value),
        )

    def value_cents(self, number: int, vehicle_type: VehicleType, value: Fraction) -> int:
        """Cents that a vehicle pays on a pair that has a price, of all that is a share of its value."""
        pair = self._timetable.pairs[number]
        rows = _priced_rows(pair, vehicle_type) or ()
        prices = [_price(row, pair, vehicle_type, value) for row in rows if row.per == PER_VALUE]
        charges = self._charges_everywhere(number, vehicle_type)
        prices += [charge.price * value for charge in charges if charge.per == PER_VALUE]
        return sum(map(round_half_up, prices))

    def list_by_country(self, home: str, market: str) -> list[int]:
        """Pairs on which cargo from ``home`` for ``market`` may meet a charge of exports or imports."""
        return sorted({*self._leaving.get(home, ()), *self._entering.get(market, ())})

    def country_cents(
        self, number: int, vehicle_type: VehicleType, value: Fraction, home: str, market: str
    ) -> tuple[int, int, int]:
        """Cents per vehicle, box and part on a pair of exports from ``home`` and imports to ``market``."""
        start, end = self._timetable.pairs[number].ends
        places = self._problem.network.places
        met = {"export": places[start].country == home, "import": places[end].country == market}
        return _add_up(
            [
                (charge.per, charge.price * value if charge.per == PER_VALUE else charge.price)
                for charge in self._charges[number]
                if met.get(charge.when, False) and applies(charge.applies_to, vehicle_type)
            ]
        )

    def _index_countries(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Pairs with charges of exports by the country they leave, and of imports by the one they enter."""
        leaving: dict[str, list[int]] = {}
        entering: dict[str, list[int]] = {}
        places = self._problem.network.places
        for number, pair in enumerate(self._timetable.pairs):
            whens = {charge.when for charge in self._charges[number]}
            start, end = pair.ends
            if "export" in whens:
                leaving.setdefault(places[start].country, []).append(number)
            if "import" in whens:
                entering.setdefault(places[end].country, []).append(number)
        return leaving, entering

    def _charges_everywhere(self, number: int, vehicle_type: VehicleType) -> list[Charge]:
        """Charges of a pair that the type meets, wherever it comes from and goes to."""
        return [
            charge
            for charge in self._charges[number]
            if charge.when not in BY_COUNTRY and applies(charge.applies_to, vehicle_type)
        ]

    def _charges_on(self, pair: Pair) -> list[Charge]:
        """Charges that some batch meets on a ride or road."""
        places = self._problem.network.places
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
            for charge in self._problem.network.charges
            if charge.place_or_country in where[charge.when]
            and charge.mode in ("", pair.mode)
            and charge.form in ("", pair.form)
        ]

    def _blend(self, grams: Ints) -> Ints:
        """Cents that grams count under ``blend``, by pair; nothing under other objectives."""
        terms = self._problem.terms
        if terms.objective != BLEND or not terms.carbon_price:
            return np.zeros_like(grams)
        return round_multiples(terms.carbon_price / GRAMS_PER_TONNE, grams)

    def _price_tiers(self, vehicle_type: VehicleType) -> tuple[Ints, Ints]:
        table = self._timetable
        shape = (max(1, len(table.rules)), table.num_tiers, self._max_days)
        tables = (np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64))
        days = np.arange(1, self._max_days)
        for number, rule in enumerate(table.rules):
            for place, tier in enumerate(rule.tiers):
                measure = storage_measure(tier, vehicle_type)
                tables[tier.per in PER_BOX_UNITS][number, place, 1:] = round_multiples(
                    tier.price_per_day * measure, days, tier.once * measure
                )
        return tables


def _priced_rows(pair: Pair, vehicle_type: VehicleType) -> Sequence[Tariff | Road] | None:
    """Rows that a type pays for a ride or road; ``None`` if it has no price there."""
    if pair.service is None:
        road = pair.get_road()
        return (road,) if form_fits(road.form, vehicle_type) else None
    rows = [row for row in pair.tariffs if applies(row.applies_to, vehicle_type)]
    return rows if any(row.charge == FREIGHT for row in rows) else None


def _price(
    row: Tariff | Road, pair: Pair, vehicle_type: VehicleType, value: Fraction = Fraction(0)
) -> Fraction:
    """Exact cents per vehicle, box or part."""
    if isinstance(row, Road):
        return row.price
    measure = {
        "ceu": Fraction(vehicle_type.ceu100, HUNDREDTHS),
        "cbm": Fraction(vehicle_type.cbm100, HUNDREDTHS),
        "tonne": Fraction(vehicle_type.mass_kg, KG_PER_TONNE),
        PER_VALUE: value,
    }.get(row.per, Fraction(1))
    price = row.price * measure
    if row.minimum is not None:
        price = max(price, row.minimum)
    return price * pair.price_factor if row.charge == FREIGHT else price


def _add_up(lines: Iterable[tuple[str, Fraction]]) -> tuple[int, int, int]:
    """Cents per vehicle, per box and per part: each line is rounded once."""
    cents = {PER_VEHICLE: 0, PER_BOX: 0, PER_PART: 0}
    for per, price in lines:
        cents[{"feu": PER_BOX, PART: PER_PART}.get(per, PER_VEHICLE)] += round_half_up(price)
    return cents[PER_VEHICLE], cents[PER_BOX], cents[PER_PART]


def space_units(service: Service, vehicle_type: VehicleType) -> int:
    """Counting units of room that one vehicle (loose service) or one box (boxed service) takes."""
    return {"ceu": vehicle_type.ceu100, "cbm": vehicle_type.cbm100}.get(service.capacity_unit, 1)


def tier_cents(tier: StorageTier, days: int, vehicle_type: VehicleType) -> int:
    """Cents per vehicle or box of a storage tier that charges so many days: rounded once for all of them."""
    if days <= 0:
        return 0
    return round_half_up((tier.price_per_day * days + tier.once) * storage_measure(tier, vehicle_type))


def storage_measure(tier: StorageTier, vehicle_type: VehicleType) -> Fraction:
    """How many units of a storage tier one vehicle or box is."""
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
