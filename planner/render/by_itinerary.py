"""Boxes, money and CO2e of a batch by itinerary: what is paid together is shared by vehicles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.costing import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.plans import BatchPlan


@dataclass(slots=True)
class ItinerarySum:
    """What one itinerary takes and costs.

    Parameters
    ----------
    boxes
        Boxes of its run if it is the first of the run, else 0: they add up to the boxes of the batch.
    cents, grams
        Its own, and its share of the boxes, of what its part pays once, and of departures bought as a whole.
    """

    boxes: int = 0
    cents: int = 0
    grams: int = 0


def sums_by_itinerary(entry: BatchPlan) -> tuple[ItinerarySum, ...]:
    """Sums in the order of the itineraries; together exactly those of the batch."""
    sums = tuple(
        ItinerarySum(cents=one.vehicles * one.vehicle_cents, grams=one.vehicles * one.vehicle_grams)
        for one in entry.itineraries
    )

    def by_vehicles(total: int, riders: Sequence[int]) -> zip[tuple[int, int]]:
        return zip(riders, share(total, [entry.itineraries[rider].vehicles for rider in riders]), strict=True)

    for number, run in enumerate(entry.box_runs):
        riders = [index for index, one in enumerate(entry.itineraries) if one.box_run == number]
        sums[riders[0]].boxes = run.boxes
        for rider, cents in by_vehicles(run.boxes * run.box_cents, riders):
            sums[rider].cents += cents
        for rider, grams in by_vehicles(run.boxes * run.box_grams, riders):
            sums[rider].grams += grams
    for charge in entry.part_charges:
        riders = [index for index, one in enumerate(entry.itineraries) if one.part == charge.part]
        for rider, cents in by_vehicles(charge.cents, riders):
            sums[rider].cents += cents
    for paid in entry.shares:
        key = (paid.service_id, paid.departure_day)
        riders = [
            index
            for index, one in enumerate(entry.itineraries)
            if any((ride.service_id, ride.departure_day) == key for ride in one.chain)
        ]
        for rider, cents in by_vehicles(paid.cents, riders):
            sums[rider].cents += cents
    return sums
