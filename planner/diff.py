"""Two plans side by side: what they come to, and which vehicles go another way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model.ids import BatchId
    from planner.model.plans import BatchPlan, Itinerary, Plan, Stage

LEFT_OUT = "left out"
NOT_THERE = "not in the plan"
ALL_ROAD = "all by road"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of the two plans.

    Parameters
    ----------
    due_min
        Due times of its batches; without one, a batch is never late.
    """

    plan: Plan
    due_min: Mapping[BatchId, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One figure of the whole plan, before and after.

    Parameters
    ----------
    unit
        ``batches``, ``vehicles``, ``boxes``, ``cents``, ``minutes`` or ``grams``.
    old, new
        ``None`` where the plan does not say.
    """

    name: str
    unit: str
    old: Fraction | int | None
    new: Fraction | int | None

    @property
    def difference(self) -> Fraction | int | None:
        """New minus old; ``None`` where one of them is not known."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Vehicles of a batch that go another way.

    Parameters
    ----------
    old, new
        Main rides, :data:`ALL_ROAD`, :data:`LEFT_OUT`, or :data:`NOT_THERE` where the batch is in one plan
        only, or of another size.
    """

    vehicles: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchChange:
    """A batch of which something changed.

    Parameters
    ----------
    moves
        Vehicles on other main rides; empty if only trucks, times or prices changed.
    old_cents, new_cents
        Money of the batch.
    old_door_min, new_door_min
        Minutes from ready to Delivered on average; ``None`` where nobody rides.
    """

    batch_id: BatchId
    moves: tuple[Move, ...]
    old_cents: int
    new_cents: int
    old_door_min: Fraction | None
    new_door_min: Fraction | None

    @property
    def cents(self) -> int:
        """Money more than before."""
        return self.new_cents - self.old_cents

    @property
    def door_min(self) -> Fraction | None:
        """Minutes more than before."""
        if self.old_door_min is None or self.new_door_min is None:
            return None
        return self.new_door_min - self.old_door_min


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiff:
    """What is different in a new plan.

    Parameters
    ----------
    is_equal
        Whether the plans are one and the same, proof and values of room included.
    changes
        Batches in the order of the new plan, then those that only the old one has.
    newly_left_out, newly_planned
        Vehicles by batch, of those in both plans, that are left out now and were not; or the other way round.
    """

    is_equal: bool
    old_objective: str
    new_objective: str
    currency: str
    totals: tuple[Total, ...]
    changes: tuple[BatchChange, ...]
    newly_left_out: Mapping[BatchId, int]
    newly_planned: Mapping[BatchId, int]


def compare(old: Version, new: Version) -> PlanDiff:
    """Compare two plans.

    Raises
    ------
    ValueError
        If their money is in different currencies.
    """
    if old.plan.currency != new.plan.currency:
        raise ValueError(f"one plan is in {old.plan.currency}, the other in {new.plan.currency}")
    before = {entry.batch_id: entry for entry in old.plan.batches}
    after = {entry.batch_id: entry for entry in new.plan.batches}
    in_both = [batch_id for batch_id in after if batch_id in before]
    more_left = {batch_id: _left_out(after[batch_id]) - _left_out(before[batch_id]) for batch_id in in_both}
    changes = (_change(batch, before.get(batch), after.get(batch)) for batch in {**after, **before})
    return PlanDiff(
        is_equal=old.plan == new.plan and old.due_min == new.due_min,
        old_objective=old.plan.objective,
        new_objective=new.plan.objective,
        currency=new.plan.currency,
        totals=tuple(_totals(old, new)),
        changes=tuple(change for change in changes if change is not None),
        newly_left_out={batch: vehicles for batch, vehicles in more_left.items() if vehicles > 0},
        newly_planned={batch: -vehicles for batch, vehicles in more_left.items() if vehicles < 0},
    )


def _totals(old: Version, new: Version) -> Iterator[Total]:
    plans = old.plan, new.plan
    planned = [sum(entry.planned_vehicles for entry in plan.batches) for plan in plans]
    left_out = [sum(map(_left_out, plan.batches)) for plan in plans]

    def total(name: str, unit: str, figures: list[int] | list[int | None] | list[Fraction | None]) -> Total:
        return Total(name=name, unit=unit, old=figures[0], new=figures[1])

    def each(figures: list[int]) -> list[Fraction | None]:
        return [
            Fraction(figure, number) if number else None
            for figure, number in zip(figures, planned, strict=True)
        ]

    yield total("batches", "batches", [len(plan.batches) for plan in plans])
    yield total("vehicles", "vehicles", [sum(pair) for pair in zip(planned, left_out, strict=True)])
    yield total("planned", "vehicles", planned)
    yield total("left out", "vehicles", left_out)
    yield total("late", "vehicles", [_late(version) for version in (old, new)])
    yield total(
        "boxes", "boxes", [sum(run.boxes for e in plan.batches for run in e.box_runs) for plan in plans]
    )
    yield total("cost", "cents", [plan.cents for plan in plans])
    yield total("cost of a vehicle", "cents", each([plan.cents for plan in plans]))
    yield total("vehicle-days", "minutes", [plan.vehicle_min for plan in plans])
    yield total("door to door", "minutes", each([plan.vehicle_min for plan in plans]))
    grams = [plan.grams for plan in plans]
    if any(figure is not None for figure in grams):
        yield total("CO2e", "grams", grams)
        if None not in grams:
            yield total("CO2e of a vehicle", "grams", each([figure or 0 for figure in grams]))


def _late(version: Version) -> int:
    """Vehicles that are Delivered after due."""
    return sum(
        itinerary.vehicles
        for entry in version.plan.batches
        for itinerary in entry.itineraries
        if itinerary.delivered_min > version.due_min.get(entry.batch_id, itinerary.delivered_min)
    )


def _left_out(entry: BatchPlan) -> int:
    return entry.unplanned.vehicles if entry.unplanned else 0


def _change(batch_id: BatchId, old: BatchPlan | None, new: BatchPlan | None) -> BatchChange | None:
    """What changed of a batch; ``None`` if nothing did."""
    if old is not None and new is not None and _same(old, new):
        return None
    return BatchChange(
        batch_id=batch_id,
        moves=tuple(_moves(_ways(old), _ways(new))),
        old_cents=old.cents if old else 0,
        new_cents=new.cents if new else 0,
        old_door_min=_door_min(old),
        new_door_min=_door_min(new),
    )


def _same(old: BatchPlan, new: BatchPlan) -> bool:
    """Whether the same vehicles do the same at the same price; bookings and numbers of parts do not count."""
    return old.cents == new.cents and _left_out(old) == _left_out(new) and _by_stages(old) == _by_stages(new)


def _by_stages(entry: BatchPlan) -> Counter[tuple[Stage, ...]]:
    vehicles: Counter[tuple[Stage, ...]] = Counter()
    for itinerary in entry.itineraries:
        vehicles[itinerary.stages] += itinerary.vehicles
    return vehicles


def _ways(entry: BatchPlan | None) -> Counter[str]:
    """Vehicles by way, those left out too."""
    vehicles: Counter[str] = Counter()
    if entry is not None:
        for itinerary in entry.itineraries:
            vehicles[way_text(itinerary)] += itinerary.vehicles
        vehicles[LEFT_OUT] += _left_out(entry)
    return vehicles


def _moves(old: Counter[str], new: Counter[str]) -> Iterator[Move]:
    """The vehicles that one way has lost are those another one has won, in order of the ways."""
    lost, won = old - new, new - old
    missing = won.total() - lost.total()
    (lost if missing > 0 else won)[NOT_THERE] += abs(missing)
    for way in lost:
        while lost[way]:
            other = next(name for name, vehicles in won.items() if vehicles)
            moved = min(lost[way], won[other])
            lost[way] -= moved
            won[other] -= moved
            yield Move(vehicles=moved, old=way, new=other)


def _door_min(entry: BatchPlan | None) -> Fraction | None:
    if entry is None or not entry.planned_vehicles:
        return None
    minutes = sum(one.vehicles * (one.delivered_min - one.stages[0].start_min) for one in entry.itineraries)
    return Fraction(minutes, entry.planned_vehicles)


def way_text(itinerary: Itinerary) -> str:
    """Main rides of an itinerary: ``TRAIN of 2027-03-08, CN-RAIL to DE-RAIL``, joined by ``then``."""
    rides = (
        f"{ride.service_id} of {ride.departure_day}, {ride.from_place} to {ride.to_place}"
        for ride in itinerary.chain
    )
    return " then ".join(rides) or ALL_ROAD
