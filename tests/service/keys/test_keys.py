"""Keys: who has none, a wrong one, an old one or a revoked one is nobody, within a second and everywhere."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text

from service.callers import SCOPES
from service.keys import repository
from service.keys.admin import create
from service.keys.token import make_token, read_token
from service.logs import JsonLines
from service.settings import Limits, Settings
from service.store.tables import metadata
from tests.faults.prepared import BATCH
from tests.faults.world import World
from tests.service.live import Live
from tests.waiting import wait_until

SERVER_KEY = "a server key for tests only, 32 bytes or more"
PRICE, SECRET_NAME = "987654.32", "secret-customer-4711"
WRONG_A_MINUTE = 5


@pytest.fixture(scope="module")
def settings(database_url, copied_child, tmp_path_factory):
    return Settings(
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        child_program=copied_child,
        require_keys=True,
        webhook_loopback=True,
        workers=1,
        LANDBRIDGE_SERVER_KEY=SERVER_KEY,
    )


def key(live, *scopes, tenant="acme", days=1):
    return create(live.app.state.database, SERVER_KEY.encode(), tenant, "test", scopes or SCOPES, days)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def admin(live, client):
    client.headers.update(bearer(key(live)))
    return client


@pytest.fixture(scope="module")
def elsewhere(settings, tmp_path_factory):
    """Addresses of all processes of the service: on PostgreSQL another one beside the first."""
    if settings.database.startswith("sqlite"):
        yield []
        return
    other = settings.model_copy(update={"data": tmp_path_factory.mktemp("other"), "workers": 0})
    with Live(other) as running:
        yield [running.url]


def test_a_revoked_key_is_good_for_nothing_within_a_second_in_every_process(live, admin, elsewhere):
    made = admin.post("/v1/api-keys", json={"label": "short", "scopes": ["plan:read"]}).json()
    urls = [live.url, *elsewhere]
    for url in urls:
        assert httpx.get(f"{url}/v1/plans", headers=bearer(made["key"])).status_code == 200
    assert admin.post(f"/v1/api-keys/{made['id']}/revoke").json()["revokedAt"]
    time.sleep(1)
    for url in urls:
        answer = httpx.get(f"{url}/v1/plans", headers=bearer(made["key"]))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_who_is_told_for_long_hears_no_more_once_the_key_is_revoked(tmp_path):
    waits = Settings(data=tmp_path, require_keys=True, workers=0, LANDBRIDGE_SERVER_KEY=SERVER_KEY)
    with (
        Live(waits) as live,
        httpx.Client(base_url=live.url, headers=bearer(key(live)), timeout=60) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        links = client.post("/v1/plans", json={"batchSetId": World(client).closed_set()}).json()["links"]
        short = client.post("/v1/api-keys", json={"label": "short", "scopes": ["plan:read"]}).json()
        patient = {**bearer(short["key"]), "Prefer": "wait=60"}
        waiting = pool.submit(httpx.get, live.url + links["self"], headers=patient, timeout=60)
        with httpx.stream("GET", live.url + links["events"], headers=patient, timeout=60) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("id: ")
            wait_until(lambda: live.app.state.streams._open == 2)
            client.post(f"/v1/api-keys/{short['id']}/revoke")
            begun = time.monotonic()
            assert not [line for line in lines if line.startswith("id: ")]
            assert waiting.result().status_code == 401
            assert time.monotonic() - begun < 10


@pytest.mark.parametrize("label", ["x\u009b2J", "x\u202eEVIL", "x\x1b[2J", "x\u2028"])
def test_a_label_holds_nothing_that_a_terminal_obeys(admin, label):
    answer = admin.post("/v1/api-keys", json={"label": label, "scopes": ["plan:read"]})
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/label"]


def test_nobody_is_told_why_a_key_is_none(live):
    good = key(live)
    token = read_token(good)
    revoked = key(live)
    with live.app.state.database.write() as connection:
        repository.revoke(connection, "acme", read_token(revoked).key_id, 1)
    other = make_token()
    shown = [
        None,
        "",
        "Bearer",
        f"Basic {good}",
        good,
        f"Bearer {good[:-1]}",
        f"Bearer {good[:-1]}{'0' if good[-1] != '0' else '1'}",
        f"Bearer {good}x",
        f"Bearer {other.text}",
        f"Bearer {key(live, days=-1)}",
        f"Bearer {revoked}",
        f"Bearer {token.key_id}",
        "Bearer " + "x" * 4_000,
        "Bearer \xff",
    ]
    told = set()
    for one in shown:
        headers = [] if one is None else [("Authorization", one.encode("latin-1"))]
        live.app.state.gate.rates._buckets.clear()
        answer = httpx.get(f"{live.url}/v1/plans", headers=[*headers, ("X-Request-ID", "same")])
        assert answer.status_code == 401, one
        assert answer.headers["www-authenticate"].startswith("Bearer")
        told.add(answer.content)
    assert len(told) == 1
    assert httpx.get(f"{live.url}/v1/plans?key={good}").status_code == 401, "never in an address"
    assert httpx.get(f"{live.url}/v1/plans", headers=bearer(good)).status_code == 200


def test_a_key_opens_only_what_its_scopes_say(live):
    headers = bearer(key(live, "plan:read"))
    answer = httpx.post(f"{live.url}/v1/batch-sets", json={}, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (403, "the key lacks the scope plan:write")
    with httpx.Client(base_url=live.url, headers=bearer(key(live, "tenant:admin"))) as client:
        more = client.post("/v1/api-keys", json={"label": "more", "scopes": ["plan:write", "tenant:admin"]})
        assert more.status_code == 403, "a key can't give what it lacks"
        unknown = client.post("/v1/api-keys", json={"label": "x", "scopes": ["server:admin"]})
        assert unknown.status_code == 422


def test_who_is_calling_is_asked_before_a_body_is_read(live):
    broken = {"content": b"{" * 1_000, "headers": {"Content-Type": "application/json"}}
    assert httpx.post(f"{live.url}/v1/plans", **broken).status_code == 401
    lacking = {**broken, "headers": {**broken["headers"], **bearer(key(live, "plan:read"))}}
    assert httpx.post(f"{live.url}/v1/plans", **lacking).status_code == 403
    assert httpx.get(f"{live.url}/v1/plans?limit=0").status_code == 401
    assert httpx.get(f"{live.url}/v1/plans?limit=1&limit=1").status_code == 401


def test_the_database_does_not_hold_a_key_or_a_secret(live, admin):
    made = admin.post("/v1/api-keys", json={"label": "kept", "scopes": ["plan:read"]}).json()
    hook = admin.post(
        "/v1/webhook-endpoints",
        json={"url": "http://127.0.0.1:1025/x"},
        headers={"Idempotency-Key": "hook"},
    ).json()
    secrets = [made["key"], read_token(made["key"]).secret, hook["secret"], SERVER_KEY]
    for held in dump(live.app.state.database):
        for secret in secrets:
            assert secret not in held
    again = admin.get("/v1/api-keys").text + admin.get(f"/v1/api-keys/{made['id']}").text
    assert read_token(made["key"]).secret not in again


def dump(database):
    """All that a database holds, cell by cell."""
    with database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f"select * from {table.name}")):
                yield from (str(cell) for cell in row)


def test_no_secret_no_body_and_no_price_ends_in_the_log(live, admin):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonLines().format(record))
    handler.setLevel(logging.DEBUG)
    root = logging.getLogger("landbridge")
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        row = {**BATCH, "externalRef": "B-1", "valuePerVehicle": PRICE, "reference": SECRET_NAME}
        made = admin.post("/v1/api-keys", json={"label": SECRET_NAME, "scopes": ["plan:read"]}).json()
        hook = admin.post("/v1/webhook-endpoints", json={"url": "http://127.0.0.1:1025/token-4711"}).json()
        here = admin.post("/v1/batch-sets", json={"name": SECRET_NAME}).headers["location"]
        admin.post(f"{here}/batches", json={"batches": [row]})
        admin.post(f"{here}/batches", json={"batches": [{**row, "vehicles": PRICE}]})
        admin.post(f"{here}/batches", json={"batches": [{**row, SECRET_NAME: PRICE}]})
        admin.post(f"{here}/uploads", content=f"batch_id\n{SECRET_NAME}\n".encode())
        admin.post(f"{here}/close")
        plan = {"batchSetId": here.rpartition("/")[2], "unplannedPrice": PRICE}
        admin.post("/v1/plans", json=plan, headers={"Prefer": "wait=30"})
        httpx.get(f"{live.url}/v1/plans", headers=bearer(made["key"]))
        httpx.get(f"{live.url}/v1/plans", headers=bearer(made["key"][:-1]))
        admin.post(f"/v1/webhook-endpoints/{hook['id']}/test")
        time.sleep(1)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    told = "\n".join(lines)
    assert len(lines) > 12
    for canary in (
        made["key"],
        read_token(made["key"]).secret,
        hook["secret"],
        PRICE,
        SECRET_NAME,
        "token-4711",
    ):
        assert canary not in told
    requests = [json.loads(line) for line in lines if '"message": "request"' in line]
    assert {one["tenant_id"] for one in requests if one["status"] < 400} == {"acme"}
    assert all(one["request_id"] and one["path"] and one["method"] for one in requests)


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A service with low rates."""
    folder = tmp_path_factory.mktemp("strict")
    limits = Limits(
        reads_a_minute=60,
        writes_a_minute=2,
        uploads_a_minute=2,
        plans_a_minute=2,
        burst=3,
        wrong_keys_a_minute=WRONG_A_MINUTE,
    )
    settings = Settings(
        database=f"sqlite:///{folder / 'l.db'}",
        data=folder,
        require_keys=True,
        workers=0,
        limits=limits,
        LANDBRIDGE_SERVER_KEY=SERVER_KEY,
    )
    with Live(settings) as live:
        yield live


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("GET", "/v1/plans", 3),
        ("POST", "/v1/batch-sets", 2),
        ("POST", "/v1/plans", 2),
        ("POST", "/v1/comparisons", 2),
        ("POST", "/v1/networks", 2),
        ("POST", "/v1/batch-sets/set_x/uploads", 2),
        ("POST", "/v1/routes:search", 3),
    ],
)
def test_a_key_may_call_so_often_and_no_more(strict, method, path, most):
    with httpx.Client(base_url=strict.url, headers=bearer(key(strict))) as client:
        statuses = [client.request(method, path).status_code for _ in range(most)]
        assert 429 not in statuses
        over = client.request(method, path)
        assert (over.status_code, over.json()["code"]) == (429, "too-many-requests")
        assert 1 <= int(over.headers["retry-after"]) <= 60
        of_other_kind = ("POST", "/v1/batch-sets/x/close") if most == 3 else ("GET", "/v1/audit")
        assert client.request(*of_other_kind).status_code != 429
    with httpx.Client(base_url=strict.url, headers=bearer(key(strict))) as client:
        assert client.request(method, path).status_code != 429, "each key has its own"


def test_reads_come_back_at_their_rate(strict):
    with httpx.Client(base_url=strict.url, headers=bearer(key(strict))) as client:
        while client.get("/v1/plans").status_code == 200:
            continue
        time.sleep(1.1)
        assert client.get("/v1/plans").status_code == 200


def test_an_address_may_show_so_many_wrong_keys_and_right_ones_stay_good(strict):
    good, unseen = key(strict), key(strict)
    wrong = bearer(make_token().text)
    with httpx.Client(base_url=strict.url) as client:
        assert client.get("/v1/plans", headers=bearer(good)).status_code == 200
        strict.app.state.gate.rates._buckets.clear()
        statuses = [client.get("/v1/plans", headers=wrong).status_code for _ in range(WRONG_A_MINUTE + 2)]
        assert statuses == [401] * WRONG_A_MINUTE + [429] * 2
        over = client.get("/v1/plans", headers=wrong)
        assert int(over.headers["retry-after"]) >= 1
        assert client.get("/v1/plans").status_code == 401, "who shows none guesses none"
        assert client.get("/v1/plans", headers=bearer(good)).status_code == 200, "in use here before"
        assert client.get("/v1/plans", headers=bearer(unseen)).status_code == 429, "not worth a look-up now"
        stolen = read_token(good)
        guess = bearer(make_token().text.replace(make_token().key_id, stolen.key_id))
        assert client.get("/v1/plans", headers=guess).status_code == 429
