"""Typed rows without faults to the network of the model; the only place where fx is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from fractions import Fraction
from types import MappingProxyType

from planner.clock import local_minutes
from planner.model.ids import PlaceId, ServiceId, VehicleTypeId
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.services import Calendar, Call, Service
from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
from planner.model.vehicles import VehicleType
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import WHOLE_UNITS, group_by_service
from planner.units import HUNDREDTHS, MINUTES_PER_DAY, MINUTES_PER_HOUR

SHORT_ROAD_KM = 200
SHORT_ROAD_STEP_MIN = 6 * MINUTES_PER_HOUR
"""Roads below :data:`SHORT_ROAD_KM` leave in this step where the row does not say, others once a day."""
MIDNIGHT = time(0, 0)
CENTS = 100


@dataclass(frozen=True, slots=True)
class Rates:
    """Exact cents of the reporting currency for one unit of each currency."""

    cents_of: Mapping[str, Fraction]

    def cents(self, row: Row, column: str) -> Fraction:
        """Amount of a cell, which is in the currency the row names."""
        amount: Fraction = row[column]
        return amount * self.cents_of[row["currency"]]

    def price(self, row: Row) -> Fraction:
        """Cents per unit of ``per``; a share of cargo value is no money and stays as it is."""
        share: Fraction = row["price"]
        return share if row["per"] == "value" else self.cents(row, "price")


def _newest_usd(tables: Tables) -> dict[str, Fraction]:
    """US dollars for one unit of each currency, by its row with the newest date."""
    rows = sorted(tables.list_clean("fx"), key=lambda row: row["date"].toordinal())
    return {row["currency"]: row["usd"] for row in rows}


def build_network(tables: Tables, currency: str, digest: str) -> Network:
    """Network with all prices in ``currency``; the tables have no faults and a rate for it."""
    usd = _newest_usd(tables)
    rates = Rates({name: rate / usd[currency] * CENTS for name, rate in usd.items()})
    places = {place.id: place for place in map(_to_place, tables.rows["places"])}
    services = {service.id: service for service in _list_services(tables)}
    types = {kind.id: kind for kind in (_to_type(row, rates) for row in tables.rows["vehicle_types"])}
    return Network(
        places=MappingProxyType(places),
        services=MappingProxyType(services),
        tariffs=tuple(_to_tariff(row, rates) for row in tables.rows["tariffs"]),
        charges=tuple(_to_charge(row, rates) for row in tables.rows["charges"]),
        roads=tuple(_to_road(row, rates) for row in tables.rows["roads"]),
        handling=tuple(_to_handling(row, rates) for row in tables.rows["handling"]),
        storage=tuple(_to_tier(row, rates) for row in tables.rows["storage"]),
        vehicle_types=MappingProxyType(types),
        timetable_end_min=_timetable_end(list(services.values()), places),
        usd_price=CENTS / usd[currency],
        sources=MappingProxyType({row["source_id"]: row["title"] for row in tables.rows["sources"]}),
        digest=digest,
    )


def _to_place(row: Row) -> Place:
    return Place(
        id=PlaceId(row["place_id"]),
        name=row["name"],
        name_zh=row["name_zh"],
        aliases=row["aliases"],
        kind=row["kind"],
        country=row["country"],
        region=row["region"],
        lat=row["lat"],
        lon=row["lon"],
        time_zone=row["time_zone"],
        unlocode=row["unlocode"],
        gauge=row["gauge"],
        source=row.texts["source"],
    )


def _list_services(tables: Tables) -> Iterator[Service]:
    calls = group_by_service(tables, "calls")
    calendars = group_by_service(tables, "calendars")
    for row in tables.rows["services"]:
        unit = row["capacity_unit"]
        yield Service(
            id=ServiceId(row["service_id"]),
            name=row["name"],
            operator=row["operator"],
            mode=row["mode"],
            form=row["form"],
            capacity=_in_counting_units(row["capacity"], unit),
            capacity_unit=unit,
            bookable=row["bookable"],
            shippers=row["shippers"],
            accepts_dg=row["accepts_dg"],
            max_height_mm=row["max_height_mm"],
            max_length_mm=row["max_length_mm"],
            max_mass_kg=row["max_mass_kg"],
            product=row["product"],
            first_date=row["first_date"],
            last_date=row["last_date"],
            calls=tuple(_to_call(call, unit) for call in calls[row["service_id"]]),
            calendars=tuple(_to_calendar(calendar) for calendar in calendars[row["service_id"]]),
            source=row.texts["source"],
        )


def _in_counting_units(hundredths: int | None, unit: str) -> int | None:
    """Capacity as the model counts it: whole vehicles and boxes, hundredths of CEU and cubic metres."""
    return hundredths // HUNDREDTHS if hundredths is not None and unit in WHOLE_UNITS else hundredths


def _to_call(row: Row, capacity_unit: str) -> Call:
    # Blank only where it says nothing: the arrival at the first call, the departure from the last.
    arrive = row["arrive_h"] if row["arrive_h"] is not None else 0
    depart = row["depart_h"] if row["depart_h"] is not None else arrive
    return Call(
        seq=row["seq"],
        place=PlaceId(row["place_id"]),
        arrive_min=arrive,
        depart_min=depart,
        load=row["load"],
        unload=row["unload"],
        cutoff_min=row["cutoff_h"],
        release_min=row["release_h"],
        km_from_previous=row["km_from_previous"],
        capacity_onward=_in_counting_units(row["capacity_onward"], capacity_unit),
        source=row.texts["source"],
    )


def _to_calendar(row: Row) -> Calendar:
    return Calendar(
        weekdays=row["weekdays"],
        every_weeks=row["every_weeks"],
        anchor_date=row["anchor_date"],
        local_time=row["local_time"],
        first_date=row["first_date"],
        last_date=row["last_date"],
        source=row.texts["source"],
    )


def _to_tariff(row: Row, rates: Rates) -> Tariff:
    return Tariff(
        service_id=ServiceId(row["service_id"]),
        from_place=PlaceId(row["from_place"]),
        to_place=PlaceId(row["to_place"]),
        charge=row["charge"],
        applies_to=row["applies_to"],
        per=row["per"],
        price=rates.price(row),
        minimum=None if row["minimum"] is None else rates.cents(row, "minimum"),
        source=row.texts["source"],
    )


def _to_charge(row: Row, rates: Rates) -> Charge:
    return Charge(
        place_or_country=row["place_or_country"],
        when=row["when"],
        mode=row["mode"],
        form=row["form"],
        applies_to=row["applies_to"],
        per=row["per"],
        price=rates.price(row),
        source=row.texts["source"],
    )


def _to_road(row: Row, rates: Rates) -> Road:
    default_step = SHORT_ROAD_STEP_MIN if row["km"] < SHORT_ROAD_KM else MINUTES_PER_DAY
    return Road(
        from_place=PlaceId(row["from_place"]),
        to_place=PlaceId(row["to_place"]),
        form=row["form"],
        km=row["km"],
        travel_min=row["hours"],
        departs_every_min=row["departs_every_h"] or default_step,
        first_local_time=row["first_local_time"],
        per=row["per"],
        price=rates.price(row),
        source=row.texts["source"],
    )


def _to_handling(row: Row, rates: Rates) -> Handling:
    return Handling(
        place_or_kind=row["place_or_kind"],
        from_mode=row["from_mode"],
        to_mode=row["to_mode"],
        from_form=row["from_form"],
        to_form=row["to_form"],
        handling_min=row["hours"],
        per=row["per"],
        price=rates.price(row),
        source=row.texts["source"],
    )


def _to_tier(row: Row, rates: Rates) -> StorageTier:
    return StorageTier(
        place_or_kind=row["place_or_kind"],
        form=row["form"],
        from_min=row["from_h"],
        per=row["per"],
        price_per_day=rates.cents(row, "price_per_day"),
        once=rates.cents(row, "once"),
        max_dwell_min=row["max_dwell_h"],
        source=row.texts["source"],
    )


def _to_type(row: Row, rates: Rates) -> VehicleType:
    return VehicleType(
        id=VehicleTypeId(row["vehicle_type"]),
        name=row["name"],
        name_zh=row["name_zh"],
        unit_name=row["unit_name"],
        length_mm=row["length_mm"],
        width_mm=row["width_mm"],
        height_mm=row["height_mm"],
        mass_kg=row["mass_kg"],
        cbm100=row["cbm"],
        ceu100=row["ceu"],
        vehicles_per_feu=row["vehicles_per_feu"],
        loose_allowed=row["loose_allowed"],
        un_number=row["un_number"],
        drivetrain=row["drivetrain"],
        battery_kwh=row["battery_kwh"],
        typical_value_cents=rates.cents(row, "typical_value"),
        source=row.texts["source"],
    )


def _timetable_end(services: Sequence[Service], places: Mapping[PlaceId, Place]) -> int | None:
    """First minute after the last local day that any calendar covers; ``None`` if one has no end."""
    ends: list[int] = []
    for service in services:
        time_zone = places[service.calls[0].place].time_zone
        for calendar in service.calendars:
            lasts = [day for day in (service.last_date, calendar.last_date) if day is not None]
            if not lasts:
                return None
            ends.append(local_minutes(min(lasts) + timedelta(days=1), MIDNIGHT, time_zone))
    return max(ends, default=None)
