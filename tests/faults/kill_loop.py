"""kill -9 of API, worker and the whole group while jobs are made: none is lost, doubled or left running.

python -m tests.faults.kill_loop --database postgresql
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.faults.calls import Caller, Ledger
from tests.faults.databases import SQLITE, Store
from tests.faults.figures import Figures, main
from tests.faults.servers import Program, Service, descendants, is_gone, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "kills": (50, 3, "how often something is killed"),
    "jobs": (200, 12, "jobs that are made meanwhile"),
    "real": (0, 0, "of them planned for real"),
    "gap": (3.0, 0.8, "most seconds between two kills"),
    "drain": (60.0, 40.0, "seconds after the last kill in which all has to end"),
    "seed": (1, 1, "of the random times"),
}
TARGETS = ("api", "worker", "group")


@dataclass
class Killer:
    """Kills, and knows which jobs it hit."""

    service: Service
    chance: random.Random
    hits: Counter[str] = field(default_factory=Counter)
    orphans: int = 0

    def kill(self, target: str) -> None:
        """Kill, and wait until nothing that was begun by what is killed is left."""
        if target == "worker" and self.service.is_one:
            self.hits.update(self._kill_a_child())
            return
        programs = {
            "api": [self.service.api],
            "worker": [self.chance.choice(self.service.others or [self.service.api])],
            "group": self.service.programs,
        }[target]
        begun = [pid for program in programs for pid in descendants(program.pid)]
        for program in programs:
            program.send(signal.SIGKILL)
        for program in programs:
            program.kill()
        self.hits.update(self._running(programs))
        self.orphans += sum(not is_gone(pid, 5) for pid in begun)

    def _kill_a_child(self) -> list[str]:
        """The child of a job, as there is no worker process; the jobs that it may have been of."""
        children = self.service.children()
        if not children:
            return []
        self.service.api.send(signal.SIGSTOP)
        hit = self._running([self.service.api])
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(children), signal.SIGKILL)
        self.service.api.send(signal.SIGCONT)
        return hit

    def _running(self, programs: list[Program]) -> list[str]:
        """Jobs in the hands of processes that are gone, or stand still."""
        rows = self.service.store.rows("select job_id, worker_id from jobs where state = 'running'")
        if self.service.is_one:
            return [row["job_id"] for row in rows]
        ids = {
            one for program in programs if program is not self.service.api for one in worker_ids_of(program)
        }
        return [row["job_id"] for row in rows if row["worker_id"] in ids]


def worker_ids_of(worker: Program) -> set[str]:
    """The id of a worker, as it was started last."""
    lines = worker.log.read_text(errors="replace").splitlines()
    return set([json.loads(line)["worker_id"] for line in lines if '"worker ready"' in line][-1:])


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("kill_loop", kind)
    chance = random.Random(asked.seed)
    at_once = {"workers": 4} if kind == SQLITE else {"workers": 2, "threads": 2}
    with service_of(kind, cluster=cluster, **at_once, max_attempts=20, lease_s=5, heartbeat_s=1) as service:
        ledger = Ledger(service.data.parent / "acknowledged.jsonl")
        with Caller(service.url) as caller:
            batch_set_id = caller.closed_set()
        killer = Killer(service, chance)
        making = threading.Thread(target=_make, args=(service, ledger, batch_set_id, asked))
        making.start()
        recovery: list[float] = []
        for number in range(asked.kills):
            time.sleep(chance.uniform(0, asked.gap))
            killer.kill(TARGETS[number % 3])
            killed_at = time.monotonic()
            service.start()
            recovery.append(time.monotonic() - killed_at)
        making.join()
        while time.monotonic() < killed_at + asked.drain and _open_jobs(service.store):
            time.sleep(0.5)
        drained_s = round(time.monotonic() - killed_at, 1)
        left = _open_jobs(service.store)
        figures.count(
            kills=asked.kills, jobs=asked.jobs, acknowledged=len(ledger.entries), drained_s=drained_s
        )
        figures.count(slowest_start_s=round(max(recovery), 1), orphans=killer.orphans)
        _judge(figures, service, ledger, killer, left)
    return figures


def _make(service: Service, ledger: Ledger, batch_set_id: str, asked: argparse.Namespace) -> None:
    """Make jobs, each until it is acknowledged, about as long as things are killed."""
    chance = random.Random(asked.seed + 1)
    with Caller(service.url) as caller:
        for number in range(asked.jobs):
            is_real = number >= asked.jobs - asked.real  # at the end: they need longer than two kills
            wish = f"real {number}" if is_real else f"quick {chance.uniform(0.1, 0.8):.2f} {number}"
            told = caller.plan(batch_set_id, wish, f"key-{number}")
            ledger.note(key=f"key-{number}", id=told["id"], wish=wish)
            time.sleep(chance.uniform(0, asked.gap * asked.kills / asked.jobs))


def _open_jobs(store: Store) -> list[str]:
    return [
        row["job_id"] for row in store.rows("select job_id from jobs where state in ('queued', 'running')")
    ]


def _judge(figures: Figures, service: Service, ledger: Ledger, killer: Killer, left: list[str]) -> None:
    store = service.store
    jobs = {row["job_id"]: row for row in store.rows("select * from jobs")}
    acknowledged = {entry["id"] for entry in ledger.entries}
    lost = acknowledged - jobs.keys()
    doubled = jobs.keys() - acknowledged  # each key was repeated until it was acknowledged
    not_done = [one for one in acknowledged & jobs.keys() if jobs[one]["state"] != "succeeded"]
    too_often = [job_id for job_id, job in jobs.items() if job["attempts"] > 1 + killer.hits[job_id]]
    mixed = mixed_results(store)
    figures.count(
        lost=len(lost),
        doubled=len(doubled),
        not_done=len(not_done),
        still_running=len(left),
        mixed=len(mixed),
        too_many_attempts=len(too_often),
        hits=sum(killer.hits.values()),
        most_attempts=max((job["attempts"] for job in jobs.values()), default=0),
        database_faults=len(store.faults()),
        children_left=len(service.children()),
    )
    figures.expect(not lost, f"lost: {sorted(lost)[:3]}")
    figures.expect(not doubled, f"doubled: {sorted(doubled)[:3]}")
    figures.expect(not left, f"not ended: {left[:3]}")
    figures.expect(not not_done, f"not succeeded: {[(one, jobs[one]['failure']) for one in not_done[:3]]}")
    figures.expect(not mixed, f"results of two attempts: {mixed[:3]}")
    figures.expect(not too_often, f"more attempts than kills: {too_often[:3]}")
    figures.expect(killer.orphans == 0, "children outlive their worker")
    figures.expect(not service.children(), "children are left at the end")
    figures.expect(not store.faults(), f"database: {store.faults()[:3]}")


def mixed_results(store: Store) -> list[str]:
    """Jobs whose stored results are not all of one attempt, or not there."""
    found = []
    plans = store.rows("select plan_id, summary, plan_sha256 from plans where summary is not null")
    batches: dict[str, list[str]] = {}
    for row in store.rows("select plan_id, document from plan_batches"):
        batches.setdefault(row["plan_id"], []).append(row["document"])
    departures: dict[str, list[str]] = {}
    for row in store.rows("select plan_id, document from plan_departures"):
        departures.setdefault(row["plan_id"], []).append(row["document"])
    files = Counter(row["job_id"] for row in store.rows("select job_id from files"))
    for plan in plans:
        mark = json.loads(plan["summary"]).get("mark")
        if mark is None:
            continue  # planned for real
        parts: list[dict[str, Any]] = [json.loads(one) for one in batches.get(plan["plan_id"], [])]
        parts += [json.loads(one) for one in departures.get(plan["plan_id"], [])]
        is_whole = len(parts) == 2 and files[plan["plan_id"]] == 2
        if (
            not is_whole
            or {part["mark"] for part in parts} != {mark}
            or (plan["plan_sha256"] != hashlib.sha256(mark.encode()).hexdigest())
        ):
            found.append(plan["plan_id"])
    return found


if __name__ == "__main__":
    main(run, **OPTIONS)
