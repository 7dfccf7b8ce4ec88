"""Itineraries that random worlds keep of an earlier plan, and how a way reads as an itinerary of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.costing import price_itinerary
from planner.model import EmissionLine, Itinerary, PlaceId, ServiceId, Stage
from tests.oracles.enumeration import TooLargeError, is_possible, ways_of
from tests.oracles.rules import BatchRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model import Batch, Problem
    from tests.oracles.rules import Move
    from tests.oracles.ways import Way
    from tests.world_draw import Draw

FEW = 25
"""Ways of a batch, the best first, among which those that are kept are drawn."""


def add_kept(draw: Draw) -> None:
    """One or two batches have vehicles booked already, some of them on what today does not allow any more."""
    batches = draw.rng.sample(draw.problem.batches, min(len(draw.problem.batches), draw.rng.randint(1, 2)))
    for batch in batches:
        booked = itineraries_of(draw.problem, batch, _chosen(draw, batch))
        world = replace(draw.problem, kept={**draw.problem.kept, batch.id: booked})
        if booked and is_possible(world):
            draw.problem = world


def _chosen(draw: Draw, batch: Batch) -> dict[Way, int]:
    anytime = replace(draw.problem, terms=replace(draw.problem.terms, today=None))
    try:
        ways = sorted(ways_of(anytime, batch), key=lambda way: (way.vehicle_cents, way.moves))[:FEW]
    except TooLargeError:  # the oracle could not plan the rest either
        return {}
    if not ways:
        return {}
    least = batch.least_part
    vehicles = draw.rng.randint(least, batch.vehicles)
    if batch.max_parts == 1 or len(ways) == 1 or vehicles < 2 * least:
        return {draw.rng.choice(ways): vehicles}
    first, second = draw.rng.sample(ways, 2)
    return {first: vehicles - least, second: least}


def priced(problem: Problem) -> Problem:
    """World whose kept itineraries have their price lines, as the planner's costing works them out.

    The oracles price what is kept themselves; whoever hands a world to the planner prices it first.
    """
    of = {batch.id: batch for batch in problem.batches}
    kept = {
        name: tuple(replace(i, lines=price_itinerary(problem, of[name], i.stages)) for i in itineraries)
        for name, itineraries in problem.kept.items()
    }
    return replace(problem, kept=kept)


def itineraries_of(problem: Problem, batch: Batch, chosen: Mapping[Way, int]) -> tuple[Itinerary, ...]:
    """Booked itineraries of so many vehicles on each way, without price lines: see :func:`priced`."""
    rules = BatchRules(problem, batch, booked=True)
    moves = {move.key: move for move in rules.moves()}
    chains = list(dict.fromkeys(way.chain for way in chosen))
    runs = list(dict.fromkeys(way.run for way in chosen if way.run is not None))
    itineraries = []
    for way, vehicles in chosen.items():
        stages = tuple(_stages(rules, [moves[key] for key in way.moves]))
        lines = [
            (number, moves[key].grams)
            for number, key in zip((n for n, s in enumerate(stages) if _is_leg(s)), way.moves, strict=True)
        ]
        itineraries.append(
            Itinerary(
                part=chains.index(way.chain) + 1,
                vehicles=vehicles,
                stages=stages,
                lines=(),
                emissions=tuple(
                    EmissionLine(
                        stage=number,
                        per="box" if grams.box else "vehicle",
                        unit_grams=grams.box or grams.vehicle,
                    )
                    for number, grams in lines
                    if problem.network.emission_factors
                ),
                box_run=None if way.run is None else runs.index(way.run),
                booked=True,
            )
        )
    return tuple(itineraries)


def _is_leg(stage: Stage) -> bool:
    return stage.kind in ("ride", "road")


def _stages(rules: BatchRules, moves: list[Move]) -> Iterator[Stage]:
    """Handling, dwell and leg for each move, and the handling to delivery."""
    place, mode, form = rules.batch.origin, "origin", rules.first_form
    free_min, after_min = rules.batch.ready_min, 0
    for move in moves:
        row = rules.handling(place, mode, move.mode, form, move.form)
        assert row is not None
        handled = free_min + after_min + row.handling_min + move.before_min
        yield _held("handling", (free_min, handled), place, move.mode, (form, move.form))
        yield _held("dwell", (handled, move.gate_min), place, move.mode, (move.form, move.form))
        is_ride = move.departure is not None
        yield Stage(
            kind="ride" if is_ride else "road",
            start_min=move.gate_min,
            end_min=move.free_min,
            from_place=PlaceId(move.from_place),
            to_place=PlaceId(move.to_place),
            mode=move.mode,
            from_form=move.form,
            to_form=move.form,
            service_id=ServiceId(move.key[0]) if is_ride else None,
            departure_day=date.fromisoformat(move.key[1]) if is_ride else None,
            board_seq=int(move.key[2]) if is_ride else None,
            alight_seq=int(move.key[3]) if is_ride else None,
        )
        place, mode, form = move.to_place, move.mode, move.form
        free_min, after_min = move.free_min, move.after_min
    row = rules.handling(place, mode, "delivery", form, rules.first_form)
    assert row is not None
    done = free_min + after_min + row.handling_min
    yield _held("handling", (free_min, done), place, "delivery", (form, rules.first_form))


def _held(kind: str, times: tuple[int, int], place: str, mode: str, forms: tuple[str, str]) -> Stage:
    return Stage(
        kind=kind,
        start_min=times[0],
        end_min=times[1],
        from_place=PlaceId(place),
        to_place=PlaceId(place),
        mode=mode,
        from_form=forms[0],
        to_form=forms[1],
    )
