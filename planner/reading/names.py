"""What cells and options may name: places by id, name or alias, services likewise, types by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.ids import PlaceId, VehicleTypeId
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.services import Service
from planner.reading.cells import CellError, parse_text, suggest

Named = TypeVar("Named", bound=Place | Service)


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


def get_by_name(option: str, things: Collection[Named], name: str) -> Named:
    """Place or service of an id, name or other name that a person typed; case does not count.

    Parameters
    ----------
    option
        How the refusal calls what the name was typed for.

    Raises
    ------
    InputError
        If nothing has it, with the nearest id or name that something has.
    """
    wanted = name.strip().casefold()
    for thing in things:
        if wanted in (known.casefold() for known in _names_of(thing)):
            return thing
    reason = "nothing in the network has this id or name"
    hint = suggest(name, [known for thing in things for known in _names_of(thing)])
    raise InputError([Issue(file=option, value=name, reason=reason, hint=hint)])


def get_batch(option: str, batches: Sequence[Batch], batch_id: str) -> Batch:
    """Batch of an id that a person typed.

    Raises
    ------
    InputError
        If there is none, with the nearest id that there is.
    """
    for batch in batches:
        if batch.id == batch_id:
            return batch
    hint = suggest(batch_id, [batch.id for batch in batches])
    raise InputError([Issue(file=option, value=batch_id, reason="no batch has this id", hint=hint)])


def _names_of(thing: Place | Service) -> Iterable[str]:
    others = (thing.name_zh, *thing.aliases) if isinstance(thing, Place) else ()
    return filter(None, (thing.id, thing.name, *others))
