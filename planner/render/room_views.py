"""What a plan says of room as views: departures, days of places and roads, the booking sheet."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.booking import list_bookings
from planner.model.problem import BLEND, CO2E, COST, TIME
from planner.render.views import (
    DAY,
    DECIMAL,
    MONEY,
    WHOLE,
    Column,
    View,
    hundredths,
    in_days,
    in_units,
    local,
    zone_of,
)
from planner.render.views import TIME as TIME_OF_DAY
from planner.render.views import money as amount
from planner.render.words import GRAMS_PER_KG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from planner.booking import Booking
    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.render.views import Cell

_WORTH: dict[str, tuple[str, Callable[[int], Decimal]]] = {
    TIME: ("vehicle_days", in_days),
    CO2E: ("kg_co2e", lambda grams: hundredths(Fraction(grams, GRAMS_PER_KG))),
}


def objective_figure(plan: Plan, value: int) -> Decimal:
    """A value of the objective in currency units, vehicle-days or kilograms."""
    _, figure = _WORTH.get(plan.objective, ("", amount))
    return figure(value)


def objective_unit(plan: Plan) -> str:
    """Unit of :func:`objective_figure`."""
    return plan.currency if plan.objective in (COST, BLEND) else _WORTH[plan.objective][0]


def departures_view(problem: Problem, plan: Plan) -> View:
    """A row a leg with limited room; what is said of the departure as a whole stands with each leg."""
    columns = (
        *(Column("service"), Column("departure_day", DAY), Column("leg", WHOLE), Column("from_place")),
        *(Column("to_place"), Column("departs_local", TIME_OF_DAY), Column("zone"), Column("unit")),
        *(Column("used", DECIMAL), Column("capacity", DECIMAL), Column("full_percent", DECIMAL)),
        *(Column(f"one_more_{objective_unit(plan)}", DECIMAL), Column("modules", WHOLE)),
        Column(f"departure_{plan.currency}", MONEY),
        *(Column(f"{what}_one_more_{objective_unit(plan)}", DECIMAL) for what in ("exact", "least", "most")),
    )
    return View("Departures", columns, _departure_rows(problem, plan))


def _departure_rows(problem: Problem, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    charters = {(bought.service_id, bought.departure_day): bought for bought in plan.charters}
    values = {(value.service_id, value.departure_day): value for value in plan.slot_values}
    for use in plan.departures:
        unit = problem.network.services[use.service_id].capacity_unit
        bought = charters.get((use.service_id, use.departure_day))
        value = values.get((use.service_id, use.departure_day))
        slot = (None, None, None) if value is None else (value.exact, value.low, value.high)
        yield (
            *(use.service_id, use.departure_day, use.leg + 1, use.from_place, use.to_place),
            *(local(problem, use.depart_min, use.from_place), zone_of(problem, use.from_place), unit),
            *(in_units(use.used, unit), in_units(use.capacity, unit)),
            hundredths(Fraction(100 * use.used, use.capacity)) if use.capacity else None,
            objective_figure(plan, use.unit_value_cents),
            None if bought is None else bought.modules,
            None if bought is None else amount(bought.departure_cents + bought.module_cents),
            *(None if figure is None else objective_figure(plan, figure) for figure in slot),
        )


def days_view(plan: Plan) -> View:
    """A row a local day of a place or road with limited room."""
    columns = (
        *(Column("from_place"), Column("to_place"), Column("form"), Column("day", DAY), Column("unit")),
        *(
            Column("used", WHOLE),
            Column("capacity", WHOLE),
            Column(f"one_more_{objective_unit(plan)}", DECIMAL),
        ),
    )
    rows = [
        (
            *(use.from_place, use.to_place, use.form, use.day),
            "feu" if use.form == "boxed" and use.from_place == use.to_place else "vehicle",
            *(use.used, use.capacity, objective_figure(plan, use.unit_value_cents)),
        )
        for use in plan.days
    ]
    return View("Days", columns, rows)


def bookings_view(problem: Problem, plan: Plan) -> View:
    """The booking sheet: a row a departure and the two calls between which cargo rides; by time.

    All times of a row are on the clock of the place where it boards.
    """
    columns = (
        *(
            Column("service"),
            Column("operator"),
            Column("product"),
            Column("mode"),
            Column("departure_day", DAY),
        ),
        *(Column("from_place"), Column("to_place"), Column("zone"), Column("book_by", TIME_OF_DAY)),
        *(Column("gate_in_from", TIME_OF_DAY), Column("gate_in_until", TIME_OF_DAY)),
        *(Column("departs", TIME_OF_DAY), Column("vehicles", WHOLE), Column("booked_vehicles", WHOLE)),
        *(Column("boxes", WHOLE), Column("units", DECIMAL), Column("unit"), Column("modules", WHOLE)),
        *(Column("load", DECIMAL), Column("capacity", DECIMAL)),
        *(Column("batches", width=50), Column("stuffing", width=50)),
    )
    return View(
        "Booking sheet", columns, (_booking_row(problem, one) for one in list_bookings(problem, plan))
    )


def _booking_row(problem: Problem, one: Booking) -> tuple[Cell, ...]:
    service, place = one.service, one.from_place
    unit = service.capacity_unit
    return (
        *(service.id, service.operator, service.product, service.mode, one.departure_day),
        *(place, one.to_place, zone_of(problem, place)),
        None if one.book_by_min is None else local(problem, one.book_by_min, place),
        *(
            local(problem, minutes, place)
            for minutes in (one.gate_from_min, one.gate_until_min, one.departs_min)
        ),
        *(one.vehicles, one.booked_vehicles, one.boxes or None, in_units(one.units, unit), unit, one.modules),
        None if one.load is None else in_units(one.load, unit),
        None if one.capacity is None else in_units(one.capacity, unit),
        "; ".join(f"{batch}: {vehicles}" for batch, vehicles in one.batches),
        "; ".join(f"{stuffed.place} {stuffed.day}: {stuffed.vehicles}" for stuffed in one.stuffing),
    )
