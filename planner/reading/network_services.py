"""Rows of services, calls, calendars and exceptions to the services of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta

from planner.clock import local_minutes
from planner.model.ids import PlaceId, ServiceId
from planner.model.places import Place
from planner.model.services import Calendar, Call, DepartureException, Service
from planner.reading.rates import Rates
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import WHOLE_UNITS, group_by_service
from planner.units import HUNDREDTHS

MIDNIGHT = time(0, 0)


def list_services(tables: Tables, rates: Rates) -> Iterator[Service]:
    """Services with their calls and calendars, in the order of the file."""
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
            capacity=_limit(row, "capacity", unit),
            capacity_unit=unit,
            departure_price=rates.cents_or_nothing(row, "departure_price"),
            module_capacity=_limit(row, "module_capacity", unit),
            module_price=rates.cents_or_nothing(row, "module_price"),
            min_load=_limit(row, "min_load", unit) or 0,
            bookable=row["bookable"],
            shippers=row["shippers"],
            accepts_dg=row["accepts_dg"],
            max_height_mm=row["max_height_mm"],
            max_length_mm=row["max_length_mm"],
            max_mass_kg=row["max_mass_kg"],
            emission_class=row["emission_class"],
            book_by_min=row["book_by_h"],
            product=row["product"],
            first_date=row["first_date"],
            last_date=row["last_date"],
            calls=tuple(_to_call(call, unit) for call in calls[row["service_id"]]),
            calendars=tuple(_to_calendar(calendar) for calendar in calendars[row["service_id"]]),
            source=row.texts["source"],
        )


def in_counting_units(hundredths: int, unit: str) -> int:
    """Units as the model counts them: whole vehicles and boxes, hundredths of CEU and cubic metres."""
    return hundredths // HUNDREDTHS if unit in WHOLE_UNITS else hundredths


def _limit(row: Row, column: str, unit: str) -> int | None:
    """Counting units of a cell, ``None`` if it is blank: no limit."""
    return None if row[column] is None else in_counting_units(row[column], unit)


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
        arrive_low_min=row["arrive_low_h"],
        arrive_high_min=row["arrive_high_h"],
        km_from_previous=row["km_from_previous"],
        capacity_onward=_limit(row, "capacity_onward", capacity_unit),
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


def list_exceptions(tables: Tables) -> Iterator[DepartureException]:
    """Exceptions in the order of the file."""
    units = {row["service_id"]: row["capacity_unit"] for row in tables.rows["services"]}
    for row in tables.rows["exceptions"]:
        yield DepartureException(
            service_id=ServiceId(row["service_id"]),
            day=row["date"],
            effect=row["effect"],
            capacity=_limit(row, "capacity", units[row["service_id"]]),
            price_factor=row["price_factor"],
            time_shift_min=row["time_shift_h"],
            source=row.texts["source"],
        )


def find_timetable_end(services: Sequence[Service], places: Mapping[PlaceId, Place]) -> int | None:
    """First minute after the last local day that any calendar covers; ``None`` if one has no end.

    Departures that are added beyond it do not move it: the regular offer ends where the calendars do.
    """
    ends: list[int] = []
    for service in services:
        time_zone = places[service.calls[0].place].time_zone
        for calendar in service.calendars:
            lasts = [day for day in (service.last_date, calendar.last_date) if day is not None]
            if not lasts:
                return None
            ends.append(local_minutes(min(lasts) + timedelta(days=1), MIDNIGHT, time_zone))
    return max(ends, default=None)
