"""Which wishes and rules of a batch would have to be given up for the vehicles left out to ride."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from planner.model.batches import Batch
from planner.model.plans import LEAST_PART, MODE, PARTS, WISH, Remedy
from planner.model.services import ROAD
from planner.solver.case import Case

Name = TypeVar("Name", bound=str)

MOST_PARTS = 9
"""Most parts that are looked for."""


def other_modes(case: Case) -> Iterator[Remedy]:
    """Modes allowed: the fewest, of equally few those that make it cheapest."""
    batch = case.batch
    modes = sorted({s.mode for s in case.left.problem.network.services.values() if s.bookable})
    ruled_out = [m for m in modes if m in batch.not_modes or (batch.modes and m not in batch.modes)]
    if ROAD in batch.not_modes:
        ruled_out.append(ROAD)
    is_least = True
    for number in range(1, len(ruled_out) + 1):
        sets = list(combinations(ruled_out, number))
        chosen, is_sure = _cheapest(case, [_with_modes(batch, names) for names in sets])
        if chosen is not None:
            text = f"{' and '.join(sets[chosen])} allowed".replace("_", " ")
            yield Remedy(kind=MODE, amount=number, names=sets[chosen], is_least=is_least, text=text)
            return
        is_least &= is_sure


def _with_modes(batch: Batch, names: Sequence[str]) -> Batch:
    """The batch with some modes allowed."""
    added = tuple(name for name in names if batch.modes and name not in batch.modes and name != ROAD)
    left = tuple(name for name in batch.not_modes if name not in names)
    return replace(batch, modes=(*batch.modes, *added), not_modes=left)


def fewer_wishes(case: Case) -> Iterator[Remedy]:
    """One via, ban of a place, country or service, or needed mode dropped: what makes it cheapest."""
    batch = case.batch
    dropped = [
        *((name, f"not by way of {name}") for name in batch.via),
        *((name, f"{name} not ruled out") for name in batch.not_via),
        *((name, f"{name} not asked for") for name in batch.needed_modes),
    ]
    changed = [
        *(replace(batch, via=_without(batch.via, name)) for name in batch.via),
        *(replace(batch, not_via=_without(batch.not_via, name)) for name in batch.not_via),
        *(replace(batch, needed_modes=_without(batch.needed_modes, name)) for name in batch.needed_modes),
    ]
    chosen, _ = _cheapest(case, changed)
    if chosen is not None:
        name, text = dropped[chosen]
        yield Remedy(kind=WISH, amount=1, names=(name,), text=text.replace("_", " "))


def _without(names: Sequence[Name], dropped: str) -> tuple[Name, ...]:
    return tuple(name for name in names if name != dropped)


def _cheapest(case: Case, variants: Iterable[Batch]) -> tuple[int | None, bool]:
    """Number of the batch that would ride for least, ``None`` if none would; whether none is unsettled."""
    verdicts = [case.ask(batch) for batch in variants]
    riding = [(v.value, number) for number, v in enumerate(verdicts) if v.does and v.value is not None]
    return min(riding)[1] if riding else None, all(verdict.does is not None for verdict in verdicts)


def other_parts(case: Case) -> Iterator[Remedy]:
    """More parts; smaller ones."""
    batch = case.batch
    if not case.now.bench.parts.is_limited[0]:
        return
    if case.ask(replace(batch, max_parts=None, all_or_none=False, min_part=1)).fits is False:
        return
    if batch.max_parts is not None or batch.all_or_none:
        now = 1 if batch.all_or_none else batch.max_parts or 0
        numbers = range(now + 1, min(MOST_PARTS, batch.vehicles) + 1)
        in_parts = (replace(batch, max_parts=parts, all_or_none=False) for parts in numbers)
        yield from _first(case, PARTS, zip(numbers, in_parts, strict=True), "allowed to go in {} parts")
    sizes = range(batch.least_part - 1, 0, -1)
    in_smaller = (replace(batch, min_part=least) for least in sizes)
    yield from _first(case, LEAST_PART, zip(sizes, in_smaller, strict=True), "parts of only {} allowed")


def _first(case: Case, kind: str, changes: Iterable[tuple[int, Batch]], text: str) -> Iterator[Remedy]:
    """The first of ever greater changes with which they ride."""
    is_least = True
    for amount, batch in changes:
        verdict = case.ask(batch)
        if verdict.does:
            yield Remedy(kind=kind, amount=amount, is_least=is_least, text=text.format(amount))
            return
        is_least &= verdict.does is False
