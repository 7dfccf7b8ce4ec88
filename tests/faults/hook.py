"""Webhooks under fire: processes are killed, the receiver is down, URLs lead where nothing may be sent.

    python -m tests.faults.hook --events 500 --down 60 --kill 5
    python -m tests.faults.hook --events 500 --down 0 --kill 0 --rate 50

Prints one line of JSON with what was counted; exits with 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.hook_receiver import Arrival, Canary, Receiver, hanging, own_address
from tests.faults.hook_service import Service

PATH = "/v1/webhook-endpoints"
BATCH = {
    "externalRef": "B1", "shipper": "BYD", "origin": "BYD-CGO", "destination": "CMP-RUHR",
    "vehicleType": "atto-3", "vehicles": "3", "ready": "2027-03-04", "due": "2027-05-31",
}  # fmt: skip
DEADLINE_S = 1.0
TESTS_OF_TEN = 9
"""Of ten events so many are test messages, which share a sequence; the others are cancelled plans."""
LAST_WAIT_S = 240.0


@dataclass
class Run:
    """One run, and what the service has promised in it."""

    arguments: argparse.Namespace
    service: Service
    receiver: Receiver
    canary: Canary
    draw: random.Random
    endpoint_id: str = ""
    flipped_id: str = ""
    promised_events: dict[str, float] = field(default_factory=dict)
    promised_plans: set[str] = field(default_factory=set)
    refused: int = 0
    forbidden: int = 0

    def register(self, url: str, **more: Any) -> dict[str, Any]:
        answer = self.service.ask("POST", PATH, json={"url": url, **more}, key=f"register-{url}")
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def try_forbidden(self) -> None:
        """Register what leads to the canary, or elsewhere where nothing may be sent."""
        hosts = [
            "0.0.0.0",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "169.254.169.254",
            "2130706433",
        ]
        own = own_address()
        for host in (*hosts, *([] if own is None else [own])):
            self.forbidden += 1
            url = f"http://{host}:{self.canary.port}/"
            self.refused += self.service.ask("POST", PATH, json={"url": url}).status_code == 422

    def close_batch_set(self) -> str:
        made = self.service.ask("POST", "/v1/batch-sets", json={"name": "hooks"}, key="set")
        here = made.headers["location"]
        self.service.ask("POST", f"{here}/batches", json={"batches": [BATCH]}, key="batches")
        closed = self.service.ask("POST", f"{here}/close", key="close").json()
        assert closed["state"] == "closed", closed
        return str(closed["id"])

    def flip(self) -> None:
        """A receiver that was good when it was registered leads to the canary now, as a name can."""
        url = f"http://0.0.0.0:{self.canary.port}/"
        self.service.execute(
            f"update webhook_endpoints set url = '{url}' where endpoint_id = '{self.flipped_id}'"
        )

    def issue(self, number: int, batch_set_id: str) -> None:
        """Make one event; its call is repeated until it is answered, so it is made exactly once."""
        if number % 10 < TESTS_OF_TEN:
            made = self.service.ask("POST", f"{PATH}/{self.endpoint_id}/test", key=f"event-{number}")
            assert made.status_code == 202, made.text
            self.promised_events[made.json()["eventId"]] = time.monotonic()
            return
        body = {"batchSetId": batch_set_id, "externalRef": f"plan-{number}"}
        made = self.service.ask("POST", "/v1/plans", json=body, key=f"event-{number}")
        assert made.status_code == 202, made.text
        self.service.ask("POST", f"/v1/plans/{made.json()['id']}/cancel", key=f"cancel-{number}")
        self.promised_plans.add(made.json()["id"])

    def issue_all(self, seconds: float) -> None:
        """All events, spread over some time."""
        batch_set_id = self.close_batch_set()
        began = time.monotonic()

        def issue_in_time(number: int) -> None:
            time.sleep(max(0.0, began + seconds * number / self.arguments.events - time.monotonic()))
            self.issue(number, batch_set_id)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(issue_in_time, number) for number in range(self.arguments.events)]:
                done.result()

    def kill_all(self, seconds: float) -> None:
        """All kills, at random moments, the first while the receiver is down; meanwhile another one flips."""
        first = self.arguments.down / 2
        moments = [first, *sorted(self.draw.uniform(first, seconds) for _ in range(self.arguments.kill - 1))]
        began = time.monotonic()
        for number, moment in enumerate(moments[: self.arguments.kill]):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            self.service.kill_one(self.draw, self.flip if number == 0 else None)

    def is_complete(self) -> bool:
        arrivals = list(self.receiver.arrivals)
        return count_arrivals(arrivals, set(self.promised_events), self.promised_plans)["missing"] == 0

    def list_delays_ms(self) -> list[int]:
        """From the answer to a test message's call to its arrival, of each, in order of size."""
        first: dict[str, float] = {}
        for arrival in self.receiver.arrivals:
            if arrival.is_taken:
                first.setdefault(arrival.event_id, arrival.at)
        found = [first[event_id] - at for event_id, at in self.promised_events.items() if event_id in first]
        return sorted(round(max(0.0, delay) * 1000) for delay in found)

    def count_deliveries(self, endpoint_id: str, state: str) -> int:
        path = f"{PATH}/{endpoint_id}/deliveries?limit=1000&state={state}"
        return len(self.service.ask("GET", path).json()["items"])

    def count_flipped(self) -> int:
        """Deliveries to the receiver that flipped which the guard has stopped at a try."""
        items = self.service.ask("GET", f"{PATH}/{self.flipped_id}/deliveries?limit=1000").json()["items"]
        return sum("no address" in (item["error"] or "") for item in items)


def play(run: Run) -> None:
    """The story: everything at once, then peace until all has arrived."""
    arguments = run.arguments
    seconds = max(arguments.down * 1.5, arguments.kill * 2.0)
    if arguments.rate:
        seconds = arguments.events / arguments.rate
    threads = [
        threading.Thread(target=run.issue_all, args=(seconds,)),
        threading.Thread(target=run.kill_all, args=(seconds,)),
    ]
    for thread in threads:
        thread.start()
    if arguments.down:
        run.receiver.be_down(arguments.down)
    for thread in threads:
        thread.join()
    end = time.monotonic() + LAST_WAIT_S
    while time.monotonic() < end and not run.is_complete():
        time.sleep(0.1)
    while time.monotonic() < end and run.count_deliveries(run.endpoint_id, "delivered") < arguments.events:
        time.sleep(0.2)


def count_arrivals(
    arrivals: list[Arrival], promised_events: set[str], promised_plans: set[str]
) -> dict[str, int]:
    """What has arrived of what was promised, and what is wrong with it."""
    taken = [arrival for arrival in arrivals if arrival.is_taken]
    bodies: dict[str, set[bytes]] = defaultdict(set)
    ids: dict[bytes, set[str]] = defaultdict(set)
    for arrival in arrivals:
        bodies[arrival.event_id].add(arrival.body)
        ids[arrival.body].add(arrival.event_id)
    sequences: dict[str, set[int]] = defaultdict(set)
    for arrival in taken:
        sequences[arrival.object_id].add(arrival.told["data"]["sequence"])
    times = Counter(arrival.event_id for arrival in taken)
    return {
        "promised": len(promised_events) + len(promised_plans),
        "distinct": len(times),
        "missing": len(promised_events - set(times)) + len(promised_plans - set(sequences)),
        "twice": sum(number > 1 for number in times.values()),
        "tries": len(arrivals),
        "bad_signatures": sum(not arrival.is_signed for arrival in arrivals),
        "unstable_ids": sum(len(found) > 1 for found in (*bodies.values(), *ids.values())),
        "gaps": sum(found != set(range(1, len(found) + 1)) for found in sequences.values()),
    }


def count(run: Run) -> dict[str, int]:
    """What came of it, in figures."""
    figures = count_arrivals(list(run.receiver.arrivals), set(run.promised_events), run.promised_plans)
    delays_ms = run.list_delays_ms() or [0]
    return {
        **figures,
        "delay_p50_ms": delays_ms[len(delays_ms) // 2],
        "delay_p99_ms": delays_ms[len(delays_ms) * 99 // 100],
        "not_delivered": figures["promised"] - run.count_deliveries(run.endpoint_id, "delivered"),
        "forbidden_urls": run.forbidden,
        "forbidden_refused": run.refused,
        "flipped_refused": run.count_flipped(),
        "canary": run.canary.reached,
        "kills": run.service.kills,
        "tracebacks": run.service.count_tracebacks(),
    }


def list_misses(figures: dict[str, int], arguments: argparse.Namespace) -> list[str]:
    """What is not as it must be."""
    none = ("missing", "bad_signatures", "unstable_ids", "gaps", "not_delivered", "canary", "tracebacks")
    misses = [name for name in none if figures[name] != 0]
    equal = {
        "promised": arguments.events,
        "distinct": arguments.events,
        "kills": arguments.kill,
        "forbidden_refused": figures["forbidden_urls"],
    }
    misses += ["flipped_refused"] if arguments.kill and not figures["flipped_refused"] else []
    return misses + [name for name, wanted in equal.items() if figures[name] != wanted]


def main() -> int:
    parser = argparse.ArgumentParser(description="Webhooks while processes die and receivers fail.")
    parser.add_argument("--events", type=int, default=40)
    parser.add_argument("--down", type=float, default=2, help="seconds that the receiver is down")
    parser.add_argument("--kill", type=int, default=2, help="times a process is killed")
    parser.add_argument("--rate", type=float, help="events a second; by default spread over the faults")
    parser.add_argument("--database", help="postgresql://... of an empty database, instead of SQLite")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    # Waits so short that a try comes after the receiver is back: the fourth, or the fifth after a long time.
    scale = max(0.001, arguments.down / (1_500 if arguments.down < 10 else 6_000))
    environment = {
        "LANDBRIDGE_WEBHOOK_LOOPBACK": "true",
        "LANDBRIDGE_WEBHOOK_WAIT_SCALE": str(scale),
        "LANDBRIDGE_LIMITS__WEBHOOK_S": str(DEADLINE_S),
    }
    canary = Canary()
    receiver = Receiver(f"http://127.0.0.1:{canary.port}/")
    with (
        tempfile.TemporaryDirectory(prefix="lb-hook-") as folder,
        Service(Path(folder), arguments.database, environment) as service,
        hanging() as dead,
    ):
        run = Run(arguments, service, receiver, canary, random.Random(arguments.seed))
        run.try_forbidden()
        main_endpoint = run.register(receiver.url)
        receiver.secret, run.endpoint_id = main_endpoint["secret"], main_endpoint["id"]
        run.register(dead, events=["plan.cancelled"])
        run.flipped_id = run.register(f"{dead}flips", events=["plan.cancelled"])["id"]
        play(run)
        figures = count(run)
    receiver.close()
    canary.close()
    misses = list_misses(figures, arguments)
    kind = "sqlite" if arguments.database is None else "postgresql"
    told = {
        "script": "hook", "database": kind, "down_s": arguments.down, **figures,
        "seconds": round(time.monotonic() - began, 1), "misses": misses,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
