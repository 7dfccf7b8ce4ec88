"""A plan that takes batches in the order they are ready: what it misses tells how much a world contends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracles.dominance import useful
from tests.oracles.enumeration import kept_ways
from tests.oracles.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model import Problem
    from tests.oracles.ways import Way


def greedy_value(problem: Problem, ways: Sequence[Sequence[Way]]) -> int:
    """Value when each batch in turn takes what is best for it, and what earlier batches took is gone."""
    kept = [kept_ways(problem, batch) for batch in problem.batches]
    open_ways: list[list[Way]] = [[] for _ in ways]
    taken: dict[int, dict[Way, int]] = {}
    value = 0
    for number in sorted(range(len(ways)), key=lambda number: (problem.batches[number].ready_min, number)):
        open_ways[number] = useful(problem, number, ways[number])
        program = Program(problem, open_ways, kept)
        for earlier, way, count in program.planned:
            if earlier in taken:
                program.model.add(count == taken[earlier][way])
        best = program.best(program.value)
        value = best.value
        counts = {(n, way): count for n, way, count in best.chosen}
        taken[number] = {way: counts.get((number, way), 0) for way in open_ways[number]}
        open_ways[number] = [way for way, count in taken[number].items() if count]
    return value
