"""GeoJSON (RFC 7946): geometries of points, lines and areas, features, and collections as text."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.model.geo import Line, Point, Polygon

Json = dict[str, Any]

_DECIMALS = 6
"""Of a degree: a tenth of a metre (RFC 7946, section 11.2)."""
_HALF_TURN = 180.0


def point_geometry(point: Point) -> Json:
    """A point; longitude first."""
    return {"type": "Point", "coordinates": _position(point)}


def line_geometry(line: Line) -> Json:
    """A line the short way round the globe; cut where it crosses ±180 degrees (section 3.1.9)."""
    pieces = [[_position(point) for point in piece] for piece in cut_at_antimeridian(line)]
    if len(pieces) == 1:
        return {"type": "LineString", "coordinates": pieces[0]}
    return {"type": "MultiLineString", "coordinates": pieces}


def area_geometry(polygons: Iterable[Polygon]) -> Json:
    """Areas, as they are."""
    areas = [[[_position(point) for point in ring] for ring in polygon] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": areas}


def feature(name: str, geometry: Json, properties: Mapping[str, object]) -> Json:
    """A geometry with what is known of it; ``name`` is its id among all features of a collection."""
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": dict(properties)}


def feature_collection(features: Iterable[Json], **members: object) -> Json:
    """Features, and members of the collection's own (section 6.1)."""
    return {"type": "FeatureCollection", **members, "features": list(features)}


def geojson_text(collection: Json) -> str:
    """A collection as text, a feature a line."""
    head = {key: value for key, value in collection.items() if key != "features"}
    lines = ",\n".join(compact_json(one) for one in collection["features"])
    return f'{compact_json(head)[:-1]},"features":[\n{lines}\n]}}\n'


def compact_json(value: object) -> str:
    """JSON without blanks, letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def cut_at_antimeridian(line: Line) -> Sequence[Line]:
    """Pieces of a line, none of which crosses ±180 degrees; each step goes the short way round."""
    pieces: list[list[Point]] = [[line[0]]]
    for (lon, lat), (next_lon, next_lat) in pairwise(line):
        if abs(next_lon - lon) > _HALF_TURN:
            edge = _HALF_TURN if lon > 0 else -_HALF_TURN
            # The step as if degrees went on beyond the edge.
            step = next_lon + 2 * edge - lon
            met_lat = lat + (next_lat - lat) * ((edge - lon) / step if step else 0.0)
            pieces[-1].append((edge, met_lat))
            pieces.append([(-edge, met_lat)])
        pieces[-1].append((next_lon, next_lat))
    # A step that starts or ends on the edge leaves a piece that is one point twice.
    drawn = [tuple(piece) for piece in pieces if len(set(piece)) > 1]
    return drawn or [line]


def _position(point: Point) -> list[float]:
    return [round(value, _DECIMALS) for value in point]
