"""What every answer has in common, and what a hostile or clumsy caller is told."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import httpx
import pytest

from service.http.context import API_VERSION, CAUTION
from service.problems import KINDS
from service.settings import Settings
from tests.faults.prepared import BATCH
from tests.faults.world import ROWS, World
from tests.service.http.raw import Raw, once

GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def settings(database_url, copied_child, tmp_path_factory):
    """Settings of a laptop whose plans are there at once."""
    return Settings(
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        child_program=copied_child,
        webhook_loopback=True,
        names=("planner.example",),
        workers=2,
    )


@pytest.fixture(scope="module")
def ids(client):
    return World(client).make()


def assert_cautious(headers):
    for name, value in CAUTION.items():
        assert headers[name.lower()] == value, name
    assert headers["x-request-id"]
    assert "server" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/v1/plans", 200),
        ("HEAD", "/v1/plans", 200),
        ("GET", "/v1/problems/not-found", 200),
        ("GET", "/v1/problems/nothing", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/plans/", 404),
        ("GET", "/v1/plans/pln_x", 404),
        ("DELETE", "/v1/plans", 405),
        ("TRACE", "/v1/plans", 405),
        ("OPTIONS", "/v1/plans", 405),
        ("BREW", "/v1/plans", 405),
        ("POST", "/v1/plans", 422),
        ("GET", "/v1/plans?limit=0", 422),
    ],
)
def test_every_answer_bears_headers_of_caution_and_problems_are_problems(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status
    assert_cautious(answer.headers)
    if status >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["instance"] == answer.headers["x-request-id"]
        assert problem["type"] == f"/v1/problems/{problem['code']}"
        assert problem["title"]
        assert problem["detail"]


def test_every_kind_of_problem_has_a_page(client):
    for code, kind in KINDS.items():
        page = client.get(f"/v1/problems/{code}")
        assert page.status_code == 200, code
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert kind.advice.split("`")[0][:20].replace("'", "&#x27;") in page.text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/plans", "GET, HEAD, POST"),
        ("/v1/batch-sets/set_x", "DELETE, GET, HEAD, PATCH"),
        ("/v1/batch-sets/set_x/batches/B-1", "DELETE, GET, HEAD, PUT"),
        ("/v1/batch-sets/set_x/close", "POST"),
        ("/v1/plans/pln_x/events", "GET"),
        ("/health", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_all_right_ones(client, path, allowed):
    for method in ("TRACE", "OPTIONS", "COPY"):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_the_id_of_a_request_is_kept_if_it_is_one_and_made_otherwise(client):
    assert (
        client.get("/health", headers={"X-Request-ID": "erp-4711.a_b"}).headers["x-request-id"]
        == "erp-4711.a_b"
    )
    for bad in ("", "a b", "<script>", "x" * 65, "é"):
        answer = client.get("/health", headers={"X-Request-ID": bad.encode()})
        assert answer.headers["x-request-id"].startswith("req_")


def test_head_says_what_get_says_without_a_body(client, ids):
    for path in ("/health", f"/v1/plans/{ids['planId']}", f"/v1/plans/{ids['planId']}/document"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.content == b""
        told = {name: value for name, value in got.headers.items() if name not in ("date", "x-request-id")}
        assert told.items() <= head.headers.items()


def test_version_and_nothing_else_of_the_service_is_told(client):
    answer = client.get("/v1/plans")
    assert answer.headers["api-version"] == API_VERSION
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 422, "invalid"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (b"{}", {}, 415, "unsupported-media-type"),
        (b"\x1f\x8b\x08", {"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415, None),
        (b"[]", {"Content-Type": "application/json"}, 422, "invalid"),
        (b"null", {"Content-Type": "application/json"}, 422, "invalid"),
        (b"{", {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": NaN}', {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": "a", "name": "b"}', {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": "\\ud800"}', {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": "\xff"}', {"Content-Type": "application/json"}, 400, "bad-request"),
        (b"[" * 5_000 + b"]" * 5_000, {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": ' + b"9" * 5_000 + b"}", {"Content-Type": "application/json"}, 400, "bad-request"),
        (b'{"name": ' + b"[" * 63 + b"]" * 63 + b"}", {"Content-Type": "application/json"}, 422, "invalid"),
        (
            b'{"name": ' + b"[" * 64 + b"]" * 64 + b"}",
            {"Content-Type": "application/json"},
            400,
            "bad-request",
        ),
        (b'{"name": "a\\u0000b"}', {"Content-Type": "application/json"}, 422, "invalid"),
        (b'{"name": 1}', {"Content-Type": "application/json"}, 422, "invalid"),
        (b'{"tenantId": "b"}', {"Content-Type": "application/json"}, 422, "invalid"),
        (b'{"id": "set_x", "state": "closed"}', {"Content-Type": "application/json"}, 422, "invalid"),
        (b'{"networkId": "net_x"}', {"Content-Type": "application/json"}, 404, "not-found"),
    ],
)
def test_a_body_that_is_none_is_told_what_is_wrong(client, body, headers, status, code):
    answer = client.post("/v1/batch-sets", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert code in (None, answer.json()["code"])


def test_a_whole_number_may_be_written_with_a_point(client):
    content = b'{"label": "float", "scopes": ["plan:read"], "days": 12.0}'
    answer = client.post("/v1/api-keys", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text
    content = content.replace(b"12.0", b"12.5")
    assert (
        client.post("/v1/api-keys", content=content, headers={"Content-Type": "application/json"}).status_code
        == 422
    )


def test_faults_of_a_body_have_pointers(client):
    answer = client.post("/v1/plans", json={"seed": -1, "whatIf": {"close": [7]}, "a/b~": 0})
    faults = {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
    assert faults == {
        "/batchSetId": "missing",
        "/seed": "greater_than_equal",
        "/whatIf/close/0": "string_type",
        "/a~1b~0": "extra_forbidden",
    }
    assert answer.json()["numErrors"] == 4
    nothing = client.post("/v1/plans", headers={"Content-Type": "application/json"})
    assert [fault["pointer"] for fault in nothing.json()["errors"]] == [""]


@pytest.mark.parametrize(
    ("query", "status", "code", "pointer"),
    [
        ("limit=0", 422, "invalid", "limit"),
        ("limit=-1", 422, "invalid", "limit"),
        ("limit=1001", 422, "invalid", "limit"),
        ("limit=99999999999999999999999", 422, "invalid", "limit"),
        ("limit=1e3", 422, "invalid", "limit"),
        ("limit=%D9%A3", 422, "invalid", "limit"),
        ("limit=1&limit=2", 400, "bad-request", "limit"),
        ("externalRef=%00", 400, "bad-request", None),
        ("externalRef=a%0Ab", 422, "invalid", "externalRef"),
        ("externalRef=%ED%A0%80", 200, None, None),
        ("state=open", 422, "invalid", "state"),
        ("batchSetId=a'b", 422, "invalid", "batchSetId"),
        ("cursor=", 400, "bad-cursor", None),
        ("cursor=AAAA", 400, "bad-cursor", None),
        ("cursor=%F0%9F%98%80", 400, "bad-cursor", None),
        ("unheard=of", 200, None, None),
    ],
)
def test_a_query_that_is_none_is_told_what_is_wrong(client, query, status, code, pointer):
    answer = client.get(f"/v1/plans?{query}")
    assert answer.status_code == status, answer.text
    if code is not None:
        assert answer.json()["code"] == code
        assert [fault["pointer"] for fault in answer.json()["errors"]] == (
            [] if pointer is None else [pointer]
        )


@pytest.mark.parametrize("path", ["/v1/plans/%00", "/v1/plans/a%00b/batches/x", "/v1/problems/%00"])
def test_an_address_with_the_character_nul_is_no_address(client, path):
    assert client.get(path).json()["code"] == "bad-request"


@pytest.mark.parametrize(
    "path", ["/v1/plans/%ED%A0%80", "/v1/plans/..%2f..%2fetc", "/v1/plans/a%0d%0ab", "/%2e%2e/x"]
)
def test_a_strange_address_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("localhost", True),
        ("LOCALHOST:8080", True),
        ("127.0.0.1:1", True),
        ("[::1]:8080", True),
        ("planner.example:443", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("planner.example.evil", False),
        ("", False),
        ("localhost@evil.example", False),
        ("2130706433", False),
    ],
)
def test_only_our_own_names_are_answered(live, host, is_known):
    told = once(live.url, f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert told.status == (200 if is_known else 400)
    if not is_known:
        assert json.loads(told.body)["code"] == "bad-host"
        assert_cautious(told.headers)


def test_two_names_of_one_host_are_none(live):
    assert once(live.url, GET + b"Host: evil.example\r\n\r\n").status == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "{url}", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_pages_of_other_sites_change_nothing(client, live, headers, status):
    sent = {name: value.format(url=live.url) for name, value in headers.items()}
    answer = client.post("/v1/batch-sets", json={}, headers=sent)
    assert answer.status_code == status
    assert client.get("/v1/plans", headers=sent).status_code == 200


def test_what_is_no_http_is_told_so_as_a_problem(live):
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /health\r\n\r\n\r\n",
        GET + b"broken\r\n\r\n",
    ):
        told = once(live.url, data)
        assert told.status == 400, data
        assert json.loads(told.body)["code"] == "bad-request"
        assert_cautious(told.headers)


def test_a_request_smuggled_behind_a_body_is_none(live):
    post = b"POST /v1/batch-sets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    both = post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET + b"\r\n"
    with Raw(live.url) as connection:
        connection.send(both)
        assert connection.read().status in (400, 422)
    two = post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    assert once(live.url, two).status == 400


def test_a_client_that_leaves_in_the_middle_of_a_body_is_no_fault_of_ours(live, caplog):
    post = b"POST /v1/batch-sets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with Raw(live.url) as connection:
        connection.send(post + b"Content-Length: 200\r\n\r\n{")
    with Raw(live.url) as connection:
        connection.send(post + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nnonsense\r\n")
        connection.read()
    assert httpx.get(f"{live.url}/health").status_code == 200
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/batch-sets/{openSetId}",
        "/v1/batch-sets/{openSetId}/batches/{externalRef}",
        "/v1/plans/{planId}",
        "/v1/plans/{planId}/document",
        "/v1/plans/{planId}/report.html",
        "/v1/comparisons/{comparisonId}",
        "/v1/comparisons/{comparisonId}/files/rail/plan.json",
        "/v1/api-keys/{keyId}",
        "/v1/webhook-endpoints/{endpointId}",
        "/v1/networks/{networkId}",
    ],
)
def test_what_is_known_is_not_sent_again(client, ids, path):
    first = client.get(path.format(**ids))
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path.format(**ids), headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert_cautious(again.headers)
    assert client.get(path.format(**ids), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/v1/batch-sets/{freshSetId}", {"name": "renamed"}),
        ("PATCH", "/v1/webhook-endpoints/{endpointId}", {"description": "renamed"}),
        ("DELETE", "/v1/batch-sets/{freshSetId}/batches/{externalRef}", None),
        ("DELETE", "/v1/batch-sets/{disposableSetId}", None),
        ("DELETE", "/v1/webhook-endpoints/{disposableEndpointId}", None),
    ],
)
def test_a_change_names_the_version_that_it_is_of(client, ids, method, path, body):
    path = path.format(**ids)
    tag = client.get(path).headers["etag"]
    assert client.request(method, path, json=body).status_code == 428
    stale = client.request(method, path, json=body, headers={"If-Match": '"999"'})
    assert stale.status_code == 412
    done = client.request(method, path, json=body, headers={"If-Match": tag})
    assert done.status_code in (200, 204)
    if method == "PATCH":
        assert done.headers["etag"] != tag
        assert client.request(method, path, json=body, headers={"If-Match": tag}).status_code == 412
    else:
        assert client.get(path).status_code == 404


def test_a_single_batch_can_be_put_only_if_new_or_unchanged(client):
    here = client.post("/v1/batch-sets", json={}).headers["location"] + "/batches/B-1"
    row = {**BATCH, "externalRef": "B-1"}
    assert client.put(here, json=row, headers={"If-Match": "*"}).status_code == 412
    first = client.put(here, json=row, headers={"If-None-Match": "*"})
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    assert client.put(here, json=row, headers={"If-None-Match": "*"}).status_code == 412
    second = client.put(here, json={**row, "vehicles": 7}, headers={"If-Match": '"1"'})
    assert (second.status_code, second.headers["etag"]) == (200, '"2"')
    assert client.put(here, json=row, headers={"If-Match": '"1"'}).status_code == 412
    assert client.get(here).json()["batch"]["vehicles"] == "7"


@pytest.mark.parametrize("written", ["B-1%20", "%EF%BC%A2-1", "B-1%C2%A0"])
def test_a_batch_is_put_where_its_address_leads(client, written):
    """Read as another name, it would be new by its address, and take the place of the other row."""
    here = client.post("/v1/batch-sets", json={}).headers["location"] + "/batches"
    row = {name: value for name, value in BATCH.items() if name != "externalRef"}
    assert client.put(f"{here}/B-1", json=row).status_code == 200
    for headers in ({"If-None-Match": "*"}, {"If-Match": '"1"'}, {}):
        answer = client.put(f"{here}/{written}", json={**row, "vehicles": 61}, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/externalRef")
        assert "'B-1'" in answer.json()["errors"][0]["reason"]
    assert client.get(f"{here}/B-1").headers["etag"] == '"1"'
    assert client.put(f"{here}/77", json={**row, "externalRef": 77}).json()["created"] == 1


@pytest.mark.parametrize("name", [".", "..", "a/../b"])
def test_a_batch_has_no_name_that_addresses_lose(client, name):
    here = client.post("/v1/batch-sets", json={}).headers["location"] + "/batches"
    answer = client.post(here, json={"batches": [{**BATCH, "externalRef": name}]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "character")
    for path in ("/v1/batch-sets", "/v1/plans"):
        refused = client.post(path, json={"batchSetId": "set_x", "externalRef": name})
        assert "/externalRef" in [fault["pointer"] for fault in refused.json()["errors"]]


class FullDisk:
    """A file on a disk that has no room: the system says so, at the first byte."""

    name = "/dev/full"

    def __init__(self, **_):
        self.file = Path(self.name).open("wb", buffering=0)  # noqa: SIM115 - it is the context itself

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def flush(self):
        self.file.flush()


@pytest.mark.parametrize("as_form", [True, False])
@pytest.mark.parametrize("path", ["/v1/batch-sets/{openSetId}/uploads", "/v1/networks"])
def test_an_upload_onto_a_full_disk_may_be_repeated(client, ids, monkeypatch, path, as_form):
    monkeypatch.setattr("service.uploads.tempfile.NamedTemporaryFile", FullDisk)
    content = b"x" * 100_000
    sent = {"files": {"file": ("a.csv", content, "text/csv")}} if as_form else {"content": content}
    answer = client.post(path.format(**ids), **sent)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage-full")
    assert int(answer.headers["retry-after"]) > 0


def test_where_nothing_is_rejected_there_is_no_content(client):
    here = client.post("/v1/batch-sets", json={}).headers["location"]
    links = client.post(f"{here}/uploads?fileName=a.csv", content=ROWS).json()["links"]
    answer = client.get(links["rejected"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(client.get(links["errors"]).text.splitlines()) == 1


def test_a_dry_run_changes_no_version_in_the_audit(client):
    here = client.post("/v1/batch-sets", json={}).headers["location"]
    answer = client.post(f"{here}/uploads?dryRun=true&fileName=a.csv", content=ROWS)
    assert (answer.status_code, answer.json()["state"]) == (201, "tried")
    (row,) = client.get("/v1/audit?limit=1").json()["items"]
    assert (row["action"], row["versionBefore"], row["versionAfter"]) == ("upload.tried", 1, 1)


def test_a_set_can_be_closed_only_as_it_was_seen(client):
    world = World(client)
    here = f"/v1/batch-sets/{world.open_set()}"
    assert client.post(f"{here}/close", headers={"If-Match": '"1"'}).status_code == 412
    tag = client.get(here).headers["etag"]
    closed = client.post(f"{here}/close", headers={"If-Match": tag})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert client.post(f"{here}/close").status_code == 200
    refused = client.post(f"{here}/batches", json={"batches": [BATCH]})
    assert (refused.status_code, refused.json()["code"]) == (409, "closed-batch-set")


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("", False), ("gzip", False), ("deflate", True), ("gzip, deflate;q=0.5", True), ("deflate;q=0", False)],
)
def test_a_file_comes_packed_if_the_client_takes_that(live, ids, accepted, is_packed):
    path = f"{live.url}/v1/plans/{ids['planId']}/report.html"
    with httpx.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
        assert (answer.headers.get("content-encoding") == "deflate") == is_packed
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["etag"].endswith('-deflate"') == is_packed
        assert answer.headers["content-disposition"] == 'attachment; filename="report.html"'
    content = zlib.decompress(raw) if is_packed else raw
    assert content == httpx.get(path, headers={"Accept-Encoding": "identity"}).content


def test_figures_are_told_by_operation_and_not_by_object(client, ids):
    client.get(f"/v1/plans/{ids['planId']}")
    client.request("INVENTED", "/v1/plans")
    figures = client.get("/metrics").text
    assert 'path="/v1/plans/{plan_id}"' in figures
    assert ids["planId"] not in figures
    assert "INVENTED" not in figures
