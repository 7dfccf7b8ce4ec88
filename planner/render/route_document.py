"""The ways of a single shipment as one JSON document, in the shapes of a plan document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.pricebook import PriceBook
from planner.render.document import baseline_part, emission_part, line_part, stage_part, terms_part
from planner.render.document_room import departure_share
from planner.render.texts import exact_text, moment
from planner.slack import SlowJourneys

if TYPE_CHECKING:
    from planner.model.problem import Problem
    from planner.model.routes import LatestReady, Route, RouteAnswer

Json = dict[str, Any]

SCHEMA_VERSION = 1


def route_document(
    problem: Problem, answer: RouteAnswer, *, beside_plan: bool = False, book: PriceBook | None = None
) -> Json:
    """The whole answer: every way with its stages, price lines and emissions; numbers as in a plan.

    Parameters
    ----------
    book
        The tables of the problem's network, for whoever writes many answers: to index them takes a while.
    """
    query, shipment = answer.query, answer.query.shipment
    book = book or PriceBook(problem.network)
    slow = SlowJourneys(book, problem.terms.times)

    def route(one: Route) -> Json:
        slow_min = slow.find_delivered_min(one.itinerary)
        due_min = shipment.due_min if query.has_due else None
        return {
            "cents": one.cents,
            "minutes": one.minutes,
            "grams": one.grams,
            "mainRideMinutes": one.main_ride_min,
            "services": list(one.services),
            **moment(problem, "delivered", one.itinerary.delivered_min, shipment.destination),
            "slackMinutes": None if due_min is None else due_min - one.itinerary.delivered_min,
            "slackMinutesUnderHighTimes": (
                None if due_min is None or slow_min is None else due_min - slow_min
            ),
            "vehicles": one.itinerary.vehicles,
            "boxes": 0 if one.box_run is None else one.box_run.boxes,
            "vehicleCents": one.itinerary.vehicle_cents,
            "boxCents": one.itinerary.box_cents,
            "partCents": one.itinerary.part_cents,
            "charters": [departure_share(share) for share in one.charters],
            "vehicleGrams": one.itinerary.vehicle_grams,
            "boxGrams": one.itinerary.box_grams,
            "stages": [stage_part(problem, stage) for stage in one.itinerary.stages],
            "lines": [line_part(line) for line in one.itinerary.lines],
            "emissions": [emission_part(line) for line in one.itinerary.emissions],
        }

    def latest_ready(latest: LatestReady) -> Json:
        ready_min = latest.ready_min
        ready: Json = {"readyUtc": None, "readyLocal": None}
        if ready_min is not None:
            ready = {**moment(problem, "ready", ready_min, shipment.origin)}
        return {**ready, "reason": latest.reason, "routes": [route(one) for one in latest.routes]}

    return {
        "schemaVersion": SCHEMA_VERSION,
        "shipment": {
            "vehicleType": shipment.vehicle_type,
            "vehicles": shipment.vehicles,
            "shipper": shipment.shipper,
            "origin": shipment.origin,
            "destination": shipment.destination,
            **moment(problem, "ready", shipment.ready_min, shipment.origin),
            **moment(problem, "due", shipment.due_min, shipment.destination),
            "hasDue": query.has_due,
            "latePriceCents": None if shipment.late_price is None else exact_text(shipment.late_price),
            "modes": list(shipment.modes),
            "notModes": list(shipment.not_modes),
            "via": list(shipment.via),
            "notVia": list(shipment.not_via),
        },
        "networkSha256": problem.network.digest,
        "terms": terms_part(problem.terms),
        "besidePlan": beside_plan,
        "reason": answer.reason,
        "routes": [route(one) for one in answer.routes],
        "alternatives": [route(one) for one in answer.alternatives],
        "latestReady": None if answer.latest_ready is None else latest_ready(answer.latest_ready),
        "baseline": baseline_part(answer.baseline),
    }
