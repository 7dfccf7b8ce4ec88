"""Questions about single shipments over HTTP."""

from __future__ import annotations

import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from planner.reading.route_json import NETWORK_KEY, OWN_KEYS, SHIPMENT_KEYS
from service.routes.schemas import RouteAsked, RouteDocument
from service.settings import Limits, Settings
from tests.service.live import Live
from tests.service.routes.questions import EASY, MANY, make_network, of_library
from tests.waiting import wait_until

SEARCH = "/v1/routes:search"
LANE = {"origin": "BYD-CGO", "destination": "CMP-HAMBURG", "vehicleType": "seal", "vehicles": 52}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make_network(tmp_path_factory.mktemp("network") / "tables")


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[Live]:
    """On SQLite alone: the answers are not of the database."""
    limits = Limits(routes_waiting=1, route_children=1, route_wait_s=100, route_s=20)
    with Live(Settings(data=tmp_path_factory.mktemp("data"), workers=0, limits=limits)) as running:
        yield running


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live.url, timeout=120) as made:
        yield made


@pytest.fixture(scope="module")
def network_id(client: httpx.Client, folder: Path) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in folder.iterdir():
            archive.writestr(path.name, path.read_bytes())
    answer = client.post("/v1/networks", files={"file": ("own.zip", out.getvalue())})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_a_question_about_an_own_network_gets_the_document_of_the_library(client, folder, network_id):
    for question in MANY[:4]:
        answer = client.post(SEARCH, json={**question, "networkId": network_id})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.content == of_library(question, folder)


def test_a_question_about_the_shipped_network_gets_a_document_of_the_schema(client, root):
    answer = client.post(SEARCH, json={**LANE, "ready": "2027-03-02", "due": "2027-04-21", "limit": 3})
    assert answer.status_code == 200, answer.text
    schemas = {
        name: json.loads((root / "docs" / name).read_text(encoding="utf-8"))
        for name in ("route.schema.json", "plan.schema.json")
    }
    registry = Registry().with_resources(
        [(name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    )
    Draft202012Validator(schemas["route.schema.json"], registry=registry).validate(answer.json())
    assert len(answer.json()["routes"]) == 3
    RouteDocument.model_validate(answer.json())


def test_every_fault_is_told_with_its_pointer_code_and_hint(client):
    answer = client.post(
        SEARCH, json={**LANE, "origin": "BYD-CG0", "ready": "03/04/2027", "vehicle": 3, "limit": 0}
    )
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == "invalid"
    assert {(fault["pointer"], fault["code"]) for fault in told["errors"]} == {
        ("/origin", "not_in_network"),
        ("/ready", "ambiguous"),
        ("/vehicle", "unknown"),
        ("/limit", "out_of_range"),
    }
    assert all(fault["reason"] for fault in told["errors"])
    hints = {fault["pointer"]: fault["hint"] for fault in told["errors"]}
    assert hints["/origin"] == "did you mean BYD-CGO?"
    assert hints["/vehicle"] == "did you mean vehicles?"


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"", "application/json", 400),
        (b'{"origin": NaN}', "application/json", 400),
        (b'{"origin": "a", "origin": "b"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"[]", "application/json", 422),
        (b"{}", "application/json; charset=utf-8", 422),
        (b'{"networkId": 5}', "application/json", 422),
    ],
)
def test_what_is_no_question_is_refused(client, content, media_type, status):
    answer = client.post(SEARCH, content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_network_that_is_not_there_is_not_found(client):
    for network_id in ("net_0000000000000000000000000b", "other", ""):
        answer = client.post(SEARCH, json={**LANE, "ready": "2027-03-02", "networkId": network_id})
        assert answer.status_code == 404


def test_who_comes_when_too_many_wait_is_told_when_to_come_again(live, client, network_id):
    question = {**EASY, "networkId": network_id}
    assert client.post(SEARCH, json=question).status_code == 200
    group = live.app.state.route_desks._own["local"]
    (pid,) = group.pids
    os.kill(pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(2) as pool:
            # One is taken, and only then another waits: two at once would be one too many.
            calls = [pool.submit(httpx.post, live.url + SEARCH, json=question, timeout=120)]
            wait_until(lambda: not group.waiting._free)
            calls.append(pool.submit(httpx.post, live.url + SEARCH, json=question, timeout=120))
            wait_until(lambda: group.waiting._count == 1)
            refused = client.post(SEARCH, json=question)
            os.kill(pid, signal.SIGCONT)
            assert [call.result().status_code for call in calls] == [200, 200]
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["code"] == "unavailable"


def test_a_search_that_takes_too_long_is_given_up(tmp_path):
    limits = Limits(route_s=1e-6, route_children=1, route_wait_s=100)
    with (
        Live(Settings(data=tmp_path, workers=0, limits=limits)) as running,
        httpx.Client(base_url=running.url, timeout=120) as client,
    ):
        answer = client.post(SEARCH, json={**LANE, "ready": "2027-03-02"})
        assert (answer.status_code, answer.json()["code"]) == (504, "timeout")


def test_the_document_of_the_api_knows_the_keys_that_are_read(client):
    described = {field.alias for field in RouteAsked.model_fields.values()}
    assert described == {*SHIPMENT_KEYS, *OWN_KEYS, NETWORK_KEY}
    document = client.get("/openapi.json").json()
    operation = document["paths"][SEARCH]["post"]
    assert operation["operationId"] == "searchRoutes"
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {"origin", "destination", "vehicleType", "vehicles", "ready"}
    assert {"200", "404", "415", "422", "503", "504"} <= set(operation["responses"])
