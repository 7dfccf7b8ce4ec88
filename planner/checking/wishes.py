"""What a batch asks for and rules out: modes, places, countries and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.checking.legs import find_calls
from planner.model.plans import RIDE, ROAD_LEG
from planner.model.services import ROAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.checking.rules import Findings
    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import Stage
    from planner.model.problem import Network


def check_wishes(
    network: Network, batch: Batch, stages: tuple[Stage, ...], where: str, findings: Findings
) -> None:
    """Hold the legs of an itinerary against the modes, vias and bans of its batch."""
    legs = stages[2::3]
    if ROAD in batch.not_modes and any(leg.kind == ROAD_LEG for leg in legs):
        findings.add("not_modes", where, "roads are ruled out")
    ridden = tuple(_modes(network, legs))
    for mode in dict.fromkeys(ridden):
        if batch.modes and mode not in batch.modes:
            findings.add("modes", where, f"rides by {mode}, asked for {', '.join(batch.modes)}")
        if mode in batch.not_modes:
            findings.add("not_modes", where, f"rides by {mode}, which is ruled out")
    for mode in batch.needed_modes:
        if mode not in ridden:
            findings.add("needed_modes", where, f"rides nothing by {mode}, which is needed")
    met = {place_id for leg in legs for place_id in _places(network, leg)}
    names = {name for place_id in met for name in (place_id, network.places[place_id].country)}
    names |= {leg.service_id for leg in legs if leg.service_id is not None}
    for banned in batch.not_via:
        if banned in names:
            findings.add("not_via", where, f"{banned} is met and ruled out")
    # The ends of a chain of legs are no change between two of them.
    between = {place_id for leg in legs for place_id in _places(network, leg)[1:-1]}
    between |= {leg.to_place for leg in legs[:-1]}
    for wanted in batch.via:
        if wanted not in between:
            findings.add("via", where, f"{wanted} is not met on the way")


def _modes(network: Network, legs: tuple[Stage, ...]) -> Iterator[str]:
    for leg in legs:
        service = None if leg.service_id is None else network.services.get(leg.service_id)
        if leg.kind == RIDE and service is not None:
            yield service.mode


def _places(network: Network, leg: Stage) -> tuple[PlaceId, ...]:
    """Places that a leg meets, in order: its ends, and the calls it rides through."""
    service = None if leg.service_id is None else network.services.get(leg.service_id)
    calls = None if leg.kind != RIDE or service is None else find_calls(service, leg)
    passed: tuple[PlaceId, ...] = ()
    if service is not None and calls is not None:
        passed = tuple(call.place for call in service.calls[calls[0] + 1 : calls[1]])
    return leg.from_place, *passed, leg.to_place
