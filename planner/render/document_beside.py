"""What stands beside the cost of a plan in its document: duties, remedies, what its figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.render.texts import exact_text

if TYPE_CHECKING:
    from planner.duties import DutyLine
    from planner.grounds import PlanGrounds, Weakest
    from planner.model.plans import Remedy

Json = dict[str, Any]


def duty(line: DutyLine) -> Json:
    """A duty on vehicles of one batch."""
    return {
        "duty": line.duty.name,
        "rate": exact_text(line.duty.rate),
        "vehicles": line.vehicles,
        "unitCents": line.unit_cents,
        "cents": line.cents,
    }


def remedy(one: Remedy) -> Json:
    """A change with which the vehicles left out of a batch ride."""
    return {
        "kind": one.kind,
        "amount": one.amount,
        "serviceId": one.service_id,
        "departureDay": None if one.departure_day is None else one.departure_day.isoformat(),
        "names": list(one.names),
        "isLeast": one.is_least,
        "text": one.text,
    }


def grounds(found: PlanGrounds) -> Json:
    """What the money and time of the whole plan rest on."""
    return {
        "cents": dict(found.cents),
        "vehicleMinutes": dict(found.minutes),
        "weakestPrice": weakest(found.price),
        "weakestTime": weakest(found.time),
    }


def weakest(found: Weakest | None) -> Json | None:
    """The weakest row behind prices or times."""
    if found is None:
        return None
    return {"ground": found.ground.ground, "grade": found.ground.grade, "what": found.what}
