"""Duty beside a plan: which rows hold, on what, and that it is no part of the cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from planner.duties import cents_by_duty, find_duties, list_duties
from planner.model import Duty, Problem
from planner.solve import solve
from tests.tiny import tiny

DAY = date(2025, 3, 5)
CUSTOMS = Duty(name="customs", countries=("DE", "FR"), hs_code="8703", rate=Fraction(1, 10))
FOR_ALL = Duty(name="special", countries=("DE",), hs_code="870380", rate=Fraction(353, 1000))
FOR_ALPHA = replace(FOR_ALL, shippers=("Alpha",), rate=Fraction(17, 100))


def world(*duties: Duty, shipper: str = "Alpha", code: str = "870380", country: str = "DE") -> Problem:
    """Three cars worth 1,000.05 that are delivered on Tuesday 4 March."""
    problem = tiny("""
        service rail plant -> market@20 leaves=Mon at=08:00 price=500
        batch 3 car plant -> market ready=0 due=240
    """)
    (batch,) = problem.batches
    network = problem.network
    places = {
        name: replace(place, country=country if name == "market" else "CN")
        for name, place in network.places.items()
    }
    types = {name: replace(kind, hs_code=code) for name, kind in network.vehicle_types.items()}
    return Problem(
        network=replace(network, places=places, vehicle_types=types, duties=duties),
        batches=(replace(batch, shipper=shipper, value_per_vehicle=Fraction(100_005)),),
        terms=problem.terms,
    )


def holding(problem: Problem, day: date = DAY) -> set[Fraction]:
    return {duty.rate for duty in find_duties(problem, problem.batches[0], day)}


def test_duties_of_different_names_add_up_and_of_one_name_one_holds():
    assert holding(world(CUSTOMS, FOR_ALL)) == {CUSTOMS.rate, FOR_ALL.rate}
    assert holding(world(CUSTOMS, FOR_ALL, FOR_ALPHA)) == {CUSTOMS.rate, FOR_ALPHA.rate}
    assert holding(world(FOR_ALPHA, FOR_ALL), DAY) == {FOR_ALPHA.rate}


def test_who_is_not_named_pays_what_all_pay():
    assert holding(world(FOR_ALPHA, FOR_ALL, shipper="Beta")) == {FOR_ALL.rate}
    assert holding(world(FOR_ALPHA, shipper="Beta")) == set()


def test_the_longer_code_beats_the_shorter():
    finer = replace(CUSTOMS, hs_code="870380", rate=Fraction(1, 5))
    for duties in ((CUSTOMS, finer), (finer, CUSTOMS)):
        assert holding(world(*duties)) == {finer.rate}
        assert holding(world(*duties, code="870322")) == {CUSTOMS.rate}


@pytest.mark.parametrize(
    ("changes", "code", "country"),
    [({}, "8708", "DE"), ({}, "", "DE"), ({}, "870380", "PL"), ({"countries": ("CN",)}, "870380", "CN")],
)
def test_nothing_is_paid_on_other_goods_elsewhere_or_at_home(changes, code, country):
    assert holding(world(replace(CUSTOMS, **changes), code=code, country=country)) == set()


def test_first_and_last_day_are_days_on_which_it_holds():
    dated = replace(CUSTOMS, first_date=date(2025, 3, 4), last_date=date(2025, 3, 6))
    held = [day for day in range(1, 10) if holding(world(dated), date(2025, 3, day))]
    assert held == [4, 5, 6]


def test_a_line_is_rounded_once_per_vehicle_and_has_its_minimum():
    problem = world(CUSTOMS, replace(FOR_ALL, rate=Fraction(1, 1000), minimum=Fraction(70_049, 100)))
    plan = solve(problem).plan
    lines = list(list_duties(problem, plan))
    assert [(line.duty.name, line.vehicles, line.unit_cents) for line in lines] == [
        ("customs", 3, 10_001),  # 10,000.5, half up
        ("special", 3, 700),  # 100.005 is below the minimum of 700.49
    ]
    assert cents_by_duty(lines) == {"customs": 30_003, "special": 2_100}


def test_who_is_free_of_a_duty_has_no_line_of_it():
    problem = world(FOR_ALL, replace(FOR_ALPHA, rate=Fraction(0)))
    assert holding(problem) == {Fraction(0)}
    assert list(list_duties(problem, solve(problem).plan)) == []


def test_duty_moves_no_plan_and_no_cost():
    problem = world(CUSTOMS, FOR_ALL)
    with_duty = solve(problem).plan
    without = solve(replace(problem, network=replace(problem.network, duties=()))).plan
    assert with_duty == without
