"""Which keys a JSON body may have, where a caller sent one that is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request

from planner.reading.cells import suggest

_JSON = "application/json"
_Schema = Mapping[str, Any]


def hint_for(request: Request, steps: Sequence[str | int]) -> str:
    """What may have been meant by an unknown key, by its path in the body; empty if nothing is near it."""
    document: _Schema = request.app.openapi()
    asked = request.scope["route"].operation_id
    operations = (one for methods in document["paths"].values() for one in methods.values())
    operation: _Schema = next((one for one in operations if one["operationId"] == asked), {})
    schema = operation.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema", {})
    *parents, key = steps
    found = list(_resolved(document, schema))
    for step in parents:
        found = [inner for one in found for inner in _step(document, one, step)]
    return suggest(str(key), (name for one in found for name in one.get("properties", ())))


def _step(document: _Schema, schema: _Schema, step: str | int) -> Iterator[_Schema]:
    """Schemas of a member of what a schema is of."""
    inner = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
    return _resolved(document, inner or {})


def _resolved(document: _Schema, schema: _Schema) -> Iterator[_Schema]:
    """A schema, or those it refers to or leaves the choice of."""
    if "$ref" in schema:
        yield from _resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _resolved(document, one)
    else:
        yield schema
