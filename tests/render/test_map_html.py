"""The page of a network: all in one file, nothing from outside, and names that can't do harm."""

from __future__ import annotations

import json
import re

import pytest

from planner.model.places import PLACE_KINDS
from planner.model.services import CAPACITY_UNITS, MODES, ROAD
from planner.model.vehicles import BOXED, LOOSE
from planner.network.sea_lanes import SeaLanes
from planner.reading.tables import read_network
from planner.render.languages import LANGUAGES
from planner.render.map_html import map_words, network_map, shipped_land
from planner.render.network_features import ESTIMATE, PARTLY, SOURCED, network_features
from planner.render.page import asset_text, fill, page_data
from tests.reading.network_folder import NetworkFolder

LAND = shipped_land()
LANES = SeaLanes(LAND)
SQUARE = (((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)),)
NAMESPACE = "http://www.w3.org/"
LEAFLET = "https://leafletjs.com"


@pytest.fixture(scope="module")
def page():
    return network_map(read_network(), LANES, LAND)


@pytest.fixture
def folder(tmp_path):
    return NetworkFolder(tmp_path / "tables")


def data_of(page):
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_nothing_is_loaded_from_outside(page):
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:\bsrc|\bhref)\s*=\s*["'][^#"']""", page) == []
    assert re.findall(r"@import|url\((?!#)|<link|<iframe|<img|sourceMappingURL", page) == []


def test_the_only_addresses_are_a_licence_and_a_namespace(page):
    addresses = re.findall(r"https?://[^\s\"'<>)]*", page)
    assert {address for address in addresses if not address.startswith(NAMESPACE)} == {LEAFLET}
    assert f"interactive maps. {LEAFLET}\n" in page, "the head of the licence"
    assert page.count(LEAFLET) == 1
    assert "Redistributions in binary form must reproduce" in page


def test_every_place_and_service_is_on_the_page(page):
    network = read_network()
    data = data_of(page)
    assert data["network"] == json.loads(json.dumps(network_features(network, LANES)))
    bookable = {name for name, service in network.services.items() if service.bookable}
    assert {name for corridor in data["corridors"] for name in corridor["services"]} == bookable
    assert set(data["leaves"]) == set(network.services)


def test_a_corridor_adds_up_the_departures_of_its_services(page):
    data = data_of(page)
    a_week = {
        feature["properties"]["id"]: feature["properties"]["departuresPerWeek"]
        for feature in data["network"]["features"]
        if feature["properties"]["what"] == "service"
    }
    widest = max(data["corridors"], key=lambda corridor: len(corridor["services"]))
    assert len(widest["services"]) > 1
    assert widest["perWeek"] == pytest.approx(sum(a_week[name] for name in widest["services"]))


def test_names_are_data_and_never_markup(folder):
    evil = "</script><script>alert(1)</script><!-- {{program}} & 'x' \"y\""
    folder.set("places", 2, "name", evil)
    folder.set("services", 2, "name", evil)
    page = network_map(folder.read(), LANES, [SQUARE])
    assert "alert(1)</script>" not in page
    assert page.count("</script>") == network_map(read_network(), LANES, [SQUARE]).count("</script>")
    features = data_of(page)["network"]["features"]
    names = [feature["properties"]["name"] for feature in features if feature["properties"]["name"] == evil]
    assert len(names) == 2


def test_the_program_sets_names_as_text():
    program = asset_text("map.js")
    assert (
        re.findall(
            r"\.(?:outerHTML|insertAdjacentHTML)|document\.write|\beval\(|bindPopup|bindTooltip", program
        )
        == []
    )
    # Two drawings: of the legend, and of the markers. Both come from constants of the program.
    assert re.findall(r"innerHTML = .*|html: .*", program) == [
        "innerHTML = svg;  // one of the constants of this file",
        'html: `<svg width="${size}" height="${size}" viewBox="0 0 16 16">${shape}</svg>`,',
    ]


def test_the_base_map_can_be_replaced(folder):
    network = folder.read()
    assert data_of(network_map(network, LANES, [SQUARE]))["land"] == {
        "type": "MultiPolygon",
        "coordinates": [[[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 0.0]]]],
    }
    assert len(data_of(network_map(network, LANES, LAND))["land"]["coordinates"]) == len(LAND)


def test_equal_input_gives_equal_bytes(page):
    assert network_map(read_network(), SeaLanes(shipped_land()), shipped_land()) == page


def test_the_page_speaks_both_languages(folder):
    english, chinese = (network_map(folder.read(), LANES, [SQUARE], lang) for lang in LANGUAGES)
    assert '<html lang="en">' in english
    assert "<title>Network map</title>" in english
    assert '<html lang="zh-Hans">' in chinese
    assert "<title>运输网络图</title>" in chinese
    assert data_of(english)["leaves"]["TRAIN"] == "Mon Thu 08:30"
    assert data_of(chinese)["leaves"]["TRAIN"] == "周一 周四 08:30"
    assert "工厂" in chinese


def test_both_languages_have_the_words_that_are_said_and_no_others():
    english, chinese = (map_words(lang) for lang in LANGUAGES)
    assert set(english) == set(chinese)
    from_tables = {*PLACE_KINDS, *MODES, ROAD, LOOSE, BOXED, SOURCED, PARTLY, ESTIMATE}
    from_tables |= {f"unit_{unit}" for unit in CAPACITY_UNITS}
    program = asset_text("map.js")
    quoted = {word for word in english if f'"{word}"' in program}
    assert quoted | from_tables == set(english)
    assert set(re.findall(r'\bsay\("(\w+)"', program)) - {"unit_"} <= set(english)
    for word, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", chinese[word])), word


def test_every_mode_and_kind_has_a_drawing():
    program, modes = asset_text("map.js"), asset_text("modes.js")
    for mode in (*MODES, ROAD):
        assert re.search(rf"^  {mode}: \{{colour: ", modes, re.MULTILINE), mode
    for kind in PLACE_KINDS:
        assert re.search(rf"^  {kind}: \{{size: ", program, re.MULTILINE), kind


def test_a_slot_is_filled_once():
    assert fill("<p>{{one}}{{two}}</p>", {"one": "{{two}}", "two": "2"}) == "<p>{{two}}2</p>"
    with pytest.raises(KeyError):
        fill("{{three}}", {})


def test_data_in_a_script_can_not_end_it():
    value = {"name": "</script><!-- & \u2028 \u2029 中"}
    text = page_data(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value
