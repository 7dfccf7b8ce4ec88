"""The restricted master problem: a linear program over the itineraries found so far.

Minimise sum c x + sum p u subject to, per batch, sum x + u = Q (dual pi, free) and, per leg with limited room
that some solution overfilled, sum units x <= capacity (dual mu <= 0). Boxes count 1/k per vehicle. Under a
held value (second pass of the objective ``time``) one more row keeps the vehicle-minutes (dual nu <= 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from planner.errors import SolverError
from planner.solver.columns import Column
from planner.solver.tolerances import LP_FEASIBILITY


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Solution of the master problem.

    Parameters
    ----------
    value
        In units of the objective (cents or minutes).
    batch_dual
        Per batch: value of one vehicle more.
    leg_price
        By leg: minus the dual, value of one more counting unit of room.
    minute_price
        Minus the dual of the held minutes; 0 where none are held.
    amounts
        Vehicles by column number.
    """

    value: float
    batch_dual: Sequence[float]
    leg_price: dict[int, float]
    minute_price: float
    amounts: Sequence[float]


class Master:
    """Grows by columns and rows; each solve starts from the last basis (GLOP, incremental).

    Parameters
    ----------
    quantities, penalties
        Vehicles per batch, and the price of leaving one out, in units of the objective.
    boxed_by
        Vehicles per box, by batch.
    leg_capacity
        Counting units by leg.
    held_minutes
        Most vehicle-minutes, penalties in minutes included (``penalty_minutes`` per batch); ``None`` = no such row.
    """

    def __init__(
        self,
        quantities: Sequence[int],
        penalties: Sequence[int],
        boxed_by: Sequence[int],
        leg_capacity: Sequence[int],
        *,
        held_minutes: int | None = None,
        penalty_minutes: Sequence[int] = (),
    ) -> None:
        self._model = mathopt.Model(name="itineraries")
        self._boxed_by = boxed_by
        self._leg_capacity = leg_capacity
        self._batch_rows = []
        self._leg_rows: dict[int, mathopt.LinearConstraint] = {}
        self._columns_on_leg: dict[int, list[tuple[int, float]]] = {}
        self._variables: list[mathopt.Variable] = []
        self._minutes_row = None
        if held_minutes is not None:
            self._minutes_row = self._model.add_linear_constraint(ub=float(held_minutes), name="minutes")
        for number, (quantity, penalty) in enumerate(zip(quantities, penalties, strict=True)):
            row = self._model.add_linear_constraint(lb=float(quantity), ub=float(quantity))
            left_out = self._model.add_variable(lb=0.0, ub=float(quantity))
            row.set_coefficient(left_out, 1.0)
            self._model.objective.set_linear_coefficient(left_out, float(penalty))
            if self._minutes_row is not None:
                self._minutes_row.set_coefficient(left_out, float(penalty_minutes[number]))
            self._batch_rows.append(row)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    @property
    def num_rows(self) -> int:
        """Batch and leg rows."""
        return len(self._batch_rows) + len(self._leg_rows)

    def units_by_leg(self, column: Column) -> dict[int, float]:
        """Counting units of room per vehicle, boxes at 1/k."""
        units: dict[int, float] = {}
        for leg, loose in column.loose_units:
            units[leg] = units.get(leg, 0.0) + loose
        for leg in column.box_legs:
            units[leg] = units.get(leg, 0.0) + 1.0 / self._boxed_by[column.batch]
        return units

    def add_column(self, column: Column, cost: float) -> None:
        """Add an itinerary at a cost per vehicle in units of the objective."""
        number = len(self._variables)
        variable = self._model.add_variable(lb=0.0)
        self._variables.append(variable)
        self._batch_rows[column.batch].set_coefficient(variable, 1.0)
        self._model.objective.set_linear_coefficient(variable, cost)
        if self._minutes_row is not None:
            self._minutes_row.set_coefficient(variable, float(column.minutes))
        for leg, units in self.units_by_leg(column).items():
            self._columns_on_leg.setdefault(leg, []).append((number, units))
            if leg in self._leg_rows:
                self._leg_rows[leg].set_coefficient(variable, units)

    def solve(self) -> Relaxed:
        """Solve; legs that the solution overfills become rows, until none is left."""
        while True:
            result = self._solver.solve()
            if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
                raise SolverError(f"the relaxation ended with {result.termination.reason}: {result.termination.detail}")
            values = result.variable_values(self._variables)
            overfilled = [
                leg
                for leg, users in self._columns_on_leg.items()
                if leg not in self._leg_rows
                and sum(values[number] * units for number, units in users)
                > self._leg_capacity[leg] + LP_FEASIBILITY * max(1, self._leg_capacity[leg])
            ]
            if not overfilled:
                break
            for leg in overfilled:
                self._add_leg_row(leg)
        duals = result.dual_values()
        return Relaxed(
            value=result.objective_value(),
            batch_dual=[duals[row] for row in self._batch_rows],
            leg_price={leg: max(0.0, -duals[row]) for leg, row in self._leg_rows.items()},
            minute_price=max(0.0, -duals[self._minutes_row]) if self._minutes_row is not None else 0.0,
            amounts=values,
        )

    def _add_leg_row(self, leg: int) -> None:
        row = self._model.add_linear_constraint(ub=float(self._leg_capacity[leg]), name=f"leg {leg}")
        for number, units in self._columns_on_leg[leg]:
            row.set_coefficient(self._variables[number], units)
        self._leg_rows[leg] = row
