"""Grams of CO2e of rides and roads, for pricing: per vehicle and per box of a class."""

from __future__ import annotations

from fractions import Fraction

from planner.model.emissions import ROAD_CLASS
from planner.model.problem import Network
from planner.model.vehicles import BOXED, VehicleType
from planner.network.timetable import Pair
from planner.units import HUNDREDTHS, round_half_up

PER_VEHICLE_KM = ("ceu_km", "vehicle_km", "tkm")
KG_PER_TONNE = 1_000


class Emissions:
    """Newest factors of a network by class, region and unit."""

    def __init__(self, network: Network) -> None:
        self._places = network.places
        self._newest: dict[tuple[str, str, str], tuple[int, Fraction]] = {}
        for row in network.emission_factors:
            key = (row.emission_class, row.region, row.per)
            if key not in self._newest or row.year > self._newest[key][0]:
                self._newest[key] = row.year, row.value

    @property
    def are_known(self) -> bool:
        """Whether the network has factors at all."""
        return bool(self._newest)

    def grams_of(self, pair: Pair, vehicle_type: VehicleType) -> tuple[int, int]:
        """Grams per vehicle and per box of a ride or road, rounded once; 0 where none are known."""
        if not self.are_known:
            return 0, 0
        legs = self._legs(pair)
        if pair.form == BOXED:
            per_box = [self._factor(kind, region, "feu_km") for kind, region, _ in legs]
            if all(factor is not None for factor in per_box):
                return 0, _sum_up(per_box, legs)
        measure = {
            "ceu_km": Fraction(vehicle_type.ceu100, HUNDREDTHS),
            "vehicle_km": Fraction(1),
            "tkm": Fraction(vehicle_type.mass_kg, KG_PER_TONNE),
        }
        per_vehicle = []
        for kind, region, _ in legs:
            found = [(per, self._factor(kind, region, per)) for per in PER_VEHICLE_KM]
            per_vehicle.append(sum((f * measure[per] for per, f in found if f is not None), Fraction(0)))
        return _sum_up(per_vehicle, legs), 0

    def _legs(self, pair: Pair) -> list[tuple[str, str, int]]:
        """Class, region of the end and kilometres of each leg."""
        service = pair.service
        if service is None:
            road = pair.get_road()
            return [(ROAD_CLASS, self._places[road.to_place].region, road.km)]
        return [
            (service.emission_class, self._places[call.place].region, call.km_from_previous or 0)
            for call in service.calls[pair.board_call + 1 : pair.alight_call + 1]
        ]

    def _factor(self, emission_class: str, region: str, per: str) -> Fraction | None:
        for named in (region, ""):
            if (emission_class, named, per) in self._newest:
                return self._newest[emission_class, named, per][1]
        return None


def _sum_up(factors: list[Fraction] | list[Fraction | None], legs: list[tuple[str, str, int]]) -> int:
    return round_half_up(
        sum((Fraction(f or 0) * km for f, (_, _, km) in zip(factors, legs, strict=True)), Fraction(0))
    )
