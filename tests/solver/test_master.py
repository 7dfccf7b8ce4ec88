"""The linear program over groups: its rows against brute force, its prices by hand, its failures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.errors import SolverError
from planner.network.timetable import NO_LIMIT
from planner.solver.columns import Column
from planner.solver.delivery import Weights
from planner.solver.master import Master, remainder_weight
from planner.solver.objectives import Goal, Held
from planner.solver.room import Room
from tests.solver.rig import rig
from tests.tiny import tiny

PLAIN = Weights(cents=1, minutes=0)


def three_legs() -> Room:
    """Room of three legs: ten units, two, any number."""
    made = rig(
        tiny("""
            service one plant -> port@24 room=10 price=1
            service two plant -> port@24 room=2 price=1
            service three plant -> port@24 price=1
            batch 1 car plant -> port
        """)
    )
    assert list(made.room.capacity) == [10, 2, NO_LIMIT]
    return made.room


def master_of(
    quantities: list[int], penalties: list[int], boxed_by: list[int], held: Held | None = None
) -> Master:
    return Master(quantities, boxed_by, Goal(PLAIN, tuple(penalties), held), three_legs())


def held_minutes(most: int, penalties: list[int]) -> Held:
    return Held(Weights(cents=0, minutes=1), most, tuple(penalties))


def loose(arc: int, *legs: int, batch: int = 0, units: int = 1, minutes: int = 10) -> Column:
    return Column(
        batch=batch,
        arcs=(arc,),
        vehicle_cents=0,
        box_cents=0,
        minutes=minutes,
        vehicle_rows=tuple((leg, units) for leg in legs),
        box_rows=(),
        run=None,
    )


def boxed(arc: int, *legs: int, batch: int = 0, minutes: int = 10) -> Column:
    return Column(
        batch=batch,
        arcs=(arc,),
        vehicle_cents=0,
        box_cents=0,
        minutes=minutes,
        vehicle_rows=(),
        box_rows=legs,
        run=("plant", arc),
    )


def groupings(quantity: int, largest: int) -> Iterator[list[int]]:
    """Every way to split vehicles into groups; a vehicle left out is a group of one."""
    if not quantity:
        yield []
        return
    for size in range(min(quantity, largest), 0, -1):
        for rest in groupings(quantity - size, size):
            yield [size, *rest]


@pytest.mark.parametrize("size", range(1, 7))
def test_remainder_row_holds_for_every_whole_choice_and_cuts_as_deep_as_it_can(size: int):
    for quantity in range(1, 3 * size + 3):
        rest = quantity % size
        needed = rest * (size - rest)
        sums = [
            sum(remainder_weight(quantity, size, group) for group in split)
            for split in groupings(quantity, size)
        ]
        assert min(sums) == needed, (quantity, size)


@pytest.mark.parametrize("size", range(2, 7))
def test_vehicles_in_full_boxes_alone_do_not_make_up_the_remainder(size: int):
    for quantity in range(1, 3 * size):
        if quantity % size:
            weight = [remainder_weight(quantity, size, group) for group in range(1, size + 1)]
            assert weight[-1] == 0
            assert min(weight[:-1]) > 0


def test_boxes_count_by_the_vehicle_until_the_remainder_rows_are_there():
    master = master_of([4], [100], [3])
    for size in (1, 2, 3):
        master.add_group(boxed(1), size, 90.0)
    assert master.solve().value == pytest.approx(120)  # four thirds of a box
    assert master.add_remainder_rows() == 1
    solved = master.solve()
    assert solved.value == pytest.approx(180)
    assert solved.remainder_dual[0] > 0


def test_group_that_comes_after_the_remainder_rows_counts_in_them():
    master = master_of([4], [1000], [3])
    master.add_group(boxed(1), 3, 90.0)
    master.add_remainder_rows()
    before = master.solve().value
    master.add_group(boxed(1), 1, 90.0)
    assert before > master.solve().value == pytest.approx(180)


def test_batches_that_fill_their_boxes_have_no_remainder_row():
    assert master_of([6, 5, 2], [1, 1, 1], [3, 1, 2]).add_remainder_rows() == 0


def test_demand_is_met_by_the_cheapest_and_leaving_out_costs_its_price():
    master = master_of([5, 7], [100, 30], [1, 1])
    master.add_group(loose(1), 1, 40.0)
    master.add_group(loose(2, batch=1), 1, 40.0)
    solved = master.solve()
    assert solved.value == pytest.approx(5 * 40 + 7 * 30)
    assert solved.batch_dual == pytest.approx([40, 30])
    assert solved.amounts == pytest.approx([5, 0])


def test_room_is_priced_where_it_runs_out_and_nowhere_else():
    master = master_of([12], [100], [1])
    master.add_group(loose(1, 0), 1, 40.0)
    master.add_group(loose(2, 1, 2), 1, 70.0)
    # ten for 40; beyond them the second ride has room for two, no one is left out
    assert master.solve().row_price == pytest.approx({0: 30})
    master.add_group(loose(3, 1), 1, 10.0)
    solved = master.solve()
    assert solved.value == pytest.approx(10 * 40 + 2 * 10)
    assert set(solved.row_price) == {0, 1}


def test_a_box_takes_one_unit_whatever_is_in_it_and_loose_vehicles_each_their_own():
    master = master_of([30, 30], [100, 100], [3, 3])
    master.add_group(boxed(1, 1), 3, 30.0)
    master.add_group(loose(2, 0, batch=1, units=4), 3, 60.0)
    solved = master.solve()
    # two boxes of three; 10 / 4 vehicles at 20 each
    assert solved.amounts == pytest.approx([2, 2.5])
    assert solved.value == pytest.approx(60 + 24 * 100 + 50 + 27.5 * 100)


def test_group_is_added_once_and_loose_groups_are_of_one():
    master = master_of([5], [100], [3])
    assert master.add_group(boxed(1), 3, 30.0)
    assert not master.add_group(boxed(1), 3, 30.0)
    assert master.add_group(boxed(1), 2, 25.0)
    assert master.add_group(loose(2), 3, 30.0)
    assert not master.add_group(loose(2), 2, 20.0)
    assert [group for _, group in master.groups] == [3, 2, 1]


def test_held_minutes_have_a_price():
    master = master_of([10], [0], [1], held_minutes(10 * 30, [100]))
    master.add_group(loose(1, minutes=20), 1, 70.0)
    master.add_group(loose(2, minutes=40), 1, 50.0)
    solved = master.solve()
    # half take the quick ride: a dollar a minute
    assert solved.value == pytest.approx(600, abs=1)
    assert solved.held_price == pytest.approx(1)


def test_held_minutes_that_nothing_can_hold_are_a_failure_of_the_solver():
    master = master_of([10], [0], [1], held_minutes(10, [100]))
    with pytest.raises(SolverError, match="INFEASIBLE"):
        master.solve()


def test_minutes_as_large_as_files_get_can_be_held_exactly():
    quantities = [99_991 + 7 * number for number in range(50)]
    minutes = [90_001 + 13 * number for number in range(50)]
    held = sum(q * m for q, m in zip(quantities, minutes, strict=True))
    master = master_of(quantities, [0] * 50, [3] * 50, held_minutes(held, [14_400_000] * 50))
    for number in range(50):
        master.add_group(boxed(number, batch=number, minutes=minutes[number]), 3, 90.0)
    assert master.solve().value == pytest.approx(30 * sum(quantities))
