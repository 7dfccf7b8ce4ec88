"""Typed rows without faults to the network of the model; the only place where fx is applied."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from planner.model.duties import Duty
from planner.model.ids import PlaceId, ServiceId, VehicleTypeId
from planner.model.observations import PRICE, Observation
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.sources import Source
from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
from planner.model.vehicles import VehicleType
from planner.reading.network_limits import (
    list_allotments,
    list_closures,
    list_emission_factors,
    list_throughput,
)
from planner.reading.network_services import find_timetable_end, list_exceptions, list_services
from planner.reading.rates import CENTS, Rates, find_usd
from planner.reading.rows import Row, Tables
from planner.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

SHORT_ROAD_KM = 200
SHORT_ROAD_STEP_MIN = 6 * MINUTES_PER_HOUR
"""Roads below :data:`SHORT_ROAD_KM` leave in this step where the row does not say, others once a day."""


def build_network(tables: Tables, currency: str, rates_date: date | None, digest: str) -> Network:
    """Network with all prices in ``currency`` at the rates of a day; the tables have no faults and rates."""
    usd = find_usd(tables, rates_date)
    rates = Rates({name: rate / usd[currency] * CENTS for name, rate in usd.items()})
    places = {place.id: place for place in map(_to_place, tables.rows["places"])}
    services = {service.id: service for service in list_services(tables, rates)}
    types = {kind.id: kind for kind in (_to_type(row, rates) for row in tables.rows["vehicle_types"])}
    return Network(
        places=MappingProxyType(places),
        services=MappingProxyType(services),
        tariffs=tuple(_to_tariff(row, rates) for row in tables.rows["tariffs"]),
        charges=tuple(_to_charge(row, rates) for row in tables.rows["charges"]),
        roads=tuple(_to_road(row, rates) for row in tables.rows["roads"]),
        handling=tuple(_to_handling(row, rates) for row in tables.rows["handling"]),
        storage=tuple(_to_tier(row, rates) for row in tables.rows["storage"]),
        exceptions=tuple(list_exceptions(tables)),
        throughput=tuple(list_throughput(tables)),
        allotments=tuple(list_allotments(tables)),
        closures=tuple(list_closures(tables)),
        emission_factors=tuple(list_emission_factors(tables)),
        duties=tuple(_to_duty(row, rates) for row in tables.rows["duties"]),
        vehicle_types=MappingProxyType(types),
        timetable_end_min=find_timetable_end(list(services.values()), places),
        usd_price=CENTS / usd[currency],
        observations=tuple(_to_observation(row, rates) for row in tables.rows["observed"]),
        sources=MappingProxyType({row["source_id"]: _to_source(row) for row in tables.rows["sources"]}),
        row_sources=MappingProxyType(
            {
                name: tuple(row.texts["source"] for row in rows)
                for name, rows in tables.rows.items()
                if rows and "source" in rows[0].table.columns
            }
        ),
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


def _to_source(row: Row) -> Source:
    columns = ("title", "publisher", "date", "address", "grade")
    return Source(id=row["source_id"], **{column: row[column] for column in columns})


def _to_observation(row: Row, rates: Rates) -> Observation:
    is_price = row["measure"] == PRICE
    return Observation(
        id=row["observation_id"],
        what=row["what"],
        service_id=ServiceId(row["service_id"]) if row["service_id"] else None,
        from_place=PlaceId(row["from_place"]),
        to_place=PlaceId(row["to_place"]),
        measure=row["measure"],
        low=rates.cents(row, "low") if is_price else row["low"],
        high=rates.cents(row, "high") if is_price else row["high"],
        per=row["per"],
        day=row["date"],
        group=row["group"],
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
        first_date=row["first_date"],
        last_date=row["last_date"],
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
        handling_min=row["hours"],
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
        vehicles_per_day=row["vehicles_per_day"],
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


def _to_duty(row: Row, rates: Rates) -> Duty:
    return Duty(
        name=row["duty"],
        countries=row["countries"],
        hs_code=row["hs_code"],
        shippers=row["shippers"],
        rate=row["rate"],
        minimum=None if row["minimum"] is None else rates.cents(row, "minimum"),
        first_date=row["first_date"],
        last_date=row["last_date"],
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
        hs_code=row["hs_code"],
        battery_kwh=row["battery_kwh"],
        max_state_of_charge=row["max_state_of_charge"],
        typical_value_cents=rates.cents(row, "typical_value"),
        source=row.texts["source"],
    )
