"""Jobs are claimed once each, in turn over tenants, and an end counts only under the number of the claim."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from service.jobs import queue, results
from service.jobs.queue import CANCELLED, FAILED, QUEUED, RUNNING, SUCCEEDED, Failure
from service.store.problems import problem_of
from service.store.tables import events, jobs
from tests.service.jobs.put import TENANTS, claim, claim_in, claimed, job, lose, put, put_many, put_plan


def finish(database, held, state=SUCCEEDED):
    with database.write() as connection:
        return queue.finish(connection, held, database.now_ms(connection), state)


def give_back(database, held, *, is_counted):
    with database.write() as connection:
        return results.give_back(connection, held, database.now_ms(connection), is_counted=is_counted)


def hold(database, held):
    with database.write() as connection:
        until = database.steady_ms(database.now_ms(connection)) + 1
        return queue.hold(connection, held, lease_until_ms=until, progress=None)


def cancel(database, job_id="pln_1"):
    with database.write() as connection:
        return queue.request_cancel(connection, "anna", job_id, database.now_ms(connection))[0]


def num_events(database):
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(events)).scalar_one()


def test_the_oldest_job_of_the_tenant_that_waited_longest_is_next(database):
    for number in (2, 1):
        put(database, f"pln_a{number}", "anna", now_ms=number)
    put(database, "pln_b", "boris", now_ms=9)
    order = [claim(database, most_running=5).job_id for _ in range(3)]
    assert order == ["pln_a1", "pln_b", "pln_a2"]
    assert claim(database) is None


def test_a_tenant_runs_no_more_at_once_than_it_may(database):
    for number in range(3):
        put(database, f"pln_{number}", now_ms=number)
    first = claim(database, most_running=1)
    assert claim(database, most_running=1) is None
    assert finish(database, first)
    assert claim(database, most_running=1).job_id == "pln_1"


def test_each_claim_has_a_number_of_its_own(database):
    first = claimed(database)
    give_back(database, first, is_counted=True)
    second = claim(database, "wrk_2")
    assert (second.fence, second.attempt) == (first.fence + 1, 2)
    assert not finish(database, first)
    assert not hold(database, first)
    assert give_back(database, first, is_counted=True) is None
    assert job(database).state == RUNNING
    assert finish(database, second)
    assert not finish(database, second, FAILED)
    assert job(database).state == SUCCEEDED


def test_an_attempt_that_was_cut_short_by_us_does_not_count(database):
    held = claimed(database)
    assert give_back(database, held, is_counted=False) == QUEUED
    assert job(database).attempts == 0
    assert claim(database).attempt == 1


def test_a_cancelled_job_does_not_go_back_into_the_queue(database):
    held = claimed(database)
    assert cancel(database) == RUNNING
    assert give_back(database, held, is_counted=False) == CANCELLED
    assert job(database).finished_ms is not None
    assert num_events(database) == 1
    assert claim(database) is None


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(database):
    put(database, "pln_1")
    assert cancel(database) == CANCELLED
    held = claimed(database, "pln_2")
    version = job(database, "pln_2").version
    assert [cancel(database, "pln_2"), cancel(database, "pln_2")] == [RUNNING, RUNNING]
    assert job(database, "pln_2").version == version + 1
    with database.read() as connection:
        assert queue.is_cancel_requested(connection, held)
    assert finish(database, held)
    assert cancel(database, "pln_2") == SUCCEEDED
    assert cancel(database, "pln_3") is None


def test_only_what_a_wish_to_stop_has_changed_is_told(database):
    def versions(job_id):
        with database.write() as connection:
            return queue.request_cancel(connection, "anna", job_id, 9)

    put(database, "pln_1")
    assert [versions("pln_1"), versions("pln_1")] == [(CANCELLED, 1), (CANCELLED, None)]
    claimed(database, "pln_2")
    assert [versions("pln_2"), versions("pln_2")] == [(RUNNING, 2), (RUNNING, None)]


def test_two_calls_that_meet_on_one_name_are_told_that_it_is_taken(database):
    put_plan(database, "night", "pln_1")
    with pytest.raises(IntegrityError) as met:
        put_plan(database, "night", "pln_2")
    assert problem_of(met.value, "").code == "duplicate-reference"
    with pytest.raises(IntegrityError) as met:
        put(database, "pln_1")
    assert problem_of(met.value, "").code == "conflict"


def test_an_end_that_comes_late_stores_nothing_and_tells_nobody(database):
    held = claimed(database)
    give_back(database, held, is_counted=True)
    with database.write() as connection:
        assert not results.end_without(connection, held, 5, FAILED, Failure("time", "too late"))
    assert (job(database).state, job(database).failure) == (QUEUED, None)
    assert num_events(database) == 0


def test_many_threads_claim_each_job_once_and_keep_to_the_most_of_a_tenant(database):
    names = [f"pln_{number:03}" for number in range(200)]
    for start, tenant_id in enumerate(TENANTS):
        put_many(database, names[start::4], tenant_id=tenant_id)
    begun: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def work(worker_id):
        idle = 0
        while idle < 50:
            with database.write() as connection:
                held = claim_in(connection, database, worker_id)
            if held is None:
                idle += 1
                continue
            idle = 0
            with database.read() as connection:
                mine = (jobs.c.tenant_id == held.tenant_id, jobs.c.state == RUNNING)
                running = connection.execute(select(func.count()).select_from(jobs).where(*mine)).scalar_one()
            with lock:
                begun[held.job_id] += 1
                most[held.tenant_id] = max(most[held.tenant_id], running)
            assert finish(database, held)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [f"wrk_{number}" for number in range(8)]))
    assert sorted(begun) == names
    assert set(begun.values()) == {1}
    assert max(most.values()) <= 2


def test_no_more_jobs_of_a_tenant_wait_than_may_however_many_are_added_at_once(database):
    def add(number):
        with database.write() as connection:
            if queue.count_queued(connection, "anna") >= 10:
                return False
            queue.put(
                connection, "anna", f"pln_{number}", queue.PLAN, 1, time_limit_s=60, memory_limit_mb=1_000
            )
            return True

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(40)))
    assert sum(added) == 10


@pytest.mark.parametrize("act", [finish, hold])
def test_a_lost_claim_is_good_until_it_is_taken_away(database, act):
    held = claimed(database)
    lose(database, "pln_1")
    assert act(database, held)
