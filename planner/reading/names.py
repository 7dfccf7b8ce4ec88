"""What the cells of a batch file may name: places by id, name or alias, vehicle types by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from planner.model.ids import PlaceId, VehicleTypeId
from planner.model.problem import Network
from planner.reading.cells import CellError, parse_text, suggest


class Names:
    """Names of one network; spelling counts, a name that several places share names none of them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._places_named: dict[str, set[PlaceId]] = defaultdict(set)
        for place in network.places.values():
            for name in filter(None, (place.name, place.name_zh, *place.aliases)):
                self._places_named[name].add(place.id)
        self._hints: dict[str, str] = {}

    def parse_place(self, text: str) -> PlaceId:
        """Id of the place with this id, else of the only place with this name."""
        parse_text(text)
        place = PlaceId(text)
        if place in self.network.places:
            return place
        named = sorted(self._places_named.get(text, ()))
        if len(named) > 1:
            raise CellError("is the name of several places", f"write the id: {', '.join(named)}")
        if not named:
            known = [*self.network.places, *self._places_named]
            raise CellError("is no place of the network", self._hint(text, known))
        return named[0]

    def parse_vehicle_type(self, text: str) -> VehicleTypeId:
        """Id of a vehicle type."""
        parse_text(text)
        vehicle_type = VehicleTypeId(text)
        if vehicle_type not in self.network.vehicle_types:
            hint = self._hint(text, self.network.vehicle_types)
            raise CellError("is no vehicle type of the network", hint)
        return vehicle_type

    def time_zone(self, place: PlaceId) -> str:
        """Clock of a place; UTC for one that is not known, whose row is refused anyway."""
        return self.network.places[place].time_zone if place in self.network.places else "UTC"

    def _hint(self, text: str, known: Collection[str]) -> str:
        # The same wrong name stands in many rows, and to look for the nearest is slow.
        if text not in self._hints:
            self._hints[text] = suggest(text, known)
        return self._hints[text]
