"""Well-to-wheel CO2e of an itinerary, ride by ride and road by road."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.model.emissions import ROAD_CLASS
from planner.model.plans import PER_BOX, PER_VEHICLE, RIDE, ROAD_LEG, EmissionLine
from planner.model.vehicles import BOXED
from planner.pricebook import PriceBook, PricingError
from planner.units import HUNDREDTHS, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.model.emissions import EmissionFactor
    from planner.model.plans import Stage
    from planner.model.problem import Network
    from planner.model.vehicles import VehicleType

KG_PER_TONNE = 1_000
FEU_KM = "feu_km"


class EmissionBook:
    """The emission factors of one network, indexed once.

    Parameters
    ----------
    book
        The tables of the same network.
    """

    def __init__(self, network: Network, book: PriceBook) -> None:
        self._book = book
        self._factors: dict[tuple[str, str, bool], list[EmissionFactor]] = defaultdict(list)
        for factor in network.emission_factors:
            self._factors[factor.emission_class, factor.region, factor.per == FEU_KM].append(factor)
        self._known: dict[tuple[object, ...], tuple[str, int]] = {}
        self.is_known = bool(network.emission_factors)
        """Whether the network says anything of emissions at all."""

    def lines(self, vehicle_type: VehicleType, stages: Sequence[Stage]) -> tuple[EmissionLine, ...]:
        """One line for each ride and road, also where it is 0; empty where emissions are not known.

        Raises
        ------
        PricingError
            If a factor or the length of a leg is missing, or two rows claim to be the factor.
        """
        if not self.is_known:
            return ()
        return tuple(
            self._line(number, stage, vehicle_type)
            for number, stage in enumerate(stages)
            if stage.kind in (RIDE, ROAD_LEG)
        )

    def get_factor(self, emission_class: str, region: str, form: str) -> EmissionFactor:
        """The factor of a leg that ends in a region: boxed per box if the class has such a row.

        Rows of the region beat rows without one; of these the newest year counts.
        """
        what = f"emissions of class {emission_class!r} in region {region!r}, {form}"
        for per_box in (True, False) if form == BOXED else (False,):
            for where in dict.fromkeys((region, "")):
                rows = self._factors.get((emission_class, where, per_box), ())
                if len({row.per for row in rows}) > 1:
                    raise PricingError(f"{what}: given per {' and per '.join(sorted(r.per for r in rows))}")
                newest = [row for row in rows if row.year == max(row.year for row in rows)]
                if len(newest) > 1:
                    raise PricingError(f"{what}: two rows claim to be the factor")
                if newest:
                    return newest[0]
        raise PricingError(f"{what}: no row")

    def _line(self, number: int, leg: Stage, vehicle_type: VehicleType) -> EmissionLine:
        ends = (leg.board_seq, leg.alight_seq, leg.from_place, leg.to_place)
        key = (leg.kind, leg.service_id, *ends, leg.from_form, vehicle_type.id)
        if key not in self._known:
            self._known[key] = self._emitted(leg, vehicle_type)
        per, grams = self._known[key]
        return EmissionLine(stage=number, per=per, unit_grams=grams)

    def _emitted(self, leg: Stage, vehicle_type: VehicleType) -> tuple[str, int]:
        """Who emits, a box or a vehicle, and how much: the same on every day."""
        pers = set()
        exact = Fraction(0)
        for emission_class, km, region in self._stretches(leg):
            factor = self.get_factor(emission_class, region, leg.from_form)
            pers.add(PER_BOX if factor.per == FEU_KM else PER_VEHICLE)
            exact += km * factor.value * _units(factor.per, vehicle_type)
        if len(pers) != 1:
            raise PricingError(
                f"emissions of {leg.service_id or leg.mode} {leg.from_place}-{leg.to_place}: "
                f"{'some legs are per box, some per vehicle' if pers else 'no legs'}"
            )
        return pers.pop(), round_half_up(exact)

    def _stretches(self, leg: Stage) -> Iterator[tuple[str, int, str]]:
        """Class, kilometres and region of the end of every leg of a ride, or of the road."""
        if leg.kind == ROAD_LEG:
            road = self._book.get_road(leg.from_place, leg.to_place, leg.from_form)
            yield ROAD_CLASS, road.km, self._book.get_place(leg.to_place).region
            return
        service = self._book.get_service(leg.service_id)
        board = self._book.get_call_number(leg.service_id, leg.board_seq)
        alight = self._book.get_call_number(leg.service_id, leg.alight_seq)
        for call in service.calls[board + 1 : alight + 1]:
            if call.km_from_previous is None:
                raise PricingError(f"length of service {service.id} before call {call.seq} is not known")
            yield service.emission_class, call.km_from_previous, self._book.get_place(call.place).region


def _units(per: str, vehicle_type: VehicleType) -> Fraction:
    """How many of ``per``, but for the kilometres, one box or vehicle is."""
    match per:
        case "ceu_km":
            return Fraction(vehicle_type.ceu100, HUNDREDTHS)
        case "tkm":
            return Fraction(vehicle_type.mass_kg, KG_PER_TONNE)
    return Fraction(1)
