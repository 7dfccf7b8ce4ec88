"""Whole vehicles and boxes: a restricted integer program over columns.

Minimise sum vehicle_cents x + sum box_cents n + sum penalty u; x, n, u whole; per batch sum x + u = Q; per
boxed run sum x <= k n; per leg loose units + boxes <= capacity. The answer's whole numbers are read back,
rounded, and priced and checked again in integers; what the solver says of its own objective is never used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt
from ortools.sat import sat_parameters_pb2

from planner.errors import SolverError
from planner.model.problem import Problem
from planner.network.timetable import Ints
from planner.solver.choice import Choice
from planner.solver.columns import Column, RunKey
from planner.solver.objectives import Goal
from planner.solver.tolerances import WHOLE
from planner.units import ceil_div

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
    room: Ints,
    hint: Choice,
    limits: Limits,
    goal: Goal,
    *,
    batches: Sequence[int] | None = None,
) -> Chosen:
    """Best whole choice over given columns.

    Parameters
    ----------
    room
        Counting units left for these batches on each leg, int64[L].
    hint
        A choice to start from; its columns must be among ``columns``.
    batches
        Batches that may change; the others are left out of the model. All by default.
    """
    model = _Model(problem, columns, room, hint, goal, batches or range(len(problem.batches)))
    result = mathopt.solve(
        model.model,
        mathopt.SolverType.CP_SAT,
        params=mathopt.SolveParameters(
            random_seed=limits.seed,
            threads=1,
            cp_sat=sat_parameters_pb2.SatParameters(max_deterministic_time=limits.effort),
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=[model.hint(hint)]),
    )
    reason = result.termination.reason
    if not result.has_primal_feasible_solution():
        if reason == mathopt.TerminationReason.NO_SOLUTION_FOUND:
            return Chosen(hint, is_proven=False)
        raise SolverError(f"the choice in whole vehicles ended with {reason}: {result.termination.detail}")
    is_proven = reason == mathopt.TerminationReason.OPTIMAL and model.is_exact
    return Chosen(model.read(result.variable_values(), hint), is_proven=is_proven)


class _Model:
    def __init__(
        self,
        problem: Problem,
        columns: Sequence[Column],
        room: Ints,
        hint: Choice,
        goal: Goal,
        batches: Sequence[int],
    ) -> None:
        self.problem = problem
        self.columns = columns
        self.batches = batches
        self.model = mathopt.Model(name="whole vehicles")
        self.room = room
        self.goal = goal
        self.vehicles = [
            self.model.add_integer_variable(lb=0, ub=problem.batches[column.batch].vehicles)
            for column in columns
        ]
        self.left_out = {
            b: self.model.add_integer_variable(lb=0, ub=problem.batches[b].vehicles) for b in batches
        }
        self.boxes: dict[tuple[int, RunKey], mathopt.Variable] = {}
        self._runs: dict[tuple[int, RunKey], list[int]] = {}
        for number, column in enumerate(columns):
            if column.run is not None:
                self._runs.setdefault((column.batch, column.run), []).append(number)
        self._add_demand()
        self._add_boxes()
        self._add_room()
        self._add_objective()
        if goal.held_minutes is not None:
            self._hold(goal.held_minutes - self._minutes_of_others(hint))

    def _add_demand(self) -> None:
        """Demand: sum x + u = Q."""
        rows = {}
        for batch in self.batches:
            quantity = self.problem.batches[batch].vehicles
            rows[batch] = self.model.add_linear_constraint(lb=quantity, ub=quantity)
            rows[batch].set_coefficient(self.left_out[batch], 1)
        for number, column in enumerate(self.columns):
            rows[column.batch].set_coefficient(self.vehicles[number], 1)

    def _add_boxes(self) -> None:
        """Boxes: sum x <= k n."""
        for key, members in self._runs.items():
            batch = self.problem.batches[key[0]]
            size = self.problem.vehicle_type_of(batch).vehicles_per_feu
            boxes = self.model.add_integer_variable(lb=0, ub=ceil_div(batch.vehicles, size))
            self.boxes[key] = boxes
            row = self.model.add_linear_constraint(ub=0)
            row.set_coefficient(boxes, -size)
            for number in members:
                row.set_coefficient(self.vehicles[number], 1)

    def _add_room(self) -> None:
        """Room: loose units + boxes <= capacity, on legs that could be overfilled."""
        users: dict[int, dict[mathopt.Variable, int]] = {}
        for number, column in enumerate(self.columns):
            for leg, units in column.loose_units:
                users.setdefault(leg, {})[self.vehicles[number]] = units
            if column.run is not None:
                for leg in column.box_legs:
                    users.setdefault(leg, {})[self.boxes[column.batch, column.run]] = 1
        for leg, units_of in users.items():
            if (
                sum(units * int(variable.upper_bound) for variable, units in units_of.items())
                > self.room[leg]
            ):
                row = self.model.add_linear_constraint(ub=int(self.room[leg]))
                for variable, units in units_of.items():
                    row.set_coefficient(variable, units)

    @property
    def is_exact(self) -> bool:
        """Whether the solver computes with our own whole numbers: larger ones it scales down and rounds."""
        terms = self.model.objective.linear_terms()
        return bool(sum(abs(t.coefficient) * t.variable.upper_bound for t in terms) <= EXACT)

    def _add_objective(self) -> None:
        objective, goal = self.model.objective, self.goal
        for number, column in enumerate(self.columns):
            cost = goal.cents * column.vehicle_cents + goal.minutes * column.minutes
            objective.set_linear_coefficient(self.vehicles[number], cost)
        for key, members in self._runs.items():
            objective.set_linear_coefficient(self.boxes[key], goal.cents * self.columns[members[0]].box_cents)
        for batch, variable in self.left_out.items():
            objective.set_linear_coefficient(variable, goal.penalties[batch])

    def _minutes_of_others(self, hint: Choice) -> int:
        """Held minutes that the batches outside the model already take."""
        others = set(range(len(self.problem.batches))) - set(self.batches)
        return sum(hint.minutes(b) + hint.left_out(b) * self.goal.penalty_minutes[b] for b in others)

    def _hold(self, held_minutes: int) -> None:
        row = self.model.add_linear_constraint(ub=held_minutes)
        for number, column in enumerate(self.columns):
            row.set_coefficient(self.vehicles[number], column.minutes)
        for batch, variable in self.left_out.items():
            row.set_coefficient(variable, self.goal.penalty_minutes[batch])

    def hint(self, choice: Choice) -> mathopt.SolutionHint:
        values: dict[mathopt.Variable, float] = {}
        for number, column in enumerate(self.columns):
            values[self.vehicles[number]] = choice.rides[column.batch].get(column, 0)
        for batch, variable in self.left_out.items():
            values[variable] = choice.left_out(batch)
        boxes = {batch: choice.boxes(batch) for batch in self.batches}
        for (batch, run), variable in self.boxes.items():
            values[variable] = boxes[batch].get(run, 0)
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
