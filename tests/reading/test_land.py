"""A base map of one's own is read whole, or refused with every fault."""

from __future__ import annotations

import json

import pytest

from planner.errors import InputError
from planner.reading.land import read_land

RING = [[0, 0], [4, 0], [4, 4.5], [0, 0]]
HOLE = [[1, 1], [2, 1], [2, 2], [1, 1]]
AREA = {"type": "Polygon", "coordinates": [RING, HOLE]}
AS_READ = (((0.0, 0.0), (4.0, 0.0), (4.0, 4.5), (0.0, 0.0)), ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)))


def feature(geometry):
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry}


def read(document):
    text = document if isinstance(document, str) else json.dumps(document)
    return read_land(text.encode(), "land.geojson")


@pytest.mark.parametrize(
    "document",
    [
        AREA,
        {"type": "MultiPolygon", "coordinates": [[RING, HOLE]]},
        feature(AREA),
        {"type": "GeometryCollection", "geometries": [AREA]},
        {"type": "FeatureCollection", "features": [feature(None), feature(AREA)]},
        {"type": "Polygon", "coordinates": [[[*at, 12.5] for at in ring] for ring in (RING, HOLE)]},
    ],
)
def test_areas_are_found_in_whatever_holds_them(document):
    assert read(document) == (AS_READ,)


def test_a_byte_order_mark_is_no_fault():
    assert read("\ufeff" + json.dumps(AREA)) == (AS_READ,)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "is not JSON"),
        ("{", "line 1"),
        ('{"type": "Polygon", "coordinates": NaN}', "is not a finite number"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "is no GeoJSON object"),
        ({"type": "Point", "coordinates": [0, 0]}, "Point is not drawn"),
        ({"type": "Polygon"}, "Polygon is not drawn, or is incomplete"),
        ({"type": "FeatureCollection", "features": []}, "holds no area"),
        ({"type": "Polygon", "coordinates": []}, "is no list of rings"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, "column /coordinates/0: is no ring of at least 4"),
        ({"type": "Polygon", "coordinates": [[*RING[:3], [0, 1]]]}, "is not closed"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [181, 0], [1, 1], [0, 0]]]},
            "/coordinates/0/1: '[181, 0]'",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [True, 0], [1, 1], [0, 0]]]}, "longitude first"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [30, 120], [1, 1], [0, 0]]]}, "longitude first"),
    ],
)
def test_what_is_no_land_is_refused_in_words(document, words):
    with pytest.raises(InputError) as caught:
        read(document)
    assert words in str(caught.value.issues[0])


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(InputError) as caught:
        read_land(b'{\n"type": "\xff"}', "x")
    assert caught.value.issues[0].row == 2


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        read(
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point"}, AREA, {"type": "Polygon", "coordinates": [[]]}],
            }
        )
    assert [issue.column for issue in caught.value.issues] == ["/geometries/0", "/geometries/2/coordinates/0"]
