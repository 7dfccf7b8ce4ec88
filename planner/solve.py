"""Open first: a problem in, a checked joint plan with its proof out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from planner.assemble import Findings, assemble, at_prices_of_today
from planner.check import check
from planner.model.plans import Baseline, Unplanned
from planner.model.problem import Problem
from planner.model.results import FEASIBLE, OPTIMAL, Progress, Result, SolveOptions
from planner.slots import slot_values, unit_values
from planner.solver.baseline import find_baselines
from planner.solver.bench import Bench
from planner.solver.branching import Branching
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.greedy import Placer, place_all, ready_order
from planner.solver.objectives import has_second_pass
from planner.solver.reasons import explain_unplanned
from planner.solver.relaxation import ColumnGeneration, Relaxation, bound_boxes
from planner.solver.remedies import with_remedies
from planner.solver.search import WINDOW, Whole, WholeSearch, ceil_scaled, cheapest_of_best, make_whole
from planner.solver.search_again import SearchAgain
from planner.talk import Talk

DEFAULT_OPTIONS = SolveOptions()


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
    talk = Talk(progress, should_stop)
    talk.start("timetable")
    bench = Bench.of(at_prices_of_today(problem))
    talk.start("first plan")
    placer = Placer(bench.problem, bench.pricer, bench.goal, bench.room, bench.parts)
    first = place_all(bench.problem, placer, bench.room, bench.parts, ready_order(bench.problem))
    found = find_best(bench, first, first.columns(), options, talk)
    talk.start("plan")
    (unplanned,) = explain_unplanned([(bench, found.whole.choice)])
    baselines = find_baselines(bench.problem, bench.timetable)
    return write_plan(found, unplanned, baselines, options, talk)


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice found, and what it was found with."""

    bench: Bench
    relaxation: Relaxation
    whole: Whole


def find_best(
    bench: Bench,
    first: Choice,
    columns: Sequence[Column],
    options: SolveOptions,
    talk: Talk,
) -> Found:
    """The best choice in whole vehicles and boxes, never worse than the first, and its proof.

    Parameters
    ----------
    columns
        Itineraries that the relaxation starts from.
    """
    problem, pricer, goal, room, parts = bench.problem, bench.pricer, bench.goal, bench.room, bench.parts
    search = WholeSearch(problem, pricer, goal, room, parts, options, should_stop=talk.should_stop)

    def on_plan(choice: Choice) -> None:
        talk.found(search.value(choice), choice.penalty_under(goal))

    on_plan(first)
    talk.start("relaxation")
    generation = ColumnGeneration(  # LP over itineraries, duals, exact bounds
        problem,
        pricer,
        goal,
        room,
        list(columns),
        options,
        on_round=lambda number, bound: talk.on_round(number, ceil_scaled(bound)),
        should_stop=talk.should_stop,
    )
    relaxation = generation.run()

    talk.start("bound")
    bound = bound_boxes(problem, pricer, goal, room, relaxation.row_prices)
    talk.prove(ceil_scaled(Fraction(bound.value)))

    talk.start("whole vehicles")
    whole = make_whole(search, relaxation, bound, first, on_plan=on_plan, should_stop=talk.should_stop)
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
        on_plan(whole.choice)
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
        Placer(problem, pricer, goal, room, parts).settle_ties(whole.choice)
    talk.end()
    return Found(bench, relaxation, whole)


def write_plan(
    found: Found,
    unplanned: dict[int, Unplanned],
    baselines: list[Baseline],
    options: SolveOptions,
    talk: Talk,
) -> Result:
    """The choice as a plan, held against every rule by code that shares nothing with the search."""
    bench, relaxation, whole = found.bench, found.relaxation, found.whole
    talk.start("plan")
    findings = Findings(
        row_values=unit_values(bench.timetable, relaxation.row_prices),
        lp_bound=ceil_scaled(relaxation.lp_bound),
        bound=talk.bound,
        unplanned=unplanned,
        baselines=baselines,
    )
    plan = assemble(bench.problem, bench.room, whole.choice, findings)
    again = SearchAgain(
        bench.problem,
        bench.pricer,
        bench.goal,
        bench.room,
        bench.parts,
        options,
        [column for column, _ in relaxation.groups],
        whole,
        should_stop=talk.should_stop,
    )
    plan = replace(plan, slot_values=tuple(slot_values(plan, bench.timetable, again, options, talk)))
    talk.start("remedies")
    plan = with_remedies(bench.problem, plan, options.remedies, talk.should_stop)
    talk.start("check")
    check(bench.problem, plan)
    talk.end()
    return Result(
        plan=plan,
        status=OPTIMAL if plan.bound is not None and plan.value == plan.bound else FEASIBLE,
        stopped_by=relaxation.stopped_by or talk.stopped_by or whole.stopped_by,
        seconds=talk.seconds,
        counts={
            "departures": len(bench.timetable.departures),
            "legs": bench.timetable.num_legs,
            "events": len(bench.timetable.arrays["event_min"]),
            "sources": len(bench.pricer.sources),
            "rounds": relaxation.rounds,
            "columns": len(relaxation.groups),
            "columns_in_whole_search": whole.num_columns,
        },
    )
