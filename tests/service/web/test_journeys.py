"""Journeys of a planner through the page, in Chromium, on a service that plans."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from service.jobs import queue, results
from service.settings import Settings
from service.store.tables import sessions
from tests.render.browser import CHROMIUM, OPTIONS
from tests.render.report_pages import EVIL, with_names
from tests.render.sample_plan import PROBLEM, RESULT
from tests.service.live import Live
from tests.service.web.planted import plant_comparison, plant_plan, plant_running, plant_set
from tests.service.web.tab import Tab
from tests.service.web.visitor import Seen
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
HELD = Path(__file__).with_name("held_child.py")
SMALL = "network_data/batches/small.csv"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """A laptop."""
    with Live(
        Settings(data=tmp_path_factory.mktemp("journeys"), child_program=str(HELD), reap_s=0.5)
    ) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture
def tab(browser, live):
    opened = Tab(browser, live)
    yield opened
    opened.leave()


@contextlib.contextmanager
def opened(browser, live, **more):
    tab = Tab(browser, live, **more)
    yield tab
    tab.leave()


@pytest.fixture(scope="module")
def closed_set(browser, live, request):
    """The small batch set, uploaded and closed by hand; the address of its page."""
    with opened(browser, live) as tab:
        tab.go("/page/batch-sets")
        tab.page.fill("#name", "small")
        tab.page.click("text=Open it")
        tab.page.set_input_files("#file", request.config.rootpath / SMALL)
        tab.page.click("button >> text='Upload'")
        assert "Everything was taken, 12 rows" in tab.text("#verdict")
        tab.page.click("text=Back to the batch set")
        tab.page.click("text=Close it")
        tab.page.wait_for_selector("h1 .set-closed")
        return tab.page.url.removeprefix(live.url)


@pytest.fixture(scope="module")
def planned(browser, live, closed_set):
    """A plan of the small set, made by hand: its address, and what was seen on the way."""
    seen = []
    with opened(browser, live) as tab:
        tab.go(closed_set)
        tab.page.click("text=Plan it")
        tab.page.fill("#slotValues", "0")
        tab.page.click("button:text-is('Plan')")
        tab.page.wait_for_selector("#job")
        while tab.page.locator("#job").count():
            with contextlib.suppress(Exception):  # the page may be loading its result
                seen.append(tab.page.inner_text("#job", timeout=500))
            tab.page.wait_for_timeout(100)
        tab.page.wait_for_selector("#verdict")
        return tab.page.url.removeprefix(live.url), seen


def test_1_the_page_opens_once_with_the_address_on_the_console(browser, live):
    address = live.url + live.app.state.start.path
    with opened(browser, live, enters=False) as tab:
        tab.page.goto(live.url)
        assert tab.page.url == f"{live.url}/login"
        assert tab.page.locator("input[name=key]").count() == 0, "there are no keys on a laptop"
        tab.page.goto(address)
        tab.page.wait_for_url("**/page/plans")
        assert tab.text("h1") == "Plans"
        tab.page.click("text=Log out")
        assert tab.page.url == f"{live.url}/login"
    tab = Tab(browser, live, enters=False)
    tab.page.goto(address)
    assert "has been used" in tab.text("[role=alert]")
    assert [fault for fault in tab.faults if "403" not in fault] == []
    tab.context.close()


def test_2_faults_are_mended_row_by_row_and_the_set_is_closed(tab, tmp_path):
    head = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due\n"
    good = "K-1,BYD,BYD-CGO,CMP-RUHR,seal-u-dmi,30,2027-03-04,2027-04-20\n"
    bad = "K-2,BYD,BYD-CGO,CMP-RUR,seal-u-dmi,12.5,2027-03-04,2027-04-20\n"
    tab.go("/page/batch-sets")
    tab.page.fill("#name", "mended")
    tab.page.click("text=Open it")
    path = tmp_path / "faulty.csv"
    path.write_text(head + good + bad, encoding="utf-8")
    tab.page.set_input_files("#file", path)
    tab.page.click("text=Check only")
    assert "Only checked: 1 of 2 rows would be taken" in tab.text("#verdict")
    assert tab.texts(".faulty-cell") == ["1CMP-RUR", "212.5"]
    assert tab.texts(".faulty-rows tbody th") == ["3"]
    assert "CMP-RUHR" in tab.text(".wrong"), "a hint"
    with tab.page.expect_download() as saved:
        tab.page.click("text=Faulty rows as a file to mend")
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert saved.value.suggested_filename == "rejected.csv"
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("CMP-RUR", "CMP-RUHR").replace("12.5", "12"), encoding="utf-8")
    tab.page.set_input_files("#file", mended)
    tab.page.click("button >> text='Upload'")
    assert "Everything was taken, 1 row" in tab.text("#verdict")
    tab.page.set_input_files("#file", path)
    tab.page.click("text=Upload, leave faulty rows out")
    assert "1 of 2 rows taken" in tab.text("#verdict")
    tab.page.click("text=Back to the batch set")
    assert tab.text("#subtitle").startswith("2 batches, 42 vehicles")
    tab.page.click("text=Close it")
    tab.page.wait_for_selector("h1 .set-closed")
    assert tab.page.locator("#file").count() == 0


def test_3_a_plan_is_watched_until_its_result_is_there(planned, tab):
    path, seen = planned
    assert any("running" in text for text in seen)
    assert any("Best so far" in text and "USD" in text for text in seen), seen[-3:]
    tab.go(path)
    assert "1,411 vehicles go" in tab.text("#verdict")
    assert "Days on the train" in tab.text("#claim")
    tab.go("/page/plans")
    assert "done" in tab.text("tbody tr >> nth=0")


def test_4_a_cancelled_plan_keeps_the_best_one_so_far(tab, closed_set):
    tab.go(f"/page/plans/new?batch_set={closed_set.rpartition('/')[2]}")
    tab.page.fill("#externalRef", "held-1")
    tab.page.fill("#slotValues", "0")
    tab.page.click("button:text-is('Plan')")
    tab.page.wait_for_selector(".progress-figures >> text=USD")
    tab.go("/page/plans")
    row = tab.page.locator("tbody tr", has_text="held-1")
    row.get_by_role("button", name="Cancel held-1").focus()
    tab.page.wait_for_timeout(2500)
    assert tab.page.evaluate("document.activeElement.ariaLabel") == "Cancel held-1", (
        "focus outlives a refresh"
    )
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("tr:has-text('held-1') .state-cancelled")
    assert "1,411 of 1,411 vehicles" in row.inner_text()
    assert tab.page.locator("#list[hx-trigger]").count() == 0, "nothing moves any more"
    row.get_by_role("link").click()
    assert "the best plan that had been found by then" in tab.text(".notice")
    assert tab.page.locator("#tiles .tile").count() >= 7


def test_5_map_timeline_chart_and_table_follow_one_filter(tab, planned):
    tab.go(planned[0])
    assert not [url for url in tab.asked if "echarts" in url or "shown_rows" in url], (
        "not before they are near"
    )
    assert tab.texts("#batch-table tbody a")[:2] == ["S-01", "S-02"], "there before any program runs"
    tab.draw()
    assert tab.text("#shown") == "all 12 batches, 1,411 vehicles"
    lines = tab.page.locator("#canvas-map path").count()
    assert lines > 20
    assert tab.page.locator("#timeline-chart canvas, #scatter canvas").count() == 2
    pixels = (
        "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    )
    assert tab.page.locator("#timeline-chart canvas").evaluate(pixels) > 20, "something is drawn"
    tab.page.fill("#search", "paris")
    assert sorted(tab.texts("#batch-table button.opens")) == ["S-05", "S-10"]
    assert tab.page.locator("#canvas-map path").count() < lines
    tab.page.select_option("#filters select >> nth=0", "rail")
    assert tab.page.locator("#batch-table button.opens").count() == 0
    tab.page.click("#clear")
    tab.page.click("#canvas-map path.leaflet-interactive >> nth=0", force=True)
    assert tab.page.locator(".leaflet-popup h3").count() == 1
    tab.page.focus("#batch-table button.opens >> nth=0")
    tab.page.keyboard.press("Enter")
    assert "door to door" in tab.text("#batch-table tr.detail")
    box = tab.page.locator("#timeline-chart").bounding_box()
    tab.page.locator("#timeline-chart").hover(position={"x": box["width"] / 2, "y": 20})
    tab.page.locator("#scatter").hover(position={"x": 300, "y": 200})
    tab.go(f"{planned[0]}?q=paris#batches")
    tab.draw("#batches")
    assert sorted(tab.texts("#batch-table button.opens")) == ["S-05", "S-10"], "a search stays one"


def test_5_a_search_finds_the_same_with_and_without_a_program(tab, planned):
    found = []
    for text in ("kind", "vehicles", "paris", "seal", "byd rail", "s-0", "bremerhaven", "nowhere"):
        path = f"{planned[0]}?q={text}"
        plain = Seen(tab.context.request.get(tab.live.url + path).text())
        tab.go(path)
        tab.draw("#batches")
        drawn = sorted(tab.texts("#batch-table button.opens"))
        table = plain.one("div", id="batch-table")[2]
        assert sorted(set(re.findall(r"S-\d+", table))) == drawn, text
        found.append(len(drawn))
    assert found[0] == found[1] == found[-1] == 0
    assert sum(found) > 12


def test_6_what_is_left_out_says_why_and_what_would_help(tab, live, tmp_path):
    plan_id = plant_plan(live.app, tmp_path, PROBLEM, RESULT, name="too much")
    tab.go(f"/page/plans/{plan_id}")
    assert "left out" in tab.text("#verdict")
    left = tab.text("#leftout")
    for words in ("no room", "too late", "2 of 12 vehicles", "What would help"):
        assert words in left, words
    assert "roro allowed" in left
    tab.page.click("#leftout h3 a >> nth=0")
    assert tab.text("h1") == "B-1"
    assert "roro allowed" in tab.text("main")
    assert "stuffed for rail" in tab.text("main")
    tab.page.go_back()
    tab.draw()
    tab.page.select_option("#filters select >> nth=1", "left_out")
    assert tab.page.locator("#batch-table .bad").count() >= 2


def test_7_alternatives_are_compared_side_by_side(tab):
    tab.go("/page/batch-sets")
    tab.page.click("tr:has-text('mended') a >> nth=0")
    tab.page.click("text=Compare ways")
    tab.page.uncheck("input[value='river-sea']")
    tab.page.uncheck("input[value='road-sea']")
    tab.page.click("button:text-is('Compare')")
    tab.page.wait_for_selector("#compared-verdict")
    assert tab.texts("#compared-verdict li b")[:2] == ["Rail", "Best of all modes"]
    tab.draw("#compared-charts")
    assert tab.page.locator("#bubbles canvas").count() == 1
    assert tab.page.locator("#winners tbody tr").count() == 2
    tab.page.fill("#comparison-filters input", "k-2")
    assert tab.texts("#winners tbody td:first-child") == ["K-2"]
    tab.go("/page/comparisons")
    assert "Rail" in tab.text("tbody")


def test_8_a_phone_in_chinese(browser, live, planned, closed_set, tmp_path):
    comparison_id = plant_comparison(live.app, tmp_path, PROBLEM, RESULT)
    with opened(browser, live, width=390, height=844, locale="zh-CN") as tab:
        assert tab.text("h1") == "方案", "the language of the browser"
        batch = f"{planned[0]}/batches/S-01"
        for path in (
            *("/page/plans", "/page/plans/new", "/page/batch-sets", closed_set, planned[0], batch),
            *("/page/comparisons", "/page/comparisons/new", f"/page/comparisons/{comparison_id}"),
        ):
            tab.go(path)
            if tab.page.locator("[data-charts]").count():
                tab.draw("[data-charts]")
            assert not tab.is_wide(), path
            assert tab.page.get_attribute("html", "lang") == "zh-Hans"
        tab.go(planned[0])
        tab.page.click("a[href='#map']")  # not drawn before somebody comes near, or wants to go there
        wait_until(lambda: (box := tab.page.locator("#map").bounding_box()) and abs(box["y"]) < 200)
        tab.draw()
        assert tab.text("#map-title") == "运输流向"
        assert "全部12个批次" in tab.text("#shown")
        tab.page.click("button[value=en]")
        assert tab.page.url == live.url + planned[0]
        assert tab.page.get_attribute("html", "lang") == "en"


def test_8_a_refused_form_is_read_in_chinese_and_sent_by_enter(tab, live):
    tab.go(f"/page/plans/new?batch_set={plant_set(live.app)}")
    tab.page.fill("#externalRef", "typed")
    tab.page.fill("#seed", "one")
    with tab.page.expect_response("**/page/plans") as answer:
        tab.page.press("#seed", "Enter")
    assert answer.value.status == 422
    tab.page.wait_for_selector("#seed-faults")
    tab.page.click("button[value=zh]")
    tab.page.wait_for_selector("html[lang=zh-Hans]")
    assert "不是整数" in tab.text("#seed-faults")
    assert tab.page.input_value("#externalRef") == "typed"
    tab.page.fill("#seed", "two")
    with tab.page.expect_response("**/page/plans") as answer:
        tab.page.press("#seed", "Enter")
    assert answer.value.status == 422
    tab.faults[:] = [fault for fault in tab.faults if "422" not in fault]  # Chromium tells of the status


def test_8_everything_is_reached_by_keyboard(tab, planned):
    tab.go(planned[0])
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    assert tab.page.locator(".skip").bounding_box()["x"] >= 0, "it is seen once it has the focus"
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    tab.draw()
    tab.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    tab.page.locator("#top a >> nth=0").focus()
    seen, widths = [], []
    for _ in range(220):
        tab.page.keyboard.press("Tab")
        name, width = tab.page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
            return [one.id || one.getAttribute("href") || one.innerText.slice(0, 30) || one.className,
              parseFloat(style.outlineWidth) * (style.outlineStyle !== "none")]; }"""
        )
        seen.append(name)
        widths.append((name, width))
        if "report.html" in name:
            break
    assert "report.html" in seen[-1], "the last link is reached: nothing keeps the focus"
    assert {"search", "canvas-map", "timeline-scroll"} <= set(seen)
    assert [name for name, width in widths if width < 1] == [], "the focus is always seen"


def test_names_do_no_harm_in_a_browser(tab, live, tmp_path):
    plan_id = plant_plan(live.app, tmp_path / "plan", *with_names(EVIL), name=EVIL)
    comparison_id = plant_comparison(
        live.app, tmp_path / "comparison", *with_names(EVIL), own="a<b>", name=EVIL
    )
    tab.go("/page/plans")
    tab.go(f"/page/plans/{plan_id}")
    title = tab.page.title()
    assert title.startswith("</script><img")
    tab.draw()
    tab.page.click("#batch-table button.opens >> nth=0")
    tab.page.click("#canvas-map path.leaflet-interactive >> nth=0", force=True)
    tab.page.locator("#timeline-chart").hover(position={"x": 300, "y": 19})
    assert tab.page.locator("img, iframe, main script").count() == 0
    assert tab.page.title() == title
    assert EVIL.split("\u2028")[0] in tab.text("#batch-table")
    tab.go(f"/page/comparisons/{comparison_id}")
    tab.draw("#compared-charts")
    assert tab.page.locator("img, iframe, main script").count() == 0


def test_a_form_on_another_site_changes_nothing(browser, live):
    tab = Tab(browser, live)
    form = (
        f'<form method="post" action="{live.url}/page/batch-sets"><input name="name" value="stolen"></form>'
    )
    tab.page.route("http://localhost:9/**", lambda route: route.fulfill(content_type="text/html", body=form))
    tab.page.goto("http://localhost:9/")
    with tab.page.expect_response(re.compile("/page/batch-sets")) as answer:
        tab.page.evaluate("document.querySelector('form').submit()")
    assert answer.value.status == 403
    look = tab.context.new_page()
    look.goto(f"{live.url}/page/batch-sets")
    assert "stolen" not in look.inner_text("main")
    tab.context.close()


def test_a_page_that_waits_leads_out_once_the_session_is_over(browser, live):
    plan_id, claim = plant_running(live.app)
    tab = Tab(browser, live)
    tab.go(f"/page/plans/{plan_id}")
    with live.app.state.database.write() as connection:
        connection.execute(sessions.delete())
    tab.page.wait_for_url("**/login")
    tab.context.close()
    with live.app.state.database.write() as connection:
        results.end_without(connection, claim, 1, queue.CANCELLED)


def test_a_breach_of_the_policy_would_be_seen(browser, live):
    tab = Tab(browser, live)
    tab.page.evaluate("document.body.setAttribute('style', 'color: red')")
    tab.page.wait_for_timeout(100)
    assert any(fault.startswith("error: policy: style-src-attr") for fault in tab.faults)
    tab.context.close()
