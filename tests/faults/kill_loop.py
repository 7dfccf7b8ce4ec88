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
from pathlib import Path
from typing import Any

from tests.faults.calls import Caller, Ledger
from tests.faults.databases import SQLITE, Store
from tests.faults.figures import Figures, main
from tests.faults.servers import Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "kills": (50, 3, "how often something is killed"),
    "jobs": (200, 12, "jobs that are made meanwhile"),
    "real": (4, 0, "of them planned for real"),
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
        before = self.service.children()
        self.hits.update(getattr(self, f"_{target}")())
        end = time.monotonic() + 5
        while target != "worker" or not self.service.is_one:
            left = [pid for pid in self.service.children() if pid in before and self._is_orphan(pid)]
            if not left or time.monotonic() > end:
                self.orphans += len(left)
                return
            time.sleep(0.05)

    def _api(self) -> list[str]:
        """The process that answers; on SQLite it also runs the jobs."""
        self.service.api.kill()
        return self._running() if self.service.is_one else []

    def _worker(self) -> list[str]:
        """A worker process; on SQLite the child of a job, as there is no other."""
        if self.service.is_one:
            children = self.service.children()
            if not children:
                return []
            pid = self.chance.choice(children)
            self.service.api.send(signal.SIGSTOP)
            hit = self._running()
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.service.api.send(signal.SIGCONT)
            return hit
        worker = self.chance.choice(self.service.others)
        worker.kill()
        return self._running(worker_ids_of(worker.log.read_text()))

    def _group(self) -> list[str]:
        """Everything at once."""
        for program in self.service.programs:
            program.send(signal.SIGKILL)
        for program in self.service.programs:
            program.kill()
        return self._running()

    def _running(self, worker_ids: set[str] | None = None) -> list[str]:
        rows = self.service.store.rows("select job_id, worker_id from jobs where state = 'running'")
        return [row["job_id"] for row in rows if worker_ids is None or row["worker_id"] in worker_ids]

    def _is_orphan(self, pid: int) -> bool:
        """Whether its parent is gone."""
        parents = [program.pid for program in self.service.programs if program.is_alive]
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        state, parent = stat.rpartition(")")[2].split()[:2]
        return state != "Z" and int(parent) not in parents


def worker_ids_of(log: str) -> set[str]:
    """The id of the last worker in a log."""
    ids = [json.loads(line)["worker_id"] for line in log.splitlines() if '"worker ready"' in line]
    return set(ids[-1:])


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
            begun = time.monotonic()
            service.start()
            service.wait_ready()
            recovery.append(time.monotonic() - begun)
        last_kill = time.monotonic()
        making.join()
        while time.monotonic() < last_kill + asked.drain and _open_jobs(service.store):
            time.sleep(0.5)
        drained_s = round(time.monotonic() - last_kill, 1)
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
