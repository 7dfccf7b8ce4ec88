"""What a plan rests on: each cent and each minute by the row behind it."""

from __future__ import annotations

from dataclasses import replace

from planner.grounds import trace_plan
from planner.model import Problem
from planner.model.sources import Source
from planner.provenance import DERIVED, ESTIMATED, SOURCED
from planner.reading.tables import read_network
from planner.solve import solve
from planner.sums import cost_by_kind
from tests.conftest import SEED
from tests.tiny import tiny
from tests.worlds import random_world

SOURCES = {
    "A1": Source(id="A1", title="official", grade="A"),
    "D1": Source(id="D1", title="rumour", grade="D"),
}


def world(*, freight: str, call: str, road: str, handling: str = "A1") -> Problem:
    """Two cars by train for 20 h and 500 cents, then by road for 3 h and 40 cents."""
    problem = tiny("""
        service rail plant -> hub@20 leaves=Mon at=08:00 price=500
        road hub -> market hours=3 every=1 price=40
        handling hub rail->road loose->loose hours=2 price=7
        batch 2 car plant -> market ready=0 due=240
    """)
    network = problem.network
    services = {
        name: replace(service, calls=tuple(replace(each, source=call) for each in service.calls))
        for name, service in network.services.items()
    }
    return replace(
        problem,
        network=replace(
            network,
            services=services,
            tariffs=tuple(replace(row, source=freight) for row in network.tariffs),
            roads=tuple(replace(row, source=road) for row in network.roads),
            handling=tuple(replace(row, source=handling) for row in network.handling),
            sources=SOURCES,
        ),
    )


def test_money_and_minutes_stand_with_the_ground_of_their_row():
    problem = world(freight="A1", call="D1;estimate: mean", road="estimate: guess")
    found = trace_plan(problem, solve(problem).plan)
    assert found.cents == {SOURCED: 2 * 507, DERIVED: 0, ESTIMATED: 2 * 40}
    assert found.minutes == {SOURCED: 2 * 120, DERIVED: 2 * 1_200, ESTIMATED: 2 * 180}
    assert found.price is not None
    assert found.time is not None
    assert (str(found.price.ground), found.price.what) == ("estimated", "road hub-market")
    assert (str(found.time.ground), found.time.what) == ("estimated", "road hub-market")


def test_of_equal_grounds_the_weaker_grade_is_the_weakest():
    problem = world(freight="D1", call="A1", road="A1")
    found = trace_plan(problem, solve(problem).plan)
    assert found.price is not None
    assert found.time is not None
    assert (found.price.ground.ground, found.price.ground.grade) == (SOURCED, "D")
    assert found.price.what == "freight rail plant-hub"
    assert (found.time.ground.ground, found.time.ground.grade) == (SOURCED, "A")


def test_a_batch_has_the_weakest_of_its_own():
    problem = world(freight="A1", call="A1", road="D1;estimate: mean")
    (own,) = trace_plan(problem, solve(problem).plan).batches
    assert own.batch_id == problem.batches[0].id
    assert own.price is not None
    assert str(own.price.ground) == "derived (D)"


def test_every_cent_that_a_row_sets_is_counted_once():
    """In worlds with boxes, parts, charters and kept vehicles, too."""
    compared = 0
    for seed in range(SEED, SEED + 12):
        problem = random_world(seed)
        plan = solve(problem).plan
        by_kind = cost_by_kind(plan)
        of_rows = sum(
            cents
            for kind, cents in by_kind.items()
            if kind not in ("carrying", "early", "late", "departure", "module")
        )
        assert sum(trace_plan(problem, plan).cents.values()) == of_rows, seed
        compared += of_rows > 0
    assert compared


def test_the_shipped_duties_are_those_of_the_rules():
    """Rates of the regulation of October 2024, by maker."""
    network = read_network()
    rates = {
        shipper: float(duty.rate)
        for duty in network.duties
        if duty.name == "countervailing"
        for shipper in duty.shippers or ("",)
    }
    assert {name: rates[name] for name in ("BYD", "Geely", "SAIC", "Tesla", "Chery", "")} == {
        "BYD": 0.17,
        "Geely": 0.188,
        "SAIC": 0.353,
        "Tesla": 0.078,
        "Chery": 0.207,
        "": 0.353,
    }
