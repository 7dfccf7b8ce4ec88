"""Which row of the tables counts: for a ride, a road, a change at a place, a dwell."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from planner.errors import PlannerError
from planner.model.services import CANCELLED, DELIVERY, ORIGIN
from planner.model.tariffs import APPLIES_TO_ALL, APPLIES_TO_DG, FREIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.model.ids import PlaceId, ServiceId, VehicleTypeId
    from planner.model.places import Place
    from planner.model.problem import Network
    from planner.model.services import Call, Service
    from planner.model.tariffs import Charge, Handling, Road, StorageTier, Tariff
    from planner.model.vehicles import VehicleType

Row = TypeVar("Row")


class PricingError(PlannerError):
    """A price is missing, two rows claim to be the price, or a row is paid per an impossible unit."""

    code = "no_price"


class PriceBook:
    """The tables of one network, indexed once; every method is a look-up that raises if nothing is there.

    Raises
    ------
    PricingError
        From every ``get_`` and ``list_`` method: if what is asked for is unknown, has no row where one
        is needed, or has two equally good rows.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._tariffs: dict[tuple[str, str, str], list[Tariff]] = defaultdict(list)
        self._charges: dict[tuple[str, str], list[Charge]] = defaultdict(list)
        self._roads: dict[tuple[str, str, str], list[Road]] = defaultdict(list)
        self._handling: dict[tuple[str, str, str], list[Handling]] = defaultdict(list)
        self._storage: dict[str, list[StorageTier]] = defaultdict(list)
        self._tiers: dict[tuple[PlaceId, str], tuple[StorageTier, ...]] = {}
        self._factors: dict[tuple[ServiceId, date | None], Fraction] = {
            (row.service_id, row.day): row.price_factor
            for row in network.exceptions
            if row.effect != CANCELLED
        }
        self._call_numbers = {
            service.id: {call.seq: number for number, call in enumerate(service.calls)}
            for service in network.services.values()
        }
        for tariff in network.tariffs:
            self._tariffs[tariff.service_id, tariff.from_place, tariff.to_place].append(tariff)
        for charge in network.charges:
            self._charges[charge.when, charge.place_or_country].append(charge)
        for road in network.roads:
            self._roads[road.from_place, road.to_place, road.form].append(road)
        for row in network.handling:
            self._handling[row.place_or_kind, row.from_form, row.to_form].append(row)
        for tier in network.storage:
            self._storage[tier.place_or_kind].append(tier)

    def get_place(self, place_id: PlaceId) -> Place:
        """A place by its id."""
        return _known(self._network.places.get(place_id), f"unknown place {place_id}")

    def get_vehicle_type(self, type_id: VehicleTypeId) -> VehicleType:
        """A vehicle type by its id."""
        return _known(self._network.vehicle_types.get(type_id), f"unknown vehicle type {type_id}")

    def get_service(self, service_id: ServiceId | None) -> Service:
        """A service by its id."""
        found = None if service_id is None else self._network.services.get(service_id)
        return _known(found, f"unknown service {service_id}")

    def get_call_number(self, service_id: ServiceId | None, seq: int | None) -> int:
        """Position among the calls of a service (0 = first) of the call named by ``seq``."""
        numbers = self._call_numbers[self.get_service(service_id).id]
        return _known(None if seq is None else numbers.get(seq), f"service {service_id} has no call {seq}")

    def get_call(self, service_id: ServiceId | None, seq: int | None) -> Call:
        """A call of a service by its ``seq``."""
        return self.get_service(service_id).calls[self.get_call_number(service_id, seq)]

    def list_tariffs(
        self,
        service_id: ServiceId,
        from_place: PlaceId,
        to_place: PlaceId,
        vehicle_type: VehicleType,
        day: date,
    ) -> list[Tariff]:
        """Every tariff row that a vehicle type pays on a ride; exactly one of them is freight.

        Parameters
        ----------
        day
            Local day on which the ride really leaves the place where it boards.
        """
        rows = [
            row
            for row in self._tariffs.get((service_id, from_place, to_place), ())
            if applies(row.applies_to, vehicle_type)
            and (row.first_date is None or row.first_date <= day)
            and (row.last_date is None or day <= row.last_date)
        ]
        freight = [row for row in rows if row.charge == FREIGHT]
        _only(freight, f"freight {service_id} {from_place}-{to_place} for {vehicle_type.id} on {day}")
        return rows

    def price_factor(self, service_id: ServiceId, day: date | None) -> Fraction:
        """What the freight of a departure, named by its scheduled day, is multiplied by; mostly 1."""
        return self._factors.get((service_id, day), Fraction(1))

    def list_charges(self, when: str, place_or_country: str) -> Sequence[Charge]:
        """Rows met on one occasion at one place or country; may be none."""
        return self._charges.get((when, place_or_country), ())

    def get_road(self, from_place: PlaceId, to_place: PlaceId, form: str) -> Road:
        """The road between two places for one form."""
        return _only(
            self._roads.get((from_place, to_place, form), ()), f"road {from_place}-{to_place} {form}"
        )

    def get_handling(
        self, place_id: PlaceId, from_mode: str, from_form: str, to_mode: str, to_form: str
    ) -> Handling:
        """The row that counts for a change: a place beats a kind, then see :class:`Handling`."""
        what = f"handling at {place_id} from {from_mode} {from_form} to {to_mode} {to_form}"
        for place_or_kind in (place_id, self.get_place(place_id).kind):
            rows = [
                row
                for row in self._handling.get((place_or_kind, from_form, to_form), ())
                if _mode_matches(row.from_mode, from_mode, ORIGIN)
                and _mode_matches(row.to_mode, to_mode, DELIVERY)
            ]
            if rows:
                best = max(map(_modes_named, rows))
                return _only([row for row in rows if _modes_named(row) == best], what)
        raise PricingError(f"{what}: no row")

    def list_storage_tiers(self, place_id: PlaceId, form: str) -> tuple[StorageTier, ...]:
        """Tiers of a place for one form, by ``from_min``; rows of the place replace those of its kind."""
        key = (place_id, form)
        if key not in self._tiers:
            tiers: list[StorageTier] = []
            for place_or_kind in (place_id, self.get_place(place_id).kind):
                tiers = [tier for tier in self._storage.get(place_or_kind, ()) if tier.form in ("", form)]
                if tiers:
                    break
            if len({tier.from_min for tier in tiers}) < len(tiers):
                raise PricingError(f"storage at {place_id} {form}: two tiers start at the same time")
            self._tiers[key] = tuple(sorted(tiers, key=lambda tier: tier.from_min))
        return self._tiers[key]


def applies(applies_to: str, vehicle_type: VehicleType) -> bool:
    """Whether a row for ``all``, ``dg`` or one vehicle type is about this type."""
    if applies_to == APPLIES_TO_DG:
        return vehicle_type.is_dangerous
    return applies_to in (APPLIES_TO_ALL, vehicle_type.id)


def _known(found: Row | None, what: str) -> Row:
    if found is None:
        raise PricingError(what)
    return found


def _only(rows: Sequence[Row], what: str) -> Row:
    if len(rows) != 1:
        raise PricingError(f"{what}: {'two rows claim to be the price' if rows else 'no row'}")
    return rows[0]


def _mode_matches(named: str, mode: str, pseudo_mode: str) -> bool:
    """An empty mode is any mode but the pseudo-mode of its side, which has to be named."""
    return named == mode if named or mode == pseudo_mode else True


def _modes_named(row: Handling) -> tuple[int, bool]:
    """Rank of a row: more modes named is better, then the one that names ``from_mode``."""
    return bool(row.from_mode) + bool(row.to_mode), bool(row.from_mode)
