"""Seeded batches over the places of the shipped network: what leaves its plants for its markets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from planner.clock import local_minutes
from planner.model import Batch, Network
from planner.model.ids import BatchId, PlaceId, VehicleTypeId

MIDNIGHT = time(0)
FIRST_DAY = date(2027, 3, 1)
"""First ready day; the shipped month begins with it too."""
LEAST_VEHICLES, MOST_VEHICLES = 20, 400
"""Quantities; small ones are likelier, the mean is 96."""
MADE_AT = {
    "BYD-CGO": ("dolphin-surf", "dolphin", "seal", "atto-3", "seal-u-dmi"),
    "BYD-HFE": ("dolphin", "seal", "atto-3", "seal-u-dmi"),
    "SAIC-CGO": ("mg4", "maxus-mpv"),
    "CHERY-WHI": ("omoda-e5",),
}
"""Vehicle types by plant; the maker is the first part of a plant's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What batches are drawn from, all evenly unless said otherwise.

    Parameters
    ----------
    days
        Ready days, from :data:`FIRST_DAY` on.
    slack_days
        Ranges from ready to due; one of them is drawn, then the days in it.
    """

    number: int
    days: int
    slack_days: Sequence[tuple[int, int]]
    seed: int = 1


def seeded_batches(network: Network, recipe: Recipe) -> tuple[Batch, ...]:
    """Batches of a recipe; an equal recipe gives equal batches."""
    rng = random.Random(recipe.seed)
    markets = [place.id for place in network.places.values() if place.kind == "compound"]
    batches = []
    for number in range(recipe.number):
        plant = rng.choice(list(MADE_AT))
        market = rng.choice(markets)
        ready = FIRST_DAY + timedelta(days=rng.randrange(recipe.days))
        due = ready + timedelta(days=rng.randint(*rng.choice(recipe.slack_days)))
        batches.append(
            Batch(
                id=BatchId(f"S-{number + 1:05}"),
                shipper=plant.split("-", maxsplit=1)[0],
                origin=PlaceId(plant),
                destination=market,
                vehicle_type=VehicleTypeId(rng.choice(MADE_AT[plant])),
                vehicles=LEAST_VEHICLES + round((MOST_VEHICLES - LEAST_VEHICLES) * rng.random() ** 4),
                ready_min=local_minutes(ready, MIDNIGHT, network.places[PlaceId(plant)].time_zone),
                due_min=local_minutes(due + timedelta(days=1), MIDNIGHT, network.places[market].time_zone),
            )
        )
    return tuple(batches)
