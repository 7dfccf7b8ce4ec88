"""Room as it were with more units on a departure: what allotments leave of it."""

from __future__ import annotations

import pytest

from tests.solver.rig import rig
from tests.tiny import tiny

HELD = """
    service barge plant -> port@24 price=40 room=2 leaves=Mon until=1
    allotment barge Alpha {}
    batch 1 car plant -> port shipper=Beta
"""


@pytest.mark.parametrize(("held", "left"), [(1, [1, 2, 3]), (2, [0, 1, 2]), (3, [0, 0, 1]), (4, [0, 0, 0])])
def test_held_space_is_made_up_for_before_others_have_more(held: int, left: list[int]):
    made = rig(tiny(HELD.format(held)))
    rows, _ = made.timetable.held_rows(made.problem.batches[0])
    (row,) = rows.tolist()
    assert [int(made.room.with_more(0, units).capacity[row]) for units in range(3)] == left


def test_modules_grow_with_the_units():
    made = rig(
        tiny(
            "service barge plant -> port@24 room=4 module=2 module_price=9 price=4\nbatch 9 car plant -> port"
        )
    )
    most = [made.room.with_more(0, units).charters[0].most_modules for units in (1, 2, 3)]
    assert most == [3, 3, 4]
