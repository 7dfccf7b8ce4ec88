"""From the relaxed problem to whole vehicles: rounding, repair, search in windows, proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from planner.errors import SolverError
from planner.model.problem import Problem
from planner.model.results import SolveOptions
from planner.network.timetable import Ints
from planner.solver.bounds import group_limit
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.greedy import Placer
from planner.solver.objectives import Goal, cheapest_among_best, goal_of
from planner.solver.parts import PartRules, make_valid
from planner.solver.pricing import Pricer
from planner.solver.relaxation import BoxBound, ColumnGeneration, Relaxation
from planner.solver.room import Charter, Room
from planner.solver.tolerances import LP_FEASIBILITY
from planner.solver.whole import Limits, choose

NEAR_COLUMNS = 12
"""Itineraries per batch and size of group, cheapest first under the prices of room, that a search may use."""
WINDOW = 24
"""Batches searched together; windows go by ready time and overlap by half."""
MOST_COLUMNS_FOR_PROOF, MOST_COLUMNS_OF_LARGE_FILE = 200_000, 20_000
"""Enumeration inside the gap is given up beyond this many itineraries in all.

Of a file of more than one window a proof is seldom near, and looking for it takes time.
"""
MOST_COLUMNS_OF_BATCH = 20_000
"""Itineraries of a batch and size of group beyond which it is given up too."""


@dataclass(slots=True)
class Whole:
    """Best whole choice and what is known of it; ``is_proven``: nothing better exists."""

    choice: Choice
    is_proven: bool = False
    stopped_by: str | None = None
    num_columns: int = 0


class WholeSearch:
    """Finds whole choices and improves them; never gives back a worse one than it was given."""

    def __init__(
        self,
        problem: Problem,
        pricer: Pricer,
        goal: Goal,
        room: Room,
        parts: PartRules,
        options: SolveOptions,
        *,
        should_stop: Callable[[], bool],
        confirm: bool = True,
        most_listed: int = MOST_COLUMNS_OF_BATCH,
    ) -> None:
        """Set up.

        Parameters
        ----------
        confirm
            Call nothing proven that a second solver has not come to as well.
        most_listed
            Itineraries of a batch and size of group beyond which listing those inside the gap is given up.
        """
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._confirm = confirm
        self._most_listed = most_listed
        self._room = room
        self._parts = parts
        self._placer = Placer(problem, pricer, goal, room, parts)
        self._options = options
        self._should_stop = should_stop

    def value(self, choice: Choice) -> int:
        """Value of a choice under the goal."""
        return choice.value_under(self._goal, self._room)

    def is_near(self, choice: Choice, bound: int) -> bool:
        """Whether a choice is so near the bound that windows bring too little to be searched.

        Files of one window are searched to the end.
        """
        value = self.value(choice)
        if value <= bound:
            return True
        if len(self._problem.batches) <= WINDOW:
            return False
        own = value - choice.penalty_under(self._goal)
        return (value - bound) * 1_000_000 <= self._options.enough_gap_ppm * own

    def better(self, one: Choice, other: Choice) -> Choice:
        """The choice of less value; the first if equal."""
        return other if self.value(other) < self.value(one) else one

    def round_down(self, relaxation: Relaxation) -> Choice:
        """Whole groups of the relaxed solution, the vehicles left over placed where there is room."""
        choice, left = Choice(self._problem), self._room.capacity.copy()
        if relaxation.relaxed is not None:
            for (column, group), amount in zip(relaxation.groups, relaxation.relaxed.amounts, strict=False):
                vehicles = floor(amount + LP_FEASIBILITY) * group
                if vehicles > 0:
                    # A relaxed solution keeps to room and demand within a tolerance, vehicles strictly.
                    self._placer.ride(choice, column, min(vehicles, choice.left_out(column.batch)), left)
        choice = make_valid(choice, self._parts, self._room)
        left = self._left_beside(choice, ())
        order = sorted(range(len(choice.rides)), key=lambda batch: -choice.left_out(batch))
        for batch in order:
            self._placer.place(choice, batch, left, choice.left_out(batch))
        return make_valid(choice, self._parts, self._room)

    def repair(self, choice: Choice) -> Choice:
        """Place what is left out; take each batch out and place it again as long as that helps."""
        given, choice = choice, choice.copy()
        left = self._left_beside(choice, ())
        order = sorted(range(len(choice.rides)), key=lambda batch: -choice.left_out(batch))
        for batch in order:
            self._placer.place(choice, batch, left, choice.left_out(batch))
        for batch in order:
            before, old, kept = self._value_beside(choice, batch, left), choice.rides[batch], left.copy()
            choice.add_load(left, batch)
            choice.rides[batch] = {}
            self._placer.place(choice, batch, left, choice.left_out(batch))
            if self._value_beside(choice, batch, left) >= before or self._leaves_unfilled(left):
                choice.rides[batch] = old
                left[:] = kept
        return self.better(given, make_valid(choice, self._parts, self._room))

    def close_charters(self, choice: Choice) -> Choice:
        """Take everybody off each chartered departure in turn and place them again, where that helps."""
        best, value, left = choice, self.value(choice), self._left_beside(choice, ())
        for charter in self._room.charters:
            moved = self._without(best, left, charter)
            if moved is not None and moved[1] < 0:
                emptied = make_valid(moved[0], self._parts, self._room)
                if self.value(emptied) < value:
                    best, value, left = emptied, self.value(emptied), self._left_beside(emptied, ())
        return best

    def _without(self, choice: Choice, left: Ints, charter: Charter) -> tuple[Choice, int] | None:
        """A choice with a charter closed and what that adds to its value; ``None`` if nobody rides it.

        Others than those taken off look for room only if some came free where there was none.
        """
        riders = {
            batch: [c for c in rides if any(ride[0] == charter.departure for ride in c.chain)]
            for batch, rides in enumerate(choice.rides)
        }
        riders = {batch: columns for batch, columns in riders.items() if columns}
        if not riders:
            return None
        emptied, before, left = choice.copy(), left, left.copy()
        for batch, columns in riders.items():
            emptied.add_load(left, batch)
            for column in columns:
                del emptied.rides[batch][column]
            emptied.add_load(left, batch, -1)
        left[list(charter.legs)] = 0
        gained = (left > before) & (before < self._one_vehicle())
        touched = list(range(len(choice.rides))) if gained.any() else list(riders)
        for batch in touched:
            self._placer.place(emptied, batch, left, emptied.left_out(batch))
        left[list(charter.legs)] = self._room.capacity[list(charter.legs)]
        added = sum(
            emptied.value_of(batch, self._goal) - choice.value_of(batch, self._goal) for batch in touched
        )
        if self._goal.counts_money:
            capacity = self._room.capacity
            added += self._room.charter_cents(capacity - left) - self._room.charter_cents(capacity - before)
        return emptied, added

    def _one_vehicle(self) -> Ints:
        """Most counting units that one vehicle or box of any type takes, by row, int64[M]."""
        types = {self._problem.vehicle_type_of(batch) for batch in self._problem.batches}
        needs = [self._room.needed(kind, 1) for kind in types]
        return np.asarray(np.max(needs, axis=0), dtype=np.int64)

    def _value_beside(self, choice: Choice, batch: int, left: Ints) -> int:
        """Value of a batch and of all charters, the other batches as they are."""
        value = choice.value_of(batch, self._goal)
        if self._goal.counts_money and self._room.charters:
            value += self._room.charter_cents(self._room.capacity - left)
        return value

    def _leaves_unfilled(self, left: Ints) -> bool:
        """Whether some charter that is ridden does not come to its least load."""
        return bool(self._room.charters and self._room.unfilled(self._room.capacity - left))

    def _left_beside(self, choice: Choice, batches: Sequence[int]) -> Ints:
        """Room that all batches but these leave, int64[M]."""
        left = self._room.capacity.copy()
        free = set(batches)
        for batch in range(len(choice.rides)):
            if batch not in free:
                choice.add_load(left, batch, -1)
        return left

    def near_columns(self, row_prices: Ints) -> list[list[Column]]:
        """Per batch the cheapest itineraries under prices of room, for full boxes and for single vehicles."""
        near: list[dict[Column, None]] = [{} for _ in self._problem.batches]
        rows, weights = self._pricer.row_prices(row_prices), self._goal.weights(0)
        for source in self._pricer.sources:
            for size in sorted({1, source.vehicles_per_feu}, reverse=True):
                prices = self._pricer.sweep(source, size, weights, rows, part_of=source.part_of)
                for batch in source.batches:
                    limit = size * self._goal.scaled_penalty(batch, 0)
                    found, _ = self._pricer.recover(
                        batch, size, weights, prices, limit, max_paths=NEAR_COLUMNS, distinct_rows=True
                    )
                    near[batch].update((column, None) for _, column in found)
        return [list(columns) for columns in near]

    def improve(self, whole: Whole, near: list[list[Column]], target: int) -> None:
        """Search windows of batches, the others held, until a round brings nothing or the target is near."""
        by_ready = sorted(
            range(len(near)), key=lambda number: (self._problem.batches[number].ready_min, number)
        )
        windows = [by_ready[first : first + WINDOW] for first in range(0, len(by_ready), WINDOW // 2)]
        limits = Limits(effort=self._options.mip_effort, seed=self._options.seed)
        for _ in range(self._options.max_window_rounds):
            before = self.value(whole.choice)
            for window in windows:
                if self.is_near(whole.choice, target):
                    return
                if self._should_stop():
                    whole.stopped_by = "cancelled"
                    return
                ridden = [column for batch in window for column in whole.choice.rides[batch]]
                columns = list(dict.fromkeys([*(c for batch in window for c in near[batch]), *ridden]))
                whole.num_columns = max(whole.num_columns, len(columns))
                chosen = choose(
                    self._problem,
                    columns,
                    self._room,
                    self._parts,
                    whole.choice,
                    limits,
                    self._goal,
                    batches=window,
                )
                whole.choice = self.better(whole.choice, chosen.choice)
            if self.value(whole.choice) >= before:
                return
        whole.stopped_by = "effort"

    def close_gap(self, bound: BoxBound, whole: Whole, *, on_branch: bool = False) -> None:
        """Search all itineraries that a better choice could use; with few of them, that is a proof."""
        columns = self.list_within(bound, whole.choice)
        if columns is None:
            near = self.is_near(whole.choice, ceil_scaled(Fraction(bound.value)))
            whole.stopped_by = "near_enough" if near else "effort"
            return
        limits = Limits(effort=self._options.proof_effort, seed=self._options.seed)
        chosen = choose(
            self._problem,
            columns,
            self._room,
            self._parts,
            whole.choice,
            limits,
            self._goal,
            confirm=self._confirm,
            on_branch=on_branch,
        )
        whole.choice = self.better(whole.choice, chosen.choice)
        whole.num_columns = max(whole.num_columns, len(columns))
        whole.is_proven = chosen.is_proven
        whole.stopped_by = None if chosen.is_proven else "effort"

    def list_within(self, bound: BoxBound, choice: Choice) -> list[Column] | None:
        """Itineraries for every choice of no more value than this one; ``None`` if there are too many.

        Dominated ones are left out: neither more money nor more minutes come of that.
        """
        gap = self.value(choice) * SCALE - bound.value
        columns: dict[Column, None] = {}
        rows, weights = self._pricer.row_prices(bound.row_prices), self._goal.weights(0)
        is_small = len(self._problem.batches) <= WINDOW
        in_all = MOST_COLUMNS_FOR_PROOF if is_small else MOST_COLUMNS_OF_LARGE_FILE
        most = min(in_all // max(1, len(self._problem.batches)), self._most_listed)
        for source in self._pricer.sources:
            for size in range(1, source.vehicles_per_feu + 1):
                prices = self._pricer.sweep(source, size, weights, rows, part_of=source.part_of)
                for batch in source.batches:
                    if size > self._problem.open_vehicles(self._problem.batches[batch]):
                        continue
                    found, is_complete = self._pricer.recover(
                        batch,
                        size,
                        weights,
                        prices,
                        group_limit(bound.values[batch], bound.groups[batch], size, gap),
                        max_paths=most,
                        max_steps=20 * self._most_listed,
                    )
                    if not is_complete:
                        return None
                    columns.update((column, None) for _, column in found)
        kept = without_dominated(list(columns), self._goal, self._parts)
        return list(dict.fromkeys([*kept, *choice.columns()]))


def make_whole(
    search: WholeSearch,
    relaxation: Relaxation,
    bound: BoxBound,
    first: Choice,
    *,
    on_plan: Callable[[Choice], None],
    should_stop: Callable[[], bool],
) -> Whole:
    """Best choice in whole vehicles and boxes, never worse than ``first``."""
    target = ceil_scaled(max(relaxation.lp_bound, Fraction(bound.value)))
    rounded = search.close_charters(search.repair(search.round_down(relaxation)))
    whole = Whole(search.better(search.close_charters(first), rounded))
    on_plan(whole.choice)
    if not search.is_near(whole.choice, target) and not should_stop():
        search.improve(whole, search.near_columns(bound.row_prices), target)
        whole.choice = search.better(whole.choice, search.repair(whole.choice))
        on_plan(whole.choice)
    if search.value(whole.choice) <= target:
        whole.is_proven, whole.stopped_by = True, None
    elif not should_stop():
        search.close_gap(bound, whole)
    return whole


def cheapest_of_best(
    problem: Problem,
    pricer: Pricer,
    room: Room,
    parts: PartRules,
    best: Choice,
    options: SolveOptions,
    *,
    within: list[Column] | None,
    should_stop: Callable[[], bool],
) -> Choice:
    """Second pass of ``time`` and ``co2e``: the cheapest choice found that holds the value of a choice.

    Parameters
    ----------
    within
        Itineraries for every choice as good, if they could be listed: then the cheapest of all is searched.
    """
    goal = cheapest_among_best(problem, best.value_under(goal_of(problem), room))
    generation = ColumnGeneration(
        problem,
        pricer,
        goal,
        room,
        best.columns(),
        options,
        on_round=lambda _number, _bound: None,
        should_stop=should_stop,
    )
    whole = Whole(best)
    # One light round: the value that was asked for is found already, this only makes it cheaper.
    light = replace(options, max_window_rounds=1, mip_effort=options.mip_effort / 2)
    search = WholeSearch(problem, pricer, goal, room, parts, light, should_stop=should_stop)
    target = 0
    try:
        relaxation = generation.run()
    except SolverError:  # of money alone; the value asked for is found already, what is listed is searched
        pass
    else:
        near = [list(best.rides[batch]) for batch in range(len(problem.batches))]
        for column, _ in relaxation.groups:
            near[column.batch].append(column)
        target = ceil_scaled(relaxation.box_bound)
        search.improve(whole, near, target)
    if within is not None and search.value(whole.choice) > target and not should_stop():
        columns = list(dict.fromkeys([*within, *whole.choice.columns()]))
        limits = Limits(effort=options.proof_effort, seed=options.seed)
        chosen = choose(problem, columns, room, parts, whole.choice, limits, goal)
        whole.choice = search.better(whole.choice, chosen.choice)
    return whole.choice


def without_dominated(columns: list[Column], goal: Goal, parts: PartRules) -> list[Column]:
    """Of columns with the same rows and boxed run (and part, where that counts), those that no other beats.

    A part counts where the batch has rules for parts, or where it pays something once.

    One beats another if it is no worse in what the goal counts, nor in money: neither pass needs the other.
    """
    kept: dict[tuple[object, ...], list[Column]] = {}

    def rank(column: Column) -> tuple[int, int]:
        return column.vehicle_value(goal.measure), column.vehicle_cents

    for column in sorted(columns, key=rank):
        part = column.chain if parts.is_limited[column.batch] or column.part_prices else None
        key = (column.batch, column.vehicle_rows, column.box_rows, column.run, part)
        rivals = kept.setdefault(key, [])
        if not rivals or column.vehicle_cents < rivals[-1].vehicle_cents:
            rivals.append(column)
    return [column for rivals in kept.values() for column in rivals]


def ceil_scaled(bound: Fraction) -> int:
    """Least whole value of the objective that a scaled bound allows."""
    return -floor(-bound / SCALE)
