"""Places, services and roads of a network as features of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.render.calendars import departures_a_week
from planner.render.geojson import feature, feature_collection, line_geometry, point_geometry
from planner.render.texts import counting_scale
from planner.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.model.geo import Line, Point
    from planner.model.places import Place
    from planner.model.problem import Network
    from planner.model.services import Calendar, Call, Service
    from planner.model.tariffs import Road
    from planner.network.sea_lanes import SeaLanes
    from planner.render.geojson import Json

PLACE, SERVICE, ROAD = "place", "service", "road"
SEA_MODES = frozenset({"roro", "container_ship"})
"""Modes that are drawn round the land; all others go straight from call to call."""
SOURCED, PARTLY, ESTIMATE = "sourced", "partly estimated", "estimate"
_ESTIMATE = "estimate:"


def network_features(network: Network, lanes: SeaLanes) -> Json:
    """All places, services and roads, in the order of the tables."""
    return feature_collection(
        (
            *(place_feature(place) for place in network.places.values()),
            *(service_feature(network, service, lanes) for service in network.services.values()),
            *(road_feature(network, road) for road in network.roads),
        ),
        network=network.digest,
    )


def place_feature(place: Place) -> Json:
    """A place as a point."""
    return feature(
        f"{PLACE}:{place.id}",
        point_geometry(point_of(place)),
        {
            "what": PLACE,
            "id": place.id,
            "name": place.name,
            "nameZh": place.name_zh,
            "aliases": list(place.aliases),
            "kind": place.kind,
            "country": place.country,
            "region": place.region,
            "unlocode": place.unlocode,
            "gauge": place.gauge,
            "timeZone": place.time_zone,
            **_provenance([place.source]),
        },
    )


def service_feature(network: Network, service: Service, lanes: SeaLanes) -> Json:
    """A service as a line through its calls, in their order."""
    scale = counting_scale(service.capacity_unit)
    last = len(service.calls) - 1
    return feature(
        f"{SERVICE}:{service.id}",
        line_geometry(service_line(network, service, lanes)),
        {
            "what": SERVICE,
            "id": service.id,
            "name": service.name,
            "operator": service.operator,
            "product": service.product,
            "mode": service.mode,
            "form": service.form,
            "capacity": _scaled(
                min(
                    (room for leg in range(last) if (room := service.leg_capacity(leg)) is not None),
                    default=None,
                ),
                scale,
            ),
            "capacityUnit": service.capacity_unit,
            "departuresPerWeek": round(float(departures_a_week(service.calendars)), 2),
            "calendars": [_calendar(calendar) for calendar in service.calendars],
            "days": round(service.calls[-1].arrive_min / MINUTES_PER_DAY, 2),
            "bookable": service.bookable,
            "acceptsDangerousGoods": service.accepts_dg,
            "shippers": list(service.shippers),
            "calls": [
                _call(
                    network,
                    call,
                    _scaled(None if number == last else service.leg_capacity(number), scale),
                )
                for number, call in enumerate(service.calls)
            ],
            "drawn": "by sea lanes" if service.mode in SEA_MODES else "straight from call to call",
            **_provenance(
                [
                    service.source,
                    *(call.source for call in service.calls),
                    *(calendar.source for calendar in service.calendars),
                ],
                shown=service.source,
            ),
        },
    )


def road_feature(network: Network, road: Road) -> Json:
    """A road of one direction and form as a straight line."""
    ends = [network.places[place] for place in (road.from_place, road.to_place)]
    return feature(
        f"{ROAD}:{road.from_place}:{road.to_place}:{road.form}",
        line_geometry(tuple(point_of(place) for place in ends)),
        {
            "what": ROAD,
            "mode": ROAD,
            "form": road.form,
            "from": road.from_place,
            "to": road.to_place,
            "name": " – ".join(place.name for place in ends),
            "nameZh": " – ".join(place.name_zh or place.name for place in ends),
            "km": road.km,
            "hours": _hours(road.travel_min),
            "vehiclesPerDay": road.vehicles_per_day,
            **_provenance([road.source]),
        },
    )


def service_line(network: Network, service: Service, lanes: SeaLanes) -> Line:
    """Where a service is drawn."""
    points = [point_of(network.places[call.place]) for call in service.calls]
    return line_through(points, service.mode, lanes)


def line_through(points: Sequence[Point], mode: str, lanes: SeaLanes) -> Line:
    """A line through points in their order: round the land by ship, straight by anything else."""
    if mode not in SEA_MODES:
        return tuple(points)
    line = [points[0]]
    for number in range(1, len(points)):
        line += lanes.line(points[number - 1], points[number])[1:]
    return tuple(line)


def point_of(place: Place) -> Point:
    """Where a place is."""
    return place.lon, place.lat


def grade(sources: Iterable[str]) -> str:
    """How well rows are founded, by their ``source`` cells: sourced, partly estimated, estimate.

    ``sourced``: no estimate anywhere; ``estimate``: no source anywhere.
    """
    parted = [source.partition(_ESTIMATE) for source in sources]
    if not any(estimate for _, estimate, _ in parted):
        return SOURCED
    return PARTLY if any(ids.strip() for ids, _, _ in parted) else ESTIMATE


def _provenance(sources: Iterable[str], shown: str | None = None) -> Json:
    known = list(sources)
    return {"grade": grade(known), "source": known[0] if shown is None else shown}


def _call(network: Network, call: Call, room: float | None) -> Json:
    place = network.places[call.place]
    return {
        "place": call.place,
        "name": place.name,
        "nameZh": place.name_zh,
        "arriveHours": _hours(call.arrive_min),
        "departHours": _hours(call.depart_min),
        "load": call.load,
        "unload": call.unload,
        "cutoffHours": _hours(call.cutoff_min),
        "releaseHours": _hours(call.release_min),
        "capacityOnward": room,
    }


def _calendar(calendar: Calendar) -> Json:
    return {
        "weekdays": list(calendar.weekdays),
        "everyWeeks": calendar.every_weeks,
        "localTime": f"{calendar.local_time:%H:%M}",
        "firstDate": None if calendar.first_date is None else str(calendar.first_date),
        "lastDate": None if calendar.last_date is None else str(calendar.last_date),
    }


def _hours(minutes: int) -> float:
    return round(minutes / MINUTES_PER_HOUR, 2)


def _scaled(counted: int | None, scale: int) -> float | None:
    return None if counted is None else counted / scale
