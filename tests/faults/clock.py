"""The clock of a process that runs jobs is set, while they run: no job is taken away or done twice.

On PostgreSQL it is the clock of one worker; leases are by the clock of the database. On SQLite it is that of
the only process. Needs libfaketime.

    python -m tests.faults.clock --database postgresql
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.faults.calls import Caller
from tests.faults.databases import SQLITE
from tests.faults.figures import Figures, main
from tests.faults.servers import service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "rounds": (3, 1, "times through all settings"),
    "length": (4.0, 2.5, "seconds that a job takes"),
    "lease": (3.0, 2.0, "seconds without a sign of life after which a job is given to others"),
}
SETTINGS = ("+1h", "-1h", "+400d", "-400d", "+0")
MAY_DIFFER_MS = 60_000


def find_library() -> Path | None:
    """The library that tells a process another time."""
    return next(iter(sorted(Path("/", "usr", "lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    library = find_library()
    if library is None:
        raise SystemExit("libfaketime is not installed: package libfaketime")
    figures = Figures("clock", kind)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "time"
        told.write_text("+0\n")
        env = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(told),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        limits = {"lease_s": asked.lease, "heartbeat_s": asked.lease / 5}
        with service_of(kind, workers=2, cluster=cluster, env=env, **limits) as service:
            with Caller(service.url) as caller:
                batch_set_id = caller.closed_set()
                begun_ms = 1000 * time.time()
                done = []
                for number in range(asked.rounds * len(SETTINGS)):
                    wishes = [f"quick {asked.length} {number}-{which}" for which in range(2)]
                    plans = [caller.plan(batch_set_id, wish, wish)["id"] for wish in wishes]
                    time.sleep(asked.length / 3)
                    told.write_text(f"{SETTINGS[number % len(SETTINGS)]}\n")
                    done += [caller.wait(plan_id, 60)["state"] for plan_id in plans]
            jobs = service.store.rows("select * from jobs")
            stolen = [
                line for line in service.log_lines() if line["message"] in {"lost job", "claim was lost"}
            ]
            workers = {job["worker_id"] for job in jobs}
        ended_ms = 1000 * time.time()
    again = [job["job_id"] for job in jobs if (job["fence"], job["attempts"]) != (1, 1)]
    odd = [
        job["job_id"]
        for job in jobs
        if not begun_ms - MAY_DIFFER_MS < job["finished_ms"] < ended_ms + MAY_DIFFER_MS
    ]
    figures.count(
        jobs=len(jobs), succeeded=done.count("succeeded"), leases_stolen=len(stolen), again=len(again)
    )
    figures.expect(set(done) == {"succeeded"}, f"ended otherwise: {[one['failure'] for one in jobs][:2]}")
    figures.expect(not stolen, f"taken away: {stolen[:2]}")
    figures.expect(not again, f"done twice: {again[:3]}")
    if kind != SQLITE:
        figures.count(workers=len(workers), wrong_times=len(odd))
        figures.expect(not odd, f"times of another clock than the database's: {odd[:3]}")
        figures.expect(len(workers) == 2, "the worker with the other clock did nothing")
    return figures


if __name__ == "__main__":
    main(run, **OPTIONS)
