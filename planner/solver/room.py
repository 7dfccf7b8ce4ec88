"""Room: what is left on every row, what a unit of it costs, and departures that are bought as a whole.

Rows are those of :class:`~planner.network.timetable.Timetable`: legs, days of places and roads, space that
allotments hold, and what boards a chartered departure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from planner.model.problem import Problem
from planner.model.vehicles import BOXED, VehicleType
from planner.network.timetable import FORM_NUMBER, NO_LIMIT, Ints, Timetable
from planner.network.type_fares import space_units
from planner.solver.delivery import SCALE
from planner.solver.kernel import CLOSED_LEG
from planner.units import ceil_div, round_half_up


@dataclass(frozen=True, slots=True)
class Charter:
    """A departure that costs something as a whole, comes in modules, or needs a least load.

    Parameters
    ----------
    departure
        Its number in the timetable.
    legs
        Its rows of legs.
    boarded_row
        Row that counts what boards.
    step
        Counting units of one module, by leg.
    least_modules, most_modules
        Modules bought at least (for what is kept, or on a branch) and at most: more are never needed.
    departure_cents, module_cents
        Paid once, and per module.
    min_load
        Least counting units boarded.
    """

    departure: int
    legs: range
    boarded_row: int
    step: tuple[int, ...]
    most_modules: int
    departure_cents: int
    module_cents: int
    min_load: int
    least_modules: int = 0

    def modules_for(self, load: Ints) -> int:
        """Least modules that hold a load, int64[M]; 0 if nobody rides."""
        steps = zip(self.legs, self.step, strict=True)
        return max((ceil_div(int(load[leg]), step) for leg, step in steps), default=0)

    def cents_for(self, load: Ints) -> int:
        """Cents of the departure under a load."""
        modules = self.modules_for(load)
        return self.departure_cents + modules * self.module_cents if modules else 0

    def with_more(self, units: int, *, is_whole: bool) -> Charter:
        """The departure with more room; ``is_whole``: one module is the whole capacity, and grows with it."""
        if is_whole:
            return replace(self, step=tuple(step + units for step in self.step))
        return replace(self, most_modules=self.most_modules + ceil_div(units, max(self.step)))

    @property
    def scaled_module_price(self) -> int:
        """Scaled price of a module beyond the least.

        Where none is bought for certain, the departure's own price is spread over the most: a lower bound.
        """
        if self.least_modules:
            return self.module_cents * SCALE
        return self.module_cents * SCALE + self.departure_cents * SCALE // max(1, self.most_modules)

    @property
    def sunk_cents(self) -> int:
        """Cents that are paid for certain."""
        return self.departure_cents + self.least_modules * self.module_cents if self.least_modules else 0


class Room:
    """Capacity of every row beside what is kept, and the chartered departures.

    Parameters
    ----------
    problem
        Its batches bound what an unlimited departure can be asked to carry.
    kept_load
        Counting units that kept itineraries take, int64[M].
    departures
        Chartered departures that anybody may ride, by number; ``None`` = all.
    """

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        kept_load: Ints | None = None,
        *,
        departures: Collection[int] | None = None,
    ) -> None:
        self.timetable = timetable
        self.kept_load = np.zeros(timetable.num_rows, dtype=np.int64) if kept_load is None else kept_load
        self._has_kept = bool(self.kept_load.any())
        self.charters = [
            _charter(problem, timetable, departure, row, self.kept_load)
            for departure, row in timetable.boarded_row.items()
            if departures is None or departure in departures
        ]
        capacity = timetable.arrays["row_capacity"].copy()
        for charter in self.charters:
            for leg, step in zip(charter.legs, charter.step, strict=True):
                # A charter without a limit of its own: as much as its most modules hold.
                capacity[leg] = min(int(capacity[leg]), charter.most_modules * step)
        limited = capacity < NO_LIMIT
        capacity[limited] = np.maximum(capacity[limited] - self.kept_load[limited], 0)
        self.capacity: Ints = capacity
        self._needs: dict[str, tuple[Ints, Ints]] = {}

    def with_modules(self, bounds: Mapping[int, tuple[int, int]]) -> Room:
        """The same room with least and most modules of some chartered departures, by number."""
        bound = copy(self)
        bound.capacity = self.capacity.copy()
        bound.charters = []
        for charter in self.charters:
            if charter.departure in bounds:
                least, most = bounds[charter.departure]
                charter = replace(charter, least_modules=least, most_modules=most)  # noqa: PLW2901
                for leg, step in zip(charter.legs, charter.step, strict=True):
                    held = max(0, most * step - int(self.kept_load[leg]))
                    bound.capacity[leg] = min(int(self.capacity[leg]), held)
            bound.charters.append(charter)
        return bound

    def with_more(self, departure: int, units: int) -> Room:
        """The same room with more counting units on every limited leg of a departure, which had no more yet.

        What allotments leave on its legs grows with it, once there is as much as they hold; a module does
        not, unless it is the whole capacity.
        """
        table = self.timetable
        first = table.departure_first_leg[departure]
        service = table.departures[departure].service
        legs = range(first, first + len(service.calls) - 1)
        limited = [leg for leg in legs if table.arrays["row_capacity"][leg] < NO_LIMIT]
        roomier = copy(self)
        roomier.capacity = self.capacity.copy()
        roomier.capacity[limited] += units
        for rows, held_legs in table.held_of_claim.values():
            for row, leg in zip(rows.tolist(), held_legs.tolist(), strict=True):
                if leg in limited:
                    grown = int(table.arrays["row_capacity"][leg]) + units - table.held_units[row]
                    roomier.capacity[row] = max(0, max(0, grown) - int(self.kept_load[row]))
        roomier.charters = [
            charter.with_more(units, is_whole=service.module_capacity is None)
            if charter.departure == departure
            else charter
            for charter in self.charters
        ]
        return roomier

    def needed(self, vehicle_type: VehicleType, vehicles: int) -> Ints:
        """Counting units that so many vehicles on one itinerary take of each row they use, int64[M]."""
        if vehicle_type.id not in self._needs:
            self._needs[vehicle_type.id] = self._units_by_row(vehicle_type)
        loose, boxed = self._needs[vehicle_type.id]
        return loose * vehicles + boxed * ceil_div(vehicles, max(1, vehicle_type.vehicles_per_feu))

    def _units_by_row(self, vehicle_type: VehicleType) -> tuple[Ints, Ints]:
        """Units of each row per vehicle and per box, int64[M] each; one of the two is 0."""
        table = self.timetable
        loose, boxed = np.zeros(table.num_rows, dtype=np.int64), np.zeros(table.num_rows, dtype=np.int64)
        by_service = {
            service.id: (0, 1) if service.is_boxed else (space_units(service, vehicle_type), 0)
            for service in {
                departure.service.id: departure.service for departure in table.departures
            }.values()
        }
        for leg, departure in enumerate(table.leg_departure):
            loose[leg], boxed[leg] = by_service[table.departures[departure].service.id]
        for row, day in table.day_rows.items():
            is_box = day.form == BOXED and day.from_place == day.to_place
            loose[row], boxed[row] = not is_box, is_box
        for rows, legs in table.held_of_claim.values():
            loose[rows], boxed[rows] = loose[legs], boxed[legs]
        return loose, boxed

    def total_load(self, load: Ints) -> Ints:
        """A load of planned vehicles with that of kept ones, int64[M]; not to be changed."""
        return load + self.kept_load if self._has_kept else load

    def charter_cents(self, load: Ints) -> int:
        """Cents of all chartered departures under a load of planned vehicles, int64[M]."""
        total = self.total_load(load)
        return sum(charter.cents_for(total) for charter in self.charters)

    def unfilled(self, load: Ints) -> list[Charter]:
        """Chartered departures that planned vehicles ride without coming to the least load.

        What kept vehicles ride is bought already.
        """
        total = self.total_load(load)
        return [
            charter
            for charter in self.charters
            if total[charter.boarded_row] < charter.min_load
            and load[charter.boarded_row]
            and not self.kept_load[charter.boarded_row]
        ]

    def value(self, row_prices: Ints, *, money: bool) -> int:
        """Most that the room is worth under prices of its rows, what charters cost taken off; scaled.

        With L(x) = cost + sum of price times use, cost >= L(x) - value: the price of a leg of a charter is
        split between its capacity and its modules so that the modules take as much of it as they cost.

        Parameters
        ----------
        money
            Whether the objective counts cents; else modules cost nothing.
        """
        priced = np.flatnonzero(row_prices)
        total = sum(int(row_prices[row]) * int(self.capacity[row]) for row in priced)
        for charter in self.charters:
            total -= self._saved_by_modules(charter, row_prices, money=money)
        return total

    @property
    def sunk_cents(self) -> int:
        """Cents of charters that no choice can save: of what is kept, or of a branch."""
        return sum(charter.sunk_cents for charter in self.charters)

    def _saved_by_modules(self, charter: Charter, row_prices: Ints, *, money: bool) -> int:
        """What the bound gains by charging legs for modules instead of capacity.

        A leg has its capacity less what the least modules hold for planned vehicles to gain by each unit of
        price that is charged for modules, of which a leg takes as many as a module has units.
        """
        budget = charter.scaled_module_price if money else 0
        if not budget:
            return 0
        legs = []
        for leg, step in zip(charter.legs, charter.step, strict=True):
            bought = charter.least_modules * step - int(self.kept_load[leg])
            gain = int(self.capacity[leg]) - bought
            if row_prices[leg] and gain > 0:
                legs.append((gain, step, int(row_prices[leg])))
        saved = 0
        for gain, step, price in sorted(legs, key=lambda leg: Fraction(-leg[0], leg[1])):
            moved = min(price, budget // step)
            saved += moved * gain
            budget -= moved * step
        return saved


def _charter(
    problem: Problem, timetable: Timetable, departure: int, boarded_row: int, kept_load: Ints
) -> Charter:
    service = timetable.departures[departure].service
    first = timetable.departure_first_leg[departure]
    legs = range(first, first + len(service.calls) - 1)
    capacity = timetable.arrays["row_capacity"]
    most_asked = int(kept_load[list(legs)].max(initial=0)) + sum(
        batch.vehicles * (1 if service.is_boxed else space_units(service, problem.vehicle_type_of(batch)))
        for batch in problem.batches
    )
    asked = [min(int(capacity[leg]), most_asked) for leg in legs]
    if service.module_capacity is None:
        step, most = tuple(max(1, units) for units in asked), 1
    else:
        step = tuple(max(1, service.module_capacity) for _ in legs)
        most = max(1, ceil_div(max(asked), max(1, service.module_capacity)))
    charter = Charter(
        departure=departure,
        legs=legs,
        boarded_row=boarded_row,
        step=step,
        most_modules=most,
        departure_cents=round_half_up(service.departure_price),
        module_cents=round_half_up(service.module_price),
        min_load=service.min_load,
    )
    return replace(charter, least_modules=charter.modules_for(kept_load))


class RowPrices:
    """Prices of a unit on every row, laid out as the kernel wants them; made once, asked for many sources.

    Parameters
    ----------
    prices
        Scaled, int64[M]; CLOSED_LEG = there is none.
    """

    def __init__(self, timetable: Timetable, prices: Ints) -> None:
        self._timetable = timetable
        self._prices = prices
        self._prefixes: dict[object, Ints] = {}
        arrays = timetable.arrays
        first, days = timetable.num_legs, len(timetable.day_rows)
        self._has_days = bool(prices[first : first + days].any())
        self._nothing = {
            "arrival": np.zeros(timetable.num_arrivals + 1, dtype=np.int64),
            "boarding": np.zeros(len(arrays["boarding_min"]), dtype=np.int64),
        }
        self._boarding: dict[int, Ints] = {}
        self._arrival: dict[int, Ints] = {}
        self._origin: dict[tuple[int, int], Ints] = {}

    def prefix(self, claim: object, held: tuple[Ints, Ints]) -> Ints:
        """Running sum of the prices of legs, with those of held space that a claim has to keep to."""
        key = claim if len(held[0]) else None
        if key not in self._prefixes:
            legs = self._prices[: self._timetable.num_legs].copy()
            np.add.at(legs, held[1], self._prices[held[0]])
            # Two closed rows are one: sums stay in range.
            legs = np.minimum(legs, CLOSED_LEG)
            self._prefixes[key] = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(legs)])
        return self._prefixes[key]

    def arrival(self, vehicles: int) -> Ints:
        """What a group pays by arrival, int64[A+1]: loose by vehicle, boxed once."""
        if not self._has_days:
            return self._nothing["arrival"]
        if vehicles not in self._arrival:
            arrays = self._timetable.arrays
            boxed = arrays["slot_form"][arrays["arrival_slot"]] == FORM_NUMBER[BOXED]
            price = self._of_rows(arrays["arrival_row"])
            self._arrival[vehicles] = np.append(_times(price, np.where(boxed, 1, vehicles)), 0)
        return self._arrival[vehicles]

    def boarding(self, vehicles: int) -> Ints:
        """What a group pays by boarding for the day of a road, int64[B]."""
        if not self._has_days:
            return self._nothing["boarding"]
        if vehicles not in self._boarding:
            price = self._of_rows(self._timetable.arrays["boarding_row"])
            self._boarding[vehicles] = _times(price, np.int64(vehicles))
        return self._boarding[vehicles]

    def origin(self, form: int, vehicles: int) -> Ints:
        """What a group pays for the day of its origin, by its first boarding, int64[B]."""
        if not self._has_days:
            return self._nothing["boarding"]
        if (form, vehicles) not in self._origin:
            price = self._of_rows(self._timetable.arrays["boarding_origin_row"][form])
            units = 1 if form == FORM_NUMBER[BOXED] else vehicles
            self._origin[form, vehicles] = _times(price, np.int64(units))
        return self._origin[form, vehicles]

    def _of_rows(self, rows: Ints) -> Ints:
        return np.where(rows >= 0, self._prices[rows], 0)


def _times(prices: Ints, units: Ints | np.int64) -> Ints:
    """Prices of so many units; what is closed stays closed, nothing else gets there."""
    capped = np.minimum(prices, (CLOSED_LEG - 1) // np.maximum(units, 1)) * units
    return np.where(prices >= CLOSED_LEG, CLOSED_LEG, capped)
