"""What the OpenAPI document says beyond the signatures: problems, and headers that many operations share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header
from fastapi.openapi.utils import get_openapi

from service.describe import describe, headers
from service.writing import IDEMPOTENCY_KEY

if TYPE_CHECKING:
    from fastapi import FastAPI


FIELD = "file"
"""Field of a form that holds a file."""
_BINARY = {"type": "string", "format": "binary"}
_JSON = {"type": "object"}
_EVENT = {
    "type": "object",
    "description": "One event; many come, one after another.",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "description": "Version of the object: send it as `Last-Event-ID`."},
        "event": {"type": "string", "description": "State of the job."},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}


async def _idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=IDEMPOTENCY_KEY,
            description="Repeat a call safely: the same key and request get the same answer. Kept 7 days.",
        ),
    ] = None,
) -> None:
    """Only described here: it is read where the change is made."""


def described(*headers: tuple[str, str, str | None]) -> dict[str, Any]:
    """Headers of an operation that are read where they count, so that FastAPI has nothing to do with them."""
    return {"parameters": [_parameter(*header) for header in headers]}


def _parameter(name: str, about: str, example: str | None) -> dict[str, Any]:
    schema = {"type": "string"} if example is None else {"type": "string", "examples": [example]}
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": about}


# Async, although it does nothing: a dependency that is not is called in another thread, twice the time of a
# whole short request.
REPEATABLE = Depends(_idempotency_key)
MATCHED = ("If-Match", "ETag of the version that the change is of.", '"1"')
CACHED = ("If-None-Match", "ETag that is known already.", None)
NEW = ("If-None-Match", "`*`: only if there is none yet.", "*")
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
    return {status: {"description": ""} for status in statuses}


def file_answer(media_type: str | Iterable[str], about: str) -> dict[int | str, dict[str, Any]]:
    """A file as the answer of an operation, of one of some media types."""
    media_types = [media_type] if isinstance(media_type, str) else media_type
    content = {one: {"schema": _JSON if one.endswith("json") else _BINARY} for one in media_types}
    return {200: {"description": about, "headers": headers("Content-Disposition"), "content": content}}


def file_body(about: str, *media_types: str, examples: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A file as the body of an operation: by itself, or as the field of a form.

    Parameters
    ----------
    examples
        By media type.
    """
    whole = {**_BINARY, "minLength": 1}
    form = {
        "type": "object",
        "required": [FIELD],
        "properties": {FIELD: whole},
        "additionalProperties": False,
    }
    content: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    content |= {one: {"schema": dict(whole)} for one in media_types}
    for media_type, example in (examples or {}).items():
        content[media_type]["example"] = example
    return {"requestBody": {"required": True, "description": about, "content": content}}


def refusal_with(media_type: str, about: str) -> dict[str, Any]:
    """A refusal that comes as a file, too, if that is asked for."""
    return {"description": about, "content": {media_type: {"schema": _BINARY}}}


def event_stream_answer() -> dict[int | str, dict[str, Any]]:
    """Server-sent events as the answer of an operation."""
    content = {"text/event-stream": {"schema": _EVENT}}
    return {
        200: {"description": "Server-sent events, one a version.", "content": content},
        204: {"description": "It has ended, and `Last-Event-ID` says that this is known."},
    }


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            summary=app.summary,
            description=app.description,
            license_info=app.license_info,
            routes=app.routes,
        )
        app.openapi_schema = describe(document, app.state.routes, app.state.settings.limits)
    return app.openapi_schema
