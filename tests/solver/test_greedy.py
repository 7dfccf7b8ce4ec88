"""The first plan: within room and demand, no itinerary dearer than leaving out, ties settled at no cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np

from planner.network.timetable import NO_LIMIT
from planner.solver.choice import Choice
from planner.solver.greedy import Placer, ready_order
from planner.solver.objectives import goal_of
from tests.oracles.enumeration import kept_ways, optimum, ways_of
from tests.oracles.limits import DayUse, LegUse, day_capacity, leg_limits
from tests.solver.rig import Rig, cents_of, minutes_of, rig
from tests.solver.whole_worlds import whole_world
from tests.tiny import tiny
from tests.worlds import random_world


def placed(made: Rig) -> tuple[Choice, Placer]:
    return made.first_plan(), made.placer()


def rides(text: str) -> list[list[tuple[int, str]]]:
    """Per batch: vehicles and the services they ride, in the order placed."""
    made = rig(tiny(text))
    choice, _ = placed(made)
    return [
        [(vehicles, "+".join(move[0] for move in made.key_of(column))) for column, vehicles in row.items()]
        for row in choice.rides
    ]


def assert_fits(made: Rig, choice: Choice, name: str) -> None:
    """Count all room again from the names of the rides alone, what is kept included."""
    problem = made.problem
    on_leg: dict[LegUse, Counter[int]] = defaultdict(Counter)
    on_day: Counter[DayUse] = Counter()
    for number, batch in enumerate(problem.batches):
        assert choice.left_out(number) >= 0, name
        rules = made.rules(number)
        ways = {way.moves: way for way in ways_of(problem, batch)}
        planned = [(ways[made.key_of(column)], vehicles) for column, vehicles in choice.rides[number].items()]
        assert all(vehicles > 0 for _, vehicles in planned), name
        for rides in (planned, kept_ways(problem, batch)):
            in_run: Counter[object] = Counter()
            for way, vehicles in rides:
                before = -(-in_run[way.run] // max(1, rules.per_box))
                in_run[way.run] += vehicles
                boxes = -(-in_run[way.run] // max(1, rules.per_box)) - before
                for use in way.uses:
                    is_boxed = problem.network.services[use[0]].form == "boxed"
                    on_leg[use][number] += boxes if is_boxed else vehicles * rules.units(use[0])
                for day in way.days:
                    on_day[day] += boxes if day[2] == "boxed" and day[0] == day[1] else vehicles
    for use, of_batch in on_leg.items():
        for members, room in leg_limits(problem, use):
            units = sum(taken for number, taken in of_batch.items() if number in members)
            assert units <= room, f"{name}: {use} holds {units} of {room}"
    for day, units in on_day.items():
        room = day_capacity(problem, day)
        assert room is None or units <= room, f"{name}: {day} takes {units} of {room}"


def test_nothing_is_overfilled_and_nothing_beats_the_optimum(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(120)):
        made = rig(random_world(number))
        choice, _ = placed(made)
        assert_fits(made, choice, f"random_world({number})")
        assert made.value(choice) + made.kept_value() >= optimum(made.problem).value, number


def test_room_left_is_what_was_there_less_what_rides(num_worlds: Callable[[int], int], seed: int):
    taken = 0
    for number in range(seed, seed + num_worlds(300)):
        made = rig(random_world(number))
        placer = made.placer()
        choice, room = Choice(made.problem), made.room.capacity.copy()
        for batch in ready_order(made.problem):
            placer.place(choice, batch, room, choice.left_out(batch))
        load = np.zeros_like(room)
        for batch in range(len(made.problem.batches)):
            choice.add_load(load, batch)
        assert (room + load == made.room.capacity).all(), f"random_world({number})"
        assert (room >= 0).all()
        taken += int(load[made.timetable.arrays["row_capacity"] < NO_LIMIT].sum())
    assert taken


def test_nobody_rides_dearer_than_being_left_out(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(300)):
        made = rig(random_world(number))
        goal = goal_of(made.problem)
        choice, _ = placed(made)
        for batch, row in enumerate(made.problem.batches):
            assert choice.value_of(batch, goal) <= made.problem.open_vehicles(row) * goal.penalties[batch], (
                f"random_world({number})"
            )


def test_ties_are_settled_at_no_cost_within_the_room(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(120)):
        made = rig(random_world(number))
        choice, placer = placed(made)
        before = [cents_of(choice, batch) for batch in range(len(choice.rides))]
        minutes = sum(minutes_of(choice, batch) for batch in range(len(choice.rides)))
        left_out = [choice.left_out(batch) for batch in range(len(choice.rides))]
        placer.settle_ties(choice)
        if made.problem.terms.objective == "cost":
            assert [cents_of(choice, batch) for batch in range(len(choice.rides))] == before, (
                f"random_world({number})"
            )
        assert sum(minutes_of(choice, batch) for batch in range(len(choice.rides))) <= minutes
        assert [choice.left_out(batch) for batch in range(len(choice.rides))] == left_out
        assert_fits(made, choice, f"random_world({number}) settled")


def test_vehicles_move_to_an_equally_dear_earlier_itinerary():
    made = rig(
        tiny("""
            service slow plant -> port@100 leaves=Mon price=40
            service quick plant -> port@20 leaves=Mon price=40 room=4
            batch 6 car plant -> port
        """)
    )
    placer = made.placer()
    slow = next(
        column
        for _, column in made.recover_all(0, 1, goal_of(made.problem).weights(0))
        if made.key_of(column)[0][0] == "slow"
    )
    choice = Choice(made.problem, [{slow: 6}])
    placer.settle_ties(choice)
    assert {made.key_of(c)[0][0]: n for c, n in choice.rides[0].items()} == {"quick": 4, "slow": 2}


def test_batch_goes_on_to_the_next_cheapest_when_one_is_full():
    assert rides("""
        service barge plant -> port@24 price=40 room=9
        service rail plant -> port@24 price=70 room=3
        service roro plant -> port@24 price=90
        batch 14 car plant -> port
    """) == [[(9, "barge"), (3, "rail"), (2, "roro")]]


def test_whole_boxes_come_before_a_box_half_full():
    # a box for 90 holds three: full boxes beat 40 a car, a box for one does not
    assert rides("""
        service rail plant -> port@24 form=boxed price=90 room=9
        service barge plant -> port@24 price=40
        batch 7 car plant -> port
    """) == [[(6, "rail"), (1, "barge")]]


def test_box_half_full_is_taken_where_there_is_nothing_better():
    assert rides("""
        service rail plant -> port@24 form=boxed price=90 room=9
        batch 7 car plant -> port
    """) == [[(7, "rail")]]


def test_first_ready_is_first_served_and_priority_breaks_ties():
    text = """
        service barge plant -> port@24 leaves=Thu price=40 room=10
        batch 6 car plant -> port ready=10
        batch 6 car plant -> port ready=5
        batch 6 car plant -> port ready=5 priority=2
    """
    assert ready_order(tiny(text)) == [2, 1, 0]
    assert rides(text) == [[], [(4, "barge")], [(6, "barge")]]


def test_what_is_dearer_than_leaving_out_stays():
    text = """
        service barge plant -> port@24 price=40
        batch 6 car plant -> port unplanned={}
    """
    assert rides(text.format(41)) == [[(6, "barge")]]
    assert rides(text.format(40)) == [[]]


def test_first_plan_keeps_to_every_rule_of_worlds_with_everything(
    num_worlds: Callable[[int], int], seed: int
):
    """Rows, parts and least loads; also once ties are settled, which costs nothing."""
    ridden = 0
    for number in range(seed, seed + num_worlds(300)):
        made, name = rig(whole_world(number)), f"whole_world({number})"
        choice, placer = placed(made)
        value = made.value(choice)
        assert value >= optimum(made.problem).value, name
        for _ in range(2):
            load = choice.load(made.room)
            assert (load <= made.room.capacity).all(), name
            assert made.room.unfilled(load) == [], name
            assert all(made.parts.holds(choice, batch) for batch in range(len(choice.rides))), name
            assert made.value(choice) == value, name
            placer.settle_ties(choice)
        ridden += bool(choice.columns())
    assert ridden > num_worlds(300) / 3


ONCE = "charge port unload mode=barge per=part price=100\n"


def test_charge_of_a_part_is_spread_over_those_who_have_room():
    barge = "type car per_box=0\nservice barge plant -> port@24 room={} price=10\n" + ONCE
    truck = "service truck plant -> port@24 price=40\n"
    batch = "batch 6 car plant -> port"
    # five by barge bear 20 each, three of them more than the truck costs
    assert rides(barge.format(5) + truck + batch) == [[(5, "barge"), (1, "truck")]]
    assert rides(barge.format(3) + truck + batch) == [[(6, "truck")]]


def test_who_joins_a_part_that_has_paid_pays_no_more():
    world = """
        service barge plant -> port@24 price=10
        service rail plant -> port@24 form=boxed price=120
        charge port unload mode=rail per=part price=60
        batch 4 car plant -> port
    """
    # 120 for three and 60 once; the fourth alone would pay 120 + 60 and leaves the boxes
    assert rides(world.replace("price=10", "price=90")) == [[(3, "rail"), (1, "barge")]]
    assert rides(world.replace("price=10", "price=150")) == [[(4, "rail")]]
