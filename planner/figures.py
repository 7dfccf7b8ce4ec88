"""What a plan comes to, batch by batch, in sums that can be added and set beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from planner.costing import Costing
from planner.model.problem import BLEND, CO2E, TIME
from planner.model.services import RAIL
from planner.slack import SlowJourneys
from planner.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.batches import Batch
    from planner.model.ids import BatchId
    from planner.model.plans import BatchPlan, Plan, Stage
    from planner.model.problem import Problem

REFERENCE_RAIL_MIN = 15 * MINUTES_PER_DAY
"""The claim that a plan is held against: 15 days by train to Europe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over vehicles; of several batches they add up.

    Parameters
    ----------
    planned, late, late_if_slow, left_out
        Vehicles. ``late``: Delivered after due; ``late_if_slow``: they miss a gate or are late if every
        journey is a slow one.
    cents, grams
        Money and CO2e of the planned vehicles; grams are 0 where no factors are known.
    door_min
        Vehicle-minutes from ready to Delivered.
    haul_vehicles, haul_min
        Vehicles that ride at all, and their minutes from the first main departure to the last alight +
        release.
    rail_vehicles, rail_min, rail_within
        Vehicles whose main ride is a train, their minutes from the first departure to the last arrival by
        train, and how many of them need no more than :data:`REFERENCE_RAIL_MIN`.
    value
        What the objective counts, leaving out included; shares of departures by units boarded.
    """

    vehicles: int = 0
    planned: int = 0
    late: int = 0
    late_if_slow: int = 0
    left_out: int = 0
    boxes: int = 0
    cents: int = 0
    grams: int = 0
    door_min: int = 0
    haul_vehicles: int = 0
    haul_min: int = 0
    rail_vehicles: int = 0
    rail_min: int = 0
    rail_within: int = 0
    value: int = 0

    @property
    def on_time(self) -> int:
        """Vehicles Delivered by due."""
        return self.planned - self.late

    @staticmethod
    def total(figures: Iterable[Figures]) -> Figures:
        """All of them together."""
        rows = list(figures)
        return Figures(
            **{field.name: sum(getattr(row, field.name) for row in rows) for field in fields(Figures)}
        )


def main_ride(costing: Costing, chain: Sequence[Stage]) -> Stage | None:
    """The ride that takes longest by the timetable, the first of equals; ``None`` without rides.

    Its mode is the main mode of all who ride the chain: a car that goes by barge for four days and by
    ship for forty goes by sea.
    """
    return max(
        chain, key=lambda ride: costing.ride_arrives_min(ride) - costing.ride_departs_min(ride), default=None
    )


def rail_min(costing: Costing, chain: Sequence[Stage]) -> int | None:
    """Minutes from the first departure to the last arrival by train, if the main ride is one."""
    longest = main_ride(costing, chain)
    if longest is None or longest.mode != RAIL:
        return None
    trains = [ride for ride in chain if ride.mode == RAIL]
    return costing.ride_arrives_min(trains[-1]) - costing.ride_departs_min(trains[0])


def figures_by_batch(problem: Problem, plan: Plan) -> dict[BatchId, Figures]:
    """Figures of every batch of a plan, in its order."""
    batches = {batch.id: batch for batch in problem.batches}
    costing = Costing(problem)
    slow = SlowJourneys(costing.book, problem.terms.times)
    return {
        entry.batch_id: _figures(problem, costing, slow, batches[entry.batch_id], entry)
        for entry in plan.batches
    }


def _figures(
    problem: Problem, costing: Costing, slow: SlowJourneys, batch: Batch, entry: BatchPlan
) -> Figures:
    hauls = [(one.vehicles, costing.main_ride_min(one)) for one in entry.itineraries]
    left_out = entry.unplanned.vehicles if entry.unplanned else 0
    door_min = sum(one.vehicles * (one.delivered_min - batch.ready_min) for one in entry.itineraries)
    trains = [(one.vehicles, rail_min(costing, one.chain)) for one in entry.itineraries]
    by_rail = [(vehicles, minutes) for vehicles, minutes in trains if minutes is not None]
    own = {TIME: door_min, CO2E: entry.grams}.get(problem.terms.objective, entry.cents)
    if problem.terms.objective == BLEND:
        own += _blend_cents(costing, batch, entry)
    return Figures(
        vehicles=batch.vehicles,
        planned=entry.planned_vehicles,
        late=sum(one.vehicles for one in entry.itineraries if one.delivered_min > batch.due_min),
        late_if_slow=sum(one.vehicles for one in entry.itineraries if slow.is_late(batch, one)),
        left_out=left_out,
        boxes=sum(run.boxes for run in entry.box_runs),
        cents=entry.cents,
        grams=entry.grams,
        door_min=door_min,
        haul_vehicles=sum(vehicles for vehicles, haul_min in hauls if haul_min is not None),
        haul_min=sum(vehicles * haul_min for vehicles, haul_min in hauls if haul_min is not None),
        rail_vehicles=sum(vehicles for vehicles, _ in by_rail),
        rail_min=sum(vehicles * minutes for vehicles, minutes in by_rail),
        rail_within=sum(vehicles for vehicles, minutes in by_rail if minutes <= REFERENCE_RAIL_MIN),
        value=own + left_out * problem.terms.unplanned_cost(batch),
    )


def _blend_cents(costing: Costing, batch: Batch, entry: BatchPlan) -> int:
    """What days and CO2e of a batch count under ``blend``."""
    first_of_run = {one.box_run: one for one in reversed(entry.itineraries) if one.box_run is not None}
    return sum(
        one.vehicles * costing.blend_cents_per_vehicle(batch, one.stages, one.emissions)
        for one in entry.itineraries
    ) + sum(
        run.boxes * costing.blend_cents_per_box(first_of_run[number].emissions)
        for number, run in enumerate(entry.box_runs)
    )
