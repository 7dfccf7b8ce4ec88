"""What the OpenAPI document says beyond the signatures: problems, and headers that many operations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header
from fastapi.openapi.utils import get_openapi

from service.problems import KINDS, MEDIA_TYPE, ProblemDocument

if TYPE_CHECKING:
    from fastapi import FastAPI

REF = "#/components/schemas/ProblemDocument"


def _idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Repeat a call safely: the same key and request get the same answer. Kept 7 days.",
        ),
    ] = None,
) -> None:
    """Only described here: it is read where the change is made."""


def _if_match(
    if_match: Annotated[
        str | None, Header(description="ETag of the version that the change is of.", examples=['"1"'])
    ] = None,
) -> None:
    """Only described here."""


def _if_none_match(
    if_none_match: Annotated[str | None, Header(description="ETag that is known already.")] = None,
) -> None:
    """Only described here."""


REPEATABLE = Depends(_idempotency_key)
MATCHED = Depends(_if_match)
CACHED = Depends(_if_none_match)
PREFER = Annotated[
    str | None,
    Header(
        max_length=100,
        description="`wait=20`: answer once the job has ended, or after 20 s.",
        examples=["wait=20"],
    ),
]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem answers of an operation, beside those that every one has."""
    return {status: _problem(status) for status in sorted({400, 401, 403, 422, 429, 500, 503, *statuses})}


def file_answer(media_type: str, about: str) -> dict[int | str, dict[str, Any]]:
    """A file as the answer of an operation."""
    return {
        200: {
            "description": about,
            "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
        }
    }


def file_body(about: str, *media_types: str) -> dict[str, Any]:
    """A file as the body of an operation: by itself, or as the field of a form."""
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "required": ["file"], "properties": {"file": binary}}
    content = {"multipart/form-data": {"schema": form}} | {one: {"schema": binary} for one in media_types}
    return {"requestBody": {"required": True, "description": about, "content": content}}


def refusal_with(media_type: str, about: str) -> dict[str, Any]:
    """A refusal (422) that comes as a file, too, if that is asked for."""
    refusal = _problem(422)
    refusal["description"] += f"; {about}"
    refusal["content"][media_type] = {"schema": {"type": "string", "format": "binary"}}
    return refusal


def event_stream_answer() -> dict[int | str, dict[str, Any]]:
    """Server-sent events as the answer of an operation."""
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    return {200: {"description": "Server-sent events, one a version.", "content": content}}


def _problem(status: int) -> dict[str, Any]:
    titles = "; ".join(kind.title for kind in KINDS.values() if kind.status == status)
    return {"description": titles, "content": {MEDIA_TYPE: {"schema": {"$ref": REF}}}}


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document, with problems as they really are."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            description=app.description,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        own = ProblemDocument.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
        schemas |= own.pop("$defs", {})
        schemas["ProblemDocument"] = own
        for path in document["paths"].values():
            for operation in path.values():
                answers = operation.get("responses", {})
                found = (
                    answers.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
                )
                if found.get("$ref", "").endswith("/HTTPValidationError"):
                    answers["422"] = _problem(422)
        app.openapi_schema = document
    return app.openapi_schema
