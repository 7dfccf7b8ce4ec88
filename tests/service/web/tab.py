"""A tab of Chromium on a service, which keeps what it complains of: faults, and breaches of the policy."""

from __future__ import annotations

WATCH = """
document.addEventListener("securitypolicyviolation", breach =>
  console.error(`policy: ${breach.effectiveDirective} ${breach.blockedURI} ${breach.sourceFile}`));
"""


class Tab:
    """A page of its own, with cookies of its own."""

    def __init__(self, browser, live, *, width=1280, height=900, locale="en-US", enters=True):
        self.live = live
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.faults, self.asked = [], []
        self.page.on("console", lambda message: self.faults.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        if enters:
            self.enter()

    def enter(self):
        """Open the page as who started the service does."""
        self.page.goto(self.live.url + self.live.app.state.start.path)
        self.page.wait_for_url("**/page/plans")

    def go(self, path):
        self.page.goto(self.live.url + path)

    def text(self, selector):
        return self.page.inner_text(selector)

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def draw(self, selector="#filtered"):
        """Bring map and charts near, and wait until they are drawn."""
        self.page.locator(selector).scroll_into_view_if_needed()
        self.page.wait_for_selector("body.drawn canvas")

    def is_wide(self):
        """Whether the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def leave(self):
        """Close it; nothing may have gone wrong, and nobody else may have been asked."""
        strangers = [url for url in self.asked if not url.startswith((self.live.url, "blob:"))]
        self.context.close()
        assert self.faults == []
        assert strangers == []
