"""Open first: a problem in, a checked joint plan with its proof out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from planner.assemble import Findings, assemble, at_prices_of_today
from planner.check import check
from planner.model.plans import Plan, SlotValue
from planner.model.problem import Problem
from planner.model.results import FEASIBLE, OPTIMAL, Progress, Result, SolveOptions
from planner.network.kept import kept_load
from planner.network.lay_out import timetable_of
from planner.network.timetable import Ints, Timetable
from planner.solver.baseline import find_baselines
from planner.solver.branching import Branching
from planner.solver.choice import Choice
from planner.solver.delivery import SCALE
from planner.solver.greedy import Placer, place_all, ready_order
from planner.solver.objectives import goal_of, has_second_pass
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.reasons import explain_unplanned
from planner.solver.relaxation import ColumnGeneration, bound_boxes
from planner.solver.room import Room
from planner.solver.search import WINDOW, WholeSearch, ceil_scaled, cheapest_of_best, make_whole
from planner.solver.search_again import SearchAgain
from planner.tightness import list_departures_used
from planner.units import HUNDREDTHS

DEFAULT_OPTIONS = SolveOptions()
MOST_SLOT_VALUES = 10
"""Tightest departures whose value of a slot is worked out where the plan is proved."""


def solve(
    problem: Problem,
    options: SolveOptions = DEFAULT_OPTIONS,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan all batches of a problem jointly.

    Parameters
    ----------
    progress
        Called now and then with where the solver is.
    should_stop
        Asked now and then; once it answers yes, the best plan so far is finished, checked and returned.

    Raises
    ------
    ValueError
        If there are no batches: nothing says which days to roll out.
    SolverError
        If a solver failed.
    BrokenPlanError
        If the independent checker refuses the plan: a bug of ours; such a plan is never returned.
    """
    talk = _Talk(progress, should_stop)
    talk.start("timetable")
    problem = at_prices_of_today(problem)
    timetable = timetable_of(problem)  # services and calendars -> dated departures, arrays
    room = Room(problem, timetable, kept_load(problem, timetable, problem.batches))
    parts = PartRules(problem, timetable)
    pricer = Pricer(problem, timetable)
    goal = goal_of(problem)
    search = WholeSearch(problem, pricer, goal, room, parts, options, should_stop=talk.should_stop)
    talk.search = search

    talk.start("first plan")
    placer = Placer(problem, pricer, goal, room, parts)
    first = place_all(problem, placer, room, parts, ready_order(problem))  # never worse than this
    talk.found(first)

    talk.start("relaxation")
    generation = ColumnGeneration(  # LP over itineraries, duals, exact bounds
        problem,
        pricer,
        goal,
        room,
        first.columns(),
        options,
        on_round=talk.on_round,
        should_stop=talk.should_stop,
    )
    relaxation = generation.run()

    talk.start("bound")
    bound = bound_boxes(problem, pricer, goal, room, relaxation.row_prices)
    talk.prove(ceil_scaled(Fraction(bound.value)))

    talk.start("whole vehicles")
    whole = make_whole(search, relaxation, bound, first, on_plan=talk.found, should_stop=talk.should_stop)
    if not whole.is_proven and len(problem.batches) <= WINDOW and relaxation.relaxed is not None:
        talk.start("branches")
        branching = Branching(  # modules of charters bounded from both sides
            problem,
            pricer,
            goal,
            room,
            parts,
            options,
            columns=[column for column, _ in relaxation.groups],
            should_stop=talk.should_stop,
        )
        proved = ceil_scaled(max(relaxation.box_bound, Fraction(bound.value)))
        talk.prove(branching.improve(whole, proved, relaxation.relaxed.modules))
        talk.found(whole.choice)
    if whole.is_proven:
        talk.prove(search.value(whole.choice))
    if has_second_pass(problem):
        talk.start("cheapest of the best")
        whole.choice = cheapest_of_best(
            problem,
            pricer,
            room,
            parts,
            whole.choice,
            options,
            within=search.list_within(bound, whole.choice),
            should_stop=talk.should_stop,
        )
    else:
        placer.settle_ties(whole.choice)

    talk.start("plan")
    findings = Findings(
        row_values=unit_values(timetable, relaxation.row_prices),
        lp_bound=ceil_scaled(relaxation.lp_bound),
        bound=talk.bound,
        unplanned=explain_unplanned(problem, pricer, goal, room, parts, whole.choice),
        baselines=find_baselines(problem),
    )
    plan = assemble(problem, room, whole.choice, findings)
    again = SearchAgain(
        problem,
        pricer,
        goal,
        room,
        parts,
        options,
        [column for column, _ in relaxation.groups],
        whole,
        should_stop=talk.should_stop,
    )
    plan = replace(plan, slot_values=tuple(_slot_values(plan, timetable, again, options, talk)))
    talk.start("check")
    check(problem, plan)  # shares no code with the steps above
    talk.end()
    return Result(
        plan=plan,
        status=OPTIMAL if plan.bound is not None and plan.value == plan.bound else FEASIBLE,
        stopped_by=relaxation.stopped_by or talk.stopped_by or whole.stopped_by,
        seconds=talk.seconds,
        counts={
            "departures": len(timetable.departures),
            "legs": timetable.num_legs,
            "events": len(timetable.arrays["event_min"]),
            "sources": len(pricer.sources),
            "rounds": relaxation.rounds,
            "columns": len(relaxation.groups),
            "columns_in_whole_search": whole.num_columns,
        },
    )


def _slot_values(
    plan: Plan, timetable: Timetable, again: SearchAgain, options: SolveOptions, talk: _Talk
) -> Iterator[SlotValue]:
    """What one more unit is worth on the tightest departures."""
    wanted = options.slot_values
    if wanted is None:
        wanted = MOST_SLOT_VALUES if plan.bound == plan.value else 0
    if not wanted or plan.bound is None:
        return
    talk.start("value of a slot")
    for use in list_departures_used(plan.departures)[:wanted]:
        if talk.should_stop():
            return
        departure = use.first.service_id, use.first.departure_day
        roomier = again.with_one_more(timetable.departure_number[departure])
        # What is kept counts on both sides and cancels out.
        kept = plan.value - again.value
        most = plan.value - kept - roomier.bound
        least = max(0, plan.bound - kept - roomier.value)
        yield SlotValue(
            service_id=departure[0],
            departure_day=departure[1],
            exact=most if least == most else None,
            low=least,
            high=most,
        )


def unit_values(timetable: Timetable, row_prices: Ints) -> Ints:
    """Indicative value of one more whole unit of room by row, in the unit of the objective."""
    values = np.zeros(len(row_prices), dtype=np.int64)
    for row in row_prices.nonzero()[0]:
        whole_unit = 1
        if row < timetable.num_legs:
            service = timetable.departures[timetable.leg_departure[row]].service
            whole_unit = HUNDREDTHS if service.capacity_unit in ("ceu", "cbm") else 1
        values[row] = round(int(row_prices[row]) * whole_unit / SCALE)
    return values


class _Talk:
    """Keeps time by phase and passes progress and wishes to stop between solver and caller."""

    def __init__(
        self, progress: Callable[[Progress], None] | None, should_stop: Callable[[], bool] | None
    ) -> None:
        self.seconds: dict[str, float] = {}
        self.bound: int | None = None
        self.stopped_by: str | None = None
        self.search: WholeSearch | None = None
        self._progress = progress
        self._should_stop = should_stop
        self._phase = ""
        self._since = time.perf_counter()
        self._value: int | None = None
        self._own_value = 0

    def start(self, phase: str) -> None:
        self.end()
        self._phase = phase
        self._tell(0)

    def end(self) -> None:
        now = time.perf_counter()
        if self._phase:
            self.seconds[self._phase] = now - self._since
        self._since = now

    def found(self, choice: Choice) -> None:
        assert self.search is not None
        self._value = self.search.value(choice)
        self._own_value = self._value - choice.penalty_under(goal_of(choice.problem))
        self._tell(0)

    def prove(self, bound: int) -> None:
        self.bound = bound if self.bound is None else max(self.bound, bound)
        self._tell(0)

    def on_round(self, number: int, bound: Fraction) -> None:
        self.bound = ceil_scaled(bound)
        self._tell(number)

    def should_stop(self) -> bool:
        if self._should_stop is not None and self._should_stop():
            self.stopped_by = "cancelled"
            return True
        return False

    def _tell(self, number: int) -> None:
        if self._progress is None:
            return
        gap = None
        if self.bound is not None and self._value is not None and self._own_value > 0:
            gap = (self._value - self.bound) / self._own_value
        self._progress(
            Progress(phase=self._phase, round=number, value=self._value, bound=self.bound, gap=gap)
        )
