"""The report in a browser: it draws without a fault, asks nobody, and does what its buttons say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.render.browser import CHROMIUM, Tab
from tests.render.report_pages import EVIL, comparison_of, many, nobody, report, with_names

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
TILES = "tiles => tiles.map(one => [one.querySelector('dt').innerText, one.querySelector('b').innerText])"
"""What each tile is about, and its figure."""
TIMES = 60
"""Copies of the sample: 120 batches, more than a page of the table holds."""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    problem, result = many(TIMES)
    written = tmp_path_factory.mktemp("report") / "report.html"
    written.write_text(report(problem, result)[0], encoding="utf-8")
    return written


@pytest.fixture
def tab(browser, path):
    opened = Tab(browser, path, 1280, 900)
    yield opened
    assert opened.faults == []
    assert [address for address in opened.asked if not address.startswith(("file:", "blob:"))] == []
    opened.context.close()


def test_the_head_says_what_the_plan_says(tab):
    assert "600 of 900 vehicles go" in tab.page.inner_text("#verdict")
    assert "1,845,977 USD" in tab.page.inner_text("#tiles")
    assert tab.page.locator("canvas").count() == 2
    assert tab.page.locator("#canvas-map path").count() > 0


def test_a_heading_sorts_and_sorts_the_other_way(tab):
    first = tab.first_cells()
    assert len(first) == 50
    assert first[:3] == ["B-1-0", "B-1-1", "B-1-2"]
    tab.page.click("#batch-table th:has-text('Vehicles') button")
    assert tab.page.get_attribute("#batch-table th:has-text('Vehicles')", "aria-sort") == "descending"
    assert tab.first_cells()[0] == "B-1-0"
    tab.page.click("#batch-table th:has-text('Vehicles') button")
    assert tab.first_cells()[0] == "B-2-0"


def test_a_filter_holds_for_map_timeline_and_table(tab):
    lines = tab.page.locator("#canvas-map path").count()
    tab.page.fill("#search", "b-2-7")
    assert tab.first_cells() == ["B-2-7"]
    assert tab.page.inner_text("#shown") == "1 of 120 batches, 3 vehicles"
    assert tab.page.locator("#canvas-map path").count() < lines
    assert tab.page.locator("#timeline-scroll").is_hidden()
    tab.page.click("#clear")
    assert len(tab.first_cells()) == 50
    tab.page.select_option("#filters select >> nth=1", "left_out")
    assert "all" in tab.page.inner_text("#shown"), "every batch of the sample leaves some out"
    tab.page.select_option("#filters select >> nth=0", "roro")
    assert tab.page.inner_text("#shown").startswith("60 of 120")


def test_a_page_of_rows_is_turned(tab):
    assert tab.page.inner_text("#batch-table .range") == "1–50 of 120"
    tab.page.click("#batch-table button:has-text('Next')")
    tab.page.click("#batch-table button:has-text('Next')")
    assert tab.page.inner_text("#batch-table .range") == "101–120 of 120"
    assert len(tab.first_cells()) == 20


def test_a_row_opens_by_keyboard_on_its_stages_and_prices(tab):
    tab.page.focus("#batch-table button.opens >> nth=0")
    tab.page.keyboard.press("Enter")
    detail = tab.page.inner_text("#batch-table tr.detail")
    for words in ("4 vehicles", "9,000.01", "stuffed for rail", "TRAIN", "=Plant → "):
        assert words in detail, words
    assert tab.page.get_attribute("#batch-table button.opens >> nth=0", "aria-expanded") == "true"
    tab.page.keyboard.press("Enter")
    assert tab.page.locator("#batch-table tr.detail").count() == 0


def test_a_row_of_the_left_out_leads_to_its_batch(tab):
    tab.page.click("#leftout button >> nth=0")
    assert tab.page.locator("#batch-table tr.detail").count() == 1


def test_the_language_changes_without_reloading(tab):
    tab.page.fill("#search", "b-1-1")
    tab.page.click("[data-lang=zh]")
    assert tab.page.title() == "出口运输方案报告"
    assert tab.page.get_attribute("html", "lang") == "zh-Hans"
    assert tab.page.inner_text("#map-title") == "运输流向"
    assert tab.first_cells()[0] == "B-1-1", "the filter stays"
    assert len(tab.asked) == 1


def test_the_csv_holds_what_is_shown_and_no_formula(tab):
    tab.page.fill("#search", "b-1-5")
    with tab.page.expect_download() as saved:
        tab.page.click("#batch-table button:has-text('Save CSV')")
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    assert head.startswith("Batch,Reference,")
    assert len(rows) == 11
    assert rows[0].startswith("B-1-5,'+49 车,")


def test_paper_has_every_row(tab):
    pages = tab.page.pdf(prefer_css_page_size=True)
    assert pages.startswith(b"%PDF")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", pages)) < 40
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert len(tab.first_cells()) == 2 * TIMES
    widths = tab.page.evaluate("[...document.querySelectorAll('canvas')].map(one => one.clientWidth)")
    assert max(widths) <= 1047, "A4 across, without its margins"
    tab.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(tab.first_cells()) == 50


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_scrolls_down_only(browser, path, lang):
    phone = Tab(browser, path, 390, 844)
    phone.page.click(f"[data-lang={lang}]")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.faults == []
    phone.context.close()


def test_of_nobody_there_is_no_average(browser, tmp_path):
    written = tmp_path / "nobody.html"
    written.write_text(report(*nobody())[0], encoding="utf-8")
    tab = Tab(browser, written, 1280, 900)
    tiles = dict(tab.page.eval_on_selector_all("#tiles .tile", TILES))
    assert [tiles[name] for name in ("Cost of a vehicle", "Door to door", "CO₂e of a vehicle")] == ["–"] * 3
    assert tab.faults == []
    tab.context.close()


def test_names_do_no_harm(browser, tmp_path):
    written = tmp_path / "evil.html"
    written.write_text(report(*with_names(EVIL), comparison=comparison_of(EVIL))[0], encoding="utf-8")
    tab = Tab(browser, written, 1280, 900)
    tab.page.click("#batch-table button.opens >> nth=0")
    tab.page.click("#canvas-map path.leaflet-interactive >> nth=0", force=True)
    box = tab.page.locator("#timeline-chart").bounding_box()
    tab.page.mouse.move(box["x"] + 300, box["y"] + 19)
    tab.page.wait_for_timeout(100)
    assert tab.page.title() == "Export ways compared: report"
    assert tab.page.locator("img").count() == 0
    assert EVIL.split("\u2028")[0] in tab.page.inner_text("#alternatives")
    assert EVIL.split("\u2028")[0] in tab.page.inner_text("#batch-table")
    assert tab.faults == []
    assert len(tab.asked) == 1
    tab.context.close()
