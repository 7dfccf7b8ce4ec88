"""Lost jobs come back, whatever stands before them, and live ones are left alone."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select, text

from service.health.metrics import Metrics
from service.jobs import queue
from service.jobs.queue import CANCELLED, FAILED, QUEUED, RUNNING
from service.jobs.reaper import Reaper
from service.jobs.worker import Worker
from service.settings import Settings
from service.store.database import Database
from service.store.tables import events, jobs
from tests.service.jobs.put import claim, claimed, job, lose, put, put_many, steady_ms


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path, max_attempts=3)


def reaper_of(database, settings):
    metrics = Metrics()
    return Reaper(
        settings, database, metrics, None, Worker(settings, database, metrics, settings.data / "jobs")
    )


@pytest.fixture
def reaper(database, settings):
    return reaper_of(database, settings)


def claimed_here(database, reaper, job_id="pln_1"):
    return claimed(database, job_id, reaper.worker.worker_id)


def test_a_job_of_a_worker_that_is_gone_waits_again(database, reaper):
    held = claimed(database, worker_id="wrk_gone")
    lose(database, "pln_1")
    reaper.look()
    found = job(database)
    assert (found.state, found.worker_id, found.attempts) == (QUEUED, None, 1)
    assert found.fence > held.fence
    with database.write() as connection:
        assert not queue.finish(connection, held, 5, queue.SUCCEEDED)
        assert not queue.hold(connection, held, lease_until_ms=9, progress=None)
    assert claim(database, "wrk_other").fence > held.fence + 1


def test_a_job_that_gives_signs_of_life_is_left_alone(database, reaper):
    claimed_here(database, reaper)
    reaper.look()
    assert job(database).state == RUNNING


def test_a_worker_that_is_started_again_is_another_one(database, settings):
    first, second = (reaper_of(database, settings).worker for _ in range(2))
    assert first.worker_id != second.worker_id


def test_a_job_that_lost_its_worker_too_often_fails_by_name(database, reaper):
    claimed_here(database, reaper)
    lose(database, "pln_1")
    with database.write() as connection:
        connection.execute(jobs.update().values(attempts=3))
    reaper.look()
    assert job(database).state == FAILED
    assert '"lost"' in job(database).failure
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(events)).scalar_one() == 1


def test_a_lost_job_that_was_cancelled_is_not_begun_again(database, reaper):
    claimed_here(database, reaper)
    with database.write() as connection:
        queue.request_cancel(connection, "anna", "pln_1", 5)
    lose(database, "pln_1")
    reaper.look()
    assert job(database).state == CANCELLED


def test_a_lost_job_comes_back_behind_many_that_can_not_be_dealt_with(database, reaper, num_worlds):
    names = [f"bad_{number:05}" for number in range(num_worlds(10_001))]
    put_many(database, names, state=RUNNING, worker_id="wrk_gone", lease_until_ms=1, fence=1, attempts=1)
    put(database, "pln_1", state=RUNNING, worker_id="wrk_gone", lease_until_ms=2, fence=1, attempts=1)
    refuse_to_change(database, "bad_%")
    try:
        begun = time.monotonic()
        reaper.look()
        assert time.monotonic() - begun < 30
    finally:
        refuse_to_change(database, None)
    assert job(database).state == QUEUED
    with database.read() as connection:
        left = select(func.count()).select_from(jobs).where(jobs.c.state == RUNNING)
        assert connection.execute(left).scalar_one() == len(names)


def test_a_lost_job_comes_back_behind_ten_thousand_that_others_hold(database, reaper):
    if database.is_sqlite:
        return  # rows are not held there: one writes at a time
    names = [f"held_{number:05}" for number in range(10_001)]
    put_many(database, names, state=RUNNING, worker_id="wrk_gone", lease_until_ms=1, fence=1, attempts=1)
    put(database, "pln_1", state=RUNNING, worker_id="wrk_gone", lease_until_ms=2, fence=1, attempts=1)
    with database.read() as other:
        other.execute(select(jobs.c.job_id).where(jobs.c.job_id.like("held_%")).with_for_update())
        reaper.look()
    assert job(database).state == QUEUED


def test_all_lost_jobs_come_back_in_one_round(database, reaper):
    names = [f"pln_{number:05}" for number in range(501)]
    put_many(database, names, state=RUNNING, worker_id="wrk_gone", lease_until_ms=1, fence=1, attempts=1)
    reaper.look()
    with database.read() as connection:
        waiting = select(func.count()).select_from(jobs).where(jobs.c.state == QUEUED)
        assert connection.execute(waiting).scalar_one() == len(names)


def test_workers_have_time_for_a_sign_of_life_once_the_database_is_back(database, settings, tmp_path):
    reaper = reaper_of(database, settings.model_copy(update={"lease_s": 1.0, "reap_s": 0.05}))
    claimed_here(database, reaper)
    lose(database, "pln_1")
    away = Database(f"sqlite:///{tmp_path / 'no folder' / 'file.db'}")
    reaper.database = away
    reaper.start()
    time.sleep(0.3)
    reaper.database = database
    time.sleep(0.5)
    assert job(database).state == RUNNING
    time.sleep(1.0)
    reaper.stop()
    away.close()
    assert job(database).state == QUEUED


def test_what_another_process_had_begun_in_an_sqlite_file_is_lost_at_once(database, reaper):
    claimed(database, "pln_1", "wrk_before")
    claimed_here(database, reaper, "pln_2")
    reaper.look()
    assert job(database, "pln_1").state == (QUEUED if database.is_sqlite else RUNNING)
    assert job(database, "pln_2").state == RUNNING


def test_a_clock_that_is_set_takes_no_job_away_on_an_sqlite_file(database, monkeypatch):
    if not database.is_sqlite:
        assert steady_ms(database) == pytest.approx(time.time() * 1000, abs=60_000)
        return
    before = steady_ms(database)
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert 0 <= steady_ms(database) - before < 60_000


def refuse_to_change(database, pattern):
    """Let the database refuse to change jobs whose id is like this; ``None`` = none."""
    if database.is_sqlite:
        statements = ["drop trigger if exists refuse"]
        if pattern is not None:
            statements.append(
                f"create trigger refuse before update on jobs when old.job_id like '{pattern}' "
                "begin select raise(abort, 'not this one'); end"
            )
    else:
        statements = ["drop trigger if exists refuse on jobs"]
        if pattern is not None:
            body = "$$ begin raise exception 'not this one'; end $$"
            when = f"when (old.job_id like '{pattern}') execute function refuse()"
            statements += [
                f"create or replace function refuse() returns trigger language plpgsql as {body}",
                f"create trigger refuse before update on jobs for each row {when}",
            ]
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))
