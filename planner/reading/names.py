"""What cells and options may name: places by id, name or alias, services likewise, types by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from planner.errors import InputError, Issue
from planner.model.batches import Batch
from planner.model.ids import PlaceId, VehicleTypeId
from planner.model.places import Place
from planner.model.problem import Network
from planner.model.services import Service
from planner.reading.cells import CellError, parse_text, suggest
from planner.reading.codes import AMBIGUOUS, NOT_IN_NETWORK
from planner.reading.hints import Hints

Named = TypeVar("Named", bound=Place | Service)


class Names:
    """Names of one network; spelling counts, a name that several places share names none of them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._places_named: dict[str, set[PlaceId]] = defaultdict(set)
        for place in network.places.values():
            for name in filter(None, (place.name, place.name_zh, *place.aliases)):
                self._places_named[name].add(place.id)
        self._services_named: dict[str, set[str]] = defaultdict(set)
        for service in network.services.values():
            self._services_named[service.name].add(service.id)
        self._countries = frozenset(place.country for place in network.places.values())
        self._hints = Hints()

    def parse_place(self, text: str) -> PlaceId:
        """Id of the place with this id, else of the only place with this name."""
        place = PlaceId(text)
        if place in self.network.places:
            return place
        parse_text(text)
        named = sorted(self._places_named.get(text, ()))
        if len(named) > 1:
            raise CellError(
                "is the name of several places", f"write the id: {', '.join(named)}", code=AMBIGUOUS
            )
        if not named:
            known = [*self.network.places, *self._places_named]
            hint = self._hints.find("place", text, known)
            raise CellError("is no place of the network", hint, code=NOT_IN_NETWORK)
        return named[0]

    def parse_banned(self, text: str) -> str:
        """Place or service of this id, country of this code, else the only place or service of this name."""
        parse_text(text)
        kinds = (self.network.places, self.network.services, country_codes())
        if sum(text in ids for ids in kinds) > 1:
            raise CellError(
                "is the id of several things", "a place, a service or a country has it too", code=AMBIGUOUS
            )
        if any(text in ids for ids in kinds):
            return text
        named = sorted(self._places_named.get(text, set()) | self._services_named.get(text, set()))
        if len(named) > 1:
            raise CellError(
                "is the name of several things", f"write the id: {', '.join(named)}", code=AMBIGUOUS
            )
        if not named:
            known = [*self.network.places, *self._places_named, *self.network.services]
            known = [*known, *self._services_named, *self._countries]
            hint = self._hints.find("banned", text, known)
            raise CellError(
                "is no place, country or service",
                hint or "countries are two letters: RU",
                code=NOT_IN_NETWORK,
            )
        return named[0]

    def has_place_named(self, text: str) -> bool:
        """Whether some place has this id, name or alias."""
        return text in self.network.places or text in self._places_named

    def is_met(self, banned: str) -> bool:
        """Whether anything of the network is what a ban names: a country may have no place in it."""
        known = (self.network.places, self.network.services, self._countries)
        return any(banned in ids for ids in known)

    def country(self, place: PlaceId) -> str:
        """Country of a place that is known."""
        return self.network.places[place].country

    def parse_vehicle_type(self, text: str) -> VehicleTypeId:
        """Id of a vehicle type."""
        vehicle_type = VehicleTypeId(text)
        if vehicle_type not in self.network.vehicle_types:
            parse_text(text)
            hint = self._hints.find("vehicle type", text, self.network.vehicle_types)
            raise CellError("is no vehicle type of the network", hint, code=NOT_IN_NETWORK)
        return vehicle_type

    def time_zone(self, place: PlaceId) -> str:
        """Clock of a place; UTC for one that is not known, whose row is refused anyway."""
        return self.network.places[place].time_zone if place in self.network.places else "UTC"


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Every ISO 3166 code of two letters, as the time zone data lists them."""
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#"))


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
    raise InputError([Issue(file=option, value=name, reason=reason, hint=hint, code=NOT_IN_NETWORK)])


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
    raise InputError(
        [Issue(file=option, value=batch_id, reason="no batch has this id", hint=hint, code=NOT_IN_NETWORK)]
    )


def _names_of(thing: Place | Service) -> Iterable[str]:
    others = (thing.name_zh, *thing.aliases) if isinstance(thing, Place) else ()
    return filter(None, (thing.id, thing.name, *others))
