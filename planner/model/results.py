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
    max_columns_per_batch
        Most itineraries kept per batch for the choice in whole vehicles.
    mip_nodes
        Most nodes of each restricted search.
    seed
        Seed of everything random.
    """

    max_rounds: int = 200
    max_columns_per_batch: int = 400
    mip_nodes: int = 20_000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A checked plan and its proof.

    Parameters
    ----------
    status
        ``OPTIMAL``: value equals the bound; ``FEASIBLE``: the plan holds, the gap is stated;
        ``NO_PLAN_FOUND``: stopped before there was a plan.
    stopped_by
        The limit that ended the search (``rounds``, ``nodes``, ``cancelled``); ``None`` = it ran out.
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
