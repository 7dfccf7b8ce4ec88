"""What a plan stands on: how much of its money and time is published, derived or estimated.

Each price line has the row that sets it, each ride, road and handling the rows that say how long it takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from planner.costing import Costing, units_paid
from planner.model.plans import DWELL, HANDLING, RIDE
from planner.model.services import ORIGIN
from planner.provenance import GROUNDS, Ground, ground_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.model.ids import BatchId
    from planner.model.plans import BatchPlan, Itinerary, Plan, Stage
    from planner.model.problem import Problem

OF_TERMS = ("carrying", "early", "late")
"""Cost kinds that no row of a table sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakest:
    """The weakest row behind prices or times.

    Parameters
    ----------
    what
        The price line, or where the time is spent.
    """

    ground: Ground
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGrounds:
    """The weakest price and time behind what is planned of a batch; ``None`` if no row is behind it."""

    batch_id: BatchId
    price: Weakest | None
    time: Weakest | None


@dataclass(slots=True, kw_only=True)
class PlanGrounds:
    """What stands behind a plan.

    Parameters
    ----------
    cents
        Money of price lines by ground of their rows. What no row sets is not in it: capital on the way,
        early and late prices; nor what departures bought as a whole cost.
    minutes
        Vehicle-minutes of rides, roads and handling by ground; waiting is nobody's figure.
    batches
        In the order of the plan.
    """

    cents: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUNDS, 0))
    minutes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUNDS, 0))
    batches: list[BatchGrounds] = field(default_factory=list)

    @property
    def price(self) -> Weakest | None:
        """The weakest price of all."""
        return reduce(_weaker, [batch.price for batch in self.batches], None)

    @property
    def time(self) -> Weakest | None:
        """The weakest time of all."""
        return reduce(_weaker, [batch.time for batch in self.batches], None)


def trace_plan(problem: Problem, plan: Plan) -> PlanGrounds:
    """Find what the prices and times of a plan stand on."""
    return _Tracer(problem).trace(plan)


class _Tracer:
    """Grounds of one problem; each ``source`` cell is read once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._costing = Costing(problem)
        self._batches = {batch.id: batch for batch in problem.batches}
        self._ground_of: dict[str, Ground] = {}

    def trace(self, plan: Plan) -> PlanGrounds:
        found = PlanGrounds()
        cents: Counter[str] = Counter()
        for entry in plan.batches:
            price = time = None
            for itinerary, paid in units_paid(entry):
                price = _weaker(price, self._trace_prices(entry, itinerary, paid, cents))
                time = _weaker(time, self._trace_times(itinerary, found))
            found.batches.append(BatchGrounds(batch_id=entry.batch_id, price=price, time=time))
        found.cents = {ground: cents[ground] for ground in GROUNDS}
        return found

    def _trace_prices(
        self, entry: BatchPlan, itinerary: Itinerary, paid: Mapping[str, int], cents: Counter[str]
    ) -> Weakest | None:
        weakest = None
        batch = self._batches[entry.batch_id]
        for line, source in self._costing.price_with_sources(batch, itinerary.stages):
            if line.kind in OF_TERMS:
                continue
            ground = self._ground(source)
            cents[ground.ground] += line.unit_cents * paid[line.per]
            weakest = _weaker(weakest, Weakest(ground=ground, what=line.label))
        return weakest

    def _trace_times(self, itinerary: Itinerary, found: PlanGrounds) -> Weakest | None:
        weakest = None
        for stage, what, sources in self._timed(itinerary.stages):
            minutes = stage.end_min - stage.start_min
            if not minutes:
                continue
            ground = max((self._ground(source) for source in sources), key=lambda each: each.weakness)
            found.minutes[ground.ground] += itinerary.vehicles * minutes
            weakest = _weaker(weakest, Weakest(ground=ground, what=what))
        return weakest

    def _timed(self, stages: Sequence[Stage]) -> Iterator[tuple[Stage, str, list[str]]]:
        """Stages whose length a table says, in words, and the ``source`` of the rows that say it."""
        book, mode = self._costing.book, ORIGIN
        for stage in stages:
            if stage.kind == DWELL:
                continue
            if stage.kind == HANDLING:
                row = book.get_handling(stage.from_place, mode, stage.from_form, stage.mode, stage.to_form)
                yield stage, f"handling {stage.from_place} {mode}-{stage.mode}", [row.source]
                continue
            mode = stage.mode
            ends = f"{stage.from_place}-{stage.to_place}"
            if stage.kind == RIDE:
                service = book.get_service(stage.service_id)
                board = book.get_call_number(stage.service_id, stage.board_seq)
                alight = book.get_call_number(stage.service_id, stage.alight_seq)
                calls = service.calls[board + 1 : alight + 1]
                yield stage, f"{service.id} {ends}", [call.source for call in calls]
            else:
                road = book.get_road(stage.from_place, stage.to_place, stage.from_form)
                yield stage, f"road {ends}", [road.source]

    def _ground(self, source: str) -> Ground:
        if source not in self._ground_of:
            self._ground_of[source] = ground_of(source, self._problem.network.sources)
        return self._ground_of[source]


def _weaker(one: Weakest | None, other: Weakest | None) -> Weakest | None:
    """The weaker of two, the first of equals."""
    if one is None or other is None:
        return one or other
    return other if other.ground.weakness > one.ground.weakness else one
