"""Pages of comparisons."""

from __future__ import annotations

from fastapi import APIRouter

from service.web.routes import PageRoute

router = APIRouter(prefix="/page/comparisons", include_in_schema=False, route_class=PageRoute)
