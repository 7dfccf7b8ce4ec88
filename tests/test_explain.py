"""What a batch could do instead: by hand, and beside the complete list of its itineraries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from planner.explain import list_other_ways
from planner.model import BatchId, Plan, Problem
from planner.model.other_ways import OtherWay, OtherWays
from planner.model.results import SolveOptions
from planner.render.other_ways import other_ways_rows
from planner.solve import solve
from planner.solver.left_over import with_rides_booked
from tests.oracles.enumeration import kept_ways, moves_of, ways_of
from tests.oracles.program import Program
from tests.oracles.ways import TooLargeError, Way
from tests.tiny import tiny
from tests.worlds import RULES, random_world

QUICK = SolveOptions(slot_values=0, remedies=0)
SIMPLE = set(RULES) - {
    *("modules", "departure_price", "min_load", "part_charges", "kept"),
    *("split", "min_part", "all_or_none"),
}
"""Rules under which a vehicle more is worth the same whatever else the batch does."""


def ways_in(text: str, batch: str = "b1") -> list[OtherWays]:
    problem = tiny(text)
    return list_other_ways(problem, solve(problem, QUICK).plan, BatchId(batch))


def rows_in(text: str, batch: str = "b1") -> list[tuple[str, str]]:
    problem = tiny(text)
    plan = solve(problem, QUICK).plan
    (ways,) = list_other_ways(problem, plan, BatchId(batch))
    return list(other_ways_rows(problem, plan, ways))


TWO = """
    service barge plant -> port@24 price=40 {}
    service rail  plant -> port@30 price=90 form=loose
    batch 2 car plant -> port id=a
"""


def test_next_best_is_the_cheapest_on_other_main_rides():
    assert rows_in(TWO.format(""), "a") == [
        ("Instead", "rail of 2025-03-03, delivered 2025-03-04 14:00: 0.50 USD a vehicle more")
    ]


def test_nothing_else_is_said_of_the_only_way():
    world = "service barge plant -> port@24 price=40 leaves=Mon until=1\nbatch 2 car plant -> port id=a"
    assert rows_in(world, "a") == [("Instead", "nothing else has room")]


def test_capacity_that_forced_the_choice_is_named():
    world = TWO.format("room=3") + "    batch 2 car plant -> port id=b priority=1 not_modes=rail"
    # b has two of three slots of the barge, a one of them: the other of a rides by rail
    problem = tiny(world)
    plan = solve(problem, QUICK).plan
    ways = list_other_ways(problem, plan, BatchId("a"))
    assert len(ways) == 2
    full = TWO.format("room=2") + "    batch 2 car plant -> port id=b priority=1 not_modes=rail"
    (head, text), (better, wish) = rows_in(full, "a")
    assert (head, text) == ("Instead", "nothing else has room")
    assert better == "Better"
    assert wish.startswith(
        "barge of 2025-03-03, delivered 2025-03-04 08:00: 0.50 USD a vehicle less; "
        "no room: barge of 2025-03-03, plant to port: 2 of 2 vehicle"
    )


def test_why_it_is_late():
    world = """
        service barge plant -> port@24 price=40
        service rail  plant -> port@{} price=90 form=loose
        batch 2 car plant -> port id=a due=20 late=24
    """
    assert rows_in(world.format(12), "a")[-1] == (
        "Why late",
        # the barge is 12 h late: 40 + 12
        "in time is rail of 2025-03-03, delivered 2025-03-03 20:00: 0.38 USD a vehicle more",
    )
    assert rows_in(world.format(13), "a")[-1] == ("Why late", "no itinerary gets there in time")


def test_late_because_what_is_in_time_is_full():
    world = """
        service barge plant -> port@24 price=40
        service rail  plant -> port@12 price=41 form=loose room=2
        batch 2 car plant -> port id=a due=20 late=24
        batch 2 car plant -> port id=b due=20 priority=1
    """
    head, text = rows_in(world, "a")[-2]
    assert (head, text) == ("Why late", "nothing that gets there in time has room")
    assert rows_in(world, "a")[-1][1].startswith("in time were rail of 2025-03-03")


def test_left_out_and_kept_batches_have_nothing_to_choose():
    assert ways_in("service barge port -> plant@24 price=40\nbatch 1 car plant -> port") == []


def test_no_batch_of_that_name():
    with pytest.raises(KeyError):
        ways_in("service barge plant -> port@24 price=40\nbatch 1 car plant -> port", "nobody")


def test_other_ways_are_the_best_of_the_complete_list(num_worlds: Callable[[int], int], seed: int):
    wrong, compared = [], 0
    for number in range(seed, seed + num_worlds(80)):
        problem = random_world(number, SIMPLE)
        plan = solve(problem, QUICK).plan
        for place, entry in enumerate(plan.batches):
            if not entry.itineraries:
                continue
            try:
                judge = _Judge(problem, plan, place)
            except TooLargeError:
                continue
            name = f"random_world({number}, SIMPLE) {entry.batch_id}"
            ways = list_other_ways(problem, plan, entry.batch_id)
            for itinerary, own in zip(entry.itineraries, ways, strict=True):
                compared += 1
                wrong += [(name, fault) for fault in judge.faults(moves_of(itinerary), own)]
    assert not wrong
    assert compared >= num_worlds(80)


class _Judge:
    """The ways of one batch, and the room that all others leave."""

    def __init__(self, problem: Problem, plan: Plan, place: int) -> None:
        booked = with_rides_booked(problem, plan)
        self.place, self.batch = place, problem.batches[place]
        rides = booked.kept[self.batch.id]
        kept = {name: rows for name, rows in booked.kept.items() if name != self.batch.id}
        self.problem = replace(booked, kept=kept)
        self.kept = [kept_ways(self.problem, row) for row in problem.batches]
        self.ways = ways_of(self.problem, self.batch)
        self.chains = {tuple(move for move in moves_of(one) if move[0] != "road") for one in rides}
        self.parts: dict[object, int] = {}
        for one in rides:
            chain = tuple(move for move in moves_of(one) if move[0] != "road")
            self.parts[chain] = self.parts.get(chain, 0) + one.vehicles

    def faults(self, moves: object, own: OtherWays) -> Iterator[str]:
        (ridden,) = (way for way in self.ways if way.moves == moves)
        size = min(
            max(1, self.problem.vehicle_type_of(self.batch).vehicles_per_feu), self.parts[ridden.chain]
        )
        now = _each(ridden, size)
        others = [way for way in self.ways if way.chain not in self.chains]
        yield from self._compare("instead", own.next_best, others, size, now, room=True)
        best = own.best_of_all or own.next_best
        yield from self._compare("of all", best, others, size, now, room=False)
        is_late = self.batch.ready_min + ridden.minutes > self.batch.due_min
        if own.is_late != is_late:
            yield "late"
        if is_late:
            punctual = [way for way in self.ways if self.batch.ready_min + way.minutes <= self.batch.due_min]
            yield from self._compare("in time", own.in_time, punctual, size, now, room=True)
            best = own.in_time_of_all or own.in_time
            yield from self._compare("in time of all", best, punctual, size, now, room=False)

    def _compare(
        self, name: str, found: OtherWay | None, ways: list[Way], size: int, now: Fraction, *, room: bool
    ) -> Iterator[str]:
        ranked = sorted(ways, key=lambda way: _each(way, size))
        right = next((way for way in ranked if self._fits(way, size, alone=not room)), None)
        if (found is None) != (right is None):
            yield f"{name}: {found} but {right}"
        elif found is not None and right is not None and found.more != _each(right, size) - now:
            yield f"{name}: {found.more} more, but {_each(right, size) - now}"

    def _fits(self, way: Way, size: int, *, alone: bool) -> bool:
        """Whether so many vehicles have room on a way, beside all others or in an empty world."""
        world: Problem = replace(self.problem, kept={}) if alone else self.problem
        kept: list[list[tuple[Way, int]]] = [[] for _ in self.kept] if alone else list(self.kept)
        ways: list[list[Way]] = [[] for _ in kept]
        ways[self.place] = [way]
        program = Program(world, ways, kept)
        ((_, _, count),) = program.planned
        program.model.add(count == size)
        return program.is_possible()


def _each(way: Way, size: int) -> Fraction:
    return way.vehicle_value + Fraction(way.box_value, size)
