"""Break-even figures of a batch."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.ids import BatchId

MOST_DAY_USD = 200
"""US dollars of a vehicle-day up to which a flip is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where the choice of a batch flips between train and no train, all else as planned.

    Parameters
    ----------
    by_train
        Whether at today's prices at least one of its boxes goes by train.
    extra_cents
        Most whole cents a box on the trains may cost more than today before the batch leaves them; negative:
        how much less it has to cost before a box of the batch rides them, which is the subsidy needed.
        ``None``: it rides them at no price down to no freight at all, or none may carry it.
    freight_cents
        Freight of a box today, on average over the boxes that flip; ``None`` where nothing flips.
    left_out
        Vehicles that ride today and would be left out without the trains.
    day_value_cents
        Whole cents of a vehicle-day at which the choice flips while as many vehicles ride; ``None``: at none
        up to :data:`MOST_DAY_USD`.
    is_exact
        False if one of the choices compared is not proved to be the best.
    """

    batch_id: BatchId
    by_train: bool
    extra_cents: int | None
    freight_cents: int | None
    left_out: int
    day_value_cents: int | None
    is_exact: bool

    @property
    def price_cents(self) -> int | None:
        """Freight of a box at which the choice flips."""
        if self.extra_cents is None or self.freight_cents is None:
            return None
        return self.freight_cents + self.extra_cents
