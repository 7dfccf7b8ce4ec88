"""Claims: who may send what, and for how long."""

from __future__ import annotations

import threading

import pytest

from service.webhooks import claims
from service.webhooks.claims import Claim
from service.webhooks.outcome import Outcome
from tests.service.webhooks.outbox import add_endpoint, add_event, change_endpoint, list_deliveries

LEASE_MS = 30_000
OK = Outcome(status=200, error="", seconds=0.1)
BROKEN = Outcome(status=500, error="answered 500", seconds=0.1)
GONE = Outcome(status=410, error="answered 410: the receiver is gone", seconds=0.1)


def claim(database, now_ms: int = 0, *, parallel: int = 4, most: int = 100) -> list[Claim]:
    with database.read() as connection:
        is_due = claims.is_any_due(connection, now_ms, parallel=parallel)
    with database.write() as connection:
        found = claims.claim(connection, now_ms, lease_ms=LEASE_MS, parallel=parallel, most=most)
    assert is_due == bool(found)
    return found


def record(database, held: Claim, outcome: Outcome, now_ms: int, wait_s: float | None = 5) -> bool:
    with database.write() as connection:
        claims.hold_endpoints(connection, [held])
        return claims.record(connection, held, outcome, now_ms, wait_s=wait_s)


def test_a_claim_has_all_that_a_try_needs(database):
    endpoint_id = add_endpoint(database, "https://erp.example/in", secret_number=3, rotated_ms=7)
    event_id = add_event(database)
    (held,) = claim(database)
    assert (held.endpoint_id, held.event_id, held.url) == (endpoint_id, event_id, "https://erp.example/in")
    assert (held.secret_number, held.rotated_ms, held.attempts, held.fence) == (3, 7, 0, 1)
    assert '"plan.succeeded"' in held.body
    (row,) = list_deliveries(database)
    assert (row.state, row.next_ms) == ("sending", LEASE_MS)


def test_what_is_claimed_is_not_claimed_again_before_its_lease_runs_out(database):
    add_endpoint(database)
    add_event(database)
    (first,) = claim(database)
    assert claim(database, LEASE_MS - 1) == []
    (second,) = claim(database, LEASE_MS)
    assert (second.delivery_id, second.fence) == (first.delivery_id, 2)


def test_a_late_outcome_is_not_recorded(database):
    add_endpoint(database)
    add_event(database)
    (first,) = claim(database)
    (second,) = claim(database, LEASE_MS)
    assert not record(database, first, OK, LEASE_MS + 1)
    assert record(database, second, BROKEN, LEASE_MS + 2)
    (row,) = list_deliveries(database)
    assert (row.state, row.attempts, row.status_code) == ("pending", 1, 500)


def test_an_outcome_is_recorded_once(database):
    add_endpoint(database)
    add_event(database)
    (held,) = claim(database)
    assert record(database, held, OK, 10)
    assert not record(database, held, BROKEN, 11)
    (row,) = list_deliveries(database)
    assert (row.state, row.attempts, row.status_code, row.error) == ("delivered", 1, 200, None)
    assert (row.delivered_ms, row.tried_ms, row.next_ms) == (10, 10, None)
    assert claim(database, 10**9) == []


def test_a_failed_try_waits_and_the_last_one_fails_for_good(database):
    add_endpoint(database)
    add_event(database)
    (held,) = claim(database)
    record(database, held, BROKEN, 1_000, wait_s=5)
    assert claim(database, 5_999) == []
    (held,) = claim(database, 6_000)
    assert held.attempts == 1
    record(database, held, BROKEN, 7_000, wait_s=None)
    (row,) = list_deliveries(database)
    assert (row.state, row.attempts, row.error, row.next_ms) == ("failed", 2, "answered 500", None)


def test_what_is_given_back_is_due_at_once_and_no_try_is_counted(database):
    add_endpoint(database)
    add_event(database)
    (held,) = claim(database)
    with database.write() as connection:
        assert claims.release(connection, held, 5)
        assert not claims.release(connection, held, 5)
    (again,) = claim(database, 5)
    assert (again.attempts, again.fence) == (0, 2)


def test_of_an_endpoint_only_so_many_are_under_way_and_others_are_not_held_up(database):
    hanging = add_endpoint(database)
    for number in range(9):
        add_event(database, f"pln_{number}")
    assert [held.endpoint_id for held in claim(database)] == [hanging] * 4
    assert claim(database, 1) == []
    other = add_endpoint(database)
    add_event(database, "pln_9", now_ms=2)
    assert [held.endpoint_id for held in claim(database, 2)] == [other]


def test_places_go_to_endpoints_with_the_fewest_under_way(database):
    busy, idle = add_endpoint(database, endpoint_id="hook_a"), add_endpoint(database, endpoint_id="hook_b")
    change_endpoint(database, idle, state="disabled")
    for number in range(3):
        add_event(database, f"pln_{number}")
    assert len(claim(database, most=2)) == 2
    change_endpoint(database, idle, state="enabled")
    add_event(database, "pln_9")
    assert [held.endpoint_id for held in claim(database, most=2)] == [idle, busy]


def test_older_ones_are_claimed_first(database):
    add_endpoint(database)
    ids = [add_event(database, f"pln_{number}", now_ms=number) for number in range(6)]
    assert [held.event_id for held in claim(database, 10)] == ids[:4]


@pytest.mark.parametrize("state", ["disabled", "gone"])
def test_an_endpoint_that_is_not_enabled_is_sent_nothing(database, state):
    endpoint_id = add_endpoint(database)
    add_event(database)
    change_endpoint(database, endpoint_id, state=state)
    assert claim(database) == []
    change_endpoint(database, endpoint_id, state="enabled")
    assert len(claim(database)) == 1


def test_a_receiver_that_is_gone_is_sent_nothing_more(database):
    add_endpoint(database)
    for number in range(6):
        add_event(database, f"pln_{number}")
    held = claim(database)
    assert record(database, held[0], GONE, 1)
    with database.write() as connection:
        assert claims.close_endpoint(connection, held[0])
        assert not claims.close_endpoint(connection, held[0])
    assert record(database, held[1], OK, 2)
    assert claim(database, 10**9) == []
    states = sorted(row.state for row in list_deliveries(database))
    assert states == ["delivered", "failed", "pending", "pending", "sending", "sending"]


def test_an_endpoint_that_has_another_url_meanwhile_is_not_closed(database):
    endpoint_id = add_endpoint(database)
    add_event(database)
    (held,) = claim(database)
    change_endpoint(database, endpoint_id, url="https://other.example/")
    with database.write() as connection:
        assert not claims.close_endpoint(connection, held)


def test_an_outcome_of_a_deleted_endpoint_is_late(database):
    endpoint_id = add_endpoint(database)
    add_event(database)
    (held,) = claim(database)
    with database.write() as connection:
        connection.exec_driver_sql(f"delete from webhook_endpoints where endpoint_id = '{endpoint_id}'")
    assert not record(database, held, OK, 1)


def test_claimers_at_one_time_never_hold_the_same(database):
    for number in range(3):
        add_endpoint(database, f"https://erp{number}.example/")
    for number in range(20):
        add_event(database, f"pln_{number}")
    held: list[Claim] = []

    def work() -> None:
        while True:
            with database.write() as connection:
                mine = claims.claim(connection, 0, lease_ms=LEASE_MS, parallel=4, most=2)
            with database.read() as connection:
                if not mine and not claims.is_any_due(connection, 0, parallel=4):
                    return
            held.extend(mine)
            for one in mine:
                assert record(database, one, OK, 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(one.delivery_id, one.fence) for one in held}) == len(held) == 60
    assert {row.state for row in list_deliveries(database)} == {"delivered"}
