"""Keys on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.schema import Asked, Moment, Name, Told

Scope = Literal["plan:read", "plan:write", "data:write", "hook:admin", "tenant:admin"]


class KeyAsked(Asked):
    """A new key of the own tenant."""

    label: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=5)]
    days: int = Field(365, ge=1, le=3650, description="It expires after so many days.")


class KeyTold(Told):
    """A key, without its secret."""

    id: str
    label: str
    scopes: list[str]
    created_at: Moment
    created_by: str
    expires_at: Moment
    revoked_at: Moment | None
    last_used_at: Moment | None = Field(description="To about ten minutes.")


class NewKeyTold(KeyTold):
    """A new key: the only time that it is shown."""

    key: str = Field(description="Send it as `Authorization: Bearer ...`.")


class KeyPage(Told):
    """Keys, the oldest first."""

    items: list[KeyTold]
    next_cursor: str | None = None


class AuditTold(Told):
    """A change: who, what, when."""

    number: int
    at: Moment
    key_id: str
    address: str
    request_id: str
    action: str
    object_id: str
    version_before: int | None
    version_after: int | None
    sha256: str


class AuditPage(Told):
    """Changes, the newest first."""

    items: list[AuditTold]
    next_cursor: str | None = None
