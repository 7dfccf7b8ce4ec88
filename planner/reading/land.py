"""A base map of one's own: the areas of a GeoJSON file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

from planner.errors import InputError, Issue
from planner.reading.files import shorten
from planner.reading.json_nodes import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.geo import Polygon, Ring

_DEGREES = (180, 90)
_LEAST_POSITIONS = 4
_WANTED = "only the areas of Polygon and MultiPolygon are land"


def read_land(content: bytes, name: str) -> tuple[Polygon, ...]:
    """Polygons of a GeoJSON document, whatever holds them: geometry, feature or collection.

    Parameters
    ----------
    content
        The file; heights and properties are nobody's business.
    name
        How faults call it.

    Raises
    ------
    InputError
        With every fault, at most one of each ring.
    """
    issues: list[Issue] = []
    polygons: list[Polygon] = []
    for pointer, found in _list_polygons(_parse(content, name), ""):
        if isinstance(found, str):
            issues.append(Issue(file=name, column=pointer or "/", reason=found))
            continue
        rings = [_ring(ring, name, join(pointer, at), issues) for at, ring in enumerate(found)]
        polygons.append(tuple(rings))
    if not polygons and not issues:
        issues.append(Issue(file=name, reason="holds no area", hint=_WANTED))
    if issues:
        raise InputError(issues)
    return tuple(polygons)


def _parse(content: bytes, name: str) -> object:
    def refuse(text: str) -> NoReturn:
        raise InputError([Issue(file=name, value=text, reason="is not a finite number")])

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise InputError([Issue(file=name, row=line, reason="holds a byte that is not UTF-8")]) from fault
    except json.JSONDecodeError as fault:
        reason = f"is not JSON: {fault.msg}, character {fault.colno} of the line"
        raise InputError([Issue(file=name, row=fault.lineno, reason=reason)]) from fault
    except RecursionError as fault:
        reason = "lists and objects are nested too deeply"
        raise InputError([Issue(file=name, reason=reason)]) from fault


def _list_polygons(thing: object, pointer: str) -> Iterator[tuple[str, list[object] | str]]:
    """Rings of every polygon with their JSON pointer, or what is wrong in their stead."""
    kind = thing.get("type") if isinstance(thing, dict) else None
    match thing, kind:
        case {"features": list(members)}, "FeatureCollection":
            yield from _list_members(members, join(pointer, "features"))
        case {"geometries": list(members)}, "GeometryCollection":
            yield from _list_members(members, join(pointer, "geometries"))
        case {"geometry": None}, "Feature":
            return
        case {"geometry": geometry}, "Feature":
            yield from _list_polygons(geometry, join(pointer, "geometry"))
        case {"coordinates": list(rings)}, "Polygon":
            yield _polygon(rings, join(pointer, "coordinates"))
        case {"coordinates": list(polygons)}, "MultiPolygon":
            for number, rings in enumerate(polygons):
                yield _polygon(rings, join(join(pointer, "coordinates"), number))
        case _, str():
            yield pointer, f"{shorten(str(kind))} is not drawn, or is incomplete: {_WANTED}"
        case _:
            yield pointer, f"is no GeoJSON object: {_WANTED}"


def _list_members(members: list[object], pointer: str) -> Iterator[tuple[str, list[object] | str]]:
    for number, member in enumerate(members):
        yield from _list_polygons(member, join(pointer, number))


def _polygon(rings: object, pointer: str) -> tuple[str, list[object] | str]:
    return pointer, rings if isinstance(rings, list) and rings else "is no list of rings"


def _ring(positions: object, name: str, pointer: str, issues: list[Issue]) -> Ring:
    """Points of a ring; the first fault is added to ``issues``."""
    reason = f"is no ring of at least {_LEAST_POSITIONS} positions"
    if isinstance(positions, list) and len(positions) >= _LEAST_POSITIONS:
        for number, position in enumerate(positions):
            if not _is_position(position):
                reason = "is no longitude and latitude in degrees, longitude first, cut at ±180"
                shown = shorten(json.dumps(position))
                issues.append(Issue(file=name, column=join(pointer, number), value=shown, reason=reason))
                return ()
        ring = tuple((float(lon), float(lat)) for lon, lat, *_ in positions)
        if ring[0] == ring[-1]:
            return ring
        reason = "is not closed: the last position has to be the first"
    issues.append(Issue(file=name, column=pointer, reason=reason))
    return ()


def _is_position(position: object) -> bool:
    return (
        isinstance(position, list)
        and len(position) >= len(_DEGREES)
        and all(
            type(value) in {int, float} and abs(value) <= most
            for value, most in zip(position, _DEGREES, strict=False)
        )
    )
