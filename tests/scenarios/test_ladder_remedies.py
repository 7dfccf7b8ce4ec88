"""Remedies worked out by hand: each kind in a world where it is plain what the least change is."""

from __future__ import annotations

from planner.model import Remedy
from planner.solve import solve
from tests.tiny import tiny

BARGE = "service barge plant -> port@24 price=40"
CAR = "\nbatch 1 car plant -> port "


def remedies(world: str) -> dict[str, Remedy]:
    """Remedies of the only batch with vehicles left out, by kind; each is the least."""
    plan = solve(tiny(world)).plan
    (left,) = (entry.unplanned for entry in plan.batches if entry.unplanned is not None)
    assert left.remedies is not None
    assert all(remedy.is_least for remedy in left.remedies)
    return {remedy.kind: remedy for remedy in left.remedies}


def texts(world: str) -> list[str]:
    return [remedy.text for remedy in remedies(world).values()]


def test_due_a_day_later_where_an_hour_is_missing():
    # Delivered in the 32nd hour; due in the 31st, so a day more does
    assert texts(BARGE + CAR + "due=31") == ["due 1 day later"]
    assert texts(BARGE + CAR + "due=8") == ["due 1 day later"]
    assert texts(BARGE + CAR + "due=7") == ["due 2 days later"]


def test_due_so_much_later_that_all_have_room():
    # three on Monday, Tuesday and Wednesday in time; the fourth and the fifth need Thursday's and Friday's
    world = BARGE + " room=1 leaves=Mon,Tue,Wed,Thu,Fri until=5\nbatch 5 car plant -> port due=80"
    found = remedies(world)
    assert found["due"].text == "due 2 days later"
    assert found["slots"].text == "2 more vehicles on barge of 2025-03-03"


def test_due_no_later_than_sixty_days():
    # Monday's has left; the next leaves so many days later at 08:00 and is delivered the day after
    world = BARGE + " leaves=Mon at=08:00 until=1\nexception barge {} added" + CAR + "ready=20 due=24"
    assert texts(world.format(58)) == ["due 59 days later"]
    assert texts(world.format(59)) == ["due 60 days later"]
    assert texts(world.format(60)) == []


def test_due_moves_what_lateness_is_counted_from():
    # delivered in the 32nd hour: due in the 8th it is a day late for 100, and 40 + 100 has to be worth it
    assert texts(BARGE + CAR + "due=8 late=100 unplanned=100")[0] == "due 1 day later"
    world = BARGE + CAR + "due=8 late=100 unplanned=141"
    assert all(entry.unplanned is None for entry in solve(tiny(world)).plan.batches)


def test_due_later_helps_nobody_who_is_early_at_a_price():
    # an hour late; due a day later it is 23 h early, for 29 cents, and 40 + 29 has to be worth it
    assert remedies(BARGE + CAR + "due=31 early=30 unplanned=70")["due"].amount == 1
    assert "due" not in remedies(BARGE + CAR + "due=31 early=30 unplanned=69")


def test_slots_on_the_departure_that_needs_fewest():
    world = """
        service barge plant -> port@24 price=40 room=1
        service rail  plant -> port@30 price=90 room=3
        batch 4 car plant -> port id=a priority=1
        batch 2 car plant -> port id=b not_modes=rail
    """
    # b can go by barge only, and a has taken it: two more slots
    assert texts(world)[0] == "2 more vehicles on barge of 2025-03-03"


def test_slots_of_equally_few_on_the_cheapest_then_the_earliest():
    world = """
        service barge plant -> port@24 price={} room=0 leaves=Mon,Tue
        service rail  plant -> port@30 price={} form=loose room=0
        batch 2 car plant -> port
    """
    assert texts(world.format(40, 90)) == ["2 more vehicles on barge of 2025-03-03"]
    assert texts(world.format(90, 40)) == ["2 more vehicles on rail of 2025-03-03"]


def test_slots_in_whole_units_of_the_service():
    # a car takes 1 CEU; two cars, room for half of one
    half = "service roro plant -> port@24 unit=ceu price=40 room=0.5\nbatch 2 car plant -> port"
    assert texts(half) == ["2 more CEU on roro of 2025-03-03"]
    # four cars go in two boxes of three
    boxes = "service rail plant -> port@24 form=boxed price=90 room=0\nbatch 4 car plant -> port"
    assert texts(boxes) == ["2 more FEU on rail of 2025-03-03"]


def test_slots_that_allotments_hold_have_to_be_made_up_for():
    # of two slots three are promised to Alpha: the first one more is Alpha's as well
    world = BARGE + " room=2\nallotment barge Alpha 3" + CAR
    assert texts(world) == ["2 more vehicles on barge of 2025-03-03"]


def test_no_slots_where_two_departures_are_full():
    world = """
        service barge plant -> hub@24 price=40 room=0
        service rail  hub -> port@24 price=40 room=0 form=loose leaves=Thu
        batch 1 car plant -> port
    """
    assert texts(world) == []


def test_mode_that_is_ruled_out():
    assert texts(BARGE + CAR + "not_modes=barge") == ["barge allowed"]
    assert texts(BARGE + CAR + "modes=rail") == ["barge allowed"]
    assert texts("road plant -> port hours=3" + CAR + "not_modes=road") == ["road allowed"]


def test_mode_the_fewest_and_of_these_the_cheapest():
    world = """
        service barge plant -> port@24 price=40
        service rail  plant -> port@24 price=30 form=loose
        batch 1 car plant -> port modes=roro
    """
    assert texts(world) == ["rail allowed"]
    both = """
        service barge plant -> hub@24 price=40
        service rail  hub -> port@24 price=30 form=loose leaves=Thu
        batch 1 car plant -> port modes=roro
    """
    assert texts(both) == ["barge and rail allowed"]


def test_wish_that_is_dropped():
    place = "place far\n"
    assert texts(place + BARGE + CAR + "via=far") == ["not by way of far"]
    assert texts(BARGE + CAR + "not_via=barge") == ["barge not ruled out"]
    assert texts(BARGE + CAR + "not_via=barge,CN") == []  # two, and one alone does not do


def test_parts_more_of_them():
    world = BARGE + " room=2 leaves=Mon,Tue,Wed\nbatch 5 car plant -> port split=2"
    assert remedies(world)["parts"].text == "allowed to go in 3 parts"
    together = BARGE + " room=2 leaves=Mon,Tue\nbatch 3 car plant -> port split=no"
    assert remedies(together)["parts"].text == "allowed to go in 2 parts"


def test_parts_smaller_ones():
    world = BARGE + " room=2 leaves=Mon,Tue\nbatch 3 car plant -> port min_part=2"
    assert remedies(world)["least_part"].text == "parts of only 1 allowed"


def test_price_a_cent_above_what_it_costs():
    assert texts(BARGE + CAR + "unplanned=40") == ["leaving out priced at 0.41 USD a vehicle"]


def test_price_at_which_the_dearest_of_them_pays():
    # the first rides for 40, the second for 90: all of them ride once leaving out costs more than 90
    world = """
        service barge plant -> port@24 price=40 room=1
        service rail  plant -> port@30 price=90 form=loose
        batch 2 car plant -> port unplanned=30
    """
    assert texts(world) == ["leaving out priced at 0.91 USD a vehicle"]


def test_price_of_a_charter_that_all_of_them_pay_together():
    # 3 * 10 + 70 for three: 33.33 each, so that 34 does; two of them would not pay for it at that price
    world = "service barge plant -> port@24 price=10 departure=70\nbatch 3 car plant -> port unplanned=30"
    assert texts(world) == ["leaving out priced at 0.34 USD a vehicle"]


def test_no_price_where_the_objective_does_not_count_it():
    problem = tiny("terms time\n" + BARGE + " room=0" + CAR)
    (entry,) = solve(problem).plan.batches
    assert entry.unplanned is not None
    assert [remedy.kind for remedy in entry.unplanned.remedies or ()] == ["slots"]


def test_nothing_helps_where_there_is_no_way():
    assert texts("service barge port -> plant@24 price=40" + CAR) == []


def test_two_remedies_side_by_side():
    world = BARGE + " room=0\nservice rail plant -> port@60 price=50 form=loose" + CAR + "due=33"
    assert texts(world) == ["due 2 days later", "1 more vehicle on barge of 2025-03-03"]
