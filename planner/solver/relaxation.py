"""Column generation: the relaxed problem solved over all itineraries, with exact bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from planner.model.problem import TIME, Problem
from planner.model.results import SolveOptions
from planner.network.timetable import Ints, Timetable
from planner.solver.bounds import box_values, linear_value, room_value
from planner.solver.columns import Column, ColumnPool
from planner.solver.kernel import INFINITE
from planner.solver.master import Master, Relaxed
from planner.solver.pricing import SCALE, Pricer, Weights
from planner.solver.tolerances import LP_ENOUGH

COLUMNS_A_ROUND = 4


@dataclass(slots=True)
class Relaxation:
    """State of the relaxed problem after column generation.

    Parameters
    ----------
    leg_prices
        Scaled price of a counting unit of room by leg, int64[L]: those of the best linear bound.
    full_group
        Scaled cost of the cheapest full group per batch under ``leg_prices``.
    lp_bound
        Exact linear bound, scaled.
    is_converged
        True if column generation ended because nothing was left to add.
    """

    pool: ColumnPool
    weights: Weights
    leg_prices: Ints
    full_group: list[int]
    relaxed: Relaxed | None = None
    lp_bound: Fraction = Fraction(0)
    rounds: int = 0
    is_converged: bool = False
    stopped_by: str | None = None


def objective_weights(problem: Problem) -> Weights:
    """Weights of a cent and of a vehicle-minute under the objective of a problem."""
    return Weights(cents=0, minutes=SCALE) if problem.terms.objective == TIME else Weights(cents=SCALE, minutes=0)


def column_cost(column: Column, weights: Weights, vehicles_per_box: int) -> float:
    """Cost per vehicle in units of the objective, its box full."""
    cents = column.vehicle_cents + column.box_cents / vehicles_per_box
    return (cents * weights.cents + column.minutes * weights.minutes) / SCALE


def generate_columns(
    problem: Problem,
    timetable: Timetable,
    pricer: Pricer,
    pool: ColumnPool,
    options: SolveOptions,
    *,
    on_round: Callable[[int, Fraction], None],
    should_stop: Callable[[], bool],
) -> Relaxation:
    """Add columns until none has a negative reduced cost, or a limit is met.

    ``pool`` holds the columns to start from and takes all that are found.
    """
    weights = objective_weights(problem)
    batches = problem.batches
    penalties = [problem.terms.unplanned_cost(batch) for batch in batches]
    sizes = [pricer.source_of(number).vehicles_per_feu for number in range(len(batches))]
    capacity = timetable.arrays["leg_capacity"]
    master = Master([batch.vehicles for batch in batches], penalties, sizes, capacity)
    for column in pool.columns:
        master.add_column(column, column_cost(column, weights, sizes[column.batch]))
    state = Relaxation(
        pool=pool,
        weights=weights,
        leg_prices=np.zeros(timetable.num_legs, dtype=np.int64),
        full_group=[0] * len(batches),
    )
    best: Fraction | None = None
    for number in range(options.max_rounds):
        relaxed = master.solve()
        state.relaxed = relaxed
        prices = scaled_prices(relaxed.leg_price, timetable.num_legs)
        full_group, found = price_all(pricer, weights, prices, relaxed.batch_dual, sizes)
        bound = sum(
            (
                linear_value(batch.vehicles, penalty * SCALE, group, size)
                for batch, penalty, group, size in zip(batches, penalties, full_group, sizes, strict=True)
            ),
            Fraction(0),
        ) - room_value(prices, capacity)
        if best is None or bound > best:
            best = bound
            state.leg_prices, state.full_group, state.lp_bound = prices, full_group, bound
        state.rounds = number + 1
        on_round(number + 1, best)
        added = 0
        for column in found:
            if pool.add(column) is not None:
                master.add_column(column, column_cost(column, weights, sizes[column.batch]))
                added += 1
        if not added or relaxed.value - float(best / SCALE) <= LP_ENOUGH * max(1.0, abs(relaxed.value)):
            state.is_converged = True
            break
        if should_stop():
            state.stopped_by = "cancelled"
            break
    else:
        state.stopped_by = "rounds"
    return state


def scaled_prices(leg_price: dict[int, float], num_legs: int) -> Ints:
    """Prices of room rounded to whole millionths, int64[L]."""
    prices = np.zeros(num_legs, dtype=np.int64)
    for leg, price in leg_price.items():
        prices[leg] = round(price * SCALE)
    return prices


def price_all(
    pricer: Pricer, weights: Weights, leg_prices: Ints, batch_duals: object, sizes: list[int]
) -> tuple[list[int], list[Column]]:
    """Cheapest full group of every batch, and the columns that beat its dual."""
    duals = list(batch_duals)  # type: ignore[call-overload]
    full_group = [0] * len(sizes)
    found: list[Column] = []
    prefix = pricer.leg_prefix(leg_prices)
    for source in pricer.sources:
        size = source.vehicles_per_feu
        prices = pricer.sweep(source, size, weights, prefix)
        for batch in source.batches:
            cheapest = pricer.cheapest(batch, size, weights)
            full_group[batch] = cheapest
            limit = round(duals[batch] * SCALE * size) - 1
            if cheapest < INFINITE and cheapest <= limit:
                columns, _ = pricer.recover(
                    batch, size, weights, prices, limit, max_paths=COLUMNS_A_ROUND, distinct_rows=True
                )
                found.extend(column for _, column in columns)
    return full_group, found


@dataclass(frozen=True, slots=True)
class BoxBound:
    """Bound with whole boxes under given prices of room.

    Parameters
    ----------
    value
        Scaled lower bound on the objective.
    leg_prices
        Scaled prices of room it was made with, int64[L].
    values
        Per batch V_b(0), ..., V_b(Q_b), scaled.
    groups
        Per batch g_b(1), ..., g_b(k), scaled.
    """

    value: int
    leg_prices: Ints
    values: list[list[int]]
    groups: list[list[int]]


def bound_boxes(
    problem: Problem, timetable: Timetable, pricer: Pricer, weights: Weights, leg_prices: Ints
) -> BoxBound:
    """Bound with whole boxes: one sweep per source and fill of a box."""
    prefix = pricer.leg_prefix(leg_prices)
    groups: list[list[int]] = [[] for _ in problem.batches]
    for source in pricer.sources:
        for size in range(1, source.vehicles_per_feu + 1):
            pricer.sweep(source, size, weights, prefix)
            for batch in source.batches:
                groups[batch].append(pricer.cheapest(batch, size, weights))
    values = [
        box_values(batch.vehicles, problem.terms.unplanned_cost(batch) * SCALE, costs)
        for batch, costs in zip(problem.batches, groups, strict=True)
    ]
    total = sum(table[-1] for table in values) - room_value(leg_prices, timetable.arrays["leg_capacity"])
    return BoxBound(value=total, leg_prices=leg_prices, values=values, groups=groups)
