"""A choice: how many vehicles of each batch ride which column; its exact value and its load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from planner.model.problem import Problem
from planner.network.timetable import Ints
from planner.solver.columns import Column, RunKey
from planner.solver.objectives import Goal
from planner.units import ceil_div


@dataclass(slots=True)
class Choice:
    """Vehicles by column, per batch; always within demand and room.

    Parameters
    ----------
    problem
        The problem it belongs to.
    rides
        Per batch: vehicles by column, in the order chosen.
    """

    problem: Problem
    rides: list[dict[Column, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.rides:
            self.rides = [{} for _ in self.problem.batches]

    def copy(self) -> Choice:
        """A choice of its own with the same rides."""
        return Choice(self.problem, [dict(rides) for rides in self.rides])

    def columns(self) -> list[Column]:
        """All columns ridden, by batch."""
        return [column for rides in self.rides for column in rides]

    def left_out(self, batch: int) -> int:
        """Vehicles of a batch that do not ride."""
        return self.problem.batches[batch].vehicles - sum(self.rides[batch].values())

    def box_runs(self, batch: int) -> dict[RunKey, int]:
        """Vehicles by boxed run."""
        return _vehicles_by_run(self.rides[batch].items())

    def boxes(self, batch: int) -> dict[RunKey, int]:
        """Boxes by boxed run: vehicles over vehicles per box, rounded up."""
        size = self.problem.vehicle_type_of(self.problem.batches[batch]).vehicles_per_feu
        return {run: ceil_div(vehicles, size) for run, vehicles in self.box_runs(batch).items()}

    def cents(self, batch: int) -> int:
        """Money of a batch, penalties not included."""
        total = sum(vehicles * column.vehicle_cents for column, vehicles in self.rides[batch].items())
        price = {column.run: column.box_cents for column in self.rides[batch] if column.run is not None}
        return total + sum(boxes * price[run] for run, boxes in self.boxes(batch).items())

    def minutes(self, batch: int) -> int:
        """Vehicle-minutes of a batch from ready to Delivered."""
        return sum(vehicles * column.minutes for column, vehicles in self.rides[batch].items())

    def value_of(self, batch: int, goal: Goal) -> int:
        """Contribution of a batch to what a goal minimises, penalty included."""
        own = goal.cents * self.cents(batch) + goal.minutes * self.minutes(batch)
        return own + self.left_out(batch) * goal.penalties[batch]

    def value_under(self, goal: Goal) -> int:
        """What a goal minimises, over all batches."""
        return sum(self.value_of(batch, goal) for batch in range(len(self.rides)))

    @property
    def total_cents(self) -> int:
        """Money of all batches."""
        return sum(self.cents(batch) for batch in range(len(self.rides)))

    def add_load(self, load: Ints, batch: int, sign: int = 1) -> None:
        """Add (or take away, sign -1) the counting units of a batch to ``load``, int64[L]."""
        boxes = self.boxes(batch)
        counted: set[RunKey] = set()
        for column, vehicles in self.rides[batch].items():
            for leg, units in column.loose_units:
                load[leg] += sign * vehicles * units
            if column.run is not None and column.run not in counted:
                counted.add(column.run)
                for leg in column.box_legs:
                    load[leg] += sign * boxes[column.run]


def _vehicles_by_run(rides: Iterable[tuple[Column, int]]) -> dict[RunKey, int]:
    vehicles: dict[RunKey, int] = {}
    for column, number in rides:
        if column.run is not None:
            vehicles[column.run] = vehicles.get(column.run, 0) + number
    return vehicles
