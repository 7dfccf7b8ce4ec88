"""The map on the command line: which files it writes, what it says where, what it refuses."""

from __future__ import annotations

import json
from functools import partial

import pytest

from tests.command import run as run_command
from tests.reading.network_folder import NetworkFolder
from tests.render.geojson_rules import list_faults

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]}


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    return NetworkFolder(tmp_path_factory.mktemp("network") / "tables").path


run = partial(run_command, "network", "map")


def test_a_page_is_written_and_its_path_is_the_result(network, tmp_path):
    page = tmp_path / "map.html"
    done = run("--network", network, "--out", page)
    assert (done.exit_code, done.stdout) == (0, f"{page}\n")
    assert done.stderr == "7 places, 2 services, 3 roads drawn.\n"
    assert page.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="en">')


@pytest.mark.parametrize("name", ["map.geojson", "map.json", "MAP.GeoJSON"])
def test_an_ending_of_geojson_gives_the_features(name, network, tmp_path):
    assert run("--network", network, "--out", tmp_path / name).exit_code == 0
    assert list_faults(json.loads((tmp_path / name).read_text(encoding="utf-8"))) == []


def test_own_tables_lie_over_the_map(network, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    head, plant = (network / "places.csv").read_text(encoding="utf-8").splitlines()[:2]
    (own / "places.csv").write_text(f"{head}\n{plant.replace('Plant', 'Other plant', 1)}\n", encoding="utf-8")
    features = tmp_path / "map.geojson"
    assert run("--network", network, "--overlay", own, "--geojson", features).exit_code == 0
    assert "Other plant" in features.read_text(encoding="utf-8")


def test_page_and_features_are_written_together(network, tmp_path):
    page, features = tmp_path / "map.htm", tmp_path / "map.geojson"
    done = run("--network", network, "--out", page, "--geojson", features, "--lang", "zh")
    assert done.stdout == f"{page}\n{features}\n"
    assert '<html lang="zh-Hans">' in page.read_text(encoding="utf-8")
    alone = tmp_path / "alone.geojson"
    run("--network", network, "--geojson", alone)
    assert alone.read_bytes() == features.read_bytes()


def test_a_base_map_of_ones_own_is_drawn(network, tmp_path):
    own = tmp_path / "land.geojson"
    own.write_text(json.dumps(SQUARE), encoding="utf-8")
    page, piped = tmp_path / "map.html", tmp_path / "piped.html"
    assert run("--network", network, "--out", page, "--land", own).exit_code == 0
    assert '"land":{"type":"MultiPolygon","coordinates":[[[[0.0,0.0]' in page.read_text(encoding="utf-8")
    assert run("--network", network, "--out", piped, "--land", "-", stdin=json.dumps(SQUARE)).exit_code == 0
    assert piped.read_bytes() == page.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a file to write"),
        (["--out", "map.pdf"], "map.pdf ends in none of .html, .htm, .geojson, .json"),
        (["--out", "map"], "ends in none of"),
        (["--geojson", "map.html"], "map.html ends in none of .geojson, .json"),
        (["--out", "map.html", "--lang", "de"], "'de' is not one of"),
    ],
)
def test_a_file_of_unknown_kind_is_a_fault_of_usage(arguments, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.replace("│", "").split())
    assert list(tmp_path.iterdir()) == []


def test_a_base_map_that_is_none_is_refused(network, tmp_path):
    own, page = tmp_path / "land.geojson", tmp_path / "map.html"
    own.write_text('{"type": "Point", "coordinates": [0, 0]}', encoding="utf-8")
    done = run("--network", network, "--out", page, "--land", own)
    assert done.exit_code == 3
    assert done.stderr.startswith(f"{own}, column /: Point is not drawn")
    assert not page.exists()
    missing = run("--network", network, "--out", page, "--land", tmp_path / "none.geojson")
    assert missing.exit_code == 3
    assert "the file can't be read" in missing.stderr


def test_a_file_that_can_not_be_written_is_told_in_a_sentence(network, tmp_path):
    page = tmp_path / "none" / "map.html"
    done = run("--network", network, "--out", page)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"{page}: No such file or directory\n"
