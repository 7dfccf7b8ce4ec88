"""Plans of the same batches under several alternatives, beside each other and beside the 15-day baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.figures import Figures, figures_by_batch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.alternatives import Alternative, Planned
    from planner.model.batches import Batch
    from planner.model.ids import BatchId
    from planner.model.plans import Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchComparison:
    """One batch under every alternative.

    Parameters
    ----------
    figures
        By name of the alternative.
    winner
        Alternative of least value among those that have wishes, the first of equals; ``None`` if none of
        them plans the whole batch.
    margin
        How much more the next best of them counts, in the unit of the objective; ``None`` if there is no
        other that plans the whole batch.
    """

    batch: Batch
    baseline: Baseline | None
    figures: Mapping[str, Figures]
    winner: str | None
    margin: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Vehicles of batches that have a baseline, and what it would be for them; sums over vehicles."""

    vehicles: int
    cents: int
    door_min: int
    base_cents: int
    base_door_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One alternative over all batches.

    Parameters
    ----------
    common
        Over the batches that every alternative plans as a whole.
    wins
        Batches and vehicles of those it wins.
    beside
        Its planned vehicles whose batch has a baseline.
    """

    planned: Planned
    total: Figures
    common: Figures
    wins: int
    vehicles_won: int
    beside: Beside

    @property
    def alternative(self) -> Alternative:
        """The alternative."""
        return self.planned.alternative


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All alternatives, and all batches under each.

    Parameters
    ----------
    common
        Batches that every alternative plans as a whole.
    """

    standings: tuple[Standing, ...]
    batches: tuple[BatchComparison, ...]
    common: tuple[BatchId, ...]


def hold_beside(plans: Sequence[Planned]) -> Comparison:
    """Work out the figures of all plans, who wins each batch, and what is common to all.

    Raises
    ------
    ValueError
        If there is no plan.
    """
    if not plans:
        raise ValueError("nothing to hold beside each other")
    by_plan = {one.alternative.name: figures_by_batch(one.problem, one.result.plan) for one in plans}
    with_wishes = [one.alternative.name for one in plans if one.alternative.has_wishes]
    baselines = {entry.batch_id: entry.baseline for entry in plans[0].result.plan.batches}
    batches = []
    for batch in plans[0].problem.batches:
        figures = {name: of_plan[batch.id] for name, of_plan in by_plan.items()}
        winner, margin = _winner({name: figures[name] for name in with_wishes})
        batches.append(
            BatchComparison(
                batch=batch, baseline=baselines[batch.id], figures=figures, winner=winner, margin=margin
            )
        )
    common = tuple(
        row.batch.id for row in batches if all(not of_one.left_out for of_one in row.figures.values())
    )
    return Comparison(
        standings=tuple(_standing(one, batches, set(common)) for one in plans),
        batches=tuple(batches),
        common=common,
    )


def _winner(figures: Mapping[str, Figures]) -> tuple[str | None, int | None]:
    """Alternative that plans all of a batch at the least value, and what the next best counts more."""
    whole = sorted(
        (of_one.value, number, name)
        for number, (name, of_one) in enumerate(figures.items())
        if not of_one.left_out
    )
    if not whole:
        return None, None
    return whole[0][2], whole[1][0] - whole[0][0] if len(whole) > 1 else None


def _standing(planned: Planned, batches: Sequence[BatchComparison], common: set[BatchId]) -> Standing:
    name = planned.alternative.name
    won = [row.batch.vehicles for row in batches if row.winner == name]
    with_baseline = [
        (row.figures[name], row.baseline)
        for row in batches
        if row.baseline is not None and row.baseline.cents is not None
    ]
    return Standing(
        planned=planned,
        total=Figures.total(row.figures[name] for row in batches),
        common=Figures.total(row.figures[name] for row in batches if row.batch.id in common),
        wins=len(won),
        vehicles_won=sum(won),
        beside=Beside(
            vehicles=sum(own.planned for own, _ in with_baseline),
            cents=sum(own.cents for own, _ in with_baseline),
            door_min=sum(own.door_min for own, _ in with_baseline),
            base_cents=sum(own.planned * (base.cents or 0) for own, base in with_baseline),
            base_door_min=sum(own.planned * (base.door_min or 0) for own, base in with_baseline),
        ),
    )
