"""Questions about single shipments on the wire.

They are read by :mod:`planner.reading.route_json`, which tells every fault at once; what is said here is for
the OpenAPI document.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from planner.reading.route_json import MOST_ALTERNATIVES, MOST_ROUTES
from service.schema import Asked, Told

Text = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[str | int, Field(description="Decimal text in the currency asked for, or a whole number.")]
List = list[Text] | Text
"""Texts, or one text with `;` between them."""


class RouteAsked(Asked):
    """One shipment, and which ways are wanted. Cells are those of a batch file."""

    origin: Text = Field(description="Place where the vehicles are ready: id, name or other name.")
    destination: Text
    vehicle_type: Text
    vehicles: str | int = Field(description="All go one way.", examples=[52])
    ready: Text = Field(
        description="Earliest gate-out, on the clock of the origin; a date alone is its start.",
        examples=["2027-03-02"],
    )
    due: Text | None = Field(
        None, description="Latest delivery, on the clock of the destination; a date alone is its end."
    )
    early_price: Number | None = Field(None, description="Of a vehicle and day before due.")
    late_price: Number | None = Field(
        None, description="Of a vehicle and day after due; without it due is hard."
    )
    modes: List | None = Field(None, description="Modes of main rides.")
    not_modes: List | None = Field(None, description="Modes never ridden; here `road` is one.")
    via: List | None = Field(None, description="Up to three places to be met, in any order.")
    not_via: List | None = Field(None, description="Places, countries and services to keep out of.")
    shipper: Text | None = Field(None, description="Whose services and space under contract may be used.")
    value_per_vehicle: Number | None = Field(None, description="By default that of the type.")
    limit: int | None = Field(
        None,
        ge=1,
        le=MOST_ROUTES,
        description="Most ways to be given, the best under the objective; all by default.",
    )
    objective: Literal["cost", "time", "co2e"] = Field(
        "cost", description="What the ways of `limit`, and alternatives, are best at."
    )
    alternatives: int = Field(
        0,
        ge=0,
        le=MOST_ALTERNATIVES,
        description="More ways beside the best one, no two by the same services.",
    )
    latest_ready: Annotated[
        bool, Field(description="With a due date: the latest ready time that makes it.")
    ] = True
    baseline: Annotated[bool, Field(description="The way by the 15-day reference train.")] = True
    network_id: Annotated[str, Field(min_length=1, max_length=40)] = "shipped"
    currency: Annotated[str, Field(max_length=3, description="ISO 4217.")] = "USD"
    carrying_rate: Annotated[str, Field(max_length=20)] = Field(
        "8%", description="Price of capital on the way, a year."
    )
    times: Literal["low", "typical", "high"] = "typical"
    today: Annotated[str, Field(max_length=10)] | None = Field(
        None, description="Use only what can still be booked and loaded on this day."
    )
    rates_date: Annotated[str, Field(max_length=10)] | None = Field(
        None, description="Convert at the rates of this day; by default the newest."
    )


class RouteDocument(Told):
    """What `landbridge route --json` writes, too; its parts are those of a plan document."""

    schema_version: int
    shipment: dict[str, Any]
    network_sha256: str
    terms: dict[str, Any]
    beside_plan: bool
    reason: str = Field(description="Why there is no way; empty if there is one.")
    routes: list[dict[str, Any]] = Field(
        description="Ways that no other outdoes in cost, time and CO2e, cheapest first: each with its "
        "stages, price lines and emissions."
    )
    alternatives: list[dict[str, Any]]
    latest_ready: dict[str, Any] | None
    baseline: dict[str, Any] | None
