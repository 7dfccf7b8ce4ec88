"""SIGTERM under load, again and again: out in time, nothing lost or doubled, no attempt counted.

python -m tests.faults.term --database postgresql
"""

from __future__ import annotations

import argparse
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.calls import Caller, Ledger
from tests.faults.figures import Figures, main
from tests.faults.kill_loop import mixed_results
from tests.faults.servers import Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "rounds": (20, 1, "stops"),
    "rate": (50.0, 20.0, "requests a second"),
    "load": (3.0, 1.5, "seconds of load before each"),
}
EXIT_S = 30.0


@dataclass
class Load:
    """Creates and reads at a steady rate; a create that was not answered is repeated with its key."""

    service: Service
    ledger: Ledger
    batch_set_id: str
    rate: float
    statuses: Counter[int] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def run(self) -> None:
        with Caller(self.service.url) as caller:
            while not self.stopping.is_set():
                begun = time.monotonic()
                number = next(self._numbers)
                if number % 20 == 0:
                    body = {"batchSetId": self.batch_set_id, "externalRef": f"quick 1.0 {number}"}
                    self._create(caller, "/v1/plans", body, number)
                elif number % 4 == 0:
                    self._create(caller, "/v1/batch-sets", {"name": f"set {number}"}, number)
                else:
                    caller.once("GET", "/v1/plans?limit=5")
                time.sleep(max(0.0, 1 / self.rate - (time.monotonic() - begun)))
            self.statuses.update(caller.statuses)

    def _create(self, caller: Caller, path: str, body: dict[str, str], number: int) -> None:
        while True:
            answer = caller.once("POST", path, body, f"key-{number}")
            if answer is not None and answer.status_code in (201, 202):
                self.ledger.note(path=path, id=answer.json()["id"])
                return
            time.sleep(0.1)


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("term", kind)
    with service_of(kind, workers=2, cluster=cluster) as service:
        with Caller(service.url) as caller:
            load = Load(
                service, Ledger(service.data.parent / "acknowledged.jsonl"), caller.closed_set(), asked.rate
            )
        sending = threading.Thread(target=load.run)
        watching = threading.Thread(target=_watch_one, args=(service, load))
        sending.start()
        watching.start()
        exits_s = []
        running_after = 0
        for _ in range(asked.rounds):
            time.sleep(asked.load)
            ends = [
                threading.Thread(target=lambda one=one: exits_s.append(one.end(EXIT_S)))
                for one in service.programs
            ]
            for thread in ends:
                thread.start()
            for thread in ends:
                thread.join()
            running_after += len(service.store.rows("select job_id from jobs where state = 'running'"))
            service.start()
        load.stopping.set()
        sending.join()
        watching.join()
        _judge(figures, service, load)
        figures.count(rounds=asked.rounds, slowest_exit_s=round(max(exits_s), 2), running_after=running_after)
        figures.count(children_left=len(service.children()))
    figures.expect(max(exits_s) < EXIT_S, f"it took {max(exits_s):.1f} s to stop")
    figures.expect(running_after == 0, f"{running_after} jobs did not go back into the queue")
    return figures


def _watch_one(service: Service, load: Load) -> None:
    """A client that waits for an end and one that follows a stream hold nobody up."""
    with Caller(service.url) as caller:
        while not load.stopping.is_set():
            plans = [entry["id"] for entry in load.ledger.entries if entry["path"].endswith("plans")]
            if plans:
                caller.once("GET", f"/v1/plans/{plans[-1]}/events")
            time.sleep(0.2)


def _judge(figures: Figures, service: Service, load: Load) -> None:
    store = service.store
    end = time.monotonic() + 180
    while (
        store.rows("select 1 as one from jobs where state in ('queued', 'running')")
        and time.monotonic() < end
    ):
        time.sleep(0.5)
    jobs = {row["job_id"]: row for row in store.rows("select * from jobs")}
    there = jobs.keys() | {row["batch_set_id"] for row in store.rows("select batch_set_id from batch_sets")}
    acknowledged = [entry["id"] for entry in load.ledger.entries]
    plans = [entry["id"] for entry in load.ledger.entries if entry["path"].endswith("plans")]
    lost = [one for one in acknowledged if one not in there]
    not_done = [one for one in plans if jobs[one]["state"] != "succeeded"]
    counted = [job_id for job_id, job in jobs.items() if job["attempts"] != 1]
    interrupted = sum(job["fence"] > 1 for job in jobs.values())
    mixed = mixed_results(store)
    errors = {status: number for status, number in load.statuses.items() if status not in (0, 200, 201, 202)}
    figures.count(
        acknowledged=len(acknowledged),
        lost=len(lost),
        doubled=len(jobs) - len(plans),
        not_done=len(not_done),
        interrupted=interrupted,
        attempts_counted=len(counted),
        mixed=len(mixed),
        answers={str(status): number for status, number in sorted(load.statuses.items())},
    )
    figures.expect(not lost, f"lost: {lost[:3]}")
    figures.expect(len(jobs) == len(plans), "more jobs than keys")
    figures.expect(not not_done, f"not succeeded: {not_done[:3]}")
    figures.expect(not counted, f"an interrupted attempt was counted: {counted[:3]}")
    figures.expect(interrupted > 0, "no job was interrupted")
    figures.expect(not mixed, f"results of two attempts: {mixed[:3]}")
    figures.expect(set(errors) <= {503}, f"error answers: {errors}")


if __name__ == "__main__":
    main(run, **OPTIONS)
