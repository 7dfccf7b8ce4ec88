"""What a search minimises: the objective of the problem, or the money of the second pass of ``time``."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.problem import TIME, Problem
from planner.solver.columns import Column
from planner.solver.delivery import SCALE, Weights


@dataclass(frozen=True, slots=True)
class Goal:
    """Weights of money and minutes, and the price of leaving vehicles out.

    Parameters
    ----------
    cents, minutes
        Weight of a cent and of a vehicle-minute, each 0 or 1.
    penalties
        Per batch: price of leaving one vehicle out, in the unit of what is minimised.
    held_minutes
        Most vehicle-minutes of the whole plan, left-out vehicles counted at ``penalty_minutes``;
        ``None`` = not held.
    penalty_minutes
        Per batch, in minutes; used only where minutes are held.
    """

    cents: int
    minutes: int
    penalties: tuple[int, ...]
    held_minutes: int | None = None
    penalty_minutes: tuple[int, ...] = ()

    def weights(self, minute_price: int) -> Weights:
        """Weights for pricing; ``minute_price`` is the scaled price of a held minute."""
        return Weights(cents=self.cents * SCALE, minutes=self.minutes * SCALE + minute_price)

    def weights_with_ties(self) -> Weights:
        """Weights that prefer, at equal money, fewer minutes: a minute counts a millionth of a cent."""
        return Weights(cents=self.cents * SCALE, minutes=max(self.minutes * SCALE, 1))

    def scaled_penalty(self, batch: int, minute_price: int) -> int:
        """Scaled price of leaving one vehicle of a batch out, held minutes priced."""
        held = minute_price * self.penalty_minutes[batch] if self.held_minutes is not None else 0
        return self.penalties[batch] * SCALE + held

    def group_cost(self, column: Column, group: int) -> int:
        """Scaled cost of a group on an itinerary."""
        cents = group * column.vehicle_cents + column.box_cents
        return (cents * self.cents + group * column.minutes * self.minutes) * SCALE


def goal_of(problem: Problem) -> Goal:
    """The objective of a problem."""
    by_time = problem.terms.objective == TIME
    penalties = tuple(problem.terms.unplanned_cost(batch) for batch in problem.batches)
    return Goal(cents=int(not by_time), minutes=int(by_time), penalties=penalties)


def cheapest_among_fastest(problem: Problem, held_minutes: int) -> Goal:
    """Second pass of ``time``: least money with the vehicle-minutes, penalties included, held."""
    penalties = tuple(problem.terms.unplanned_cost(batch) for batch in problem.batches)
    return Goal(
        cents=1,
        minutes=0,
        penalties=(0,) * len(penalties),
        held_minutes=held_minutes,
        penalty_minutes=penalties,
    )
