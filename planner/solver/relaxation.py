"""Column generation: the relaxed problem over all itineraries, with exact bounds.

First with full boxes only: its dual bound is the linear bound. Then with boxes of every fill and remainder
rows: its prices of room make the bound with whole boxes tight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from planner.model.problem import Problem
from planner.model.results import SolveOptions
from planner.network.timetable import Ints
from planner.solver.bounds import last_box_values, linear_value
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.kernel import INFINITE
from planner.solver.master import Master, Relaxed, remainder_weight
from planner.solver.objectives import Goal
from planner.solver.pricing import Pricer
from planner.solver.room import Room
from planner.solver.tolerances import LP_ENOUGH, LP_ENOUGH_WHOLE

COLUMNS_A_ROUND = 4
MOST_HELD_PRICE = 1 << 40
"""A million cents a minute or gram: steps far below the range of prices."""


@dataclass(slots=True)
class Relaxation:
    """What column generation found.

    Parameters
    ----------
    groups
        All groups of the master problem: itinerary and number of vehicles.
    relaxed
        Last solution of the master problem, amounts in the order of ``groups``.
    lp_bound
        Exact linear bound (boxes at 1/k), scaled.
    box_bound
        Exact bound with whole boxes, scaled; never below ``lp_bound`` once both are known.
    row_prices
        Scaled prices of rows of the best bound with whole boxes, int64[M].
    held_price
        Scaled price of a unit of what is held, of that bound.
    """

    groups: list[tuple[Column, int]] = field(default_factory=list)
    relaxed: Relaxed | None = None
    lp_bound: Fraction = Fraction(0)
    box_bound: Fraction = Fraction(0)
    row_prices: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    held_price: int = 0
    rounds: int = 0
    stopped_by: str | None = None


class ColumnGeneration:
    """Adds itineraries to the master problem until none has a negative reduced cost, or a limit is met."""

    def __init__(
        self,
        problem: Problem,
        pricer: Pricer,
        goal: Goal,
        room: Room,
        columns: list[Column],
        options: SolveOptions,
        *,
        on_round: Callable[[int, Fraction], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """``columns``: itineraries to start from."""
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._room = room
        self._options = options
        self._on_round = on_round
        self._should_stop = should_stop
        self._most_row_prices = pricer.most_row_prices()
        self._quantities = [problem.open_vehicles(batch) for batch in problem.batches]
        self._sizes = [pricer.source_of(number).vehicles_per_feu for number in range(len(problem.batches))]
        self._master = Master(self._quantities, self._sizes, goal, room)
        for column in columns:
            self._add(column, self._sizes[column.batch])
        self.state = Relaxation(
            groups=self._master.groups, row_prices=np.zeros(len(room.capacity), dtype=np.int64)
        )

    def run(self) -> Relaxation:
        """Both phases; the second only if some batch can't fill its boxes.

        Under a held value the first is all: the plan that holds it may mix itineraries in one box, which
        groups on one itinerary can't, so the second could have no solution.
        """
        if self._solve(whole=False) and self._goal.held is None and self._master.add_remainder_rows():
            self._solve(whole=True)
        return self.state

    def _solve(self, *, whole: bool) -> bool:
        """Rounds of one phase; False if a limit ended it."""
        state = self.state
        enough = LP_ENOUGH_WHOLE if whole else LP_ENOUGH
        while state.rounds < self._options.max_rounds:
            relaxed = self._master.solve()
            state.relaxed = relaxed
            state.rounds += 1
            prices = scaled_prices(relaxed.row_price, self._most_row_prices)
            held_price = min(round(relaxed.held_price * SCALE), MOST_HELD_PRICE)
            groups, found = self._price(relaxed, prices, held_price, whole=whole)
            self._take_bound(groups, prices, held_price, whole=whole)
            added = sum([self._add(column, group) for column, group in found])
            best = state.box_bound if whole else state.lp_bound
            if not added or relaxed.value - float(best / SCALE) <= enough * max(1.0, abs(relaxed.value)):
                return True
            if self._should_stop():
                state.stopped_by = "cancelled"
                return False
        state.stopped_by = "rounds"
        return False

    def _add(self, column: Column, group: int) -> bool:
        cost = self._goal.group_cost(column, group, self._pricer.source_of(column.batch).part_of)
        return self._master.add_group(column, group, cost / SCALE)

    def _sizes_to_price(self, batch: int, *, whole: bool) -> list[int]:
        """Fills that matter: a batch that fills its boxes never gains by a box half empty."""
        size = self._sizes[batch]
        if whole and self._quantities[batch] % size:
            return list(range(1, size + 1))
        return [size]

    def _price(
        self, relaxed: Relaxed, row_prices: Ints, held_price: int, *, whole: bool
    ) -> tuple[list[dict[int, int]], list[tuple[Column, int]]]:
        """Cheapest group of every batch by size, and the groups that beat the duals."""
        cheapest: list[dict[int, int]] = [{} for _ in self._sizes]
        found: list[tuple[Column, int]] = []
        weights = self._goal.weights(held_price)
        rows = self._pricer.row_prices(row_prices)
        for source in self._pricer.sources:
            wanted = {batch: self._sizes_to_price(batch, whole=whole) for batch in source.batches}
            for size in sorted({size for sizes in wanted.values() for size in sizes}, reverse=True):
                prices = self._pricer.sweep(source, size, weights, rows, part_of=source.part_of)
                for batch in source.batches:
                    if size not in wanted[batch]:
                        continue
                    cost = self._pricer.cheapest(batch, size, weights)
                    cheapest[batch][size] = cost
                    credit = (
                        remainder_weight(self._quantities[batch], self._sizes[batch], size) if whole else 0
                    )
                    dual = relaxed.batch_dual[batch] * size + relaxed.remainder_dual[batch] * credit
                    limit = round(dual * SCALE) - 1
                    if cost < INFINITE and cost <= limit:
                        columns, _ = self._pricer.recover(
                            batch, size, weights, prices, limit, max_paths=COLUMNS_A_ROUND, distinct_rows=True
                        )
                        found.extend((column, size) for _, column in columns)
        return cheapest, found

    def _take_bound(
        self, groups: list[dict[int, int]], row_prices: Ints, held_price: int, *, whole: bool
    ) -> None:
        """Keep the exact bound of these prices if it is the best so far."""
        total = Fraction(constant_of(self._goal, self._room, row_prices))
        if self._goal.held is not None:
            total -= held_price * self._goal.held.most
        for batch, (quantity, size) in enumerate(zip(self._quantities, self._sizes, strict=True)):
            penalty = self._goal.scaled_penalty(batch, held_price)
            by_size = groups[batch]
            if len(by_size) == size and size > 1:
                total += last_box_values(quantity, penalty, [by_size[s] for s in range(1, size + 1)])[-1]
            else:
                total += linear_value(quantity, penalty, by_size[size], size)
        state = self.state
        if whole:
            if total > state.box_bound:
                state.box_bound, state.row_prices, state.held_price = total, row_prices, held_price
        elif state.rounds == 1 or total > state.lp_bound:
            state.lp_bound = total
            state.box_bound, state.row_prices, state.held_price = total, row_prices, held_price
        self._on_round(state.rounds, state.box_bound)


def scaled_prices(row_price: dict[int, float], most: Ints) -> Ints:
    """Prices of room rounded to whole millionths, not above ``most``, int64[M]: any prices give a bound."""
    prices = np.zeros(len(most), dtype=np.int64)
    for row, price in row_price.items():
        prices[row] = min(round(price * SCALE), int(most[row]))
    return prices


def constant_of(goal: Goal, room: Room, row_prices: Ints) -> int:
    """What a bound holds beside the batches, scaled: sunk charters, and the worth of the room, taken off."""
    constant = -room.value(row_prices, money=goal.counts_money)
    if goal.counts_money:
        constant += room.sunk_cents * SCALE
    return constant


@dataclass(frozen=True, slots=True)
class BoxBound:
    """Bound with whole boxes under given prices of room.

    Parameters
    ----------
    value
        Scaled lower bound on the objective.
    row_prices
        Scaled prices of rows it was made with, int64[M].
    values
        Per batch V_b(Q_b - k), ..., V_b(Q_b), scaled; from V_b(0) where Q_b is less.
    groups
        Per batch g_b(1), ..., g_b(k), scaled.
    """

    value: int
    row_prices: Ints
    values: list[list[int]]
    groups: list[list[int]]


def bound_boxes(problem: Problem, pricer: Pricer, goal: Goal, room: Room, row_prices: Ints) -> BoxBound:
    """Bound with whole boxes, all sizes of groups: one sweep per source and fill of a box."""
    rows = pricer.row_prices(row_prices)
    weights = goal.weights(0)
    groups: list[list[int]] = [[] for _ in problem.batches]
    for source in pricer.sources:
        for size in range(1, source.vehicles_per_feu + 1):
            pricer.sweep(source, size, weights, rows, part_of=source.part_of)
            for batch in source.batches:
                groups[batch].append(pricer.cheapest(batch, size, weights))
    values = [
        last_box_values(problem.open_vehicles(batch), goal.scaled_penalty(number, 0), groups[number])
        for number, batch in enumerate(problem.batches)
    ]
    total = sum(table[-1] for table in values) + constant_of(goal, room, row_prices)
    return BoxBound(value=total, row_prices=row_prices, values=values, groups=groups)
