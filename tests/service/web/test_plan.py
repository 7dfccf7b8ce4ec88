"""Pages of one plan without JavaScript: figures, batches, room, what is different; on both databases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.render.sample_plan import BATCHES, PLAN, PROBLEM, RESULT
from tests.service.web.planted import NAME, plant_plan
from tests.service.web.visitor import check_page


@pytest.fixture(scope="module")
def settings(idle):
    return idle


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
