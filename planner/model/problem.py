"""A ready problem: network, batches, terms. Nothing here reads a file or solves anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from planner.model.ids import BatchId, PlaceId, ServiceId, VehicleTypeId
from planner.units import MINUTES_PER_DAY, round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.batches import Batch
    from planner.model.duties import Duty
    from planner.model.emissions import EmissionFactor
    from planner.model.limits import Allotment, Closure, Throughput
    from planner.model.observations import Observation
    from planner.model.places import Place
    from planner.model.plans import Itinerary
    from planner.model.services import DepartureException, Service
    from planner.model.sources import Source
    from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
    from planner.model.vehicles import VehicleType

COST = "cost"
TIME = "time"
CO2E = "co2e"
BLEND = "blend"
OBJECTIVES = (COST, TIME, CO2E, BLEND)
TYPICAL = "typical"
TIMES = ("low", TYPICAL, "high")
GRAMS_PER_TONNE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The tables, typed. Immutable; relations are by id.

    Parameters
    ----------
    timetable_end_min
        First minute after the last day any calendar covers; ``None`` if one has no end.
    emission_factors
        Empty: emissions are not known, and nothing is said of them.
    usd_price
        Exact cents of the currency of all prices for one US dollar.
    duties
        On import; reported, never part of a cost.
    observations
        Published figures to hold the other tables against; no plan minds them.
    sources
        Source id to what is known of it.
    row_sources
        Table to what each of its rows says of where its figures are from.
    digest
        SHA-256 of the tables as read, hexadecimal; empty for worlds built in memory.
    """

    places: Mapping[PlaceId, Place]
    services: Mapping[ServiceId, Service]
    tariffs: tuple[Tariff, ...]
    charges: tuple[Charge, ...] = ()
    roads: tuple[Road, ...] = ()
    handling: tuple[Handling, ...]
    storage: tuple[StorageTier, ...] = ()
    exceptions: tuple[DepartureException, ...] = ()
    throughput: tuple[Throughput, ...] = ()
    allotments: tuple[Allotment, ...] = ()
    closures: tuple[Closure, ...] = ()
    emission_factors: tuple[EmissionFactor, ...] = ()
    duties: tuple[Duty, ...] = ()
    vehicle_types: Mapping[VehicleTypeId, VehicleType]
    observations: tuple[Observation, ...] = ()
    timetable_end_min: int | None = None
    usd_price: Fraction = Fraction(100)
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    row_sources: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the plan is to be best at, and the prices that belong to no table.

    Parameters
    ----------
    objective
        ``cost``: cents, carrying and penalties included. ``time``: vehicle-minutes from ready to
        Delivered; ``co2e``: grams; among the best plans of either the cheapest is taken. ``blend``: cents,
        and cents for vehicle-days and for grams.
    currency
        Reporting currency; all prices of the problem are in it.
    carrying_rate
        Share of cargo value per year of 365 days.
    unplanned_price
        Exact cents per vehicle left out for priority 0, where the batch names none.
    unplanned_min
        Vehicle-minutes per vehicle left out for priority 0 under ``time``.
    unplanned_grams
        Grams per vehicle left out for priority 0 under ``co2e``.
    max_late_min
        Longest lateness where ``late_price`` is given.
    day_value
        Exact cents of one vehicle-day under ``blend``.
    carbon_price
        Exact cents of a tonne of CO2e under ``blend``.
    times
        Which arrivals are planned with, one of :data:`TIMES`; boarding keeps the timetable.
    today
        Nothing leaves before 00:00 of this day on the clock of the place, and departures past their book-by
        can't be used; ``None`` = every departure can.
    """

    objective: str = COST
    currency: str = "USD"
    carrying_rate: Fraction = Fraction(8, 100)
    unplanned_price: Fraction = Fraction(20_000 * 100)
    unplanned_min: int = 1_000 * MINUTES_PER_DAY
    unplanned_grams: int = 100 * GRAMS_PER_TONNE
    max_late_min: int = 60 * MINUTES_PER_DAY
    day_value: Fraction = Fraction(0)
    carbon_price: Fraction = Fraction(0)
    times: str = TYPICAL
    today: date | None = None

    def unplanned_cost(self, batch: Batch) -> int:
        """Penalty of leaving out one vehicle, in the unit of the objective (cents, minutes or grams)."""
        if self.objective == TIME:
            return (1 + batch.priority) * self.unplanned_min
        if self.objective == CO2E:
            return (1 + batch.priority) * self.unplanned_grams
        if batch.unplanned_price is not None:
            return round_half_up(batch.unplanned_price)
        return round_half_up((1 + batch.priority) * self.unplanned_price)

    def latest_delivery_min(self, batch: Batch) -> int:
        """Latest Delivered that is allowed."""
        return batch.due_min + (0 if batch.late_price is None else self.max_late_min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What the solver gets and the checker holds the plan against.

    Batches are in the order of the file; no two have the same id.

    Parameters
    ----------
    kept
        Itineraries that are fixed, by batch: booked, or departed. They are in every plan as they are.
    """

    network: Network
    batches: tuple[Batch, ...]
    terms: Terms = Terms()
    kept: Mapping[BatchId, tuple[Itinerary, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def vehicle_type_of(self, batch: Batch) -> VehicleType:
        """The vehicle type of a batch."""
        return self.network.vehicle_types[batch.vehicle_type]

    def open_vehicles(self, batch: Batch) -> int:
        """Vehicles of a batch that are not kept: those that are planned."""
        return batch.vehicles - sum(itinerary.vehicles for itinerary in self.kept.get(batch.id, ()))

    def value_cents(self, batch: Batch) -> Fraction:
        """Cargo value of one vehicle of a batch, exact cents."""
        if batch.value_per_vehicle is not None:
            return batch.value_per_vehicle
        return self.vehicle_type_of(batch).typical_value_cents
