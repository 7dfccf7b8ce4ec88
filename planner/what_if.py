"""What if: the same network with something shut, dearer, cheaper, or of another size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.model.limits import Closure
from planner.model.services import RAIL
from planner.model.tariffs import FREIGHT
from planner.model.vehicles import BOXED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from planner.model.ids import PlaceId, ServiceId
    from planner.model.problem import Network, Problem
    from planner.model.services import Service
    from planner.model.tariffs import Tariff

CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A place or service is shut from local 00:00 of ``first`` to local 00:00 of ``last``."""

    what: str
    first: date
    last: date

    def apply(self, network: Network) -> Network:
        """The network with it shut."""
        closure = Closure(
            what=self.what,
            first=self.first,
            last=self.last,
            effect=CLOSED,
            reason="what if",
            source="what if",
        )
        return replace(network, closures=(*network.closures, closure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprice:
    """Freight, departure and module prices of some services times a factor.

    Parameters
    ----------
    services
        Ids.
    """

    services: tuple[ServiceId, ...]
    factor: Fraction

    def apply(self, network: Network) -> Network:
        """The network at these prices."""

        def dearer(row: Tariff) -> Tariff:
            if row.service_id not in self.services or row.charge != FREIGHT:
                return row
            minimum = None if row.minimum is None else row.minimum * self.factor
            return replace(row, price=row.price * self.factor, minimum=minimum)

        return replace(
            network,
            tariffs=tuple(map(dearer, network.tariffs)),
            services=_changed(
                network,
                self.services,
                lambda service: replace(
                    service,
                    departure_price=service.departure_price * self.factor,
                    module_price=service.module_price * self.factor,
                ),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize:
    """Every leg of every departure of a service has so much room, in counting units of its capacity unit.

    What caps single legs or departures otherwise gives way; modules and allotments stay.
    """

    service: ServiceId
    capacity: int

    def apply(self, network: Network) -> Network:
        """The network with that room."""

        def resized(service: Service) -> Service:
            calls = tuple(replace(call, capacity_onward=None) for call in service.calls)
            return replace(service, capacity=self.capacity, calls=calls)

        exceptions = tuple(
            replace(row, capacity=None) if row.service_id == self.service else row
            for row in network.exceptions
        )
        return replace(network, exceptions=exceptions, services=_changed(network, (self.service,), resized))


Change = Close | Reprice | Resize


def changed(problem: Problem, changes: Iterable[Change]) -> Problem:
    """The problem in a network with the changes, in their order."""
    network = problem.network
    for change in changes:
        network = change.apply(network)
    return replace(problem, network=network)


def _changed(
    network: Network, names: Collection[ServiceId], change: Callable[[Service], Service]
) -> dict[ServiceId, Service]:
    return {name: change(one) if name in names else one for name, one in network.services.items()}


def export_trains(problem: Problem) -> frozenset[ServiceId]:
    """Services whose price is *the rail price*: bookable trains with boxes out of where batches start.

    They load in a country in which some batch starts and unload in one in which none does. Trains bought as
    a whole are not among them: they have no price per box.
    """
    places = problem.network.places
    homes = {places[batch.origin].country for batch in problem.batches}

    def leaves_home(service: Service) -> bool:
        loads = [
            n for n, call in enumerate(service.calls) if call.load and places[call.place].country in homes
        ]
        unloads = [
            n
            for n, call in enumerate(service.calls)
            if call.unload and places[call.place].country not in homes
        ]
        return bool(loads and unloads) and min(loads) < max(unloads)

    return frozenset(
        name
        for name, service in problem.network.services.items()
        if service.mode == RAIL
        and service.form == BOXED
        and service.bookable
        and not service.is_chartered
        and leaves_home(service)
    )


def is_export_ride(problem: Problem, start: PlaceId, end: PlaceId) -> bool:
    """Whether a ride leads out of the countries where batches start."""
    places = problem.network.places
    homes = {places[batch.origin].country for batch in problem.batches}
    return places[start].country in homes and places[end].country not in homes


def with_rail_price(problem: Problem, change: Callable[[Fraction], Fraction]) -> Problem:
    """The problem with another freight per box on every ride of :func:`export_trains` that leaves home.

    Parameters
    ----------
    change
        From cents per box to cents per box; what would be less than nothing is nothing.
    """
    trains = export_trains(problem)

    def repriced(row: Tariff) -> Tariff:
        is_export = (
            row.service_id in trains
            and row.charge == FREIGHT
            and row.per == "feu"
            and is_export_ride(problem, row.from_place, row.to_place)
        )
        if not is_export:
            return row
        return replace(row, price=max(Fraction(0), change(row.price)), minimum=None)

    network = replace(problem.network, tariffs=tuple(map(repriced, problem.network.tariffs)))
    return replace(problem, network=network)
