"""Points, lines and areas on the globe, in degrees of WGS 84, longitude first as in GeoJSON."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Longitude, latitude."""
Line = tuple[Point, ...]
Ring = tuple[Point, ...]
"""Closed: the first point once more at the end."""
Polygon = tuple[Ring, ...]
"""The outer ring, then the holes in it."""

_EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""


def great_circle_km(start: Point, end: Point) -> float:
    """Kilometres between two points over the sphere, by the haversine formula."""
    (lon, lat), (other_lon, other_lat) = start, end
    height = sin(radians(other_lat - lat) / 2) ** 2
    width = cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(height + width)))
