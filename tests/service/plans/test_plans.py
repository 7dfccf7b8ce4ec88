"""Plans as they are really made: kept from each other, on another network, under what-if, and refused."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from service.settings import Settings
from tests.faults.prepared import BATCH
from tests.service.intake.archives import TABLES, packed

WAIT = {"Prefer": "wait=60"}
TINY_BATCH = {
    "externalRef": "T-1",
    "shipper": "BYD",
    "origin": "PLANT",
    "destination": "MARKET",
    "vehicleType": "SUV",
    "vehicles": 12,
    "ready": "2025-01-02",
    "due": "2025-03-30",
}

UNLOADED = b"RAIL-EU,rail,road,boxed,boxed,1,feu,10,EUR,R1\ncompound,,delivery,boxed,loose,2,feu,20,EUR,R1\n"
NETWORK = TABLES | {"handling.csv": TABLES["handling.csv"] + UNLOADED}
"""Boxes can be taken off its train, and unpacked at its market."""


@pytest.fixture(scope="module")
def database_url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('db') / 'landbridge.db'}"


@pytest.fixture(scope="module")
def settings(database_url, tmp_path_factory):
    return Settings(database=database_url, data=tmp_path_factory.mktemp("data"), workers=2)


def closed_set(client, *rows, **asked):
    here = client.post("/v1/batch-sets", json=asked).headers["location"]
    put = client.post(f"{here}/batches", json={"batches": list(rows)})
    assert put.status_code == 200, put.text
    assert client.post(f"{here}/close").status_code == 200
    return here.rpartition("/")[2]


def plan(client, batch_set_id, **asked):
    answer = client.post(
        "/v1/plans", json={"batchSetId": batch_set_id, "slotValues": 0, **asked}, headers=WAIT
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def itineraries(client, told):
    return client.get(f"{told['links']['batches']}/{BATCH['externalRef']}").json()["outcome"]["itineraries"]


@pytest.fixture(scope="module")
def batch_set(client):
    return closed_set(client, BATCH)


@pytest.fixture(scope="module")
def network_id(client):
    """A tiny network: plans on it are made in no time."""
    made = client.post("/v1/networks", content=packed(NETWORK), headers={"Content-Type": "application/zip"})
    assert made.status_code == 201, made.text
    return made.json()["id"]


@pytest.fixture(scope="module")
def tiny_set(client, network_id):
    return closed_set(client, TINY_BATCH, networkId=network_id)


@pytest.fixture(scope="module")
def first(client, batch_set):
    told = plan(client, batch_set)
    assert told["state"] == "succeeded", told
    return told


def test_what_has_left_before_a_moment_is_kept_and_booked_and_kept_again(client, batch_set, first):
    """Over HTTP nobody books yet: what a plan freezes is booked in it, and so kept by those after it."""
    frozen = plan(client, batch_set, keepPlanId=first["id"], freezeBefore="2027-06-01T00:00:00Z")
    assert frozen["state"] == "succeeded", frozen
    assert frozen["keepPlanId"] == first["id"]
    assert frozen["summary"]["totals"]["bookedVehicles"] == int(BATCH["vehicles"])
    assert all(one["booked"] for one in itineraries(client, frozen))
    # Dearer trains would send it another way; what is booked stays where it is.
    free = plan(client, batch_set, whatIf={"price": ["rail=+900%"]})
    assert modes(client, free) != modes(client, first)
    kept = plan(client, batch_set, keepPlanId=frozen["id"], whatIf={"price": ["rail=+900%"]})
    assert modes(client, kept) == modes(client, first)
    record = client.get(kept["links"]["document"]).json()["runRecord"]
    assert record["inputs"]["keptPlanSha256"]


def modes(client, told):
    return sorted(
        stage["mode"] for one in itineraries(client, told) for stage in one["stages"] if stage.get("mode")
    )


def test_what_if_says_what_it_changes(client, batch_set):
    told = plan(client, batch_set, whatIf={"close": ["ALASHANKOU:2027-03-01..2027-06-01"]})
    document = client.get(told["links"]["document"]).json()
    assert document["difference"] is not None
    assert document["runRecord"]["inputs"]["whatIf"] == ["close ALASHANKOU:2027-03-01..2027-06-01"]


def test_a_plan_on_a_network_that_was_handed_in(client, network_id, tiny_set):
    told = plan(client, tiny_set)
    assert told["state"] == "succeeded", told["failure"]
    assert told["networkId"] == network_id
    assert told["summary"]["totals"]["plannedVehicles"] == TINY_BATCH["vehicles"]
    record = client.get(told["links"]["document"]).json()["runRecord"]
    shown = client.get(f"/v1/networks/{network_id}").json()
    assert record["inputs"]["networkSha256"] == shown["contentSha256"]
    other = client.post(
        "/v1/plans", json={"batchSetId": tiny_set, "networkId": "shipped"}, headers=WAIT
    ).json()
    assert (other["state"], other["failure"]["code"]) == ("failed", "input-refused")
    assert [fault["pointer"] for fault in other["failure"]["errors"]] == [
        f"/batches/0/{key}" for key in ("origin", "destination", "vehicleType")
    ]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"whatIf": {"close": ["ATLANTIS:2027-03-01..2027-03-15"]}}, "ATLANTIS"),
        ({"currency": "XXX"}, "XXX"),
    ],
)
def test_a_job_whose_input_is_refused_says_every_fault(client, batch_set, asked, named):
    told = plan(client, batch_set, **asked)
    assert (told["state"], told["failure"]["code"]) == ("failed", "input-refused")
    assert named in json.dumps(told["failure"])
    assert told["failure"]["errors"]
    assert told["summary"] is None
    refused = client.get(f"/v1/plans/{told['id']}/batches")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-finished")
    assert (
        client.post("/v1/plans", json={"batchSetId": batch_set, "keepPlanId": told["id"]}).status_code == 409
    )


@pytest.mark.parametrize(
    ("asked", "pointers"),
    [
        ({"freezeBefore": "2027-03-01T00:00:00Z"}, ["/freezeBefore"]),
        ({"dayValue": "5"}, ["/objective"]),
        ({"objective": "blend"}, ["/objective"]),
        (
            {"today": "01/02/2027", "ratesDate": "2027-02-30", "carryingRate": "x"},
            ["/carryingRate", "/today", "/ratesDate"],
        ),
        ({"currency": "usd "}, ["/currency"]),
    ],
)
def test_terms_that_can_not_be_read_are_refused_at_once_with_every_fault(client, batch_set, asked, pointers):
    answer = client.post("/v1/plans", json={"batchSetId": batch_set, **asked})
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


def test_outcomes_of_a_plan_are_found_by_when_they_changed(client, network_id):
    batch_set = closed_set(client, TINY_BATCH, networkId=network_id)
    first, second = (plan(client, batch_set) for _ in range(2))
    path = second["links"]["batches"]
    changed = client.get(path).json()["items"][0]["changedAt"]
    assert changed <= first["finishedAt"], "the first plan found it already"
    for since, number in (
        (changed, 1),
        (second["createdAt"], 0),
        ("1969-12-31T23:59:59Z", 1),
        ("9999-12-31T23:59:59Z", 0),
    ):
        assert len(client.get(path, params={"changedSince": since}).json()["items"]) == number, since
    shifted = "2000-01-01T08:00:00%2B08:00"
    assert len(client.get(f"{path}?changedSince={shifted}").json()["items"]) == 1
    for bad in (
        "yesterday",
        "2027-03-01",
        "2027-03-01T00:00:00",
        "2027-03-01T00:00:00 08:00",
        "2027-13-01T00:00:00Z",
    ):
        answer = client.get(path, params={"changedSince": bad})
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["changedSince"], bad


def events(client, path, **headers):
    """Events of a stream to its end."""
    with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        text = "".join(answer.iter_text())
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def test_progress_is_streamed_to_the_end_and_from_where_a_client_was_cut_off(client, tiny_set):
    made = client.post("/v1/plans", json={"batchSetId": tiny_set, "slotValues": 0, "seed": 7}).json()
    told = events(client, made["links"]["events"])
    versions = [int(event["id"]) for event in told]
    assert versions == sorted(set(versions))
    assert told[-1]["event"] == "succeeded"
    last = client.get(made["links"]["self"]).json()
    assert json.loads(told[-1]["data"]) == last
    again = events(client, made["links"]["events"], **{"Last-Event-ID": str(versions[0])})
    assert [event["id"] for event in again] == [str(versions[-1])]
    over = client.get(made["links"]["events"], headers={"Last-Event-ID": str(versions[-1])})
    assert (over.status_code, over.content) == (204, b""), "browsers stop at that"
    assert events(client, made["links"]["events"], **{"Last-Event-ID": "nonsense"})


def test_a_client_that_leaves_while_it_is_waited_for_is_forgotten(live, client, batch_set):
    made = client.post("/v1/plans", json={"batchSetId": batch_set, "seed": 8}).json()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{live.url}{made['links']['self']}", headers={"Prefer": "wait=50"}, timeout=0.2)
    client.post(f"{made['links']['self']}/cancel")
    end = time.monotonic() + 10
    while live.app.state.streams._open:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_cancelled_plan_that_waited_is_over_at_once_and_stays_so(client, batch_set):
    made = [
        client.post("/v1/plans", json={"batchSetId": batch_set, "seed": seed}).json()
        for seed in range(20, 24)
    ]
    cancelled = client.post(f"{made[-1]['links']['self']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    for one in made[:-1]:
        client.post(f"{one['links']['self']}/cancel")
    for one in made:
        told = client.get(one["links"]["self"], headers=WAIT).json()
        assert told["state"] in ("cancelled", "succeeded")
        again = client.post(f"{one['links']['self']}/cancel")
        assert (again.status_code, again.json()) == (200, told)
