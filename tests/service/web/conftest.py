"""Visitors of the page."""

from __future__ import annotations

import contextlib

import pytest

from tests.service.web.visitor import Visitor


@pytest.fixture
def visit():
    """Makes visitors, who leave when the test ends."""
    with contextlib.ExitStack() as stack:

        def enter(live, **more):
            visitor = Visitor(live, **more)
            stack.callback(visitor.client.close)
            return visitor

        yield enter
