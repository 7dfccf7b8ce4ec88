"""What kept itineraries take of the rows: as much as the same vehicles would if they were planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.errors import InputError
from planner.model import Problem
from planner.network.kept import kept_load, kept_rides
from planner.network.lay_out import timetable_of
from planner.solver.choice import Choice
from planner.solver.columns import Column
from tests.oracles.enumeration import kept_ways
from tests.solver.rig import MONEY, Rig, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny


def keep(made: Rig, rides: list[dict[Column, int]]) -> Problem:
    """The problem with these vehicles booked on these columns."""
    kept = {
        batch.id: tuple(made.itinerary(column, vehicles) for column, vehicles in of_batch.items())
        for batch, of_batch in zip(made.problem.batches, rides, strict=True)
        if of_batch
    }
    return replace(made.problem, kept=kept)


def columns_of(made: Rig, batch: int = 0) -> dict[str, Column]:
    """Itineraries of a batch by the services and roads they use; of several the cheapest."""
    found: dict[str, Column] = {}
    for _, column in made.recover_all(batch, 1, MONEY):
        found.setdefault("+".join(move[0] for move in made.key_of(column)), column)
    return found


def test_kept_vehicles_take_the_room_they_would_take_if_planned(num_worlds: Callable[[int], int], seed: int):
    """Legs, days, held space, charters; boxes shared by itineraries of one run."""
    rng = Random(seed)
    kept = shared = 0
    for number in range(seed, seed + num_worlds(300)):
        made = rig(whole_world(number))
        choice = Choice(made.problem)
        for batch, row in enumerate(made.problem.batches):
            columns = [column for _, column in made.recover_all(batch, 1, MONEY)]
            left = row.vehicles
            for column in rng.sample(columns, min(len(columns), rng.randint(0, 4))):
                vehicles = rng.randint(0, left)
                left -= vehicles
                if vehicles:
                    choice.rides[batch][column] = vehicles
            shared += len(choice.rides[batch]) > len(choice.box_runs(batch)) > 0
        problem = keep(made, choice.rides)
        table = timetable_of(problem)
        assert table.day_rows == made.timetable.day_rows
        load = kept_load(problem, table, problem.batches)
        assert list(load) == list(choice.load(made.room)), f"whole_world({number})"
        for batch, row in enumerate(problem.batches):
            ours = [made.key_of(column) for column in choice.rides[batch]]
            if not problem.terms.today:
                assert [way.moves for way, _ in kept_ways(problem, row)] == ours
        kept += bool(problem.kept)
    assert kept
    assert shared


def test_itineraries_of_one_run_share_boxes_whatever_happens_loose_before_and_after():
    made = rig(
        tiny("""
            service rail plant -> hub@10 form=boxed price=90 room=9
            service quick hub -> port@15 price=5 leaves=Tue
            service slow hub -> port@40 price=1 leaves=Tue
            batch 7 car plant -> port
        """)
    )
    ways = columns_of(made)
    rides = [{ways["rail+quick"]: 2, ways["rail+slow"]: 2}]
    problem = keep(made, rides)
    load = kept_load(problem, made.timetable, problem.batches)
    assert load[made.timetable.departure_first_leg[0]] == 2  # four cars, three a box


def test_boxes_of_two_services_that_leave_together_are_not_shared():
    made = rig(
        tiny("""
            service one plant -> port@24 form=boxed price=90 room=9 at=08:00
            service two plant -> port@30 form=boxed price=90 room=9 at=08:00
            batch 2 car plant -> port
        """)
    )
    ways = columns_of(made)
    problem = keep(made, [{ways["one"]: 1, ways["two"]: 1}])
    assert list(kept_load(problem, made.timetable, problem.batches)) == [1, 1]


def test_boxes_that_go_on_with_one_train_to_two_places_are_not_shared():
    made = rig(
        tiny("""
            service rail plant -> hub@9-10* -> port@24 form=boxed price=90 room=9
            service truck hub -> port@20 leaves=Tue price=0
            batch 2 car plant -> port
        """)
    )
    ways = columns_of(made)
    problem = keep(made, [{ways["rail"]: 1, ways["rail+truck"]: 1}])
    assert list(kept_load(problem, made.timetable, problem.batches))[:2] == [2, 1]


def test_kept_rides_are_found_by_departure_and_call():
    made = rig(
        tiny("""
            service rail plant -> hub@9-10* -> port@24 leaves=Mon,Tue price=90
            batch 2 car hub -> port ready=40
        """)
    )
    (column,) = columns_of(made).values()
    batch, itinerary = made.problem.batches[0], made.itinerary(column, 2)
    (ride,) = kept_rides(made.problem, made.timetable, batch, itinerary)
    assert made.timetable.departures[ride.departure].day.isoformat() == "2025-03-04"
    assert (ride.board, ride.alight) == (1, 2)
    assert ((ride.departure, ride.board, ride.alight),) == column.chain


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda text: text + "exception rail Tue cancelled\n", "rail of 2025-03-04"),
        (lambda text: text.replace("service rail", "service train"), "rail of 2025-03-04"),
        (lambda text: text + "closure rail Mon Fri closed\n", "rail of 2025-03-04"),
        (lambda text: text.replace("hub@9-10 -> ", ""), "rail of 2025-03-04"),
        (lambda text: text.replace("Tue", "Wed"), "rail of 2025-03-04"),
    ],
)
def test_booking_on_what_does_not_leave_is_refused(change: Callable[[str], str], names: str):
    text = "service rail plant -> hub@9-10 -> port@24 leaves=Tue price=90\nbatch 2 car plant -> port\n"
    made = rig(tiny(text))
    (column,) = columns_of(made).values()
    kept = keep(made, [{column: 1}])
    changed = replace(tiny(change(text)), kept=kept.kept)
    with pytest.raises(InputError) as caught:
        kept_load(changed, timetable_of(changed), changed.batches)
    (issue,) = caught.value.issues
    assert issue.reason == f"batch b1 is kept on {names}, which does not leave"


def test_batches_that_are_not_asked_for_take_nothing():
    made = rig(
        tiny("""
            service rail plant -> port@24 price=90 room=9
            batch 2 car plant -> port
            batch 3 car plant -> port
        """)
    )
    columns = [columns_of(made, batch)["rail"] for batch in range(2)]
    problem = keep(made, [{columns[0]: 2}, {columns[1]: 3}])
    asked = [problem.batches, problem.batches[1:], ()]
    assert [int(np.sum(kept_load(problem, made.timetable, batches))) for batches in asked] == [5, 3, 0]
