"""A file of batches and terms become a problem."""

from __future__ import annotations

import pytest

from planner import InputError, Terms, find_faults, read_problem, solve

HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due\n"
ROW = "B-1,BYD,BYD-CGO,CMP-TASHKENT,seal,3,2027-03-01,2027-04-20\n"


@pytest.fixture
def batch_file(tmp_path):
    path = tmp_path / "batches.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    return path


def test_a_problem_is_read_from_a_path_as_from_its_text(batch_file):
    assert read_problem(batch_file) == read_problem(str(batch_file))


def test_prices_come_in_the_currency_of_the_terms(batch_file):
    dollars, euros = read_problem(batch_file), read_problem(batch_file, Terms(currency="EUR"))
    assert dollars.network.usd_price == 100
    assert euros.network.usd_price < 100
    assert euros.terms.currency == "EUR"


def test_a_row_with_a_fault_is_refused_or_skipped(batch_file):
    batch_file.write_text(HEADER + ROW + ROW.replace("B-1", "B-2").replace("seal", "seel"), encoding="utf-8")
    with pytest.raises(InputError, match="seel"):
        read_problem(batch_file)
    assert [batch.id for batch in read_problem(batch_file, on_error="skip").batches] == ["B-1"]


def test_a_plan_gives_what_becomes_of_a_batch_or_says_that_it_has_none(batch_file):
    problem = read_problem(batch_file)
    plan = solve(problem).plan
    assert find_faults(problem, plan) == []
    assert plan.get_batch("B-1").planned_vehicles == 3
    with pytest.raises(KeyError, match="B-2"):
        plan.get_batch("B-2")
