"""One batch of which vehicles are left out, with all that its remedies are looked for with."""

from __future__ import annotations

from planner.model.batches import Batch
from planner.network.ways import Ways
from planner.solver.carrying import NO, Carrier, Verdict
from planner.solver.left_over import LeftOver


class Case:
    """Asks whether the vehicles left out of a batch would ride if something were different.

    Parameters
    ----------
    left
        The room beside all that rides.
    ways
        Of the same network.
    """

    def __init__(self, left: LeftOver, ways: Ways, batch: Batch) -> None:
        self.left = left
        self.batch = batch
        self.room = left.bench.room
        self.timetable = left.bench.timetable
        self.terms = left.problem.terms
        self.now = Carrier(left.alone(batch))
        self.needed = self.room.needed(left.problem.vehicle_type_of(batch), self.now.vehicles)
        self._ways = ways
        self.leads = ways.lead(batch)

    def ask(self, batch: Batch) -> Verdict:
        """Whether they ride in the room that is left if the batch were like this."""
        if not self._ways.lead(batch):
            return NO
        return Carrier(self.left.alone(batch)).ask(self.room)
