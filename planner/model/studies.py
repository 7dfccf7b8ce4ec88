"""What was found out beside a plan: where choices flip, and curves over prices."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.break_evens import BreakEven
from planner.model.sweeps import Curve, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Between which amounts the train gains or loses the lead in the joint plan.

    Parameters
    ----------
    below, above
        The plans at two amounts near each other, of which one is led by the train; ``None``: one of the two
        leads all the way.
    leads
        Whether the train leads all the way, where it does not flip.
    """

    kind: str
    below: Point | None
    above: Point | None
    leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Break-even figures and curves of one plan.

    Parameters
    ----------
    alternative
        Whose plan it is.
    """

    alternative: str
    batches: tuple[BreakEven, ...] = ()
    flips: tuple[Flip, ...] = ()
    curves: tuple[Curve, ...] = ()
