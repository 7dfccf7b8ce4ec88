"""One tenant queues many jobs, another one: the second does not wait for the first, and learns nothing of it.

python -m tests.faults.fair --database postgresql
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from typing import Any

from tests.faults.calls import Caller
from tests.faults.figures import Figures, main
from tests.faults.servers import service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "jobs": (100, 12, "jobs of the first tenant"),
    "length": (2.0, 1.0, "seconds that each takes"),
    "times": (5, 1, "times that the second comes"),
}
SLACK_S = 2.0


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("fair", kind)
    settings = {"require_keys": True, "rates": False, "limits__running_jobs": 2}
    with service_of(kind, workers=2, cluster=cluster, **settings) as service:
        keys = [service.make_key(name) for name in ("anna", "boris")]
        first, second = (Caller(service.url, {"Authorization": f"Bearer {key}"}) for key in keys)
        with first, second:
            sets = [caller.closed_set() for caller in (first, second)]
            plans = [
                first.plan(sets[0], f"quick {asked.length} {number}", f"key-{number}")["id"]
                for number in range(asked.jobs)
            ]
            waits_s, before = [], []
            for number in range(asked.times):
                time.sleep(0.7)
                told = second.plan(sets[1], f"quick 0.1 {number}", f"key-{number}")
                before.append(told["waitingBefore"])
                done = second.wait(told["id"], 60)
                waits_s.append(_seconds(done, "createdAt", "startedAt"))
            states = [first.once("GET", f"/v1/plans/{plan_id}").json() for plan_id in plans]
            left = sum(one["state"] == "queued" for one in states)
            lengths = [_seconds(one, "startedAt", "finishedAt") for one in states if one["finishedAt"]]
        figures.count(
            jobs=asked.jobs,
            still_queued=left,
            job_s=round(max(lengths), 2),
            waits_s=[round(one, 2) for one in waits_s],
            waiting_before=before,
        )
    figures.expect(left > 0, "the first tenant had no jobs left: nothing was shown")
    figures.expect(max(waits_s) <= max(lengths) + SLACK_S, f"the second waited {max(waits_s):.1f} s")
    figures.expect(set(before) == {0}, f"the second was told of {before} jobs before its own")
    return figures


def _seconds(told: dict[str, Any], begin: str, end: str) -> float:
    begun, ended = (datetime.fromisoformat(told[name]).timestamp() for name in (begin, end))
    return ended - begun


if __name__ == "__main__":
    main(run, **OPTIONS)
