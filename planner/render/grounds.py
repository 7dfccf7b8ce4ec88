"""What a plan rests on, and the duty beside it, in a line of words each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.provenance import DERIVED, ESTIMATED, SOURCED
from planner.render.words import money, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.grounds import PlanGrounds, Weakest

WORDS = {SOURCED: "published", DERIVED: "derived", ESTIMATED: "estimated"}


def grounds_text(grounds: PlanGrounds) -> Iterator[str]:
    """Shares of money and of time by what they rest on, and the weakest figure of each."""
    for name, amounts, weakest in (
        ("prices", grounds.cents, grounds.price),
        ("times", grounds.minutes, grounds.time),
    ):
        if weakest is not None:
            yield f"{name} {_shares(amounts)}; weakest {weakest_text(weakest)}"


def _shares(amounts: Mapping[str, int]) -> str:
    total = sum(amounts.values())
    return ", ".join(f"{percent(amounts[ground], total)} {words}" for ground, words in WORDS.items())


def weakest_text(weakest: Weakest) -> str:
    """A row in words: ``estimated: road A-B`` or ``derived, source of grade C: freight S A-B``."""
    grade = f", source of grade {weakest.ground.grade}" if weakest.ground.grade else ""
    return f"{WORDS[weakest.ground.ground]}{grade}: {weakest.what}"


def duties_text(duties: Mapping[str, int], currency: str) -> str:
    """Money by name, and that it is no part of the cost."""
    listed = ", ".join(f"{name} {money(cents, currency)}" for name, cents in duties.items())
    return f"{money(sum(duties.values()), currency)} on import, not in the cost: {listed}"
