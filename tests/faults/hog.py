"""Jobs that take too much memory or time, or die: each ends by name and in time, and harms nobody else.

python -m tests.faults.hog --database postgresql
"""

from __future__ import annotations

import argparse
import threading
import time
from datetime import datetime
from typing import Any

from tests.faults.calls import Caller
from tests.faults.figures import Figures, main, percentile
from tests.faults.servers import Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "memory_mb": (1_000, 200, "cap of a job"),
    "p99_ms": (300.0, 1_000.0, "most that 99 % of status calls may take while a job takes all memory"),
    "limited": (50, 3, "jobs with a time limit that do not end by themselves"),
    "limit": (5, 1, "their time limit in seconds"),
    "poison": (5, 1, "jobs that kill their process"),
    "good": (50, 3, "jobs beside them"),
    "real": (1, 0, "jobs planned for real after the hogs"),
    "at_once": (12, 8, "jobs at once"),
}
GRACE_S = 10
WAYS = ("deaf", "obedient", "obedient", "obedient", "busy", "obedient", "obedient", "obedient")


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("hog", kind)
    at_once = {"workers": asked.at_once} if kind == "sqlite" else {"workers": 1, "threads": asked.at_once}
    with service_of(kind, cluster=cluster, limits__job_mb=asked.memory_mb, **at_once) as service:
        pids = [program.pid for program in service.programs]
        with Caller(service.url) as caller:
            batch_set_id = caller.closed_set()
            # In the short form all at once: there is room for all jobs.
            limited = _limited(caller, batch_set_id, asked) if asked.short else []
            _memory(figures, service, caller, batch_set_id, asked)
            _poison(figures, caller, batch_set_id, asked)
            _time(figures, caller, limited or _limited(caller, batch_set_id, asked), asked)
            figures.count(
                errors_5xx=sum(number for status, number in caller.statuses.items() if status >= 500)
            )
        is_up = all(program.is_alive for program in service.programs)
        figures.count(children_left=len(service.children()))
        figures.expect(is_up and pids == [program.pid for program in service.programs], "a process has ended")
        figures.expect(not service.children(), "children are left")
    figures.expect(figures.counted["errors_5xx"] == 0, "the service answered with an error")
    return figures


def _memory(
    figures: Figures, service: Service, caller: Caller, batch_set_id: str, asked: argparse.Namespace
) -> None:
    """One process takes too much, then a process with a child of its own; the next job runs."""
    quiet_ms = _latency(service.url, 2.0)
    late_s, codes, busy_ms = [], [], []
    for number, way in enumerate(("memory", "family")):
        told: dict[str, Any] = {}
        passed = service.data / "passed"
        passed.unlink(missing_ok=True)
        watch = threading.Thread(target=lambda: busy_ms.extend(_latency(service.url, 60.0, told)))  # noqa: B023
        watch.start()
        plan_id = caller.plan(batch_set_id, f"{way} {asked.memory_mb} {number}", f"{way}-{number}")["id"]
        done = caller.wait(plan_id, 60)
        told["is_over"] = True
        watch.join()
        ended_at = datetime.fromisoformat(done["finishedAt"]).timestamp()
        # Two processes together may be found too large before one of them says so of itself.
        late_s.append(ended_at - float(passed.read_text()) if passed.exists() else 0.0)
        codes.append(done["failure"] and done["failure"]["code"])
    wishes = [f"real after {number}" for number in range(asked.real)] or ["quick 0 after"]
    after = [caller.wait(caller.plan(batch_set_id, wish, wish)["id"], 120)["state"] for wish in wishes]
    p99_ms = percentile(busy_ms, 0.99)
    figures.count(
        memory=codes,
        late_s=[round(one, 2) for one in late_s],
        next_job=after,
        p99_ms=round(p99_ms, 1),
        p99_quiet_ms=round(percentile(quiet_ms, 0.99), 1),
        calls=len(busy_ms),
    )
    figures.expect(codes == ["memory", "memory"], f"failures of hogs: {codes}")
    figures.expect(max(late_s) <= 5, f"ended {max(late_s):.1f} s after passing the cap")
    figures.expect(set(after) == {"succeeded"}, f"the next job: {after}")
    figures.expect(p99_ms <= asked.p99_ms, f"p99 of status calls is {p99_ms:.0f} ms")


def _limited(caller: Caller, batch_set_id: str, asked: argparse.Namespace) -> list[tuple[str, str]]:
    """Queue jobs that end only when told to, or not even then: how they behave, and their ids."""
    ways = [WAYS[number % len(WAYS)] for number in range(asked.limited)]
    plans = [
        caller.plan(batch_set_id, f"{way} {number}", f"limited-{number}", timeLimitS=asked.limit)["id"]
        for number, way in enumerate(ways)
    ]
    return list(zip(ways, plans, strict=True))


def _time(figures: Figures, caller: Caller, plans: list[tuple[str, str]], asked: argparse.Namespace) -> None:
    """Time limits of these jobs were kept."""
    done = [(way, caller.wait(plan_id, 300)) for way, plan_id in plans]
    seconds = [_seconds(one) for _, one in done]
    kept = sum(one <= asked.limit + GRACE_S for one in seconds)
    wrong = [
        (way, one["state"], one["failure"])
        for way, one in done
        if not (
            (one["state"] == "succeeded" and one["summary"]["stoppedBy"] == "time")
            if way == "obedient"
            else (one["failure"] or {}).get("code") == "time"
        )
    ]
    figures.count(
        time_limits=asked.limited,
        time_limits_kept=kept,
        slowest_s=round(max(seconds), 2),
        deaf=sum(way == "deaf" for way, _ in done),
        wrong_ends=len(wrong),
    )
    figures.expect(kept == asked.limited, f"{asked.limited - kept} jobs ended too late: {max(seconds):.1f} s")
    figures.expect(not wrong, f"ended otherwise: {wrong[:3]}")


def _poison(figures: Figures, caller: Caller, batch_set_id: str, asked: argparse.Namespace) -> None:
    """Jobs that kill their process, among good ones."""
    every = max(1, asked.good // asked.poison)
    wishes = []
    for number in range(asked.good):
        wishes += [f"quick 0.1 good {number}"]
        if number % every == 0 and number // every < asked.poison:
            wishes += [f"segv {number}"]
    plans = [(wish, caller.plan(batch_set_id, wish, wish)["id"]) for wish in wishes]
    done = [(wish, caller.wait(plan_id, 300)) for wish, plan_id in plans]
    good = [one for wish, one in done if wish.startswith("quick")]
    bad = [one for wish, one in done if wish.startswith("segv")]
    named = [one for one in bad if one["state"] == "failed" and one["failure"]["code"] == "crashed"]
    tries = sorted({one["attempts"] for one in bad})
    figures.count(
        poison=len(bad),
        poison_failed_by_name=len(named),
        tries=tries,
        good=len(good),
        good_done=sum(one["state"] == "succeeded" for one in good),
    )
    figures.expect(len(named) == len(bad) == asked.poison, f"poison jobs: {[one['failure'] for one in bad]}")
    figures.expect(all("SIGSEGV" in one["failure"]["detail"] for one in named), "the signal is not named")
    figures.expect(tries == [3], f"tries of poison jobs: {tries}")
    figures.expect(all(one["state"] == "succeeded" for one in good), "a good job did not succeed")


def _latency(url: str, seconds: float, told: dict[str, Any] | None = None) -> list[float]:
    """Milliseconds of calls for a list of plans, 50 a second."""
    found = []
    end = time.monotonic() + seconds
    with Caller(url) as caller:
        while time.monotonic() < end and not (told or {}).get("is_over"):
            begun = time.perf_counter()
            caller.once("GET", "/v1/plans?limit=10")
            took = time.perf_counter() - begun
            found.append(1000 * took)
            time.sleep(max(0.0, 0.02 - took))
    return found


def _seconds(told: dict[str, Any]) -> float:
    begun, ended = (datetime.fromisoformat(told[name]).timestamp() for name in ("startedAt", "finishedAt"))
    return ended - begun


if __name__ == "__main__":
    main(run, **OPTIONS)
