"""Rows of throughput, allotments, closures and emission factors to the model."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.emissions import EmissionFactor
from planner.model.ids import PlaceId, ServiceId
from planner.model.limits import EXTRA_H, Allotment, Closure, Throughput
from planner.reading.network_services import in_counting_units
from planner.reading.rows import Tables
from planner.units import MINUTES_PER_HOUR


def list_throughput(tables: Tables) -> Iterator[Throughput]:
    """Throughput in the order of the file."""
    for row in tables.rows["throughput"]:
        yield Throughput(
            place=PlaceId(row["place_id"]),
            form=row["form"],
            units_per_day=row["units_per_day"],
            weekdays=row["weekdays"] or (),
            source=row.texts["source"],
        )


def list_allotments(tables: Tables) -> Iterator[Allotment]:
    """Allotments in the order of the file, in counting units of their service."""
    units = {row["service_id"]: row["capacity_unit"] for row in tables.rows["services"]}
    for row in tables.rows["allotments"]:
        yield Allotment(
            service_id=ServiceId(row["service_id"]),
            shipper=row["shipper"],
            units=in_counting_units(row["units"], units[row["service_id"]]),
            release_min=row["release_h"],
            source=row.texts["source"],
        )


def list_closures(tables: Tables) -> Iterator[Closure]:
    """Closures in the order of the file; hours become minutes."""
    for row in tables.rows["closures"]:
        value = row["value"]
        yield Closure(
            what=row["what"],
            first=row["first"],
            last=row["last"],
            effect=row["effect"],
            value=value * MINUTES_PER_HOUR if row["effect"] == EXTRA_H else value,
            spares=row["spares"],
            reason=row["reason"],
            source=row.texts["source"],
        )


def list_emission_factors(tables: Tables) -> Iterator[EmissionFactor]:
    """Emission factors in the order of the file."""
    for row in tables.rows["emission_factors"]:
        yield EmissionFactor(
            emission_class=row["emission_class"],
            region=row["region"],
            per=row["per"],
            value=row["value"],
            year=row["year"],
            source=row.texts["source"],
        )
