"""Planning again with one more unit of room on a departure, from what was found before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from planner.model.problem import Problem
from planner.model.results import SolveOptions
from planner.solver.branching import Branching
from planner.solver.columns import Column
from planner.solver.objectives import Goal
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.relaxation import ColumnGeneration, bound_boxes
from planner.solver.room import Room
from planner.solver.search import WINDOW, Whole, WholeSearch, ceil_scaled, make_whole
from planner.units import HUNDREDTHS


@dataclass(frozen=True, slots=True)
class Proved:
    """Best value found and its proved bound, in the unit of the objective."""

    value: int
    bound: int


class SearchAgain:
    """A problem that was solved, ready to be solved with more room.

    Parameters
    ----------
    columns
        Itineraries of the relaxation, to start from.
    whole
        The best choice found.
    """

    def __init__(
        self,
        problem: Problem,
        pricer: Pricer,
        goal: Goal,
        room: Room,
        parts: PartRules,
        options: SolveOptions,
        columns: list[Column],
        whole: Whole,
        *,
        should_stop: Callable[[], bool],
    ) -> None:
        self._problem = problem
        self._pricer = pricer
        self._goal = goal
        self._room = room
        self._parts = parts
        self._options = options
        self._columns = columns
        self._whole = whole
        self._should_stop = should_stop

    @property
    def value(self) -> int:
        """Value of the choice that was found, kept vehicles not in it."""
        return self._whole.choice.value_under(self._goal, self._room)

    def with_one_more(self, departure: int) -> Proved:
        """Solve with one more whole unit on every leg of a departure, by its number in the timetable."""
        unit = self._pricer.timetable.departures[departure].service.capacity_unit
        room = self._room.with_more(departure, HUNDREDTHS if unit in ("ceu", "cbm") else 1)
        generation = ColumnGeneration(
            self._problem,
            self._pricer,
            self._goal,
            room,
            self._columns,
            self._options,
            on_round=lambda _number, _bound: None,
            should_stop=self._should_stop,
        )
        relaxation = generation.run()
        bound = bound_boxes(self._problem, self._pricer, self._goal, room, relaxation.row_prices)
        search = WholeSearch(
            self._problem,
            self._pricer,
            self._goal,
            room,
            self._parts,
            self._options,
            should_stop=self._should_stop,
            confirm=False,  # one solver's proof will do for the worth of a slot
        )
        whole = make_whole(
            search,
            relaxation,
            bound,
            self._whole.choice,
            on_plan=lambda _choice: None,
            should_stop=self._should_stop,
        )
        least = ceil_scaled(max(relaxation.box_bound, Fraction(bound.value)))
        if not whole.is_proven and len(self._problem.batches) <= WINDOW and relaxation.relaxed is not None:
            branching = Branching(
                self._problem,
                self._pricer,
                self._goal,
                room,
                self._parts,
                self._options,
                columns=self._columns,
                should_stop=self._should_stop,
            )
            least = branching.improve(whole, least, relaxation.relaxed.modules)
        value = search.value(whole.choice)
        return Proved(value, value if whole.is_proven else min(value, least))
