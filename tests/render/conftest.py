"""A browser for the tests of a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

from tests.render.browser import CHROMIUM, OPTIONS


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()
