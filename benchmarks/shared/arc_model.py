"""The plan as flows on the arcs of the time-expanded network: one whole variable per batch and arc.

A node is a ride or road dispatch of a batch. An arc joins it to every later one that the batch can change to,
so the price of a hold, which hangs on both its ends, is exact, tiers and all. Arcs are cut to what a batch
can reach from its ready time and can still be delivered from. Flows are linear in vehicles: nothing may be
boxed, bought as a whole or counted in parts, and no place may come twice; :func:`assert_linear` holds a
problem to that.

Times and numbers of departures come from the planner's timetable and prices of rides from its fares; arcs,
prices of holds, rows and the model are built here, in numpy, and handed over as one message, so that building
is as cheap as it can be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from planner.model import Batch, Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.vehicles import LOOSE
from planner.network.fares import CLOSED, FareBook, Fares
from planner.network.lay_out import timetable_of
from planner.network.timetable import NO_LIMIT, Ints, Timetable
from planner.network.type_fares import round_multiples
from planner.units import DAYS_PER_YEAR, MINUTES_PER_DAY, round_half_up

GAP = 1e-7
"""Relative gap at which the solvers may stop: well below the millionth within which values must agree."""
SOLVERS = {"SCIP": mathopt.SolverType.GSCIP, "HiGHS": mathopt.SolverType.HIGHS}


@dataclass(frozen=True, slots=True)
class ArcModel:
    """A model ready to be solved, its prices in whole cents, and what it took to build."""

    model: mathopt.Model
    price: Ints
    num_rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver had at the end, in cents; ``None`` where it had nothing."""

    status: str
    value: int | None
    bound: float | None
    seconds: float

    @property
    def gap_percent(self) -> float | None:
        """Distance from value to bound, in percent of the value."""
        if self.value is None or self.bound is None:
            return None
        return 100 * (self.value - self.bound) / self.value


def assert_linear(problem: Problem) -> None:
    """Fail if a rule that flows can't say could matter in a problem."""
    network = problem.network
    assert not network.allotments, "space is held for shippers"
    assert not problem.kept, "itineraries are kept"
    onward = nx.DiGraph()
    for service in network.services.values():
        assert not service.is_boxed, f"{service.id} is boxed"
        assert not service.is_chartered, f"{service.id} is bought as a whole"
        onward.add_edges_from((one.place, other.place) for one, other in pairwise(service.calls))
    for road in network.roads:
        assert road.form == LOOSE, f"the road from {road.from_place} to {road.to_place} is boxed"
        onward.add_edge(road.from_place, road.to_place)
    assert nx.is_directed_acyclic_graph(onward), "some services and roads lead back"
    for batch in problem.batches:
        assert not batch.via, f"{batch.id} has to meet places"
        in_parts = batch.max_parts is not None or batch.all_or_none or batch.least_part > 1
        assert not in_parts, f"{batch.id} counts its parts"


def build(problem: Problem) -> ArcModel:
    """Build the model of a problem that is linear in vehicles, timetable included."""
    started = time.perf_counter()
    assert_linear(problem)
    timetable = timetable_of(problem)
    book = FareBook(problem, timetable)
    network = _Rides.of(timetable)
    rows = _Program(timetable)
    for batch in problem.batches:
        fares = book.fares_of(batch)
        price_out = problem.terms.unplanned_cost(batch)
        arcs = _BatchArcs(problem, batch, fares, network)
        rows.add(batch, arcs, fares.pair_units[network.pair], price_out)
    model, price = rows.model()
    return ArcModel(model, price, rows.num_rows, time.perf_counter() - started)


def solve_arcs(built: ArcModel, solver: str, limit_seconds: float) -> Answer:
    """Solve with a solver's own settings but for the time limit, the gap and the seed."""
    started = time.perf_counter()
    result = mathopt.solve(
        built.model,
        SOLVERS[solver],
        params=mathopt.SolveParameters(
            time_limit=timedelta(seconds=limit_seconds), relative_gap_tolerance=GAP, random_seed=1
        ),
    )
    seconds = time.perf_counter() - started
    value = None
    if result.has_primal_feasible_solution():
        values = result.variable_values()
        flows = np.array([values[variable] for variable in built.model.variables()])
        whole = np.rint(flows).astype(np.int64)
        assert np.abs(flows - whole).max() < 1e-5, f"{solver} came back with a fraction of a vehicle"
        value = int(built.price @ whole)
    bound = result.termination.objective_bounds.dual_bound
    known = np.isfinite(bound)
    return Answer(
        result.termination.reason.name.lower(), value, round(100 * bound) if known else None, seconds
    )


@dataclass(frozen=True, slots=True)
class _Rides:
    """Rides and road dispatches of a timetable, int64[R] each; what can follow what."""

    table: Timetable
    pair: Ints
    gate: Ints
    slot: Ints
    boards: Ints
    out_day: Ints
    arrives: Ints

    @staticmethod
    def of(table: Timetable) -> _Rides:
        arrays = table.arrays
        boarding, arrival = arrays["arc_boarding"], arrays["arc_arrival"]
        return _Rides(
            table=table,
            pair=arrays["arc_pair"],
            gate=arrays["boarding_gate"][boarding],
            slot=arrays["arrival_slot"][arrival],
            boards=arrays["boarding_min"][boarding],
            out_day=arrays["boarding_day"][boarding],
            arrives=arrays["arrival_min"][arrival],
        )


class _BatchArcs:
    """Arcs of one batch: from its origin, from ride to ride, to delivery; nodes are numbers of rides."""

    def __init__(self, problem: Problem, batch: Batch, fares: Fares, rides: _Rides) -> None:
        self._fares, self._rides, self._table = fares, rides, rides.table
        self._batch = batch
        self._transfers = [
            (number, transfer, rides.slot == transfer.slot, rides.gate == transfer.gate)
            for number, transfer in enumerate(rides.table.transfers)
        ]
        origin = (batch.origin, ORIGIN, LOOSE, False)
        self._start_slot = rides.table.slot_number[origin]
        ends, end_cents = self._deliveries(problem)
        self._alive = self._reached() & self._leads_on(ends)
        out = self._alive & ends
        self.into_sink: Ints = np.flatnonzero(out)
        self.sink_cents: Ints = end_cents[out]
        self.from_source, self.source_cents = self._starts()
        self.tail, self.head, self.cents = self._changes()

    def _deliveries(self, problem: Problem) -> tuple[npt.NDArray[np.bool_], Ints]:
        """Rides that can be the last, bool[R], and what delivery after them costs, int64[R]."""
        batch, rides, table = self._batch, self._rides, self._table
        ends = np.zeros(len(rides.pair), dtype=np.bool_)
        cents = np.zeros(len(rides.pair), dtype=np.int64)
        carrying = problem.value_cents(batch) * problem.terms.carrying_rate / DAYS_PER_YEAR / MINUTES_PER_DAY
        late = (batch.late_price or Fraction(0)) / MINUTES_PER_DAY
        early = batch.early_price / MINUTES_PER_DAY
        latest = problem.terms.latest_delivery_min(batch)
        for slot, (place, mode, form, _) in enumerate(table.slots):
            if place != batch.destination or mode == ORIGIN:
                continue
            row = table.handling.find(place, mode, DELIVERY, form, LOOSE)
            if row is None:
                continue
            here = np.flatnonzero(rides.slot == slot)
            done = rides.arrives[here] + row.handling_min + self._fares.slot_after_min[slot]
            here, done = here[done <= latest], done[done <= latest]
            ends[here] = True
            cents[here] = (
                round_half_up(row.price)
                + round_multiples(carrying, done - batch.ready_min)
                + round_multiples(late, np.maximum(done - batch.due_min, 0))
                + round_multiples(early, np.maximum(batch.due_min - done, 0))
            )
        return ends, cents

    def _reached(self) -> npt.NDArray[np.bool_]:
        """Rides that can be reached from ready on."""
        rides, fares = self._rides, self._fares
        usable = (fares.pair_vehicle[rides.pair] < CLOSED) & (rides.boards >= self._batch.ready_min)
        reached = np.zeros(len(usable), dtype=np.bool_)
        while True:
            before = int(reached.sum())
            for number, transfer, arriving, leaving in self._transfers:
                free = self._batch.ready_min
                if transfer.slot != self._start_slot:
                    here = reached & arriving
                    if not here.any():
                        continue
                    free = int(rides.arrives[here].min())
                reached |= usable & leaving & (rides.boards >= free + fares.transfer_min[number])
            if int(reached.sum()) == before:
                return reached

    def _leads_on(self, ends: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Rides from which delivery can still be reached in time."""
        rides, fares = self._rides, self._fares
        usable = fares.pair_vehicle[rides.pair] < CLOSED
        useful = ends & usable
        while True:
            before = int(useful.sum())
            for number, _, arriving, leaving in self._transfers:
                ahead = useful & leaving
                if ahead.any():
                    last = int(rides.boards[ahead].max()) - fares.transfer_min[number]
                    useful |= usable & arriving & (rides.arrives <= last)
            if int(useful.sum()) == before:
                return useful

    def _starts(self) -> tuple[Ints, Ints]:
        """First rides, and what they cost with handling and the hold before them."""
        ready, rides, table = self._batch.ready_min, self._rides, self._table
        tier_day = np.array([table.tier_days(self._batch.origin, LOOSE, ready)], dtype=np.int64)
        heads, cents = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for number, transfer, _, leaving in self._transfers:
            if transfer.slot == self._start_slot:
                after = np.flatnonzero(self._alive & leaving)
                _, head, price = self._joined(number, np.array([ready]), tier_day, after)
                heads.append(after[head])
                cents.append(price + self._fares.pair_vehicle[rides.pair[after[head]]])
        return np.concatenate(heads), np.concatenate(cents)

    def _changes(self) -> tuple[Ints, Ints, Ints]:
        """Rides that can follow each other, and what the second costs with what lies between."""
        rides, arrays = self._rides, self._table.arrays
        parts = [np.zeros((3, 0), dtype=np.int64)]
        for number, transfer, arriving, leaving in self._transfers:
            if transfer.slot == self._start_slot:
                continue
            before, after = np.flatnonzero(self._alive & arriving), np.flatnonzero(self._alive & leaving)
            days = arrays["arrival_tier_day"][0, arrays["arc_arrival"][before]]
            tail, head, price = self._joined(number, rides.arrives[before], days, after)
            cents = price + self._fares.pair_vehicle[rides.pair[after[head]]]
            parts.append(np.stack([before[tail], after[head], cents]))
        tail, head, cents = np.concatenate(parts, axis=1)
        return tail, head, cents

    def _joined(self, number: int, free: Ints, tier_day: Ints, after: Ints) -> tuple[Ints, Ints, Ints]:
        """Pairs of an arrival and a ride after it that a transfer can join, and handling and hold."""
        fares, rides, table = self._fares, self._rides, self._table
        dwell = rides.boards[after][None, :] - free[:, None]
        fits = dwell >= fares.transfer_min[number]
        rule = int(table.arrays["transfer_rule"][number])
        if rule >= 0 and table.rules[rule].max_dwell_min < NO_LIMIT:
            fits &= dwell <= table.rules[rule].max_dwell_min
        tail, head = np.nonzero(fits)
        cents = np.full(len(tail), int(fares.transfer_vehicle[number]), dtype=np.int64)
        if rule >= 0:
            out_day = rides.out_day[after[head]]
            tiers = len(table.rules[rule].tiers)
            held = [np.maximum(out_day - tier_day[tail, tier], 0) for tier in range(tiers)]
            for tier, (since, later) in enumerate(zip(held, [*held[1:], held[0] * 0], strict=True)):
                cents += fares.tier_vehicle[rule, tier, np.maximum(since - later, 0)]
        return tail, head, cents


@dataclass(slots=True)
class _Program:
    """Variables, rows and entries as they come in; rows of room are numbered as in the timetable."""

    table: Timetable
    num_rows: int = 0
    num_columns: int = 0
    price: list[Ints] = field(default_factory=list)
    most: list[Ints] = field(default_factory=list)
    right_side: list[Ints] = field(default_factory=list)
    entries: list[Ints] = field(default_factory=list)
    room_entries: list[Ints] = field(default_factory=list)

    def add(self, batch: Batch, arcs: _BatchArcs, units: Ints, price_out: int) -> None:
        """Flows of a batch: what starts or is left out = its vehicles, what arrives = what leaves."""
        sizes = [len(arcs.from_source), len(arcs.tail), len(arcs.into_sink), 1]
        first = self.num_columns
        started, changed, delivered, out = np.split(
            np.arange(first, first + sum(sizes), dtype=np.int64), np.cumsum(sizes)[:-1]
        )
        nodes = np.unique(np.concatenate([arcs.from_source, arcs.head, arcs.into_sink, arcs.tail]))
        row_of = np.zeros(len(units), dtype=np.int64)
        row_of[nodes] = self.num_rows + 1 + np.arange(len(nodes))
        supply = np.full(sizes[0] + 1, self.num_rows, dtype=np.int64)
        self.entries += [
            _entries(supply, np.append(started, out), 1),
            _entries(row_of[arcs.from_source], started, 1),
            _entries(row_of[arcs.head], changed, 1),
            _entries(row_of[arcs.tail], changed, -1),
            _entries(row_of[arcs.into_sink], delivered, -1),
        ]
        for head, columns in ((arcs.from_source, started), (arcs.head, changed)):
            self.room_entries += self._room(head, columns, units)
        at_origin = self.table.arrays["boarding_origin_row"][0, self._boarding(arcs.from_source)]
        self.room_entries.append(_entries(at_origin, started, 1))
        self.right_side.append(np.append(batch.vehicles, np.zeros(len(nodes), dtype=np.int64)))
        self.price += [arcs.source_cents, arcs.cents, arcs.sink_cents, np.array([price_out])]
        self.most.append(np.full(sum(sizes), batch.vehicles, dtype=np.int64))
        self.num_rows += 1 + len(nodes)
        self.num_columns += sum(sizes)

    def _boarding(self, rides: Ints) -> Ints:
        return self.table.arrays["arc_boarding"][rides]

    def _room(self, rides: Ints, columns: Ints, units: Ints) -> Iterator[Ints]:
        """Room that rides take: legs in counting units, days of roads and places in vehicles."""
        arrays = self.table.arrays
        leg, last = arrays["arc_leg_from"][rides], arrays["arc_leg_to"][rides]
        for step in range(int((last - leg).max(initial=0))):
            on = leg + step < last
            yield _entries(leg[on] + step, columns[on], units[rides[on]])
        yield _entries(arrays["boarding_row"][self._boarding(rides)], columns, 1)
        yield _entries(arrays["arrival_row"][arrays["arc_arrival"][rides]], columns, 1)

    def model(self) -> tuple[mathopt.Model, Ints]:
        """All as one model, in dollars, and its prices in whole cents."""
        capacity = self.table.arrays["row_capacity"]
        room = np.concatenate(self.room_entries, axis=1)
        room = room[:, (room[0] >= 0)]
        room = room[:, capacity[room[0]] < NO_LIMIT]
        used, numbers = np.unique(room[0], return_inverse=True)
        room[0] = self.num_rows + numbers
        self.num_rows += len(used)
        row, column, units = np.concatenate([*self.entries, room], axis=1)
        order = np.lexsort((column, row))
        price = np.concatenate(self.price)
        equal = np.concatenate(self.right_side).astype(float)
        proto = model_pb2.ModelProto(name="arcs")
        proto.variables.ids.extend(range(self.num_columns))
        proto.variables.lower_bounds.extend(np.zeros(self.num_columns))
        proto.variables.upper_bounds.extend(np.concatenate(self.most).astype(float))
        proto.variables.integers.extend(np.ones(self.num_columns, dtype=np.bool_).tolist())
        paid = np.flatnonzero(price)
        proto.objective.linear_coefficients.ids.extend(paid)
        proto.objective.linear_coefficients.values.extend(price[paid] / 100)
        proto.linear_constraints.ids.extend(range(self.num_rows))
        proto.linear_constraints.lower_bounds.extend(np.append(equal, np.full(len(used), -np.inf)))
        proto.linear_constraints.upper_bounds.extend(np.append(equal, capacity[used].astype(float)))
        proto.linear_constraint_matrix.row_ids.extend(row[order])
        proto.linear_constraint_matrix.column_ids.extend(column[order])
        proto.linear_constraint_matrix.coefficients.extend(units[order].astype(float))
        return mathopt.Model.from_model_proto(proto), price


def _entries(rows: Ints, columns: Ints, value: Ints | int) -> Ints:
    """Entries of the matrix, int64[3, n]: row, column, coefficient."""
    return np.stack([rows, columns, np.broadcast_to(np.asarray(value, dtype=np.int64), rows.shape)])
