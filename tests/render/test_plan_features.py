"""Flows of a plan: what goes one way in one mode, and how it stands in plan.geojson."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from planner.render.drawn_plan import draw_plan
from planner.render.flows import find_flows
from planner.render.geojson import geojson_text
from planner.render.plan_features import count_handled, plan_features
from tests.render.geojson_rules import list_faults
from tests.render.sample_plan import NETWORK, PLAN


@pytest.fixture(scope="module")
def collection():
    features = plan_features(NETWORK, PLAN, draw_plan(NETWORK, PLAN), "a" * 64)
    return json.loads(geojson_text(features))


def test_itineraries_on_one_way_add_up():
    flows = {(flow.mode, *flow.places): flow for flow in find_flows(NETWORK, PLAN).flows}
    train = flows["rail", "CN-RAIL", "DE-RAIL"]
    assert (train.vehicles, dict(train.services), dict(train.batches)) == (7, {"TRAIN": 7}, {"B-1": 7})
    assert len(train.departures) == 1
    assert flows["road", "CN-PLANT", "CN-RAIL"].vehicles == 7
    assert flows["roro", "CN-SEA", "DE-YARD"].vehicles == 3
    assert sum(flow.vehicles for flow in flows.values()) == 7 * 3 + 3 * 2


def test_boxes_of_a_run_count_once_and_only_where_they_ride():
    flows = {(flow.mode, *flow.places): flow.boxes for flow in find_flows(NETWORK, PLAN).flows}
    assert flows["rail", "CN-RAIL", "DE-RAIL"] == 3
    assert flows["road", "CN-PLANT", "CN-RAIL"] == 0, "driven there loose, stuffed at the terminal"


def test_each_ride_and_road_of_an_itinerary_knows_its_flow():
    found = find_flows(NETWORK, PLAN)
    first, second, third = found.ways[0]
    assert first == second
    assert [found.flows[number].mode for number in first] == ["road", "rail", "road"]
    assert [found.flows[number].mode for number in third] == ["road", "roro"]
    assert found.ways[1] == ()


def test_vehicles_leave_change_and_are_delivered():
    handled = {
        place: (one.leaving, one.changing, one.delivered) for place, one in count_handled(PLAN).items()
    }
    assert handled == {
        "CN-PLANT": (10, 0, 0),
        "CN-RAIL": (0, 7, 0),
        "DE-RAIL": (0, 7, 0),
        "DE-YARD": (0, 0, 10),
        "CN-SEA": (0, 3, 0),
    }


def test_the_features_obey_the_standard(collection):
    assert list_faults(collection) == []
    assert collection["plan"] == "a" * 64


def test_features_say_what_is_carried_and_handled(collection):
    by_id = {feature["id"]: feature["properties"] for feature in collection["features"]}
    assert by_id["flow:rail:CN-RAIL:DE-RAIL"] == {
        "what": "flow",
        "mode": "rail",
        "from": "CN-RAIL",
        "to": "DE-RAIL",
        "through": [],
        "vehicles": 7,
        "boxes": 3,
        "departures": 1,
        "services": {"TRAIN": 7},
        "batches": {"B-1": 7},
    }
    assert by_id["place:CN-RAIL"]["vehicles"] == 7
    assert {properties["what"] for properties in by_id.values()} == {"flow", "place"}


def test_ships_are_drawn_round_the_land_and_all_else_from_call_to_call():
    ends = {"CN-SEA": (121.6, 31.4), "DE-YARD": (8.5, 53.6), "CN-PLANT": (113.6, 34.7)}
    places = {
        name: replace(place, lon=ends[name][0], lat=ends[name][1]) if name in ends else place
        for name, place in NETWORK.places.items()
    }
    drawn = draw_plan(replace(NETWORK, places=places), PLAN)
    lines = {
        (flow.mode, *flow.places): line for flow, line in zip(drawn.flows.flows, drawn.lines, strict=True)
    }
    assert len(lines["roro", "CN-SEA", "DE-YARD"]) > 10
    assert lines["road", "CN-PLANT", "CN-SEA"] == (ends["CN-PLANT"], ends["CN-SEA"])
