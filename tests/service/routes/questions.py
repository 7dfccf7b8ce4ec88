"""Questions about a tiny network, and what the library answers to them."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path

from planner.model import Network, Problem
from planner.reading.route_json import read_route_json
from planner.reading.tables import read_network
from planner.render.route_document import route_document
from planner.route import find_routes
from service.writing import json_bytes
from tests.reading.network_folder import network_with_unloading

EASY = {
    "origin": "PLANT",
    "destination": "MARKET",
    "vehicleType": "SUV",
    "vehicles": 10,
    "ready": "2025-03-03",
}
MANY = (
    EASY,
    {**EASY, "due": "2025-04-20", "alternatives": 2},
    {**EASY, "due": "2025-03-20", "latePrice": "12.5", "objective": "time"},
    {**EASY, "due": "2025-03-10"},
    {**EASY, "vehicles": 5000},
    {**EASY, "notVia": ["KZ"]},
    {**EASY, "via": ["BORDER"], "modes": ["rail"], "valuePerVehicle": "30000", "shipper": "BYD"},
    {**EASY, "vehicleType": "VAN"},
    {**EASY, "currency": "EUR", "times": "high", "carryingRate": "12%", "today": "2025-02-20"},
    {**EASY, "limit": 1, "baseline": False, "latestReady": False, "due": "2025-05-01", "objective": "co2e"},
)


def make_network(path: Path) -> Path:
    """A plant, a train, a terminal, a market, and roads between them."""
    return network_with_unloading(path).path


def as_json(question: object) -> bytes:
    return json.dumps(question).encode()


def of_library(question: object, folder: Path | None) -> bytes:
    """The document as the library writes it, over a timetable made for this question alone."""

    @lru_cache
    def network_of(currency: str, rates_date: date | None) -> Network:
        return read_network(folder, currency, rates_date)

    asked = read_route_json(question, network_of)
    answer = find_routes(asked.network, asked.query, terms=asked.terms, baseline=asked.baseline)
    shown = Problem(network=asked.network, batches=(asked.query.shipment,), terms=asked.terms)
    return json_bytes(route_document(shown, answer))
