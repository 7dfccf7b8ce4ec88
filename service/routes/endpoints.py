"""HTTP of questions about single shipments."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.callers import PLAN_READ, Caller, calling
from service.jobs.inputs import SHIPPED, find_network
from service.networks.service import get_network
from service.openapi import problems
from service.problems import Problem, fault_of
from service.routes.refusals import RouteBusyError, RouteRefusedError, RouteTooSlowError
from service.routes.schemas import RouteAsked, RouteDocument
from service.strict_json import StrictRoute
from service.writing import JSON_TYPE

if TYPE_CHECKING:
    from pathlib import Path

    from service.routes.desk import RouteDesks

router = APIRouter(prefix="/v1", tags=["routes"], route_class=StrictRoute)

Reading = Annotated[Caller, Depends(calling(PLAN_READ))]
_QUESTION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON_TYPE: {"schema": RouteAsked.model_json_schema(by_alias=True)}},
    }
}


@router.post(
    "/routes:search",
    response_model=RouteDocument,
    responses=problems(404, 504),
    openapi_extra=_QUESTION,
    operation_id="searchRoutes",
)
async def search(request: Request, caller: Reading) -> Response:
    """Find the ways of one shipment that no other outdoes in cost, time and CO2e. Nothing is kept."""
    _check_type(request)
    asked = await request.json()
    folder = await _network_of(request, caller, asked)
    desks: RouteDesks = request.app.state.route_desks
    try:
        document = await _answer(desks, caller.tenant_id, await request.body(), folder)
    except RouteRefusedError as error:
        raise Problem("invalid", errors=[fault_of(issue) for issue in error.issues]) from None
    except RouteBusyError as error:
        headers = {"Retry-After": f"{error.retry_after_s:.0f}"}
        raise Problem("unavailable", "too many questions are waiting", headers=headers) from None
    except RouteTooSlowError as error:
        raise Problem("timeout", str(error)) from None
    return Response(document, media_type=JSON_TYPE)


async def _answer(desks: RouteDesks, tenant_id: str, body: bytes, folder: Path | None) -> bytes:
    """The document; a question that has not begun in time is taken back."""
    answer = desks.ask(tenant_id, body, folder)
    told = asyncio.wrap_future(answer)
    await asyncio.wait({told}, timeout=desks.wait_s)
    if not told.done() and answer.cancel():
        raise RouteBusyError
    return await told


async def _network_of(request: Request, caller: Caller, asked: object) -> Path | None:
    """Folder of the tables that are asked about; ``None`` = the shipped ones, or no id that is any.

    Raises
    ------
    Problem
        404 if there is no such network.
    """
    network_id = asked.get("networkId") if isinstance(asked, dict) else None
    if not isinstance(network_id, str) or network_id == SHIPPED:
        return None
    state = request.app.state

    def find() -> Path | None:
        with state.database.read() as connection:
            get_network(connection, caller.tenant_id, network_id)
            return find_network(connection, caller.tenant_id, network_id, state.networks_folder)

    return await run_in_threadpool(find)


def _check_type(request: Request) -> None:
    """Refuse what is not said to be JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON_TYPE:
        raise Problem("unsupported-media-type", f"send {JSON_TYPE}")
