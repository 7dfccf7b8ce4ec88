"""The network as a map to look at: one file of HTML, without any link to the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planner.render.calendars import calendars_text, departures_a_week
from planner.render.corridors import list_corridors
from planner.render.geojson import area_geometry, line_geometry
from planner.render.languages import ENGLISH, LANGUAGE_TAGS
from planner.render.network_features import network_features, service_line
from planner.render.page import asset_text, fill, leaflet_program, leaflet_style, page_data, page_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.geo import Polygon
    from planner.model.ids import ServiceId
    from planner.model.problem import Network
    from planner.network.sea_lanes import SeaLanes
    from planner.render.corridors import Corridor
    from planner.render.geojson import Json

_LAND = "land.geojson"


def shipped_land() -> tuple[Polygon, ...]:
    """Land of the base map that ships with the program: Natural Earth, cut at ±180 degrees."""
    areas = json.loads(asset_text(_LAND))["coordinates"]
    return tuple(tuple(tuple((lon, lat) for lon, lat in ring) for ring in area) for area in areas)


def network_map(network: Network, lanes: SeaLanes, land: Sequence[Polygon], lang: str = ENGLISH) -> str:
    """A page with the map of a network.

    Parameters
    ----------
    lanes
        Where ships are drawn.
    land
        The base map.
    lang
        ``en`` or ``zh``; places have names in both.
    """
    words = map_words(lang)
    data = {
        "words": words,
        "lang": lang,
        "network": network_features(network, lanes),
        "corridors": [_corridor(network, corridor) for corridor in _corridors(network, lanes)],
        "leaves": {name: calendars_text(one.calendars, lang) for name, one in network.services.items()},
        "land": area_geometry(land),
    }
    return fill(
        asset_text("map.html"),
        {
            "lang": LANGUAGE_TAGS[lang],
            "title": page_text(words["title"]),
            "leaflet_style": leaflet_style(),
            "style": asset_text("map.css"),
            "leaflet_licence": asset_text("leaflet/LICENSE"),
            "leaflet_program": leaflet_program(),
            "modes": asset_text("modes.js"),
            "shifted_line": asset_text("shifted_line.js"),
            "data": page_data(data),
            "program": asset_text("map.js"),
        },
    )


def map_words(lang: str) -> dict[str, str]:
    """Everything the page says, by the name under which its program knows it."""
    words: dict[str, str] = json.loads(asset_text("map_words.json"))[lang]
    return words


def _corridors(network: Network, lanes: SeaLanes) -> Sequence[Corridor[ServiceId]]:
    """What can be booked; reference services of the baseline run on the rails of the others."""
    lines = {
        name: service_line(network, service, lanes)
        for name, service in network.services.items()
        if service.bookable
    }
    return list_corridors(network.services, lines)


def _corridor(network: Network, corridor: Corridor[ServiceId]) -> Json:
    a_week = sum(departures_a_week(network.services[name].calendars) for name in corridor.users)
    return {
        "mode": corridor.mode,
        "services": corridor.users,
        "perWeek": round(float(a_week), 2),
        "geometry": line_geometry(corridor.line),
    }
