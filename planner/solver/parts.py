"""Parts: how a batch may be split, and making a choice keep to it and to the least loads of charters."""

from __future__ import annotations

from planner.model.problem import Problem
from planner.network.kept import Chain, kept_parts
from planner.network.timetable import Timetable
from planner.solver.choice import Choice
from planner.solver.room import Room


class PartRules:
    """What is allowed of the parts of each batch, kept vehicles counted in.

    Parameters
    ----------
    kept_parts
        Per batch: kept vehicles by chain.
    """

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._problem = problem
        self.kept_parts = [kept_parts(problem, timetable, batch) for batch in problem.batches]
        self.is_limited = [
            batch.max_parts is not None or batch.all_or_none or batch.least_part > 1
            for batch in problem.batches
        ]

    def least(self, batch: int, chain: Chain) -> int:
        """Least vehicles that have to be planned on a chain if any are."""
        kept = self.kept_parts[batch].get(chain, 0)
        return max(1, self._problem.batches[batch].least_part - kept)

    def most_new_parts(self, batch: int) -> int | None:
        """Most chains that kept vehicles are not on already; ``None`` = any number."""
        most = self._problem.batches[batch].max_parts
        return None if most is None else max(0, most - len(self.kept_parts[batch]))

    def holds(self, choice: Choice, batch: int) -> bool:
        """Whether the parts of a batch are allowed."""
        if not self.is_limited[batch]:
            return True
        parts, most = choice.parts(batch), self.most_new_parts(batch)
        new = sum(chain not in self.kept_parts[batch] for chain in parts)
        if most is not None and new > most:
            return False
        if self._problem.batches[batch].all_or_none and parts and choice.left_out(batch):
            return False
        return all(vehicles >= self.least(batch, chain) for chain, vehicles in parts.items())


def make_valid(choice: Choice, rules: PartRules, room: Room) -> Choice:
    """Take out what breaks the rules of parts or rides a charter that does not come to its least load."""
    choice = choice.copy()
    while True:
        for batch in range(len(choice.rides)):
            if not rules.holds(choice, batch):
                _keep_largest(choice, rules, batch)
        if not room.charters:
            return choice
        unfilled = {charter.departure for charter in room.unfilled(choice.load(room))}
        if not unfilled:
            return choice
        for rides in choice.rides:
            for column in [c for c in rides if any(ride[0] in unfilled for ride in c.chain)]:
                del rides[column]


def _keep_largest(choice: Choice, rules: PartRules, batch: int) -> None:
    """Keep the largest parts that are allowed; none if that does not do."""
    parts = sorted(choice.parts(batch).items(), key=lambda part: (-part[1], part[0]))
    most = rules.most_new_parts(batch)
    kept: set[Chain] = set()
    new = 0
    for chain, vehicles in parts:
        is_new = chain not in rules.kept_parts[batch]
        if vehicles < rules.least(batch, chain) or (is_new and most is not None and new == most):
            continue
        kept.add(chain)
        new += is_new
    rides = choice.rides[batch]
    choice.rides[batch] = {column: number for column, number in rides.items() if column.chain in kept}
    if not rules.holds(choice, batch):
        choice.rides[batch] = {}
