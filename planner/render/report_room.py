"""What a report says of room: tight departures, days of places and roads, charters, the booking sheet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planner.model.vehicles import BOXED
from planner.render.room_views import bookings_view
from planner.render.summary import list_tight_days
from planner.render.texts import counting_scale
from planner.render.views import local
from planner.tightness import list_departures_used

if TYPE_CHECKING:
    from planner.model.ids import ServiceId
    from planner.model.plans import DayUse, Plan
    from planner.model.problem import Problem
    from planner.render.report_lists import ReportLists
    from planner.render.views import Cell
    from planner.tightness import DepartureUse

Json = dict[str, Any]


def report_room(problem: Problem, plan: Plan, lists: ReportLists) -> Json:
    """Departures and days by what one more unit is worth, charters, and the rows of ``booking.csv``."""
    bookings = bookings_view(problem, plan)
    return {
        "departures": [
            _departure(problem, plan, use, lists) for use in list_departures_used(plan.departures)
        ],
        "days": [_day(use, lists) for use in list_tight_days(plan.days)],
        "charters": [
            {
                "service": lists.services.number(bought.service_id),
                "day": bought.departure_day.isoformat(),
                "modules": bought.modules,
                "boarded": _units(problem, bought.service_id, bought.boarded),
                "cents": bought.departure_cents + bought.module_cents,
            }
            for bought in plan.charters
        ],
        "bookings": {
            "columns": [column.name for column in bookings.columns],
            "rows": [[plain(cell) for cell in row] for row in bookings.rows],
        },
    }


def plain(cell: Cell) -> str | int | float | None:
    """A typed cell as JSON has it; times as ``2027-03-04 20:00``."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return float(cell) if isinstance(cell, Decimal) else cell


def _departure(problem: Problem, plan: Plan, use: DepartureUse, lists: ReportLists) -> Json:
    """The fullest leg, and the worth of one more unit: planned again where that was done, else indicative."""
    first, fullest = use.first, use.fullest
    key = (first.service_id, first.departure_day)
    planned = next(
        (value for value in plan.slot_values if (value.service_id, value.departure_day) == key), None
    )
    return {
        "service": lists.services.number(first.service_id),
        "day": first.departure_day.isoformat(),
        "departs": f"{local(problem, first.depart_min, first.from_place):%Y-%m-%d %H:%M}",
        "from": lists.places.number(first.from_place),
        "to": lists.places.number(use.last.to_place),
        "used": _units(problem, first.service_id, fullest.used),
        "capacity": _units(problem, first.service_id, fullest.capacity),
        "worth": use.unit_value,
        "planned": None if planned is None else [planned.exact, planned.low, planned.high],
    }


def _day(use: DayUse, lists: ReportLists) -> Json:
    is_place = use.from_place == use.to_place
    return {
        "from": lists.places.number(use.from_place),
        "to": lists.places.number(use.to_place),
        "day": use.day.isoformat(),
        "unit": "feu" if is_place and use.form == BOXED else "vehicle",
        "used": use.used,
        "capacity": use.capacity,
        "worth": use.unit_value_cents,
    }


def _units(problem: Problem, service_id: ServiceId, counted: int) -> int | float:
    """Whole units of the capacity unit of a service."""
    scale = counting_scale(problem.network.services[service_id].capacity_unit)
    return counted if scale == 1 else counted / scale
