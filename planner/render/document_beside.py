"""What stands beside the cost of a plan in its document: duties, and what its figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.render.texts import exact_text

if TYPE_CHECKING:
    from planner.duties import DutyLine
    from planner.grounds import PlanGrounds, Weakest

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
