"""Lists of names that the data of a report points into by number, so that each name stands there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from planner.model.ids import PlaceId, ServiceId, VehicleTypeId
    from planner.model.problem import Network

Json = dict[str, Any]


class Names:
    """Numbers for names, from 0, in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, name: Hashable) -> int:
        """The number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))

    def rows(self, row: Callable[[Any], object]) -> list[object]:
        """A row for each name, in the order of their numbers."""
        return [row(name) for name in self._numbers]


class ReportLists:
    """Places, services, vehicle types and labels of price lines that a report speaks of."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.places, self.services, self.types, self.labels = Names(), Names(), Names(), Names()

    def document(self) -> Json:
        """The lists themselves; to be asked for last."""
        return {
            "services": self.services.rows(self._service),
            "places": self.places.rows(self._place),
            "types": self.types.rows(self._type),
            "labels": self.labels.rows(list),
        }

    def _place(self, place_id: PlaceId) -> list[object]:
        place = self._network.places[place_id]
        return [place.id, place.name, place.name_zh, place.country, place.kind, place.lon, place.lat]

    def _service(self, service_id: ServiceId) -> list[object]:
        service = self._network.services[service_id]
        return [service.id, service.name, service.operator, service.mode, service.capacity_unit]

    def _type(self, type_id: VehicleTypeId) -> list[object]:
        known = self._network.vehicle_types[type_id]
        return [known.id, known.name, known.name_zh]
