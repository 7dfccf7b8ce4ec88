"""The report of a comparison in a browser, from plans of a small network made by the command itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from tests.compare_folder import BATCHES, compare_folder
from tests.render.browser import CHROMIUM, Tab
from tests.render.report_pages import data_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SWEEP = "rail-price=1000:9000:4000"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Folder that the command wrote."""
    path = tmp_path_factory.mktemp("compared")
    (path / "batches.csv").write_text(BATCHES, encoding="utf-8")
    network = compare_folder(path / "tables").path
    called = [
        path / "batches.csv",
        "--network",
        network,
        "--only",
        "rail,road-sea,best",
        "--out",
        path / "out",
    ]
    done = CliRunner().invoke(cli.app, ["compare", *map(str, called), "--break-even", "--sweep", SWEEP])
    assert done.exit_code == 0, done.output
    return path / "out"


@pytest.fixture
def tab(browser, compared):
    opened = Tab(browser, compared / "report.html", 1280, 900)
    yield opened
    assert opened.faults == []
    assert [address for address in opened.asked if not address.startswith(("file:", "blob:"))] == []
    opened.context.close()


def cells(tab, table, row=0):
    return tab.texts(f"{table} tbody tr >> nth={row} >> td")


def test_the_page_holds_the_document_and_nothing_else(compared):
    document = json.loads((compared / "comparison.json").read_text(encoding="utf-8"))
    data = data_of((compared / "report.html").read_text(encoding="utf-8"))
    assert data["comparison"] == document["comparison"]
    assert data["alternative"] == "best"
    own = json.loads((compared / "best" / "plan.json").read_text(encoding="utf-8"))
    assert data["record"] == own["runRecord"]


def test_a_boss_reads_first_what_each_way_comes_to(tab):
    verdict = tab.texts("#compared-verdict li")
    assert "All 21 vehicles go, at 2,936 USD a vehicle, in 17.3 days" in verdict[0]
    assert "17 of 21 vehicles go, 4 have to stay; 1,984 USD a vehicle" in verdict[1]
    assert verdict[3].startswith("Best of all modes beside Rail: 687 USD less and 19.3 days more")
    assert (
        "17 vehicles that every alternative takes: Road and sea is cheapest (1,984 USD), Rail" in verdict[4]
    )
    assert "1,059 to 1,106 USD less than today" in verdict[5]
    assert "once a day of a vehicle is worth 15 to 16 USD" in verdict[6]
    assert (
        tab.page.locator("#summary").bounding_box()["y"] > tab.page.locator("#comparison").bounding_box()["y"]
    )


def test_the_tables_say_what_the_document_says(tab, compared):
    document = json.loads((compared / "comparison.json").read_text(encoding="utf-8"))["comparison"]
    for row, said in enumerate(document["alternatives"]):
        for table, own in (("#alternatives", said["total"]), ("#compared-common", said["common"])):
            vehicles, shown = own["plannedVehicles"], cells(tab, table, row)
            assert f"{own['cents'] / vehicles / 100:,.0f}" in shown, table
            assert f"{own['doorMinutes'] / vehicles / 1440:.1f}" in shown, table
            assert f"{own['grams'] / vehicles / 1000:,.0f}" in shown, table
        total = said["total"]
        left = total["unplannedVehicles"]
        assert cells(tab, "#alternatives", row)[1:3] == [
            f"{total['plannedVehicles']}",
            f"{left}" if left else "–",
        ]
        assert f"{total['cents'] / 100:,.0f}" in cells(tab, "#alternatives", row)
    assert "The 17 vehicles of 2 batches" in tab.page.inner_text("#compared-common caption")
    assert cells(tab, "#compared-baseline", 0)[:5] == ["Rail", "21", "12.5", "100.0 %", "–"]
    assert cells(tab, "#sweeps", 0)[:3] == ["1,000", "21", "100.0 %"]
    assert tab.page.locator("#comparison canvas").count() == 1
    assert tab.page.locator("#break-even canvas").count() == 3


def test_both_tables_of_batches_are_sorted_and_filtered(tab):
    assert tab.first_cells("#winners") == ["B-1", "B-3", "B-2"]
    assert tab.first_cells("#break-even-table") == ["B-1", "B-3", "B-2"]
    tab.page.click("#winners th:has-text('Batch') button")
    tab.page.click("#break-even-table th:has-text('Vehicles') button")
    assert tab.first_cells("#winners") == ["B-1", "B-2", "B-3"]
    assert tab.first_cells("#break-even-table") == ["B-1", "B-3", "B-2"]
    assert "4 vehicles left out without the train" in tab.page.inner_text("#break-even-table")
    assert "(4)" in tab.page.inner_text("#winners")
    tab.page.select_option("#comparison-filters select", "road-sea")
    assert tab.first_cells("#winners") == tab.first_cells("#break-even-table") == ["B-1", "B-3"]
    tab.page.fill("#comparison-filters input", "saic")
    assert tab.first_cells("#winners") == tab.first_cells("#break-even-table") == ["B-3"]
    tab.page.click("#winners button:has-text('B-3')")
    assert tab.page.locator("#batch-table tr.detail").count() == 1


def test_a_comparison_is_saved_with_what_is_left_out(tab, compared):
    document = json.loads((compared / "comparison.json").read_text(encoding="utf-8"))["comparison"]
    with tab.page.expect_download() as saved:
        tab.page.click("#winners button:has-text('Save CSV')")
    head, *rows = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 3
    assert '"Road and sea, Left out"' in head
    first = document["batches"][0]
    by_rail = first["alternatives"]["rail"]["cents"] / first["vehicles"] / 100
    assert rows[0].startswith(f"B-1,PLANT,MARKET,10,road-sea,{first['margin'] / 100:g},{by_rail:.2f},")


def test_the_circles_can_stand_for_the_vehicles_that_all_plan(tab):
    assert "1,704" in tab.page.inner_text("#bubbles-legend")
    tab.page.select_option("#bubbles-tools select", "common")
    assert "2,970" in tab.page.inner_text("#bubbles-legend")


def test_the_other_language_says_all_of_it(tab):
    tab.page.click("[data-lang=zh]")
    assert tab.page.title() == "出口运输方案比较报告"
    assert "21辆全部安排，单车2,936 USD" in tab.page.inner_text("#compared-verdict")
    assert cells(tab, "#alternatives", 1)[0] == "公路—海运联运"
    assert "不走班列则4辆无法安排" in tab.page.inner_text("#break-even-table")
    shown = tab.page.inner_text("#comparison") + tab.page.inner_text("#break-even")
    assert set(re.findall(r"[A-Za-z][a-z]{2,}", shown)) == {"Market"}, "it has no other name"
    assert tab.page.locator("#comparison canvas").count() == 1


def test_paper_has_the_comparison_whole(tab):
    assert tab.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    wide = tab.page.evaluate("[...document.querySelectorAll('canvas')].map(one => one.clientWidth)")
    assert max(wide) <= 1047, "A4 across, without its margins"
    assert tab.page.locator("#winners th button").count() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_scrolls_down_only(browser, compared, lang):
    phone = Tab(browser, compared / "report.html", 390, 844)
    phone.page.click(f"[data-lang={lang}]")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.faults == []
    phone.context.close()


def test_another_objective_counts_in_its_own_unit(browser, tmp_path):
    (tmp_path / "batches.csv").write_text(BATCHES, encoding="utf-8")
    network = compare_folder(tmp_path / "tables").path
    called = [
        tmp_path / "batches.csv",
        "--network",
        network,
        "--only",
        "road-sea,rail",
        "--out",
        tmp_path / "out",
    ]
    done = CliRunner().invoke(cli.app, ["compare", *map(str, called), "--objective", "time"])
    assert done.exit_code == 0, done.output
    tab = Tab(browser, tmp_path / "out" / "report.html", 1280, 900)
    assert tab.page.inner_text("#plan-title") == "The plan: Road and sea", (
        "of two with one wish each the first"
    )
    assert cells(tab, "#winners")[4:6] == ["Rail", "239.0 vehicle-days"]
    assert tab.page.locator("#break-even").is_hidden()
    with tab.page.expect_download() as saved:
        tab.page.click("#winners button:has-text('Save CSV')")
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("B-1,PLANT,MARKET,10,rail,238.96,")
    assert tab.faults == []
    tab.context.close()


def test_the_report_of_one_alternative_is_that_of_its_plan_alone(browser, compared):
    tab = Tab(browser, compared / "road-sea" / "report.html", 1280, 900)
    assert tab.page.title() == "Export plan: report"
    for section in ("#comparison", "#break-even", "nav a[href='#comparison']", "#plan-title"):
        assert tab.page.locator(section).is_hidden(), section
    assert tab.faults == []
    tab.context.close()
