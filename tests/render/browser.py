"""A page in Chromium, and what it complains of."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync"),
)


class Tab:
    """A page that keeps what it complains of and what it asks for."""

    def __init__(self, browser, path, width, height):
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.faults, self.asked = [], []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_timeout(200)

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def first_cells(self, table="#batch-table"):
        return self.texts(f"{table} tbody > tr:not(.detail) > td:first-child")
