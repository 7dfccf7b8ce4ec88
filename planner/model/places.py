"""Places of the network: plants, terminals, ports, borders, passages, compounds."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.ids import PlaceId

PLACE_KINDS = ("plant", "rail_terminal", "border", "river_port", "sea_port", "passage", "compound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point where cargo starts, changes hands, passes or ends.

    Parameters
    ----------
    kind
        One of :data:`PLACE_KINDS`; handling and storage may be given for a kind.
    country
        ISO 3166 alpha-2 code.
    region
        Free grouping of places, may be empty.
    lat, lon
        Degrees, WGS 84.
    time_zone
        IANA name; local days and times of the place are read on this clock.
    aliases
        Other names under which the place may be named by a user.
    """

    id: PlaceId
    name: str
    name_zh: str = ""
    aliases: tuple[str, ...] = ()
    kind: str
    country: str
    region: str = ""
    lat: float
    lon: float
    time_zone: str
    unlocode: str = ""
    gauge: str = ""
    source: str = ""
