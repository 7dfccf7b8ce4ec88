"""One batch of which vehicles are left out, with all that its remedies are looked for with."""

from __future__ import annotations

from collections.abc import Callable

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
        self.as_it_is = self.now.ask(self.room) if self.leads else NO

    def ask(self, batch: Batch) -> Verdict:
        """Whether they ride in the room that is left if the batch were like this."""
        if not self._ways.lead(batch):
            return NO
        return Carrier(self.left.alone(batch)).ask(self.room)

    def first(self, ask: Callable[[int], Verdict], last: int) -> tuple[int | None, bool]:
        """Least of the changes 1, 2, ..., last with which they ride, and whether it is sure that none less does.

        Parameters
        ----------
        ask
            Says what each change does. Each makes possible whatever smaller ones do, for no more.
        """
        told: dict[int, Verdict] = {0: self.as_it_is}

        def verdict(change: int) -> Verdict:
            if change not in told:
                told[change] = ask(change)
            return told[change]

        def search(before: int, after: int) -> int | None:
            """The first in (before, after]."""
            if self.now.rules_out(verdict(before), verdict(after)):
                return None
            if after - before == 1:
                return after if verdict(after).does else None
            middle = (before + after) // 2
            found = search(before, middle)
            return search(middle, after) if found is None else found

        found = search(0, last)
        open_ones = [change for change, said in told.items() if said.does is None]
        return found, not any(found is None or change < found for change in open_ones)
