"""Oracle (ii): flows on the arcs of the time-expanded network, for worlds that are linear in vehicles.

Every ride and road dispatch is a node; an arc joins an arrival to each departure that can be reached from it,
so the price of a hold, which hangs on both its ends, is exact. Two rules cannot be said in flows and must not
matter in the world: whole boxes (all cargo is loose) and "no place twice" (places have one order, and every
service and road leads forwards in it). :func:`assert_fit` holds a world to both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from tests.oracles.rules import BatchRules, leg_capacity, paid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model import Batch, Problem
    from tests.oracles.rules import LegUse, Move

SOURCE, SINK = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One vehicle of a batch from node to node: what it adds to the objective, and the room it takes."""

    batch: int
    tail: int
    head: int
    price: int
    takes: tuple[tuple[LegUse, int], ...] = ()


def relaxed_value(problem: Problem) -> float:
    """Best value if vehicles could be split: the linear programme over arcs."""
    model = mathopt.Model()
    arcs = [arc for number, batch in enumerate(problem.batches) for arc in _arcs(problem, number, batch)]
    flows = [model.add_variable(lb=0.0, ub=inf) for _ in arcs]
    balance: dict[tuple[int, int], mathopt.LinearSum] = defaultdict(mathopt.LinearExpression)
    load: dict[LegUse, mathopt.LinearSum] = defaultdict(mathopt.LinearExpression)
    for arc, flow in zip(arcs, flows, strict=True):
        balance[arc.batch, arc.tail] -= flow
        balance[arc.batch, arc.head] += flow
        for use, units in arc.takes:
            load[use] += units * flow
    for (number, node), into in balance.items():
        model.add_linear_constraint(into == _supply(problem.batches[number], node))
    for use, units in load.items():
        model.add_linear_constraint(units <= _room(problem, use))
    model.minimize(sum(arc.price * flow for arc, flow in zip(arcs, flows, strict=True)))
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    assert result.termination.reason == mathopt.TerminationReason.OPTIMAL, result.termination
    return result.objective_value()


def whole_value(problem: Problem) -> int:
    """Best value in whole vehicles: the same flows as integers."""
    model = cp_model.CpModel()
    arcs = [arc for number, batch in enumerate(problem.batches) for arc in _arcs(problem, number, batch)]
    flows = [model.new_int_var(0, problem.batches[arc.batch].vehicles, "") for arc in arcs]
    balance: dict[tuple[int, int], list[cp_model.LinearExprT]] = defaultdict(list)
    load: dict[LegUse, list[cp_model.LinearExprT]] = defaultdict(list)
    for arc, flow in zip(arcs, flows, strict=True):
        balance[arc.batch, arc.tail].append(-flow)
        balance[arc.batch, arc.head].append(flow)
        for use, units in arc.takes:
            load[use].append(units * flow)
    for (number, node), into in balance.items():
        model.add(sum(into) == _supply(problem.batches[number], node))
    for use, units in load.items():
        model.add(sum(units) <= _room(problem, use))
    objective = sum(arc.price * flow for arc, flow in zip(arcs, flows, strict=True))
    model.minimize(objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return solver.value(objective)


def assert_fit(problem: Problem) -> None:
    """Fail if boxes or circles could matter in a world."""
    order = {place: number for number, place in enumerate(problem.network.places)}
    for batch in problem.batches:
        for move in BatchRules(problem, batch).moves():
            assert move.form == "loose", f"{move.key} is boxed"
            assert order[move.from_place] < order[move.to_place], f"{move.key} leads back"


def _supply(batch: Batch, node: int) -> int:
    return {SOURCE: -batch.vehicles, SINK: batch.vehicles}.get(node, 0)


def _room(problem: Problem, use: LegUse) -> int:
    room = leg_capacity(problem, use)
    assert room is not None
    return room


def _arcs(problem: Problem, number: int, batch: Batch) -> Iterator[Arc]:
    rules = BatchRules(problem, batch)
    fast = problem.terms.objective == "time"
    moves = rules.moves()
    yield Arc(batch=number, tail=SOURCE, head=SINK, price=problem.terms.unplanned_cost(batch))
    for head, move in enumerate(moves):
        if move.from_place == batch.origin:
            price = _transfer_price(rules, batch.origin, "origin", batch.ready_min, move)
            if price is not None:
                yield _entering(rules, number, SOURCE, head, move, 0 if fast else price)
    for tail, arrival in enumerate(moves):
        if arrival.to_place == batch.destination:
            row = rules.handling(batch.destination, arrival.mode, "delivery", "loose", "loose")
            if row is not None and arrival.free_min + row.handling_min <= rules.latest:
                done = arrival.free_min + row.handling_min
                money = paid(row.per, row.price) + rules.at_delivery(done)
                price = done - batch.ready_min if fast else money.vehicle
                yield Arc(batch=number, tail=tail, head=SINK, price=price)
            continue
        for head, move in enumerate(moves):
            if move.from_place == arrival.to_place:
                price = _transfer_price(rules, move.from_place, arrival.mode, arrival.free_min, move)
                if price is not None:
                    yield _entering(rules, number, tail, head, move, 0 if fast else price)


def _entering(rules: BatchRules, number: int, tail: int, head: int, move: Move, price: int) -> Arc:
    takes = tuple(
        (use, rules.units(use[0])) for use in move.uses if leg_capacity(rules.problem, use) is not None
    )
    return Arc(batch=number, tail=tail, head=head, price=price, takes=takes)


def _transfer_price(rules: BatchRules, place: str, mode: str, free_min: int, move: Move) -> int | None:
    """Handling, dwell and the move after it, per vehicle; ``None`` = not possible."""
    row = rules.handling(place, mode, move.mode, "loose", "loose")
    if row is None or free_min + row.handling_min > move.gate_min:
        return None
    dwell = rules.storage(place, "loose", free_min, move.gate_min)
    if dwell is None:
        return None
    return (paid(row.per, row.price) + dwell + move.money).vehicle
