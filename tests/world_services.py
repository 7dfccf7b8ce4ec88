"""Rules of departures that random worlds may have: how they are bought, changed, shared, counted in grams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.model import Allotment, DepartureException, EmissionFactor, Service
from tests.oracles.dates import runs_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.model import Call, Tariff
    from tests.world_draw import Draw

REGIONS = ("east", "west")
NUM_DAYS = 17
"""Days from the first of a world on which departures matter."""


def add_modules(draw: Draw) -> None:
    """Space comes in steps of a part of the room, for a price each."""

    def change(service: Service) -> Service:
        room = _room(service)
        return replace(
            service,
            module_capacity=draw.rng.randint(max(1, room // 4), max(1, room // 2)),
            module_price=draw.usd(60, 900),
        )

    draw.change_services(draw.some(draw.services, 0.4), change)


def add_departure_price(draw: Draw) -> None:
    """A departure that is used costs something, some with a step that is the whole of it."""

    def change(service: Service) -> Service:
        once = draw.usd(50, 400) if service.module_capacity is None and draw.chance(0.3) else None
        return replace(
            service,
            departure_price=draw.usd(150, 2_500),
            module_price=service.module_price if once is None else once,
        )

    draw.change_services(draw.some(draw.services, 0.4), change)


def add_min_load(draw: Draw) -> None:
    def change(service: Service) -> Service:
        room = _room(service)
        return replace(service, min_load=draw.rng.randint(max(1, room // 2), max(2, room)))

    draw.change_services(draw.some(draw.services, 0.4), change)


def _room(service: Service) -> int:
    """Counting units of a departure, a usual figure where it has no limit."""
    usual = {"feu": 3, "vehicle": 8, "ceu": 900, "cbm": 9_000}[service.capacity_unit]
    return usual if service.capacity is None else service.capacity


def add_exceptions_added(draw: Draw) -> None:
    """More departures, with room, price and time of their own."""
    for service, day in _days(draw, running=False):
        draw.add_rows(
            "exceptions",
            [
                DepartureException(
                    service_id=service.id,
                    day=day,
                    effect="added",
                    capacity=_other_room(draw, service),
                    price_factor=Fraction(draw.rng.randint(30, 100), 100),
                    time_shift_min=draw.hours(-9, 9) if draw.chance(0.5) else 0,
                )
            ],
        )


def add_exceptions_cancelled(draw: Draw) -> None:
    rows = [DepartureException(service_id=s.id, day=day, effect="cancelled") for s, day in _days(draw)]
    draw.add_rows("exceptions", rows)


def add_exceptions_changed(draw: Draw) -> None:
    for service, day in _days(draw):
        kinds = draw.some(("room", "price", "time"), 0.4)
        row = DepartureException(
            service_id=service.id,
            day=day,
            effect="changed",
            capacity=_other_room(draw, service) if "room" in kinds else None,
            price_factor=Fraction(draw.rng.randint(70, 160), 100) if "price" in kinds else Fraction(1),
            time_shift_min=draw.hours(-20, 30) if "time" in kinds else 0,
        )
        draw.add_rows("exceptions", [row])


def _other_room(draw: Draw, service: Service) -> int | None:
    room = _room(service)
    return draw.rng.randint(max(1, room // 2), 2 * room) if draw.chance(0.7) else None


def _days(draw: Draw, *, running: bool = True) -> Iterator[tuple[Service, date]]:
    """One or two days of some services on which they run, or do not, without an exception so far."""
    for service in draw.some(draw.services, 0.5):
        taken = {row.day for row in draw.problem.network.exceptions if row.service_id == service.id}
        days = [draw.start + timedelta(days=number) for number in range(NUM_DAYS)]
        fitting = [
            day
            for day in days
            if day not in taken and any(runs_on(service, c, day) for c in service.calendars) == running
        ]
        early = fitting[:6]
        for day in draw.rng.sample(early, min(len(early), draw.rng.randint(1, 2))):
            yield service, day


def add_allotments(draw: Draw) -> None:
    limited = [service for service in draw.services if service.capacity is not None]
    for service in draw.some(limited, 0.5):
        for shipper in draw.some(("Alpha", "Beta", "Gamma"), 0.4):
            row = Allotment(
                service_id=service.id,
                shipper=shipper,
                units=draw.rng.randint(max(1, _room(service) // 4), max(1, _room(service) * 3 // 4)),
                release_min=draw.hours(24, 240, 12) if draw.chance(0.6) else None,
            )
            draw.add_rows("allotments", [row])


def add_tariff_dates(draw: Draw) -> None:
    """Prices of some rides hold until a day; most have another price afterwards, some none."""
    rows: list[Tariff] = []
    for row in draw.problem.network.tariffs:
        if not draw.chance(0.5):
            rows.append(row)
            continue
        last = draw.day(3, 12)
        rows.append(replace(row, last_date=last))
        if draw.chance(0.85):
            dearer = Fraction(draw.rng.randint(60, 180), 100)
            least = None if row.minimum is None else row.minimum * dearer
            later = last + timedelta(days=1)
            rows.append(replace(row, price=row.price * dearer, minimum=least, first_date=later))
    draw.set_tables(tariffs=tuple(rows))


def add_times(draw: Draw) -> None:
    """Plan with fast or slow journeys, where they differ from the usual one."""

    def quantiles(call: Call) -> Call:
        if call.arrive_min == 0 or draw.chance(0.2):
            return call
        low, high = draw.rng.randint(70, 100), draw.rng.randint(100, 150)
        return replace(
            call,
            arrive_low_min=call.arrive_min * low // 100,
            arrive_high_min=call.arrive_min * high // 100,
        )

    draw.change_services(draw.services, _calls_changed(quantiles))
    draw.set_terms(times=draw.rng.choice(("low", "high")))


def add_today(draw: Draw) -> None:
    """It is a day of the first week already, and bookings of some services close early."""
    draw.change_services(
        draw.some(draw.services, 0.5), lambda service: replace(service, book_by_min=draw.hours(12, 96, 6))
    )
    draw.set_terms(today=draw.day(1, 4))


def add_co2e(draw: Draw) -> None:
    _add_emissions(draw)
    draw.set_terms(objective="co2e", unplanned_grams=draw.rng.choice((4_000_000, 9_000_000, 100_000_000)))


def add_blend(draw: Draw) -> None:
    _add_emissions(draw)
    carbon = draw.usd(50, 300) if draw.chance(0.8) else Fraction(0)
    draw.set_terms(objective="blend", day_value=draw.usd(0, 100), carbon_price=carbon)


def _add_emissions(draw: Draw) -> None:
    if draw.problem.network.emission_factors:
        return
    places = draw.problem.network.places.values()
    draw.set_tables(places={p.id: replace(p, region=draw.rng.choice((*REGIONS, ""))) for p in places})
    lengthened = _calls_changed(lambda call: replace(call, km_from_previous=draw.rng.randint(50, 4_000)))
    draw.change_services(
        draw.problem.network.services.values(),
        lambda service: replace(lengthened(service), emission_class=f"{service.mode} {service.form}"),
    )
    services = draw.problem.network.services.values()
    for name in sorted({service.emission_class for service in services} | {"road"}):
        per_vehicle = draw.rng.choice(("ceu_km", "vehicle_km", "tkm"))
        choices = [[per_vehicle], [per_vehicle, "feu_km"], ["feu_km"]]
        units = draw.rng.choice(choices if name.endswith("boxed") else choices[: 2 if name == "road" else 1])
        for per in units:
            grams = {"road": 90}.get(name, 40) * (3 if per == "feu_km" else 1)
            for region in ("", *draw.some(REGIONS, 0.3)):
                for year in (2_022, *((2_024,) if draw.chance(0.4) else ())):
                    value = Fraction(draw.rng.randint(grams * 5, grams * 20), 10)
                    draw.add_rows(
                        "emission_factors",
                        [EmissionFactor(emission_class=name, region=region, per=per, value=value, year=year)],
                    )


def _calls_changed(change: Callable[[Call], Call]) -> Callable[[Service], Service]:
    """Change of a service that changes all its calls but the first."""
    return lambda service: replace(
        service, calls=(service.calls[0], *(change(call) for call in service.calls[1:]))
    )
