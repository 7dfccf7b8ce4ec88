"""Endpoints and deliveries on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.schema import Asked, Moment, Told
from service.webhooks.urls import MOST_CHARACTERS

EventType = Literal[
    "plan.succeeded",
    "plan.failed",
    "plan.cancelled",
    "comparison.succeeded",
    "comparison.failed",
    "comparison.cancelled",
    "webhook.test",
]
EndpointState = Literal["enabled", "disabled", "gone"]
DeliveryState = Literal["pending", "sending", "delivered", "failed"]

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="Where events are posted: https, to a public address or a listed network.",
        examples=["https://erp.example.com/landbridge"],
    ),
]
Events = Annotated[
    list[EventType], Field(max_length=7, description="Types of events to be sent; an empty list means all.")
]
Description = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="For people.")]


class NewEndpoint(Asked):
    """A receiver of events."""

    url: Url
    events: Events = Field(default_factory=list)
    description: Description = ""


class ChangedEndpoint(Asked):
    """What is to change of an endpoint; what is left out, or null, stays."""

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None
    enabled: bool | None = Field(
        None,
        description="False: nothing is sent, what waits is kept, and later events are not for it. "
        "True: also for one that is gone.",
    )


class Endpoint(Told):
    """A receiver of events, without its secret."""

    id: str
    url: str
    events: list[EventType]
    description: str
    state: EndpointState = Field(description="`gone`: it has answered 410, and nothing more is sent to it.")
    version: int
    secret_number: int = Field(
        description="Which of its secrets signs: 1 at first, one more for each rotation."
    )
    rotated_at: Moment | None = Field(description="When its secret was last changed.")
    created_at: Moment


class EndpointWithSecret(Endpoint):
    """A receiver of events and its secret, which is told this once."""

    secret: str = Field(description="`whsec_` and base64: give it to the receiver, to verify signatures.")


class EndpointList(Told):
    """A page of endpoints."""

    items: list[Endpoint]
    next_cursor: str | None


class Delivery(Told):
    """One event on its way to one endpoint."""

    id: str
    endpoint_id: str
    event_id: str = Field(description="Sent as `webhook-id`: the same at every try.")
    event_type: EventType
    object_id: str = Field(description="What the event is about.")
    sequence: int = Field(description="1, 2, 3 ... of the object, without gaps.")
    state: DeliveryState
    attempts: int = Field(description="Tries that have ended.")
    status: int | None = Field(description="Status of the last answer.")
    error: str | None = Field(description="Why the last try failed.")
    created_at: Moment
    tried_at: Moment | None = Field(description="When the last try ended.")
    next_try_at: Moment | None = Field(description="When it is tried next.")
    delivered_at: Moment | None


class DeliveryList(Told):
    """A page of deliveries, the newest first."""

    items: list[Delivery]
    next_cursor: str | None
