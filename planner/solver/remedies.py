"""The least that has to change for vehicles that are left out to ride, all else as it is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from planner.model.ids import BatchId
from planner.model.plans import AGAIN, Plan, Remedy
from planner.model.problem import Problem
from planner.network.ways import Ways
from planner.solver.case import Case
from planner.solver.left_over import LeftOver, with_rides_booked
from planner.solver.remedy_due import MOST_DAYS, later
from planner.solver.remedy_price import higher_price
from planner.solver.remedy_slots import more_slots
from planner.solver.remedy_wishes import fewer_wishes, other_modes, other_parts


def with_remedies(
    problem: Problem, plan: Plan, most: int, should_stop: Callable[[], bool] = lambda: False
) -> Plan:
    """The plan with the remedies of the batches whose leaving out counts most.

    Parameters
    ----------
    problem
        What was planned; its kept itineraries are among those of the plan.
    most
        Number of batches looked at.
    """
    batches = {batch.id: batch for batch in problem.batches}
    left_out = [
        (-entry.unplanned.vehicles * problem.terms.unplanned_cost(batches[entry.batch_id]), number)
        for number, entry in enumerate(plan.batches)
        if entry.unplanned is not None
    ]
    asked = [plan.batches[number].batch_id for _, number in sorted(left_out)[:most]]
    if not asked:
        return plan
    left = LeftOver.of(with_rides_booked(problem, plan), set(asked), MOST_DAYS)
    ways = Ways(problem)
    found: dict[BatchId, tuple[Remedy, ...]] = {}
    for batch in asked:
        if should_stop():
            break
        found[batch] = tuple(_list_remedies(Case(left, ways, batches[batch])))
    entries = tuple(
        entry
        if entry.unplanned is None or entry.batch_id not in found
        else replace(entry, unplanned=replace(entry.unplanned, remedies=found[entry.batch_id]))
        for entry in plan.batches
    )
    return replace(plan, batches=entries)


def _list_remedies(case: Case) -> Iterator[Remedy]:
    """Remedies of one batch, one of each kind that helps."""
    if case.leads:
        if case.as_it_is.does:
            text = "nothing: planned again with the others booked it rides"
            yield Remedy(kind=AGAIN, amount=0, text=text)
            return
        yield from later(case)
        yield from more_slots(case)
    yield from other_modes(case)
    yield from fewer_wishes(case)
    if case.leads:
        yield from other_parts(case)
        yield from higher_price(case)
