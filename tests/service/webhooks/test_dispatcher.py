"""The dispatcher, against receivers that answer, fail, hang, or are gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.store.database import Database
from service.webhooks import claims, dispatcher
from service.webhooks.addresses import AddressRules
from service.webhooks.dispatcher import Dispatcher, Pace
from service.webhooks.guard import Guard
from service.webhooks.sender import SendLimits
from service.webhooks.signing import secret_of
from tests.service.webhooks.outbox import SERVER_KEY, add_endpoint, add_event, list_deliveries
from tests.service.webhooks.receivers import Receiver
from tests.waiting import wait_until


@contextmanager
def dispatching(database: Database, deadline_s: float = 5, wait_scale: float = 0.02) -> Iterator[Dispatcher]:
    pace = Pace(limits=SendLimits(deadline_s=deadline_s), wait_scale=wait_scale)
    running = Dispatcher(database, SERVER_KEY, Guard(AddressRules(allow_loopback=True)), pace)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def is_all(database: Database, state: str) -> bool:
    return {row.state for row in list_deliveries(database)} == {state}


def test_an_event_is_sent_signed_and_recorded(database):
    with Receiver() as receiver, dispatching(database):
        endpoint_id = add_endpoint(database, receiver.url)
        event_id = add_event(database)
        wait_until(lambda: is_all(database, "delivered"))
    (message,) = receiver.messages
    assert message.id == event_id
    assert message.headers["content-type"] == "application/json"
    assert message.headers["user-agent"].startswith("landbridge/")
    told = Webhook(secret_of(SERVER_KEY, endpoint_id, 1)).verify(message.body, message.headers)
    assert told["data"] == {"planId": "pln_1", "sequence": 1}
    (row,) = list_deliveries(database)
    assert (row.attempts, row.status_code, row.error) == (1, 200, None)


def test_a_message_that_failed_comes_again_with_its_id_and_a_fresh_time(database):
    with Receiver(lambda _message: 503 if len(receiver.messages) < 3 else 200) as receiver:
        endpoint_id = add_endpoint(database, receiver.url)
        event_id = add_event(database)
        with dispatching(database, wait_scale=0.004):
            wait_until(lambda: is_all(database, "delivered"))
    assert receiver.ids == [event_id] * 3
    assert len({message.body for message in receiver.messages}) == 1
    for message in receiver.messages:
        Webhook(secret_of(SERVER_KEY, endpoint_id, 1)).verify(message.body, message.headers)
    (row,) = list_deliveries(database)
    assert (row.attempts, row.status_code, row.error) == (3, 200, None)


def test_a_message_that_always_fails_is_given_up_after_ten_tries(database):
    with Receiver(lambda _message: 500) as receiver, dispatching(database, wait_scale=0.000_001):
        add_endpoint(database, receiver.url)
        event_id = add_event(database)
        wait_until(lambda: is_all(database, "failed"))
    assert receiver.ids == [event_id] * 10
    (row,) = list_deliveries(database)
    assert (row.attempts, row.status_code, row.error) == (10, 500, "answered 500")


def test_after_a_rotation_both_secrets_verify(database):
    with Receiver() as receiver, dispatching(database):
        with database.read() as connection:
            now_ms = database.now_ms(connection)
        rotated = add_endpoint(database, receiver.url, secret_number=3, rotated_ms=now_ms)
        add_event(database)
        wait_until(lambda: is_all(database, "delivered"))
    (message,) = receiver.messages
    for number in (3, 2):
        Webhook(secret_of(SERVER_KEY, rotated, number)).verify(message.body, message.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(SERVER_KEY, rotated, 1)).verify(message.body, message.headers)


def test_a_receiver_that_is_gone_is_left_alone(database):
    with Receiver(lambda _message: 410) as receiver:
        add_endpoint(database, receiver.url)
        for number in range(20):
            add_event(database, f"pln_{number}")
        with dispatching(database):
            wait_until(lambda: len(list_deliveries(database, state="failed")) == 4)
        add_event(database, "pln_20")
    assert len(receiver.messages) == 4
    assert len(list_deliveries(database, state="pending")) == 16


def test_a_receiver_that_hangs_delays_no_other(database):
    release = threading.Event()
    with (
        Receiver(lambda _message: 200 if release.wait(20) else 500) as hanging,
        Receiver() as quick,
        dispatching(database, deadline_s=20),
    ):
        add_endpoint(database, hanging.url)
        for number in range(10):
            add_event(database, f"pln_{number}")
        wait_until(lambda: len(hanging.messages) == 4)
        well = add_endpoint(database, quick.url)
        for number in range(10, 40):
            add_event(database, f"pln_{number}")
        wait_until(lambda: len(quick.messages) == 30)
        wait_until(lambda: len(list_deliveries(database, endpoint_id=well, state="delivered")) == 30)
        assert len(hanging.messages) == 4
        release.set()
        wait_until(lambda: is_all(database, "delivered"))


def test_what_a_dead_process_held_is_sent_once_its_lease_has_run_out(database):
    with Receiver() as receiver:
        add_endpoint(database, receiver.url)
        event_id = add_event(database)
        with database.write() as connection:
            now_ms = database.now_ms(connection)
            (lost,) = claims.claim(connection, now_ms, lease_ms=1_000, parallel=4, most=10)
        with dispatching(database):
            wait_until(lambda: is_all(database, "delivered"))
    assert receiver.ids == [event_id]
    (row,) = list_deliveries(database)
    assert row.fence == lost.fence + 1
    assert row.delivered_ms >= now_ms + 1_000


def test_two_dispatchers_send_nothing_twice(database):
    with Receiver() as receiver, dispatching(database), dispatching(database):
        add_endpoint(database, receiver.url)
        ids = [add_event(database, f"pln_{number}") for number in range(60)]
        wait_until(lambda: is_all(database, "delivered"))
    assert sorted(receiver.ids) == sorted(ids)


def test_what_is_under_way_when_the_service_stops_is_given_back(database, monkeypatch):
    monkeypatch.setattr(dispatcher, "GRACE_S", 0.1)
    release = threading.Event()
    with Receiver(lambda _message: 200 if release.wait(20) else 500) as receiver:
        add_endpoint(database, receiver.url)
        add_event(database)
        with dispatching(database, deadline_s=20):
            wait_until(lambda: len(receiver.messages) == 1)
        release.set()
        (row,) = list_deliveries(database)
        assert (row.state, row.attempts) == ("pending", 0)


def test_an_address_that_is_not_allowed_any_more_is_not_connected_to(database):
    """The check at registration is over; at every try there is another one."""
    with Receiver() as canary, dispatching(database):
        port = canary.url.partition("127.0.0.1:")[2]
        for host in ("0.0.0.0", "[::ffff:127.0.0.1]", "[::]"):
            add_endpoint(database, f"http://{host}:{port}")
        add_event(database)
        wait_until(lambda: {row.attempts for row in list_deliveries(database)} == {1})
        assert canary.messages == []
    errors = {row.error for row in list_deliveries(database)}
    assert errors == {"leads to no address that webhooks may be sent to"}


def test_a_database_that_is_away_for_a_while_delays_and_loses_nothing(database, monkeypatch):
    monkeypatch.setattr("service.store.database.BUSY_S", 0.1)
    with Receiver() as receiver:
        add_endpoint(database, receiver.url)
        event_id = add_event(database)
        with dispatching(database):
            wait_until(lambda: len(receiver.messages) == 1)
            with database.write():
                threading.Event().wait(0.5)
            wait_until(lambda: is_all(database, "delivered"))
    assert receiver.ids == [event_id]


def test_a_fault_of_ours_is_logged_and_counts_as_a_try(database, caplog, monkeypatch):
    def broken(*_arguments: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(dispatcher, "secret_of", broken)
    with Receiver() as receiver, dispatching(database):
        add_endpoint(database, receiver.url)
        add_event(database)
        wait_until(lambda: [row.attempts for row in list_deliveries(database)] >= [1])
    (row,) = list_deliveries(database)
    assert row.error == "could not be sent: a fault of the service"
    assert "ZeroDivisionError" in caplog.text
