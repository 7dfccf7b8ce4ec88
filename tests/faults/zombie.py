"""A worker is paused past its lease and wakes up late: what it brings is not stored, and the log says so.

On PostgreSQL a second worker does the job meanwhile. On SQLite there is one process: nobody else may serve
its folder while it is paused, and when it wakes up each job still ends once.

    python -m tests.faults.zombie --database postgresql
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from tests.faults.calls import Caller
from tests.faults.figures import Figures, main
from tests.faults.kill_loop import mixed_results, worker_ids_of
from tests.faults.servers import LANDBRIDGE, Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "rounds": (20, 2, "pauses"),
    "lease": (3.0, 1.5, "seconds without a sign of life after which a job is given to others"),
}


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("zombie", kind)
    limits = {"lease_s": asked.lease, "heartbeat_s": asked.lease / 5, "reap_s": 0.5}
    with service_of(kind, workers=2, cluster=cluster, **limits) as service, Caller(service.url) as caller:
        batch_set_id = caller.closed_set()
        pause = _pause_the_process if service.is_one else _pause_a_worker
        found = [pause(service, caller, batch_set_id, number, asked.lease) for number in range(asked.rounds)]
        ends = [line for line in service.log_lines() if line["message"] == "job ended"]
        stored = [line["job_id"] for line in ends if line["outcome"] == "succeeded"]
        if service.is_one:
            is_refused = _is_second_refused(service)
            figures.count(second_process_refused=is_refused)
            figures.expect(is_refused, "a second process served the folder of a paused one")
        fenced = sum(line["outcome"] == "fenced" for line in ends)
        mixed = mixed_results(service.store)
        figures.count(
            rounds=asked.rounds,
            ended=sum(one["state"] == "succeeded" for one in found),
            late_results_stored=sum(one["is_changed"] for one in found),
            logged_as_fenced=sum(one["is_fenced"] for one in found),
            attempts_fenced=fenced,
            stored_twice=len(stored) - len(set(stored)),
            mixed=len(mixed),
        )
    counted = figures.counted
    figures.expect(counted["ended"] == asked.rounds, f"not all jobs ended: {found}")
    figures.expect(counted["late_results_stored"] == 0, "a late result was stored")
    figures.expect(counted["stored_twice"] == 0, "a job was stored twice")
    figures.expect(not mixed, f"results of two attempts: {mixed[:3]}")
    if kind != "sqlite":
        figures.expect(counted["logged_as_fenced"] == asked.rounds, "a late result is not logged as fenced")
    return figures


def _pause_a_worker(
    service: Service, caller: Caller, batch_set_id: str, number: int, lease: float
) -> dict[str, Any]:
    # By turns: its child has ended meanwhile and the result is at hand, or the child is still at work.
    wish = f"quick {lease / 3:.1f} {number}" if number % 2 == 0 else f"once 60 {number}"
    plan_id = caller.plan(batch_set_id, wish, f"key-{number}")["id"]
    job = _wait_for(lambda: _job(service, plan_id, "running"), 20)
    worker = next(one for one in service.others if job["worker_id"] in worker_ids_of(one))
    if number % 2:
        # Paused before its child is there, the second attempt would be the first that takes its time.
        _wait_for((service.data / f"seen-{number}").exists, 20)
    worker.send(signal.SIGSTOP)
    done = caller.wait(plan_id, 60)
    before = _stored(service, plan_id)
    worker.send(signal.SIGCONT)

    def is_fenced() -> bool:
        return any(
            line["message"] == "job ended"
            and line["job_id"] == plan_id
            and line["fence"] == job["fence"]
            and line["outcome"] == "fenced"
            for line in service.log_lines()
        )

    found = _wait_for(is_fenced, 20)
    return {
        "state": done["state"],
        "is_fenced": bool(found),
        "is_changed": _stored(service, plan_id) != before,
    }


def _pause_the_process(
    service: Service, caller: Caller, batch_set_id: str, number: int, lease: float
) -> dict[str, Any]:
    plan_id = caller.plan(batch_set_id, f"quick {lease / 3:.1f} {number}", f"key-{number}")["id"]
    _wait_for(lambda: _job(service, plan_id, "running"), 20)
    service.api.send(signal.SIGSTOP)
    time.sleep(1.5 * lease)
    service.api.send(signal.SIGCONT)
    done = caller.wait(plan_id, 60)
    before = _stored(service, plan_id)
    time.sleep(0.5)
    return {"state": done["state"], "is_fenced": False, "is_changed": _stored(service, plan_id) != before}


def _is_second_refused(service: Service) -> bool:
    """Whether a process that finds the folder taken by a paused one leaves it alone."""
    service.api.send(signal.SIGSTOP)
    try:
        done = subprocess.run(
            [LANDBRIDGE, service.api.command],
            env=service.api.env,
            capture_output=True,
            timeout=60,
            check=False,
        )
    finally:
        service.api.send(signal.SIGCONT)
    return done.returncode != 0 and b"is served already" in done.stderr


def _job(service: Service, job_id: str, state: str) -> dict[str, Any] | None:
    found = service.store.rows(f"select * from jobs where job_id = '{job_id}' and state = '{state}'")
    return found[0] if found else None


def _stored(service: Service, job_id: str) -> list[Any]:
    return [
        service.store.rows(f"select state, version, fence, attempts from jobs where job_id = '{job_id}'"),
        service.store.rows(f"select summary, plan_sha256 from plans where plan_id = '{job_id}'"),
        service.store.rows(f"select name, sha256 from files where job_id = '{job_id}' order by name"),
    ]


def _wait_for(look: Callable[[], Any], seconds: float) -> Any:
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


if __name__ == "__main__":
    main(run, **OPTIONS)
