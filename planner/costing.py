"""Money of an itinerary, line by line, and the sums that are shown of it.

Prices are exact fractions of a cent until a line is rounded, half up, once per unit: a vehicle, a
40-foot box of the itinerary's boxed run, or the part it belongs to. A line of 0 cents is left out. Rows
are chosen from the tables alone (:mod:`planner.pricebook`), so that checker, reports and explanations
agree to the cent and depend on nothing that the solver has worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from planner.clock import day_number, local_date
from planner.emissions import KG_PER_TONNE, EmissionBook
from planner.model.plans import (
    DWELL,
    HANDLING,
    PER_BOX,
    PER_PART,
    PER_VEHICLE,
    RIDE,
    ROAD_LEG,
    CostLine,
)
from planner.model.problem import GRAMS_PER_TONNE
from planner.model.services import ORIGIN
from planner.model.tariffs import FREIGHT, PART
from planner.model.vehicles import BOXED, LOOSE
from planner.pricebook import PriceBook, PricingError, applies
from planner.sums import (
    batch_cost_by_kind,
    charges_of_parts,
    cost_by_kind,
    grams_by_mode,
    part_cents,
    share,
    share_departure,
    share_departures,
    units_paid,
)
from planner.units import DAYS_PER_YEAR, HUNDREDTHS, MINUTES_PER_DAY, TEU_PER_FEU, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planner.model.batches import Batch
    from planner.model.plans import EmissionLine, Itinerary, Stage
    from planner.model.problem import Problem
    from planner.model.services import Call
    from planner.model.tariffs import Charge
    from planner.model.vehicles import VehicleType

HOURS_BEFORE = ("load", "export")
"""Charges whose hours lengthen the handling before their leg."""
HOURS_AFTER = ("unload", "import")
"""Charges whose hours lengthen the handling after their leg."""

__all__ = [
    "Costing",
    "PricingError",
    "batch_cost_by_kind",
    "charges_of_parts",
    "cost_by_kind",
    "grams_by_mode",
    "part_cents",
    "price_itinerary",
    "share",
    "share_departure",
    "share_departures",
    "units_paid",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    """A price line before it is known to which stage it belongs; ``exact`` is cents per unit.

    ``source`` is what the row says of where its figures are from; empty where no row sets the price.
    """

    kind: str
    label: str
    per: str
    exact: Fraction
    source: str = ""


_Rounded = tuple[_Price, int]
"""A price line and its whole cents."""

_StageKey: TypeAlias = "tuple[Stage, Stage | None, str]"
"""A stage, the one before a dwell, the mode before a handling: all that prices hang on beside the cargo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cargo:
    """What prices depend on besides the way taken: one vehicle of a batch and its two countries."""

    vehicle_type: VehicleType
    value_cents: Fraction
    origin_country: str
    destination_country: str

    def measure(self, per: str, form: str, what: str) -> tuple[str, Fraction]:
        """Paying unit (vehicle or box) and how many of ``per`` it holds."""
        vehicle_type = self.vehicle_type
        match per:
            case "vehicle":
                return PER_VEHICLE, Fraction(1)
            case "ceu":
                return PER_VEHICLE, Fraction(vehicle_type.ceu100, HUNDREDTHS)
            case "cbm":
                return PER_VEHICLE, Fraction(vehicle_type.cbm100, HUNDREDTHS)
            case "tonne":
                return PER_VEHICLE, Fraction(vehicle_type.mass_kg, KG_PER_TONNE)
            case "value":
                return PER_VEHICLE, self.value_cents
            case "feu" | "teu" if form == BOXED:
                return PER_BOX, Fraction(1 if per == "feu" else TEU_PER_FEU)
        raise PricingError(f"{what}: a price per {per} is not possible for {form or 'any form of'} cargo")


class Costing:
    """Prices of one problem, indexed once; every method is a pure look-up.

    Parameters
    ----------
    problem
        Its tables and terms are read, its batches only when they are handed to :meth:`price`.
    indexed
        Costing of a problem with the same tables: they are not indexed once more.
    """

    def __init__(self, problem: Problem, *, indexed: Costing | None = None) -> None:
        self._problem = problem
        self.book: PriceBook = PriceBook(problem.network) if indexed is None else indexed.book
        self.emission_book: EmissionBook = (
            EmissionBook(problem.network, self.book) if indexed is None else indexed.emission_book
        )
        self._known: tuple[Batch | None, dict[_StageKey, tuple[_Rounded, ...]]] = (None, {})

    def price(self, batch: Batch, stages: Sequence[Stage]) -> tuple[CostLine, ...]:
        """All price lines of an itinerary, by stage; what is paid at delivery comes last.

        Parameters
        ----------
        batch
            Whose vehicles ride: type, value, ready and due times count.
        stages
            In the order described at :class:`~planner.model.plans.Stage`.

        Raises
        ------
        PricingError
            If a ride has no freight row or two, a road or a handling has no row or two, a row is paid
            per a unit that it can't be paid per, or a stage names something that is not there.
        """
        return tuple(line for line, _ in self.price_with_sources(batch, stages))

    def price_with_sources(self, batch: Batch, stages: Sequence[Stage]) -> list[tuple[CostLine, str]]:
        """The lines of :meth:`price`, each with the ``source`` of its row; empty where terms set the price.

        Raises
        ------
        PricingError
            As :meth:`price`.
        """
        cargo = self._cargo(batch)
        known = self._known_of(batch)
        lines: list[tuple[CostLine, str]] = []
        from_mode = ORIGIN
        for number, stage in enumerate(stages):
            # A stage is in many itineraries of a batch, and in each plan that the checker is shown.
            before = stages[number - 1] if stage.kind == DWELL and number else None
            key = (stage, before, from_mode if stage.kind == HANDLING else "")
            if key not in known:
                known[key] = tuple(_round(self._stage_prices(stages, number, from_mode, cargo)))
            lines.extend(_lines(known[key], number))
            if stage.kind in (RIDE, ROAD_LEG):
                from_mode = stage.mode
        if stages:
            paid = _round(self._delivered_prices(batch, cargo, stages[-1].end_min))
            lines.extend(_lines(paid, len(stages) - 1))
        return lines

    def _known_of(self, batch: Batch) -> dict[_StageKey, tuple[_Rounded, ...]]:
        """Prices of stages found for the batch asked about last."""
        if self._known[0] is not batch:
            self._known = (batch, {})
        return self._known[1]

    def _stage_prices(
        self, stages: Sequence[Stage], number: int, from_mode: str, cargo: _Cargo
    ) -> Iterator[_Price]:
        stage = stages[number]
        match stage.kind:
            case "handling":
                return self._handling_prices(stage, from_mode, cargo)
            case "dwell":
                if number == 0 or stages[number - 1].kind != HANDLING:
                    raise PricingError(f"dwell at {stage.from_place}: no handling stands before it")
                return self._storage_prices(stages[number - 1].start_min, stage, cargo)
            case "ride":
                return self._ride_prices(stage, cargo)
            case "road":
                return self._road_prices(stage, cargo)
        raise PricingError(f"stage {number}: unknown kind {stage.kind!r}")

    def emissions(self, batch: Batch, stages: Sequence[Stage]) -> tuple[EmissionLine, ...]:
        """CO2e of every ride and road of an itinerary; empty where the network knows no emission factors.

        Raises
        ------
        PricingError
            If a factor or the length of a leg is missing, two rows claim to be the factor, or a stage names
            something that is not there.
        """
        return self.emission_book.lines(self.book.get_vehicle_type(batch.vehicle_type), stages)

    def charge_min(self, batch: Batch, leg: Stage, when: Sequence[str]) -> int:
        """Minutes that the charges of a ride or road add to handling.

        Parameters
        ----------
        when
            :data:`HOURS_BEFORE` for the handling before the leg, :data:`HOURS_AFTER` for the one after it.
        """
        met = self._charges(leg, self._cargo(batch), ())
        return sum(charge.handling_min for _, charge in met if charge.when in when)

    def blend_cents_per_vehicle(
        self, batch: Batch, stages: Sequence[Stage], emissions: Sequence[EmissionLine]
    ) -> int:
        """What the days of a vehicle, and its own CO2e, count under ``blend``; whole cents.

        The days are rounded once, each line of emissions is rounded once.
        """
        minutes = stages[-1].end_min - batch.ready_min
        days = round_half_up(minutes * self._problem.terms.day_value / MINUTES_PER_DAY)
        return days + self._carbon_cents(emissions, PER_VEHICLE)

    def blend_cents_per_box(self, emissions: Sequence[EmissionLine]) -> int:
        """What the CO2e of a box counts under ``blend``; whole cents, each line rounded once."""
        return self._carbon_cents(emissions, PER_BOX)

    def _carbon_cents(self, emissions: Sequence[EmissionLine], per: str) -> int:
        price = self._problem.terms.carbon_price
        return sum(
            round_half_up(line.unit_grams * price / GRAMS_PER_TONNE) for line in emissions if line.per == per
        )

    def ride_departs_min(self, ride: Stage) -> int:
        """Departure of a ride from its board call: the gate plus the cut-off."""
        return ride.start_min + self.book.get_call(ride.service_id, ride.board_seq).cutoff_min

    def ride_arrives_min(self, ride: Stage) -> int:
        """Arrival of a ride at its alight call: before the release."""
        return ride.end_min - self.book.get_call(ride.service_id, ride.alight_seq).release_min

    def main_ride_min(self, itinerary: Itinerary) -> int | None:
        """Minutes from the first main departure to the last alight + release; ``None`` if all is road."""
        chain = itinerary.chain
        return chain[-1].end_min - self.ride_departs_min(chain[0]) if chain else None

    def _cargo(self, batch: Batch) -> _Cargo:
        vehicle_type = self.book.get_vehicle_type(batch.vehicle_type)
        return _Cargo(
            vehicle_type=vehicle_type,
            value_cents=self._problem.value_cents(batch),
            origin_country=self.book.get_place(batch.origin).country,
            destination_country=self.book.get_place(batch.destination).country,
        )

    def _handling_prices(self, stage: Stage, from_mode: str, cargo: _Cargo) -> Iterator[_Price]:
        row = self.book.get_handling(stage.from_place, from_mode, stage.from_form, stage.mode, stage.to_form)
        kind = {(LOOSE, BOXED): "stuffing", (BOXED, LOOSE): "stripping"}.get(
            (row.from_form, row.to_form), "handling"
        )
        label = f"{kind} {stage.from_place} {from_mode}-{stage.mode}"
        form = BOXED if BOXED in (row.from_form, row.to_form) else LOOSE
        per, measure = cargo.measure(row.per, form, label)
        yield _Price(kind=kind, label=label, per=per, exact=row.price * measure, source=row.source)

    def _storage_prices(self, in_min: int, dwell: Stage, cargo: _Cargo) -> Iterator[_Price]:
        """Days of tier i: D(out) - D(in + from_i), less those that tier i + 1 takes over."""
        place = self.book.get_place(dwell.from_place)
        tiers = self.book.list_storage_tiers(place.id, dwell.from_form)
        last_day = day_number(dwell.end_min, place.time_zone)
        days_from = [max(0, last_day - day_number(in_min + tier.from_min, place.time_zone)) for tier in tiers]
        steps = pairwise([*days_from, 0])
        for number, (tier, (from_here, from_next)) in enumerate(zip(tiers, steps, strict=True), start=1):
            label = f"storage {place.id} tier {number}"
            # The tier's own form counts: a tier for both forms can't be paid per box.
            per, measure = cargo.measure(tier.per, tier.form, label)
            days = from_here - from_next
            if days > 0:
                yield _Price(
                    kind="storage",
                    label=label,
                    per=per,
                    exact=(tier.price_per_day * days + tier.once) * measure,
                    source=tier.source,
                )

    def _ride_prices(self, ride: Stage, cargo: _Cargo) -> Iterator[_Price]:
        service = self.book.get_service(ride.service_id)
        board = self.book.get_call_number(ride.service_id, ride.board_seq)
        alight = self.book.get_call_number(ride.service_id, ride.alight_seq)
        departs_min = ride.start_min + service.calls[board].cutoff_min
        day = local_date(departs_min, self.book.get_place(ride.from_place).time_zone)
        factor = self.book.price_factor(service.id, ride.departure_day)
        for tariff in self.book.list_tariffs(
            service.id, ride.from_place, ride.to_place, cargo.vehicle_type, day
        ):
            label = f"{tariff.charge} {service.id} {ride.from_place}-{ride.to_place}"
            per, measure = cargo.measure(tariff.per, service.form, label)
            exact = tariff.price * measure
            if tariff.minimum is not None:
                exact = max(exact, tariff.minimum)
            if tariff.charge == FREIGHT:
                exact *= factor
            yield _Price(kind=tariff.charge, label=label, per=per, exact=exact, source=tariff.source)
        yield from self._charge_prices(ride, cargo, service.calls[board + 1 : alight])

    def _road_prices(self, stage: Stage, cargo: _Cargo) -> Iterator[_Price]:
        row = self.book.get_road(stage.from_place, stage.to_place, stage.from_form)
        label = f"road {stage.from_place}-{stage.to_place}"
        per, measure = cargo.measure(row.per, row.form, label)
        yield _Price(kind="road", label=label, per=per, exact=row.price * measure, source=row.source)
        yield from self._charge_prices(stage, cargo, ())

    def _charge_prices(self, leg: Stage, cargo: _Cargo, passed: Sequence[Call]) -> Iterator[_Price]:
        for place_or_country, charge in self._charges(leg, cargo, passed):
            label = f"charge {charge.when} {place_or_country} {leg.service_id or leg.mode}"
            if charge.per == PART:
                if leg.kind != RIDE:
                    raise PricingError(f"{label}: a price per part is not possible for a road")
                per, measure = PER_PART, Fraction(1)
            else:
                per, measure = cargo.measure(charge.per, charge.form, label)
            yield _Price(
                kind="charge", label=label, per=per, exact=charge.price * measure, source=charge.source
            )

    def _charges(self, leg: Stage, cargo: _Cargo, passed: Sequence[Call]) -> Iterator[tuple[str, Charge]]:
        """Rows that a leg meets, each with the place or country where; ``passed``: calls ridden through."""
        for when, place_or_country in self._charge_points(leg, cargo, passed):
            for charge in self.book.list_charges(when, place_or_country):
                if (
                    charge.mode in ("", leg.mode)
                    and charge.form in ("", leg.from_form)
                    and applies(charge.applies_to, cargo.vehicle_type)
                ):
                    yield place_or_country, charge

    def _charge_points(self, leg: Stage, cargo: _Cargo, passed: Sequence[Call]) -> Iterator[tuple[str, str]]:
        """Occasions on which a leg pays: what happens, and the place or country where; none twice."""
        start, end = self.book.get_place(leg.from_place), self.book.get_place(leg.to_place)
        yield from (("load", start.id), ("load", start.country))
        yield from (("pass", place_id) for place_id in dict.fromkeys(call.place for call in passed))
        countries = dict.fromkeys(self.book.get_place(call.place).country for call in passed)
        yield from (("pass", country) for country in countries if country not in (start.country, end.country))
        yield from (("unload", end.id), ("unload", end.country))
        if start.country == cargo.origin_country != end.country:
            yield from (("export", start.id), ("export", start.country))
        if start.country != cargo.destination_country == end.country:
            yield from (("import", end.id), ("import", end.country))

    def _delivered_prices(self, batch: Batch, cargo: _Cargo, delivered_min: int) -> Iterator[_Price]:
        """Carrying, earliness and lateness, pro rata by the minute."""
        rate = self._problem.terms.carrying_rate
        years = Fraction(delivered_min - batch.ready_min, DAYS_PER_YEAR * MINUTES_PER_DAY)
        yield _Price(
            kind="carrying", label="carrying", per=PER_VEHICLE, exact=cargo.value_cents * rate * years
        )
        days_late = Fraction(delivered_min - batch.due_min, MINUTES_PER_DAY)
        if days_late < 0:
            yield _Price(
                kind="early", label="early delivery", per=PER_VEHICLE, exact=batch.early_price * -days_late
            )
        elif batch.late_price is not None:
            yield _Price(
                kind="late", label="late delivery", per=PER_VEHICLE, exact=batch.late_price * days_late
            )


def price_itinerary(problem: Problem, batch: Batch, stages: Sequence[Stage]) -> tuple[CostLine, ...]:
    """Price lines of a single itinerary; use one :class:`Costing` for many, it indexes the tables once."""
    return Costing(problem).price(batch, stages)


def _round(prices: Iterator[_Price]) -> Iterator[_Rounded]:
    for price in prices:
        cents = round_half_up(price.exact)
        if cents:
            yield price, cents


def _lines(prices: Iterable[_Rounded], stage: int) -> Iterator[tuple[CostLine, str]]:
    for price, cents in prices:
        line = CostLine(kind=price.kind, stage=stage, label=price.label, per=price.per, unit_cents=cents)
        yield line, price.source
