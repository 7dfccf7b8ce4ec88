"""What a plan books, departure by departure, as JSON: room of legs, worth of one more unit, what to book."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from planner.booking import list_bookings
from planner.render.document_room import charter, leg_use, slot_value
from planner.render.texts import moment, units_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planner.booking import Booking
    from planner.model.ids import ServiceId
    from planner.model.plans import LegUse, Plan
    from planner.model.problem import Problem

Json = dict[str, Any]


def departures_document(problem: Problem, plan: Plan) -> list[Json]:
    """Every departure that the plan rides, by the time that its first cargo leaves."""
    bookings: dict[tuple[ServiceId, date], list[Booking]] = defaultdict(list)
    for one in list_bookings(problem, plan):
        bookings[one.service.id, one.departure_day].append(one)
    legs = _by_departure(plan.departures)
    charters = {(one.service_id, one.departure_day): one for one in plan.charters}
    values = {(one.service_id, one.departure_day): one for one in plan.slot_values}
    found = []
    for key, lines in bookings.items():
        service = lines[0].service
        bought, value = charters.get(key), values.get(key)
        found.append(
            {
                "serviceId": service.id,
                "departureDay": key[1].isoformat(),
                "operator": service.operator,
                "product": service.product,
                "mode": service.mode,
                "capacityUnit": service.capacity_unit,
                "legs": [leg_use(problem, use) for use in legs.get(key, ())],
                "charter": None if bought is None else charter(problem, bought),
                "slotValue": None if value is None else slot_value(value),
                "bookings": [_booking(problem, line) for line in lines],
            }
        )
    return found


def _booking(problem: Problem, line: Booking) -> Json:
    """A line of the booking sheet; its times are on the clock of the place where it boards."""
    place, unit = line.from_place, line.service.capacity_unit
    book_by = {"bookByUtc": None, "bookByLocal": None}
    return {
        "fromPlace": place,
        "toPlace": line.to_place,
        **(book_by if line.book_by_min is None else moment(problem, "bookBy", line.book_by_min, place)),
        **moment(problem, "gateInFrom", line.gate_from_min, place),
        **moment(problem, "gateInUntil", line.gate_until_min, place),
        **moment(problem, "departs", line.departs_min, place),
        **moment(problem, "alights", line.alights_min, line.to_place),
        "vehicles": line.vehicles,
        "bookedVehicles": line.booked_vehicles,
        "boxes": line.boxes,
        "units": units_text(line.units, unit),
        "load": None if line.load is None else units_text(line.load, unit),
        "capacity": None if line.capacity is None else units_text(line.capacity, unit),
        "batches": [{"batchId": batch, "vehicles": vehicles} for batch, vehicles in line.batches],
        "stuffing": [
            {"place": one.place, "day": one.day.isoformat(), "vehicles": one.vehicles}
            for one in line.stuffing
        ],
    }


def _by_departure(uses: Iterable[LegUse]) -> dict[tuple[ServiceId, date], list[LegUse]]:
    found: dict[tuple[ServiceId, date], list[LegUse]] = defaultdict(list)
    for use in uses:
        found[use.service_id, use.departure_day].append(use)
    return found
