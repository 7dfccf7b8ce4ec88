"""What all schemas of the wire share: camelCase, nothing coerced, nothing unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_-]+$")]
"""Id of an object, well-formed or not: if it is none, there is no such object."""

ExternalRef = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        # ``.`` and ``..`` are no names: whoever tidies addresses takes them out.
        pattern=r"^(\.{0,2}[^\x00-\x1f\x7f/.][^\x00-\x1f\x7f/]*|\.{3}[^\x00-\x1f\x7f/]*)$",
        description="The caller's own name for it.",
    ),
]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339, UTC, to the millisecond."""
Name = Annotated[
    str,
    # Neither what commands a terminal nor what turns the direction of text: names are printed as they are.
    Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+$"),
]


class Asked(BaseModel):
    """Body of a request: strict types, and no key that is not known."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=False, extra="forbid", strict=True, frozen=True
    )


class Told(BaseModel):
    """Body of an answer."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, json_schema_serialization_defaults_required=True
    )


def moment(ms: int) -> str:
    """RFC 3339 of a time in milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_or_none(ms: int | None) -> str | None:
    """RFC 3339 of a time that may not have come."""
    return None if ms is None else moment(ms)
