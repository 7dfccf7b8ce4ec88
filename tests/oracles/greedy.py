"""A plan that takes batches in the order they are ready: what it misses tells how much a world contends."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.rules import BatchRules, LegUse, leg_capacity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model import Problem
    from tests.oracles.enumeration import RunKey, Way


def greedy_value(problem: Problem, ways: Sequence[Sequence[Way]]) -> int:
    """Value when each batch in turn takes its best way, full boxes counted, while there is room on it."""
    used: Counter[LegUse] = Counter()
    value = 0
    fast = problem.terms.objective == "time"
    order = sorted(range(len(ways)), key=lambda number: (problem.batches[number].ready_min, number))
    for number in order:
        batch = problem.batches[number]
        rules = BatchRules(problem, batch)
        left_out = problem.terms.unplanned_cost(batch)
        own = ways[number]
        priced = sorted((_price(way, rules.per_box, fast=fast), place) for place, way in enumerate(own))
        waiting = batch.vehicles
        runs: Counter[RunKey] = Counter()
        for price, place in priced:
            way = own[place]
            if price >= left_out or not waiting:
                break
            count = _room(problem, rules, way, used, runs, waiting)
            _take(problem, rules, way, used, runs, count)
            value += count * (way.minutes if fast else way.vehicle_cents)
            waiting -= count
        value += waiting * left_out
        if not fast:
            value += sum(run[2] * -(-count // rules.per_box) for run, count in runs.items())
    return value


def _price(way: Way, per_box: int, *, fast: bool) -> Fraction:
    if fast:
        return Fraction(way.minutes)
    return way.vehicle_cents + (Fraction(way.run[2], per_box) if way.run else Fraction(0))


def _room(
    problem: Problem, rules: BatchRules, way: Way, used: Counter[LegUse], runs: Counter[RunKey], waiting: int
) -> int:
    room = waiting
    for use in way.uses:
        free = (leg_capacity(problem, use) or 0) - used[use]
        if problem.network.services[use[0]].form == "boxed":
            rest = -runs[way.run] % rules.per_box
            room = min(room, rest + free * rules.per_box)
        else:
            room = min(room, free // rules.units(use[0]))
    return room


def _take(
    problem: Problem, rules: BatchRules, way: Way, used: Counter[LegUse], runs: Counter[RunKey], count: int
) -> None:
    before = -(-runs[way.run] // rules.per_box) if way.run else 0
    if way.run:
        runs[way.run] += count
    boxes = -(-runs[way.run] // rules.per_box) - before if way.run else 0
    for use in way.uses:
        boxed = problem.network.services[use[0]].form == "boxed"
        used[use] += boxes if boxed else rules.units(use[0]) * count
