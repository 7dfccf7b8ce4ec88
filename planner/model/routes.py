"""The itineraries of a single shipment: what is asked, and what is worth choosing between."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.batches import Batch
from planner.model.ids import ServiceId
from planner.model.plans import Baseline, BoxRun, DepartureShare, Itinerary
from planner.model.problem import CO2E, COST, TIME

ROUTE_OBJECTIVES = (COST, TIME, CO2E)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteQuery:
    """A question about one shipment.

    Parameters
    ----------
    shipment
        Vehicles that all go one way; rules for parts, priority and the price of being left out say nothing.
    has_due
        False: nobody asked for a due date; that of the shipment only ends the search.
    alternatives
        How many more ways are wanted beside the best one, no two by the same services in the same order.
    objective
        What the best way, and each alternative, is best at: ``cost``, ``time`` or ``co2e``.
    latest_ready
        Whether the latest ready time is wanted; it needs a due date.
    limit
        How many of the ways that no other outdoes are wanted, the best under the objective; ``None`` = all.
    """

    shipment: Batch
    has_due: bool = True
    alternatives: int = 0
    objective: str = COST
    latest_ready: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way for the whole shipment, priced line by line and held against every rule.

    Parameters
    ----------
    itinerary
        Of all its vehicles.
    box_run
        Its boxes; ``None`` if it is never boxed.
    charters
        What departures bought as a whole cost more with the shipment than without it.
    cents, minutes
        Of the whole shipment, charters included; from ready to Delivered.
    grams
        CO2e of the whole shipment; ``None`` where the network knows no emission factors.
    main_ride_min
        From the first main departure to the last alight + release; ``None`` if all is road.
    """

    itinerary: Itinerary
    box_run: BoxRun | None
    charters: tuple[DepartureShare, ...]
    cents: int
    minutes: int
    grams: int | None
    main_ride_min: int | None

    @property
    def services(self) -> tuple[ServiceId, ...]:
        """Services ridden, in order."""
        return tuple(ride.service_id for ride in self.itinerary.chain if ride.service_id is not None)

    def rank(self, objective: str) -> tuple[int, int, int]:
        """What it counts under an objective, then under the others: the less the better."""
        return rank(objective, self.cents, self.minutes, self.grams or 0)


def rank(objective: str, cents: int, minutes: int, grams: int) -> tuple[int, int, int]:
    """What a way counts under an objective, then under the others: the less the better."""
    return {
        COST: (cents, minutes, grams),
        TIME: (minutes, cents, grams),
        CO2E: (grams, cents, minutes),
    }[objective]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestReady:
    """The latest ready time with which the due date can still be made.

    Parameters
    ----------
    ready_min
        ``None`` if there is none.
    routes
        What can be chosen between then, cheapest first: all of them make the due date.
    reason
        Why there is none; empty if there is one.
    searched_from_min
        Earliest ready time that was looked at.
    """

    ready_min: int | None
    routes: tuple[Route, ...] = ()
    reason: str = ""
    searched_from_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAnswer:
    """What can be chosen between.

    Parameters
    ----------
    routes
        All that no other outdoes in cost, time and CO2e, or as many as were asked for, cheapest first; one of
        those that are equal.
    alternatives
        The best way under the objective, then ways by other services, each the best that is left; empty
        where none were asked for.
    latest_ready
        ``None`` if it was not asked for, or there is no due date.
    baseline
        The cheapest way with exactly one 15-day reference ride, whatever room and due date.
    reason
        Why there is no route; empty if there is one.
    """

    query: RouteQuery
    routes: tuple[Route, ...]
    alternatives: tuple[Route, ...] = ()
    latest_ready: LatestReady | None = None
    baseline: Baseline | None = None
    reason: str = ""
