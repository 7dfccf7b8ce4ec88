"""Once today is given, nothing leaves before it, and bookings close in time."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

BARGE = """
    service barge plant -> port@24 leaves=Mon,Wed,Fri price=40
    batch 1 car plant -> port
"""


def on(today: str, world: str) -> str:
    return planned(tiny(f"terms cost today={today}\n" + world))


def test_departures_before_today_are_gone():
    assert planned(tiny(BARGE)) == "1 barge Mon 3, 32h, 40c"
    assert on("Mon", BARGE) == "1 barge Mon 3, 32h, 40c"
    assert on("Tue", BARGE) == "1 barge Wed 5, 80h, 40c"


def test_bookings_close_before_the_departure():
    world = BARGE.replace("price=40", "price=40 book_by={}")
    # Wednesday 08:00 is 32 h after Tuesday 00:00
    assert on("Tue", world.format(32)) == "1 barge Wed 5, 80h, 40c"
    assert on("Tue", world.format(33)) == "1 barge Fri 7, 128h, 40c"


def test_bookings_never_close_while_today_is_not_given():
    assert planned(tiny(BARGE.replace("price=40", "price=40 book_by=999"))) == "1 barge Mon 3, 32h, 40c"


def test_bookings_close_before_the_first_departure_of_the_train():
    world = """
        service rail plant -> hub@40-48* -> market@60 form=loose leaves=Mon,Thu book_by=24 price=10
        batch 1 car hub -> market
    """
    # Monday's train is at the hub on Wednesday, but its bookings closed on Sunday 08:00; Thursday's are open
    assert on("Tue", world) == "1 rail Thu 6, 140h, 10c"
    assert on("Mon", world) == "1 rail Thu 6, 140h, 10c"
    assert planned(tiny(world)) == "1 rail Mon 3, 68h, 10c"


def test_train_under_way_may_still_be_boarded_where_its_gate_is_open():
    world = """
        service rail plant -> hub@40-48* -> market@60 form=loose price=10
        batch 1 car hub -> market
    """
    # it left the plant on Monday, and leaves the hub on Wednesday 08:00
    assert on("Tue", world) == "1 rail Mon 3, 68h, 10c"


def test_gate_closed_before_today_is_closed():
    world = BARGE.replace("price=40", "price=40 cutoff=9")
    # the gate for Wednesday 08:00 closed on Tuesday 23:00
    assert on("Tue", world) == "1 barge Wed 5, 80h, 40c"
    assert on("Wed", world) == "1 barge Fri 7, 128h, 40c"


def test_roads_leave_from_today_on():
    world = "road plant -> port hours=3 price=5\nbatch 1 car plant -> port"
    # Wednesday 00:00 is not before Wednesday
    assert on("Wed", world) == "1 road, 51h, 5c"


def test_today_begins_at_midnight_of_each_place():
    world = """
        place plant zone=Asia/Shanghai
        service barge plant -> port@24 leaves=Mon,Tue at=00:00 price=40
        batch 1 car plant -> port
    """
    # Tuesday 00:00 in Shanghai is 16 h, and not before it
    assert on("Tue", world) == "1 barge Tue 4, 40h, 40c"


def test_storage_runs_from_ready_though_ready_is_past():
    # from Monday 00:00 to Wednesday 08:00: two midnights of 3
    assert on("Tue", BARGE + "storage plant day=3") == "1 barge Wed 5, 80h, 46c"
