"""The same world under other names and in another order of rows."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, TypeVar

from planner.model import Network, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    services = [
        replace(
            row,
            id=service[row.id],
            calls=tuple(replace(call, place=place[call.place]) for call in row.calls),
            calendars=shuffled(row.calendars),
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
        vehicle_types={row.id: row for row in shuffled(types)},
    )
    batches = shuffled(
        replace(
            row,
            id=batch[row.id],
            origin=place[row.origin],
            destination=place[row.destination],
            vehicle_type=kind[row.vehicle_type],
        )
        for row in problem.batches
    )
    return replace(problem, network=renamed, batches=batches)


def _new_names(rng: Random, letter: str, ids: Iterable[str]) -> dict[str, str]:
    old = list(ids)
    numbers = rng.sample(range(10, 100), len(old))
    return {name: f"{letter}{number}" for name, number in zip(old, numbers, strict=True)}
