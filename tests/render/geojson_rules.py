"""The rules of RFC 7946 that a reader of GeoJSON relies on, as code."""

from __future__ import annotations

from itertools import pairwise

DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def list_faults(document):
    """What RFC 7946 forbids or what a map would draw wrong, in words; empty if nothing."""
    if document.get("type") != "FeatureCollection" or not isinstance(document.get("features"), list):
        return ["no feature collection"]
    faults = ["crs is gone since 2016 (section 4)"] if "crs" in document else []
    names = [feature.get("id") for feature in document["features"]]
    if len(set(names)) < len(names):
        faults.append("two features have the same id")
    for feature in document["features"]:
        name = feature.get("id")
        if feature.get("type") != "Feature" or not isinstance(feature.get("properties"), dict):
            faults.append(f"{name}: no feature with properties (section 3.2)")
        if {"coordinates", "geometries", "features"} & set(feature):
            faults.append(f"{name}: a member of another type (section 7.1)")
        faults += [f"{name}: {fault}" for fault in list_geometry_faults(feature["geometry"])]
    return faults


def list_geometry_faults(geometry):
    """Faults of one geometry (section 3.1)."""
    kind = geometry.get("type")
    if kind not in DEPTH or set(geometry) != {"type", "coordinates"}:
        return [f"type {kind} with {sorted(geometry)}"]
    rows = [geometry["coordinates"]]
    for _ in range(DEPTH[kind] - 1):
        rows = [inner for row in rows for inner in row]
    positions = rows if kind == "Point" else [position for row in rows for position in row]
    faults = [f"position {at}" for at in positions if not is_position(at)]
    if faults or kind == "Point":
        return faults
    is_ring = kind.endswith("Polygon")
    for row in rows:
        if len(row) < (4 if is_ring else 2):
            faults.append(f"too few positions: {row}")
        if is_ring and row[0] != row[-1]:
            faults.append(f"ring is open at {row[0]}")
        faults += [f"crosses the antimeridian: {a} {b}" for a, b in pairwise(row) if abs(a[0] - b[0]) > 180]
    if is_ring:
        polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        faults += [
            f"ring turns the wrong way (section 3.1.6): {ring[0]}"
            for polygon in polygons
            for number, ring in enumerate(polygon)
            if (signed_area(ring) > 0) != (number == 0)
        ]
    return faults


def is_position(position):
    """Longitude and latitude in degrees, in this order."""
    return (
        isinstance(position, list)
        and len(position) == 2
        and all(type(value) in {int, float} for value in position)
        and abs(position[0]) <= 180
        and abs(position[1]) <= 90
    )


def signed_area(ring):
    """Twice the area, positive where the ring runs counterclockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
