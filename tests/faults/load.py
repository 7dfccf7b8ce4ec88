"""How much the service bears on this machine, on SQLite; load and service share its cores.

python -m tests.faults.load --what status|status-while-planning|routes|upload|cold-start

After a warm-up three runs are made, and the worst of them counts. One JSON line: machine, command, figures;
exit code 1 on a miss. What clients see is the service as ``landbridge serve`` runs it, a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import psutil

from planner.reading.tables import read_network
from tests.faults.calls import Caller
from tests.faults.databases import SQLITE
from tests.faults.figures import Figures, asked
from tests.faults.open_loop import Told, as_fast_as_possible, at_rate, get, post
from tests.faults.servers import Service, service_of

BATCHES = Path(__file__).resolve().parents[2] / "network_data" / "batches"
CHILD = "service.jobs.child"
LINES = 16
"""Connections."""
HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due\n"
ROW = "R-{},,BYD-CGO,CMP-HAMBURG,seal,3,2027-03-02,2027-04-21\n"
FIRST_DAY = date(2027, 2, 1)
DAYS = 60
OPTIONS = {
    "what": ("status", "status", "what is asked: one of those above"),
    "runs": (3, 1, "runs; the worst counts"),
    "warm_s": (10.0, 1.0, "seconds of warming up"),
    "seconds": (60.0, 2.0, "seconds of a run at a fixed rate"),
    "peak_s": (20.0, 1.0, "seconds of a run as fast as possible"),
    "plans": (4, 1, "plans whose states are asked for"),
    "rate": (250.0, 20.0, "status calls a second at the fixed rate"),
    "peak": (500.0, 0.0, "least status calls a second as fast as possible"),
    "p99_ms": (50.0, 1e9, "most that 99 % of status calls may take at the fixed rate"),
    "planned": ("month", "small", "batches of the plans that run meanwhile"),
    "busy_rate": (100.0, 10.0, "status calls a second at the fixed rate while plans run"),
    "busy_peak": (300.0, 0.0, "least status calls a second while plans run"),
    "busy_p99_ms": (300.0, 1e9, "most that 99 % of status calls may take while plans run"),
    "route_rate": (40.0, 4.0, "questions about routes a second"),
    "route_pairs": (1_000, 8, "questions about routes in a run, each of a random pair"),
    "route_p99_ms": (400.0, 1e9, "most that 99 % of them may take"),
    "rows": (10_000, 500, "rows of an uploaded file"),
    "upload_s": (2.0, 1e9, "most seconds of an upload"),
    "start_s": (3.0, 1e9, "most seconds from the start to ready"),
}


def run(what: str, found: argparse.Namespace) -> Figures:
    """One line of figures."""
    figures = Figures(f"load {what}", SQLITE)
    figures.count(
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
        command=shlex.join(["python", "-m", "tests.faults.load", *sys.argv[1:]]),
        load_before=round(os.getloadavg()[0], 1),
    )
    RUNS[what](figures, found)
    return figures


def status(figures: Figures, found: argparse.Namespace) -> None:
    """The state of plans that are done."""
    with service_of(SQLITE, workers=2, child_program=CHILD) as service:
        requests = _plans(service, found.plans)
        _warm(service, requests, found)
        for number in range(found.runs):
            told = asyncio.run(at_rate(service.port, requests, found.rate, found.seconds, LINES))
            peak = asyncio.run(as_fast_as_possible(service.port, requests, found.peak_s, LINES))
            _note(figures, number, at_rate=told, peak=peak)
        _expect(figures, "at_rate", rate=0.99 * found.rate, p99_ms=found.p99_ms)
        _expect(figures, "peak", rate=found.peak)
        figures.count(rss_mb=_rss_mb(service))


def status_while_planning(figures: Figures, found: argparse.Namespace) -> None:
    """The same while two plans run all the time."""
    with service_of(SQLITE, workers=2, child_program=CHILD) as service:
        requests = _plans(service, found.plans)
        with Caller(service.url) as caller:
            planned = _closed_set(caller, BATCHES / f"{found.planned}.csv")
            for number in range(40):
                caller.plan(planned, f"{found.planned} {number}", f"busy-{number}")
            _wait_for_two(caller)
            _warm(service, requests, found)
            for number in range(found.runs):
                told = asyncio.run(at_rate(service.port, requests, found.busy_rate, found.seconds, LINES))
                peak = asyncio.run(as_fast_as_possible(service.port, requests, found.peak_s, LINES))
                _note(figures, number, at_rate=told, peak=peak)
                figures.expect(_num_running(caller) > 0, "no plans were running any more")
        _expect(figures, "at_rate", rate=0.99 * found.busy_rate, p99_ms=found.busy_p99_ms)
        _expect(figures, "peak", rate=found.busy_peak)


def routes(figures: Figures, found: argparse.Namespace) -> None:
    """Questions about single shipments on the shipped network, each with all its ways checked."""
    questions = _questions(random.Random(20270301))
    with service_of(SQLITE, workers=0, child_program=CHILD) as service:
        requests = (post("/v1/routes:search", service.port, next(questions)) for _ in itertools.count())
        asyncio.run(at_rate(service.port, requests, 1, max(found.warm_s, 3), LINES))
        asyncio.run(at_rate(service.port, requests, found.route_rate, found.warm_s, 4 * LINES))
        seconds = found.route_pairs / found.route_rate
        for number in range(found.runs):
            told = asyncio.run(at_rate(service.port, requests, found.route_rate, seconds, 4 * LINES))
            _note(figures, number, at_rate=told)
        peak = asyncio.run(as_fast_as_possible(service.port, requests, min(seconds, found.peak_s), 8))
        figures.count(peak_a_second=round(peak.rate, 1), peak_errors=peak.errors, rss_mb=_rss_mb(service))
    _expect(figures, "at_rate", rate=0.97 * found.route_rate, p99_ms=found.route_p99_ms)


def upload(figures: Figures, found: argparse.Namespace) -> None:
    """A file of many rows, all of them good."""
    content = HEADER + "".join(ROW.format(at) for at in range(found.rows))
    with service_of(SQLITE, workers=0, child_program=CHILD) as service:
        seconds = []
        with httpx.Client(base_url=service.url, timeout=60) as client:
            for _ in range(1 + found.runs):
                made = client.post("/v1/batch-sets", json={"name": "load"}).json()
                begun = time.perf_counter()
                answer = client.post(
                    f"/v1/batch-sets/{made['id']}/uploads", files={"file": ("rows.csv", content.encode())}
                )
                seconds.append(time.perf_counter() - begun)
                figures.expect(answer.is_success, f"an upload was answered with {answer.status_code}")
                told = client.get(f"/v1/batch-sets/{made['id']}").json()
                figures.expect(told["numBatches"] == found.rows, f"{told['numBatches']} batches are there")
        worst = max(seconds[1:])
        figures.count(
            rows=found.rows, upload_s=[round(one, 2) for one in seconds[1:]], rss_mb=_rss_mb(service)
        )
        figures.expect(worst <= found.upload_s, f"an upload took {worst:.2f} s")


def cold_start(figures: Figures, found: argparse.Namespace) -> None:
    """From nothing to ready: with an empty data folder, then with the one that is there."""
    seconds = []
    with service_of(SQLITE, workers=1, child_program=CHILD) as service:
        for number in range(1 + found.runs):
            service.stop()
            if number == 0:
                shutil.rmtree(service.data)
                service.data.mkdir()
            begun = time.perf_counter()
            service.api.start()
            _wait_ready(service)
            seconds.append(time.perf_counter() - begun)
    figures.count(start_s=[round(one, 2) for one in seconds])
    figures.expect(max(seconds) <= found.start_s, f"a start took {max(seconds):.2f} s")


RUNS: dict[str, Callable[[Figures, argparse.Namespace], None]] = {
    "status": status,
    "status-while-planning": status_while_planning,
    "routes": routes,
    "upload": upload,
    "cold-start": cold_start,
}


def _plans(service: Service, num: int) -> Iterator[bytes]:
    """Requests for the states of some plans that are done."""
    with Caller(service.url) as caller:
        batch_set_id = caller.closed_set(2)
        made = [caller.plan(batch_set_id, f"plan {at}", f"plan-{at}")["id"] for at in range(num)]
        states = [caller.wait(plan_id, 120)["state"] for plan_id in made]
    if states != ["succeeded"] * num:
        raise RuntimeError(f"plans have {states}")
    return itertools.cycle([get(f"/v1/plans/{plan_id}", service.port) for plan_id in made])


def _closed_set(caller: Caller, path: Path) -> str:
    """A closed set of a file of batches."""
    made = caller.until_told("POST", "/v1/batch-sets", {"name": path.stem}).json()
    here = f"/v1/batch-sets/{made['id']}"
    file = (path.name, path.read_bytes())
    answer = httpx.post(f"{caller.url}{here}/uploads", files={"file": file}, timeout=60)
    answer.raise_for_status()
    caller.until_told("POST", f"{here}/close")
    identity: str = made["id"]
    return identity


def _num_running(caller: Caller) -> int:
    return len(caller.until_told("GET", "/v1/plans?state=running").json()["items"])


def _wait_for_two(caller: Caller) -> None:
    end = time.monotonic() + 60
    while _num_running(caller) < 2:
        if time.monotonic() > end:
            raise RuntimeError("no two plans come to run")
        time.sleep(0.2)


def _questions(rng: random.Random) -> Iterator[bytes]:
    """Random pairs of the shipped network: any maker, market and type, half of them with a due date."""
    network = read_network()
    plants = [place.id for place in network.places.values() if place.kind == "plant"]
    markets = [place.id for place in network.places.values() if place.kind == "compound"]
    types = list(network.vehicle_types)
    while True:
        ready = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
        question = {
            "origin": rng.choice(plants),
            "destination": rng.choice(markets),
            "vehicleType": rng.choice(types),
            "vehicles": rng.randint(1, 60),
            "ready": ready.isoformat(),
        }
        if rng.random() < 0.5:
            question["due"] = (ready + timedelta(days=rng.randint(25, 100))).isoformat()
        yield json.dumps(question).encode()


def _warm(service: Service, requests: Iterator[bytes], found: argparse.Namespace) -> None:
    asyncio.run(as_fast_as_possible(service.port, requests, found.warm_s, LINES))


def _note(figures: Figures, number: int, **told: Told) -> None:
    """Figures of one run, and what went wrong in it."""
    for name, one in told.items():
        kept = figures.counted.setdefault(name, [])
        kept.append(
            {
                "a_second": round(one.rate, 1),
                "p50_ms": one.ms(0.5),
                "p99_ms": one.ms(0.99),
                "max_ms": one.ms(1),
                "errors": one.errors,
            }
        )
        figures.expect(one.errors == 0, f"run {number + 1}, {name}: {dict(one.statuses)}")


def _expect(figures: Figures, name: str, rate: float = 0, p99_ms: float = 1e9) -> None:
    """Hold the worst of all runs against the goals."""
    runs = figures.counted[name]
    slowest, latest = min(one["a_second"] for one in runs), max(one["p99_ms"] for one in runs)
    figures.expect(slowest >= rate, f"{name}: {slowest} a second, wanted {rate:g}")
    figures.expect(latest <= p99_ms, f"{name}: 99 % within {latest} ms, wanted {p99_ms:g} ms")


def _wait_ready(service: Service) -> None:
    while True:
        try:
            if httpx.get(f"{service.url}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if not service.api.is_alive:
            raise RuntimeError("the service has ended")
        time.sleep(0.02)


def _rss_mb(service: Service) -> dict[str, int]:
    """Memory of the service and of the processes it has started."""
    process = psutil.Process(service.api.pid)
    children = [child.memory_info().rss for child in process.children(recursive=True)]
    return {"service": process.memory_info().rss // 1_000_000, "children": sum(children) // 1_000_000}


def main() -> None:
    found = asked(OPTIONS, sys.argv[1:])
    if found.what not in RUNS:
        sys.exit(f"--what is one of {', '.join(RUNS)}")
    figures = run(found.what, found)
    sys.stdout.write(figures.line() + "\n")
    sys.exit(1 if figures.misses else 0)


if __name__ == "__main__":
    main()
