"""What every step of a search works with, set up once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.model.problem import Problem
from planner.network.fares import FareBook
from planner.network.kept import kept_load
from planner.network.lay_out import timetable_of
from planner.network.timetable import Timetable
from planner.solver.objectives import Goal, goal_of
from planner.solver.parts import PartRules
from planner.solver.pricing import Pricer
from planner.solver.room import Room


@dataclass(frozen=True, slots=True)
class Bench:
    """A problem with its timetable laid out, its room counted and its fares at hand."""

    problem: Problem
    timetable: Timetable
    book: FareBook
    pricer: Pricer
    room: Room
    parts: PartRules
    goal: Goal

    @staticmethod
    def of(problem: Problem) -> Bench:
        """Set up a problem from its tables.

        Raises
        ------
        ValueError
            If there are no batches: nothing says which days to roll out.
        """
        return Bench.over(
            problem, timetable_of(problem)
        )  # services and calendars -> dated departures, arrays

    @staticmethod
    def over(problem: Problem, timetable: Timetable) -> Bench:
        """Set up a problem over a timetable that is laid out for it."""
        book = FareBook(problem, timetable)
        return Bench(
            problem=problem,
            timetable=timetable,
            book=book,
            pricer=Pricer(problem, timetable, book=book),
            room=Room(problem, timetable, kept_load(problem, timetable, problem.batches)),
            parts=PartRules(problem, timetable),
            goal=goal_of(problem),
        )

    def for_batches(self, problem: Problem) -> Bench:
        """Other batches of the same tables and terms, within the same days: all else is shared, buffers too.

        What one bench has swept is gone once the other sweeps.
        """
        return replace(
            self,
            problem=problem,
            pricer=self.pricer.for_batches(problem),
            parts=PartRules(problem, self.timetable),
            goal=goal_of(problem),
        )

    def with_wishes(self, problem: Problem) -> Bench:
        """The same batches with other modes, vias and bans: timetable, room and fares are shared."""
        return replace(
            self,
            problem=problem,
            pricer=Pricer(problem, self.timetable, book=self.book, laid=self.pricer.laid),
            parts=PartRules(problem, self.timetable),
        )
