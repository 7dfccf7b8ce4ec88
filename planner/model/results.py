"""What solving gives back: the plan, what was proved, what stopped it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.model.plans import Plan

OPTIMAL = "OPTIMAL"
FEASIBLE = "FEASIBLE"
NO_PLAN_FOUND = "NO_PLAN_FOUND"


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveOptions:
    """Limits of the solver; all are counts, so equal input gives equal bytes.

    Parameters
    ----------
    max_rounds
        Most rounds of column generation.
    mip_effort, proof_effort
        Deterministic effort of the search of one window of batches, and of the search over all itineraries
        inside the gap, in the solver's own unit (about seconds of one core); the same input stops at the same
        point on any machine.
    max_window_rounds
        Most rounds over the windows.
    enough_gap_ppm
        Gap, in millionths, at which a large file is not searched further: half of the gap promised.
    slot_values
        How many of the tightest departures are planned again with one more unit of room; ``None`` = ten where
        the plan is proved to be the best, else none.
    remedies
        Batches with vehicles left out, by what leaving them out counts, whose remedies are looked for.
    seed
        Seed of everything random.
    """

    max_rounds: int = 200
    mip_effort: float = 0.25
    proof_effort: float = 8.0
    max_window_rounds: int = 2
    enough_gap_ppm: int = 500
    slot_values: int | None = None
    remedies: int = 100
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the solver is. ``value`` and ``bound`` are in the unit of the objective.

    Parameters
    ----------
    phase
        ``timetable``, ``first plan``, ``relaxation``, ``bound``, ``whole vehicles``, ``check``.
    round
        Round within the phase, from 0.
    value
        Value of the best plan so far; ``None`` before there is one.
    bound
        Best proven bound so far.
    gap
        As :attr:`planner.model.plans.Plan.gap`.
    """

    phase: str
    round: int = 0
    value: int | None = None
    bound: int | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A checked plan and its proof.

    Parameters
    ----------
    status
        ``OPTIMAL``: value equals the bound; ``FEASIBLE``: the plan holds, the gap is stated;
        ``NO_PLAN_FOUND``: stopped before there was a plan.
    stopped_by
        The limit that ended the search: ``rounds``, ``effort``, ``near_enough`` (a large file within half
        the gap promised is not searched further) or ``cancelled``; ``None`` = nothing was left to search.
    seconds
        Wall-clock seconds by phase; not part of the plan.
    counts
        Rounds, columns, departures and the like; not part of the plan.
    """

    plan: Plan
    status: str
    stopped_by: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
