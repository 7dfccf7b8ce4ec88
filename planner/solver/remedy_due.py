"""How many days later a batch would have to be due for the vehicles left out to ride."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from planner.model.plans import DUE, Remedy
from planner.solver.carrying import Verdict
from planner.solver.case import Case
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

    if not batch.early_price:
        found, is_least = case.first(as_it_is, MOST_DAYS)
    else:
        found, is_least = _scan(never_early, as_it_is)
    if found is not None:
        text = f"due {found} {'day' if found == 1 else 'days'} later"
        yield Remedy(kind=DUE, amount=found, is_least=is_least, text=text)


def _scan(
    never_early: Callable[[int], Verdict], as_it_is: Callable[[int], Verdict]
) -> tuple[int | None, bool]:
    """The first of all days one after another, from the first on which being early for nothing would do."""
    low, high = 0, MOST_DAYS
    if never_early(high).fits is False:
        return None, True
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if never_early(middle).fits is False else (low, middle)
    is_least = True
    for days in range(high, MOST_DAYS + 1):
        verdict = as_it_is(days)
        if verdict.does:
            return days, is_least
        is_least &= verdict.does is False
    return None, is_least
