"""The OpenAPI document as the service really answers: problems, headers, scopes, names in camelCase.

What signatures say is made by FastAPI; here it gets what is true of every operation and said in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_camel

from service.callers import KEY_SCHEME, find_scope
from service.problems import KINDS, MEDIA_TYPE, ProblemDocument

if TYPE_CHECKING:
    from service.settings import Limits

Json = dict[str, Any]

PROBLEM = "#/components/schemas/ProblemDocument"
METRICS_SCHEME = "metricsToken"
ALWAYS = (400, 414, 431, 500, 503)
"""Problems that any operation may answer with; 405 is of paths."""
WITH_KEY = (401, 403, 429)
WITH_BODY = (408, 413, 415, 422)
WITH_CHANGE = (507,)
_METHODS = ("get", "put", "post", "patch", "delete")
_END = re.compile(r"[.:;](?=\s)|\n")
"""What ends the first clause of a description."""
_TOLD = {"application/json", MEDIA_TYPE}

_TEXT: Json = {"type": "string"}
HEADERS: Mapping[str, Json] = {
    "X-Request-ID": {
        "description": "Id of the request: the caller's own, or one that was made.",
        "required": True,
        "schema": _TEXT,
    },
    "API-Version": {"description": "Semantic version of this API.", "required": True, "schema": _TEXT},
    "ETag": {
        "description": "Version of the object: for If-Match and If-None-Match.",
        "required": True,
        "schema": _TEXT,
    },
    "Location": {"description": "Address of the object.", "required": True, "schema": _TEXT},
    "Retry-After": {
        "description": "Seconds to wait before the next call.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {"description": "How to show a key.", "required": True, "schema": _TEXT},
    "Next-Page-Cursor": {
        "description": "Cursor of the next page, as in `nextCursor`; absent on the last.",
        "schema": _TEXT,
    },
    "Link": {"description": 'Address of the next page, `rel="next"`; absent on the last.', "schema": _TEXT},
    "Idempotency-Replayed": {
        "description": "The answer of an earlier call with the same Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Preference-Applied": {"description": "How long was waited at most, as preferred.", "schema": _TEXT},
    "Content-Disposition": {"description": "Name of the file.", "required": True, "schema": _TEXT},
}


SCHEMES: Mapping[str, Json] = {
    KEY_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "lb_...",
        "description": "An API key; not asked for on a laptop. Each operation names the scope that it needs.",
    },
    METRICS_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of the operator; without one in the settings not asked for on a laptop.",
    },
}
"""How a caller is known. FastAPI would look for the key itself, and a second time."""


def describe(document: Json, routes: Sequence[Any], limits: Limits) -> Json:
    """Complete the document that FastAPI makes of signatures."""
    components = document["components"]
    schemas = components["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    own = ProblemDocument.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    schemas |= own.pop("$defs", {})
    schemas["ProblemDocument"] = own
    components["headers"] = {name: dict(header) for name, header in HEADERS.items()}
    components["responses"] = {}
    components["securitySchemes"] = {name: dict(scheme) for name, scheme in SCHEMES.items()}
    _put_limits(schemas, limits)
    scopes = dict(_scopes(routes))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in _METHODS:
                _describe_operation(method, operation, scopes.get((method, path)), components)
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == "limit":
                        parameter["schema"]["maximum"] = limits.page_items
                    if parameter["name"] == "If-Match":
                        parameter["required"] = "428" in operation["responses"]
    document["paths"] = {_camel_path(path): methods for path, methods in document["paths"].items()}
    components["responses"] = dict(sorted(components["responses"].items()))
    components["schemas"] = dict(sorted(schemas.items()))
    _drop_titles(document)
    return document


def _put_limits(schemas: Json, limits: Limits) -> None:
    """Bounds that are settings, and so stand in no signature."""
    schemas["BatchesAsked"]["properties"]["batches"]["maxItems"] = limits.rows_a_call
    for name in ("PlanAsked", "ComparisonAsked"):
        for choice in schemas[name]["properties"]["timeLimitS"]["anyOf"]:
            if choice["type"] == "integer":
                choice["maximum"] = limits.job_s


def _describe_operation(method: str, operation: Json, scope: str | None, components: Json) -> None:
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        _describe_parameter(parameter)
    named = {parameter["name"] for parameter in parameters}
    operation["summary"] = _END.split(operation["description"], maxsplit=1)[0].rstrip(".")
    if scope is not None:
        operation["security"] = [{KEY_SCHEME: [scope]}]
    answers: dict[int, Json] = {int(status): answer for status, answer in operation["responses"].items()}
    for status in _problem_statuses(method, operation, named):
        answers.setdefault(status, {"description": ""})
    is_cached = method == "get" and "If-None-Match" in named
    if is_cached:
        answers[304] = {"description": "It is as `If-None-Match` says."}
    for status, answer in answers.items():
        if status >= 400:
            answers[status] = _problem(status, answer, components)
        else:
            _describe_success(method, status, answer, named)
    operation["responses"] = {str(status): answer for status, answer in sorted(answers.items())}


def _describe_parameter(parameter: Json) -> None:
    schema = parameter["schema"]
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        # A parameter is there or is not: it is never null.
        del schema["anyOf"]
        parameter["schema"] = {**choices[0], **schema}
    parameter["schema"].pop("description", None)
    if parameter["in"] == "path":
        parameter["name"] = to_camel(parameter["name"])
    elif parameter["in"] == "header":
        parameter["name"] = "-".join(word.capitalize() for word in parameter["name"].split("-")).replace(
            "-Id", "-ID"
        )


def _problem_statuses(method: str, operation: Json, named: set[str]) -> Iterator[int]:
    yield from ALWAYS
    if KEY_SCHEME in operation.get("security", [{}])[0]:
        yield from WITH_KEY
    if "requestBody" in operation:
        yield from WITH_BODY
    if method != "get":
        yield from WITH_CHANGE
    if named & {"limit", "Idempotency-Key"} or any(
        parameter["in"] == "query" or parameter["name"] == "Prefer"
        for parameter in operation.get("parameters", ())
    ):
        yield 422


def _problem(status: int, answer: Json, components: Json) -> Json:
    phrase = HTTPStatus(status).phrase
    name = "".join(word.capitalize() for word in phrase.replace("-", " ").split())
    if name not in components["responses"]:
        titles = "; ".join(
            f"{kind.title} (`{code}`)" for code, kind in KINDS.items() if kind.status == status
        )
        components["responses"][name] = {
            "description": titles or phrase,
            "headers": headers(*_PROBLEM_HEADERS.get(status, ())),
            "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM}}},
        }
    files = {kind: schema for kind, schema in answer.get("content", {}).items() if kind not in _TOLD}
    if not files:
        return {"$ref": f"#/components/responses/{name}"}
    common = components["responses"][name]
    return {
        **common,
        "description": f"{common['description']}; {answer['description']}",
        "content": common["content"] | files,
    }


_PROBLEM_HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def _describe_success(method: str, status: int, answer: Json, named: set[str]) -> None:
    wanted = []
    if method == "get" and "If-None-Match" in named:
        wanted.append("ETag")
    if status in (201, 202) and method == "post":
        wanted.append("Location")
    if "cursor" in named:
        wanted += ["Next-Page-Cursor", "Link"]
    if "Idempotency-Key" in named:
        wanted.append("Idempotency-Replayed")
    if "Prefer" in named:
        wanted.append("Preference-Applied")
    if answer["description"] == "Successful Response":
        answer["description"] = HTTPStatus(status).phrase
    answer["headers"] = answer.get("headers", {}) | headers(*wanted)


def headers(*names: str) -> Json:
    """Headers of an answer, beside those that every one has."""
    return {
        name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-ID", "API-Version")
    }


def _scopes(routes: Sequence[Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Scope that each operation needs, by its method and path."""
    for route in routes:
        if not getattr(route, "include_in_schema", False):
            continue
        scope = find_scope(route.dependant)
        for method in route.methods:
            if scope is not None:
                yield (method.lower(), route.path_format), scope


def _camel_path(path: str) -> str:
    steps = (
        f"{{{to_camel(step[1:-1])}}}" if step.startswith("{") and step.endswith("}") else step
        for step in path.split("/")
    )
    return "/".join(steps)


def _drop_titles(node: Any) -> None:
    """Titles are names of fields once more."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str) and "openapi" not in node and "license" not in node:
            del node["title"]
        for child in node.values():
            _drop_titles(child)
    elif isinstance(node, list):
        for child in node:
            _drop_titles(child)
