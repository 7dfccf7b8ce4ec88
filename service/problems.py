"""Answers that are no success, by RFC 9457: a stable code, what happened, where, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from planner.errors import Issue

MEDIA_TYPE = "application/problem+json"
RETRY_S = {429: "5", 503: "5", 507: "60"}
"""When to call again, in seconds, unless it is known better."""
MAX_ERRORS = 1_000
"""Most faults in one answer; how many there are in all is told beside them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, what it is called, and what a caller can do."""

    status: int
    title: str
    advice: str


KINDS: Mapping[str, Kind] = {
    "bad-request": Kind(
        400, "The request can't be read", "Send JSON by RFC 8259, with the keys of the OpenAPI document."
    ),
    "bad-cursor": Kind(
        400, "The cursor is not one of ours", "Take `nextCursor` of the page before, unchanged."
    ),
    "bad-host": Kind(
        400, "The host name is not one of this service", "Name it by --name where the service is started."
    ),
    "unauthorized": Kind(
        401,
        "No valid key",
        "Send `Authorization: Bearer lb_...` with a key that is neither expired nor revoked.",
    ),
    "forbidden": Kind(403, "The key may not do this", "Ask for a key with the scope that the answer names."),
    "cross-site": Kind(
        403, "A page of another site is calling", "Call from a program, or from the page of this service."
    ),
    "not-found": Kind(
        404,
        "There is no such thing",
        "Check the id; what belongs to others is not told apart from what is absent.",
    ),
    "method-not-allowed": Kind(405, "The method is not known here", "See the header Allow."),
    "request-timeout": Kind(408, "The request did not arrive in time", "Send it again, without pauses."),
    "conflict": Kind(
        409, "The state does not allow it", "Read the object again, the detail says what stands in the way."
    ),
    "open-batch-set": Kind(
        409, "The batch set is open", "Close it first: a plan is of batches that no longer change."
    ),
    "closed-batch-set": Kind(409, "The batch set is closed", "Make a new one: plans rest on closed ones."),
    "duplicate-reference": Kind(
        409, "The externalRef is taken", "Use the object that has it, or another externalRef."
    ),
    "not-finished": Kind(
        409,
        "The job has not succeeded",
        "Wait for state `succeeded`: poll, stream the events, or register a webhook.",
    ),
    "precondition-failed": Kind(
        412, "The object has changed meanwhile", "Read it again and send its new ETag in If-Match."
    ),
    "too-large": Kind(413, "The body is too large", "Send less: the detail names the limit."),
    "uri-too-long": Kind(414, "The address is too long", "Send long lists in the body."),
    "unsupported-media-type": Kind(
        415, "The body is of a type not known here", "Set Content-Type as the OpenAPI document says."
    ),
    "invalid": Kind(422, "The request is refused", "Each of `errors` says where, why, and what to do."),
    "key-reused": Kind(
        422,
        "The Idempotency-Key was used for another request",
        "Use a fresh key for each request that is not a repetition.",
    ),
    "precondition-required": Kind(428, "If-Match is missing", "Send the ETag of the version you have seen."),
    "too-many-requests": Kind(429, "Too many requests", "Wait as Retry-After says."),
    "too-many-jobs": Kind(429, "Too many jobs are waiting", "Wait until some are finished."),
    "header-too-large": Kind(431, "The headers are too large", "Send fewer or shorter headers."),
    "internal": Kind(500, "A fault of the service", "Tell the operator the request id; nothing was changed."),
    "unavailable": Kind(
        503,
        "Not available just now",
        "Repeat the call with the same Idempotency-Key after Retry-After seconds.",
    ),
    "timeout": Kind(504, "It takes too long", "Ask for less, or ask again."),
    "storage-full": Kind(
        507, "Nothing more can be stored", "The operator has to free space; nothing of this call was kept."
    ),
}
"""Every code there is; each has a page under ``/v1/problems/``."""


class Fault(BaseModel):
    """One fault of a request."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    pointer: str | None = Field(
        None, description="JSON pointer into the request, or the name of a parameter."
    )
    table: str | None = Field(None, description="Table of a network that was handed in.")
    row: int | None = Field(None, description="Line of an uploaded file; the header is line 1.")
    column: str | None = Field(None, description="Heading of the column.")
    value: str | None = Field(None, description="What stands there, shortened.")
    code: str = Field("refused", description="Kind of the fault.")
    reason: str = Field(description="What is wrong.")
    hint: str = Field("", description="What to do about it.")


class ProblemDocument(BaseModel):
    """Body of an answer that is no success (RFC 9457)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    type: str = Field(description="Address of the page about this kind of problem.")
    title: str
    status: int
    code: str = Field(description="Stable name of the kind.")
    detail: str = ""
    instance: str = Field("", description="Id of the request, as in the header X-Request-ID.")
    errors: list[Fault] = Field(default_factory=list, description="All faults, the first 1,000 of them.")
    num_errors: int = Field(0, description="How many faults there are.")


@dataclass(eq=False)
class Problem(HTTPException):
    """Ends a request with a problem.

    Parameters
    ----------
    code
        One of :data:`KINDS`.
    detail
        What happened this time; never what belongs to others, never a path or a statement.
    errors
        The faults, or the first :data:`MAX_ERRORS` of them.
    num_errors
        How many there are; ``None`` = those.
    """

    code: str
    detail: str = ""
    errors: Sequence[Fault] = ()
    headers: dict[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    num_errors: int | None = None

    def __post_init__(self) -> None:
        status = KINDS[self.code].status
        if status in RETRY_S:
            self.headers.setdefault("Retry-After", RETRY_S[status])
        super().__init__(status_code=status, detail=self.detail, headers=self.headers)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"

    def document(self, request_id: str = "") -> dict[str, Any]:
        """Body of the answer."""
        kind = KINDS[self.code]
        return {
            "type": f"/v1/problems/{self.code}",
            "title": kind.title,
            "status": kind.status,
            "code": self.code,
            "detail": self.detail or kind.advice,
            "instance": request_id,
            "errors": [
                fault.model_dump(by_alias=True, exclude_none=True) for fault in self.errors[:MAX_ERRORS]
            ],
            "numErrors": len(self.errors) if self.num_errors is None else self.num_errors,
            **self.extra,
        }

    def response(self, request_id: str = "") -> Response:
        """The answer."""
        return Response(
            json.dumps(self.document(request_id), ensure_ascii=False).encode("utf-8", "replace"),
            status_code=self.status_code,
            media_type=MEDIA_TYPE,
            headers=self.headers,
        )


def fault_of(issue: Issue, *, pointer: str | None = None) -> Fault:
    """A fault that the planner's readers found; pointers of JSON stand in their column."""
    column = issue.column
    if pointer is None and column is not None and column.startswith("/"):
        pointer, column = column, None
    return Fault(
        pointer=pointer,
        row=issue.row,
        column=column,
        value=issue.value,
        code=issue.code,
        reason=issue.reason,
        hint=issue.hint,
    )


def not_found(what: str) -> Problem:
    """There is none, or it is another tenant's: the same answer."""
    return Problem("not-found", f"no such {what}")
