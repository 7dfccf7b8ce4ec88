"""What the booking sheet says of each departure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.booking import list_bookings
from planner.solve import solve
from tests.render.sample_plan import DAY, PLAN, PROBLEM, at
from tests.tiny import START_MIN, tiny

HOUR = 60


@pytest.fixture(scope="module")
def lines():
    return {line.service.id: line for line in list_bookings(PROBLEM, PLAN)}


def test_there_is_a_line_per_departure_and_pair_of_calls(lines):
    assert [(line.service.id, line.departure_day) for line in lines.values()] == [
        ("SHIP", DAY),
        ("TRAIN", DAY),
    ]
    assert (lines["TRAIN"].from_place, lines["TRAIN"].to_place) == ("CN-RAIL", "DE-RAIL")


def test_itineraries_that_share_boxes_count_them_once(lines):
    train = lines["TRAIN"]
    assert (train.vehicles, train.boxes, train.units) == (7, 3, 3)
    assert train.batches == (("B-1", 7),)


def test_loose_cargo_counts_in_the_unit_of_its_service(lines):
    ship = lines["SHIP"]
    assert (ship.vehicles, ship.boxes, ship.units) == (3, 0, 3 * 121)


def test_the_gate_is_open_from_the_first_cargo_handled_until_it_closes(lines):
    train = lines["TRAIN"]
    assert (train.gate_from_min, train.gate_until_min) == (at(4, 1) + 210, at(7, 23))
    assert (train.departs_min, train.alights_min) == (at(8), at(22))


def test_book_by_counts_from_the_departure_from_the_first_call(lines):
    assert lines["TRAIN"].book_by_min == at(4)
    assert lines["SHIP"].book_by_min is None


def test_boxes_say_where_and_on_which_days_they_are_stuffed(lines):
    stuffed = [(item.place, item.day, item.vehicles) for item in lines["TRAIN"].stuffing]
    assert stuffed == [("CN-RAIL", date(2027, 3, 4), 4), ("CN-RAIL", date(2027, 3, 5), 3)]
    assert lines["SHIP"].stuffing == ()


def test_load_room_and_modules_are_those_of_the_departure(lines):
    train, ship = lines["TRAIN"], lines["SHIP"]
    assert (train.load, train.capacity, train.modules) == (3, 50, 1)
    assert (ship.load, ship.capacity, ship.modules) == (363, 103_050, None)


def test_what_is_booked_already_is_counted(lines):
    assert (lines["TRAIN"].booked_vehicles, lines["SHIP"].booked_vehicles) == (0, 3)


def test_batches_that_board_on_the_way_get_a_line_of_their_own():
    problem = tiny("""
        service barge a -> b@10-12* -> c@20  leaves=Mon at=08:00 room=9 cutoff=2 price=40
        batch   2 car a -> c ready=0 due=72
        batch   3 car b -> c ready=0 due=72
    """)
    through, onward = list_bookings(problem, solve(problem).plan)
    assert (through.from_place, through.batches) == ("a", (("b1", 2),))
    assert (onward.from_place, onward.batches) == ("b", (("b2", 3),))
    assert onward.gate_until_min == START_MIN + (8 + 12 - 2) * HOUR
    assert (through.load, onward.load, onward.capacity) == (5, 5, 9)


def test_a_departure_that_does_not_exist_is_named():
    network = replace(PROBLEM.network, services=dict(PROBLEM.network.services))
    network.services["TRAIN"] = replace(network.services["TRAIN"], last_date=date(2027, 3, 7))
    with pytest.raises(ValueError, match="TRAIN does not leave on 2027-03-08"):
        list_bookings(replace(PROBLEM, network=network), PLAN)
