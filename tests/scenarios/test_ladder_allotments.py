"""Contract space of a shipper on each departure of a service, until it is released."""

from __future__ import annotations

from tests.plan_text import planned
from tests.tiny import tiny

RAIL = "service rail plant -> port@24 form=loose price=70 leaves=Wed\n"
FIVE = RAIL + "service barge plant -> port@24 room=5 price=40 leaves=Wed\n"
HELD = FIVE + "allotment barge Alpha 3\n"


def ways(world: str, *batches: str) -> str:
    """Cars by barge and by rail, batch after batch."""
    text = planned(tiny(world + "\n".join(f"batch {batch}" for batch in batches)))
    lines = [line.split(": ")[-1].split() for line in text.splitlines()]
    return ", ".join(f"{vehicles} {way}" for vehicles, way, *_ in lines)


def test_space_of_a_shipper_is_closed_to_others():
    assert ways(HELD, "4 car plant -> port shipper=Beta") == "2 barge, 2 rail"
    assert ways(HELD, "4 car plant -> port") == "2 barge, 2 rail"


def test_owner_has_its_space_and_the_free_rest():
    assert ways(HELD, "6 car plant -> port shipper=Alpha") == "5 barge, 1 rail"


VANS = """
    type van
    tariff rail plant -> port charge=surcharge applies=van price=9
"""


def test_others_share_what_is_not_held():
    # 5 - 3 = 2 for both together; by barge a van saves 39, a car 30
    batches = "2 car plant -> port shipper=Beta", "2 van plant -> port shipper=Gamma"
    assert ways(HELD + VANS, *batches) == "2 rail, 2 barge"


def test_free_rest_goes_to_whom_it_helps_most():
    # Alpha has its 3 anyhow; on the other 2 a van saves 39, a fourth car of Alpha 30
    batches = "4 car plant -> port shipper=Alpha", "2 van plant -> port shipper=Beta"
    assert ways(HELD + VANS, *batches) == "3 barge, 1 rail, 2 barge"


def test_space_of_two_shippers_is_closed_to_a_third():
    world = FIVE + "allotment barge Alpha 2\nallotment barge Beta 2\n"
    # 5 - 2 - 2
    assert ways(world, "4 car plant -> port shipper=Gamma") == "1 barge, 3 rail"


def test_each_of_two_shippers_has_its_space_and_what_neither_holds():
    world = FIVE + "allotment barge Alpha 2\nallotment barge Beta 2\n"
    # not those of the other: 5 - 2
    assert ways(world, "4 car plant -> port shipper=Alpha") == "3 barge, 1 rail"
    both = "4 car plant -> port shipper=Alpha", "4 van plant -> port shipper=Beta"
    assert ways(world + VANS, *both) == "2 barge, 2 rail, 3 barge, 1 rail"


def test_two_spaces_of_one_shipper_add_up():
    world = FIVE + "allotment barge Alpha 2\nallotment barge Alpha 2\n"
    assert ways(world, "4 car plant -> port shipper=Beta") == "1 barge, 3 rail"
    assert ways(world, "6 car plant -> port shipper=Alpha") == "5 barge, 1 rail"


def test_space_is_released_in_time():
    # the barge leaves on Wednesday 08:00 = 56 h, so its space is open to all from 8 h on
    released = FIVE + "allotment barge Alpha 3 release=48\n"
    assert ways(released, "5 car plant -> port shipper=Beta ready=8") == "5 barge"
    assert ways(released, "5 car plant -> port shipper=Beta ready=7.5") == "2 barge, 3 rail"


def test_who_is_ready_late_may_use_what_the_early_may_not():
    world = FIVE + VANS + "allotment barge Alpha 3 release=48\n"
    # the vans would save more, but are ready before the release: only 2 of them
    assert ways(world, "3 car plant -> port ready=8", "5 van plant -> port") == "3 barge, 2 barge, 3 rail"


def test_today_decides_what_is_released():
    released = FIVE + "allotment barge Alpha 3 release={}\n"
    tuesday = "terms cost today=Tue\n"
    # Tuesday 00:00 is 24 h, the barge leaves at 56 h
    early, late = "5 car plant -> port", "5 car plant -> port ready=40"
    assert ways(tuesday + released.format(32), early) == "5 barge"
    assert ways(tuesday + released.format(31), late) == "2 barge, 3 rail"


def test_space_that_is_never_released_is_held_to_the_end():
    assert ways(HELD, "5 car plant -> port shipper=Beta ready=56") == "2 barge, 3 rail"


def test_more_space_than_room_leaves_nothing_to_others():
    world = FIVE + "allotment barge Alpha 9\n"
    assert ways(world, "2 car plant -> port shipper=Beta") == "2 rail"
    assert ways(world, "6 car plant -> port shipper=Alpha") == "5 barge, 1 rail"


def test_space_stays_whole_where_the_room_is_changed():
    world = HELD + "exception barge Wed changed room=4\n"
    # 4 - 3
    assert ways(world, "4 car plant -> port shipper=Beta") == "1 barge, 3 rail"


def test_space_means_nothing_where_room_is_unlimited():
    world = RAIL + "service barge plant -> port@24 price=40 leaves=Wed\nallotment barge Alpha 3\n"
    assert ways(world, "9 car plant -> port shipper=Beta") == "9 barge"


def test_space_is_held_on_every_leg():
    world = """
        service barge plant -> mid@10-12* -> market@24 room=5 onward=5,3 price=40
        service truck plant -> market@24 price=70
        service ship  plant -> mid@10 price=70
        allotment barge Alpha 2
    """
    # onward from mid 3 - 2, up to there 5 - 2
    assert ways(world, "4 car plant -> market") == "1 barge, 3 truck"
    assert ways(world, "4 car plant -> mid") == "3 barge, 1 ship"


def test_space_of_a_deck_is_held_in_ceu():
    world = """
        type suv ceu=1.27
        service roro plant -> port@24 unit=ceu room=5 price=40
        service rail plant -> port@24 form=loose price=70
        allotment roro Alpha {}
    """
    # 5 - 2.46 = 2.54 = 2 * 1.27
    assert ways(world.format("2.46"), "3 suv plant -> port") == "1 rail, 2 roro"
    assert ways(world.format("2.47"), "3 suv plant -> port") == "2 rail, 1 roro"


def test_space_of_a_train_is_held_in_boxes():
    world = """
        service rail  plant -> port@24 form=boxed room=3 price=40
        service barge plant -> port@24 price=70
        allotment rail Alpha 2
        batch 4 car plant -> port
    """
    assert planned(tiny(world)) == "1 barge Mon 3, 32h, 70c\n3 rail Mon 3, 32h, 0c\n1 boxes, 40c"
