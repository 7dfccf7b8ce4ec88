"""All pages, in the order in which addresses are looked up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.callers import PLAN_READ, Caller
from service.problems import not_found
from service.web import (
    assets,
    batch_set_pages,
    comparison_pages,
    entry,
    plan_pages,
    result_pages,
    upload_pages,
)
from service.web.routes import PageRoute, visiting

lost = APIRouter(include_in_schema=False, route_class=PageRoute)


@lost.get("/page/{rest:path}")
def show_nothing(rest: str, _caller: Annotated[Caller, Depends(visiting(PLAN_READ))]) -> Response:
    """Every other address below the pages."""
    raise not_found(f"page: {rest[:80]}")


ROUTERS = (
    assets.router,
    entry.router,
    batch_set_pages.router,
    upload_pages.router,
    plan_pages.router,
    result_pages.router,
    comparison_pages.router,
    lost,
)
