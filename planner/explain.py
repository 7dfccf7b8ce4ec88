"""Why a batch goes the way it does: what it could do instead, what that costs, and what stands against it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from planner.costing import Costing
from planner.model.batches import Batch
from planner.model.ids import BatchId
from planner.model.other_ways import OtherWay, OtherWays, Shortage
from planner.model.plans import PER_BOX, BatchPlan, Itinerary, Plan
from planner.model.problem import BLEND, CO2E, TIME, Problem
from planner.network.kept import Chain, kept_rides
from planner.network.read_back import read_stages
from planner.network.timetable import Timetable
from planner.render.texts import counting_scale
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.left_over import LeftOver, with_rides_booked
from planner.solver.others import Found, Others, room_if_empty, room_of_running
from planner.solver.room import Room


def list_other_ways(problem: Problem, plan: Plan, batch_id: BatchId) -> list[OtherWays]:
    """What the vehicles of each itinerary of a batch could do instead, all other batches as planned.

    Parameters
    ----------
    problem
        What was planned.

    Raises
    ------
    KeyError
        If the plan has no such batch.
    """
    entry = {entry.batch_id: entry for entry in plan.batches}[batch_id]
    batch = {batch.id: batch for batch in problem.batches}[batch_id]
    if not entry.itineraries:
        return []
    booked = with_rides_booked(problem, plan)
    own = tuple(itinerary for itinerary in entry.itineraries if itinerary.booked)
    kept = {**booked.kept, batch_id: own} if own else {k: v for k, v in booked.kept.items() if k != batch_id}
    others = replace(booked, kept=kept)
    if not others.open_vehicles(batch):
        return []
    asker = _Asker(LeftOver.of(others, {batch_id}), plan, batch, entry)
    return [asker.ask(itinerary) for itinerary in entry.itineraries]


class _Asker:
    """Asks for one batch, in the room that all others leave."""

    def __init__(self, left: LeftOver, plan: Plan, batch: Batch, entry: BatchPlan) -> None:
        self._left = left
        self._problem = left.problem
        self._plan = plan
        self._batch = batch
        self._entry = entry
        self._costing = Costing(left.problem)
        self._room = room_of_running(left.bench.room)
        self._empty = room_if_empty(left.bench.room)
        self._chains = {self._chain(one) for one in entry.itineraries}

    def _chain(self, itinerary: Itinerary) -> Chain:
        rides = kept_rides(self._problem, self._table, self._batch, itinerary)
        return tuple((ride.departure, ride.board, ride.alight) for ride in rides)

    @property
    def _table(self) -> Timetable:
        return self._left.bench.timetable

    def ask(self, itinerary: Itinerary) -> OtherWays:
        vehicles = sum(one.vehicles for one in self._entry.itineraries if one.part == itinerary.part)
        others = Others(self._left.alone(self._batch), vehicles)
        now = self._each(itinerary, others.vehicles, vehicles)
        next_best = others.best(self._room, self._chains)
        best = others.best(self._empty, self._chains)
        is_late = itinerary.delivered_min > self._batch.due_min
        in_time = in_time_of_all = punctual = None
        if is_late:
            punctual = Others(self._left.alone(replace(self._batch, late_price=None)), vehicles)
            in_time, in_time_of_all = punctual.best(self._room, ()), punctual.best(self._empty, ())
        return OtherWays(
            next_best=self._way(next_best, now, others),
            best_of_all=self._way(_other(best, next_best), now, others),
            is_sure=others.is_sure and (punctual is None or punctual.is_sure),
            is_late=is_late,
            in_time=self._way(in_time, now, others),
            in_time_of_all=self._way(_other(in_time_of_all, in_time), now, others),
        )

    def _each(self, itinerary: Itinerary, in_box: int, in_part: int) -> Fraction:
        """What a vehicle counts that shares a full box, and what its part pays once."""
        objective = self._problem.terms.objective
        if objective == TIME:
            return Fraction(itinerary.delivered_min - self._batch.ready_min)
        if objective == CO2E:
            return itinerary.vehicle_grams + Fraction(itinerary.box_grams, in_box)
        each = itinerary.vehicle_cents + Fraction(itinerary.box_cents, in_box)
        each += Fraction(itinerary.part_cents, in_part)
        if objective == BLEND:
            of_vehicle = self._costing.blend_cents_per_vehicle(
                self._batch, itinerary.stages, itinerary.emissions
            )
            each += of_vehicle + Fraction(self._costing.blend_cents_per_box(itinerary.emissions), in_box)
        return each

    def _way(self, found: Found | None, now: Fraction, others: Others) -> OtherWay | None:
        if found is None:
            return None
        return OtherWay(
            itinerary=self._itinerary(found.column, found.vehicles),
            more=Fraction(found.cost, found.vehicles * SCALE) - now,
            short_of=tuple(self._shortage(row) for row in others.short_of(found.column, self._room)),
        )

    def _itinerary(self, column: Column, vehicles: int) -> Itinerary:
        stages = read_stages(self._problem, self._table, self._batch, column.arcs)
        lines = self._costing.price(self._batch, stages)
        return Itinerary(
            part=1,
            vehicles=vehicles,
            stages=stages,
            lines=lines,
            emissions=self._costing.emissions(self._batch, stages),
            box_run=0 if any(line.per == PER_BOX for line in lines) else None,
        )

    def _shortage(self, row: int) -> Shortage:
        """A row without room, and what a unit of it is worth in the plan."""
        table, room = self._table, self._left.bench.room
        if row in table.day_rows:
            day = table.day_rows[row]
            what = day.from_place if day.from_place == day.to_place else f"{day.from_place} to {day.to_place}"
            values = [
                use.unit_value_cents
                for use in self._plan.days
                if (use.from_place, use.to_place, use.form, use.day)
                == (day.from_place, day.to_place, day.form, day.day)
            ]
            where = f"{what} on {day.day}: {_used(room, row, 1)} {day.form}"
            return Shortage(where=where, unit_value=max(values, default=0))
        leg = row if row < table.num_legs else _leg_of_held(table, row)
        number = table.leg_departure[leg]
        departure, call = table.departures[number], leg - table.departure_first_leg[number]
        service = departure.service
        ends = f"{service.calls[call].place} to {service.calls[call + 1].place}"
        values = [
            use.unit_value_cents
            for use in self._plan.departures
            if (use.service_id, use.departure_day, use.leg) == (service.id, departure.day, call)
        ]
        scale = counting_scale(service.capacity_unit)
        used = f"{_used(room, row, scale)} {service.capacity_unit}"
        if row != leg:
            used += " that are not held for others"
        return Shortage(
            where=f"{service.id} of {departure.day}, {ends}: {used}", unit_value=max(values, default=0)
        )


def _other(one: Found | None, than: Found | None) -> Found | None:
    """The one, if it is another itinerary."""
    return one if one is not None and (than is None or one.column.arcs != than.column.arcs) else None


def _used(room: Room, row: int, scale: int) -> str:
    """How much is taken of how much, by others."""
    capacity = int(room.timetable.arrays["row_capacity"][row])
    return f"{(capacity - int(room.capacity[row])) / scale:g} of {capacity / scale:g}"


def _leg_of_held(table: Timetable, row: int) -> int:
    return next(
        int(leg)
        for rows, legs in table.held_of_claim.values()
        for held, leg in zip(rows, legs, strict=True)
        if held == row
    )
