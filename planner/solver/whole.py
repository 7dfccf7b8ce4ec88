"""Whole vehicles, boxes, modules and parts: a restricted integer program over columns.

Minimise sum value x + box value n + module price m + departure price y + part price z + penalty u; all are
whole.

- demand: per batch sum x + u = Q;
- boxes: per boxed run sum x <= k n, and k n <= sum x + k - 1 where a least load counts them; per batch what
  follows for its last boxes;
- room: per row loose units + boxes <= capacity;
- modules: per leg of a charter units <= step m; m <= M y; boarded >= min load y;
- parts: per chain of a limited batch, or that is paid for once, least z <= sum x <= Q z; sum z <= most; u in
  {0, Q} where all or none.

The answer's whole numbers are read back, rounded, and priced and checked again in integers; what the solver
says of its own objective is never used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt
from ortools.sat import sat_parameters_pb2

from planner.errors import SolverError
from planner.model.problem import Problem
from planner.network.kept import Chain
from planner.network.timetable import Ints
from planner.solver.choice import Choice
from planner.solver.columns import Column, RunKey
from planner.solver.objectives import Goal
from planner.solver.parts import PartRules
from planner.solver.room import Charter, Room
from planner.solver.tolerances import WHOLE
from planner.units import ceil_div

MOST_COLUMNS_TO_CONFIRM = 5_000
"""Larger programs are not proof-size: a second solver would take longer than the search itself."""
MOST_NODES_TO_CONFIRM = 5_000
EXACT = float(1 << 53)
"""Whole numbers up to here are exact in floating point."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts that end a search.

    Parameters
    ----------
    effort
        Deterministic effort of the search, in the solver's own unit (about seconds of one core); the same
        input stops at the same point on any machine.
    """

    effort: float
    seed: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Answer of the restricted search; ``is_proven``: no choice over these columns is better."""

    choice: Choice
    is_proven: bool


def choose(
    problem: Problem,
    columns: Sequence[Column],
    room: Room,
    parts: PartRules,
    hint: Choice,
    limits: Limits,
    goal: Goal,
    *,
    batches: Sequence[int] | None = None,
    confirm: bool = False,
    on_branch: bool = False,
) -> Chosen:
    """Best whole choice over given columns.

    Parameters
    ----------
    hint
        A choice to start from; its columns must be among ``columns``, those of batches that may not change
        aside.
    batches
        Batches that may change; the others ride as in the hint. All by default.
    confirm
        Call nothing proven that a second solver has not come to as well.
    on_branch
        The room may hold no choice at all; then the hint is given back, proven.
    """
    model = _Model(problem, columns, room, parts, hint, goal, batches or range(len(problem.batches)))
    result = mathopt.solve(
        model.model,
        mathopt.SolverType.CP_SAT,
        params=mathopt.SolveParameters(
            random_seed=limits.seed,
            threads=1,
            cp_sat=sat_parameters_pb2.SatParameters(
                max_deterministic_time=limits.effort,
                linearization_level=2,  # whole boxes need the cuts of the linear relaxation
            ),
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=[model.hint(hint)]),
    )
    reason = result.termination.reason
    if not result.has_primal_feasible_solution():
        if reason == mathopt.TerminationReason.NO_SOLUTION_FOUND:
            return Chosen(hint, is_proven=False)
        if on_branch and reason == mathopt.TerminationReason.INFEASIBLE:
            return Chosen(hint, is_proven=True)
        raise SolverError(f"the choice in whole vehicles ended with {reason}: {result.termination.detail}")
    is_proven = reason == mathopt.TerminationReason.OPTIMAL and model.is_exact
    choice = model.read(result.variable_values(), hint)
    if is_proven and confirm:
        is_proven = len(columns) <= MOST_COLUMNS_TO_CONFIRM and _confirms(model, choice)
    return Chosen(choice, is_proven=is_proven)


def _confirms(model: _Model, choice: Choice) -> bool:
    """Whether HiGHS finds nothing better either; without presolve, as with it, it called worse ones optimal.

    Its bound must lie within half a unit of the value: values are whole.
    """
    result = mathopt.solve(
        model.model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            presolve=mathopt.Emphasis.OFF,
            node_limit=MOST_NODES_TO_CONFIRM,
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.25,
        ),
    )
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        return False
    return bool(result.best_objective_bound() > model.value_of(choice) - 0.5)


class _Model:
    def __init__(
        self,
        problem: Problem,
        columns: Sequence[Column],
        room: Room,
        parts: PartRules,
        hint: Choice,
        goal: Goal,
        batches: Sequence[int],
    ) -> None:
        self.problem = problem
        self.columns = columns
        self.batches = batches
        self.model = mathopt.Model(name="whole vehicles")
        self.room = room
        self.parts = parts
        self.goal = goal
        self.others = self._load_of_others(hint)
        self.quantities = {b: problem.open_vehicles(problem.batches[b]) for b in batches}
        self.vehicles = [
            self.model.add_integer_variable(lb=0, ub=self.quantities[column.batch]) for column in columns
        ]
        self.left_out = {b: self.model.add_integer_variable(lb=0, ub=self.quantities[b]) for b in batches}
        self.boxes: dict[tuple[int, RunKey], mathopt.Variable] = {}
        self.modules: dict[int, tuple[mathopt.Variable, mathopt.Variable]] = {}
        self.charters: dict[int, Charter] = {}
        self.used_parts: dict[tuple[int, Chain], mathopt.Variable] = {}
        self.rides: dict[int, mathopt.Variable] = {}
        self._runs: dict[tuple[int, RunKey], list[int]] = {}
        for number, column in enumerate(columns):
            if column.run is not None:
                self._runs.setdefault((column.batch, column.run), []).append(number)
        self._add_demand()
        self._add_boxes()
        self._add_room()
        self._add_parts()
        self._add_objective()
        if goal.held is not None:
            self._hold(hint)

    def _load_of_others(self, hint: Choice) -> Ints:
        """What the batches outside the model take, int64[M]."""
        load = self.room.capacity * 0
        mine = set(self.batches)
        for batch in range(len(hint.rides)):
            if batch not in mine:
                hint.add_load(load, batch)
        return load

    def _add_demand(self) -> None:
        """Demand: sum x + u = Q."""
        rows = {}
        for batch in self.batches:
            quantity = self.quantities[batch]
            rows[batch] = self.model.add_linear_constraint(lb=quantity, ub=quantity)
            rows[batch].set_coefficient(self.left_out[batch], 1)
        for number, column in enumerate(self.columns):
            rows[column.batch].set_coefficient(self.vehicles[number], 1)

    def _add_boxes(self) -> None:
        """Boxes: sum x <= k n; where a least load could be made up of empty ones, k n <= sum x + k - 1."""
        filled = {charter.departure for charter in self.room.charters if charter.min_load}
        for key, members in self._runs.items():
            batch = self.problem.batches[key[0]]
            size = self.problem.vehicle_type_of(batch).vehicles_per_feu
            boxes = self.model.add_integer_variable(lb=0, ub=ceil_div(self.quantities[key[0]], size))
            self.boxes[key] = boxes
            vehicles = {self.vehicles[number]: 1 for number in members}
            self._add_row({**vehicles, boxes: -size}, ub=0)
            if any(ride[0] in filled for number in members for ride in self.columns[number].chain):
                self._add_row({**vehicles, boxes: -size}, lb=1 - size)
        self._add_last_boxes()

    def _add_last_boxes(self) -> None:
        """Where Q leaves r over after full boxes of k: r sum n + vehicles never boxed + u >= r (full + 1).

        It follows from demand and boxes (mixed integer rounding: Nemhauser, Wolsey, *Integer and
        combinatorial optimization*, 1988); without it a search goes through all ways to fill the last boxes.
        """
        for batch in self.batches:
            size = max(1, self.problem.vehicle_type_of(self.problem.batches[batch]).vehicles_per_feu)
            full, rest = divmod(self.quantities[batch], size)
            if not rest or size == 1:
                continue
            units_of: dict[mathopt.Variable, int] = {self.left_out[batch]: 1}
            for number, column in enumerate(self.columns):
                if column.batch == batch and column.run is None:
                    units_of[self.vehicles[number]] = 1
            for (of_batch, _), boxes in self.boxes.items():
                if of_batch == batch:
                    units_of[boxes] = rest
            self._add_row(units_of, lb=rest * (full + 1))

    def _add_room(self) -> None:
        """Room: loose units + boxes <= capacity, on rows that could be overfilled; modules of charters."""
        users: dict[int, dict[mathopt.Variable, int]] = {}
        for number, column in enumerate(self.columns):
            for row, units in column.vehicle_rows:
                users.setdefault(row, {})[self.vehicles[number]] = units
            if column.run is not None:
                for row, units in Counter(column.box_rows).items():
                    users.setdefault(row, {})[self.boxes[column.batch, column.run]] = units
        for row, units_of in users.items():
            left = int(self.room.capacity[row]) - int(self.others[row])
            if sum(units * int(variable.upper_bound) for variable, units in units_of.items()) > left:
                self._add_row(units_of, ub=left)
        for charter in self.room.charters:
            if charter.boarded_row in users:
                self._add_charter(charter, users)

    def _add_row(
        self, units_of: dict[mathopt.Variable, int], *, lb: float = -float("inf"), ub: float = float("inf")
    ) -> mathopt.LinearConstraint:
        row = self.model.add_linear_constraint(lb=lb, ub=ub)
        for variable, units in units_of.items():
            row.set_coefficient(variable, units)
        return row

    def _add_charter(self, charter: Charter, users: dict[int, dict[mathopt.Variable, int]]) -> None:
        """Modules: units <= step m; m <= M y; boarded >= least load y."""
        taken = self.others + self.room.kept_load
        least = max(charter.modules_for(taken), charter.least_modules)
        modules = self.model.add_integer_variable(lb=least, ub=charter.most_modules)
        used = self.model.add_integer_variable(lb=min(1, least), ub=1)
        self.modules[charter.departure] = modules, used
        self.charters[charter.departure] = charter
        for leg, step in zip(charter.legs, charter.step, strict=True):
            if leg in users:
                row = self._add_row(users[leg], ub=-int(taken[leg]))
                row.set_coefficient(modules, -step)
        self._add_row({modules: 1, used: -charter.most_modules}, ub=0)
        if charter.min_load and not self.room.kept_load[charter.boarded_row]:
            boarded = self._add_row(users[charter.boarded_row], lb=-int(taken[charter.boarded_row]))
            boarded.set_coefficient(used, -charter.min_load)

    def _add_parts(self) -> None:
        """Parts: least z <= sum x <= Q z; sum z <= most; all or none: u = Q (1 - w)."""
        members: dict[int, dict[Chain, list[int]]] = {}
        for number, column in enumerate(self.columns):
            is_paid_for = bool(column.part_value(self.goal.measure))
            if self.parts.is_limited[column.batch] or is_paid_for:
                members.setdefault(column.batch, {}).setdefault(column.chain, []).append(number)
        for batch in self.batches:
            quantity = self.quantities[batch]
            new_parts: dict[mathopt.Variable, int] = {}
            for chain, numbers in members.get(batch, {}).items():
                used = self.model.add_integer_variable(lb=0, ub=1)
                self.used_parts[batch, chain] = used
                vehicles = dict.fromkeys((self.vehicles[number] for number in numbers), 1)
                self._add_row({**vehicles, used: -quantity}, ub=0)
                self._add_row({**vehicles, used: -self.parts.least(batch, chain)}, lb=0)
                if chain not in self.parts.kept_parts[batch]:
                    new_parts[used] = 1
            most = self.parts.most_new_parts(batch)
            if most is not None and len(new_parts) > most:
                self._add_row(new_parts, ub=most)
            if self.problem.batches[batch].all_or_none:
                rides = self.model.add_integer_variable(lb=0, ub=1)
                self.rides[batch] = rides
                self._add_row({self.left_out[batch]: 1, rides: quantity}, lb=quantity, ub=quantity)

    def value_of(self, choice: Choice) -> int:
        """What the program counts of a choice: its batches, and charters that its columns ride."""
        value = sum(choice.value_of(batch, self.goal) for batch in self.batches)
        if not self.goal.counts_money:
            return value
        total = self.room.total_load(choice.load(self.room))
        for charter in self.charters.values():
            modules = max(charter.modules_for(total), charter.least_modules)
            value += charter.departure_cents + modules * charter.module_cents if modules else 0
        return value

    @property
    def is_exact(self) -> bool:
        """Whether the solver computes with our own whole numbers: larger ones it scales down and rounds."""
        terms = self.model.objective.linear_terms()
        return bool(sum(abs(t.coefficient) * t.variable.upper_bound for t in terms) <= EXACT)

    def _add_objective(self) -> None:
        objective, measure = self.model.objective, self.goal.measure
        for number, column in enumerate(self.columns):
            objective.set_linear_coefficient(self.vehicles[number], column.vehicle_value(measure))
        for key, members in self._runs.items():
            value = self.columns[members[0]].box_value(measure)
            objective.set_linear_coefficient(self.boxes[key], value)
        once = {(column.batch, column.chain): column.part_value(measure) for column in self.columns}
        for part, used in self.used_parts.items():
            objective.set_linear_coefficient(used, once[part])
        if self.goal.counts_money:
            for departure, (modules, used) in self.modules.items():
                objective.set_linear_coefficient(modules, self.charters[departure].module_cents)
                objective.set_linear_coefficient(used, self.charters[departure].departure_cents)
        for batch, variable in self.left_out.items():
            objective.set_linear_coefficient(variable, self.goal.penalties[batch])

    def _hold(self, hint: Choice) -> None:
        """Held: what is held of these batches <= what the others leave of it."""
        assert self.goal.held is not None
        held = self.goal.held
        other_goal = Goal(held.measure, held.penalties)
        others = set(range(len(self.problem.batches))) - set(self.batches)
        most = held.most - sum(hint.value_of(batch, other_goal) for batch in others)
        row = self.model.add_linear_constraint(ub=most)
        for number, column in enumerate(self.columns):
            row.set_coefficient(self.vehicles[number], column.vehicle_value(held.measure))
        for key, members in self._runs.items():
            row.set_coefficient(self.boxes[key], self.columns[members[0]].box_value(held.measure))
        for batch, variable in self.left_out.items():
            row.set_coefficient(variable, held.penalties[batch])

    def hint(self, choice: Choice) -> mathopt.SolutionHint:
        values: dict[mathopt.Variable, float] = {}
        for number, column in enumerate(self.columns):
            values[self.vehicles[number]] = choice.rides[column.batch].get(column, 0)
        for batch, variable in self.left_out.items():
            values[variable] = choice.left_out(batch)
        boxes = {batch: choice.boxes(batch) for batch in self.batches}
        for (batch, run), variable in self.boxes.items():
            values[variable] = boxes[batch].get(run, 0)
        total = self.room.total_load(choice.load(self.room))
        for departure, (modules, used) in self.modules.items():
            number = self.charters[departure].modules_for(total)
            values[modules], values[used] = number, min(1, number)
        ridden = {batch: choice.parts(batch) for batch in self.batches}
        for (batch, chain), variable in self.used_parts.items():
            values[variable] = int(chain in ridden[batch])
        for batch, variable in self.rides.items():
            values[variable] = int(bool(ridden[batch]))
        return mathopt.SolutionHint(variable_values=values)

    def read(self, values: dict[mathopt.Variable, float], hint: Choice) -> Choice:
        choice = hint.copy()
        for batch in self.batches:
            choice.rides[batch] = {}
        for number, column in enumerate(self.columns):
            vehicles = round(values[self.vehicles[number]])
            if abs(values[self.vehicles[number]] - vehicles) > WHOLE:
                raise SolverError("the search in whole vehicles came back with a fraction of a vehicle")
            if vehicles:
                choice.rides[column.batch][column] = vehicles
        return choice
