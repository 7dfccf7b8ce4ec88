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
        The room beside all that rides. ``needed`` is the most that the vehicles can take of each row, each
        in a box of its own, int64[M].
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
        kind = left.problem.vehicle_type_of(batch)
        self.needed = self.room.needed(kind, 1) * self.now.vehicles
        self._ways = ways
        self.leads = ways.lead(batch)
        self.as_it_is = self.now.ask(self.room) if self.leads else NO

    def ask(self, batch: Batch) -> Verdict:
        """Whether they ride in the room that is left if the batch were like this."""
        if not self._ways.lead(batch):
            return NO
        return Carrier(self.left.alone(batch)).ask(self.room)

    def first(
        self, ask: Callable[[int], Verdict], last: int, *, after: int = 0, is_near: bool = False
    ) -> tuple[int | None, bool]:
        """Least of the changes up to the last with which they ride, and whether it is sure that no less does.

        Parameters
        ----------
        ask
            Says what each change does. Each makes possible whatever smaller ones do, for no more.
        after
            A change that does no more than none at all; 0 = none.
        is_near
            The first is looked for from below, in ever larger steps.
        """
        told: dict[int, Verdict] = {after: self.as_it_is}

        def verdict(change: int) -> Verdict:
            if change not in told:
                told[change] = ask(change)
            return told[change]

        def search(low: int, high: int) -> int | None:
            """The first in (low, high]."""
            if self.now.rules_out(verdict(low), verdict(high)):
                return None
            if high - low == 1:
                return high if verdict(high).does else None
            middle = (low + high) // 2
            found = search(low, middle)
            return search(middle, high) if found is None else found

        found, low, step = None, after, 1
        while found is None and low < last:
            high = min(low + step, last) if is_near else last
            found = search(low, high)
            low, step = high, 2 * step
        open_ones = [change for change, said in told.items() if said.does is None]
        return found, not any(found is None or change < found for change in open_ones)
