"""Two sessions of PostgreSQL: one is in the middle of something when the other comes."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import select

from service.jobs import lost, queue
from service.jobs.queue import CANCELLED, QUEUED, RUNNING, SUCCEEDED
from service.store import database as store
from service.store.database import Database, is_away
from service.store.tables import tenants
from service.store.upgrade import make_ready
from tests.service.jobs.put import claim, claim_in, claimed, job, lose, put

SOON_S = 0.3


@pytest.fixture(scope="module")
def database_url(postgres):
    return postgres.make_database()


@pytest.fixture
def other():
    with ThreadPoolExecutor(1) as pool:
        yield pool


def is_waiting(answer: Future) -> bool:
    time.sleep(SOON_S)
    return not answer.done()


def cancel(database):
    with database.write() as connection:
        return queue.request_cancel(connection, "anna", "pln_1", 9)[0]


def finish(database, held):
    with database.write() as connection:
        return queue.finish(connection, held, 9, SUCCEEDED)


def hold(database, held):
    with database.write() as connection:
        until = database.now_ms(connection) + 60_000
        return queue.hold(connection, held, lease_until_ms=until, progress=None)


def reap_in(connection, database):
    now_ms = database.now_ms(connection)
    page = lost.list_page(connection, now_ms, None, None)
    return [lost.take_back(connection, one, now_ms, max_attempts=3) for one in page]


def reap(database):
    with database.write() as connection:
        return reap_in(connection, database)


def test_who_claims_meanwhile_takes_the_job_of_another_tenant(database):
    put(database, "pln_1", "anna", now_ms=1)
    put(database, "pln_2", "anna", now_ms=2)
    put(database, "pln_3", "boris", now_ms=3)
    with database.write() as first:
        assert claim_in(first, database, "wrk_1").job_id == "pln_1"
        assert claim(database, "wrk_2").job_id == "pln_3"
        assert claim(database, "wrk_3") is None
    assert claim(database, "wrk_3").job_id == "pln_2"


def test_a_claim_that_is_undone_leaves_the_job_to_others(database):
    put(database, "pln_1")

    def fail():
        with database.write() as first:
            claim_in(first, database, "wrk_1")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    assert claim(database, "wrk_2").fence == 1


def test_who_cancels_while_a_job_is_claimed_asks_the_one_who_claims(database, other):
    put(database, "pln_1")
    with database.write() as first:
        claim_in(first, database, "wrk_1")
        answer = other.submit(cancel, database)
        assert is_waiting(answer)
    assert answer.result(10) == RUNNING
    assert (job(database).state, job(database).cancel_requested) == (RUNNING, 1)


def test_who_claims_while_a_job_is_cancelled_passes_it_over(database):
    put(database, "pln_1")
    with database.write() as first:
        assert queue.request_cancel(first, "anna", "pln_1", 9)[0] == CANCELLED
        assert claim(database) is None
    assert claim(database) is None


@pytest.mark.parametrize("is_counted", [True, False])
def test_who_cancels_while_a_job_goes_back_finds_it_there(database, other, is_counted):
    held = claimed(database)
    with database.write() as first:
        assert queue.give_back(first, held, 9, is_counted=is_counted) == QUEUED
        answer = other.submit(cancel, database)
        assert is_waiting(answer)
    assert answer.result(10) == CANCELLED
    assert job(database).state == CANCELLED


@pytest.mark.parametrize("act", [finish, hold])
def test_who_comes_late_while_the_job_is_taken_away_is_too_late(database, other, act):
    held = claimed(database)
    lose(database, "pln_1")
    with database.write() as first:
        assert reap_in(first, database) == [QUEUED]
        answer = other.submit(act, database, held)
        assert is_waiting(answer)
    assert answer.result(10) is False
    assert job(database).state == QUEUED


@pytest.mark.parametrize(("act", "after"), [("finish", SUCCEEDED), ("hold", RUNNING)])
def test_a_job_whose_worker_is_just_back_is_not_taken_away(database, act, after):
    held = claimed(database)
    lose(database, "pln_1")
    with database.write() as first:
        if act == "finish":
            assert queue.finish(first, held, 9, SUCCEEDED)
        else:
            assert queue.hold(first, held, lease_until_ms=database.now_ms(first) + 60_000, progress=None)
        assert reap(database) == []
    assert reap(database) == []
    assert job(database).state == after


def test_two_reapers_take_each_job_away_once(database):
    held = claimed(database)
    lose(database, "pln_1")
    with database.write() as first:
        assert reap_in(first, database) == [QUEUED]
        assert reap(database) == []
    assert job(database).fence == held.fence + 1


def test_a_process_that_is_paused_in_a_transaction_does_not_hold_up_the_others(
    database, database_url, monkeypatch
):
    put(database, "pln_1")
    monkeypatch.setattr(store, "PAUSED_S", 1.0)
    paused = Database(database_url)
    with pytest.raises(store.REACHED_NOT) as caught, paused.write() as first:  # noqa: PT012
        claim_in(first, paused, "wrk_paused")
        time.sleep(2)
        assert claim(database, "wrk_2").job_id == "pln_1"
        first.execute(select(tenants.c.tenant_id))
    assert is_away(caught.value)
    assert job(database).worker_id == "wrk_2"
    with paused.read() as again:
        assert again.execute(select(tenants.c.tenant_id)).first() is not None
    paused.close()


def test_processes_that_start_together_make_the_tables_once(postgres):
    url = postgres.make_database()
    databases = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make_ready, databases))
    for one in databases:
        one.close()
