"""Sweeps as text: ``rail-price=3000:9000:250`` -> amounts to plan at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputError, Issue
from planner.model.sweeps import KINDS, UNITS, Sweep, amounts_of
from planner.reading.cells import CellError, parse_decimal, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

OPTION = "--sweep"
MOST_POINTS = 200
MOST_AMOUNT = 1_000_000


def read_sweeps(texts: Sequence[str], currency: str) -> tuple[Sweep, ...]:
    """Sweeps of a command line; amounts are in whole units of the reporting currency.

    Raises
    ------
    InputError
        With every fault of every sweep.
    """
    found: list[Sweep] = []
    issues: list[Issue] = []
    for text in texts:
        try:
            found.append(_read(text, currency))
        except CellError as error:
            issues.append(Issue(file=OPTION, value=text, reason=error.reason, hint=error.hint))
    if issues:
        raise InputError(issues)
    return tuple(found)


def _read(text: str, currency: str) -> Sweep:
    kind, equals, amounts = text.partition("=")
    if kind not in KINDS:
        raise CellError(f"{kind!r} is no sweep", suggest(kind, KINDS) or f"there are {', '.join(KINDS)}")
    unit = f"{currency} a {UNITS[kind]}"
    parts = amounts.split(":")
    if not equals or len(parts) != len(("first", "last", "step")):
        raise CellError(
            "is no range", f"write {kind}=FIRST:LAST:STEP in {unit}, such as {kind}=3000:9000:250"
        )
    first, last, step = (_amount(part, unit) for part in parts)
    if not step or last < first:
        raise CellError("leads nowhere", "FIRST is not above LAST, and STEP is above 0")
    points = (last - first) // step + 1
    if points > MOST_POINTS:
        raise CellError(f"has {points:,} amounts", f"each is a plan of its own; at most {MOST_POINTS}")
    return Sweep(kind=kind, amounts=tuple(100 * amount for amount in amounts_of(first, last, step)))


def _amount(text: str, unit: str) -> Fraction:
    try:
        amount = parse_decimal(text)
    except CellError as error:
        hint = "; ".join(filter(None, (error.hint, f"amounts are in {unit}")))
        raise CellError(f"{text!r} {error.reason}", hint) from None
    if amount > MOST_AMOUNT:
        raise CellError(f"{text} is above {MOST_AMOUNT}", f"amounts are in {unit}")
    return amount
