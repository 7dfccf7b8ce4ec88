"""Every page as a browser without JavaScript has it: whole, in order, names as text; on both databases."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from planner.model.results import Progress
from service.jobs import queue, results
from service.networks.repository import add_network
from service.settings import Settings
from service.web import comparison_pages
from tests.render.report_pages import EVIL, many, with_names
from tests.render.sample_plan import BATCHES, PLAN, PROBLEM, RESULT
from tests.service.live import Live
from tests.service.web.planted import TENANT, plant_comparison, plant_plan, plant_running, plant_set
from tests.service.web.visitor import Seen

TIMES = 60
"""Copies of the sample: 120 batches, more than two pages of a table."""
RTL = "\u202eevil\u202c"
NAME = f"<script>alert(1)</script>\"'>{RTL}<img src=x onerror=alert(1)>"
HEAD = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due\n"
GOOD = "G-1,BYD,BYD-CGO,CMP-RUHR,seal,30,2027-03-04,2027-04-20\n"


@pytest.fixture(scope="module")
def settings(idle):
    return idle


@pytest.fixture(scope="module")
def plan_id(live, tmp_path_factory):
    return plant_plan(live.app, tmp_path_factory.mktemp("plan"), *many(TIMES))


@pytest.fixture(scope="module")
def comparison_id(live, tmp_path_factory):
    return plant_comparison(live.app, tmp_path_factory.mktemp("comparison"), PROBLEM, RESULT)


@pytest.fixture
def visitor(live, visit):
    return visit(live)


@pytest.fixture
def open_set(visitor):
    return visitor.send("/page/batch-sets", {"name": "night"})


# What holds for every page.


def check_page(seen, path):
    """What a screen reader and a keyboard need, as far as HTML tells."""
    assert seen.one("html")[1]["lang"] in {"en", "zh-Hans"}
    assert seen.one("title")[2].endswith("· landbridge")
    skip = seen.all("a", **{"class": "skip"})[0]
    assert skip[1]["href"] == "#main", path
    assert seen.one("main")[1]["id"] == "main"
    assert len(seen.all("h1")) == 1, path
    levels = [int(tag[1]) for tag, *_ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1, path
    assert all(later <= level + 1 for level, later in itertools.pairwise(levels)), (path, levels)
    ids = [attributes["id"] for _, attributes, _ in seen.elements if attributes.get("id")]
    assert len(ids) == len(set(ids)), (path, sorted(one for one in ids if ids.count(one) > 1))
    labelled = {attributes.get("for") for _, attributes, _ in seen.all("label")}
    inside = [text for _, attributes, text in seen.all("label") if "for" not in attributes]
    for tag, attributes, _ in seen.elements:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids), (path, attributes)
        if tag in {"input", "select", "textarea"} and attributes.get("type") != "hidden":
            named = attributes.get("id") in labelled or attributes.get("aria-label")
            assert named or attributes.get("type") == "checkbox" or (tag == "select" and inside), (
                path,
                attributes,
            )
        if tag in {"button", "a"}:
            assert attributes.get("aria-label") or _.strip(), (path, attributes)
        if tag == "th":
            assert attributes.get("scope") in {"col", "row"}, path
        assert not any(name.startswith("on") or name == "style" for name in attributes), (path, attributes)
        if attributes.get("role") == "region":
            assert attributes.get("aria-label"), path
    for tag, attributes, text in seen.all("script"):
        assert attributes["src"].startswith("/static/"), (path, tag)
        assert text == ""


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


# Batch sets.


def test_a_batch_set_is_opened_filled_and_closed(visitor, open_set):
    assert visitor.see(open_set).one("h1")[2].split() == ["night", "open"]
    assert visitor.see(open_set).one("button", disabled=None)[2] == "Close it", "there is nothing in it yet"
    upload = visitor.upload(f"{open_set}/uploads", HEAD + GOOD)
    assert "Everything was taken, 1 row: 1 new" in visitor.see(upload).text
    seen = visitor.see(open_set)
    assert [cell[2] for cell in seen.all("td")][-8:] == GOOD.strip().split(",")
    assert visitor.send(f"{open_set}/close") == open_set
    closed = visitor.see(open_set)
    assert closed.one("h1")[2].split() == ["night", "closed"]
    assert closed.all("a", href=f"/page/plans/new?batch_set={open_set.rpartition('/')[2]}")
    assert visitor.send(f"{open_set}/close") == open_set, "closed is closed"


def test_a_form_that_is_sent_twice_opens_one_set(visitor):
    form = visitor.see("/page/batch-sets").one("input", name="once")[1]["value"]
    fields = {"name": "once", "once": form}
    assert visitor.send("/page/batch-sets", fields) == visitor.send("/page/batch-sets", fields)
    seen = visitor.send("/page/batch-sets", {**fields, "name": "other"}, 422)
    assert seen.one("h1")[2] == "The form was sent before with other contents"


def test_a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed(visitor):
    visitor.send("/page/batch-sets", {"name": "first", "externalRef": "taken"})
    seen = visitor.send("/page/batch-sets", {"name": "second", "externalRef": "taken"}, 422)
    field = seen.one("input", name="externalRef")
    assert field[1]["value"] == "taken"
    assert field[1]["aria-invalid"] == "true"
    assert seen.one("p", id="externalRef-faults")[2] == "is used already"
    assert seen.one("input", name="name")[1]["value"] == "second"
    assert seen.one("div", role="alert")
    assert visitor.send("/page/batch-sets", {}, 422).one("p", id="name-faults")[2] == "is blank"


FAULTY = "X-1,BYD,NOWHERE,CMP-RUHR,seal,0,2027-03-04,2027-04-20\n"


def test_row_errors_stand_beside_the_rows(visitor, open_set):
    upload = visitor.upload(f"{open_set}/uploads", HEAD + GOOD + FAULTY)
    seen = visitor.see(upload)
    assert seen.one("h1")[2].split() == ["batches.csv", "refused"]
    assert "Nothing was taken of 2 rows: 2 faults." in seen.text
    assert "1 row is good and could be taken." in seen.text
    assert seen.one("th", scope="row")[2] == "3", "the line of the file"
    marked = [cell[2] for cell in seen.all("td", **{"class": "faulty-cell"})]
    assert len(marked) == 2
    assert "NOWHERE" in marked[0]
    faults = seen.one("td", **{"class": "wrong"})[2]
    assert "is no place of the network" in faults
    assert "is below 1" in faults
    files = {one[1]["href"] for one in seen.all("a") if "/v1/" in one[1]["href"]}
    errors, rejected = sorted(files)
    assert "NOWHERE" in visitor.get(errors).text
    assert "X-1" in visitor.get(rejected).text
    assert "There is no batch in it yet." in visitor.see(open_set).text


def test_good_rows_are_taken_on_request_and_a_try_takes_nothing(visitor, open_set):
    tried = visitor.upload(f"{open_set}/uploads", HEAD + GOOD, dryRun="true", onError="skip")
    assert "Only checked: 1 of 1 row would be taken" in visitor.see(tried).text
    assert "There is no batch in it yet." in visitor.see(open_set).text
    partly = visitor.upload(f"{open_set}/uploads", HEAD + GOOD + FAULTY, onError="skip")
    assert (
        "1 of 2 rows taken (1 new, 0 changed, 0 as before), 1 left out: 2 faults." in visitor.see(partly).text
    )
    assert visitor.see(open_set).one("p", id="subtitle")[2].startswith("1 batch, 30 vehicles")


def test_rows_of_json_and_files_that_are_none_are_shown_too(visitor, open_set):
    items = '{"batches": [{"batchId": "J-1", "vehicles": [1, 2], "origin": "NOWHERE"}]}'
    seen = visitor.see(visitor.upload(f"{open_set}/uploads", items, "rows.json"))
    assert "J-1" in seen.one("table")[2]
    assert seen.all("td", **{"class": "faulty-cell"})
    seen = visitor.see(visitor.upload(f"{open_set}/uploads", b"\x89PNG\r\n", "picture.png"))
    assert "refused" in seen.one("h1")[2]
    assert visitor.client.post(f"{open_set}/uploads", files={"file": ("", b"")}).status_code == 422


def test_rows_that_do_not_go_together_keep_a_set_open(visitor, open_set):
    visitor.upload(f"{open_set}/uploads", HEAD + GOOD)
    seen = visitor.upload(f"{open_set}/uploads", HEAD + GOOD.replace("G-1", "g-1"))
    seen = visitor.send(f"{open_set}/close", status=422)
    assert seen.one("div", role="alert")
    assert seen.one("h1")[2].split() == ["night", "open"]


def test_a_set_may_be_of_an_own_network(live, visitor):
    values = {"tenant_id": TENANT, "network_id": "net_own", "name": NAME, "content_sha256": "0" * 64}
    values |= {"tables_zip": b"", "report": "{}", "created_ms": 1}
    with live.app.state.database.write() as connection:
        add_network(connection, values)
    choice = visitor.see("/page/batch-sets").one("select", name="networkId")
    assert NAME in choice[2]
    path = visitor.send("/page/batch-sets", {"name": "own", "networkId": "net_own"})
    assert NAME in visitor.see(path).one("p", id="subtitle")[2]
    assert visitor.send("/page/batch-sets", {"name": "own", "networkId": "net_none"}, 404)


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


# One plan.


def test_a_plan_is_told_without_a_program(visitor, plan_id):
    seen = visitor.see(f"/page/plans/{plan_id}")
    assert "600 of 900 vehicles go; left out: 300 in 120 batches." in seen.one("p", id="verdict")[2]
    assert "1,845,977 USD in all" in seen.one("dl", id="tiles")[2]
    claim = seen.one("div", id="claim")[2]
    assert "Against 15 days by train" in claim
    assert "Days on the train" in claim
    left = seen.one("section", id="leftout")
    assert "What would help" in left[2]
    assert "too late" in left[2]
    assert "and 20 more" in left[2], "the first hundred"
    assert "value of" not in seen.text
    departures = seen.one("div", id="departure-table")[2]
    assert "TRAIN" in departures
    files = [one[1]["href"] for one in seen.all("a") if one[1]["href"].startswith(f"/v1/plans/{plan_id}/")]
    assert len(files) == 6
    for path in files:
        assert visitor.get(path).content, path


def test_batches_of_a_plan_are_searched_and_turned(visitor, plan_id):
    path = f"/page/plans/{plan_id}"

    first = visitor.see(path)
    rows = first.one("div", id="batch-table")[2]
    assert "B-1-0" in rows
    later = next(one[1]["href"] for one in first.all("a", rel="next"))
    assert "B-1-30" not in rows
    assert "B-1-30" in visitor.see(later).one("div", id="batch-table")[2]
    found = visitor.see(f"{path}?q=b-2-7").one("div", id="batch-table")[2]
    assert re.findall(r"B-\d-\d+", found) == ["B-2-7"]
    assert "Nothing to show" in visitor.see(f"{path}?q=100%25").one("div", id="batch-table")[2], "no pattern"
    assert "B-2-0" in visitor.see(f"{path}?q=B-2 =plant&state=left_out").one("div", id="batch-table")[2]


def test_where_nobody_is_planned_there_are_dashes_and_no_zeros(live, visitor, tmp_path):
    late = PLAN.batches[1]
    left = tuple(
        replace(late, batch_id=batch.id, unplanned=replace(late.unplanned, vehicles=batch.vehicles))
        for batch in BATCHES
    )
    plan = replace(
        PLAN,
        batches=left,
        departures=(),
        days=(),
        charters=(),
        slot_values=(),
        cents=0,
        grams=0,
        vehicle_min=0,
    )
    plan_id = plant_plan(live.app, tmp_path, PROBLEM, replace(RESULT, plan=plan), has_files=False)
    seen = visitor.see(f"/page/plans/{plan_id}")
    tiles = seen.one("dl", id="tiles")[2]
    assert "0 of 15 vehicles go" in seen.one("p", id="verdict")[2]
    for word in ("Cost of a vehicle", "Door to door", "CO₂e of a vehicle"):
        assert f"{word}–" in tiles, tiles


def test_a_batch_is_told_stage_by_stage_and_price_by_price(visitor, plan_id):
    seen = visitor.see(f"/page/plans/{plan_id}/batches/B-1-5")
    assert seen.one("h1")[2] == "B-1-5"
    for words in ("9,000.01", "stuffed for rail", "TRAIN", "=Plant → ", "What would help"):
        assert words in seen.text, words
    assert visitor.see(f"/page/plans/{plan_id}/batches/none", 404)


def test_room_is_turned_page_by_page(visitor, plan_id):
    for what in ("departures", "bookings"):
        seen = visitor.see(f"/page/plans/{plan_id}/{what}")
        assert "of" in seen.one("span", **{"class": "range"})[2]
        assert "Nothing to show" in visitor.see(f"/page/plans/{plan_id}/{what}?start=999").text


def test_a_plan_of_what_if_stands_beside_the_one_without(live, visitor, tmp_path):
    total = {
        "name": "cost of a vehicle",
        "unit": "cents",
        "old": "1001/3",
        "new": 40_000,
        "difference": "118999/3",
    }
    change = {
        "batchId": NAME,
        "moves": [{"vehicles": 3, "old": "TRAIN", "new": NAME}],
        "oldCents": 100,
        "newCents": 350,
        "oldDoorMinutes": None,
        "newDoorMinutes": 1440,
    }
    found = {
        "equal": False,
        "currency": "USD",
        "totals": [total],
        "changes": [change],
        "newlyLeftOut": {NAME: 3},
        "newlyPlanned": {f"N-{number}": 1 for number in range(23)},
    }
    plan_id = plant_plan(live.app, tmp_path, PROBLEM, RESULT, difference=found, state="cancelled")
    seen = visitor.see(f"/page/plans/{plan_id}")
    section = seen.one("section", id="difference")[2]
    assert "+396.66" in section
    assert "+2.50" in section
    assert f"Newly left out: 3 of {NAME}" in section
    assert "1 of N-19, and 3 more" in section
    assert "this is the best plan that had been found by then" in seen.text
    changes = "Changes: Closed ANTWERP:2027-03-01..2028-03-01; Dearer or cheaper rail=+500%."
    assert changes in section
    check_page(seen, "what if")


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
    path = visitor.send("/page/batch-sets", {"name": NAME, "externalRef": "<b>ref"})
    row = ",".join(f'"{NAME.replace(chr(34), chr(34) * 2)}"' for _ in range(8))
    upload = visitor.upload(f"{path}/uploads", HEAD + row, f"{NAME}.csv")
    good = '"<i>id","<script>s</script>",BYD-CGO,CMP-RUHR,seal,30,2027-03-04,2027-04-20\n'
    visitor.upload(f"{path}/uploads", HEAD + good)
    for address in ("/page/batch-sets", path, upload, f"/page/plans/new?batch_set={quote(NAME)}"):
        seen = visitor.see(address)
        assert hostile(seen) == [], address
    assert NAME in visitor.see(path).one("title")[2]
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
