"""Each limit at it and one over."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from service.http.rates import Rates
from service.settings import Limits, Settings
from service.strict_json import VALUES_A_ROW
from tests.faults.prepared import BATCH
from tests.faults.world import ROWS, World
from tests.service.http.raw import Raw, once
from tests.service.live import Live

LIMITS = Limits(
    json_bytes=1_000,
    batches_bytes=2_000,
    upload_bytes=3_000,
    url_bytes=300,
    header_bytes=2_000,
    rows_a_call=3,
    batches_a_set=4,
    page_items=2,
    header_s=0.7,
    body_s=0.7,
    body_bytes_a_s=400,
    wait_s=1,
    queued_jobs=2,
    streams=2,
    webhook_endpoints=2,
    job_s=100,
    connections=12,
    connections_an_address=9,
)
JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv"}


@pytest.fixture(scope="module")
def settings(database_url, tmp_path_factory):
    """Of a service that works off no job, and limits each address."""
    return Settings(
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        webhook_loopback=True,
        workers=0,
        limits=LIMITS,
    )


@pytest.fixture(scope="module")
def open_set(client):
    return client.post("/v1/batch-sets", json={}).headers["location"]


@pytest.fixture(scope="module")
def closed_set(client):
    return World(client).closed_set()


@pytest.fixture(scope="module")
def queued_plan(client, closed_set):
    """Address of a plan that nobody makes."""
    client.post("/v1/plans", json={"batchSetId": closed_set})
    return client.get("/v1/plans?limit=1&state=queued").json()["items"][0]["links"]["self"]


def padded(size):
    """A JSON body of so many bytes."""
    body = json.dumps({"name": "sized"})
    return (body[:-1] + " " * (size - len(body)) + "}").encode()


def in_chunks(content, size=100):
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("send", [bytes, in_chunks], ids=["declared", "chunked"])
@pytest.mark.parametrize(
    ("path", "most", "fits"),
    [
        ("/v1/batch-sets", LIMITS.json_bytes, 201),
        ("{open_set}/batches", LIMITS.batches_bytes, 422),
        ("/v1/networks", LIMITS.upload_bytes, 422),
        ("{open_set}/uploads", LIMITS.upload_bytes, 422),
    ],
)
def test_a_body_may_be_so_large_and_no_larger(client, open_set, path, most, fits, send):
    path = path.format(open_set=open_set)
    headers = JSON if path.endswith(("sets", "batches")) else {"Content-Type": "application/octet-stream"}
    assert client.post(path, content=send(padded(most)), headers=headers).status_code == fits
    answer = client.post(path, content=send(padded(most + 1)), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert f"{most:,}" in answer.json()["detail"]


def test_a_declared_body_that_is_too_large_is_refused_before_it_is_sent(live):
    head = b"POST /v1/batch-sets HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
    told = once(live.url, head + f"Content-Length: {LIMITS.json_bytes + 1}\r\n\r\n".encode())
    assert told.status == 413
    assert told.headers["connection"] == "close"


def test_an_address_may_be_so_long_and_no_longer(client):
    path = "/v1/plans/"
    assert client.get(path + "x" * (LIMITS.url_bytes - len(path))).status_code == 404
    answer = client.get(path + "x" * (LIMITS.url_bytes - len(path) + 1))
    assert (answer.status_code, answer.json()["code"]) == (414, "uri-too-long")
    query = f"?x={'y' * LIMITS.url_bytes}"
    assert client.get(f"/v1/plans{query}").status_code == 414


def test_headers_may_be_so_fat_and_no_fatter(live):
    def sent(size):
        head = [("Host", "localhost"), ("X-Pad", "")]
        least = sum(len(name) + len(value) + 4 for name, value in head)
        lines = [("Host", "localhost"), ("X-Pad", "x" * (size - least))]
        text = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return once(live.url, f"GET /health HTTP/1.1\r\n{text}\r\n".encode())

    assert sent(LIMITS.header_bytes).status == 200
    told = sent(LIMITS.header_bytes + 1)
    assert (told.status, json.loads(told.body)["code"]) == (431, "header-too-large")
    huge = sent(10 * (LIMITS.header_bytes + LIMITS.url_bytes))
    assert huge.status in (431, 0), "it may hang up while the rest is on its way"


def test_a_call_may_hold_so_many_rows(client, open_set):
    rows = [{"externalRef": f"R-{number}"} for number in range(LIMITS.rows_a_call + 1)]
    fits = client.post(f"{open_set}/batches", json={"batches": rows[:-1]})
    assert {fault["code"] for fault in fits.json()["errors"]} == {"missing"}
    answer = client.post(f"{open_set}/batches", json={"batches": rows})
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/batches"]


def test_a_body_may_hold_so_many_values(client, open_set):
    most = VALUES_A_ROW * LIMITS.rows_a_call
    fits = client.post(f"{open_set}/batches", json={"batches": [1] * (most - 1)})
    assert (fits.status_code, fits.json()["numErrors"]) == (422, most - 1)
    answer = client.post(f"{open_set}/batches", json={"batches": [1] * most})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_large")
    assert f"{most:,} values" in answer.json()["errors"][0]["reason"]


@pytest.mark.parametrize("name", ["uploads", "networks", "batches", "x:search"])
def test_what_a_batch_is_called_changes_no_limit(client, open_set, name):
    row = {"externalRef": name, "reference": "x" * LIMITS.json_bytes}
    answer = client.put(f"{open_set}/batches/{name}", json=row)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/v1/batch-sets/set_1/uploads", "upload"),
        ("POST", "/page/batch-sets/set_1/uploads", "upload"),
        ("POST", "/v1/networks", "upload"),
        ("POST", "/v1/plans", "plan"),
        ("POST", "/page/comparisons", "plan"),
        ("POST", "/v1/routes:search", "read"),
        ("PUT", "/v1/batch-sets/set_1/batches/uploads", "write"),
        ("PUT", "/v1/batch-sets/set_1/batches/a/plans", "write"),
        ("PUT", "/v1/batch-sets/set_1/batches/x:search", "write"),
        ("GET", "/v1/plans", "read"),
    ],
)
def test_a_call_counts_as_what_it_is(method, path, kind):
    rates = Rates(LIMITS)
    rates.check_call("key_1", method, path)
    assert rates.known == {("key_1", kind)}


def test_a_set_may_hold_so_many_batches(client):
    here = client.post("/v1/batch-sets", json={}).headers["location"]
    for number in range(LIMITS.batches_a_set):
        row = {**BATCH, "externalRef": f"B-{number}"}
        assert client.put(f"{here}/batches/B-{number}", json=row).status_code == 200
    over = client.put(f"{here}/batches/over", json={**BATCH, "externalRef": "over"})
    assert (over.status_code, over.json()["code"]) == (422, "invalid")
    assert client.put(f"{here}/batches/B-0", json={**BATCH, "externalRef": "B-0"}).status_code == 200


def test_a_page_may_hold_so_many_items(client):
    assert client.get(f"/v1/batch-sets?limit={LIMITS.page_items}").status_code == 200
    over = client.get(f"/v1/batch-sets?limit={LIMITS.page_items + 1}")
    assert [fault["code"] for fault in over.json()["errors"]] == ["less_than_equal"]


def test_a_tenant_may_have_so_many_receivers_of_webhooks(client):
    world = World(client)
    for _ in range(LIMITS.webhook_endpoints):
        world.endpoint()
    over = client.post("/v1/webhook-endpoints", json={"url": "http://127.0.0.1:1025/hook"})
    assert over.status_code == 409


def test_so_many_jobs_may_wait_and_for_so_long(client, closed_set):
    asked = {"batchSetId": closed_set, "timeLimitS": LIMITS.job_s}
    over = client.post("/v1/plans", json={**asked, "timeLimitS": LIMITS.job_s + 1})
    assert [fault["pointer"] for fault in over.json()["errors"]] == ["/timeLimitS"]
    for number in range(LIMITS.queued_jobs):
        made = client.post("/v1/plans", json=asked)
        assert (made.status_code, made.json()["waitingBefore"]) == (202, number)
    for path in ("/v1/plans", "/v1/comparisons"):
        over = client.post(path, json=asked)
        assert (over.status_code, over.json()["code"]) == (429, "too-many-jobs")
        assert int(over.headers["retry-after"]) > 0
    assert client.post(f"{made.headers['location']}/cancel").json()["state"] == "cancelled"
    again = client.post("/v1/plans", json=asked)
    assert again.status_code == 202


def test_a_place_in_the_queue_that_moves_is_told_to_who_knows_the_version(client, closed_set):
    waiting = client.get("/v1/plans?state=queued&limit=2").json()["items"]
    last, before = (one["links"]["self"] for one in waiting)
    told = client.get(last)
    known = {"If-None-Match": told.headers["etag"]}
    assert client.get(last, headers=known).status_code == 304
    client.post(f"{before}/cancel")
    moved = client.get(last, headers=known)
    assert (moved.status_code, moved.json()["version"]) == (200, told.json()["version"])
    assert moved.json()["waitingBefore"] == told.json()["waitingBefore"] - 1
    client.post("/v1/plans", json={"batchSetId": closed_set})


def test_a_client_is_waited_for_so_long(client, queued_plan):
    begun = time.monotonic()
    answer = client.get(queued_plan, headers={"Prefer": "respond-async, wait=60"})
    assert LIMITS.wait_s <= time.monotonic() - begun < LIMITS.wait_s + 5
    assert answer.json()["state"] == "queued"
    assert answer.headers["preference-applied"] == f"wait={LIMITS.wait_s}"
    for prefer in ("", "wait", "wait=", "wait=-1", "wait=x", "return=minimal", "wait=0"):
        assert "preference-applied" not in client.get(queued_plan, headers={"Prefer": prefer}).headers


def test_so_many_streams_may_be_open_and_a_client_that_leaves_frees_its_place(live, client, queued_plan):
    path = f"{queued_plan}/events"
    with (
        httpx.Client(base_url=live.url, timeout=20) as one,
        httpx.Client(base_url=live.url, timeout=20) as two,
    ):
        with one.stream("GET", path) as first:
            events = first.iter_lines()
            assert next(events).startswith("id: ")
            with two.stream("GET", path) as second:
                others = second.iter_lines()
                assert next(others).startswith("id: ")
                over = client.get(path)
                assert (over.status_code, over.json()["code"]) == (503, "unavailable")
                assert over.headers["retry-after"]
                waiting = client.get(queued_plan, headers={"Prefer": "wait=1"})
                assert "preference-applied" not in waiting.headers, "nobody else is waited for"
        end = time.monotonic() + 10
        while live.app.state.streams._open:
            assert time.monotonic() < end, "a place is never given back"
            time.sleep(0.05)
        with one.stream("GET", path) as again:
            assert again.status_code == 200


def test_the_head_of_a_request_is_waited_for_so_long(live):
    begun = time.monotonic()
    with Raw(live.url) as connection:
        connection.send(b"GET /health HTTP/1.1\r\nHost: local")
        assert connection.read().status == 0
    assert LIMITS.header_s * 0.9 < time.monotonic() - begun < LIMITS.header_s + 5
    with Raw(live.url) as connection:
        connection.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.read().status == 200
        assert connection.is_open(2 * LIMITS.header_s), "between two requests there is time"
        connection.send(b"GET /health HTTP/1.1\r\n")
        assert connection.read().status == 0


def test_a_body_is_waited_for_so_long_and_longer_if_it_comes(live):
    head = b"POST /v1/batch-sets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    begun = time.monotonic()
    with Raw(live.url) as connection:
        connection.send(head + b"Content-Length: 500\r\n\r\n{")
        told = connection.read()
    assert (told.status, json.loads(told.body)["code"]) == (408, "request-timeout")
    assert LIMITS.body_s * 0.9 < time.monotonic() - begun < LIMITS.body_s + 5
    content = padded(900)
    with Raw(live.url) as connection:
        connection.send(head + f"Content-Length: {len(content)}\r\n\r\n".encode())
        for chunk in in_chunks(content):
            connection.send(chunk)
            time.sleep(0.15)
        assert connection.read().status == 201


def test_a_body_that_nobody_reads_is_not_waited_for(live):
    with Raw(live.url) as connection:
        connection.send(b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n")
        assert connection.read().status == 404
        for _ in range(30):
            if not connection.is_open(0.1):
                break
            connection.send(b"x")
        assert not connection.is_open(0.1)


def test_so_many_connections_may_be_open(live, client):
    client.close()
    held = []
    try:
        held += [Raw(live.url) for _ in range(LIMITS.connections)]
        statuses = []
        for connection in (*held, over := Raw(live.url)):
            connection.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            statuses.append(connection.read().status)
        held.append(over)
        assert statuses == [200] * LIMITS.connections + [503]
    finally:
        for connection in held:
            connection.__exit__()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A service that asks for keys; clients are to be quick."""
    folder = tmp_path_factory.mktemp("server")
    settings = Settings(
        database=f"sqlite:///{folder / 'l.db'}",
        data=folder,
        workers=0,
        require_keys=True,
        limits=LIMITS.model_copy(update={"body_bytes_a_s": 10_000_000}),
    )
    with Live(settings) as running:
        yield running


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(server):
    with Raw(server.url) as connection:
        connection.send(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 60)
        time.sleep(5)
        taken = connection.drain()
    assert 0 < taken < 60 * 100_000


def test_so_many_connections_of_an_address_may_be_open_where_keys_are_asked_for(server):
    held = [Raw(server.url) for _ in range(LIMITS.connections_an_address)]
    over = Raw(server.url)
    over.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    told = over.read()
    assert (told.status, told.headers["retry-after"]) == (503, "5")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["x-content-type-options"] == "nosniff"
    held.pop().__exit__()
    time.sleep(0.2)
    assert httpx.get(f"{server.url}/health").status_code == 200
    for connection in (over, *held):
        connection.__exit__()


def test_uploads_of_a_tenant_may_take_so_much(tmp_path):
    limits = Limits(stored_bytes=1_000_000)
    settings = Settings(database=f"sqlite:///{tmp_path / 'l.db'}", data=tmp_path, limits=limits)
    with Live(settings) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        here = client.post("/v1/batch-sets", json={}).headers["location"]
        faulty = ROWS + ROWS.partition(b"\r\n")[2].replace(b"64", b"0") * 9_000
        statuses = [client.post(f"{here}/uploads", content=faulty, headers=CSV).status_code for _ in range(2)]
        assert statuses == [422, 507]
