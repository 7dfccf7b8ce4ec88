"""The outbox: an event and its deliveries are written with what they tell of, or not at all."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import select, update

from service.store.tables import webhook_endpoints
from service.webhooks import events
from tests.service.webhooks.outbox import (
    TENANT,
    add_endpoint,
    add_event,
    change_endpoint,
    list_deliveries,
    list_events,
)


def test_an_event_has_a_thin_body_and_a_delivery_for_each_endpoint_that_wants_it(database):
    every = add_endpoint(database)
    some = add_endpoint(database, wanted="plan.failed plan.succeeded")
    add_endpoint(database, wanted="plan.failed comparison.succeeded")
    add_endpoint(database, state="disabled")
    add_endpoint(database, state="gone")
    event_id = add_event(database, now_ms=1_804_161_600_000)
    (event,) = list_events(database)
    assert event.event_id == event_id
    assert json.loads(event.body) == {
        "type": "plan.succeeded",
        "timestamp": "2027-03-04T12:00:00.000Z",
        "data": {"planId": "pln_1", "sequence": 1},
    }
    found = list_deliveries(database)
    assert {delivery.endpoint_id for delivery in found} == {every, some}
    assert {(row.event_id, row.state, row.attempts, row.fence) for row in found} == {
        (event_id, "pending", 0, 0)
    }


def test_an_event_is_kept_where_nobody_wants_it_so_that_numbers_have_no_gap(database):
    add_event(database)
    endpoint_id = add_endpoint(database)
    add_event(database)
    assert [event.sequence for event in list_events(database)] == [1, 2]
    assert [delivery.endpoint_id for delivery in list_deliveries(database)] == [endpoint_id]


def test_each_object_has_numbers_of_its_own(database):
    for object_id in ("pln_1", "pln_2", "pln_1", "pln_1", "pln_2"):
        add_event(database, object_id)
    found = [(event.object_id, event.sequence) for event in list_events(database)]
    assert found == [("pln_1", 1), ("pln_1", 2), ("pln_1", 3), ("pln_2", 1), ("pln_2", 2)]


def test_what_is_undone_leaves_no_event(database):
    add_endpoint(database)

    class UndoneError(Exception):
        pass

    def emit_and_fail() -> None:
        with database.write() as connection:
            events.emit(connection, 0, tenant_id=TENANT, event_type="plan.failed", object_id="pln_1", data={})
            raise UndoneError

    with pytest.raises(UndoneError):
        emit_and_fail()
    assert list_events(database) == []
    assert list_deliveries(database) == []


def test_writers_at_one_time_leave_no_gap_and_no_number_twice(database):
    """What changes the object holds its row; here the endpoint's, as a test message does."""
    endpoint_id = add_endpoint(database)

    def send() -> None:
        for _ in range(10):
            with database.write() as connection:
                mine = webhook_endpoints.c.endpoint_id == endpoint_id
                connection.execute(
                    select(webhook_endpoints).where(mine).with_for_update(key_share=True)
                ).one()
                events.emit(
                    connection, 0, tenant_id=TENANT, event_type=events.TEST, object_id=endpoint_id, data={}
                )

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.sequence for event in list_events(database)] == list(range(1, 41))
    assert len(list_deliveries(database)) == 40


def test_an_endpoint_that_is_deleted_at_the_same_time_does_not_undo_the_change(database):
    add_endpoint(database)
    gone = add_endpoint(database)
    with database.write() as connection:
        connection.execute(webhook_endpoints.delete().where(webhook_endpoints.c.endpoint_id == gone))
        finished = threading.Event()

        def end_a_plan() -> None:
            add_event(database)
            finished.set()

        thread = threading.Thread(target=end_a_plan)
        thread.start()
        assert not finished.wait(0.3)
    thread.join()
    assert finished.is_set()
    assert len(list_deliveries(database)) == 1


def test_a_body_of_the_greatest_size_is_taken_and_one_byte_more_is_a_fault_of_ours(database):
    def emit_with(reference: str) -> None:
        with database.write() as connection:
            events.emit(
                connection,
                0,
                tenant_id=TENANT,
                event_type="plan.failed",
                object_id="pln_1",
                data={"externalRef": reference},
            )

    emit_with("")
    (event,) = list_events(database)
    most = "x" * (events.MOST_BODY_BYTES - len(event.body))
    emit_with(most)
    assert len(list_events(database)[1].body) == events.MOST_BODY_BYTES == 20_000
    with pytest.raises(ValueError, match="above 20000 bytes"):
        emit_with(most + "x")
    assert len(list_events(database)) == 2


def test_disabled_endpoints_keep_what_waits(database):
    endpoint_id = add_endpoint(database)
    add_event(database)
    change_endpoint(database, endpoint_id, state="disabled")
    add_event(database)
    assert len(list_deliveries(database)) == 1
    with database.write() as connection:
        connection.execute(update(webhook_endpoints).values(state="enabled"))
    add_event(database)
    assert len(list_deliveries(database)) == 2
