"""Oracle (ii): flows on the arcs of the time-expanded network, for worlds that are linear in vehicles.

Every ride and road dispatch is a node; an arc joins an arrival to each departure that can be reached from it,
so the price of a hold, which hangs on both its ends, is exact. Some rules can't be said in flows and must not
be there: whole boxes (all cargo is loose), "no place twice" (places have one order, and every service and
road leads forwards in it), places to be met on the way, parts, departures bought as a whole, what is kept.
:func:`assert_fit` holds a world to that. Limits of legs, days and allotments are linear.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from tests.oracles.limits import day_capacity, leg_limits
from tests.oracles.rules import Amount, BatchRules, paid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model import Batch, Problem
    from tests.oracles.rules import DayUse, LegUse, Move

SOURCE, SINK = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One vehicle of a batch from node to node: what it adds to the objective, and the room it takes."""

    batch: int
    tail: int
    head: int
    price: int
    legs: tuple[tuple[LegUse, int], ...] = ()
    days: tuple[DayUse, ...] = ()


def relaxed_value(problem: Problem) -> float:
    """Best value if vehicles could be split: the linear programme over arcs."""
    model = mathopt.Model()
    arcs = [arc for number, batch in enumerate(problem.batches) for arc in _arcs(problem, number, batch)]
    flows = [model.add_variable(lb=0.0, ub=inf) for _ in arcs]
    balance: dict[tuple[int, int], mathopt.LinearSum] = defaultdict(mathopt.LinearExpression)
    for arc, flow in zip(arcs, flows, strict=True):
        balance[arc.batch, arc.tail] -= flow
        balance[arc.batch, arc.head] += flow
    for (number, node), into in balance.items():
        model.add_linear_constraint(into == _supply(problem.batches[number], node))
    for units, room in _limits(problem, arcs):
        model.add_linear_constraint(sum(size * flows[number] for number, size in units.items()) <= room)
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
    for arc, flow in zip(arcs, flows, strict=True):
        balance[arc.batch, arc.tail].append(-flow)
        balance[arc.batch, arc.head].append(flow)
    for (number, node), into in balance.items():
        model.add(sum(into) == _supply(problem.batches[number], node))
    for units, room in _limits(problem, arcs):
        model.add(sum(size * flows[number] for number, size in units.items()) <= room)
    objective = sum(arc.price * flow for arc, flow in zip(arcs, flows, strict=True))
    model.minimize(objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return solver.value(objective)


def assert_fit(problem: Problem) -> None:
    """Fail if a rule that flows can't say could matter in a world."""
    order = {place: number for number, place in enumerate(problem.network.places)}
    assert not problem.kept, "itineraries are kept"
    for batch in problem.batches:
        assert not batch.via, f"{batch.id} has to meet places"
        in_parts = batch.max_parts is not None or batch.all_or_none or batch.least_part > 1
        assert not in_parts, f"{batch.id} counts its parts"
        for move in BatchRules(problem, batch).moves():
            assert move.form == "loose", f"{move.key} is boxed"
            assert order[move.from_place] < order[move.to_place], f"{move.key} leads back"
            is_bought = (
                move.departure is not None and problem.network.services[move.departure[0]].is_chartered
            )
            assert not is_bought, f"{move.key} is bought as a whole"


def _supply(batch: Batch, node: int) -> int:
    return {SOURCE: -batch.vehicles, SINK: batch.vehicles}.get(node, 0)


def _limits(problem: Problem, arcs: list[Arc]) -> Iterator[tuple[Mapping[int, int], int]]:
    """Every limit: numbers of the arcs it holds with the units that a vehicle takes, and the most units."""
    on_leg: dict[LegUse, dict[int, int]] = defaultdict(dict)
    on_day: dict[DayUse, dict[int, int]] = defaultdict(dict)
    for number, arc in enumerate(arcs):
        for leg, units in arc.legs:
            on_leg[leg][number] = units
        for day in arc.days:
            on_day[day][number] = 1
    for leg, units_of in on_leg.items():
        for members, room in leg_limits(problem, leg):
            held = {n: units for n, units in units_of.items() if arcs[n].batch in members}
            if held:
                yield held, room
    for day, units_of in on_day.items():
        room = day_capacity(problem, day)
        assert room is not None
        yield units_of, room


def _arcs(problem: Problem, number: int, batch: Batch) -> Iterator[Arc]:
    rules = BatchRules(problem, batch)
    moves = rules.moves()
    yield Arc(batch=number, tail=SOURCE, head=SINK, price=problem.terms.unplanned_cost(batch))
    for head, move in enumerate(moves):
        if move.from_place == batch.origin:
            money = _transfer(rules, "origin", batch.ready_min, move)
            if money is not None:
                home = rules.place_day(batch.origin, "loose", move.leave_min)
                yield _entering(rules, number, (SOURCE, head), move, money, home)
    for tail, arrival in enumerate(moves):
        free = arrival.free_min
        if arrival.to_place == batch.destination:
            row = rules.handling(batch.destination, arrival.mode, "delivery", "loose", "loose")
            done = 0 if row is None else free + row.handling_min + arrival.after_min
            if row is not None and done <= rules.latest:
                money = paid(row.per, row.price) + rules.at_delivery(done)
                price = _counted(rules, money, minutes=done - batch.ready_min)
                yield Arc(batch=number, tail=tail, head=SINK, price=price)
            continue
        for head, move in enumerate(moves):
            if move.from_place == arrival.to_place:
                money = _transfer(rules, arrival.mode, free, move, arrival.after_min)
                if money is not None:
                    yield _entering(rules, number, (tail, head), move, money)


def _entering(
    rules: BatchRules,
    number: int,
    ends: tuple[int, int],
    move: Move,
    money: Amount,
    home: tuple[DayUse, ...] = (),
) -> Arc:
    return Arc(
        batch=number,
        tail=ends[0],
        head=ends[1],
        price=_counted(rules, money + move.money, move),
        legs=tuple((use, rules.units(use[0])) for use in move.limited),
        days=(*home, *move.days),
    )


def _counted(rules: BatchRules, money: Amount, move: Move | None = None, minutes: int = 0) -> int:
    """What money, grams of a move, and days at the end add to the objective, per vehicle."""
    match rules.problem.terms.objective:
        case "time":
            return minutes
        case "co2e":
            return move.grams.vehicle if move else 0
        case "blend":
            return money.vehicle + (move.carbon.vehicle if move else 0) + rules.day_cents(minutes)
    return money.vehicle


def _transfer(rules: BatchRules, mode: str, free_min: int, move: Move, after_min: int = 0) -> Amount | None:
    """Handling and dwell before a move, per vehicle; ``None`` = not possible."""
    place = move.from_place
    row = rules.handling(place, mode, move.mode, "loose", "loose")
    if row is None or free_min + after_min + row.handling_min + move.before_min > move.gate_min:
        return None
    dwell = rules.storage(place, "loose", free_min, move.gate_min)
    return None if dwell is None else paid(row.per, row.price) + dwell
