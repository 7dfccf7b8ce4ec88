"""The same world under other names and in another order of rows.

Shippers, modes, countries, regions and emission classes are words of the world, not names of rows: they stay.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, TypeVar

from planner.model import BatchId, Itinerary, Network, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")


def relabelled(problem: Problem, seed: int) -> Problem:
    """World with new ids of everything and all rows and batches shuffled; its meaning is unchanged."""
    rng = Random(seed)
    network = problem.network
    place = _new_names(rng, "p", network.places)
    service = _new_names(rng, "s", network.services)
    kind = _new_names(rng, "v", network.vehicle_types)
    batch = _new_names(rng, "b", [row.id for row in problem.batches])

    def shuffled(rows: Iterable[T]) -> tuple[T, ...]:
        mixed = list(rows)
        rng.shuffle(mixed)
        return tuple(mixed)

    def place_or(name: str) -> str:
        return place.get(name, name)

    def any_name(name: str) -> str:
        return service.get(name, place_or(name))

    def any_names(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(any_name, names))

    services = [
        replace(
            row,
            id=service[row.id],
            calls=tuple(replace(call, place=place[call.place]) for call in row.calls),
            # the first calendar says when added departures leave: it stays the first
            calendars=(row.calendars[0], *shuffled(row.calendars[1:])),
        )
        for row in network.services.values()
    ]
    places = [replace(row, id=place[row.id]) for row in network.places.values()]
    types = [replace(row, id=kind[row.id]) for row in network.vehicle_types.values()]
    ends = [(place[row.from_place], place[row.to_place]) for row in (*network.tariffs, *network.roads)]
    tariff_ends, road_ends = ends[: len(network.tariffs)], ends[len(network.tariffs) :]
    renamed = Network(
        places={row.id: row for row in shuffled(places)},
        services={row.id: row for row in shuffled(services)},
        tariffs=shuffled(
            replace(
                row,
                service_id=service[row.service_id],
                from_place=start,
                to_place=end,
                applies_to=kind.get(row.applies_to, row.applies_to),
            )
            for row, (start, end) in zip(network.tariffs, tariff_ends, strict=True)
        ),
        charges=shuffled(
            replace(
                row,
                place_or_country=place_or(row.place_or_country),
                applies_to=kind.get(row.applies_to, row.applies_to),
            )
            for row in network.charges
        ),
        roads=shuffled(
            replace(row, from_place=start, to_place=end)
            for row, (start, end) in zip(network.roads, road_ends, strict=True)
        ),
        handling=shuffled(
            replace(row, place_or_kind=place_or(row.place_or_kind)) for row in network.handling
        ),
        storage=shuffled(replace(row, place_or_kind=place_or(row.place_or_kind)) for row in network.storage),
        exceptions=shuffled(replace(row, service_id=service[row.service_id]) for row in network.exceptions),
        throughput=shuffled(replace(row, place=place[row.place]) for row in network.throughput),
        allotments=shuffled(replace(row, service_id=service[row.service_id]) for row in network.allotments),
        closures=shuffled(
            replace(row, what=any_name(row.what), spares=any_names(row.spares)) for row in network.closures
        ),
        emission_factors=shuffled(network.emission_factors),
        vehicle_types={row.id: row for row in shuffled(types)},
        timetable_end_min=network.timetable_end_min,
        usd_price=network.usd_price,
    )
    batches = shuffled(
        replace(
            row,
            id=batch[row.id],
            origin=place[row.origin],
            destination=place[row.destination],
            vehicle_type=kind[row.vehicle_type],
            via=tuple(place[name] for name in row.via),
            not_via=any_names(row.not_via),
        )
        for row in problem.batches
    )
    kept = {
        BatchId(batch[name]): tuple(_itinerary(itinerary, place, service) for itinerary in itineraries)
        for name, itineraries in problem.kept.items()
    }
    return replace(problem, network=renamed, batches=batches, kept=kept)


def _itinerary(row: Itinerary, place: Mapping[str, str], service: Mapping[str, str]) -> Itinerary:
    """Kept itinerary under the new names; its price lines go, for their labels name places and services.

    Price them again with :func:`tests.world_kept.priced`.
    """
    stages = tuple(
        replace(
            stage,
            from_place=place[stage.from_place],
            to_place=place[stage.to_place],
            service_id=None if stage.service_id is None else service[stage.service_id],
        )
        for stage in row.stages
    )
    return replace(row, stages=stages, lines=())


def _new_names(rng: Random, letter: str, ids: Iterable[str]) -> dict[str, str]:
    old = list(ids)
    numbers = rng.sample(range(10, 100), len(old))
    return {name: f"{letter}{number}" for name, number in zip(old, numbers, strict=True)}
