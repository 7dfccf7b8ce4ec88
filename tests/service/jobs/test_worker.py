"""A worker ends each job by name, whatever it meets, and lives on."""

from __future__ import annotations

import json
import time

import pytest
from sqlalchemy import func, select

from service.health.metrics import Metrics
from service.jobs import queue
from service.jobs.queue import CANCELLED, FAILED, QUEUED, RUNNING, SUCCEEDED
from service.jobs.worker import Worker
from service.settings import Settings
from service.store.database import Database
from service.store.tables import events, files
from tests.faults.servers import HOSTILE
from tests.service.jobs.put import job, lose, put, put_plan, take_away
from tests.waiting import wait_until


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path, child_program=str(HOSTILE), max_attempts=2, heartbeat_s=0.2, lease_s=5)


@pytest.fixture
def worker(database, settings):
    made = Worker(settings, database, Metrics(), settings.data / "jobs")
    yield made
    made.stop()


def wait_for(database, *states, seconds=20, job_id="pln_1"):
    end = time.monotonic() + seconds
    while (found := job(database, job_id)).state not in states and time.monotonic() < end:
        time.sleep(0.05)
    assert found.state in states, found
    return found


def count(database, table):
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_job_that_can_not_be_begun_fails_by_name_and_the_next_one_runs(database, worker):
    put(database, "pln_1", now_ms=1)  # of no plan at all
    put_plan(database, "quick 0 next", "pln_2", now_ms=2)
    worker.start()
    failed = wait_for(database, FAILED)
    assert json.loads(failed.failure)["code"] == "internal"
    assert failed.attempts == 2
    wait_for(database, SUCCEEDED, job_id="pln_2")
    assert count(database, files) == 2
    assert count(database, events) == 2


def test_a_job_that_kills_its_process_fails_after_its_tries_by_the_signal(database, worker):
    put_plan(database, "segv")
    worker.start()
    failure = json.loads(wait_for(database, FAILED).failure)
    assert (failure["code"], "SIGSEGV" in failure["detail"], "2 attempts" in failure["detail"]) == (
        "crashed",
        True,
        True,
    )


def test_a_cancelled_job_whose_process_dies_is_cancelled(database, worker):
    put_plan(database, "deaf")
    worker.start()
    wait_for(database, RUNNING)
    with database.write() as connection:
        queue.request_cancel(connection, "anna", "pln_1", 5)
    worker.stop()
    assert job(database).state == CANCELLED
    assert count(database, events) == 1


def test_a_worker_that_is_told_to_stop_gives_its_job_back_uncounted(database, worker):
    put_plan(database, "deaf")
    worker.start()
    wait_for(database, RUNNING)
    begun = time.monotonic()
    worker.stop()
    assert time.monotonic() - begun < 5
    assert (job(database).state, job(database).attempts) == (QUEUED, 0)


def test_signs_of_life_are_no_news(database, worker):
    put_plan(database, "telling")
    worker.start()
    wait_until(lambda: job(database).progress is not None, seconds=20)
    seen = job(database)
    wait_until(lambda: job(database).lease_until_ms > seen.lease_until_ms + 1_000, seconds=20)
    assert (job(database).version, job(database).progress) == (seen.version, seen.progress)


def test_a_worker_that_lost_its_claim_stops_its_child_and_stores_nothing(database, worker):
    put_plan(database, "obedient")
    worker.start()
    wait_for(database, RUNNING)
    lose(database, "pln_1")
    assert take_away(database) == ["pln_1"]
    worker.stop()
    assert job(database).state == QUEUED
    assert count(database, files) == 0


def test_a_worker_waits_for_a_database_that_is_away(database, worker, tmp_path):
    put_plan(database, "quick 0")
    worker.database = away = Database(f"sqlite:///{tmp_path / 'no folder' / 'file.db'}")
    worker.start()
    time.sleep(0.5)
    worker.database = database
    wait_for(database, SUCCEEDED)
    away.close()


def test_what_a_killed_process_left_in_its_folder_is_taken_away(worker):
    left = worker.folder / "job-before" / "out"
    left.mkdir(parents=True)
    worker.start()
    assert not left.exists()
    assert worker.folder.is_dir()
