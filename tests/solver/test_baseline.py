"""The baseline: exactly one reference ride, alone, whatever the room and the due date."""

from __future__ import annotations

from dataclasses import replace
from math import isclose

import pytest

from planner.model import Place, PlaceId, Problem
from planner.model.plans import Baseline
from planner.network.lay_out import timetable_of
from planner.solver.baseline import HORIZON_DAYS, find_baselines, great_circle_km
from tests.tiny import tiny

REFERENCE = (
    "service fifteen hub -> terminal@360 form=boxed bookable=no leaves=Mon,Tue,Wed,Thu,Fri,Sat,Sun until=9"
)
WORLD = f"""
    {REFERENCE} at=12:00 price=900
    road plant -> hub hours=6 price=30
    road terminal -> market hours=10 price=50
    service train hub -> terminal@300 form=boxed leaves=Mon,Tue,Wed,Thu,Fri,Sat,Sun until=9 price=10
    terms cost carrying=0
"""


def baselines(text: str) -> list[Baseline]:
    return find_baselines(tiny(text))


def test_baseline_takes_the_reference_train_though_another_is_cheaper_and_faster():
    (baseline,) = baselines(WORLD + "batch 4 car plant -> market")
    # road at 0 h, free at 6 h; train at 12 h, there at 372 h; next road at 384 h, delivered at 394 h
    assert baseline == Baseline(rail_min=360 * 60, door_min=394 * 60, cents=30 + 900 // 3 + 50)


@pytest.mark.parametrize("due_days", [20, HORIZON_DAYS + 10], ids=["of fewer days", "that holds all days"])
def test_a_timetable_that_is_known_changes_no_baseline(due_days):
    batches = "".join(f"batch 4 car plant -> market ready={ready} due={24 * due_days}\n" for ready in (0, 30))
    problem = tiny(WORLD + batches)
    known = timetable_of(problem)
    found = find_baselines(problem)
    assert [baseline.rail_min for baseline in found] == [360 * 60, 360 * 60]
    assert find_baselines(problem, known) == found


def test_cents_are_those_of_a_vehicle_in_a_full_box_rounded_once():
    world = WORLD.replace("price=900", "price=1000")
    (baseline,) = baselines(world + "batch 1 car plant -> market")
    assert baseline.cents == 413  # 30 + 333.33 + 50
    (baseline,) = baselines(world.replace("price=1000", "price=1001") + "batch 1 car plant -> market")
    assert baseline.cents == 414  # 413.67


def test_what_a_part_pays_once_is_shared_by_all_vehicles_of_the_batch():
    world = WORLD + "charge terminal unload mode=rail per=part price=1000\n"
    batches = "batch 4 car plant -> market\nbatch 30 car plant -> market"
    few, many = baselines(world.replace("at=12:00", "at=12:00 mode=rail") + batches)
    assert (few.cents, many.cents) == (380 + 250, 380 + 33)  # 33.33
    assert few.door_min == many.door_min


def test_of_equally_cheap_itineraries_the_earliest_is_the_baseline():
    """With no price on time every later train is as cheap: door to door must not be weeks of waiting."""
    (baseline,) = baselines(WORLD + "batch 4 car plant -> market ready=100")
    assert baseline.door_min == (394 + 4 * 24 - 100 + 24) * 60  # road at 120 h, train at 132 h


def test_due_date_room_and_batch_size_do_not_count():
    early = "batch 4 car plant -> market due=1 early=5 late=70"
    many = "batch 4000 car plant -> market"
    alone = "batch 4 car plant -> market"
    full = WORLD.replace("bookable=no", "bookable=no room=1")
    assert baselines(full + early) == baselines(full + many) == baselines(WORLD + alone)


def test_cheapest_counts_not_the_earliest_and_carrying_is_paid():
    # a second road is dearer and two days quicker to the market
    text = WORLD + "road terminal -> market hours=58 price=20\n"
    (cheap,) = baselines(text + "batch 3 car plant -> market")
    assert (cheap.door_min, cheap.cents) == ((384 + 58) * 60, 30 + 300 + 20)
    dear = text.replace("carrying=0", "carrying=1") + "batch 3 car plant -> market value=21900"
    (quick,) = baselines(dear)  # 60 cents a day of capital
    assert quick.door_min == 394 * 60
    assert quick.cents == 30 + 300 + 50 + 985  # 394 h of 60 cents a day


def test_ride_shorter_than_the_whole_train_is_as_long_as_it_takes():
    text = WORLD.replace("-> terminal@360", "-> terminal@300-310* -> far@360")
    (baseline,) = baselines(text + "batch 4 car plant -> market")
    assert baseline.rail_min == 300 * 60


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("bookable=no", "bookable=yes"), "the network has no reference service"),
        (("road terminal", "road elsewhere"), "no reference train leads there"),
        (("-> market", "-> market2"), "no reference train leads there"),
        (
            ("leaves=Mon,Tue,Wed,Thu,Fri,Sat,Sun until=9 at", "leaves=Mon until=1 at=05:00 mode"),
            "no reference train leads there",
        ),
    ],
)
def test_no_baseline_has_a_reason(change: tuple[str, str], reason: str):
    assert baselines(WORLD.replace(*change) + "batch 4 car plant -> market") == [Baseline(reason=reason)]


def test_two_reference_rides_are_no_baseline():
    text = WORLD.replace("road terminal -> market", "road beyond -> market").replace(
        "service train hub", "service train x"
    )
    text += REFERENCE.replace("fifteen hub -> terminal", "sixteen terminal -> beyond") + " price=900\n"
    assert baselines(text + "batch 4 car plant -> market") == [
        Baseline(reason="no reference train leads there")
    ]


def test_batches_are_answered_in_their_order():
    text = (
        WORLD
        + """
        type truck per_box=0
        batch 1 car plant -> market ready=0
        batch 1 truck plant -> market
        batch 1 car plant -> nowhere
        batch 1 car plant -> market ready=24
    """
    )
    first, truck, nowhere, later = baselines(text)
    assert truck.reason == "the type never travels in boxes"
    assert nowhere.reason == "no reference train leads there"
    assert (first.door_min, later.door_min) == (394 * 60, 394 * 60)
    assert baselines(WORLD) == []


@pytest.mark.parametrize(("lat", "is_far"), [(8.99, False), (9.0, True)])
def test_origin_over_a_thousand_km_away_has_no_baseline(lat: float, is_far: bool):
    problem = tiny(WORLD + "batch 4 car plant -> market")
    places = dict(problem.network.places)
    places[PlaceId("plant")] = replace(places[PlaceId("plant")], lat=lat)  # a degree is 111.195 km
    moved: Problem = replace(problem, network=replace(problem.network, places=places))
    (baseline,) = find_baselines(moved)
    assert (baseline.reason == "the origin is over 1,000 km from the reference terminal") == is_far
    assert (baseline.cents is None) == is_far


def test_great_circle():
    def at(lat: float, lon: float) -> Place:
        return Place(id=PlaceId("x"), name="x", kind="plant", country="CN", lat=lat, lon=lon, time_zone="UTC")

    assert great_circle_km(at(10, 20), at(10, 20)) == 0
    assert isclose(great_circle_km(at(0, 0), at(0, 180)), 20_015.11, rel_tol=1e-6)
    assert isclose(
        great_circle_km(at(34.75, 113.62), at(51.43, 6.76)), 8_126, abs_tol=100
    )  # Zhengzhou, Duisburg
    assert great_circle_km(at(1, 2), at(3, 40)) == great_circle_km(at(3, 40), at(1, 2))
