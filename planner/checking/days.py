"""What places handle and roads carry on a local day, all batches together."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from planner.checking.boxes import boxed_legs, group_by_run, num_boxes
from planner.checking.departures import CLOCK_MINUTES
from planner.checking.legs import find_calls
from planner.checking.loads import list_hauls
from planner.clock import local_date
from planner.costing import PricingError
from planner.model.ids import PlaceId
from planner.model.plans import RIDE, ROAD_LEG
from planner.model.vehicles import BOXED, LOOSE

if TYPE_CHECKING:
    from planner.checking.departures import Departures
    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.limits import Throughput
    from planner.model.plans import BatchPlan, Plan, Stage
    from planner.model.problem import Problem
    from planner.pricebook import PriceBook

DayKey = tuple[PlaceId, PlaceId, str, date]
"""Place twice, or both ends of a road; form; local day."""


class DayRules:
    """Adds up arrivals and dispatches by local day, and holds them against limits and ``plan.days``."""

    def __init__(self, problem: Problem, book: PriceBook, departures: Departures, findings: Findings) -> None:
        self._problem = problem
        self._book = book
        self._departures = departures
        self._findings = findings
        self._used: dict[DayKey, int] = defaultdict(int)
        self._throughput: dict[tuple[PlaceId, str], list[Throughput]] = defaultdict(list)
        for row in problem.network.throughput:
            self._throughput[row.place, row.form].append(row)

    def add(self, batch: Batch, batch_plan: BatchPlan) -> None:
        """Count one batch: where it starts, on every road it takes, and where each of its legs arrives."""
        vehicle_type = self._problem.vehicle_type_of(batch)
        for haul in list_hauls(batch_plan, vehicle_type):
            leg, is_boxed = haul.leg, haul.leg.from_form == BOXED
            arriving = haul.boxes if is_boxed else haul.vehicles
            self._count(leg.to_place, leg.to_place, leg.from_form, leg.end_min, arriving)
            if leg.kind == ROAD_LEG:
                self._count(leg.from_place, leg.to_place, leg.from_form, leg.start_min, haul.vehicles)
        if vehicle_type.first_form == BOXED:
            for group in group_by_run(batch_plan).values():
                first = boxed_legs(batch_plan.itineraries[group[0]])[0]
                self._start(batch, first, BOXED, num_boxes(batch_plan, group, vehicle_type))
        else:
            for itinerary in batch_plan.itineraries:
                for first in itinerary.stages[2:3]:
                    self._start(batch, first, LOOSE, itinerary.vehicles)

    def apply(self, plan: Plan) -> None:
        """Hold the counted use against the limits, and the listed days against the counted ones."""
        limited: dict[DayKey, tuple[int, int]] = {}
        for key, used in sorted(self._used.items()):
            start, end, form, day = key
            at_place = start == end
            capacity = self._units_per_day(start, form, day) if at_place else self._vehicles_per_day(*key[:3])
            if capacity is None:
                continue
            limited[key] = used, capacity
            if used > capacity:
                where = f"{start} {form} {day}" if at_place else f"{start}-{end} {form} {day}"
                facts = f"{used} units, room for {capacity}"
                self._findings.add("throughput" if at_place else "vehicles_per_day", where, facts)
        self._listed(plan, limited)

    def _start(self, batch: Batch, leg: Stage, form: str, number: int) -> None:
        """Count what leaves the origin on the day of its first leg's departure."""
        departs = leg.start_min
        if leg.kind == RIDE:
            service = None if leg.service_id is None else self._problem.network.services.get(leg.service_id)
            calls = None if service is None else find_calls(service, leg)
            if service is None or calls is None:
                return
            departs += service.calls[calls[0]].cutoff_min
        self._count(batch.origin, batch.origin, form, departs, number)

    def _count(self, start: PlaceId, end: PlaceId, form: str, minute: int, number: int) -> None:
        # A place is asked for its own day, a road for the day where it starts.
        place = self._problem.network.places.get(start)
        if place is not None and minute in CLOCK_MINUTES:
            self._used[start, end, form, local_date(minute, place.time_zone)] += number

    def _units_per_day(self, place_id: PlaceId, form: str, day: date) -> int | None:
        rows = self._throughput.get((place_id, form))
        if not rows:
            return None
        units = [row.units_per_day for row in rows if not row.weekdays or day.isoweekday() in row.weekdays]
        # Weekdays that are not listed handle nothing where any are.
        return self._departures.closures.reduce_day(place_id, day, min(units, default=0))

    def _vehicles_per_day(self, start: PlaceId, end: PlaceId, form: str) -> int | None:
        try:
            return self._book.get_road(start, end, form).vehicles_per_day
        except PricingError:
            return None  # a finding of its own: road_exists

    def _listed(self, plan: Plan, limited: dict[DayKey, tuple[int, int]]) -> None:
        listed = [(use.from_place, use.to_place, use.form, use.day) for use in plan.days]
        for start, end, form, day in sorted(limited.keys() - set(listed)):
            self._findings.add("day_uses", f"{start}-{end} {form} {day}", "is used and not listed")
        if listed != sorted(set(listed)):
            self._findings.add("day_uses", "days", "listed twice, or not by places, form and day")
        for use, key in zip(plan.days, listed, strict=True):
            where = f"{use.from_place}-{use.to_place} {use.form} {use.day}"
            if key not in limited:
                self._findings.add("day_uses", where, "listed, but no limited day that is used")
                continue
            used, capacity = limited[key]
            self._findings.expect_equal("day_use_figures", where, "use", stated=use.used, right=used)
            self._findings.expect_equal(
                "day_use_figures", where, "capacity", stated=use.capacity, right=capacity
            )
            if use.unit_value_cents < 0:
                self._findings.add("day_use_figures", where, f"value of a unit is {use.unit_value_cents}")
