"""Break-even figures by batch and in total, and sweeps: what is asked of a plan once it is there."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.break_even import break_evens, most_day_value
from planner.model.results import Progress
from planner.model.studies import Flip, Study
from planner.model.sweeps import DAY_VALUE, RAIL_SUBSIDY
from planner.model.tariffs import FREIGHT
from planner.sweeps import Replanner, find_flip
from planner.what_if import export_trains

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planner.model.break_evens import BreakEven
    from planner.model.problem import Problem
    from planner.model.results import SolveOptions
    from planner.model.sweeps import Sweep
    from planner.solve import Found

STEPS = 128
"""Flips of the joint plan are found to such a part of the range they are looked for in."""


def study(
    alternative: str,
    found: Found,
    options: SolveOptions,
    *,
    sweeps: Sequence[Sweep] = (),
    break_even: bool = False,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Study:
    """Work out what is asked of a plan.

    Parameters
    ----------
    break_even
        Work out break-even figures of every batch, and where the train loses or gains the lead in the joint
        plan.
    progress, should_stop
        As of :func:`~planner.solve.solve`; once stopped, what is there so far.

    Raises
    ------
    ValueError
        If the objective counts no money.
    """
    batches: list[BreakEven] = []
    flips: list[Flip] = []
    if break_even:
        number = len(found.bench.problem.batches)
        for figures in break_evens(found, options, range(number), should_stop):
            batches.append(figures)
            if progress is not None:
                progress(Progress(phase=f"break-even {len(batches)} of {number}"))
    replanner = Replanner(found, options, progress, should_stop)
    if break_even:
        flips = list(_flips(found.bench.problem, replanner, should_stop))
    curves = tuple(replanner.curve(sweep) for sweep in sweeps)
    return Study(alternative=alternative, batches=tuple(batches), flips=tuple(flips), curves=curves)


def _flips(problem: Problem, replanner: Replanner, should_stop: Callable[[], bool]) -> Iterator[Flip]:
    """By how much less, or more, than today's freight, and by which value of a day."""
    freight = highest_freight(problem)
    ranges = {RAIL_SUBSIDY: (-freight, freight), DAY_VALUE: (Fraction(0), most_day_value(problem))}
    for kind, (low, high) in ranges.items():
        if high > low and not should_stop():
            yield find_flip(replanner, kind, low, high, (high - low) / STEPS, should_stop)


def highest_freight(problem: Problem) -> Fraction:
    """Highest freight of a box on any of the trains whose price is asked about, exact cents."""
    trains = export_trains(problem)
    prices = [
        row.price
        for row in problem.network.tariffs
        if row.service_id in trains and row.charge == FREIGHT and row.per == "feu"
    ]
    return max(prices, default=Fraction(0))
