"""How many more slots on one departure would do for the vehicles left out to ride."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from planner.model.ids import ServiceId
from planner.model.plans import SLOTS, Remedy
from planner.model.services import Service
from planner.network.timetable import NO_LIMIT
from planner.solver.bounds import last_box_values
from planner.solver.carrying import Listed, Verdict
from planner.solver.case import Case
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.room import Room
from planner.units import HUNDREDTHS, ceil_div

MOST_ITINERARIES = 400
"""Of too many itineraries so many are looked at for departures with too little room, cheapest first."""
MOST_DEPARTURES = 40
"""Departures asked for more room, those of the cheapest itineraries first."""
FEW_PATHS = 300
"""Itineraries written out to settle a question in large worlds, where many questions are asked."""


class _Slots(NamedTuple):
    """More units on a departure, the better the smaller: fewest, then cheapest, then earliest."""

    units: int
    value: int
    departs_min: int
    departure: int


def more_slots(case: Case) -> Iterator[Remedy]:
    """More whole units on every leg of one departure."""
    tight, listed = _tight_departures(case)
    if not listed.is_complete:
        case.now.most_paths = FEW_PATHS
    is_least = listed.is_complete and len(tight) <= MOST_DEPARTURES
    best: _Slots | None = None
    for number in tight[:MOST_DEPARTURES]:
        found, is_sure = _least_on(case, number, best, listed)
        is_least &= is_sure
        if found is not None and (best is None or found < best):
            best = found
    if best is None:
        return
    departure = case.timetable.departures[best.departure]
    service = departure.service
    yield Remedy(
        kind=SLOTS,
        amount=best.units,
        service_id=ServiceId(service.id),
        departure_day=departure.day,
        is_least=is_least or best.units == 1,
        text=f"{best.units} more {_unit_name(service, best.units)} on {service.id} of {departure.day}",
    )


def _unit_name(service: Service, number: int) -> str:
    plural = "vehicle" if number == 1 else "vehicles"
    return {"feu": "FEU", "ceu": "CEU", "cbm": "m³"}.get(service.capacity_unit, plural)


def _tight_departures(case: Case) -> tuple[list[int], Listed]:
    """Departures on which more room could help, those of the cheapest itineraries first.

    An itinerary can be had by more room on one departure if no other one on it lacks room for a vehicle, and
    no day of a place or road. The itineraries that matter, however much room there is, are given as well.
    """
    now, goal = case.now, case.now.bench.goal
    endless = _without_limits_on_legs(case)
    groups = now.groups(endless)
    if not now.may_fit(groups):
        return [], Listed([], is_complete=True)
    least = last_box_values(now.vehicles, now.penalty * SCALE, groups)
    listed = now.list_columns(endless, groups, least, now.vehicles * now.penalty)
    columns = listed.columns if listed.is_complete else _cheapest(case, endless)
    kind = case.left.problem.vehicle_type_of(case.batch)
    one, size = case.room.needed(kind, 1), max(1, kind.vehicles_per_feu)
    tight: dict[int, None] = {}
    for column in sorted(columns, key=lambda column: goal.group_cost(column, size)):
        rows = [row for row, _ in column.vehicle_rows] + list(column.box_rows)
        full = {int(case.left.departure_of_row[row]) for row in rows if case.room.capacity[row] < one[row]}
        some = {
            int(case.left.departure_of_row[row]) for row in rows if case.room.capacity[row] < case.needed[row]
        }
        if len(full) <= 1:
            tight.update((number, None) for number in full or some if number >= 0)
    return list(tight), listed


def _without_limits_on_legs(case: Case) -> Room:
    """The room as if there were as much as the batch can ask for on every leg of every departure."""
    endless, table = case.room.with_modules({}), case.timetable
    limited = endless.capacity < NO_LIMIT
    limited[list(table.day_rows)] = False
    endless.capacity[limited] = np.maximum(endless.capacity[limited], case.needed[limited])
    return endless


def _cheapest(case: Case, room: Room) -> list[Column]:
    now, pricer, weights = case.now, case.now.bench.pricer, case.now.bench.goal.weights(0)
    size = min(now.source.vehicles_per_feu, now.vehicles)
    prices = pricer.sweep(now.source, size, weights, now.prices_in(room, size), part_of=now.source.part_of)
    found, _ = pricer.recover(
        *(0, size, weights, prices, size * now.penalty * SCALE - 1),
        max_paths=MOST_ITINERARIES,
        distinct_rows=True,
    )
    return [column for _, column in found]


def _least_on(case: Case, departure: int, best: _Slots | None, listed: Listed) -> tuple[_Slots | None, bool]:
    """Least units on a departure, if they are no more than the best so far; whether that is sure."""
    most = _units_for_all(case, departure)
    if best is not None:
        most = min(most, best.units)
    if not most:
        return None, True
    unit, asked = _whole_unit(case, departure), dict[int, Verdict]()

    def ask(units: int) -> Verdict:
        asked[units] = case.now.ask(case.room.with_more(departure, units * unit), listed)
        return asked[units]

    units, is_sure = case.first(ask, most)
    if units is None:
        return None, is_sure
    value = asked[units].value
    assert value is not None
    leaves = case.timetable.departures[departure].departs_min(0)
    return _Slots(units, value, leaves, departure), is_sure


def _whole_unit(case: Case, departure: int) -> int:
    service = case.timetable.departures[departure].service
    return HUNDREDTHS if service.capacity_unit in ("ceu", "cbm") else 1


def _units_for_all(case: Case, departure: int) -> int:
    """Whole units with which no leg of a departure limits the batch any more."""
    table, capacity = case.timetable, case.timetable.arrays["row_capacity"]
    first = table.departure_first_leg[departure]
    legs = range(first, first + len(table.departures[departure].service.calls) - 1)
    short = 0
    for leg in legs:
        if capacity[leg] < NO_LIMIT:
            short = max(short, int(case.needed[leg] - case.room.capacity[leg]))
    for row, leg in zip(*(array.tolist() for array in table.held_rows(case.batch)), strict=True):
        if leg in legs:
            free = int(capacity[leg]) - table.held_units[row] - int(case.room.kept_load[row])
            short = max(short, int(case.needed[leg]) - free)
    return ceil_div(short, _whole_unit(case, departure))
