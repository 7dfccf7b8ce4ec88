"""PostgreSQL stops as if the power had failed, under load: nothing is lost, all goes on by itself.

python -m tests.faults.pg_restart
"""

from __future__ import annotations

import argparse
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.calls import Caller, Ledger
from tests.faults.databases import POSTGRESQL
from tests.faults.figures import Figures, main
from tests.faults.kill_loop import mixed_results
from tests.faults.servers import Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "times": (10, 1, "restarts"),
    "down": (2.0, 1.0, "seconds without it each time"),
    "clients": (4, 2, "that create and read"),
    "mode": ("immediate", "immediate", "how it is stopped: immediate or fast"),
    "sessions": (30.0, 1.0, "seconds in which sessions are ended, one after another"),
}
BACK_S = 5.0
END_A_SESSION = """
    select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and datname = current_database()
        order by (state = 'active') desc, random() limit 1
    ) as one
"""
"""One that is in a statement, if there is any."""


@dataclass
class Load:
    """Clients that create and read all the time; each create is repeated with its key until it is told."""

    service: Service
    ledger: Ledger
    batch_set_id: str
    statuses: Counter[int] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        with Caller(self.service.url) as caller:
            while not self.stopping.is_set():
                number = next(self._numbers)
                if number % 8 == 0:
                    path, body, status = "/v1/plans", self._plan(number), 202
                else:
                    path, body, status = "/v1/batch-sets", {"name": f"set {number}"}, 201
                while True:
                    answer = caller.once("POST", path, body, f"key-{number}")
                    if answer is not None and answer.status_code == status:
                        self.ledger.note(key=f"key-{number}", path=path, id=answer.json()["id"])
                        break
                    time.sleep(0.05)
                caller.once("GET", f"{path}/{answer.json()['id']}")
                time.sleep(0.01)
            with self._lock:
                self.statuses.update(caller.statuses)

    def _plan(self, number: int) -> dict[str, str]:
        return {"batchSetId": self.batch_set_id, "externalRef": f"quick 0.2 {number}"}


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    if kind != POSTGRESQL:
        raise SystemExit("only for --database postgresql")
    figures = Figures("pg_restart", kind)
    with service_of(kind, workers=2, cluster=cluster) as service:
        own = service.store.cluster
        assert own is not None
        pids = [program.pid for program in service.programs]
        with Caller(service.url) as caller:
            batch_set_id = caller.closed_set()
            load = Load(service, Ledger(Path(service.data.parent) / "acknowledged.jsonl"), batch_set_id)
            threads = [threading.Thread(target=load.run) for _ in range(asked.clients)]
            for thread in threads:
                thread.start()
            back_s = []
            for number in range(asked.times):
                time.sleep(1.0)
                own.stop(asked.mode)
                time.sleep(asked.down)
                own.start()
                begun = time.monotonic()
                caller.until_told("POST", "/v1/batch-sets", {"name": "back"}, f"back-{number}", seconds=60)
                back_s.append(time.monotonic() - begun)
            ended = _end_sessions(service, asked.sessions)
            time.sleep(1.0)
            load.stopping.set()
            for thread in threads:
                thread.join()
        left = _wait_for_all(service, 120)
        _judge(figures, service, load, left)
        is_up = all(program.is_alive for program in service.programs)
        figures.count(restarts=asked.times, back_s=round(max(back_s), 2), sessions_ended=ended)
        figures.expect(is_up and pids == [one.pid for one in service.programs], "a process has ended")
    figures.expect(max(back_s) <= BACK_S, f"back after {max(back_s):.1f} s")
    return figures


def _end_sessions(service: Service, seconds: float) -> int:
    """End a session of the service every 200 ms, whatever it is doing."""
    ended = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended += len(service.store.rows(END_A_SESSION))
        time.sleep(0.2)
    return ended


def _judge(figures: Figures, service: Service, load: Load, left: list[str]) -> None:
    store = service.store
    there = {row["id"] for row in store.rows("select plan_id as id from plans")}
    there |= {row["id"] for row in store.rows("select batch_set_id as id from batch_sets")}
    lost = [entry["id"] for entry in load.ledger.entries if entry["id"] not in there]
    plans = {entry["id"] for entry in load.ledger.entries if entry["path"] == "/v1/plans"}
    states = {row["job_id"]: row["state"] for row in store.rows("select job_id, state from jobs")}
    not_done = [one for one in plans if states.get(one) != "succeeded"]
    mixed = mixed_results(store)
    errors = {status: number for status, number in load.statuses.items() if status not in (200, 201, 202)}
    figures.count(
        acknowledged=len(load.ledger.entries),
        lost=len(lost),
        doubled=len(states) - len(plans),
        plans=len(plans),
        not_done=len(not_done),
        left=len(left),
        mixed=len(mixed),
        answers={str(status): number for status, number in sorted(load.statuses.items())},
    )
    figures.expect(not lost, f"lost: {lost[:3]}")
    figures.expect(len(states) == len(plans), "more jobs than keys")
    figures.expect(not not_done, f"not succeeded: {[(one, states.get(one)) for one in not_done[:3]]}")
    figures.expect(not left, f"jobs that did not end: {left[:3]}")
    figures.expect(not mixed, f"results of two attempts: {mixed[:3]}")
    figures.expect(set(errors) <= {503}, f"error answers: {errors}")
    figures.expect(load.statuses[503] > 0, "nobody noticed that the database was away")


def _wait_for_all(service: Service, seconds: float) -> list[str]:
    end = time.monotonic() + seconds
    while True:
        left = service.store.rows("select job_id from jobs where state in ('queued', 'running')")
        if not left or time.monotonic() > end:
            return [row["job_id"] for row in left]
        time.sleep(0.5)


if __name__ == "__main__":
    main(run, **OPTIONS)
