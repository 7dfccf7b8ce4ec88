"""What one more unit of room is worth: what the prices of room indicate, and what planning again proves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.model.plans import Plan, SlotValue
from planner.model.results import SolveOptions
from planner.network.timetable import Ints, Timetable
from planner.solver.delivery import SCALE
from planner.solver.search_again import SearchAgain
from planner.talk import Talk
from planner.tightness import list_departures_used
from planner.units import HUNDREDTHS

MOST_SLOT_VALUES = 10
"""Tightest departures whose value of a slot is worked out where the plan is proved."""


def slot_values(
    plan: Plan, timetable: Timetable, again: SearchAgain, options: SolveOptions, talk: Talk
) -> Iterator[SlotValue]:
    """What one more unit is worth on the tightest departures."""
    wanted = options.slot_values
    if wanted is None:
        wanted = MOST_SLOT_VALUES if plan.bound == plan.value else 0
    if not wanted or plan.bound is None:
        return
    talk.start("value of a slot")
    for use in list_departures_used(plan.departures)[:wanted]:
        if talk.should_stop():
            return
        departure = use.first.service_id, use.first.departure_day
        roomier = again.with_one_more(timetable.departure_number[departure])
        # What is kept counts on both sides and cancels out.
        kept = plan.value - again.value
        most = plan.value - kept - roomier.bound
        least = max(0, plan.bound - kept - roomier.value)
        yield SlotValue(
            service_id=departure[0],
            departure_day=departure[1],
            exact=most if least == most else None,
            low=least,
            high=most,
        )


def unit_values(timetable: Timetable, row_prices: Ints) -> Ints:
    """Indicative value of one more whole unit of room by row, in the unit of the objective."""
    values = np.zeros(len(row_prices), dtype=np.int64)
    for row in row_prices.nonzero()[0]:
        whole_unit = 1
        if row < timetable.num_legs:
            service = timetable.departures[timetable.leg_departure[row]].service
            whole_unit = HUNDREDTHS if service.capacity_unit in ("ceu", "cbm") else 1
        values[row] = round(int(row_prices[row]) * whole_unit / SCALE)
    return values
