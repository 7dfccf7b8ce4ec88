"""Ships are drawn round the land: every lane, and the ways between the ports of this trade."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from planner.model.geo import great_circle_km
from planner.network.sea_lanes import SeaLanes
from planner.network.sea_points import ICE_LANES, LANES, SEA_POINTS
from planner.reading.tables import read_network
from planner.render.map_html import shipped_land
from planner.render.network_features import SEA_MODES, point_of, service_line

LAND = shipped_land()
SEA_LANES = SeaLanes(LAND)
NEAR_PORT_KM = 75
"""Hamburg, Antwerp and Drammen lie so far up rivers and a fjord that the base map does not show."""
STEP_KM = 5
MALACCA, CAPE, SUEZ = (101.3, 2.5), (18.5, -34.4), (32.55, 30.0)
CHINA = {
    "Yantai": (121.406, 37.549),
    "Qingdao": (120.385, 36.065),
    "Lianyungang": (119.45, 34.733),
    "Dafeng": (120.834, 33.307),
    "Taicang": (121.187, 31.64),
    "Shanghai": (121.6, 31.36),
    "Yangshan": (122.069, 30.625),
    "Ningbo": (121.9, 29.93),
    "Xiamen": (118.086, 24.44),
    "Fuzhou": (119.3, 25.4),
    "Nansha": (113.63, 22.7),
    "Xiaomo": (115.03, 22.78),
    "Yantian": (114.292, 22.584),
    "Shekou": (113.902, 22.517),
    "Mundra": (69.7, 22.74),
}
EUROPE = {
    "Zeebrugge": (3.2, 51.34),
    "Antwerp": (4.32, 51.27),
    "Vlissingen": (3.573, 51.442),
    "Rotterdam": (4.1, 51.95),
    "Bremerhaven": (8.55, 53.58),
    "Wilhelmshaven": (8.169, 53.535),
    "Hamburg": (9.93, 53.53),
    "Gothenburg": (11.85, 57.69),
    "Drammen": (10.208, 59.744),
    "Rostock": (12.1, 54.15),
    "Mukran": (13.644, 54.517),
    "Baltiysk": (19.894, 54.644),
    "Southampton": (-1.403, 50.894),
    "Bristol": (-2.72, 51.48),
    "Felixstowe": (1.344, 51.958),
    "Barcelona": (2.16, 41.34),
    "Sagunto": (-0.22, 39.64),
    "Genoa": (8.915, 44.415),
    "Livorno": (10.3, 43.56),
    "Koper": (13.735, 45.549),
    "Piraeus": (23.6, 37.95),
    "Derince": (29.83, 40.749),
    "Constanta": (28.664, 44.172),
}
OTHER = [
    ((51.168, 43.635), (49.441, 39.976)),  # Aktau - Alat
    ((51.68, 43.177), (49.441, 39.976)),  # Kuryk - Alat
    ((41.675, 42.142), (28.651, 44.177)),  # Poti - Constanta
    ((41.636, 41.651), (28.651, 44.177)),  # Batumi - Constanta
    ((23.6, 37.95), (13.735, 45.549)),  # Piraeus - Koper
    ((23.6, 37.95), (28.664, 44.172)),  # Piraeus - Constanta
    ((121.9, 29.93), (120.0, 75.0)),  # Ningbo - Northern Sea Route
    ((120.0, 75.0), (1.344, 51.958)),  # Northern Sea Route - Felixstowe
    (MALACCA, SUEZ),
    (MALACCA, CAPE),
]


EDGES = np.concatenate(
    [np.hstack((ring[:-1], ring[1:])) for polygon in LAND for ring in map(np.array, polygon)]
)


def is_land(points):
    """Even-odd rule over every edge of the base map, by rays to the east; a degree of latitude at a time."""
    inside = np.zeros(len(points), dtype=bool)
    south, north = EDGES[:, [1, 3]].min(axis=1), EDGES[:, [1, 3]].max(axis=1)
    for degree in np.unique(np.floor(points[:, 1])):
        here = np.floor(points[:, 1]) == degree
        x1, y1, x2, y2 = EDGES[(south < degree + 1) & (north >= degree) & (south < north)].T
        x, y = points[here, 0, None], points[here, 1, None]
        meets = (y1 > y) != (y2 > y)
        inside[here] = (meets & (x1 + (y - y1) * (x2 - x1) / (y2 - y1) > x)).sum(axis=1) % 2 == 1
    return inside


def samples(start, end):
    """Points of a straight line every few kilometres, the short way round the globe."""
    turn = -360 * round((end[0] - start[0]) / 360)
    number = max(2, int(great_circle_km(start, end) / STEP_KM))
    points = np.linspace(start, (end[0] + turn, end[1]), number)
    points[:, 0] = (points[:, 0] + 180) % 360 - 180
    return points


def is_canal(point):
    return 32.2 <= point[0] <= 32.7 and 29.8 <= point[1] <= 31.5


def land_crossed(steps, ports):
    """Steps with land on them that no port is near; one lone sample is a corner of a coast."""
    ordered = [samples(start, end) for start, end in sorted(steps)]
    # A sample of sea between two steps: land at the end of one and the start of the next is no stretch.
    gap = np.array([[-40.0, 30.0]])
    points = np.concatenate([part for line in ordered for part in (gap, line)] + [gap])
    land = is_land(points)
    stretches = land[1:-1] & (land[:-2] | land[2:])
    return [
        tuple(point)
        for point in points[1:-1][stretches].tolist()
        if not is_canal(point) and all(great_circle_km(point, port) > NEAR_PORT_KM for port in ports)
    ]


def test_the_rule_for_land_knows_land_from_sea():
    known = [
        (116.4, 39.9),
        (20.0, 5.0),
        (13.4, 52.5),
        (51.0, 42.0),
        (35.0, 43.0),
        (-40.0, 30.0),
        (101.0, 2.75),
    ]
    assert is_land(np.array(known)).tolist() == [True, True, True, False, False, False, False]
    # Straight from the Cape to Zeebrugge leads over Africa and Iberia, and would be noticed.
    assert land_crossed({(CAPE, EUROPE["Zeebrugge"])}, [CAPE, EUROPE["Zeebrugge"]])


def test_no_lane_crosses_land():
    steps = {
        (SEA_POINTS[here], SEA_POINTS[there])
        for lane in (*LANES, *ICE_LANES)
        for here, there in pairwise(lane)
    }
    assert land_crossed(steps, []) == []


def test_no_line_between_ports_of_this_trade_crosses_land():
    ends = [(port, MALACCA) for port in CHINA.values()]
    ends += [(passage, port) for port in EUROPE.values() for passage in (CAPE, SUEZ)]
    lines = [SEA_LANES.line(start, end) for start, end in (*ends, *OTHER)]
    steps = {step for line in lines for step in pairwise(line)}
    assert land_crossed(steps, [point for line in lines for point in (line[0], line[-1])]) == []


def test_no_ship_of_the_shipped_network_crosses_land():
    network = read_network()
    at_sea = [service for service in network.services.values() if service.mode in SEA_MODES]
    lines = [service_line(network, service, SEA_LANES) for service in at_sea]
    ports = [point_of(network.places[call.place]) for service in at_sea for call in service.calls]
    assert at_sea
    assert land_crossed({step for line in lines for step in pairwise(line)}, ports) == []


@pytest.mark.parametrize(
    ("start", "end", "met", "not_met"),
    [
        (CHINA["Shanghai"], MALACCA, "Singapore", "Aceh"),
        (MALACCA, SUEZ, "Bab el-Mandeb", "Agulhas"),
        (MALACCA, CAPE, "Madagascar", "Suez"),
        (CAPE, EUROPE["Zeebrugge"], "Finisterre", "Suez"),
        (CAPE, EUROPE["Livorno"], "Gibraltar", "Suez"),
        (SUEZ, EUROPE["Hamburg"], "Dover", "Agulhas"),
        (SUEZ, EUROPE["Constanta"], "Bosporus", "Gibraltar"),
        (SUEZ, EUROPE["Gothenburg"], "Skagen", "Sound"),
        # Shorter through the ice: but that is for ships that say so.
        (CHINA["Shanghai"], EUROPE["Hamburg"], "Suez", "Bering Strait"),
        (CHINA["Ningbo"], (120.0, 75.0), "Bering Strait", "Suez"),
    ],
)
def test_ships_take_the_straits_and_canals_that_ships_take(start, end, met, not_met):
    line = SEA_LANES.line(start, end)
    assert (line[0], line[-1]) == (start, end)
    assert SEA_POINTS[met] in line
    assert SEA_POINTS[not_met] not in line


def test_every_point_lies_on_a_lane_and_every_lane_has_its_points():
    named = {name for lane in (*LANES, *ICE_LANES) for name in lane}
    assert named == set(SEA_POINTS)
    assert len(set(SEA_POINTS.values())) == len(SEA_POINTS)


def test_the_share_over_land_is_exact():
    square = (((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)),)
    hole = ((0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5), (0.5, 0.5))
    plain, holed = SeaLanes([square]), SeaLanes([(square[0], hole)])
    assert plain.share_over_land((-1.0, 1.0), (3.0, 1.0)) == pytest.approx(0.5)
    assert plain.share_over_land((1.0, 1.0), (5.0, 1.0)) == pytest.approx(0.25)
    assert plain.share_over_land((0.5, 1.0), (1.5, 1.0)) == pytest.approx(1.0)
    assert plain.share_over_land((-1.0, 3.0), (3.0, 3.0)) == 0
    assert plain.share_over_land((1.0, 1.0), (1.0, 1.0)) == 0
    assert holed.share_over_land((-1.0, 1.0), (3.0, 1.0)) == pytest.approx(0.25)
    assert SeaLanes([]).share_over_land((-1.0, 1.0), (3.0, 1.0)) == 0


def test_a_port_on_an_empty_base_map_is_still_joined():
    line = SeaLanes([]).line(CHINA["Shanghai"], EUROPE["Hamburg"])
    assert line == (CHINA["Shanghai"], EUROPE["Hamburg"])


def test_the_great_circle_is_a_quarter_of_the_globe_from_pole_to_equator():
    assert great_circle_km((10.0, 90.0), (55.0, 0.0)) == pytest.approx(10_007.6, abs=0.5)
    assert great_circle_km((3.0, 4.0), (3.0, 4.0)) == 0
