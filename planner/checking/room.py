"""Room on the legs of dated departures, all batches together."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from itertools import combinations
from typing import TYPE_CHECKING

from planner.clock import local_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.checking.departures import Departure, Departures
    from planner.checking.loads import LegKey, Loads
    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.ids import BatchId, ServiceId
    from planner.model.limits import Allotment
    from planner.model.plans import Plan
    from planner.model.problem import Problem


class RoomRules:
    """Holds the sums of loads against capacities, space under contract and ``plan.departures``."""

    def __init__(self, problem: Problem, departures: Departures, findings: Findings) -> None:
        self._problem = problem
        self._departures = departures
        self._findings = findings
        self._batches = {batch.id: batch for batch in problem.batches}
        self._allotments: dict[ServiceId, list[Allotment]] = defaultdict(list)
        for row in problem.network.allotments:
            self._allotments[row.service_id].append(row)

    def apply(self, plan: Plan, loads: Loads) -> None:
        """Hold the loads against every rule of room, and the listed legs against the loads."""
        limited: dict[LegKey, tuple[Departure, int, int]] = {}
        for key, by_batch in sorted(loads.on_leg.items()):
            service_id, day, leg = key
            departure = self._departures.find(service_id, day)
            capacity = None if departure is None else departure.leg_capacity[leg]
            if departure is None or capacity is None:
                continue
            used = sum(by_batch.values())
            limited[key] = departure, used, capacity
            where = f"{service_id} {day}"
            if used > capacity:
                self._findings.add("capacity", where, f"{used} units on leg {leg}, room for {capacity}")
            self._contracts(departure, leg, by_batch, capacity, where)
        self._listed(plan, limited)

    def _contracts(
        self, departure: Departure, leg: int, by_batch: Mapping[BatchId, int], capacity: int, where: str
    ) -> None:
        """Space of others is not used before it is released.

        Whoever may not use the allotments of a set shares what they leave over; it is enough to ask this of
        every set that some of the riders have in common.
        """
        rows = self._allotments.get(departure.service.id, [])
        barred = {
            batch_id: frozenset(
                number
                for number, row in enumerate(rows)
                if self._is_barred(self._batches[batch_id], row, departure)
            )
            for batch_id in by_batch
        }
        sets = set(barred.values())
        while more := {one & other for one, other in combinations(sets, 2)} - sets:
            sets |= more
        for together in sorted(sets - {frozenset()}, key=sorted):
            used = sum(units for batch_id, units in by_batch.items() if barred[batch_id] >= together)
            left = max(0, capacity - sum(rows[number].units for number in together))
            if used > left:
                owners = ", ".join(sorted({rows[number].shipper for number in together}))
                facts = f"{used} units on leg {leg}, room for {left} beside the space of {owners}"
                self._findings.add("allotments", where, facts)

    def _is_barred(self, batch: Batch, row: Allotment, departure: Departure) -> bool:
        """Whether a batch may not use an allotment: it is another's, and not released yet."""
        if row.shipper == batch.shipper:
            return False
        if row.release_min is None:
            return True
        now, today = batch.ready_min, self._problem.terms.today
        if today is not None:
            first = self._problem.network.places[departure.service.calls[0].place]
            now = local_minutes(today, time(0), first.time_zone)
        return now < departure.departs_min() - row.release_min

    def _listed(self, plan: Plan, limited: Mapping[LegKey, tuple[Departure, int, int]]) -> None:
        listed = [(use.service_id, use.departure_day, use.leg) for use in plan.departures]
        for service_id, day, leg in sorted(limited.keys() - set(listed)):
            self._findings.add("leg_uses", f"{service_id} {day}", f"leg {leg} is ridden and not listed")
        if listed != sorted(set(listed)):
            self._findings.add("leg_uses", "departures", "listed twice, or not by service, day and leg")
        for use, key in zip(plan.departures, listed, strict=True):
            where = f"{use.service_id} {use.departure_day} leg {use.leg}"
            if key not in limited:
                self._findings.add("leg_uses", where, "listed, but no limited leg that is ridden")
                continue
            departure, used, capacity = limited[key]
            calls = departure.service.calls
            for what, stated, right in (
                ("from place", use.from_place, calls[use.leg].place),
                ("to place", use.to_place, calls[use.leg + 1].place),
                ("departure", use.depart_min, departure.departs_min(use.leg)),
                ("use", use.used, used),
                ("capacity", use.capacity, capacity),
            ):
                self._findings.expect_equal("leg_use_figures", where, what, stated=stated, right=right)
            if use.unit_value_cents < 0:
                self._findings.add("leg_use_figures", where, f"value of a unit is {use.unit_value_cents}")
