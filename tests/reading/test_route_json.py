"""A question about one shipment as JSON: what it means, and every fault with its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache

import pytest

from planner.errors import InputError
from planner.model import Network
from planner.reading.route_json import RouteAsked, read_route_json
from planner.reading.shipment import read_shipment
from planner.reading.tables import read_network

GOOD = {
    "origin": "BYD-CGO",
    "destination": "CMP-HAMBURG",
    "vehicleType": "seal",
    "vehicles": 52,
    "ready": "2027-03-02",
}


@lru_cache
def network_of(currency: str, rates_date: date | None) -> Network:
    return read_network(None, currency, rates_date)


def read(**more: object) -> RouteAsked:
    return read_route_json({**GOOD, **more}, network_of)


def faults(question: object) -> dict[str, str]:
    """Code by pointer."""
    with pytest.raises(InputError) as caught:
        read_route_json(question, network_of)
    assert len({issue.column for issue in caught.value.issues}) == len(caught.value.issues)
    return {issue.column: issue.code for issue in caught.value.issues}


def test_a_question_means_what_the_command_line_means():
    asked = read(due="2027-04-21", latePrice=5, via=["KHORGOS"], modes="rail", alternatives=2, limit=3)
    cells = {
        "origin": "BYD-CGO",
        "destination": "CMP-HAMBURG",
        "vehicle_type": "seal",
        "vehicles": "52",
        "ready": "2027-03-02",
        "due": "2027-04-21",
        "late_price": "5",
        "via": "KHORGOS",
        "modes": "rail",
    }
    shipment, _ = read_shipment(network_of("USD", None), cells)
    assert asked.query.shipment == shipment
    query = asked.query
    assert (query.has_due, query.alternatives, query.limit, query.objective) == (True, 2, 3, "cost")
    assert (asked.terms.currency, asked.terms.carrying_rate) == ("USD", Fraction(8, 100))


def test_what_is_null_is_not_given():
    asked = read(due=None, shipper=None, limit=None, currency=None, today=None, networkId=None)
    assert asked == read()
    assert not asked.query.has_due


def test_terms_are_those_asked_for():
    asked = read(currency="EUR", carryingRate="12%", times="high", today="2027-02-01", baseline=False)
    assert asked.network is network_of("EUR", None)
    assert asked.terms.currency == "EUR"
    assert (asked.terms.times, asked.terms.today) == ("high", date(2027, 2, 1))
    assert not asked.baseline


def test_every_fault_is_told_at_once():
    told = faults(
        {
            "origin": "XX",
            "destination": 5,
            "vehicleType": "seal",
            "ready": "03/04/2027",
            "due": 1.5,
            "vehicle_type": "seal",
            "latePrice": "-1",
            "notVia": [1],
            "modes": ["teleport"],
            "limit": 101,
            "alternatives": True,
            "objective": "blend",
            "latestReady": "yes",
            "currency": "usd",
            "carryingRate": 8,
            "times": None,
            "today": "soon",
            "networkId": "x" * 41,
            "batchId": "B-1",
        }
    )
    assert told == {
        "/origin": "not_in_network",
        "/destination": "wrong_type",
        "/ready": "ambiguous",
        "/due": "wrong_type",
        "/vehicle_type": "unknown",
        "/vehicles": "missing",
        "/latePrice": "out_of_range",
        "/notVia": "wrong_type",
        "/modes": "not_a_choice",
        "/limit": "out_of_range",
        "/alternatives": "wrong_type",
        "/objective": "not_a_choice",
        "/latestReady": "wrong_type",
        "/currency": "not_a_choice",
        "/carryingRate": "wrong_type",
        "/today": "not_a_time",
        "/networkId": "too_long",
        "/batchId": "unknown",
    }


def test_an_empty_question_lacks_what_has_to_be_there():
    needed = ("origin", "destination", "vehicleType", "vehicles", "ready")
    assert faults({}) == dict.fromkeys((f"/{key}" for key in needed), "missing")


@pytest.mark.parametrize("question", [[], "text", 5, None])
def test_what_is_no_object_is_refused(question: object):
    assert faults(question) == {"/": "wrong_type"}


def test_prices_of_days_need_a_due_date():
    assert faults({**GOOD, "earlyPrice": "1", "latePrice": "2"}) == {
        "/earlyPrice": "contradiction",
        "/latePrice": "contradiction",
    }


def test_money_that_the_network_does_not_know_is_a_fault_beside_all_others():
    assert faults({**GOOD, "currency": "JPY", "origin": "XX"}) == {
        "/currency": "missing",
        "/origin": "not_in_network",
    }
    assert faults({**GOOD, "ratesDate": "2020-01-01"}) == {"/ratesDate": "out_of_range"}


def test_a_ready_time_beyond_the_timetable_is_the_only_fault_there_is():
    """The due date that stands in for one not given is nothing to refuse."""
    assert faults({**GOOD, "ready": "2030-01-01"}) == {"/ready": "contradiction"}
