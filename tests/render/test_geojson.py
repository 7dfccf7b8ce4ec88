"""Geometries and features are GeoJSON by the rules of RFC 7946, whatever the network."""

from __future__ import annotations

import json

import pytest

from planner.network.sea_lanes import SeaLanes
from planner.reading.tables import read_network
from planner.render.geojson import area_geometry, cut_at_antimeridian, geojson_text, line_geometry
from planner.render.map_html import shipped_land
from planner.render.network_features import grade, network_features
from planner.render.page import asset_text
from tests.reading.network_folder import NetworkFolder
from tests.render.geojson_rules import list_faults, list_geometry_faults


@pytest.fixture(scope="module")
def lanes():
    return SeaLanes(shipped_land())


@pytest.fixture
def folder(tmp_path):
    return NetworkFolder(tmp_path / "tables")


def features_of(network, lanes):
    collection = json.loads(geojson_text(network_features(network, lanes)))
    assert list_faults(collection) == []
    return {feature["id"]: feature for feature in collection["features"]}


def test_the_shipped_network_is_whole_and_valid(lanes):
    network = read_network()
    features = features_of(network, lanes)
    assert {name for name in features if name.startswith("place:")} == {
        f"place:{name}" for name in network.places
    }
    assert {name for name in features if name.startswith("service:")} == {
        f"service:{name}" for name in network.services
    }
    assert len(features) == len(network.places) + len(network.services) + len(network.roads)


def test_equal_networks_give_equal_bytes():
    once, again = (geojson_text(network_features(read_network(), SeaLanes(shipped_land()))) for _ in range(2))
    assert once == again
    assert once.endswith("]}\n")


def test_a_place_says_what_it_is(folder, lanes):
    place = features_of(folder.read(), lanes)["place:PLANT"]
    assert place["geometry"] == {"type": "Point", "coordinates": [113.97, 34.4]}
    assert place["properties"] == {
        "what": "place",
        "id": "PLANT",
        "name": "Plant",
        "nameZh": "工厂",
        "aliases": ["Works", "Old works"],
        "kind": "plant",
        "country": "CN",
        "region": "",
        "unlocode": "",
        "gauge": "",
        "timeZone": "Asia/Shanghai",
        "grade": "estimate",
        "source": "estimate: made up",
    }


def test_a_service_goes_through_its_calls_with_days_and_room(folder, lanes):
    features = features_of(folder.read(), lanes)
    train, barge = features["service:TRAIN"], features["service:BARGE"]
    assert train["geometry"] == {
        "type": "LineString",
        "coordinates": [[114.01, 34.38], [82.5, 45.2], [6.7, 51.4]],
    }
    facts = train["properties"]
    assert (facts["mode"], facts["form"], facts["capacity"], facts["capacityUnit"]) == (
        "rail",
        "boxed",
        41,
        "feu",
    )
    assert (facts["departuresPerWeek"], facts["days"], facts["grade"]) == (2, 12.5, "sourced")
    assert facts["calendars"] == [
        {
            "weekdays": [1, 4],
            "everyWeeks": 1,
            "localTime": "08:30",
            "firstDate": "2025-01-01",
            "lastDate": "2025-12-31",
        }
    ]
    assert facts["calls"][1] == {
        "place": "BORDER",
        "name": "Border",
        "nameZh": "",
        "arriveHours": 72,
        "departHours": 96.05,
        "load": False,
        "unload": False,
        "cutoffHours": 0,
        "releaseHours": 0,
        "capacityOnward": 41,
    }
    assert [call["capacityOnward"] for call in facts["calls"]] == [55, 41, None]
    assert (barge["properties"]["capacity"], barge["properties"]["departuresPerWeek"]) == (120.5, 0.5)


def test_ships_are_drawn_by_sea_lanes_and_say_so(folder, lanes):
    straight = features_of(folder.read(), lanes)["service:BARGE"]
    assert straight["properties"]["drawn"] == "straight from call to call"
    assert len(straight["geometry"]["coordinates"]) == 2
    folder.set("services", 3, "mode", "roro")
    folder.set("places", 6, "lat", "23.5")
    folder.set("places", 6, "lon", "118.4")
    folder.set("places", 7, "lat", "36")
    folder.set("places", 7, "lon", "120.5")
    by_sea = features_of(folder.read(), lanes)["service:BARGE"]
    assert by_sea["properties"]["drawn"] == "by sea lanes"
    assert len(by_sea["geometry"]["coordinates"]) > 2


def test_a_road_is_a_feature_for_each_direction_and_form(folder, lanes):
    features = features_of(folder.read(), lanes)
    roads = [name for name in features if name.startswith("road:")]
    assert roads == ["road:PLANT:RAIL-CN:loose", "road:RAIL-EU:MARKET:loose", "road:RAIL-EU:MARKET:boxed"]
    facts = features["road:RAIL-EU:MARKET:boxed"]["properties"]
    assert (facts["km"], facts["hours"], facts["mode"], facts["name"]) == (
        200,
        4.5,
        "road",
        "Terminal – Market",
    )


def test_a_service_over_the_pacific_is_cut_at_180_degrees(folder, lanes):
    folder.set("places", 7, "lon", "-170.0")
    folder.set("places", 6, "lon", "170.0")
    geometry = features_of(folder.read(), lanes)["service:BARGE"]["geometry"]
    assert geometry == {
        "type": "MultiLineString",
        "coordinates": [[[170.0, 33.5], [180.0, 32.4]], [[-180.0, 32.4], [-170.0, 31.3]]],
    }


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        (((170.0, 0.0), (-170.0, 10.0)), 2),
        (((-170.0, 0.0), (170.0, 10.0)), 2),
        (((170.0, 0.0), (-170.0, 10.0), (170.0, 20.0)), 3),
        (((180.0, 0.0), (-170.0, 10.0)), 1),
        (((170.0, 0.0), (-180.0, 10.0)), 1),
        (((180.0, 0.0), (-180.0, 10.0)), 1),
        (((-90.0, 0.0), (90.0, 0.0)), 1),
        (((5.0, 5.0), (5.0, 5.0)), 1),
    ],
)
def test_lines_go_the_short_way_round(line, pieces):
    assert len(cut_at_antimeridian(line)) == pieces
    assert list_geometry_faults(line_geometry(line)) == []


def test_the_rules_find_what_they_are_for():
    assert list_geometry_faults({"type": "Point", "coordinates": [50.0, 113.0]})
    assert list_geometry_faults({"type": "LineString", "coordinates": [[170, 0], [-170, 0]]})
    assert list_geometry_faults({"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]})
    assert list_faults({"type": "FeatureCollection", "features": [], "crs": {}})


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["R1", "R2;R3"], "sourced"),
        (["R1;estimate: split in proportion"], "partly estimated"),
        (["R1", "estimate: guessed"], "partly estimated"),
        (["estimate: guessed", "estimate: guessed again; twice"], "estimate"),
    ],
)
def test_a_grade_says_how_well_rows_are_founded(sources, found):
    assert grade(sources) == found


def test_the_base_map_is_small_valid_and_land_alone():
    text = asset_text("land.geojson")
    assert len(text.encode()) < 250_000
    document = json.loads(text)
    assert set(document) == {"type", "coordinates"}
    assert list_geometry_faults(document) == []
    land = shipped_land()
    assert area_geometry(land) == document
    values = [value for polygon in land for ring in polygon for point in ring for value in point]
    assert all(value == round(value, 2) for value in values)
