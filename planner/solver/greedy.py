"""Placing batches one after another on the cheapest itinerary that still has room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.model.problem import Problem
from planner.network.kept import Chain
from planner.network.timetable import NO_LIMIT, Ints
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.kernel import CLOSED_LEG, INFINITE
from planner.solver.objectives import Goal
from planner.solver.parts import PartRules, make_valid
from planner.solver.pricing import Pricer
from planner.solver.room import Charter, Room
from planner.units import ceil_div


class Placer:
    """Places one batch at a time into the room that is left.

    Room left is int64[M]; on rows without a limit it is NO_LIMIT less what rides, so that it tells what has
    boarded a charter.
    """

    def __init__(self, problem: Problem, pricer: Pricer, goal: Goal, room: Room, parts: PartRules) -> None:
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._room = room
        self._parts = parts
        self._weights = goal.weights_with_ties()
        self._charter_of = {charter.departure: charter for charter in room.charters}
        self._charters = _CharterArrays.of(room)

    def place(self, choice: Choice, batch: int, left: Ints, quantity: int) -> None:
        """Add up to ``quantity`` vehicles of a batch to a choice, taking from the room left."""
        if self._parts.is_limited[batch]:
            self._place_parts(choice, batch, left, quantity)
            return
        size = self._pricer.source_of(batch).vehicles_per_feu
        closed: set[int] = set()
        while quantity > 0:
            found = self._best_ride(choice, batch, min(size, quantity), left, quantity, closed)
            if found is None:
                return
            column, take = found
            if take > size:
                take -= take % size
            if self._ride_or_close(choice, column, take, left, closed):
                quantity -= take

    def _place_parts(self, choice: Choice, batch: int, left: Ints, quantity: int) -> None:
        """Add parts of a batch that may be split only so often, or only into large parts."""
        item = self._problem.batches[batch]
        closed: set[int] = set()
        while quantity > 0:
            before = dict(choice.rides[batch])
            least = quantity if item.all_or_none else min(quantity, item.least_part)
            found = self._best_ride(choice, batch, least, left, quantity, closed, smallest=least)
            if found is None:
                return
            column, take = found
            rest = quantity - take
            if 0 < rest < item.least_part and take - (item.least_part - rest) >= least:
                take = quantity - item.least_part
            if not self._ride_or_close(choice, column, take, left, closed):
                continue
            if not self._parts.holds(choice, batch):
                choice.add_load(left, batch)
                choice.rides[batch] = before
                choice.add_load(left, batch, -1)
                return
            quantity -= take

    def _ride_or_close(
        self, choice: Choice, column: Column, vehicles: int, left: Ints, closed: set[int]
    ) -> bool:
        """Ride a column, unless a charter on it does not come to its least load: then it is closed."""
        batch = column.batch
        before = dict(choice.rides[batch])
        self.ride(choice, column, vehicles, left)
        empty = [
            charter.departure
            for charter in self._charters_on(column.chain)
            if self._boarded(charter, left) < charter.min_load and not self._is_kept(charter)
        ]
        if not empty:
            return True
        choice.add_load(left, batch)
        choice.rides[batch] = before
        choice.add_load(left, batch, -1)
        closed.update(empty)
        return False

    def _charters_on(self, chain: Chain) -> list[Charter]:
        return [self._charter_of[ride[0]] for ride in chain if ride[0] in self._charter_of]

    def _boarded(self, charter: Charter, left: Ints) -> int:
        return NO_LIMIT - int(left[charter.boarded_row])

    def _is_kept(self, charter: Charter) -> bool:
        return bool(self._room.kept_load[charter.boarded_row])

    def ride(self, choice: Choice, column: Column, vehicles: int, left: Ints) -> None:
        """Add vehicles on a column to a choice, no more than the room left allows, and take it."""
        size = self._pricer.source_of(column.batch).vehicles_per_feu
        vehicles = self._fitting(column, vehicles, left, size)
        if not vehicles:
            return
        choice.add_load(left, column.batch)
        rides = choice.rides[column.batch]
        rides[column] = rides.get(column, 0) + vehicles
        choice.add_load(left, column.batch, -1)

    def _best_ride(
        self,
        choice: Choice,
        batch: int,
        largest: int,
        left: Ints,
        quantity: int,
        closed: set[int],
        smallest: int = 1,
    ) -> tuple[Column, int] | None:
        """Cheapest column for the largest group that has room, and how many vehicles have room on it.

        What its part pays once is spread over all vehicles to be placed; where fewer have room it is asked
        again, over those. A part that has paid already is taken where nothing is cheaper.
        """
        source = self._pricer.source_of(batch)
        paid = {column.chain for column in choice.rides[batch] if column.part_prices}
        may_have_paid = bool(paid) or not source.part_of
        spread = 0 if may_have_paid else quantity
        while True:
            column = self._best_column(batch, largest, left, quantity, closed, smallest, spread)
            if column is None:
                return None
            take = self._fitting(column, quantity, left, source.vehicles_per_feu)
            if not column.part_prices or column.chain in paid or 0 < spread <= take:
                return column, take
            spread = min(spread, take) or quantity

    def _best_column(
        self,
        batch: int,
        largest: int,
        left: Ints,
        quantity: int,
        closed: set[int],
        smallest: int,
        part_of: int,
    ) -> Column | None:
        """Cheapest column per vehicle for the largest group that has room.

        Parameters
        ----------
        part_of
            Vehicles over which what a part pays once is spread; 0 = left out.
        """
        source = self._pricer.source_of(batch)
        size = source.vehicles_per_feu
        for room_for in range(largest, smallest - 1, -1):
            group = min(room_for, size)
            needed = self._needed(batch, room_for)
            rows = np.where(left < needed, CLOSED_LEG, 0)
            self._price_charters(rows, batch, needed, left, quantity, closed)
            row_prices = self._pricer.row_prices(rows)
            prices = self._pricer.sweep(source, group, self._weights, row_prices, part_of=part_of)
            cheapest = self._pricer.cheapest(batch, group, self._weights)
            limit = group * self._goal.scaled_penalty(batch, 0) - 1
            if cheapest >= INFINITE or cheapest > limit:
                continue
            columns, _ = self._pricer.recover(batch, group, self._weights, prices, limit)
            if columns:
                return columns[0][1]
        return None

    def _price_charters(
        self, rows: Ints, batch: int, needed: Ints, left: Ints, quantity: int, closed: set[int]
    ) -> None:
        """Close charters that can't be filled, and price what would need another module by the unit."""
        if not self._charter_of:
            return
        charters = self._charters
        taken = np.maximum(self._room.capacity - left, 0) + self._room.kept_load
        fillable = NO_LIMIT - left[charters.boarded_row] + self._needed(batch, quantity)[charters.first_leg]
        shut = (fillable < charters.min_load) | np.isin(charters.departure, list(closed))
        rows[charters.leg[shut[charters.owner]]] = CLOSED_LEG
        if not self._goal.counts_money:
            return
        load = taken[charters.leg]
        bought = np.maximum.reduceat(-(-load // charters.step), charters.start)
        full = load + needed[charters.leg] > bought[charters.owner] * charters.step
        dear = full & (rows[charters.leg] < CLOSED_LEG)
        rows[charters.leg[dear]] = charters.price[dear]

    def settle_ties(self, choice: Choice) -> None:
        """Move vehicles to itineraries of equal cost and earlier delivery while these have room.

        Loose vehicles move one itinerary at a time, boxed ones with their whole run, if the rules for parts
        of their batch still hold. What rides a charter stays: nobody leaves it, nobody joins it.
        """
        left = self._room.capacity.copy()
        for batch in range(len(choice.rides)):
            choice.add_load(left, batch, -1)
        for batch in range(len(choice.rides)):
            runs = [column.run for column in choice.rides[batch]]
            for column in sorted(choice.rides[batch], key=lambda ride: -ride.minutes):
                is_alone = column.run is None or runs.count(column.run) == 1
                if is_alone and not self._charters_on(column.chain):
                    self._settle(choice, batch, column, left)

    def _settle(self, choice: Choice, batch: int, column: Column, left: Ints) -> None:
        vehicles = choice.rides[batch].pop(column)
        size = 1 if column.run is None else self._pricer.source_of(batch).vehicles_per_feu
        whole = Choice(self._problem)
        whole.rides[batch] = {column: vehicles}
        whole.add_load(left, batch)
        rows = np.where(left < self._needed(batch, size), CLOSED_LEG, 0)
        for charter in self._charter_of.values():
            rows[charter.legs] = CLOSED_LEG
        source = self._pricer.source_of(batch)
        row_prices = self._pricer.row_prices(rows)
        prices = self._pricer.sweep(source, size, self._weights, row_prices, part_of=source.part_of)
        limit = size * self._goal.scaled_penalty(batch, 0)
        found, _ = self._pricer.recover(batch, size, self._weights, prices, limit)
        better = found[0][1] if found else column
        measure = self._goal.measure
        same = (
            better.vehicle_value(measure) == column.vehicle_value(measure)
            and better.box_value(measure) == column.box_value(measure)
            and (better.run is None) == (column.run is None)
            # Another part would pay once more.
            and (better.chain == column.chain or not (better.part_prices or column.part_prices))
        )
        moved = 0
        if same and better.minutes < column.minutes and better.run not in choice.box_runs(batch):
            moved = min(vehicles, self._fitting(better, vehicles, left, size))
            if moved < vehicles:
                moved -= moved % size
        stay = choice.rides[batch]
        choice.rides[batch] = _joined(stay, {better: moved, column: vehicles - moved})
        if not self._parts.holds(choice, batch):
            moved = 0
            choice.rides[batch] = _joined(stay, {column: vehicles})
        whole.rides[batch] = _joined({}, {better: moved, column: vehicles - moved})
        whole.add_load(left, batch, -1)

    def _needed(self, batch: int, vehicles: int) -> Ints:
        """Counting units that vehicles of a batch take on each row, int64[M]."""
        return self._room.needed(self._problem.vehicle_type_of(self._problem.batches[batch]), vehicles)

    def _fitting(self, column: Column, quantity: int, left: Ints, size: int) -> int:
        """Most vehicles of a new run of a column that the room left allows."""
        most = quantity
        for row, units in column.vehicle_rows:
            most = min(most, int(left[row]) // units)
        for row in column.box_rows:
            most = min(most, int(left[row]) * size)
        return max(0, most)


def _joined(rides: dict[Column, int], more: dict[Column, int]) -> dict[Column, int]:
    """Vehicles by itinerary of two sets of rides together."""
    joined = dict(rides)
    for column, number in more.items():
        if number:
            joined[column] = joined.get(column, 0) + number
    return joined


@dataclass(frozen=True, slots=True)
class _CharterArrays:
    """Chartered departures as arrays: looping over them for every batch placed took most of the time.

    departure, boarded_row, first_leg, min_load, start : int64[C]   least load 0 where kept vehicles ride
    leg, owner, step, price : int64[L]   row, number of its charter, units and price a unit of a module
    """

    departure: Ints
    boarded_row: Ints
    first_leg: Ints
    min_load: Ints
    start: Ints
    leg: Ints
    owner: Ints
    step: Ints
    price: Ints

    @staticmethod
    def of(room: Room) -> _CharterArrays:
        charters = room.charters
        legs = [
            (leg, owner, step, ceil_div(charter.scaled_module_price, step * len(charter.legs)))
            for owner, charter in enumerate(charters)
            for leg, step in zip(charter.legs, charter.step, strict=True)
        ]
        leg, owner, step, price = np.array(legs, dtype=np.int64).reshape(-1, 4).T.copy()
        of_charter = np.array(
            [(c.departure, c.boarded_row, c.legs[0], c.min_load) for c in charters], dtype=np.int64
        ).reshape(-1, 4)
        departure, boarded_row, first_leg, min_load = of_charter.T.copy()
        return _CharterArrays(
            departure=departure,
            boarded_row=boarded_row,
            first_leg=first_leg,
            min_load=np.where(room.kept_load[boarded_row] > 0, 0, min_load),
            start=np.searchsorted(owner, np.arange(len(charters))),
            leg=leg,
            owner=owner,
            step=step,
            price=price,
        )


def place_all(problem: Problem, placer: Placer, room: Room, parts: PartRules, order: Sequence[int]) -> Choice:
    """Place all batches in an order, each on the cheapest itinerary that still has room."""
    choice = Choice(problem)
    left = room.capacity.copy()
    for batch in order:
        placer.place(choice, batch, left, problem.open_vehicles(problem.batches[batch]))
    return make_valid(choice, parts, room)


def ready_order(problem: Problem) -> list[int]:
    """First ready, first served; ties by priority, then by place in the file."""
    return sorted(
        range(len(problem.batches)),
        key=lambda number: (problem.batches[number].ready_min, -problem.batches[number].priority, number),
    )
