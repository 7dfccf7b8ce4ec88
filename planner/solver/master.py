"""The restricted master problem: a linear program over groups of vehicles.

A *group* is s vehicles of a batch on one itinerary that share one box where boxed (loose: s = 1). Minimise
sum c y + sum p u subject to

- demand: per batch sum s y + u = Q (dual pi, free);
- room: per leg with limited room that some solution overfilled, sum units y <= capacity (dual mu <= 0);
- remainder: where Q leaves r over after full boxes of k, sum w_s y + w_1 u >= w_r (dual rho >= 0), with
  w_s = s (k - r) up to r and (k - s) r above: a batch that can't fill its last box has to pay for that
  somewhere. It is Gomory's cut of the demand row modulo k (R. Gomory, *Some polyhedra related to
  combinatorial problems*, 1969), and gives prices of room under which the bound with whole boxes is tight;
- minutes: under a held value (second pass of the objective ``time``), vehicle-minutes <= that value (dual
  <= 0).

With full groups only and no remainder rows this is the relaxation with boxes at 1/k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from planner.errors import SolverError
from planner.network.timetable import Ints
from planner.solver.columns import Column
from planner.solver.tolerances import LP_FEASIBILITY

USABLE = (mathopt.TerminationReason.OPTIMAL, mathopt.TerminationReason.IMPRECISE)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Solution of the master problem.

    Parameters
    ----------
    value
        In units of the objective (cents or minutes).
    batch_dual
        Per batch: price of one vehicle more.
    remainder_dual
        Per batch: price of the remainder row; 0 where there is none.
    leg_price
        By leg: minus the dual, value of one more counting unit of room.
    minute_price
        Minus the dual of the held minutes; 0 where none are held.
    amounts
        Groups by number, in the order they were added.
    """

    value: float
    batch_dual: Sequence[float]
    remainder_dual: Sequence[float]
    leg_price: dict[int, float]
    minute_price: float
    amounts: Sequence[float]


def remainder_weight(quantity: int, vehicles_per_box: int, group: int) -> int:
    """w_s of the remainder row: 0 for full boxes, and for batches that fill their boxes."""
    rest = quantity % vehicles_per_box
    if not rest:
        return 0
    group %= vehicles_per_box
    return group * (vehicles_per_box - rest) if group <= rest else (vehicles_per_box - group) * rest


class Master:
    """Grows by groups and rows; each solve starts from the last basis (GLOP, incremental).

    Parameters
    ----------
    quantities, penalties
        Vehicles per batch, and the price of leaving one out, in units of the objective.
    boxed_by
        Vehicles per box, by batch; 1 where never boxed.
    leg_capacity
        Counting units by leg.
    held_minutes
        Most vehicle-minutes, left-out vehicles counted at ``penalty_minutes``; ``None`` = no such row.
    """

    def __init__(
        self,
        quantities: Sequence[int],
        penalties: Sequence[int],
        boxed_by: Sequence[int],
        leg_capacity: Ints,
        *,
        held_minutes: int | None = None,
        penalty_minutes: Sequence[int] = (),
    ) -> None:
        self._model = mathopt.Model(name="itineraries")
        self._quantities = quantities
        self._boxed_by = boxed_by
        self._leg_capacity = leg_capacity
        self._batch_rows: list[mathopt.LinearConstraint] = []
        self._left_out: list[mathopt.Variable] = []
        self._remainder_rows: dict[int, mathopt.LinearConstraint] = {}
        self._leg_rows: dict[int, mathopt.LinearConstraint] = {}
        self._users_of_leg: dict[int, list[tuple[int, int]]] = {}
        self.groups: list[tuple[Column, int]] = []
        self._variables: list[mathopt.Variable] = []
        self._known: set[tuple[Column, int]] = set()
        self._minutes_row: mathopt.LinearConstraint | None = None
        if held_minutes is not None:
            # Half a minute more changes no whole choice; without it rounding could leave no solution at all.
            self._minutes_row = self._model.add_linear_constraint(ub=held_minutes + 0.5, name="minutes")
        for number, (quantity, penalty) in enumerate(zip(quantities, penalties, strict=True)):
            row = self._model.add_linear_constraint(lb=float(quantity), ub=float(quantity))
            left_out = self._model.add_variable(lb=0.0, ub=float(quantity))
            row.set_coefficient(left_out, 1.0)
            self._model.objective.set_linear_coefficient(left_out, float(penalty))
            if self._minutes_row is not None:
                self._minutes_row.set_coefficient(left_out, float(penalty_minutes[number]))
            self._batch_rows.append(row)
            self._left_out.append(left_out)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def add_group(self, column: Column, group: int, cost: float) -> bool:
        """Add a group on an itinerary at its cost in units of the objective; False if it was there.

        Loose vehicles need no company: their groups are of one.
        """
        if column.run is None:
            cost, group = cost / group, 1
        if (column, group) in self._known:
            return False
        self._known.add((column, group))
        number = len(self._variables)
        variable = self._model.add_variable(lb=0.0)
        self.groups.append((column, group))
        self._variables.append(variable)
        self._batch_rows[column.batch].set_coefficient(variable, float(group))
        self._model.objective.set_linear_coefficient(variable, cost)
        if self._minutes_row is not None:
            self._minutes_row.set_coefficient(variable, float(group * column.minutes))
        if column.batch in self._remainder_rows:
            self._remainder_rows[column.batch].set_coefficient(variable, self._weight(column.batch, group))
        units_of: dict[int, int] = {}
        for leg, units in column.loose_units:
            units_of[leg] = units_of.get(leg, 0) + units * group
        for leg in column.box_legs:
            units_of[leg] = units_of.get(leg, 0) + 1
        for leg, units in units_of.items():
            self._users_of_leg.setdefault(leg, []).append((number, units))
            if leg in self._leg_rows:
                self._leg_rows[leg].set_coefficient(variable, float(units))
        return True

    def add_remainder_rows(self) -> int:
        """Add the remainder row of every batch that can't fill its boxes; how many there are."""
        for batch, (quantity, size) in enumerate(zip(self._quantities, self._boxed_by, strict=True)):
            rest = quantity % size
            if not rest:
                continue
            row = self._model.add_linear_constraint(lb=float(rest * (size - rest)), name=f"remainder {batch}")
            row.set_coefficient(self._left_out[batch], self._weight(batch, 1))
            self._remainder_rows[batch] = row
        for variable, (column, group) in zip(self._variables, self.groups, strict=True):
            if column.batch in self._remainder_rows:
                self._remainder_rows[column.batch].set_coefficient(
                    variable, self._weight(column.batch, group)
                )
        return len(self._remainder_rows)

    def _weight(self, batch: int, group: int) -> float:
        return float(remainder_weight(self._quantities[batch], self._boxed_by[batch], group))

    def solve(self) -> Relaxed:
        """Solve; legs that the solution overfills become rows, until none is left."""
        while True:
            result = self._solver.solve()
            # An imprecise solution will do: bounds and plans are worked out again in whole numbers.
            if result.termination.reason not in USABLE or not result.has_dual_feasible_solution():
                raise SolverError(
                    f"the relaxation ended with {result.termination.reason}: {result.termination.detail}"
                )
            values = result.variable_values(self._variables)
            overfilled = [
                leg
                for leg, users in self._users_of_leg.items()
                if leg not in self._leg_rows
                and sum(values[number] * units for number, units in users)
                > float(self._leg_capacity[leg]) * (1 + LP_FEASIBILITY) + LP_FEASIBILITY
            ]
            if not overfilled:
                break
            for leg in overfilled:
                row = self._model.add_linear_constraint(ub=float(self._leg_capacity[leg]), name=f"leg {leg}")
                for number, units in self._users_of_leg[leg]:
                    row.set_coefficient(self._variables[number], float(units))
                self._leg_rows[leg] = row
        duals = result.dual_values()
        return Relaxed(
            value=result.objective_value(),
            batch_dual=[duals[row] for row in self._batch_rows],
            remainder_dual=[
                duals[self._remainder_rows[batch]] if batch in self._remainder_rows else 0.0
                for batch in range(len(self._batch_rows))
            ],
            leg_price={leg: max(0.0, -duals[row]) for leg, row in self._leg_rows.items()},
            minute_price=0.0 if self._minutes_row is None else max(0.0, -duals[self._minutes_row]),
            amounts=values,
        )
