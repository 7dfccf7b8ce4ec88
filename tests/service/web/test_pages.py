"""Every page as a browser without JavaScript has it: whole, in order, names as text; on both databases."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from planner.model.results import Progress
from service.jobs import queue, results
from service.settings import Settings
from service.web import comparison_pages
from tests.render.report_pages import EVIL, many, with_names
from tests.render.sample_plan import PROBLEM, RESULT
from tests.service.live import Live
from tests.service.web.planted import HEAD, NAME, RTL, plant_comparison, plant_plan, plant_running, plant_set
from tests.service.web.visitor import Seen, check_page


@pytest.fixture(scope="module")
def settings(idle):
    return idle


@pytest.fixture(scope="module")
def comparison_id(live, tmp_path_factory):
    return plant_comparison(live.app, tmp_path_factory.mktemp("comparison"), PROBLEM, RESULT)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_are_in_order(live, visitor, plan_id, comparison_id, lang):
    visitor.send("/language", {"language": lang, "back": "/page"})
    open_set = visitor.send("/page/batch-sets", {"name": f"order {lang}"})
    upload = visitor.upload(f"{open_set}/uploads", HEAD + "X-1,BYD,NOWHERE,CMP-RUHR,seal,0,2027-13-04,soon\n")
    batch = quote("B-1-0", safe="")
    running, _ = plant_running(live.app)
    plan, comparison = f"/page/plans/{plan_id}", f"/page/comparisons/{comparison_id}"
    for path in (
        *("/page/batch-sets", open_set, upload, "/page/plans", "/page/plans/new", plan),
        *(f"{plan}/batches/{batch}", f"{plan}/departures", f"{plan}/bookings", f"/page/plans/{running}"),
        *("/page/comparisons", "/page/comparisons/new", comparison),
    ):
        seen = visitor.see(path)
        check_page(seen, path)
        assert seen.one("html")[1]["lang"] == {"en": "en", "zh": "zh-Hans"}[lang]
        if lang == "zh":
            assert len(re.findall(r"[\u4e00-\u9fff]", seen.text)) > 10, path
    check_page(visitor.see("/page/plans/pln_none", 404), "404")
    visitor.send("/logout")
    check_page(visitor.see("/login"), "/login")


def test_what_is_not_there_is_said_on_a_page(visitor):
    absent = ("/page/plans/pln_none", "/page/batch-sets/set_none", "/page/comparisons/cmp_none")
    for path in (*absent, "/page/nothing/here"):
        seen = visitor.see(path, 404)
        assert seen.one("h1")[2] == "There is no such thing"
        assert "Request req_" in seen.text
    assert visitor.see("/page/plans?cursor=abc", 400).one("h1")[2].startswith("The address of this page")
    assert visitor.see("/page/plans/pln_x?q=" + "x" * 300, 400)


# Plans.


def test_a_refused_plan_says_what_is_wrong_with_each_field(live, visitor):
    batch_set_id = plant_set(live.app, "asked")
    fields = {
        "batchSetId": batch_set_id,
        "objective": "cost",
        "currency": "XXX1",
        "seed": "one",
        "price": "a\nb",
    }
    seen = visitor.send("/page/plans", fields, 422)
    assert "is no whole number" in seen.one("p", id="seed-faults")[2]
    seen = visitor.send(
        "/page/plans", {**fields, "seed": "1", "dayValue": "much", "freezeBefore": "now"}, 422
    )
    assert seen.one("p", id="currency-faults")
    seen = visitor.send("/page/plans", {**fields, "seed": "1", "currency": "EUR", "dayValue": "much"}, 422)
    assert seen.one("p", id="dayValue-faults")
    assert seen.one("textarea", name="price")[2] == "a\nb"
    assert seen.one("option", value="EUR", selected=None)
    assert seen.one("option", value=batch_set_id, selected=None)
    queued = visitor.send("/page/plans", {"batchSetId": batch_set_id, "currency": "EUR", "price": "rail=+5%"})
    told = visitor.client.get("/v1" + queued.removeprefix("/page")).json()
    assert told["state"] == "queued"
    assert told["request"]["whatIf"]["price"] == ["rail=+5%"]
    assert told["request"]["currency"] == "EUR"
    assert "waiting" in visitor.see(queued).text
    assert visitor.send(f"{queued}/cancel") == queued
    assert "cancelled before there was a plan" in visitor.see(queued).text


def test_progress_is_shown_until_a_plan_ends(live, visitor):
    progress = Progress(phase="relaxation", round=3, value=123_456_00, bound=120_000_00, gap=0.028)
    told = {name: getattr(progress, name) for name in Progress.__slots__}
    plan_id, claim = plant_running(live.app, name="moving", progress=told)
    path = f"/page/plans/{plan_id}"
    seen = visitor.see(path)
    for words in ("running", "relaxation 3", "123,456 USD", "120,000 USD", "2.80 %"):
        assert words in seen.text, words
    section = seen.one("section", id="job")[1]
    assert (section["hx-get"], section["hx-trigger"]) == (path, "every 1s")
    assert "123,456 USD" in visitor.see("/page/plans").one("tr", id=f"row-{plan_id}")[2]
    assert visitor.send(f"{path}/cancel", {"back": "list"}) == "/page/plans"
    assert "stopping" in visitor.see(path).text
    with live.app.state.database.write() as connection:
        failure = queue.Failure(
            "input-refused", "it is", [{"column": "--price", "value": NAME, "reason": "is none"}]
        )
        results.end_without(connection, claim, 1, queue.FAILED, failure)
    part = visitor.get(path, **{"HX-Request": "true"})
    assert part.headers["hx-refresh"] == "true"
    seen = visitor.see(path)
    assert "The input was refused" in seen.text
    assert "is none" in seen.text
    assert seen.all("section", id="job")[0][1].get("hx-get") is None


def test_lists_are_turned_page_by_page(live, visitor):
    for number in range(53):
        plant_set(live.app, f"set {number}")
    seen = visitor.see("/page/batch-sets")
    assert len(seen.one("tbody")[2].split("closed")) > 40
    later = seen.one("a", rel="next")[1]["href"]
    assert visitor.see(later).all("a", href="/page/batch-sets")


# Comparisons.


def test_a_comparison_is_told_without_a_program(visitor, comparison_id):
    path = f"/page/comparisons/{comparison_id}"
    seen = visitor.see(path)
    names = [one[2] for one in seen.all("b") if one[2] in {"Best of all modes", "Rail", "south"}]
    assert names == ["Best of all modes", "Rail", "south"]
    assert "vehicles go" in seen.one("ul", id="compared-verdict")[2]
    assert "B-1" in seen.one("div", id="winners")[2]
    assert "With and without the changes of what-if" in seen.text
    assert "5,900" in seen.one("div", id="break-even-table")[2]
    assert "Over the freight of a box by train" in seen.one("div", id="sweeps")[2]
    for one in seen.all("a"):
        if one[1]["href"].startswith("/v1/"):
            assert visitor.get(one[1]["href"]).content
    data = visitor.get(f"{path}/data/shown.json").json()
    assert "batches" not in data["comparison"]
    assert visitor.get(f"{path}/data/shown_rows.json").json()["comparison"]["batches"]
    assert visitor.see(f"{path}/data/plan.json", 404)
    assert "south" in visitor.see("/page/comparisons").text


def test_batches_of_a_comparison_are_turned_page_by_page(visitor, comparison_id, monkeypatch):
    monkeypatch.setattr(comparison_pages, "ROWS", 1)
    path = f"/page/comparisons/{comparison_id}"
    ranges = [visitor.see(f"{path}?start={at}").all("span", **{"class": "range"})[0][2] for at in (0, 1, 9)]
    assert ranges == ["1–1 of 2", "2–2 of 2", "Nothing to show"]
    back = visitor.see(f"{path}?start=9").all("a", rel="prev")[0][1]["href"]
    assert back.startswith(f"{path}?start=1#"), "the last page"


def test_a_comparison_is_asked_by_a_form(live, visitor):
    batch_set_id = plant_set(live.app, "compared")
    fields = {"batchSetId": batch_set_id, "only": ["rail", "best"], "breakEven": "yes"}
    fields |= {"alternatives": "south=modes=rail;not-via=RU\n", "sweeps": "rail-price=bad"}
    seen = visitor.send("/page/comparisons", fields, 422)
    assert seen.one("p", id="sweeps-faults")
    ticked = [one[1]["value"] for one in seen.all("input", name="only") if "checked" in one[1]]
    assert ticked == ["rail", "best"]
    assert "checked" in seen.one("input", name="breakEven")[1]
    path = visitor.send("/page/comparisons", {**fields, "sweeps": "rail-price=1000:3000:1000"})
    told = visitor.client.get("/v1" + path.removeprefix("/page")).json()["request"]
    assert told["only"] == ["rail", "best", "south"]
    assert told["breakEven"] is True
    assert told["alternatives"] == ["south=modes=rail;not-via=RU"]
    assert visitor.send(f"{path}/cancel", {"back": "list"}) == "/page/comparisons"
    assert "cancelled" in visitor.see("/page/comparisons").text


# Names do no harm.


def hostile(seen):
    """Elements and attributes that came of a name."""
    found = [tag for tag, attributes, _ in seen.elements if tag in {"img", "iframe", "object"}]
    found += [
        text
        for tag, attributes, text in seen.elements
        if tag == "script" and ("src" not in attributes or text)
    ]
    return found + [
        name for _, attributes, _ in seen.elements for name in attributes if name.startswith("on")
    ]


def test_names_of_the_user_are_text(visitor):
    taken = NAME.replace(RTL, "")  # what turns the direction of text is refused in names, not in files
    path = visitor.send("/page/batch-sets", {"name": taken, "externalRef": "<b>ref"})
    row = ",".join(f'"{NAME.replace(chr(34), chr(34) * 2)}"' for _ in range(8))
    upload = visitor.upload(f"{path}/uploads", HEAD + row, f"{NAME}.csv")
    good = '"<i>id","<script>s</script>",BYD-CGO,CMP-RUHR,seal,30,2027-03-04,2027-04-20\n'
    visitor.upload(f"{path}/uploads", HEAD + good)
    for address in ("/page/batch-sets", path, upload, f"/page/plans/new?batch_set={quote(NAME)}"):
        seen = visitor.see(address)
        assert hostile(seen) == [], address
    assert taken in visitor.see(path).one("title")[2]
    assert "<script>s</script>" in visitor.see(path).text
    refused = visitor.send("/page/batch-sets", {"name": NAME, "externalRef": NAME * 2}, 422)
    assert hostile(refused) == []
    assert refused.one("input", name="name")[1]["value"] == NAME


def test_names_of_data_are_text(live, visitor, tmp_path):
    plan_id = plant_plan(live.app, tmp_path / "plan", *with_names(EVIL), name=NAME)
    comparison_id = plant_comparison(
        live.app, tmp_path / "comparison", *with_names(EVIL), own="evil<b>", name=NAME
    )
    for path in (
        *("/page/plans", f"/page/plans/{plan_id}", f"/page/plans/{plan_id}/batches/B-1"),
        *(f"/page/plans/{plan_id}/departures", f"/page/plans/{plan_id}?q={quote(EVIL)}"),
        *("/page/comparisons", f"/page/comparisons/{comparison_id}", "/page/plans/new"),
    ):
        seen = visitor.see(path)
        assert hostile(seen) == [], path
        check_page(seen, path)
    assert EVIL.split("\u2028")[0] in visitor.see(f"/page/plans/{plan_id}").text


# What does not hang on the kind of database.


def linked(seen):
    """Own files of a page: those of others are vendored."""
    files = [*seen.all("link", rel="stylesheet"), *seen.all("script")]
    return [one for one in files if not re.search(r"leaflet|echarts|htmx", str(one[1]))]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A service on SQLite."""
    with Live(Settings(data=tmp_path_factory.mktemp("alone"), workers=0)) as running:
        yield running


def test_the_first_view_of_a_thousand_batches_is_small(alone, visit, tmp_path):
    visitor = visit(alone)
    plan_id = plant_plan(alone.app, tmp_path, *many(500), has_files=False)
    answer = visitor.get(f"/page/plans/{plan_id}")
    files = [one[1].get("href") or one[1]["src"] for one in linked(Seen(answer.text))]
    size = len(answer.content) + sum(len(visitor.get(path).content) for path in files)
    assert size <= 200_000, "as it is before it is compressed"
    assert len(answer.content) > 50_000, "it shows something"


def test_another_tenant_sees_nothing_of_it(alone, visit, tmp_path):
    """The tenant of a session is that of its key."""
    plan_id = plant_plan(alone.app, tmp_path, PROBLEM, RESULT)
    visitor = visit(alone)
    assert visitor.see(f"/page/plans/{plan_id}")
    with alone.app.state.database.write() as connection:
        other = "insert into tenants (tenant_id, name, created_ms) values ('other', 'o', 1)"
        connection.exec_driver_sql(other)
        connection.exec_driver_sql("update sessions set tenant_id = 'other'")
    for path in ("", "/batches/B-1", "/departures", "/data/shown.json"):
        assert visitor.see(f"/page/plans/{plan_id}{path}", 404)
    assert "There is no plan yet." in visitor.see("/page/plans").text
    assert visitor.send(f"/page/plans/{plan_id}/cancel", status=404)
