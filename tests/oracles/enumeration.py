"""Oracle (i): every itinerary of every batch, written out one by one, and the best choice among all.

For tiny worlds only. Nothing is pruned on price, so the optimum found here is the optimum.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from tests.oracles.rules import BatchRules, LegUse, Money, Move, leg_capacity, paid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.model import Batch, Problem

MOST_ITINERARIES = 60_000

RunKey = tuple[str, tuple[tuple[str, ...], ...], int]
"""Stuffing place, boxed moves, cents of one box."""


class TooLargeError(Exception):
    """The world has more itineraries than an oracle should write out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One itinerary of a batch: what one vehicle pays, takes and uses.

    ``run`` is ``None`` where it is never boxed; ``uses`` are the legs with limited room; ``moves`` are the
    names of its rides and road dispatches.
    """

    moves: tuple[tuple[str, ...], ...]
    vehicle_cents: int
    minutes: int
    run: RunKey | None
    uses: frozenset[LegUse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Best value of a world, proved; its money; and one plan that has them.

    ``chosen`` lists (batch number, way, vehicles); vehicles not listed are left out.
    """

    value: int
    cents: int
    penalty: int
    chosen: tuple[tuple[int, Way, int], ...]

    def planned_vehicles(self) -> int:
        """Vehicles that ride."""
        return sum(count for _, _, count in self.chosen)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Cargo that is free to move on."""

    place: str
    mode: str
    form: str
    free_min: int
    money: Money
    moves: tuple[Move, ...]
    stuffed_at: str | None
    boxed: tuple[tuple[str, ...], ...]

    def visited(self) -> set[str]:
        return {self.place, *(move.from_place for move in self.moves)}


def ways_of(problem: Problem, batch: Batch) -> list[Way]:
    """Every itinerary of a batch, whatever it costs."""
    rules = BatchRules(problem, batch)
    moves_from: dict[str, list[Move]] = defaultdict(list)
    for move in rules.moves():
        moves_from[move.from_place].append(move)
    always_boxed = rules.first_form == "boxed"
    start = _Walk(
        place=batch.origin,
        mode="origin",
        form=rules.first_form,
        free_min=batch.ready_min,
        money=Money(),
        moves=(),
        stuffed_at=batch.origin if always_boxed else None,
        boxed=(),
    )
    ways = []
    stack = [start]
    while stack:
        walk = stack.pop()
        if walk.place == batch.destination:
            ways += _delivered(rules, walk)
            if len(ways) > MOST_ITINERARIES:
                raise TooLargeError(f"batch {batch.id} has over {MOST_ITINERARIES} itineraries")
            continue
        seen = walk.visited()
        for move in moves_from[walk.place]:
            if move.to_place not in seen:
                stack += _moved(rules, walk, move)
    return ways


def _moved(rules: BatchRules, walk: _Walk, move: Move) -> Iterator[_Walk]:
    row = rules.handling(walk.place, walk.mode, move.mode, walk.form, move.form)
    stuffs = (walk.form, move.form) == ("loose", "boxed")
    if row is None or walk.free_min + row.handling_min > move.gate_min:
        return
    if stuffs and walk.stuffed_at is not None:
        return
    dwell = rules.storage(walk.place, move.form, walk.free_min, move.gate_min)
    if dwell is None:
        return
    yield _Walk(
        place=move.to_place,
        mode=move.mode,
        form=move.form,
        free_min=move.free_min,
        money=walk.money + paid(row.per, row.price) + dwell + move.money,
        moves=(*walk.moves, move),
        stuffed_at=walk.place if stuffs else walk.stuffed_at,
        boxed=(*walk.boxed, move.key) if move.form == "boxed" else walk.boxed,
    )


def _delivered(rules: BatchRules, walk: _Walk) -> Iterator[Way]:
    row = rules.handling(walk.place, walk.mode, "delivery", walk.form, rules.first_form)
    # delivering loose cargo boxed would be stuffing at the door: no type is first loose and delivered boxed
    if row is None or walk.free_min + row.handling_min > rules.latest:
        return
    done = walk.free_min + row.handling_min
    money = walk.money + paid(row.per, row.price) + rules.at_delivery(done)
    assert walk.boxed or money.box == 0, "a box line without a box"
    yield Way(
        moves=tuple(move.key for move in walk.moves),
        vehicle_cents=money.vehicle,
        minutes=done - rules.batch.ready_min,
        run=(walk.stuffed_at, walk.boxed, money.box) if walk.boxed and walk.stuffed_at else None,
        uses=frozenset(u for m in walk.moves for u in m.uses if leg_capacity(rules.problem, u) is not None),
    )


def optimum(problem: Problem, ways: Sequence[Sequence[Way]] | None = None) -> Optimum:
    """Best plan of a tiny world; ``time``: the fastest, and the cheapest among the fastest."""
    if ways is None:
        ways = [ways_of(problem, batch) for batch in problem.batches]
    fast = problem.terms.objective == "time"
    program = _Program(problem, [_useful(of_batch, fast=fast) for of_batch in ways])
    if not fast:
        return program.best(program.money + program.penalty, program.money)
    fastest = program.best(program.minutes + program.penalty, program.money)
    program.model.add(program.minutes + program.penalty == fastest.value)
    return replace(program.best(program.money, program.money), value=fastest.value)


def _useful(ways: Sequence[Way], *, fast: bool) -> list[Way]:
    """Ways without those that another of the batch replaces in any plan at no loss.

    Within a run a way goes if another costs no more (with ``fast``: and takes no longer) and uses no leg with
    limited room that it does not use. A whole run goes if another has boxes no dearer and so replaces each of
    its ways: all its vehicles can move there together, and one run never needs more boxes than two.
    """
    runs: dict[RunKey | None, list[Way]] = defaultdict(list)
    for way in sorted(ways, key=lambda way: (way.vehicle_cents, way.minutes, len(way.uses), way.moves)):
        kept = runs[way.run]
        if not any(_replaces(other, way, fast=fast) for other in kept):
            kept.append(way)
    never_boxed = runs.pop(None, [])
    left: list[list[Way]] = []
    for run in sorted(runs, key=lambda run: (run[2], -len(runs[run]), run)):
        if not any(all(any(_replaces(o, w, fast=fast) for o in other) for w in runs[run]) for other in left):
            left.append(runs[run])
    return [*never_boxed, *(way for kept in left for way in kept)]


def _replaces(better: Way, worse: Way, *, fast: bool) -> bool:
    """True if a vehicle can always move from the worse way to the better."""
    return (
        better.vehicle_cents <= worse.vehicle_cents
        and (not fast or better.minutes <= worse.minutes)
        and better.uses <= worse.uses
    )


class _Program:
    """Whole vehicles on ways, whole boxes on runs, room on legs."""

    def __init__(self, problem: Problem, ways: Sequence[Sequence[Way]]) -> None:
        self.model = cp_model.CpModel()
        self.chosen: list[tuple[int, Way, cp_model.IntVar]] = []
        self.money: cp_model.LinearExprT = 0
        self.minutes: cp_model.LinearExprT = 0
        self.penalty: cp_model.LinearExprT = 0
        load: dict[LegUse, list[cp_model.LinearExprT]] = defaultdict(list)
        for number, batch in enumerate(problem.batches):
            self._add_batch(problem, number, batch, ways[number], load)
        for use, terms in load.items():
            room = leg_capacity(problem, use)
            assert room is not None
            self.model.add(sum(terms) <= room)

    def _add_batch(
        self,
        problem: Problem,
        number: int,
        batch: Batch,
        ways: Sequence[Way],
        load: dict[LegUse, list[cp_model.LinearExprT]],
    ) -> None:
        rules = BatchRules(problem, batch)
        forms = {str(service.id): service.form for service in problem.network.services.values()}
        in_run: dict[RunKey, list[cp_model.IntVar]] = defaultdict(list)
        uses_of_run: dict[RunKey, list[LegUse]] = {}
        taken: list[cp_model.IntVar] = []
        for way in ways:
            count = self.model.new_int_var(0, batch.vehicles, "")
            taken.append(count)
            self.chosen.append((number, way, count))
            self.money += way.vehicle_cents * count
            self.minutes += way.minutes * count
            for use in sorted(way.uses):
                if forms[use[0]] == "loose":
                    load[use].append(rules.units(use[0]) * count)
            if way.run is not None:
                in_run[way.run].append(count)
                uses_of_run[way.run] = sorted(u for u in way.uses if forms[u[0]] == "boxed")
        all_boxes: list[cp_model.IntVar] = []
        for run, counts in in_run.items():
            boxes = self.model.new_int_var(0, ceil(batch.vehicles / rules.per_box), "")
            self.model.add(rules.per_box * boxes >= sum(counts))
            all_boxes.append(boxes)
            self.money += run[2] * boxes
            for use in uses_of_run[run]:
                load[use].append(boxes)
        left_out = self.model.new_int_var(0, batch.vehicles, "")
        self.model.add(sum(taken) + left_out == batch.vehicles)
        self.penalty += problem.terms.unplanned_cost(batch) * left_out
        odd = batch.vehicles % rules.per_box if rules.per_box else 0
        if odd:  # implied by whole boxes, but the search is far quicker when told (mixed integer rounding)
            never_boxed = sum(c for w, c in zip(ways, taken, strict=True) if w.run is None)
            full = ceil(batch.vehicles / rules.per_box)
            self.model.add(odd * sum(all_boxes) + never_boxed + left_out >= odd * full)

    def best(self, objective: cp_model.LinearExprT, money: cp_model.LinearExprT) -> Optimum:
        """Minimise to proven optimality."""
        self.model.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2  # whole boxes need the cuts: minutes become moments
        status = solver.solve(self.model)
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        return Optimum(
            value=solver.value(objective),
            cents=solver.value(money),
            penalty=solver.value(self.penalty),
            chosen=tuple((n, w, solver.value(c)) for n, w, c in self.chosen if solver.value(c)),
        )
