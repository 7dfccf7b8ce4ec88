"""A choice: how many vehicles of each batch ride which column; its exact value and its load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from planner.model.problem import Problem
from planner.network.kept import Chain
from planner.network.timetable import Ints
from planner.solver.columns import Column, RunKey
from planner.solver.objectives import Goal
from planner.solver.room import Room
from planner.units import ceil_div


@dataclass(slots=True)
class Choice:
    """Vehicles by column, per batch; always within demand and room.

    Parameters
    ----------
    problem
        The problem it belongs to.
    rides
        Per batch: vehicles by column, in the order chosen. Kept vehicles are not among them.
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
        return self.problem.open_vehicles(self.problem.batches[batch]) - sum(self.rides[batch].values())

    def box_runs(self, batch: int) -> dict[RunKey, int]:
        """Vehicles by boxed run."""
        return _vehicles_by_run(self.rides[batch].items())

    def parts(self, batch: int) -> dict[Chain, int]:
        """Vehicles by chain of main rides."""
        vehicles: dict[Chain, int] = {}
        for column, number in self.rides[batch].items():
            vehicles[column.chain] = vehicles.get(column.chain, 0) + number
        return vehicles

    def boxes(self, batch: int) -> dict[RunKey, int]:
        """Boxes by boxed run: vehicles over vehicles per box, rounded up."""
        size = self.problem.vehicle_type_of(self.problem.batches[batch]).vehicles_per_feu
        return {run: ceil_div(vehicles, size) for run, vehicles in self.box_runs(batch).items()}

    def value_of(self, batch: int, goal: Goal) -> int:
        """Contribution of a batch to what a goal minimises, penalty included, charters not."""
        measure, rides = goal.measure, self.rides[batch]
        own = sum(vehicles * column.vehicle_value(measure) for column, vehicles in rides.items())
        by_run = {column.run: column for column in rides if column.run is not None}
        own += sum(boxes * by_run[run].box_value(measure) for run, boxes in self.boxes(batch).items())
        once = {column.chain: column.part_value(measure) for column in rides if column.part_prices}
        own += sum(once.values())
        return own + self.left_out(batch) * goal.penalties[batch]

    def value_under(self, goal: Goal, room: Room) -> int:
        """What a goal minimises over all batches and charters; kept vehicles are not in it."""
        value = sum(self.value_of(batch, goal) for batch in range(len(self.rides)))
        if goal.counts_money and room.charters:
            value += room.charter_cents(self.load(room))
        return value

    def penalty_under(self, goal: Goal) -> int:
        """What the vehicles left out count."""
        return sum(self.left_out(batch) * penalty for batch, penalty in enumerate(goal.penalties))

    def load(self, room: Room) -> Ints:
        """Counting units on every row, int64[M]; kept vehicles are not in it."""
        load = np.zeros(len(room.capacity), dtype=np.int64)
        for batch in range(len(self.rides)):
            self.add_load(load, batch)
        return load

    def add_load(self, load: Ints, batch: int, sign: int = 1) -> None:
        """Add (or take away, sign -1) the counting units of a batch to ``load``, int64[M]."""
        boxes = self.boxes(batch)
        counted: set[RunKey] = set()
        for column, vehicles in self.rides[batch].items():
            for row, units in column.vehicle_rows:
                load[row] += sign * vehicles * units
            if column.run is not None and column.run not in counted:
                counted.add(column.run)
                for row in column.box_rows:
                    load[row] += sign * boxes[column.run]


def _vehicles_by_run(rides: Iterable[tuple[Column, int]]) -> dict[RunKey, int]:
    vehicles: dict[RunKey, int] = {}
    for column, number in rides:
        if column.run is not None:
            vehicles[column.run] = vehicles.get(column.run, 0) + number
    return vehicles
