"""From the relaxed problem to whole vehicles: near-optimal columns, restricted search, repair, proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from planner.model.problem import Problem
from planner.model.results import SolveOptions
from planner.network.timetable import Timetable
from planner.solver.bounds import group_limit
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.greedy import Placer
from planner.solver.kernel import INFINITE
from planner.solver.pricing import SCALE, Pricer
from planner.solver.relaxation import BoxBound, Relaxation
from planner.solver.whole import Limits, choose

NEAR_COLUMNS = 24
"""Itineraries per batch, cheapest first under the duals, that the first restricted search sees besides the
columns found on the way."""
MOST_COLUMNS_FOR_PROOF = 20_000
"""Enumeration inside the gap is given up beyond this many itineraries in all."""


@dataclass(slots=True)
class Whole:
    """Best whole choice and what is known of it; ``is_proven``: nothing better exists."""

    choice: Choice
    is_proven: bool = False
    stopped_by: str | None = None
    num_columns: int = 0


def make_whole(
    problem: Problem,
    timetable: Timetable,
    pricer: Pricer,
    relaxation: Relaxation,
    bound: BoxBound,
    placer: Placer,
    first: Choice,
    options: SolveOptions,
    *,
    on_plan: Callable[[Choice], None],
    should_stop: Callable[[], bool],
) -> Whole:
    """Best choice in whole vehicles and boxes that the restricted search finds, never worse than ``first``."""
    whole = Whole(first)
    room = timetable.arrays["leg_capacity"]
    limits = Limits(effort=options.mip_effort, seed=options.seed)
    columns = near_columns(problem, pricer, relaxation, first)
    whole.num_columns = len(columns)
    if columns and not should_stop():
        chosen = choose(problem, columns, room, first, limits)
        whole.choice = better(whole.choice, chosen.choice)
        if not chosen.is_proven:
            whole.stopped_by = "effort"
    whole.choice = repair(problem, timetable, placer, whole.choice)
    on_plan(whole.choice)
    proven = ceil_scaled(max(relaxation.lp_bound, Fraction(bound.value)))
    if whole.choice.value == proven:
        whole.is_proven, whole.stopped_by = True, None
    elif not should_stop():
        close_gap(problem, pricer, relaxation, bound, whole, limits, timetable)
    return whole


def better(one: Choice, other: Choice) -> Choice:
    """The choice of less value; the first if equal."""
    return other if other.value < one.value else one


def near_columns(problem: Problem, pricer: Pricer, relaxation: Relaxation, first: Choice) -> list[Column]:
    """Columns worth a place in the restricted search, by batch and in a fixed order."""
    pool = relaxation.pool
    for rides in first.rides:
        for column in rides:
            pool.add(column)
    prefix = pricer.leg_prefix(relaxation.leg_prices)
    for source in pricer.sources:
        sizes = sorted({1, source.vehicles_per_feu}, reverse=True)
        for size in sizes:
            prices = pricer.sweep(source, size, relaxation.weights, prefix)
            for batch in source.batches:
                limit = problem.terms.unplanned_cost(problem.batches[batch]) * SCALE * size
                found, _ = pricer.recover(
                    batch, size, relaxation.weights, prices, limit, max_paths=NEAR_COLUMNS, distinct_rows=True
                )
                for _, column in found:
                    pool.add(column)
    return list(pool.columns)


def close_gap(
    problem: Problem,
    pricer: Pricer,
    relaxation: Relaxation,
    bound: BoxBound,
    whole: Whole,
    limits: Limits,
    timetable: Timetable,
) -> None:
    """Enumerate every itinerary that a better choice could use; with few left, the search over them is a proof."""
    gap = whole.choice.value * SCALE - bound.value
    columns: dict[Column, None] = {}
    prefix = pricer.leg_prefix(bound.leg_prices)
    for source in pricer.sources:
        for size in range(1, source.vehicles_per_feu + 1):
            prices = pricer.sweep(source, size, relaxation.weights, prefix)
            for batch in source.batches:
                if size > problem.batches[batch].vehicles:
                    continue
                found, is_complete = pricer.recover(
                    batch,
                    size,
                    relaxation.weights,
                    prices,
                    min(group_limit(bound.values[batch], bound.groups[batch], size, gap), int(INFINITE) - 1),
                    max_paths=MOST_COLUMNS_FOR_PROOF // max(1, len(problem.batches)),
                    max_steps=20 * MOST_COLUMNS_FOR_PROOF,
                )
                if not is_complete:
                    return
                columns.update((column, None) for _, column in found)
    ridden = [column for rides in whole.choice.rides for column in rides]
    kept = list(dict.fromkeys([*without_dominated(list(columns)), *ridden]))
    chosen = choose(problem, kept, timetable.arrays["leg_capacity"], whole.choice, limits)
    whole.choice = better(whole.choice, chosen.choice)
    whole.is_proven = chosen.is_proven
    whole.num_columns = max(whole.num_columns, len(kept))
    if chosen.is_proven:
        whole.stopped_by = None


def without_dominated(columns: list[Column]) -> list[Column]:
    """Of columns that take the same room in the same boxed run, the cheapest (fewest minutes if equal)."""
    best: dict[tuple[object, ...], Column] = {}
    for column in columns:
        key = (column.batch, column.loose_units, column.box_legs, column.run)
        known = best.get(key)
        if known is None or (column.vehicle_cents, column.minutes) < (known.vehicle_cents, known.minutes):
            best[key] = column
    return list(best.values())


def ceil_scaled(bound: Fraction) -> int:
    """Least whole value of the objective that a scaled bound allows."""
    return -floor(-bound / SCALE)


def repair(problem: Problem, timetable: Timetable, placer: Placer, choice: Choice) -> Choice:
    """Take each batch out and place it again in the room there is, as long as that helps."""
    room = timetable.arrays["leg_capacity"].copy()
    for batch in range(len(problem.batches)):
        choice.add_load(room, batch, -1)
    choice = choice.copy()
    order = sorted(range(len(problem.batches)), key=lambda number: -choice.left_out(number))
    for batch in order:
        placer.place(choice, batch, room, choice.left_out(batch))
    for batch in order:
        before = choice.value_of(batch)
        old = choice.rides[batch]
        kept = room.copy()
        choice.add_load(room, batch)
        choice.rides[batch] = {}
        placer.place(choice, batch, room, problem.batches[batch].vehicles)
        if choice.value_of(batch) >= before:
            choice.rides[batch] = old
            room[:] = kept
    return choice
