"""Departures that are paid or filled as a whole: modules, least load, prices, and who pays which share."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.costing import share_departure
from planner.model.plans import Charter
from planner.units import ceil_div, round_half_up

if TYPE_CHECKING:
    from planner.checking.loads import DepartureKey, Loads
    from planner.checking.rules import Findings
    from planner.model.ids import BatchId
    from planner.model.plans import Plan
    from planner.model.problem import Problem

Share = tuple[str, str, str, int]
"""Service, day, kind and cents."""


class CharterRules:
    """Holds the sums of loads against ``plan.charters`` and the shares of the batches."""

    def __init__(self, problem: Problem, findings: Findings) -> None:
        self._problem = problem
        self._services = problem.network.services
        self._findings = findings

    def apply(self, plan: Plan, loads: Loads) -> None:
        """Hold every departure that is ridden against the rules of its service."""
        right = {
            key: self._charter(key, loads)
            for key in sorted(loads.boarded)
            if self._services[key[0]].is_chartered
        }
        self._listed(plan, right)
        bought = {
            (ride.service_id, ride.departure_day)
            for itineraries in self._problem.kept.values()
            for itinerary in itineraries
            for ride in itinerary.chain
        }
        for key, charter in right.items():
            least = self._services[key[0]].min_load
            if charter.boarded < least and key not in bought:
                facts = f"{charter.boarded} units board, at least {least} are asked for"
                self._findings.add("min_load", f"{key[0]} {key[1]}", facts)
        # The shares follow what the plan states of a departure, so that one fault has one name.
        stated = {(charter.service_id, charter.departure_day): charter for charter in plan.charters}
        self._shares(plan, {key: stated.get(key, charter) for key, charter in right.items()}, loads)

    def _charter(self, key: DepartureKey, loads: Loads) -> Charter:
        service_id, day = key
        service = self._services[service_id]
        modules = 1
        if service.module_capacity is not None:
            most = max(
                sum(loads.on_leg.get((service_id, day, leg), {}).values())
                for leg in range(len(service.calls) - 1)
            )
            # A module that holds nothing is a fault of the tables; it must not stop the count.
            modules = max(1, ceil_div(most, max(1, service.module_capacity)))
        return Charter(
            service_id=service_id,
            departure_day=day,
            modules=modules,
            boarded=sum(loads.boarded[key].values()),
            departure_cents=round_half_up(service.departure_price),
            module_cents=modules * round_half_up(service.module_price),
        )

    def _listed(self, plan: Plan, right: dict[DepartureKey, Charter]) -> None:
        listed = [(charter.service_id, charter.departure_day) for charter in plan.charters]
        for service_id, day in sorted(right.keys() - set(listed)):
            self._findings.add("charters", f"{service_id} {day}", "is ridden and not listed")
        if listed != sorted(set(listed)):
            self._findings.add("charters", "charters", "listed twice, or not by service and day")
        for charter, key in zip(plan.charters, listed, strict=True):
            where = f"{charter.service_id} {charter.departure_day}"
            if key not in right:
                self._findings.add("charters", where, "listed, but no chartered departure that is ridden")
                continue
            due = right[key]
            expect_equal = self._findings.expect_equal
            expect_equal("modules", where, "modules", stated=charter.modules, right=due.modules)
            expect_equal("charter_figures", where, "boarded", stated=charter.boarded, right=due.boarded)
            once = due.departure_cents
            expect_equal("charter_figures", where, "price", stated=charter.departure_cents, right=once)
            steps = charter.modules * round_half_up(self._services[charter.service_id].module_price)
            expect_equal("charter_figures", where, "modules cost", stated=charter.module_cents, right=steps)

    def _shares(self, plan: Plan, charters: dict[DepartureKey, Charter], loads: Loads) -> None:
        right: dict[BatchId, list[Share]] = defaultdict(list)
        for key, charter in sorted(charters.items()):
            boarded = loads.boarded[key]
            if sum(boarded.values()) <= 0:
                continue
            for kind, total in (("departure", charter.departure_cents), ("module", charter.module_cents)):
                for batch_id, cents in share_departure(total, boarded).items():
                    if cents:
                        right[batch_id].append((charter.service_id, str(charter.departure_day), kind, cents))
        for entry in plan.batches:
            stated = [
                (paid.service_id, str(paid.departure_day), paid.kind, paid.cents) for paid in entry.shares
            ]
            due = right.get(entry.batch_id, [])
            if stated != due:
                surplus = [paid for paid in stated if paid not in due]
                missing = [paid for paid in due if paid not in stated]
                facts = f"not due {surplus}, missing {missing}, else twice or out of order"
                self._findings.add("departure_shares", f"batch {entry.batch_id}", facts)
