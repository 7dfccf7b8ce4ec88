"""Every remedy works, none smaller of its kind does, and where none is shown there is none: by brute force.

Worlds that can't carry all, every rule drawn by chance. What is planned stays as it is; what is left out of
a batch is asked again by the complete list of its itineraries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest

from planner.check import find_faults
from planner.model import Problem, Remedy
from planner.model.results import OPTIMAL, SolveOptions
from planner.solve import solve
from tests.conftest import PROOF, SEED
from tests.oracles.ways import TooLargeError
from tests.overloaded import (
    MOST_CENTS,
    MOST_DAYS,
    MOST_PARTS,
    LeftOut,
    alone_with,
    can_say_more,
    kinds_of,
    overloaded_world,
    with_more_units,
)

NUM_WORLDS = 200 if PROOF else 20
FAR = MOST_DAYS if PROOF else MOST_DAYS // 3
"""Days of delay that are tried where none is shown."""
QUICK = SolveOptions(slot_values=0)
ALONE = SolveOptions(slot_values=0, remedies=0)


def cases(seed: int) -> Iterator[tuple[str, LeftOut, tuple[Remedy, ...]]]:
    """Batches with vehicles left out of one world, what is left of them, and their remedies."""
    problem = overloaded_world(seed)
    result = solve(problem, QUICK)
    assert result.status == OPTIMAL, seed
    for entry in result.plan.batches:
        if entry.unplanned is not None:
            assert entry.unplanned.remedies is not None
            yield (
                f"overloaded_world({seed}) {entry.batch_id}",
                LeftOut(problem, result.plan, entry.batch_id),
                entry.unplanned.remedies,
            )


def test_every_remedy_works_and_is_the_least(request: pytest.FixtureRequest):
    wrong: list[tuple[str, str]] = []
    met: Counter[str] = Counter()
    worlds = 0
    for number in count(SEED):
        found = 0
        for name, left, remedies in cases(number):
            try:
                assert not left.rides(), name
            except TooLargeError:
                continue
            found += 1
            by_kind = kinds_of(remedies)
            met.update([*by_kind, "left out"] if by_kind else ["left out", "no remedy"])
            for kind, judge in JUDGES.items():
                try:
                    wrong += [(name, text) for text in judge(left, by_kind.get(kind))]
                except TooLargeError:
                    met["too large"] += 1
            wrong += [(name, f"unknown {kind}") for kind in set(by_kind) - set(JUDGES)]
            wrong += [
                (name, f"{remedy} is not said to be least") for remedy in remedies if not remedy.is_least
            ]
        worlds += found > 0
        if worlds == NUM_WORLDS:
            break
    _say(request, f"of {worlds} worlds: {dict(met)}")
    assert not wrong
    assert 20 * met["too large"] <= met["left out"]
    assert set(met) >= ({*JUDGES, "no remedy"} if PROOF else {"due", "slots"})


def judge_due(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    if remedy is None:
        days = left.first_day_that_helps(FAR + 1)
        if days is not None:
            yield f"due: none shown, {days} days do"
        return
    if not left.rides(left.due_later(remedy.amount)):
        yield f"due: {remedy.amount} days do not do"
    days = left.first_day_that_helps(remedy.amount)
    if days is not None:
        yield f"due: {remedy.amount} shown, {days} days do"
    yield from placed(alone_with(left, left.due_later(remedy.amount)), left, "due")


def judge_slots(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    if remedy is None:
        for departure in left.departures():
            units = left.least_slots(departure, left.units_for_all(departure) + 1)
            if units is not None:
                yield f"slots: none shown, {units} on {departure} do"
        return
    assert remedy.service_id is not None
    assert remedy.departure_day is not None
    chosen = str(remedy.service_id), remedy.departure_day
    if not left.with_slots(chosen, remedy.amount):
        yield f"slots: {remedy.amount} on {chosen} do not do"
    for departure in left.departures():
        units = left.least_slots(departure, remedy.amount)
        if units is not None:
            yield f"slots: {remedy.amount} on {chosen} shown, {units} on {departure} do"
    more = remedy.amount * left.unit(chosen)
    own = left.least(left.batch, {chosen: more}, everybody=True)
    for departure in left.departures():
        equal = {departure: remedy.amount * left.unit(departure)}
        other = left.least(left.batch, equal, everybody=True)
        if own is None or (other is not None and other < own and left.rides(more=equal)):
            yield f"slots: {remedy.amount} on {departure} are cheaper than on {chosen}"
    if can_say_more(left.problem, chosen):
        world = with_more_units(alone_with(left, left.batch), chosen, more)
        yield from placed(world, left, "slots")


def judge_mode(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    sizes = range(1, 7) if remedy is None else range(1, remedy.amount)
    for size in sizes:
        for names in left.sets_of_modes(size):
            if left.rides(left.with_modes(names)):
                yield f"mode: {names} do"
    if remedy is not None:
        if not left.rides(left.with_modes(remedy.names)):
            yield f"mode: {remedy.names} do not do"
        yield from placed(alone_with(left, left.with_modes(remedy.names)), left, "mode")


def judge_wish(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    helping = [name for name, batch in left.without_a_wish() if left.rides(batch)]
    if remedy is None and helping:
        yield f"wish: none shown, {helping} do"
    elif remedy is not None and remedy.names[0] not in helping:
        yield f"wish: {remedy.names} does not do, {helping} do"


def judge_parts(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    batch = left.batch
    if batch.max_parts is None and not batch.all_or_none:
        if remedy is not None:
            yield "parts: it has no such rule"
        return
    first = 2 if batch.all_or_none else (batch.max_parts or 0) + 1
    for parts in range(first, min(MOST_PARTS, batch.vehicles) + 1 if remedy is None else remedy.amount):
        if left.rides(left.in_parts(parts)):
            yield f"parts: {parts} do"
    if remedy is not None:
        if not left.rides(left.in_parts(remedy.amount)):
            yield f"parts: {remedy.amount} do not do"
        yield from placed(alone_with(left, left.in_parts(remedy.amount)), left, "parts")


def judge_least_part(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    for least in range(left.batch.least_part - 1, 0 if remedy is None else remedy.amount, -1):
        if left.rides(left.in_parts_of(least)):
            yield f"least_part: {least} does"
    if remedy is not None:
        if not left.rides(left.in_parts_of(remedy.amount)):
            yield f"least_part: {remedy.amount} does not do"
        yield from placed(alone_with(left, left.in_parts_of(remedy.amount)), left, "least_part")


def judge_price(left: LeftOut, remedy: Remedy | None) -> Iterator[str]:
    counts = left.problem.terms.objective in ("cost", "blend")
    if remedy is None:
        if counts and left.rides(left.at_price(MOST_CENTS)):
            yield "price: none shown, the highest does"
        return
    if not counts:
        yield "price: the objective does not count it"
    if not left.rides(left.at_price(remedy.amount)):
        yield f"price: {remedy.amount} does not do"
    if left.rides(left.at_price(remedy.amount - 1)):
        yield f"price: {remedy.amount} shown, a cent less does"
    yield from placed(alone_with(left, left.at_price(remedy.amount)), left, "price")


JUDGES = {
    "due": judge_due,
    "slots": judge_slots,
    "mode": judge_mode,
    "wish": judge_wish,
    "parts": judge_parts,
    "least_part": judge_least_part,
    "price": judge_price,
}


def placed(world: Problem, left: LeftOut, kind: str) -> Iterator[str]:
    """Whether the planner, everybody else booked, carries them all, and the checker agrees."""
    plan = solve(world, ALONE).plan
    if find_faults(world, plan):
        yield f"{kind}: the checker refuses the plan"
    (entry,) = (entry for entry in plan.batches if entry.batch_id == left.batch.id)
    if entry.planned_vehicles != left.batch.vehicles:
        yield f"{kind}: the planner leaves {left.batch.vehicles - entry.planned_vehicles} out"


def _say(request: pytest.FixtureRequest, line: str) -> None:
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"\n{line}")
