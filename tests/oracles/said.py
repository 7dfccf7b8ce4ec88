"""The optimum of a tiny world in a few words, so that a test can hold it to what paper says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tests.oracles.enumeration import optimum, ways_of
from tests.tiny import WEEKDAYS, tiny
from tests.world_kept import itineraries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model import Problem
    from tests.oracles.ways import Way


def said(world: str | Problem) -> str:
    """Vehicles by legs and hours from ready to Delivered, batch by batch, then the value without penalties.

    ``2 barge Mon 32h, 1 left out: 80``.
    """
    problem = tiny(world) if isinstance(world, str) else world
    best = optimum(problem)
    batches = []
    for number, batch in enumerate(problem.batches):
        rows = [(way, n) for b, way, n in (*best.kept, *best.chosen) if b == number]
        lines = [f"{count} {legs(way)} {hours(way)}" for way, count in sorted(rows, key=_order)]
        left = batch.vehicles - sum(count for _, count in rows)
        batches.append(", ".join([*lines, f"{left} left out"] if left else lines))
    return f"{'; '.join(batches)}: {best.value - best.penalty}"


def _order(row: tuple[Way, int]) -> tuple[int, str]:
    return row[0].minutes, legs(row[0])


def legs(way: Way) -> str:
    """Services with the day of the departure, and roads."""
    return " + ".join("road" if move[0] == "road" else f"{move[0]} {_day(move[1])}" for move in way.moves)


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return WEEKDAYS[day.weekday()] if day < date(2025, 3, 10) else iso[5:]


def hours(way: Way) -> str:
    """Hours from ready to Delivered."""
    whole, minutes = divmod(way.minutes, 60)
    return f"{whole}h{minutes:02}" if minutes else f"{whole}h"


def keeping(text: str, kept: Mapping[str, Mapping[str, int]]) -> Problem:
    """World of a text in which vehicles of some batches are booked: batch id, then legs and vehicles."""
    problem = tiny(text)
    anytime = replace(problem, terms=replace(problem.terms, today=None))
    booked = {}
    for batch in problem.batches:
        if batch.id in kept:
            ways = {legs(way): way for way in ways_of(anytime, batch)}
            chosen = {ways[name]: count for name, count in kept[batch.id].items()}
            booked[batch.id] = itineraries_of(problem, batch, chosen)
    return replace(problem, kept=booked)
