"""What a plan document says of room: legs, places and roads by day, and departures paid as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.render.texts import moment, units_text

if TYPE_CHECKING:
    from planner.model.plans import Charter, DayUse, DepartureShare, LegUse, SlotValue
    from planner.model.problem import Problem


def leg_use(problem: Problem, use: LegUse) -> dict[str, Any]:
    """One leg of a departure with limited room."""
    unit = problem.network.services[use.service_id].capacity_unit
    return {
        "serviceId": use.service_id,
        "departureDay": use.departure_day.isoformat(),
        "leg": use.leg,
        "fromPlace": use.from_place,
        "toPlace": use.to_place,
        **moment(problem, "depart", use.depart_min, use.from_place),
        "capacityUnit": unit,
        "used": units_text(use.used, unit),
        "capacity": units_text(use.capacity, unit),
        "indicativeValueOfOneMore": use.unit_value_cents,
    }


def day_use(use: DayUse) -> dict[str, Any]:
    """One local day of a place or road with limited room."""
    return {
        "fromPlace": use.from_place,
        "toPlace": use.to_place,
        "form": use.form,
        "day": use.day.isoformat(),
        "used": use.used,
        "capacity": use.capacity,
        "indicativeValueOfOneMore": use.unit_value_cents,
    }


def charter(problem: Problem, bought: Charter) -> dict[str, Any]:
    """One departure that is paid, or filled, as a whole."""
    unit = problem.network.services[bought.service_id].capacity_unit
    return {
        "serviceId": bought.service_id,
        "departureDay": bought.departure_day.isoformat(),
        "modules": bought.modules,
        "capacityUnit": unit,
        "boarded": units_text(bought.boarded, unit),
        "departureCents": bought.departure_cents,
        "moduleCents": bought.module_cents,
    }


def slot_value(value: SlotValue) -> dict[str, Any]:
    """What one more unit on a departure is worth, planned again."""
    return {
        "serviceId": value.service_id,
        "departureDay": value.departure_day.isoformat(),
        "exact": value.exact,
        "low": value.low,
        "high": value.high,
    }


def departure_share(share: DepartureShare) -> dict[str, Any]:
    """What a batch pays of such a departure."""
    return {
        "serviceId": share.service_id,
        "departureDay": share.departure_day.isoformat(),
        "kind": share.kind,
        "cents": share.cents,
    }
