"""The way of an ERP: a batch set, batches, close, plan, outcomes; on both databases."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest

from planner import SolveOptions, read_problem, solve
from planner.reading.batch_columns import COLUMN_OF
from planner.render.document import hash_of, plan_part

SMALL = "network_data/batches/small.csv"


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{COLUMN_OF[k].key: v for k, v in row.items() if v} for row in csv.DictReader(file)]
    return [{"externalRef": row.pop("batchId"), **row} for row in rows]


@pytest.fixture(scope="module")
def closed_set(client, request):
    rows = rows_of(request.config.rootpath / SMALL)
    made = client.post("/v1/batch-sets", json={"name": "night", "externalRef": "night-1"})
    assert made.status_code == 201
    here = made.headers["location"]
    put = client.post(f"{here}/batches", json={"batches": rows})
    assert put.json()["created"] == len(rows)
    closed = client.post(f"{here}/close")
    assert closed.json()["state"] == "closed"
    return made.json()["id"]


@pytest.fixture(scope="module")
def plan(client, closed_set):
    made = client.post("/v1/plans", json={"batchSetId": closed_set, "slotValues": 0})
    assert made.status_code == 202, made.text
    assert made.headers["retry-after"]
    done = client.get(made.headers["location"], headers={"Prefer": "wait=60"}).json()
    assert done["state"] == "succeeded", done
    return done


def test_the_plan_is_the_one_that_the_library_makes(plan, root):
    problem = read_problem(root / SMALL)
    result = solve(problem, SolveOptions(slot_values=0))
    assert plan["planSha256"] == hash_of(plan_part(problem, result.plan))


def test_every_file_of_a_plan_is_there(client, plan):
    document = client.get(plan["links"]["document"])
    assert json.loads(document.content)["runRecord"]["planSha256"] == plan["planSha256"]
    for name in ("geojson", "plan.xlsx", "report.html", "assignments.csv", "booking.csv"):
        answer = client.get(plan["links"][name])
        assert answer.status_code == 200
        assert answer.content
        again = client.get(plan["links"][name], headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def test_outcomes_come_page_by_page(client, plan):
    refs, cursor = [], None
    while True:
        params = {"limit": 5} | ({} if cursor is None else {"cursor": cursor})
        page = client.get(plan["links"]["batches"], params=params).json()
        refs += [item["externalRef"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    document = client.get(plan["links"]["document"]).json()
    assert refs == [one["batchId"] for one in document["plan"]["batches"]]
    one = client.get(f"{plan['links']['batches']}/{refs[3]}").json()
    assert one["outcome"] == document["plan"]["batches"][3]


def test_departures_hold_the_booking_sheet(client, plan):
    items = client.get(plan["links"]["departures"], params={"limit": 1000}).json()["items"]
    document = client.get(plan["links"]["document"]).json()["plan"]
    ridden = {
        (stage["serviceId"], stage["departureDay"])
        for batch in document["batches"]
        for itinerary in batch["itineraries"]
        for stage in itinerary["stages"]
        if stage["kind"] == "ride"
    }
    assert {(one["serviceId"], one["departureDay"]) for one in items} == ridden
    for one in items:
        assert one["bookings"]
        legs = [
            leg
            for leg in document["departures"]
            if (leg["serviceId"], leg["departureDay"]) == (one["serviceId"], one["departureDay"])
        ]
        assert one["legs"] == legs
        for line in one["bookings"]:
            assert line["vehicles"] == sum(part["vehicles"] for part in line["batches"])
            assert line["gateInFromUtc"] <= line["gateInUntilUtc"] <= line["departsUtc"]


def test_a_second_plan_that_changes_nothing_has_no_changed_outcomes(client, closed_set, plan):
    again = client.post(
        "/v1/plans",
        json={"batchSetId": closed_set, "slotValues": 0},
        headers={"Prefer": "wait=60"},
    )
    assert again.status_code == 200
    assert again.json()["planSha256"] == plan["planSha256"]
    changed = client.get(again.json()["links"]["batches"], params={"changedSince": again.json()["createdAt"]})
    assert changed.json()["items"] == []
    all_of_first = client.get(plan["links"]["batches"], params={"changedSince": plan["createdAt"]})
    assert len(all_of_first.json()["items"]) == plan["summary"]["numBatches"]


def test_a_repeated_call_gets_the_same_bytes_and_makes_nothing_twice(client):
    body = {"name": "once"}
    first, second = (
        client.post("/v1/batch-sets", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert hashlib.sha256(first.content).digest() == hashlib.sha256(second.content).digest()
    assert second.headers["idempotency-replayed"] == "true"
    other = client.post("/v1/batch-sets", json={"name": "twice"}, headers={"Idempotency-Key": "once"})
    assert other.status_code == 422
    assert other.json()["code"] == "key-reused"
