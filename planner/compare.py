"""The same batches planned under several alternatives, each jointly, to be held beside each other.

The timetable, the room, the prices of rides and the baselines are the same for all, so they are made once;
an alternative starts from the itineraries and the plan of the one before it, as far as its wishes allow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from planner.assemble import at_prices_of_today
from planner.model.alternatives import ALTERNATIVES, Alternative, Planned
from planner.model.problem import Problem
from planner.model.results import Progress, SolveOptions
from planner.network.fares import CLOSED
from planner.solve import DEFAULT_OPTIONS, Found, find_best, write_plan
from planner.solver.baseline import find_baselines
from planner.solver.bench import Bench
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.greedy import Placer, place_all, ready_order
from planner.solver.parts import make_valid
from planner.solver.reasons import explain_unplanned
from planner.talk import Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Plans in the order of the alternatives, and what each was found with."""

    plans: tuple[Planned, ...]
    founds: tuple[Found, ...]

    @property
    def freest(self) -> int:
        """Number of the alternative with the fewest wishes, the first of equals."""
        return min(range(len(self.plans)), key=lambda number: _num_wishes(self.plans[number].alternative))


def compare(
    problem: Problem,
    alternatives: Sequence[Alternative] = ALTERNATIVES,
    options: SolveOptions = DEFAULT_OPTIONS,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Compared:
    """Plan all batches jointly under each alternative, in the order of the alternatives.

    Parameters
    ----------
    options
        Of each plan; values of slots are worked out only if their number is given.
    progress, should_stop
        As of :func:`~planner.solve.solve`; once stopped, every alternative gives the best plan so far.

    Raises
    ------
    ValueError
        If there are no batches or no alternatives, two of equal name, or a batch that would have to meet too
        many places.
    SolverError, BrokenPlanError
        As of :func:`~planner.solve.solve`.
    """
    names = [alternative.name for alternative in alternatives]
    if not names or len(set(names)) < len(names):
        raise ValueError("alternatives need names, each one of its own")
    if options.slot_values is None:
        options = replace(options, slot_values=0)
    talks = [Talk(progress, should_stop, f"{name}: ") for name in names]
    problem = at_prices_of_today(problem)
    problems = [
        replace(problem, batches=tuple(map(alternative.apply, problem.batches)))
        for alternative in alternatives
    ]
    founds: dict[int, Found] = {}
    # The one with the fewest wishes first: the others can start from its plan.
    order = sorted(range(len(names)), key=lambda number: _num_wishes(alternatives[number]))
    for number in order:
        before = founds[order[0]] if founds else None
        founds[number] = _find(problems[number], before, options, talks[number])
    talks[order[0]].start("plan")
    baselines = find_baselines(problem, founds[order[0]].bench.timetable)
    reasons = explain_unplanned(
        [(founds[number].bench, founds[number].whole.choice) for number in range(len(names))]
    )
    plans = tuple(
        Planned(
            alternative=alternative,
            problem=problems[number],
            result=write_plan(
                founds[number],
                reasons[number],
                baselines,
                # What an alternative leaves out, others carry: remedies are of the freest plan.
                options if number == order[0] else replace(options, remedies=0),
                talks[number],
            ),
        )
        for number, alternative in enumerate(alternatives)
    )
    return Compared(plans=plans, founds=tuple(founds[number] for number in range(len(names))))


def _num_wishes(alternative: Alternative) -> int:
    return sum(
        map(bool, (alternative.modes, alternative.not_modes, alternative.needed_modes, alternative.via))
    ) + len(alternative.not_via)


def _find(problem: Problem, before: Found | None, options: SolveOptions, talk: Talk) -> Found:
    """Best choice for a problem, begun from what was found for the same batches under other wishes."""
    talk.start("timetable")
    if before is None:
        bench = Bench.of(problem)
        talk.start("first plan")
        placer = Placer(bench.problem, bench.pricer, bench.goal, bench.room, bench.parts)
        first = place_all(problem, placer, bench.room, bench.parts, ready_order(problem))
        return find_best(bench, first, first.columns(), options, talk)
    bench = before.bench.with_wishes(problem)
    talk.start("first plan")
    first = _allowed_part(bench, before.whole.choice)
    columns = [column for column, _ in before.relaxation.groups if _is_allowed(bench, column)]
    return find_best(bench, first, columns, options, talk)


def _allowed_part(bench: Bench, choice: Choice) -> Choice:
    """What a choice for other wishes has that is allowed; the search places the others."""
    rides = [
        {column: vehicles for column, vehicles in of_batch.items() if _is_allowed(bench, column)}
        for of_batch in choice.rides
    ]
    return make_valid(Choice(bench.problem, rides), bench.parts, bench.room)


def _is_allowed(bench: Bench, column: Column) -> bool:
    """Whether an itinerary keeps to the wishes of its batch."""
    fares, wishes = bench.pricer.fares[column.batch], bench.problem.batches[column.batch]
    pairs = [int(bench.timetable.arrays["arc_pair"][arc]) for arc in column.arcs]
    met = reduce(or_, (int(fares.pair_mark[pair]) for pair in pairs), 0)
    return met == (1 << wishes.num_marks) - 1 and all(fares.pair_vehicle[pair] < CLOSED for pair in pairs)
