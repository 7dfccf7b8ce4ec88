"""What a plan leaves: its rides booked, the room beside them, and batches asked one at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from planner.model.batches import Batch
from planner.model.ids import BatchId
from planner.model.plans import Plan
from planner.model.problem import Problem
from planner.network.fares import FareBook
from planner.network.kept import kept_load
from planner.network.lay_out import timetable_of
from planner.network.timetable import Ints, Timetable
from planner.solver.bench import Bench
from planner.solver.objectives import goal_of
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.room import Room
from planner.units import MINUTES_PER_DAY


def with_rides_booked(problem: Problem, plan: Plan) -> Problem:
    """The problem with all that the plan carries booked: only what it leaves out is still open."""
    kept = {
        entry.batch_id: tuple(replace(itinerary, booked=True) for itinerary in entry.itineraries)
        for entry in plan.batches
        if entry.itineraries
    }
    return replace(problem, kept=kept)


def with_due_later(batch: Batch, days: int) -> Batch:
    """The batch with its due time so many days later."""
    return replace(batch, due_min=batch.due_min + days * MINUTES_PER_DAY)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """The room that a plan leaves, laid out once for all batches that are asked.

    Parameters
    ----------
    problem
        All rides of the plan are booked.
    departure_of_row
        Number of the departure whose room a row is, -1 for a day of a place or road; int64[M].
    """

    problem: Problem
    bench: Bench
    departure_of_row: Ints

    @staticmethod
    def of(problem: Problem, asked: Collection[BatchId], look_ahead_days: int = 0) -> LeftOver:
        """Lay out the room beside what is kept.

        Parameters
        ----------
        problem
            All rides of a plan are booked: :func:`with_rides_booked`.
        asked
            Batches that will be asked, at least one.
        look_ahead_days
            How much later than due these may be asked for.
        """
        patient = tuple(
            with_due_later(batch, look_ahead_days) if batch.id in asked else batch
            for batch in problem.batches
        )
        whole = replace(problem, batches=patient)
        timetable = timetable_of(whole)
        book = FareBook(whole, timetable)
        mine = replace(problem, batches=tuple(batch for batch in problem.batches if batch.id in asked))
        bench = Bench(
            problem=mine,
            timetable=timetable,
            book=book,
            pricer=Pricer(mine, timetable, book=book),
            room=Room(whole, timetable, kept_load(whole, timetable, whole.batches)),
            parts=PartRules(mine, timetable),
            goal=goal_of(mine),
        )
        return LeftOver(problem, bench, _departure_of_row(timetable))

    def alone(self, batch: Batch) -> Bench:
        """What it takes to ask for the open vehicles of one batch, others as they are.

        Parameters
        ----------
        batch
            One of those asked for, or like it: other wishes, another due time within what is laid out.
        """
        return self.bench.for_batches(replace(self.problem, batches=(batch,)))


def _departure_of_row(table: Timetable) -> Ints:
    of_row = np.full(table.num_rows, -1, dtype=np.int64)
    of_row[: table.num_legs] = table.leg_departure
    for rows, legs in table.held_of_claim.values():
        of_row[rows] = of_row[legs]
    for departure, row in table.boarded_row.items():
        of_row[row] = departure
    return of_row
