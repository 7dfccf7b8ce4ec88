"""The restricted master problem: a linear program over groups of vehicles.

A *group* is s vehicles of a batch on one itinerary that share one box where boxed (loose: s = 1). Minimise
sum c y + sum p u subject to

- demand: per batch sum s y + u = Q (dual pi, free);
- room: per row (leg, day of a place or road, held space) that some solution overfilled, sum units y <=
  capacity (dual mu <= 0);
- modules: per leg of a chartered departure d that is ridden, sum units y <= step m_d (dual mu' <= 0), with
  0 <= m_d <= M_d modules at their price, the departure's own spread over all M_d of them: a relaxation. The
  price of room on the leg is -(mu + mu');
- remainder: where Q leaves r over after full boxes of k, sum w_s y + w_1 u >= w_r (dual rho >= 0), with
  w_s = s (k - r) up to r and (k - s) r above: a batch that can't fill its last box has to pay for that
  somewhere. It is Gomory's cut of the demand row modulo k (R. Gomory, *Some polyhedra related to
  combinatorial problems*, 1969), and gives prices of room under which the bound with whole boxes is tight;
- held: under a held value (second pass of ``time`` and ``co2e``), vehicle-minutes or grams <= that value
  (dual <= 0).

With full groups only and no remainder rows this is the relaxation with boxes at 1/k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from planner.errors import SolverError
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.objectives import Goal, Held
from planner.solver.room import Charter, Room
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
    row_price
        By row: minus the duals, value of one more counting unit of room.
    held_price
        Minus the dual of what is held; 0 where nothing is.
    modules
        Modules bought, by number of the departure; those that no group rides are not among them.
    amounts
        Groups by number, in the order they were added.
    """

    value: float
    batch_dual: Sequence[float]
    remainder_dual: Sequence[float]
    row_price: dict[int, float]
    held_price: float
    modules: dict[int, float]
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
    quantities
        Vehicles per batch.
    boxed_by
        Vehicles per box, by batch; 1 where never boxed.
    goal
        Penalties, and what is held.
    room
        Capacities and charters.
    """

    def __init__(
        self,
        quantities: Sequence[int],
        boxed_by: Sequence[int],
        goal: Goal,
        room: Room,
    ) -> None:
        self._model = mathopt.Model(name="itineraries")
        self._quantities = quantities
        self._boxed_by = boxed_by
        self._goal = goal
        self._capacity = room.capacity
        self._charter_of_leg = {leg: charter for charter in room.charters for leg in charter.legs}
        self._kept_load = room.kept_load
        self._batch_rows: list[mathopt.LinearConstraint] = []
        self._left_out: list[mathopt.Variable] = []
        self._remainder_rows: dict[int, mathopt.LinearConstraint] = {}
        self._room_rows: dict[int, mathopt.LinearConstraint] = {}
        self._module_rows: dict[int, mathopt.LinearConstraint] = {}
        self._modules: dict[int, mathopt.Variable] = {}
        self._users_of_row: dict[int, list[tuple[int, int]]] = {}
        self.groups: list[tuple[Column, int]] = []
        self._variables: list[mathopt.Variable] = []
        self._known: set[tuple[Column, int]] = set()
        self._held: Held | None = goal.held
        self._held_row: mathopt.LinearConstraint | None = None
        if goal.held is not None:
            # Half a unit more changes no whole choice; without it rounding could leave no solution at all.
            self._held_row = self._model.add_linear_constraint(ub=goal.held.most + 0.5, name="held")
        for number, (quantity, penalty) in enumerate(zip(quantities, goal.penalties, strict=True)):
            row = self._model.add_linear_constraint(lb=float(quantity), ub=float(quantity))
            left_out = self._model.add_variable(lb=0.0, ub=float(quantity))
            row.set_coefficient(left_out, 1.0)
            self._model.objective.set_linear_coefficient(left_out, float(penalty))
            if self._held_row is not None and self._held is not None:
                self._held_row.set_coefficient(left_out, float(self._held.penalties[number]))
            self._batch_rows.append(row)
            self._left_out.append(left_out)
        if goal.counts_money:
            for charter in room.charters:
                if charter.least_modules:
                    self._module_variable(charter)
                    self._model.objective.offset += charter.departure_cents
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
        if self._held_row is not None and self._held is not None:
            measure = self._held.measure
            amount = group * column.vehicle_value(measure) + column.box_value(measure)
            self._held_row.set_coefficient(variable, float(amount))
        if column.batch in self._remainder_rows:
            self._remainder_rows[column.batch].set_coefficient(variable, self._weight(column.batch, group))
        units_of: dict[int, int] = {}
        for row, units in column.vehicle_rows:
            units_of[row] = units_of.get(row, 0) + units * group
        for row in column.box_rows:
            units_of[row] = units_of.get(row, 0) + 1
        for row, units in units_of.items():
            self._users_of_row.setdefault(row, []).append((number, units))
            if row in self._room_rows:
                self._room_rows[row].set_coefficient(variable, float(units))
            if row in self._charter_of_leg:
                self._module_row(row).set_coefficient(variable, float(units))
        return True

    def _module_row(self, leg: int) -> mathopt.LinearConstraint:
        """Row of a leg of a chartered departure: what rides it fits into the modules bought."""
        if leg not in self._module_rows:
            charter = self._charter_of_leg[leg]
            step = charter.step[charter.legs.index(leg)]
            row = self._model.add_linear_constraint(
                ub=-float(self._kept_load[leg]), name=f"modules of leg {leg}"
            )
            row.set_coefficient(self._module_variable(charter), -float(step))
            self._module_rows[leg] = row
        return self._module_rows[leg]

    def _module_variable(self, charter: Charter) -> mathopt.Variable:
        if charter.departure not in self._modules:
            variable = self._model.add_variable(
                lb=float(charter.least_modules), ub=float(charter.most_modules)
            )
            if self._goal.counts_money:
                price = charter.scaled_module_price / SCALE
                self._model.objective.set_linear_coefficient(variable, price)
            self._modules[charter.departure] = variable
        return self._modules[charter.departure]

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
        """Solve; what the solution overfills becomes a row, until nothing is."""
        while True:
            result = self._solver.solve()
            # An imprecise solution will do: bounds and plans are worked out again in whole numbers.
            if result.termination.reason not in USABLE or not result.has_dual_feasible_solution():
                raise SolverError(
                    f"the relaxation ended with {result.termination.reason}: {result.termination.detail}"
                )
            values = result.variable_values(self._variables)
            overfilled = [
                row
                for row, users in self._users_of_row.items()
                if row not in self._room_rows
                and sum(values[number] * units for number, units in users)
                > float(self._capacity[row]) * (1 + LP_FEASIBILITY) + LP_FEASIBILITY
            ]
            if not overfilled:
                break
            for number in overfilled:
                row = self._model.add_linear_constraint(
                    ub=float(self._capacity[number]), name=f"row {number}"
                )
                for user, units in self._users_of_row[number]:
                    row.set_coefficient(self._variables[user], float(units))
                self._room_rows[number] = row
        duals = result.dual_values()
        return Relaxed(
            value=result.objective_value(),
            batch_dual=[duals[row] for row in self._batch_rows],
            remainder_dual=[
                duals[self._remainder_rows[batch]] if batch in self._remainder_rows else 0.0
                for batch in range(len(self._batch_rows))
            ],
            row_price=self._row_prices(duals),
            held_price=0.0 if self._held_row is None else max(0.0, -duals[self._held_row]),
            modules={
                departure: result.variable_values(variable) for departure, variable in self._modules.items()
            },
            amounts=values,
        )

    def _row_prices(self, duals: dict[mathopt.LinearConstraint, float]) -> dict[int, float]:
        """Minus the duals by row: of its capacity and of the modules of its departure together."""
        prices: dict[int, float] = {}
        for rows in (self._room_rows, self._module_rows):
            for number, row in rows.items():
                prices[number] = prices.get(number, 0.0) + max(0.0, -duals[row])
        return prices
