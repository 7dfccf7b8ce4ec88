"""Reasons for batches without a way in time: the same for many together and for each asked by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from planner.model import Batch, Problem
from planner.solver.out_of_time import OutOfTime, Seen, out_of_time
from tests.tiny import tiny
from tests.worlds import random_world

BARGE = "service barge plant -> port@24 leaves=Mon at=08:00 until=1 price=40\n"


def hurried(world: Problem, rng: Random) -> list[Batch]:
    """Its batches, due soon."""
    return [
        replace(batch, due_min=batch.ready_min + rng.randrange(1, 6) * 1_440, late_price=None)
        for batch in world.batches
    ]


def test_one_by_one_they_have_the_reasons_that_they_have_together(
    num_worlds: Callable[[int], int], seed: int
):
    rng, met = Random(seed), set()
    for number in range(seed, seed + num_worlds(60)):
        world = random_world(number)
        batches = hurried(world, rng)
        together = out_of_time(replace(world, batches=tuple(batches)))
        alone = OutOfTime(replace(world, batches=()), one_by_one=True)
        for batch, reason in zip(batches * 2, together * 2, strict=True):
            assert alone.reasons([batch]) == [reason], f"random_world({number})"
        met |= {reason for reason, _ in together}
    assert met >= {"too_late"}


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(None, 0), "too_late"),
        (Seen(29_014_560, 0), "too_late"),
        # Where it says that there is nothing, nothing is looked for until a rule is dropped.
        (Seen(None, 1 << 40), "closed"),
    ],
)
def test_another_search_is_asked_first(seen: Seen, reason: str):
    world = tiny(BARGE + "batch 4 car plant -> port due=7")
    ((found, _),) = OutOfTime(world, one_by_one=True).reasons(list(world.batches), lambda _: seen)
    assert found == reason


def test_it_can_be_ended_between_two_timetables():
    world = tiny(BARGE + "batch 4 car plant -> port due=7")

    def tick() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        OutOfTime(world, one_by_one=True, tick=tick).reasons(list(world.batches))
