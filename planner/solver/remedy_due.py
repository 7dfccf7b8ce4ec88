"""How many days later a batch would have to be due for the vehicles left out to ride."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from planner.model.plans import DUE, Remedy
from planner.solver.carrying import NEVER, Carrier, Verdict
from planner.solver.case import Case
from planner.solver.delivery import delivered_cents
from planner.solver.left_over import with_due_later

MOST_DAYS = 60
"""Longest delay of due that is looked for."""


def later(case: Case) -> Iterator[Remedy]:
    """Due so many days later.

    With ever later due times all that was possible still is, and costs no more but for being early.
    """
    batch = case.batch

    def never_early(days: int) -> Verdict:
        return case.ask(replace(with_due_later(batch, days), early_price=Fraction(0)))

    def as_it_is(days: int) -> Verdict:
        return case.ask(with_due_later(batch, days))

    worth_asking = _days_worth_asking(case)
    if not worth_asking:
        return
    if not batch.early_price:
        found, is_least = case.first(as_it_is, MOST_DAYS, after=worth_asking[0] - 1, is_near=True)
    else:
        found, is_least = _scan(never_early, as_it_is, worth_asking)
    if found is not None:
        text = f"due {found} {'day' if found == 1 else 'days'} later"
        yield Remedy(kind=DUE, amount=found, is_least=is_least, text=text)


def _days_worth_asking(case: Case) -> list[int]:
    """Days that the cheapest groups do not rule out; one sweep to the latest due serves all of them."""
    latest = with_due_later(case.batch, MOST_DAYS)
    bench = case.left.alone(latest)
    carrier, pricer, ends = Carrier(bench), bench.pricer, bench.pricer.ends[0]
    weights, problem = bench.goal.weights(0), bench.problem
    delivered = ends.minutes + latest.ready_min
    paid_latest = delivered_cents(problem, latest, delivered)
    arrived = {}
    for size in range(1, min(carrier.source.vehicles_per_feu, carrier.vehicles) + 1):
        rows = carrier.prices_in(case.room, size)
        pricer.sweep(carrier.source, size, weights, rows, part_of=carrier.source.part_of)
        arrived[size] = pricer.arrived(0)
    found = []
    for days in range(1, MOST_DAYS + 1):
        batch = with_due_later(case.batch, days)
        in_time = delivered <= case.terms.latest_delivery_min(batch)
        cents = ends.vehicle_cents - paid_latest + delivered_cents(problem, batch, delivered)
        own = replace(ends, vehicle_cents=cents)
        groups = [NEVER] * carrier.source.vehicles_per_feu
        for size, costs in arrived.items():
            total = (costs + own.group_costs(size, weights))[in_time]
            groups[size - 1] = min(NEVER, int(total.min(initial=NEVER)))
        if carrier.may_fit(groups):
            found.append(days)
    return found


def _scan(
    never_early: Callable[[int], Verdict], as_it_is: Callable[[int], Verdict], worth_asking: list[int]
) -> tuple[int | None, bool]:
    """The first of all days one after another, from the first on which being early for nothing would do."""
    low, high = worth_asking[0] - 1, MOST_DAYS
    if never_early(high).fits is False:
        return None, True
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if never_early(middle).fits is False else (low, middle)
    is_least = True
    for days in (days for days in worth_asking if days >= high):
        verdict = as_it_is(days)
        if verdict.does:
            return days, is_least
        is_least &= verdict.does is False
    return None, is_least
