"""How many days later a batch would have to be due for the vehicles left out to ride."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.model.plans import DUE, Remedy
from planner.solver.carrying import NEVER, Carrier
from planner.solver.case import Case
from planner.solver.delivery import delivered_cents
from planner.solver.left_over import with_due_later

MOST_DAYS = 60
"""Longest delay of due that is looked for."""


def later(case: Case) -> Iterator[Remedy]:
    """Due so many days later."""
    is_least, before = True, None
    for days, reached in _days_worth_asking(case):
        if reached is not None and reached == before:
            continue  # nothing more is in time than when it was last asked
        before = reached
        verdict = case.ask(with_due_later(case.batch, days))
        if verdict.does:
            text = f"due {days} {'day' if days == 1 else 'days'} later"
            yield Remedy(kind=DUE, amount=days, is_least=is_least, text=text)
            return
        is_least &= verdict.does is False


def _days_worth_asking(case: Case) -> Iterator[tuple[int, int | None]]:
    """Days that the cheapest groups do not rule out, and how many ends are reached in time.

    ``None`` where prices hang on due, so that each day is another question. One sweep to the latest due
    serves all of them.
    """
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
    is_priced = latest.late_price is not None or latest.early_price != 0
    for days in range(1, MOST_DAYS + 1):
        batch = with_due_later(case.batch, days)
        in_time = delivered <= case.terms.latest_delivery_min(batch)
        reached = int(sum((costs[in_time] < NEVER).sum() for costs in arrived.values()))
        if not reached:
            continue
        cents = ends.vehicle_cents - paid_latest + delivered_cents(problem, batch, delivered)
        own = replace(ends, vehicle_cents=cents)
        groups = [NEVER] * carrier.source.vehicles_per_feu
        for size, costs in arrived.items():
            total = (costs + own.group_costs(size, weights))[in_time]
            groups[size - 1] = min(NEVER, int(total.min(initial=NEVER)))
        if carrier.may_fit(groups):
            yield days, None if is_priced else reached
