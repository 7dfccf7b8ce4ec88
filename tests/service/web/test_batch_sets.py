"""Pages of batch sets: filled, mended row by row, closed; on both databases."""

from __future__ import annotations

import pytest

from service.networks.repository import add_network
from tests.service.web.planted import GOOD, HEAD, NAME, TENANT


@pytest.fixture(scope="module")
def settings(idle):
    return idle


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
