"""Alternatives: the same batches under other wishes, to be planned beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.model.batches import MAX_VIA, Batch
from planner.model.ids import PlaceId
from planner.model.problem import Problem
from planner.model.results import Result
from planner.model.services import BARGE, CONTAINER_SHIP, RAIL, RORO

BEST = "best"
"""The alternative without any wish of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Wishes that hold for every batch, beside its own.

    Parameters
    ----------
    modes, not_modes, needed_modes, via, not_via
        As of :class:`~planner.model.batches.Batch`.
    """

    name: str
    modes: tuple[str, ...] = ()
    not_modes: tuple[str, ...] = ()
    needed_modes: tuple[str, ...] = ()
    via: tuple[PlaceId, ...] = ()
    not_via: tuple[str, ...] = ()

    @property
    def has_wishes(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Alternative(name=self.name)

    def apply(self, batch: Batch) -> Batch:
        """The batch with these wishes and its own; a place it starts or ends at is met anyway.

        Raises
        ------
        ValueError
            If it would have to meet more places than a batch may.
        """
        ends = batch.origin, batch.destination
        via = tuple(dict.fromkeys([*batch.via, *(place for place in self.via if place not in ends)]))
        if len(via) > MAX_VIA:
            raise ValueError(
                f"batch {batch.id} would have to meet {len(via)} places, at most {MAX_VIA} can be"
            )
        # What the batch does not ask for is ruled out: modes of both could leave none, and none means any.
        unwanted = [mode for mode in self.modes if batch.modes and mode not in batch.modes]
        return replace(
            batch,
            modes=self.modes or batch.modes,
            not_modes=tuple(dict.fromkeys([*batch.not_modes, *self.not_modes, *unwanted])),
            needed_modes=tuple(dict.fromkeys([*batch.needed_modes, *self.needed_modes])),
            via=via,
            not_via=tuple(dict.fromkeys([*batch.not_via, *self.not_via])),
        )


ALTERNATIVES = (
    Alternative(name="rail", modes=(RAIL,)),
    Alternative(name="river-sea", modes=(BARGE, RORO, CONTAINER_SHIP), needed_modes=(BARGE,)),
    Alternative(name="road-sea", modes=(RORO, CONTAINER_SHIP)),
    Alternative(name=BEST),
)
"""What is compared unless something else is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan of one alternative, and the problem that its wishes make."""

    alternative: Alternative
    problem: Problem
    result: Result
