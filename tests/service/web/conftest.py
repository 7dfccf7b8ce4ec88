"""Visitors of the page."""

from __future__ import annotations

import contextlib

import pytest

from service.settings import Settings
from tests.render.report_pages import many
from tests.service.conftest import KEY
from tests.service.web.planted import TIMES, plant_plan
from tests.service.web.visitor import Visitor


@pytest.fixture(scope="module")
def idle(database_url, tmp_path_factory):
    """Settings without a worker: jobs stay as they are asked for or planted."""
    return Settings(
        LANDBRIDGE_SERVER_KEY=KEY,
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        workers=0,
        reap_s=60,
    )


@pytest.fixture(scope="module")
def plan_id(live, tmp_path_factory):
    """A plan of many batches, with its files."""
    return plant_plan(live.app, tmp_path_factory.mktemp("plan"), *many(TIMES))


@pytest.fixture
def visit():
    """Makes visitors, who leave when the test ends."""
    with contextlib.ExitStack() as stack:

        def enter(live, **more):
            visitor = Visitor(live, **more)
            stack.callback(visitor.client.close)
            return visitor

        yield enter


@pytest.fixture
def visitor(live, visit):
    """Somebody on the service of the module."""
    return visit(live)


@pytest.fixture
def open_set(visitor):
    """The address of an open batch set."""
    return visitor.send("/page/batch-sets", {"name": "night"})
