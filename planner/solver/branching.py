"""Branching on the modules of chartered departures: closes the gap of small files that one list can't close.

A fixed price leaves the relaxation weak until it is decided whether it is paid. So the modules of one
departure after another are bounded from above on one branch and from below on the other, each with column
generation and bounds of its own, until all itineraries inside the gap of a branch can be listed and searched
(Barnhart et al., *Branch-and-price: column generation for solving huge integer programs*, 1998).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from planner.model.problem import Problem
from planner.model.results import SolveOptions
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.objectives import Goal
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.relaxation import ColumnGeneration, Relaxation, bound_boxes
from planner.solver.room import Room
from planner.solver.search import MOST_COLUMNS_OF_BATCH, Whole, WholeSearch, ceil_scaled
from planner.solver.tolerances import WHOLE

MOST_CHARTERS = 40
"""Files with more chartered departures in play are not branched on."""
MOST_BRANCHES = 60


@dataclass(order=True, slots=True)
class _Branch:
    """Bounds of modules by departure, and what nothing on the branch can be better than."""

    bound: int
    number: int
    modules: dict[int, tuple[int, int]] = field(compare=False)


class Branching:
    """Best-first search over branches of modules.

    Parameters
    ----------
    columns
        Itineraries of the relaxation, to start each branch from.
    confirm, most_listed
        As of :class:`~planner.solver.search.WholeSearch`.
    """

    def __init__(
        self,
        problem: Problem,
        pricer: Pricer,
        goal: Goal,
        room: Room,
        parts: PartRules,
        options: SolveOptions,
        *,
        columns: list[Column],
        should_stop: Callable[[], bool],
        confirm: bool = True,
        most_listed: int = MOST_COLUMNS_OF_BATCH,
    ) -> None:
        self._confirm = confirm
        self._most_listed = most_listed
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._room = room
        self._parts = parts
        self._options = options
        self._columns = dict.fromkeys(columns)
        self._should_stop = should_stop
        self._charters = {charter.departure: charter for charter in room.charters}

    def improve(self, whole: Whole, bound: int, modules: dict[int, float]) -> int:
        """Improve a choice until nothing better exists, or the limits are met; the bound that is proved.

        Parameters
        ----------
        bound
            What the relaxation without branches proves.
        modules
            Modules in its last solution, by departure: those in play.
        """
        if not 0 < len(modules) <= MOST_CHARTERS:
            return bound
        first = self._split({}, modules)
        if first is None:  # nothing to branch on: that proves nothing
            return bound
        branches = [_Branch(bound, number, limits) for number, limits in enumerate(first)]
        heapq.heapify(branches)
        unproved: list[int] = []
        asked = len(branches)
        while branches and not self._should_stop():
            if asked >= MOST_BRANCHES:
                break
            branch = heapq.heappop(branches)
            if branch.bound >= self._value(whole.choice):
                continue
            solved, in_play, proved = self._solve(branch, whole)
            if proved >= self._value(whole.choice):
                continue
            children = None if solved else self._split(branch.modules, in_play)
            if children is None:
                if not solved:
                    unproved.append(proved)
                continue
            for limits in children:
                asked += 1
                heapq.heappush(branches, _Branch(proved, asked, limits))
        value = self._value(whole.choice)
        left = min([value, *unproved, *(branch.bound for branch in branches)])
        whole.is_proven = left >= value
        whole.stopped_by = None if whole.is_proven else "effort"
        return max(bound, left)

    def _value(self, choice: Choice) -> int:
        return choice.value_under(self._goal, self._room)

    def _split(
        self, limits: dict[int, tuple[int, int]], modules: dict[int, float]
    ) -> tuple[dict[int, tuple[int, int]], ...] | None:
        """Two branches on the departure whose modules are farthest from whole; ``None`` if all are whole."""
        departure = max(modules, key=lambda number: (_distance(modules[number]), -number), default=None)
        if departure is None or _distance(modules[departure]) <= WHOLE:
            return None
        charter = self._charters[departure]
        least, most = limits.get(departure, (charter.least_modules, charter.most_modules))
        below = floor(modules[departure])
        return ({**limits, departure: (least, below)}, {**limits, departure: (below + 1, most)})

    def _solve(self, branch: _Branch, whole: Whole) -> tuple[bool, dict[int, float], int]:
        """Relax a branch, look for better choices on it; whether it is done, modules in play, its bound."""
        room = self._room.with_modules(branch.modules)
        relaxation = self._relax(room)
        bound = bound_boxes(self._problem, self._pricer, self._goal, room, relaxation.row_prices)
        proved = max(branch.bound, ceil_scaled(max(relaxation.box_bound, Fraction(bound.value))))
        search = WholeSearch(
            self._problem,
            self._pricer,
            self._goal,
            room,
            self._parts,
            self._options,
            should_stop=self._should_stop,
            confirm=self._confirm,
            most_listed=self._most_listed,
        )
        self._take(whole, search.repair(search.round_down(relaxation)))
        modules = relaxation.relaxed.modules if relaxation.relaxed is not None else {}
        if proved >= self._value(whole.choice):
            return True, modules, proved
        on_branch = Whole(whole.choice)
        search.close_gap(bound, on_branch, on_branch=True)
        self._take(whole, on_branch.choice)
        return on_branch.is_proven, modules, proved

    def _relax(self, room: Room) -> Relaxation:
        generation = ColumnGeneration(
            self._problem,
            self._pricer,
            self._goal,
            room,
            list(self._columns),
            self._options,
            on_round=lambda _number, _bound: None,
            should_stop=self._should_stop,
        )
        relaxation = generation.run()
        self._columns.update((column, None) for column, _ in relaxation.groups)
        return relaxation

    def _take(self, whole: Whole, choice: Choice) -> None:
        if self._value(choice) < self._value(whole.choice):
            whole.choice = choice


def _distance(modules: float) -> float:
    """How far a number of modules is from a whole one."""
    return abs(modules - round(modules))
