"""Under the objective time the fastest plan wins, and the cheapest of the fastest."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny


def test_fastest_wins_whatever_it_costs():
    world = tiny("""
        terms time
        service slow plant -> port@48 price=10
        service fast plant -> port@24 price=90
        batch 3 car plant -> port
    """)
    assert planned(world) == "3 fast Mon 3, 32h, 270c"


def test_cheapest_of_the_fastest_is_taken():
    world = tiny("""
        terms time
        service slow  plant -> port@48 price=10
        service fast  plant -> port@24 price=90
        service quick plant -> port@24 price=80 room=2
        batch 3 car plant -> port
    """)
    assert planned(world) == "1 fast Mon 3, 32h, 90c\n2 quick Mon 3, 32h, 160c"


def test_unplanned_price_of_a_batch_does_not_count():
    world = tiny("""
        terms time
        service barge plant -> port@24 price=40
        batch 1 car plant -> port unplanned=1
    """)
    assert planned(world) == "1 barge Mon 3, 32h, 40c"


def test_room_goes_to_the_batch_that_loses_more_hours():
    world = tiny("""
        terms time
        service fast plant -> hub@24-25* -> market@48 room=1 price=10
        service slow plant -> hub@30 price=10
        service late plant -> market@99 price=10
        batch 1 car plant -> hub
        batch 1 car plant -> market
    """)
    # b1 loses 6 h on the slow one, b2 51 h on the late one
    assert planned(world) == "b1: 1 slow Mon 3, 38h, 10c\nb2: 1 fast Mon 3, 56h, 10c"
