"""Placing batches one after another on the cheapest itinerary that still has room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.model.problem import Problem
from planner.network.fares import space_units
from planner.network.timetable import Ints
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.kernel import CLOSED_LEG, INFINITE
from planner.solver.objectives import Goal
from planner.solver.pricing import Pricer


class Placer:
    """Places one batch at a time into the room that is left."""

    def __init__(self, problem: Problem, pricer: Pricer, goal: Goal) -> None:
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._weights = goal.weights_with_ties()
        table = pricer.timetable
        service_number = {service: number for number, service in enumerate(problem.network.services)}
        self._leg_service = np.array(
            [service_number[table.departures[departure].service.id] for departure in table.leg_departure],
            np.int64,
        )
        self._services = list(problem.network.services.values())

    def place(self, choice: Choice, batch: int, room: Ints, quantity: int) -> None:
        """Add up to ``quantity`` vehicles of a batch to a choice, taking from ``room`` (int64[L])."""
        size = self._pricer.source_of(batch).vehicles_per_feu
        while quantity > 0:
            column = self._best_column(batch, min(size, quantity), room)
            if column is None:
                return
            take = self._fitting(column, quantity, room, size)
            if take > size:
                take -= take % size
            self.ride(choice, column, take, room)
            quantity -= take

    def ride(self, choice: Choice, column: Column, vehicles: int, room: Ints) -> None:
        """Add vehicles on a column to a choice, no more than ``room`` (int64[L]) allows, and take it."""
        size = self._pricer.source_of(column.batch).vehicles_per_feu
        vehicles = self._fitting(column, vehicles, room, size)
        if not vehicles:
            return
        choice.add_load(room, column.batch)
        rides = choice.rides[column.batch]
        rides[column] = rides.get(column, 0) + vehicles
        choice.add_load(room, column.batch, -1)

    def _best_column(self, batch: int, largest: int, room: Ints) -> Column | None:
        """Cheapest column per vehicle for the largest group that has room."""
        source = self._pricer.source_of(batch)
        for group in range(largest, 0, -1):
            prefix = self._pricer.leg_prefix(np.where(room < self._needed(batch, group), CLOSED_LEG, 0))
            prices = self._pricer.sweep(source, group, self._weights, prefix)
            cheapest = self._pricer.cheapest(batch, group, self._weights)
            limit = group * self._goal.scaled_penalty(batch, 0) - 1
            if cheapest >= INFINITE or cheapest > limit:
                continue
            columns, _ = self._pricer.recover(batch, group, self._weights, prices, limit)
            if columns:
                return columns[0][1]
        return None

    def settle_ties(self, choice: Choice) -> None:
        """Move vehicles to itineraries of equal cost and earlier delivery while these have room.

        Loose vehicles move one itinerary at a time, boxed ones with their whole run.
        """
        room = self._pricer.timetable.arrays["leg_capacity"].copy()
        for batch in range(len(choice.rides)):
            choice.add_load(room, batch, -1)
        for batch in range(len(choice.rides)):
            runs = [column.run for column in choice.rides[batch]]
            for column in sorted(choice.rides[batch], key=lambda ride: -ride.minutes):
                if column.run is None or runs.count(column.run) == 1:
                    self._settle(choice, batch, column, room)

    def _settle(self, choice: Choice, batch: int, column: Column, room: Ints) -> None:
        vehicles = choice.rides[batch].pop(column)
        size = 1 if column.run is None else self._pricer.source_of(batch).vehicles_per_feu
        whole = Choice(self._problem)
        whole.rides[batch] = {column: vehicles}
        whole.add_load(room, batch)
        prefix = self._pricer.leg_prefix(np.where(room < self._needed(batch, size), CLOSED_LEG, 0))
        prices = self._pricer.sweep(self._pricer.source_of(batch), size, self._weights, prefix)
        limit = size * self._goal.scaled_penalty(batch, 0)
        found, _ = self._pricer.recover(batch, size, self._weights, prices, limit)
        better = found[0][1] if found else column
        same = (better.vehicle_cents, better.box_cents, better.run is None) == (
            column.vehicle_cents,
            column.box_cents,
            column.run is None,
        )
        moved = 0
        if same and better.minutes < column.minutes and better.run not in choice.box_runs(batch):
            moved = min(vehicles, self._fitting(better, vehicles, room, size))
            if moved < vehicles:
                moved -= moved % size
        whole.rides[batch] = {
            ride: number for ride, number in ((better, moved), (column, vehicles - moved)) if number
        }
        whole.add_load(room, batch, -1)
        for ride, number in whole.rides[batch].items():
            choice.rides[batch][ride] = choice.rides[batch].get(ride, 0) + number

    def _needed(self, batch: int, group: int) -> Ints:
        """Counting units of room a group of a batch takes on each leg."""
        vehicle_type = self._problem.vehicle_type_of(self._problem.batches[batch])
        by_service = np.array(
            [
                1 if service.is_boxed else group * space_units(service, vehicle_type)
                for service in self._services
            ],
            dtype=np.int64,
        )
        return by_service[self._leg_service]

    def _fitting(self, column: Column, quantity: int, room: Ints, size: int) -> int:
        """Most vehicles of a new run of a column that the room allows."""
        most = quantity
        for leg, units in column.loose_units:
            most = min(most, int(room[leg]) // units)
        for leg in column.box_legs:
            most = min(most, int(room[leg]) * size)
        return most


def place_all(problem: Problem, pricer: Pricer, placer: Placer, order: Sequence[int]) -> Choice:
    """Place all batches in an order, each on the cheapest itinerary that still has room."""
    choice = Choice(problem)
    room = pricer.timetable.arrays["leg_capacity"].copy()
    for batch in order:
        placer.place(choice, batch, room, problem.batches[batch].vehicles)
    return choice


def ready_order(problem: Problem) -> list[int]:
    """First ready, first served; ties by priority, then by place in the file."""
    return sorted(
        range(len(problem.batches)),
        key=lambda number: (problem.batches[number].ready_min, -problem.batches[number].priority, number),
    )
