"""What a search minimises: the objective of the problem, or the money of a second pass with a value held."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.problem import BLEND, CO2E, COST, TIME, Problem
from planner.solver.columns import Column
from planner.solver.delivery import SCALE, Weights

CENTS = Weights(cents=1, minutes=0)
MINUTES = Weights(cents=0, minutes=1)
GRAMS = Weights(cents=0, minutes=0, grams=1)
MEASURES = {COST: CENTS, TIME: MINUTES, CO2E: GRAMS, BLEND: Weights(cents=1, minutes=0, blend=1)}
"""What each objective counts."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value of another measure that must not be exceeded.

    Parameters
    ----------
    measure
        What is held, such as vehicle-minutes.
    most
        Most of it in the whole plan, left-out vehicles counted at ``penalties``.
    penalties
        Per batch.
    """

    measure: Weights
    most: int
    penalties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is counted, each weight 0 or 1, and the price of leaving vehicles out.

    Parameters
    ----------
    penalties
        Per batch: price of leaving one vehicle out, in the unit of what is minimised.
    held
        ``None`` = nothing is held.
    """

    measure: Weights
    penalties: tuple[int, ...]
    held: Held | None = None

    @property
    def counts_money(self) -> bool:
        """Whether charters cost something."""
        return bool(self.measure.cents)

    def weights(self, held_price: int) -> Weights:
        """Weights for pricing; ``held_price`` is the scaled price of a unit of what is held."""
        own = self.measure
        other = self.held.measure if self.held is not None else own
        return Weights(
            cents=own.cents * SCALE + (held_price * other.cents if self.held else 0),
            minutes=own.minutes * SCALE + (held_price * other.minutes if self.held else 0),
            grams=own.grams * SCALE + (held_price * other.grams if self.held else 0),
            blend=own.blend * SCALE,
        )

    def weights_with_ties(self) -> Weights:
        """Weights that prefer, of equal ones, fewer minutes: a minute counts a millionth of a unit."""
        plain = self.weights(0)
        return Weights(plain.cents, max(plain.minutes, 1), plain.grams, plain.blend)

    def scaled_penalty(self, batch: int, held_price: int) -> int:
        """Scaled price of leaving one vehicle of a batch out, what is held priced."""
        held = held_price * self.held.penalties[batch] if self.held is not None else 0
        return self.penalties[batch] * SCALE + held

    def group_cost(self, column: Column, group: int, part_of: int = 0) -> int:
        """Scaled cost of a group on an itinerary.

        Parameters
        ----------
        part_of
            Vehicles over which what its part pays once is spread; 0 = left out.
        """
        own = group * column.vehicle_value(self.measure) + column.box_value(self.measure)
        return own * SCALE + group * column.part_share(self.measure.cents * SCALE, part_of)


def goal_of(problem: Problem) -> Goal:
    """The objective of a problem."""
    return Goal(MEASURES[problem.terms.objective], _penalties(problem))


def cheapest_among_best(problem: Problem, most: int) -> Goal:
    """Second pass: least money with the value of the objective, penalties included, held."""
    penalties = _penalties(problem)
    held = Held(MEASURES[problem.terms.objective], most, penalties)
    return Goal(CENTS, (0,) * len(penalties), held)


def has_second_pass(problem: Problem) -> bool:
    """Whether the cheapest of the best plans is looked for: where the objective counts no money."""
    return not MEASURES[problem.terms.objective].cents


def _penalties(problem: Problem) -> tuple[int, ...]:
    return tuple(problem.terms.unplanned_cost(batch) for batch in problem.batches)
