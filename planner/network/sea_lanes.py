"""Where a ship is drawn between two calls: points at sea, placed by hand, and the lanes that join them.

A drawing aid and nothing else: no length, time or price comes from here. A ship sails by other points than
these; what is promised is that the line goes round the land, through the straits and canals that ships use.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.model.geo import great_circle_km
from planner.network.map_graph import shortest_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from planner.model.geo import Line, Point, Polygon

SEA_POINTS: Mapping[str, Point] = {
    # China, and the way round Japan to the north
    "Bohai": (119.6, 38.7),
    "Bohai Strait": (121.0, 38.3),
    "Chengshan": (123.1, 37.6),
    "Yellow Sea": (122.4, 35.6),
    "Jiangsu": (122.5, 33.3),
    "Yangtze mouth": (122.5, 31.1),
    "Zhoushan": (122.9, 29.6),
    "Zhejiang": (121.7, 27.4),
    "Taiwan Strait, north": (120.2, 25.6),
    "Taiwan Strait, south": (118.3, 23.4),
    "Hong Kong": (114.4, 21.9),
    "Pearl River": (113.72, 22.05),
    "Hainan": (111.8, 18.0),
    "Osumi": (130.8, 29.8),
    "Shikoku": (135.5, 32.6),
    "Tokyo": (141.5, 34.5),
    "Kuril": (154.0, 45.5),
    "Kamchatka": (164.0, 53.0),
    # South-east Asia
    "Vietnam": (110.2, 12.5),
    "Con Dao": (107.3, 7.8),
    "Singapore, east": (104.9, 1.5),
    "Singapore": (103.9, 1.17),
    "Singapore, west": (103.35, 1.2),
    "Malacca": (101.9, 2.0),
    "One Fathom Bank": (100.9, 2.85),
    "Malacca, north": (99.0, 4.6),
    "Aceh": (95.0, 6.3),
    "Karimata": (108.8, -2.6),
    "Java Sea": (106.9, -5.1),
    "Merak": (105.9, -5.88),
    "Sunda": (105.0, -6.4),
    # Indian Ocean
    "Sri Lanka": (80.6, 5.4),
    "Comorin": (77.2, 7.2),
    "Nine Degree Channel": (72.9, 8.9),
    "Goa": (72.2, 15.2),
    "Kutch": (68.6, 22.6),
    "Gujarat": (68.3, 21.9),
    "Ras al Hadd": (60.6, 22.3),
    "Gulf of Oman": (57.2, 25.2),
    "Hormuz": (56.6, 26.55),
    "Tunb": (55.0, 26.2),
    "Persian Gulf": (52.2, 26.8),
    "Arabian Sea": (61.5, 11.5),
    "Socotra": (53.5, 13.6),
    "Aden": (46.5, 12.1),
    "Bab el-Mandeb": (43.3, 12.6),
    "Red Sea, south": (41.2, 15.8),
    "Red Sea": (38.0, 20.5),
    "Red Sea, north": (35.3, 25.6),
    "Gulf of Suez, south": (34.0, 27.6),
    "Gulf of Suez": (33.1, 28.6),
    "Suez": (32.55, 29.9),
    "Madagascar": (46.0, -29.0),
    "Durban": (31.8, -32.2),
    "Port Elizabeth": (26.0, -34.7),
    "Agulhas": (20.3, -35.6),
    # Atlantic
    "Good Hope": (17.9, -34.4),
    "Liberia": (-15.4, 5.0),
    "Dakar": (-18.4, 14.8),
    "Cap Blanc": (-18.8, 21.0),
    "Canaries": (-18.9, 28.4),
    "Saint Vincent": (-9.5, 36.6),
    "Lisbon": (-10.0, 38.8),
    "Finisterre": (-9.9, 43.4),
    "Ushant": (-6.0, 48.8),
    "Land's End": (-6.3, 50.1),
    "Lundy": (-5.0, 51.3),
    "Bristol Channel": (-3.4, 51.36),
    # Channel, North Sea, Baltic
    "Lizard": (-4.4, 49.6),
    "Channel": (-1.3, 50.2),
    "Wight": (-1.0, 50.62),
    "Beachy Head": (0.5, 50.5),
    "Dover": (1.42, 51.0),
    "Flanders": (2.4, 51.5),
    "Scheldt": (3.4, 51.45),
    "Thames": (1.7, 51.75),
    "Maas": (3.9, 52.05),
    "Texel": (4.3, 53.2),
    "Wadden": (6.4, 53.75),
    "German Bight": (7.9, 54.05),
    "Jade": (8.1, 53.75),
    "Elbe": (8.65, 53.97),
    "Norfolk": (2.1, 52.8),
    "Humber": (0.8, 53.7),
    "Tyne": (-0.9, 55.2),
    "Jutland": (7.4, 56.5),
    "Skagerrak": (9.0, 57.8),
    "Skagen": (10.75, 57.95),
    "Oslofjord": (10.65, 59.05),
    "Gothenburg": (11.5, 57.5),
    "Kattegat": (11.7, 56.5),
    "Kullen": (12.3, 56.3),
    "Elsinore": (12.66, 56.06),
    "Sound": (12.7, 55.9),
    "Sound, south": (12.75, 55.25),
    "Fehmarn": (11.6, 54.4),
    "Arkona": (13.6, 54.85),
    "Ystad": (14.5, 55.3),
    "Bornholm": (15.4, 55.5),
    "Gdansk Bay": (19.1, 54.8),
    "Gotland": (19.7, 57.0),
    "Hiiumaa": (21.5, 59.2),
    "Gulf of Finland": (25.0, 59.8),
    "Lindesnes": (6.8, 57.6),
    "Norwegian Trench": (3.0, 58.6),
    "Stad": (3.8, 62.3),
    # Mediterranean and Black Sea
    "Gibraltar, west": (-6.4, 35.9),
    "Gibraltar": (-5.4, 35.97),
    "Alboran": (-2.4, 36.35),
    "Palos": (-0.3, 37.5),
    "Nao": (0.5, 38.75),
    "Valencia": (0.3, 39.6),
    "Tarragona": (1.6, 40.7),
    "Barcelona": (2.6, 41.2),
    "Lion": (5.0, 42.5),
    "Liguria": (8.6, 43.6),
    "Algiers": (3.4, 37.4),
    "Bizerte": (9.9, 37.8),
    "Cap Bon": (11.4, 37.5),
    "Sicily": (11.6, 38.3),
    "Tyrrhenian Sea": (10.9, 40.8),
    "Elba": (9.85, 42.6),
    "Capraia": (9.6, 43.3),
    "Malta": (14.3, 35.5),
    "Ionian Sea": (19.0, 36.4),
    "Corfu": (19.0, 39.0),
    "Otranto": (18.9, 40.4),
    "Adriatic": (16.5, 42.7),
    "Venice": (13.1, 45.0),
    "Trieste": (13.4, 45.55),
    "Antikythera": (23.3, 35.7),
    "Maleas": (23.45, 36.5),
    "Piraeus": (23.6, 37.6),
    "Crete": (22.9, 34.6),
    "Damietta": (31.5, 32.2),
    "Port Said": (32.4, 31.4),
    "Cyprus": (35.1, 34.6),
    "Mersin": (34.9, 36.3),
    "Kasos": (26.7, 35.4),
    "Levitha": (26.65, 36.6),
    "Icaria": (25.75, 37.3),
    "Sounion": (24.05, 37.53),
    "Kafireas": (24.67, 37.99),
    "Chios": (25.5, 38.5),
    "Lemnos": (25.55, 39.7),
    "Dardanelles": (26.1, 40.03),
    "Canakkale": (26.37, 40.13),
    "Nara": (26.6, 40.34),
    "Gallipoli": (26.87, 40.49),
    "Marmara": (28.2, 40.75),
    "Izmit": (29.3, 40.71),
    "Bosporus": (28.97, 40.97),
    "Bosporus, north": (29.15, 41.3),
    "Burgas": (28.6, 42.8),
    "Constanta": (29.1, 44.1),
    "Odessa": (30.9, 46.1),
    "Black Sea": (35.0, 43.2),
    "Sinop": (35.1, 42.4),
    "Novorossiysk": (37.5, 44.3),
    "Poti": (41.4, 42.2),
    # Caspian Sea
    "Aktau": (50.9, 43.5),
    "Caspian Sea": (51.1, 42.0),
    "Absheron": (50.9, 40.4),
    "Alat": (49.7, 39.9),
    # Northern Sea Route
    "Bering Sea": (-178.0, 61.0),
    "Bering Strait": (-168.9, 65.9),
    "Chukchi Sea": (-174.0, 69.0),
    "De Long Strait": (178.0, 70.3),
    "East Siberian Sea": (162.0, 71.5),
    "Sannikov": (141.0, 74.5),
    "Laptev Sea": (120.0, 75.3),
    "Taimyr": (114.0, 77.0),
    "Vilkitsky": (103.4, 77.9),
    "Kara Sea": (85.0, 76.2),
    "Yamal": (68.0, 74.0),
    "Kara Gate": (57.9, 70.45),
    "Barents Sea": (45.0, 71.0),
    "North Cape": (25.8, 71.7),
    "Tromso": (16.0, 70.2),
    "Lofoten": (9.5, 68.0),
}
"""Longitude and latitude of points at sea, placed on the shipped base map."""

LANES: tuple[tuple[str, ...], ...] = (
    ("Bohai", "Bohai Strait", "Chengshan", "Yellow Sea", "Jiangsu", "Yangtze mouth", "Zhoushan", "Zhejiang"),
    ("Chengshan", "Yangtze mouth"),
    ("Zhejiang", "Taiwan Strait, north", "Taiwan Strait, south", "Hong Kong", "Hainan", "Vietnam"),
    ("Pearl River", "Hong Kong"),
    ("Pearl River", "Hainan"),
    ("Taiwan Strait, south", "Hainan"),
    ("Vietnam", "Con Dao", "Singapore, east", "Singapore", "Singapore, west", "Malacca", "One Fathom Bank"),
    ("One Fathom Bank", "Malacca, north", "Aceh", "Sri Lanka", "Comorin", "Nine Degree Channel"),
    ("Singapore, east", "Karimata", "Java Sea", "Merak", "Sunda", "Madagascar"),
    ("Nine Degree Channel", "Arabian Sea", "Socotra", "Aden", "Bab el-Mandeb", "Red Sea, south", "Red Sea"),
    ("Sri Lanka", "Arabian Sea"),
    ("Comorin", "Goa", "Gujarat", "Ras al Hadd", "Gulf of Oman", "Hormuz", "Tunb", "Persian Gulf"),
    ("Nine Degree Channel", "Goa"),
    ("Kutch", "Gujarat"),
    ("Gujarat", "Socotra", "Ras al Hadd"),
    ("Red Sea", "Red Sea, north", "Gulf of Suez, south", "Gulf of Suez", "Suez", "Port Said", "Damietta"),
    (
        "Aceh",
        "Madagascar",
        "Durban",
        "Port Elizabeth",
        "Agulhas",
        "Good Hope",
        "Liberia",
        "Dakar",
        "Cap Blanc",
        "Canaries",
    ),
    ("Canaries", "Finisterre", "Ushant", "Lizard", "Channel", "Beachy Head", "Dover", "Flanders", "Maas"),
    ("Ushant", "Land's End", "Lundy", "Bristol Channel"),
    ("Land's End", "Lizard"),
    ("Channel", "Wight", "Beachy Head"),
    ("Dover", "Thames", "Flanders", "Scheldt"),
    ("Maas", "Texel", "Wadden", "German Bight", "Elbe", "Jade", "German Bight", "Jutland", "Skagerrak"),
    ("Flanders", "Texel", "Jutland"),
    ("Thames", "Norfolk", "Humber", "Tyne", "Norwegian Trench"),
    (
        "Skagerrak",
        "Skagen",
        "Gothenburg",
        "Kattegat",
        "Kullen",
        "Elsinore",
        "Sound",
        "Sound, south",
        "Arkona",
        "Ystad",
        "Bornholm",
    ),
    ("Skagen", "Oslofjord", "Skagerrak", "Lindesnes", "Norwegian Trench", "Stad"),
    ("Oslofjord", "Gothenburg"),
    ("Stad", "Lofoten", "Tromso", "North Cape"),
    ("Fehmarn", "Arkona"),
    ("Bornholm", "Gdansk Bay", "Gotland"),
    ("Bornholm", "Gotland", "Hiiumaa", "Gulf of Finland"),
    ("Canaries", "Saint Vincent", "Lisbon", "Finisterre"),
    ("Saint Vincent", "Gibraltar, west", "Gibraltar", "Alboran", "Palos", "Nao", "Valencia", "Tarragona"),
    ("Canaries", "Gibraltar, west"),
    ("Nao", "Barcelona"),
    ("Tarragona", "Barcelona", "Lion", "Liguria", "Capraia", "Elba", "Tyrrhenian Sea", "Sicily", "Cap Bon"),
    ("Alboran", "Algiers", "Bizerte", "Cap Bon", "Malta", "Ionian Sea", "Antikythera", "Maleas", "Piraeus"),
    ("Bizerte", "Sicily"),
    ("Bizerte", "Barcelona"),
    ("Bizerte", "Tyrrhenian Sea"),
    ("Malta", "Crete", "Damietta"),
    ("Malta", "Damietta"),
    ("Crete", "Antikythera", "Maleas"),
    ("Ionian Sea", "Corfu", "Otranto", "Adriatic", "Venice", "Trieste"),
    ("Crete", "Ionian Sea"),
    ("Damietta", "Kasos", "Levitha", "Icaria", "Chios"),
    ("Port Said", "Cyprus", "Mersin"),
    ("Piraeus", "Sounion", "Kafireas", "Chios", "Lemnos", "Dardanelles", "Canakkale", "Nara", "Gallipoli"),
    ("Gallipoli", "Marmara", "Izmit"),
    ("Marmara", "Bosporus", "Bosporus, north", "Burgas", "Constanta", "Odessa"),
    ("Izmit", "Bosporus"),
    ("Bosporus, north", "Constanta", "Black Sea", "Poti", "Novorossiysk", "Black Sea", "Bosporus, north"),
    ("Bosporus, north", "Sinop", "Poti"),
    ("Aktau", "Caspian Sea", "Absheron", "Alat"),
)
"""Chains of points; a ship may sail each lane both ways."""

ICE_LANES: tuple[tuple[str, ...], ...] = (
    (
        "Yangtze mouth",
        "Osumi",
        "Shikoku",
        "Tokyo",
        "Kuril",
        "Kamchatka",
        "Bering Sea",
        "Bering Strait",
        "Chukchi Sea",
    ),
    ("Chukchi Sea", "De Long Strait", "East Siberian Sea", "Sannikov", "Laptev Sea", "Taimyr"),
    ("Taimyr", "Vilkitsky", "Kara Sea", "Yamal", "Kara Gate", "Barents Sea", "North Cape"),
)
"""Lanes that are open in summer only: shorter than Suez, so taken only by who calls there."""

_ICE_FACTOR = 4.0
"""Lanes through ice count so many times their length: enough that Shanghai to Hamburg goes by Suez."""
_LAND_FACTOR = 50.0
"""What a join of a port to the lanes lies over land counts so many times more: it is a last resort."""
_JOINS = 10
"""A port is joined to so many of the nearest points."""


class SeaLanes:
    """Lines for ships between places, round the land.

    Parameters
    ----------
    land
        Polygons of the base map: a place is joined to points that it sees over water.
    """

    def __init__(self, land: Iterable[Polygon]) -> None:
        rings = [np.array(ring) for polygon in land for ring in polygon]
        self._starts: NDArray[np.float64] = _stacked([ring[:-1] for ring in rings])
        self._ends: NDArray[np.float64] = _stacked([ring[1:] for ring in rings])
        self._lanes = {**_lengths(LANES, 1.0), **_lengths(ICE_LANES, _ICE_FACTOR)}
        # Many services share their ports.
        self._known_lines: dict[tuple[Point, Point], Line] = {}
        self._known_joins: dict[Point, dict[str, float]] = {}

    def line(self, start: Point, end: Point) -> Line:
        """Points from one place to another, both included."""
        if (start, end) not in self._known_lines:
            self._known_lines[start, end] = self._find(start, end)
        return self._known_lines[start, end]

    def share_over_land(self, start: Point, end: Point) -> float:
        """Share of a straight line in degrees that lies over land, 0 to 1."""
        origin, step = np.array(start), np.subtract(end, start)
        if not step.any():
            return 0.0
        before, after = _cross(step, self._starts - origin), _cross(step, self._ends - origin)
        met = (before > 0) != (after > 0)
        coast = self._ends[met] - self._starts[met]
        # Where along the line the coast is met: below 0 behind the start, above 1 beyond the end.
        at = np.sort(_cross(self._starts[met] - origin, coast) / _cross(step, coast))
        inside = np.count_nonzero(at < 0) % 2 == 1
        marks = [0.0, *at[(at >= 0) & (at <= 1)].tolist(), 1.0]
        stretches = list(pairwise(marks))[0 if inside else 1 :: 2]
        return float(sum(later - sooner for sooner, later in stretches))

    def _find(self, start: Point, end: Point) -> Line:
        here, there = "start", "end"
        edges = {
            **self._lanes,
            **{(here, point): weight for point, weight in self._joins(start).items()},
            **{(there, point): weight for point, weight in self._joins(end).items()},
            (here, there): self._weight(start, end),
        }
        chain = shortest_chain(edges, here, there)
        return (start, *(SEA_POINTS[name] for name in chain[1:-1]), end)

    def _joins(self, place: Point) -> dict[str, float]:
        """What joining a place to each of the points near it weighs."""
        if place not in self._known_joins:
            nearest = sorted(SEA_POINTS, key=lambda point: great_circle_km(place, SEA_POINTS[point]))
            self._known_joins[place] = {
                point: self._weight(place, SEA_POINTS[point]) for point in nearest[:_JOINS]
            }
        return self._known_joins[place]

    def _weight(self, start: Point, end: Point) -> float:
        share = self.share_over_land(start, end)
        return great_circle_km(start, end) * (1 + _LAND_FACTOR * share)


def _lengths(lanes: Iterable[tuple[str, ...]], factor: float) -> dict[tuple[str, str], float]:
    return {
        (here, there): great_circle_km(SEA_POINTS[here], SEA_POINTS[there]) * factor
        for lane in lanes
        for here, there in pairwise(lane)
    }


def _stacked(rings: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate(rings) if rings else np.empty((0, 2))


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product
