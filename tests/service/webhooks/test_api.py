"""Webhook endpoints over HTTP, and events on their way from a plan to a receiver."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from service.keys.repository import add_tenant
from service.settings import Limits, Settings
from service.store.tables import audit, idempotency, metadata
from service.webhooks import service
from service.webhooks.schemas import NewEndpoint
from tests.service.conftest import KEY
from tests.service.webhooks.receivers import Receiver
from tests.waiting import wait_until

PATH = "/v1/webhook-endpoints"
PUBLIC = "https://8.8.8.8/in?token=secret-token"
BATCH = {
    "externalRef": "B1", "shipper": "BYD", "origin": "BYD-CGO", "destination": "CMP-RUHR",
    "vehicleType": "atto-3", "vehicles": "3", "ready": "2027-03-04", "due": "2027-05-31",
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(database_url, tmp_path_factory):
    os.environ["LANDBRIDGE_SERVER_KEY"] = KEY
    return Settings(
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        webhook_loopback=True,
        webhook_wait_scale=0.01,
        limits=Limits(webhook_endpoints=3, webhook_s=5),
    )


@pytest.fixture(autouse=True)
def no_endpoints(client):
    yield
    for endpoint in client.get(PATH).json()["items"]:
        assert client.delete(f"{PATH}/{endpoint['id']}", headers=match(endpoint)).status_code == 204


def match(endpoint):
    return {"If-Match": f'"{endpoint["version"]}"'}


def create(client, url=PUBLIC, **more):
    made = client.post(PATH, json={"url": url, **more})
    assert made.status_code == 201, made.text
    return made.json()


def deliveries(client, endpoint, **params):
    return client.get(f"{PATH}/{endpoint['id']}/deliveries", params=params).json()["items"]


def test_the_secret_is_told_once(client):
    made = client.post(PATH, json={"url": PUBLIC, "events": ["plan.failed"], "description": "ERP"})
    told = made.json()
    assert told["secret"].startswith("whsec_")
    assert made.headers["location"] == f"{PATH}/{told['id']}"
    shown = client.get(made.headers["location"])
    assert shown.headers["etag"] == made.headers["etag"] == '"1"'
    assert shown.json() == {key: value for key, value in told.items() if key != "secret"}
    assert client.get(PATH).json()["items"] == [shown.json()]


def test_no_secret_is_stored_and_a_repeated_call_is_told_the_same(client, live):
    body, key = {"url": PUBLIC}, {"Idempotency-Key": "hook-once"}
    first, second = (client.post(PATH, json=body, headers=key) for _ in range(2))
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    rotate = f"{PATH}/{first.json()['id']}/rotate-secret"
    rotated = client.post(rotate, headers={"Idempotency-Key": "turn-once"}).json()
    assert rotated["secret"] != first.json()["secret"]
    assert client.post(rotate, headers={"Idempotency-Key": "turn-once"}).json() == rotated
    with live.app.state.database.read() as connection:
        stored = [str(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    for told in (first.json(), rotated):
        assert not any(told["secret"].removeprefix("whsec_") in row for row in stored)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://8.8.8.8/", "is not encrypted"),
        ("https://10.0.0.1/", "leads to no address"),
        ("https://169.254.169.254/latest/meta-data/", "leads to no address"),
        ("https://no-such-name.invalid/", "leads to no address"),
        ("https://user:word@erp.example/", "holds a user name"),
        ("ftp://erp.example/", "has the scheme"),
        ("https://2130706433/", "unusual spelling"),
    ],
)
def test_a_url_that_the_guard_refuses_is_not_registered_nor_changed_to(client, url, reason):
    endpoint = create(client)
    refused = client.post(PATH, json={"url": url})
    changed = client.patch(f"{PATH}/{endpoint['id']}", json={"url": url}, headers=match(endpoint))
    for answer in (refused, changed):
        assert answer.status_code == 422
        (fault,) = answer.json()["errors"]
        assert fault["pointer"] == "/url"
        assert reason in fault["reason"]
    assert len(client.get(PATH).json()["items"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {}, {"url": 1}, {"url": ""}, {"url": "https://8.8.8.8/" + "a" * 2_000},
        {"url": PUBLIC, "secret": "mine"}, {"url": PUBLIC, "events": ["plan.done"]},
        {"url": PUBLIC, "events": "plan.failed"},
        {"url": PUBLIC, "description": "x" * 201}, {"url": PUBLIC, "tenantId": "other"},
    ],
)  # fmt: skip
def test_a_body_that_is_not_as_described_is_refused(client, body):
    assert client.post(PATH, json=body).status_code == 422


def test_one_endpoint_more_than_the_limit_is_refused(client):
    endpoints = [create(client) for _ in range(3)]
    refused = client.post(PATH, json={"url": PUBLIC})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    client.delete(f"{PATH}/{endpoints[0]['id']}", headers=match(endpoints[0]))
    create(client)


def test_a_change_is_of_the_version_that_was_seen(client):
    here = f"{PATH}/{create(client)['id']}"
    assert client.patch(here, json={"enabled": False}).status_code == 428
    changed = client.patch(
        here, json={"enabled": False, "events": ["plan.failed"]}, headers={"If-Match": '"1"'}
    )
    assert changed.json()["state"] == "disabled"
    assert changed.json()["events"] == ["plan.failed"]
    assert changed.json()["url"] == PUBLIC
    assert changed.headers["etag"] == '"2"'
    assert client.patch(here, json={"enabled": True}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.delete(here).status_code == 428
    assert client.delete(here, headers={"If-Match": '"1"'}).status_code == 412
    assert client.get(here, headers={"If-None-Match": '"2"'}).status_code == 304


def test_what_is_absent_is_not_found(client):
    other = create(client)
    absent = "hook_" + "0" * 26
    for method, path in [
        ("GET", absent), ("PATCH", absent), ("DELETE", absent), ("POST", f"{absent}/test"),
        ("POST", f"{absent}/rotate-secret"), ("GET", f"{absent}/deliveries"),
        ("GET", f"{absent}/deliveries/dlv_1"),
        ("GET", f"{other['id']}/deliveries/dlv_1"), ("POST", f"{other['id']}/deliveries/dlv_1/resend"),
    ]:  # fmt: skip
        body = {"enabled": True} if method == "PATCH" else None
        answer = client.request(method, f"{PATH}/{path}", json=body, headers={"If-Match": '"1"'})
        assert answer.status_code == 404, (method, path)


def test_what_another_tenant_has_is_absent(client, live):
    with live.app.state.database.write() as connection:
        add_tenant(connection, "other", "other", 0)
        found = NewEndpoint(url=PUBLIC)
        theirs = service.create(connection, "other", found, 0, most=10)
        held = service.get_endpoint(connection, "other", theirs)
        delivery = service.send_test(connection, held, 0).delivery_id
    absent = "hook_" + "0" * 26
    assert client.get(PATH).json()["items"] == []
    for method, rest in [
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/rotate-secret"),
        ("GET", "/deliveries"), ("GET", f"/deliveries/{delivery}"),
        ("POST", f"/deliveries/{delivery}/resend"),
    ]:  # fmt: skip
        body = {"enabled": True} if method == "PATCH" else None
        told = []
        for endpoint_id in (theirs, absent):
            answer = client.request(
                method, f"{PATH}/{endpoint_id}{rest}", json=body, headers={"If-Match": '"1"'}
            )
            assert answer.status_code == 404, (method, rest)
            told.append({key: value for key, value in answer.json().items() if key != "instance"})
        assert told[0] == told[1]


def test_a_test_message_arrives_and_is_listed(client):
    with Receiver() as receiver:
        endpoint = create(client, receiver.url, events=["plan.failed"])
        sent = client.post(f"{PATH}/{endpoint['id']}/test")
        assert sent.status_code == 202
        wait_until(lambda: client.get(sent.headers["location"]).json()["state"] == "delivered")
        told = client.get(sent.headers["location"]).json()
        assert (told["attempts"], told["status"], told["error"], told["sequence"]) == (1, 200, None, 1)
        assert deliveries(client, endpoint, state="delivered") == [told]
        assert deliveries(client, endpoint, state="failed") == []
        (message,) = receiver.messages
        assert message.id == told["eventId"]
        body = Webhook(endpoint["secret"]).verify(message.body, message.headers)
        assert body["type"] == "webhook.test"
        assert body["data"] == {"endpointId": endpoint["id"], "state": "enabled", "version": 1, "sequence": 1}


def test_after_a_rotation_a_message_is_signed_by_both_secrets(client):
    with Receiver() as receiver:
        endpoint = create(client, receiver.url)
        rotated = client.post(f"{PATH}/{endpoint['id']}/rotate-secret").json()
        assert rotated["secretNumber"] == 2
        client.post(f"{PATH}/{endpoint['id']}/test")
        wait_until(lambda: len(receiver.messages) == 1)
        (message,) = receiver.messages
        for secret in (endpoint["secret"], rotated["secret"]):
            Webhook(secret).verify(message.body, message.headers)
        twice = client.post(f"{PATH}/{endpoint['id']}/rotate-secret").json()
        client.post(f"{PATH}/{endpoint['id']}/test")
        wait_until(lambda: len(receiver.messages) == 2)
        message = receiver.messages[1]
        Webhook(twice["secret"]).verify(message.body, message.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(endpoint["secret"]).verify(message.body, message.headers)


def test_a_receiver_that_is_gone_can_be_enabled_again_and_sent_to_again(client):
    statuses = iter([410, 200])
    with Receiver(lambda _message: next(statuses)) as receiver:
        endpoint = create(client, receiver.url)
        here = f"{PATH}/{endpoint['id']}"
        client.post(f"{here}/test")
        wait_until(lambda: client.get(here).json()["state"] == "gone")
        (failed,) = deliveries(client, endpoint)
        assert (failed["state"], failed["status"]) == ("failed", 410)
        resend = f"{here}/deliveries/{failed['id']}/resend"
        for path in (resend, f"{here}/test"):
            assert client.post(path).status_code == 409
        client.patch(here, json={"enabled": True}, headers=match(client.get(here).json()))
        assert client.post(resend).status_code == 202
        wait_until(lambda: deliveries(client, endpoint)[0]["state"] == "delivered")
        assert receiver.ids == [failed["eventId"]] * 2


def test_deliveries_come_page_by_page_the_newest_first(client):
    with Receiver() as receiver:
        endpoint = create(client, receiver.url)
        for _ in range(5):
            client.post(f"{PATH}/{endpoint['id']}/test")
        wait_until(lambda: len(deliveries(client, endpoint, state="delivered")) == 5)
        sequences, cursor = [], None
        while True:
            params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = client.get(f"{PATH}/{endpoint['id']}/deliveries", params=params).json()
            sequences += [item["sequence"] for item in page["items"]]
            cursor = page["nextCursor"]
            if cursor is None:
                break
        assert sorted(sequences) == [1, 2, 3, 4, 5]
        assert sequences[0] == 5


@pytest.fixture(scope="module")
def closed_set(client):
    here = client.post("/v1/batch-sets", json={"name": "night"}).headers["location"]
    assert client.post(f"{here}/batches", json={"batches": [BATCH]}).status_code == 200
    closed = client.post(f"{here}/close").json()
    assert closed["state"] == "closed"
    return closed["id"]


def test_a_plan_that_has_ended_is_told_without_its_figures(client, closed_set):
    with Receiver() as receiver:
        endpoint = create(client, receiver.url, events=["plan.succeeded", "plan.cancelled"])
        asked = {"batchSetId": closed_set, "slotValues": 0, "externalRef": "night-run"}
        done = client.post("/v1/plans", json=asked, headers={"Prefer": "wait=60"}).json()
        assert done["state"] == "succeeded", done
        queued = [client.post("/v1/plans", json={"batchSetId": closed_set}).json() for _ in range(2)]
        for plan in queued:
            client.post(f"/v1/plans/{plan['id']}/cancel")
            client.post(f"/v1/plans/{plan['id']}/cancel")
        wait_until(lambda: len(set(receiver.ids)) == 3, 60)
        wait_until(lambda: len(deliveries(client, endpoint, state="delivered")) == 3)
        told = [Webhook(endpoint["secret"]).verify(one.body, one.headers) for one in receiver.messages]
        by_plan = {one["data"]["planId"]: one for one in told}
        assert set(by_plan) == {done["id"], *(plan["id"] for plan in queued)}
        assert by_plan[done["id"]]["type"] == "plan.succeeded"
        assert by_plan[done["id"]]["data"] == {
            "planId": done["id"],
            "externalRef": "night-run",
            "state": "succeeded",
            "version": done["version"],
            "sequence": 1,
        }
        for plan in queued:
            ended = client.get(f"/v1/plans/{plan['id']}").json()
            assert by_plan[plan["id"]]["type"] == f"plan.{ended['state']}"
            assert by_plan[plan["id"]]["data"]["version"] == ended["version"]


def test_who_changed_what_is_noted_and_urls_are_in_no_log(client, live, caplog):
    endpoint = create(client)
    here = f"{PATH}/{endpoint['id']}"
    client.patch(here, json={"description": "new"}, headers=match(endpoint))
    client.post(f"{here}/rotate-secret")
    with live.app.state.database.read() as connection:
        mine = audit.c.object_id == endpoint["id"]
        rows = connection.execute(
            select(audit.c.action, audit.c.version_after).where(mine).order_by(audit.c.number)
        )
        assert [tuple(row) for row in rows] == [
            ("webhook-endpoint.create", 1), ("webhook-endpoint.change", 2), ("webhook-endpoint.rotate", 3),
        ]  # fmt: skip
        kept = connection.execute(select(idempotency.c.body)).scalars().all()
    assert not any(body and b"whsec_" in body for body in kept)
    assert "secret-token" not in caplog.text
    assert json.loads(client.get(here).content)["version"] == 3
