"""What a comparison is asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from service.plans.terms import Switch, TermsAsked
from service.schema import ExternalRef, Id


class ComparisonAsked(TermsAsked):
    """The batches of a closed set under several alternatives, each planned jointly."""

    batch_set_id: Id
    network_id: Id | None = Field(None, description="By default the network of the batch set.")
    external_ref: ExternalRef | None = None
    alternatives: list[Switch] = Field(
        default_factory=list,
        max_length=20,
        description="Further alternatives beside rail, river-sea, road-sea and best.",
        examples=[["south=modes=rail;not-via=RU,BY"]],
    )
    only: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list,
        max_length=24,
        description="Names of the alternatives to compare; by default all.",
    )
    break_even: bool = Field(default=False, description="At which price of the train each choice flips.")
    sweeps: list[Switch] = Field(
        default_factory=list,
        max_length=3,
        description="Plan again at one amount after another.",
        examples=[["rail-price=1000:7000:1000"]],
    )
    time_limit_s: int | None = Field(None, ge=1, description="By default the service's own.")
