"""All pages, in the order in which addresses are looked up."""

from __future__ import annotations

from service.web import (
    assets,
    batch_set_pages,
    comparison_pages,
    entry,
    plan_pages,
    result_pages,
    upload_pages,
)

ROUTERS = (
    assets.router,
    entry.router,
    batch_set_pages.router,
    upload_pages.router,
    plan_pages.router,
    result_pages.router,
    comparison_pages.router,
)
