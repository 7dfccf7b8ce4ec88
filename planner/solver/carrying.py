"""Whether all open vehicles of one batch ride in some room, and what that adds to the value.

With f(j) the least that j of the u vehicles add to the objective and p the price of leaving one out, the best
plan carries all of them, whichever of equal plans is taken, just if

    f(u) < f(j) + (u - j) p      for all j < u.

That is asked from the cheapest test to the dearest: bounds from sweeps in the room that is there, a plan that
takes the cheapest itinerary again and again, all itineraries that matter written out and searched, and where
these are too many a relaxation. What none of them settles is left open, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planner.model.results import SolveOptions
from planner.solver.bench import Bench
from planner.solver.bounds import group_limit, last_box_values
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.greedy import Placer
from planner.solver.kernel import CLOSED_LEG, INFINITE
from planner.solver.objectives import Goal
from planner.solver.parts import make_valid
from planner.solver.relaxation import ColumnGeneration
from planner.solver.room import Room, RowPrices
from planner.solver.search import WholeSearch, without_dominated
from planner.solver.whole import Limits, choose

MOST_PATHS, MOST_STEPS = 2_000, 20_000
"""Itineraries of a size of group that are written out, and steps of that, before it is given up."""
EFFORT = 2.0
"""Deterministic effort of a search over all itineraries that matter."""
LIGHT = SolveOptions(max_rounds=25)
NEVER = int(INFINITE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all open vehicles ride.

    Parameters
    ----------
    does
        The best plan carries them all; ``None`` = not settled.
    fits
        They can all ride for less than leaving all of them out; ``None`` = not settled.
    value
        What that adds to the objective, if it is known; the least where it was searched to the end.
    least
        Lower bound on what it adds; ``None`` = they can't all ride.
    fewer
        What some plan adds that carries fewer, the price of one vehicle left out not counted.
    """

    does: bool | None
    fits: bool | None
    value: int | None = None
    least: int | None = 0
    fewer: int | None = None


NO = Verdict(does=False, fits=False, least=None)


@dataclass(frozen=True, slots=True)
class Listed:
    """Itineraries that matter; ``is_complete``: none of those is missing."""

    columns: list[Column]
    is_complete: bool


class Carrier:
    """Asks for the only batch of a bench in different rooms.

    Parameters
    ----------
    bench
        Of one batch that has open vehicles. At most ``most_paths`` itineraries of a size are written out.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.batch = bench.problem.batches[0]
        self.vehicles = bench.problem.open_vehicles(self.batch)
        self.penalty = bench.goal.penalties[0]
        self.source = bench.pricer.source_of(0)
        self.must_all = Goal(bench.goal.measure, (self.vehicles * self.penalty + 1,))
        kept = bench.parts.kept_parts[0]
        self.is_whole = self.batch.all_or_none or (not kept and self.batch.least_part >= self.vehicles)
        self.most_paths = MOST_PATHS
        self._smallest = 1 if kept else self.batch.least_part
        if self.is_whole and (not self.batch.all_or_none or self.batch.max_parts == 1):
            self._smallest = self.vehicles

    # --- the question -----------------------------------------------------------------------------------

    def ask(self, room: Room, among: Listed | None = None) -> Verdict:
        """Whether all open vehicles ride in a room.

        Parameters
        ----------
        among
            Itineraries that matter in a room with at least as much on every row, if these are listed.
        """
        groups = self.groups(room)
        all_out = self.vehicles * self.penalty
        if not self.may_fit(groups):
            return NO
        least = last_box_values(self.vehicles, self.penalty * SCALE, groups)
        choice, found = self.place(room)
        if found is not None and self._beats(found, least[-2]):
            return Verdict(does=True, fits=True, value=found)
        if among is not None and among.is_complete:
            return self._search(room, [column for column in among.columns if self._has_room(room, column)])
        listed = self.list_columns(room, groups, least, min(all_out, all_out if found is None else found))
        if listed.is_complete:
            return self._search(room, listed.columns)
        return self._relax(room, choice, found)

    @staticmethod
    def _has_room(room: Room, column: Column) -> bool:
        """Whether one vehicle has room on an itinerary."""
        return all(room.capacity[row] >= units for row, units in column.vehicle_rows) and all(
            room.capacity[row] >= 1 for row in column.box_rows
        )

    def may_fit(self, groups: Sequence[int]) -> bool:
        """Whether by the cheapest groups alone all can ride for less than leaving all out."""
        fewest = last_box_values(self.vehicles, NEVER, groups)[-1]
        return fewest < self.vehicles * self.penalty * SCALE

    def _beats(self, value: int, least_of_fewer: int) -> bool:
        """Whether a way to carry all is sure to cost less than any way to carry fewer.

        Parameters
        ----------
        least_of_fewer
            Scaled lower bound on what one vehicle less adds, carried or left out.
        """
        if self.is_whole:
            return value < self.vehicles * self.penalty
        return value * SCALE < least_of_fewer + self.penalty * SCALE

    # --- bounds -----------------------------------------------------------------------------------------

    def prices_in(self, room: Room, size: int) -> RowPrices:
        """Rows of a room without room for a group closed, all others free."""
        kind = self.bench.problem.vehicle_type_of(self.batch)
        closed: npt.NDArray[np.bool_] = room.capacity < room.needed(kind, size)
        table = self.bench.timetable
        part = room.capacity < room.needed(kind, max(size, self._smallest))
        # of a part some may come and go on other days
        part[table.num_legs : table.num_legs + len(table.day_rows)] = False
        closed |= part
        one = room.needed(kind, 1)
        for charter in room.charters:
            if not charter.min_load:
                continue
            # Each vehicle may have a box of its own, and board a departure more than once.
            most = int(one[charter.legs[0]]) * self.vehicles * len(charter.legs)
            if not room.kept_load[charter.boarded_row] and most < charter.min_load:
                closed[list(charter.legs)] = True
        return self.bench.pricer.row_prices(np.where(closed, CLOSED_LEG, 0))

    def groups(self, room: Room) -> list[int]:
        """Scaled least costs of 1, 2, ... vehicles that share a box, in the room that is there."""
        pricer, weights = self.bench.pricer, self.bench.goal.weights(0)
        costs = []
        for size in range(1, self.source.vehicles_per_feu + 1):
            if size > self.vehicles:
                costs.append(NEVER)
                continue
            pricer.sweep(self.source, size, weights, self.prices_in(room, size), part_of=self.source.part_of)
            costs.append(pricer.cheapest(0, size, weights))
        return costs

    # --- ways to carry all ------------------------------------------------------------------------------

    def value(self, choice: Choice, goal: Goal, room: Room) -> int:
        """What a choice adds to the value: charters that are bought already are not in it."""
        before = room.charter_cents(choice.load(room) * 0) if goal.counts_money and room.charters else 0
        return choice.value_under(goal, room) - before

    def place(self, room: Room) -> tuple[Choice, int | None]:
        """Vehicles placed one group after another, and what that adds if all of them are."""
        bench, goal = self.bench, self.must_all
        choice, left = Choice(bench.problem), room.capacity.copy()
        placer = Placer(bench.problem, bench.pricer, goal, room, bench.parts)
        placer.place(choice, 0, left, self.vehicles)
        choice = make_valid(choice, bench.parts, room)
        return choice, None if choice.left_out(0) else self.value(choice, goal, room)

    def list_columns(
        self, room: Room, groups: Sequence[int], least: Sequence[int], most: int | None
    ) -> Listed:
        """Itineraries for every choice that adds at most ``most``; ``None`` = whatever it adds."""
        bench, weights = self.bench, self.bench.goal.weights(0)
        # Where parts count, or a least load that boxes not full could make up, each way to go matters.
        each_counts = bench.parts.is_limited[0] or self.source.fares.has_part_charges
        each_counts |= any(charter.min_load for charter in room.charters)
        found: dict[Column, None] = {}
        for size in range(1, min(self.source.vehicles_per_feu, self.vehicles) + 1):
            if groups[size - 1] >= NEVER:
                continue
            limit = NEVER - 1
            if most is not None:
                limit = min(limit, group_limit(least, groups, size, most * SCALE - least[-1]))
            prices = bench.pricer.sweep(
                self.source, size, weights, self.prices_in(room, size), part_of=self.source.part_of
            )
            columns, is_complete = bench.pricer.recover(
                *(0, size, weights, prices, limit),
                max_paths=self.most_paths,
                max_steps=MOST_STEPS,
                distinct_rows=not each_counts,
                all_or_none=True,
            )
            if not is_complete:
                return Listed([], is_complete=False)
            found.update((column, None) for _, column in columns)
        return Listed(without_dominated(list(found), bench.goal, bench.parts), is_complete=True)

    def least_of_all(self, room: Room, columns: Sequence[Column]) -> tuple[int | None, bool]:
        """Least that all vehicles on some itineraries add, ``None`` if not all can ride; whether proven."""
        choice, is_proven = self._choose(room, columns, self.must_all, self.vehicles)
        added = None if choice.left_out(0) else self.value(choice, self.must_all, room)
        return added, is_proven

    def least_of_fewer(self, room: Room, columns: Sequence[Column], penalty: int) -> tuple[int, int, bool]:
        """Least that one vehicle less adds, carried or left out at a price: value, riders, whether proven."""
        goal = Goal(self.bench.goal.measure, (penalty,))
        choice, is_proven = self._choose(room, columns, goal, self.vehicles - 1)
        riders = self.vehicles - 1 - choice.left_out(0)
        return self.value(choice, goal, room), riders, is_proven

    def _choose(
        self, room: Room, columns: Sequence[Column], goal: Goal, vehicles: int
    ) -> tuple[Choice, bool]:
        fewer = replace(self.batch, vehicles=self.batch.vehicles - self.vehicles + vehicles)
        problem = replace(self.bench.problem, batches=(fewer,))
        limits = Limits(effort=EFFORT, seed=1)
        chosen = choose(problem, columns, room, self.bench.parts, Choice(problem), limits, goal)
        return chosen.choice, chosen.is_proven

    def _search(self, room: Room, columns: Sequence[Column]) -> Verdict:
        """The answer over a complete list."""
        added, is_proven = self.least_of_all(room, columns)
        if added is None or added >= self.vehicles * self.penalty:
            return NO if is_proven else Verdict(does=None, fits=None)
        least = added if is_proven else 0
        if self.is_whole or self.vehicles == 1:
            return Verdict(does=True, fits=True, value=added, least=least)
        fewer, _, fewer_is_proven = self.least_of_fewer(room, columns, self.penalty)
        does: bool | None = fewer + self.penalty > added
        if not (fewer_is_proven if does else is_proven):
            does = None
        return Verdict(does=does, fits=True, value=added, least=least, fewer=fewer)

    def rules_out(self, before: Verdict, after: Verdict) -> bool:
        """Whether nothing between two changes helps either, if all the while ever more is possible.

        Parameters
        ----------
        before, after
            What was said of the smaller and of the greater change.
        """
        fewer = (self.vehicles - 1) * self.penalty if before.fewer is None else before.fewer
        return after.least is None or after.least >= fewer + self.penalty

    # --- where there are too many itineraries -----------------------------------------------------------

    def _relax(self, room: Room, choice: Choice, found: int | None) -> Verdict:
        """The answer by bounds of a relaxation, and by a plan rounded from it."""
        bench = self.bench
        generation = self._generation(room, choice, self.must_all, self.vehicles)
        relaxation = generation.run()
        sunk = room.charter_cents(choice.load(room) * 0) if bench.goal.counts_money and room.charters else 0
        least = max(relaxation.lp_bound, relaxation.box_bound) - sunk * SCALE
        if least >= self.vehicles * self.penalty * SCALE:
            return NO
        search = WholeSearch(
            *(bench.problem, bench.pricer, self.must_all, room, bench.parts, LIGHT), should_stop=_never
        )
        rounded = search.repair(search.round_down(relaxation))
        if not rounded.left_out(0):
            other = self.value(rounded, self.must_all, room)
            found = other if found is None else min(found, other)
        below = max(0, int(least) // SCALE)
        if found is None or found >= self.vehicles * self.penalty:
            return Verdict(does=None, fits=None, least=below)
        if self.is_whole or self.vehicles == 1:
            return Verdict(does=True, fits=True, value=found, least=below)
        fewer = self._generation(room, Choice(bench.problem), bench.goal, self.vehicles - 1).run()
        bound = max(fewer.lp_bound, fewer.box_bound) - sunk * SCALE
        does = True if self._beats(found, int(bound)) else None
        return Verdict(does=does, fits=True, value=found, least=below)

    def _generation(self, room: Room, choice: Choice, goal: Goal, vehicles: int) -> ColumnGeneration:
        fewer = replace(self.batch, vehicles=self.batch.vehicles - self.vehicles + vehicles)
        bench = self.bench.for_batches(replace(self.bench.problem, batches=(fewer,)))
        return ColumnGeneration(
            *(bench.problem, bench.pricer, goal, room, choice.columns(), LIGHT),
            on_round=lambda _number, _bound: None,
            should_stop=_never,
        )


def _never() -> bool:
    return False
