"""Is it alive, is it ready, what does it count; and a page for each kind of problem."""

from __future__ import annotations

import hmac
import html
import shutil
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.exc import DBAPIError
from starlette.responses import HTMLResponse, Response

from service.describe import METRICS_SCHEME
from service.openapi import problems
from service.problems import KINDS, Problem, not_found
from service.store.upgrade import find_version, newest_version
from service.writing import json_bytes

router = APIRouter(tags=["operations"])

LEAST_FREE_BYTES = 50_000_000


@router.get("/health", operation_id="getHealth")
def health() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get(
    "/health/ready",
    operation_id="getReady",
    response_model=dict[str, str],
    responses=problems(503),
)
def ready(request: Request) -> Response:
    """Whether requests can be served: the database answers, in the right version, and there is room."""
    state = request.app.state
    faults = []
    try:
        with state.database.read() as connection:
            found = find_version(connection)
        if found != newest_version():
            faults.append(f"the database is of version {found}: landbridge db upgrade")
    except DBAPIError:
        faults.append("the database does not answer")
    if state.database.is_sqlite and shutil.disk_usage(state.settings.data).free < LEAST_FREE_BYTES:
        faults.append("the disk is full")
    if faults:
        raise Problem("unavailable", "; ".join(faults), headers={"Retry-After": "5"})
    return Response(json_bytes({"status": "ready"}), media_type="application/json")


def _may_measure(request: Request) -> None:
    """Figures are for operators: on this machine, or with a key of the server's own settings."""
    token = request.app.state.settings.metrics_token
    if token is None:
        if request.app.state.settings.asks_for_keys:
            raise not_found("page")
        return
    shown = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode()):
        raise Problem("unauthorized", headers={"WWW-Authenticate": "Bearer"})


@router.get(
    "/metrics",
    operation_id="getMetrics",
    openapi_extra={"security": [{METRICS_SCHEME: []}]},
    response_class=Response,
    responses={
        **problems(401, 404),
        200: {
            "content": {"text/plain": {"schema": {"type": "string"}}},
            "description": "Figures for Prometheus.",
        },
    },
)
def metrics(request: Request, _may: Annotated[None, Depends(_may_measure)]) -> Response:
    """Figures for Prometheus."""
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get(
    "/v1/problems/{code}",
    operation_id="getProblem",
    response_class=HTMLResponse,
    responses=problems(404),
)
def problem_page(code: str) -> Response:
    """What a kind of problem means and what to do about it."""
    kind = KINDS.get(code)
    if kind is None:
        raise not_found("kind of problem")
    title, advice = html.escape(kind.title), html.escape(kind.advice)
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p>Status {kind.status}, code <code>{html.escape(code)}</code></p>"
        f"<p>{advice}</p></html>"
    )
