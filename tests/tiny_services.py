"""Services of tiny worlds, and what changes, limits or measures their departures; see :mod:`tests.tiny`."""

from __future__ import annotations

from datetime import time, timedelta
from fractions import Fraction

from planner.model import (
    Allotment,
    Calendar,
    Call,
    Closure,
    DepartureException,
    EmissionFactor,
    PlaceId,
    Service,
    ServiceId,
    Throughput,
)
from tests.tiny_words import (
    MONDAY,
    Keys,
    day,
    find_day,
    find_hours,
    find_int,
    hours,
    names,
    weekdays,
)

MODES = ("rail", "barge", "roro", "truck", "container_ship", "air")
HUNDREDTHS = ("ceu", "cbm")


def service(words: list[str], keys: Keys) -> Service:
    """``service NAME A -> B@24``: what it is, when it leaves, for whom, and how it is bought.

    What it is: ``mode form room unit onward=ROOM,ROOM cutoff release class km=KM,KM`` (one for each leg).
    When it leaves: ``leaves=Mon,Thu at=08:00 until=WEEKS``; ``from= to=`` are days of the whole service.
    For whom: ``bookable=no shippers= dg=yes max_height= max_length= max_mass= book_by=HOURS``.
    How it is bought: ``departure=CENTS module=UNITS module_price=CENTS min_load=UNITS``.
    """
    name, *route = words
    form = keys.pop("form", "loose")
    unit = keys.pop("unit", "feu" if form == "boxed" else "vehicle")
    room, module, least = (_find_units(keys, key, unit) for key in ("room", "module", "min_load"))
    return Service(
        id=ServiceId(name),
        name=name,
        mode=keys.pop("mode", name if name in MODES else "other"),
        form=form,
        capacity=room,
        capacity_unit=unit,
        departure_price=Fraction(keys.pop("departure", "0")),
        module_capacity=module,
        module_price=Fraction(keys.pop("module_price", "0")),
        min_load=least or 0,
        bookable=keys.pop("bookable", "yes") == "yes",
        shippers=names(keys.pop("shippers", "")),
        accepts_dg=keys.pop("dg", "no") == "yes",
        max_height_mm=find_int(keys, "max_height"),
        max_length_mm=find_int(keys, "max_length"),
        max_mass_kg=find_int(keys, "max_mass"),
        emission_class=keys.pop("class", ""),
        book_by_min=find_hours(keys, "book_by"),
        first_date=find_day(keys, "from"),
        last_date=find_day(keys, "to"),
        calls=_calls([word for word in route if word != "->"], unit, keys),
        calendars=(_calendar(keys),),
    )


def _find_units(keys: Keys, key: str, unit: str) -> int | None:
    return _units(keys.pop(key), unit) if key in keys else None


def _units(text: str, unit: str) -> int:
    """Counting units of so many vehicles, boxes, CEU or cubic metres."""
    return int(Fraction(text) * (100 if unit in HUNDREDTHS else 1))


def _calls(stops: list[str], unit: str, keys: Keys) -> tuple[Call, ...]:
    onward = [_units(room, unit) for room in names(keys.pop("onward", ""))]
    km = [int(length) for length in names(keys.pop("km", ""))]
    cutoff, release = hours(keys.pop("cutoff", "0")), hours(keys.pop("release", "0"))
    calls = []
    for seq, stop in enumerate(stops):
        place, _, clock = stop.rstrip("*").partition("@")
        arrivals, _, depart = clock.partition("-")
        arrive, low, high = (*(arrivals or "0").split("/"), None, None)[:3]
        last = seq == len(stops) - 1
        calls.append(
            Call(
                seq=seq,
                place=PlaceId(place),
                arrive_min=hours(arrive),
                arrive_low_min=low and hours(low),
                arrive_high_min=high and hours(high),
                depart_min=hours(depart or arrive),
                load=seq == 0 or (stop.endswith("*") and not last),
                unload=last or (stop.endswith("*") and seq > 0),
                cutoff_min=cutoff,
                release_min=release,
                km_from_previous=km[seq - 1] if 0 < seq <= len(km) else None,
                capacity_onward=onward[seq] if seq < len(onward) else None,
            )
        )
    return tuple(calls)


def _calendar(keys: Keys) -> Calendar:
    return Calendar(
        weekdays=weekdays(keys.pop("leaves", "Mon")),
        local_time=time.fromisoformat(keys.pop("at", "08:00")),
        first_date=MONDAY,
        last_date=MONDAY + timedelta(days=7 * int(keys.pop("until", "1")) - 1),
    )


def exception(words: list[str], keys: Keys, of: Service) -> DepartureException:
    """``exception SERVICE DAY added|cancelled|changed room= factor= shift=HOURS``."""
    _, when, effect = words
    return DepartureException(
        service_id=of.id,
        day=day(when),
        effect=effect,
        capacity=_find_units(keys, "room", of.capacity_unit),
        price_factor=Fraction(keys.pop("factor", "1")),
        time_shift_min=hours(keys.pop("shift", "0")),
    )


def allotment(words: list[str], keys: Keys, of: Service) -> Allotment:
    """``allotment SERVICE SHIPPER UNITS release=HOURS``."""
    _, shipper, units = words
    return Allotment(
        service_id=of.id,
        shipper=shipper,
        units=_units(units, of.capacity_unit),
        release_min=find_hours(keys, "release"),
    )


def throughput(words: list[str], keys: Keys) -> Throughput:
    """``throughput PLACE loose|boxed UNITS weekdays=Mon,Tue``."""
    place, form, units = words
    return Throughput(
        place=PlaceId(place),
        form=form,
        units_per_day=int(units),
        weekdays=weekdays(keys.pop("weekdays", "")),
    )


def closure(words: list[str], keys: Keys) -> Closure:
    """``closure WHAT FIRST LAST closed|factor|extra VALUE spares=``; ``factor`` 1/2, ``extra`` in hours."""
    what, first, last, effect, *value = words
    measures = {"factor": Fraction(1), "extra": Fraction(60)}
    return Closure(
        what=what,
        first=day(first),
        last=day(last),
        effect={"factor": "capacity_factor", "extra": "extra_h"}.get(effect, effect),
        value=measures[effect] * Fraction(*value) if value else None,
        spares=names(keys.pop("spares", "")),
    )


def emission(words: list[str], keys: Keys) -> EmissionFactor:
    """``emission CLASS VALUE region= per=vehicle_km year=``: grams."""
    emission_class, value = words
    return EmissionFactor(
        emission_class=emission_class,
        region=keys.pop("region", ""),
        per=keys.pop("per", "vehicle_km"),
        value=Fraction(value),
        year=int(keys.pop("year", "2024")),
    )
