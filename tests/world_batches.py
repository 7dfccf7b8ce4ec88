"""Rules of batches that random worlds may have: parts, where they go, and what is kept of an earlier plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.model import PlaceId, ServiceId
from tests.oracles.enumeration import TooLargeError, ways_of

if TYPE_CHECKING:
    from planner.model import Batch, Problem
    from tests.oracles.ways import Way
    from tests.world_draw import Draw


def add_split(draw: Draw) -> None:
    some = draw.some(draw.problem.batches, 0.8)
    draw.change_batches(some, lambda batch: replace(batch, max_parts=draw.rng.choice((1, 1, 1, 2))))


def add_min_part(draw: Draw) -> None:
    some = draw.some(draw.problem.batches, 0.7)
    draw.change_batches(some, lambda batch: replace(batch, min_part=draw.rng.randint(2, 7)))


def add_all_or_none(draw: Draw) -> None:
    few = draw.some(draw.problem.batches, 0.4)
    draw.change_batches(few, lambda batch: replace(batch, all_or_none=True, max_parts=1))


def add_via(draw: Draw) -> None:
    """A batch, not a large one, has to meet a place, or two, that one of its ways meets."""
    batch = min(draw.rng.sample(draw.problem.batches, 2), key=lambda batch: batch.vehicles)
    try:
        ways = ways_of(draw.problem, batch)
    except TooLargeError:  # the oracle could not plan it either
        return
    met = [place for way in ways for place in _met(draw.problem, way)]
    if met:
        wanted = dict.fromkeys(draw.rng.sample(met, 2 if len(met) > 1 and draw.chance(0.2) else 1))
        draw.change_batches([batch], lambda batch: replace(batch, via=tuple(wanted)))


def _met(problem: Problem, way: Way) -> list[PlaceId]:
    """Places that a way changes at or is ridden through."""
    met = [_start(problem, move) for move in way.moves[1:]]
    for service, _, board, alight in way.chain:
        calls = problem.network.services[ServiceId(service)].calls
        met += [call.place for call in calls if int(board) < call.seq < int(alight)]
    return met


def _start(problem: Problem, move: tuple[str, ...]) -> PlaceId:
    if move[0] == "road":
        return PlaceId(move[1])
    calls = problem.network.services[ServiceId(move[0])].calls
    return next(call.place for call in calls if call.seq == int(move[2]))


def add_not_via(draw: Draw) -> None:
    """Batches that may not meet a place, a country or a service."""

    def change(batch: Batch) -> Batch:
        places = draw.problem.network.places
        ends = batch.origin, batch.destination
        others = [place for place in places if place not in ends]
        abroad = {places[place].country for place in others} - {places[place].country for place in ends}
        pool = [*others, *sorted(abroad), *(service.id for service in draw.services)]
        return replace(batch, not_via=tuple(draw.rng.sample(pool, draw.rng.choice((1, 2, 3)))))

    draw.change_batches(_few(draw), change)


def add_modes(draw: Draw) -> None:
    modes = sorted({service.mode for service in draw.services})

    def change(batch: Batch) -> Batch:
        return replace(batch, modes=tuple(draw.rng.sample(modes, min(len(modes), draw.rng.randint(1, 2)))))

    draw.change_batches(_few(draw), change)


def add_not_modes(draw: Draw) -> None:
    modes = sorted({service.mode for service in draw.services})

    def change(batch: Batch) -> Batch:
        return replace(batch, not_modes=("road" if draw.chance(0.12) else draw.rng.choice(modes),))

    # a batch that is told its modes already would seldom have any left
    free = [batch for batch in draw.problem.batches if not batch.modes]
    draw.change_batches(draw.rng.sample(free, min(len(free), draw.rng.randint(1, 3))), change)


def add_needed_modes(draw: Draw) -> None:
    """A batch, not a large one, has to ride a mode that one of its ways rides."""
    batch = min(draw.rng.sample(draw.problem.batches, 2), key=lambda batch: batch.vehicles)
    try:
        ways = ways_of(draw.problem, batch)
    except TooLargeError:
        return
    services = draw.problem.network.services
    ridden = [services[ServiceId(ride[0])].mode for way in ways for ride in way.chain]
    if ridden:
        draw.change_batches([batch], lambda batch: replace(batch, needed_modes=(draw.rng.choice(ridden),)))


def _few(draw: Draw) -> list[Batch]:
    return draw.rng.sample(draw.problem.batches, min(len(draw.problem.batches), draw.rng.randint(1, 3)))
