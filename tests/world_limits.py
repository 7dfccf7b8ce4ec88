"""Rules of places, roads and days that random worlds may have: throughput, closures, hours of charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.model import Charge, Closure, Throughput

if TYPE_CHECKING:
    from planner.model import Road
    from tests.world_draw import Draw


def add_throughput(draw: Draw) -> None:
    """Places that handle little a day, some of them not every day."""
    for place in draw.some(draw.problem.network.places, 0.35):
        for form in draw.some(("loose", "boxed"), 0.4):
            most = draw.rng.randint(2, 9) if form == "loose" else draw.rng.randint(1, 3)
            days = tuple(sorted(draw.rng.sample(range(1, 8), draw.rng.randint(4, 6))))
            weekdays = days if draw.chance(0.4) else ()
            rows = [Throughput(place=place, form=form, units_per_day=most, weekdays=weekdays)]
            if weekdays and draw.chance(0.5):
                others = tuple(day for day in range(1, 8) if day not in weekdays)
                rows.append(replace(rows[0], units_per_day=most + 2, weekdays=others))
            draw.add_rows("throughput", rows)


def add_roads_per_day(draw: Draw) -> None:
    def change(road: Road) -> Road:
        return replace(road, vehicles_per_day=draw.rng.randint(2, 8)) if draw.chance(0.6) else road

    draw.set_tables(roads=tuple(change(road) for road in draw.problem.network.roads))


def add_closed(draw: Draw) -> None:
    """Places and services shut for some days; some spare a mode or a service."""
    places = [place for place in draw.problem.network.places if not place.startswith(("plant", "market"))]
    whats = draw.some(places, 0.3) + draw.some([service.id for service in draw.services], 0.15)
    draw.add_rows(
        "closures", [_closure(draw, what, "closed", None, draw.rng.randint(1, 5)) for what in whats]
    )


def add_capacity_factor(draw: Draw) -> None:
    """Departures with less room, and places that handle less."""
    limited = [service.id for service in draw.services if service.capacity is not None]
    factors = [Fraction(n, 12) for n in (0, 3, 4, 6, 8, 9)]
    rows = [
        _closure(draw, what, "capacity_factor", draw.rng.choice(factors), draw.rng.randint(5, 12))
        for what in draw.some(limited, 0.5)
    ]
    places = sorted({row.place for row in draw.problem.network.throughput})
    rows += [  # spares say nothing of what a place handles
        replace(_closure(draw, place, "capacity_factor", draw.rng.choice(factors[2:]), 7), spares=())
        for place in places
        if draw.chance(0.4)
    ]
    draw.add_rows("closures", rows)


def add_extra_h(draw: Draw) -> None:
    """Places and services that are slow for some days."""
    whats = [*draw.problem.network.places, *(service.id for service in draw.services)]
    rows = [
        _closure(draw, what, "extra_h", Fraction(draw.hours(4, 60)), draw.rng.randint(3, 12))
        for what in draw.some(whats, 0.3)
    ]
    draw.add_rows("closures", rows)


def _closure(draw: Draw, what: str, effect: str, value: Fraction | None, num_days: int) -> Closure:
    first = draw.day(-1, 9)
    spares: tuple[str, ...] = ()
    if draw.chance(0.25):
        modes = sorted({service.mode for service in draw.services})
        spares = (draw.rng.choice(["road", *modes, *(service.id for service in draw.services)]),)
    return Closure(
        what=what,
        first=first,
        last=first + timedelta(days=num_days),
        effect=effect,
        value=value,
        spares=spares,
    )


def add_charge_hours(draw: Draw) -> None:
    """Customs and the like take time: most charges some hours, some of them a day or more."""

    def change(charge: Charge) -> Charge:
        return replace(charge, handling_min=draw.hours(3, 40)) if draw.chance(0.7) else charge

    draw.set_tables(charges=tuple(change(charge) for charge in draw.problem.network.charges))


def add_part_charges(draw: Draw) -> None:
    """Customs entries and transit papers of some services, paid once for each part."""
    draw.add_rows("charges", [_part_charge(draw) for _ in range(draw.rng.randint(2, 5))])


def _part_charge(draw: Draw) -> Charge:
    service = draw.rng.choice(draw.services)
    first, *between, last = [draw.problem.network.places[call.place] for call in service.calls]
    when = draw.rng.choice(("load", "unload", "export", "import", *(["pass", "pass"] if between else [])))
    met = {"load": first, "export": first, "pass": draw.rng.choice(between or [first])}.get(when, last)
    return Charge(
        place_or_country=met.country if draw.chance(0.4) else met.id,
        when=when,
        mode=service.mode,
        form=service.form if draw.chance(0.3) else "",
        applies_to=draw.rng.choice(("all", "all", "all", "dg", "suv")),
        per="part",
        price=draw.usd(50, 1_500),
        handling_min=draw.hours(2, 20) if draw.chance(0.2) else 0,
    )
