"""Calls that are repeated, made at once, or cut up into pages; on both databases."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.settings import Settings
from service.store.tables import audit, batch_sets, plans
from tests.faults.prepared import BATCH
from tests.faults.world import World

AT_ONCE = 8
NUM_BATCHES = 250


@pytest.fixture(scope="module")
def settings(database_url, copied_child, tmp_path_factory):
    return Settings(
        database=database_url,
        data=tmp_path_factory.mktemp("data"),
        child_program=copied_child,
        workers=1,
        LANDBRIDGE_SERVER_KEY="a server key for tests only, 32 bytes or more",
    )


def at_once(call, number=AT_ONCE):
    """What the same call answers to several threads that begin together."""
    together = threading.Barrier(number)

    def wait_and_call(which):
        together.wait()
        return call(which)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(wait_and_call, range(number)))


def count(live, table):
    with live.app.state.database.read() as connection:
        return len(connection.execute(table.select()).all())


def test_one_call_in_eight_threads_has_one_effect_and_one_answer(client, live):
    before, noted = count(live, batch_sets), count(live, audit)
    headers = {"Idempotency-Key": "together"}
    answers = at_once(lambda _: client.post("/v1/batch-sets", json={"name": "x"}, headers=headers))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    assert (count(live, batch_sets), count(live, audit)) == (before + 1, noted + 1)


def test_one_plan_in_eight_threads_is_one_plan(client, live):
    closed = World(client).closed_set()
    before = count(live, plans)
    headers = {"Idempotency-Key": "one plan"}
    answers = at_once(lambda _: client.post("/v1/plans", json={"batchSetId": closed}, headers=headers))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(live, plans) == before + 1
    waited = client.post("/v1/plans", json={"batchSetId": closed}, headers=headers | {"Prefer": "wait=30"})
    assert (waited.status_code, waited.json()["id"]) == (200, answers[0].json()["id"])
    assert waited.headers["idempotency-replayed"] == "true"
    assert waited.headers["preference-applied"] == "wait=30"
    assert "retry-after" not in waited.headers
    assert waited.json()["state"] == "succeeded"


def test_a_reference_in_eight_threads_is_taken_once(client):
    closed = World(client).closed_set()
    bodies = {
        "/v1/batch-sets": {"externalRef": "night-7"},
        "/v1/plans": {"externalRef": "night-7", "batchSetId": closed},
        "/v1/comparisons": {"externalRef": "night-7", "batchSetId": closed, "only": ["rail"]},
    }
    for path, body in bodies.items():
        answers = at_once(lambda _, path=path, body=body: client.post(path, json=body))
        assert sorted(answer.status_code for answer in answers)[1:] == [409] * (AT_ONCE - 1)
        assert answers[0].status_code in (201, 202, 409)
        assert {a.json()["code"] for a in answers if a.status_code == 409} <= {
            "duplicate-reference",
            "conflict",
        }
        assert len(client.get(path, params={"externalRef": "night-7"}).json()["items"]) == 1


def test_sets_that_are_deleted_while_they_are_planned_are_one_or_the_other(client):
    world = World(client)
    for _ in range(4):
        closed = world.closed_set()

        def call(which, closed=closed):
            if which % 2:
                return client.delete(f"/v1/batch-sets/{closed}", headers={"If-Match": "*"})
            return client.post("/v1/plans", json={"batchSetId": closed})

        answers = at_once(call, 4)
        is_gone = client.get(f"/v1/batch-sets/{closed}").status_code == 404
        statuses = {answer.status_code for answer in answers}
        assert statuses <= {202, 204, 404, 409}, [answer.text for answer in answers]
        assert (204 in statuses) == is_gone
        assert (202 in statuses) != is_gone


def test_an_edit_is_lost_to_nobody(client):
    here = client.post("/v1/batch-sets", json={"name": "0"}).headers["location"]
    won = []

    def edit(which):
        for _ in range(6):
            seen = client.get(here)
            answer = client.patch(
                here, json={"name": f"by {which}"}, headers={"If-Match": seen.headers["etag"]}
            )
            assert answer.status_code in (200, 412)
            if answer.status_code == 200:
                won.append(answer.json()["version"])

    at_once(edit, 4)
    assert client.get(here).json()["version"] == 1 + len(won)
    assert sorted(won) == list(range(2, 2 + len(won)))


@pytest.mark.parametrize(
    ("key", "status"),
    [("k" * 255, 201), ("k" * 256, 422), ("", 422), ("a b", 201), ("é", 422), ("\x7f", 422)],
)
def test_a_key_of_repetition_is_printable_and_not_too_long(client, key, status):
    answer = client.post("/v1/batch-sets", json={}, headers={"Idempotency-Key": key.encode("latin-1")})
    assert answer.status_code == status


def test_a_key_counts_for_one_request(client):
    headers = {"Idempotency-Key": "mine"}
    first = client.post("/v1/batch-sets", json={"name": "a"}, headers=headers)
    for other in (
        client.post("/v1/batch-sets", json={"name": "b"}, headers=headers),
        client.post(
            "/v1/batch-sets", content=b'{"name": "a"}', headers=headers | {"Content-Type": "application/json"}
        ),
        client.post("/v1/batch-sets?x=1", json={"name": "a"}, headers=headers),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    again = client.post("/v1/batch-sets", json={"name": "a"}, headers=headers)
    assert again.content == first.content
    elsewhere = client.post(f"{first.headers['location']}/close", headers=headers)
    assert elsewhere.json()["code"] == "conflict", "an empty set can't be closed"
    client.post(f"{first.headers['location']}/batches", json={"batches": [BATCH]})
    assert client.post(f"{first.headers['location']}/close", headers=headers).status_code == 200, (
        "what was refused is not kept"
    )


def test_a_key_that_is_shown_once_can_not_be_repeated(client):
    body = {"label": "x", "scopes": ["plan:read"]}
    answer = client.post("/v1/api-keys", json=body, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


@pytest.fixture(scope="module")
def full_set(client):
    return f"/v1/batch-sets/{World(client).open_set(num_batches=NUM_BATCHES)}"


def walk(client, path, **params):
    """Pages of a list, by its links, to the end."""
    answer = client.get(path, params=params)
    while True:
        assert answer.status_code == 200, answer.text
        yield answer.json()["items"]
        cursor = answer.json()["nextCursor"]
        if cursor is None:
            assert "link" not in answer.headers
            assert "next-page-cursor" not in answer.headers
            return
        assert answer.headers["next-page-cursor"] == cursor
        address, _, relation = answer.headers["link"].partition(">; ")
        assert relation == 'rel="next"'
        answer = client.get(address.removeprefix("<"))


def test_a_walk_to_the_end_finds_each_batch_once_whatever_is_put_meanwhile(client, full_set):
    found, pages = [], 0
    for items in walk(client, f"{full_set}/batches", limit=17):
        found += [item["externalRef"] for item in items]
        row = {**BATCH, "externalRef": f"NEW-{pages}"}
        client.put(f"{full_set}/batches/NEW-{pages}", json=row)
        client.put(f"{full_set}/batches/B-001", json={**BATCH, "externalRef": "B-001", "vehicles": pages + 2})
        pages += 1
    assert pages > NUM_BATCHES // 17
    assert len(found) == len(set(found))
    there_before = [BATCH["externalRef"], *(f"B-{number:03}" for number in range(1, NUM_BATCHES))]
    assert [ref for ref in found if not ref.startswith("NEW")] == there_before


def test_a_list_with_the_newest_first_shows_each_once_whatever_comes_meanwhile(client):
    before = [client.post("/v1/batch-sets", json={}).json()["id"] for _ in range(12)]
    found = []
    for items in walk(client, "/v1/batch-sets", limit=5, state="open"):
        found += [item["id"] for item in items]
        client.post("/v1/batch-sets", json={})
    assert len(found) == len(set(found))
    assert [one for one in found if one in before] == before[::-1]


def test_a_cursor_is_good_for_its_own_list_alone_and_can_not_be_made_up(client, full_set):
    path = f"{full_set}/batches"
    cursor = client.get(path, params={"limit": 3}).json()["nextCursor"]
    assert client.get(path, params={"limit": 9, "cursor": cursor}).status_code == 200, "of any size"
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    tampered = [
        cursor[:-1],
        cursor + "A",
        cursor.swapcase(),
        base64.urlsafe_b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode().rstrip("="),
        base64.urlsafe_b64encode(bytes([raw[0] ^ 1]) + raw[1:]).decode().rstrip("="),
        base64.urlsafe_b64encode(b"\0" * 12 + b"[1]").decode().rstrip("="),
    ]
    for one in tampered:
        answer = client.get(path, params={"cursor": one})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor"), one
    for other in ("/v1/batch-sets", "/v1/plans", f"{full_set}/uploads"):
        assert client.get(other, params={"cursor": cursor}).json()["code"] == "bad-cursor"
    filtered = client.get("/v1/batch-sets", params={"limit": 1, "state": "open"}).json()["nextCursor"]
    assert (
        client.get("/v1/batch-sets", params={"limit": 1, "cursor": filtered}).json()["code"] == "bad-cursor"
    )
