"""Uploads that chance has changed: each gets an answer, soon, and none is a fault of ours.

``python -m tests.faults.fuzz_upload --n 10000`` starts a service and asks it, ``--url URL [--key KEY]
[--pid PID] [--log FILE]`` asks one that is running, ``--direct`` the desk that reads for it.
Prints one line of JSON; ends with 1 on a miss.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.fuzz_targets import Answer, HttpTarget, Target, desk_alone, serving
from tests.faults.mutations import NAMES, Mutator, batch_seeds, network_seeds

MOST_S = 5.0
MOST_GROWTH_MB = 100
NETWORK_SHARE = 0.15
WARM = 200
"""So many uploads are sent before memory is looked at: what is made once is no growth."""
MB = 1_000_000


@dataclass
class Tally:
    """What was counted."""

    n: int
    seed: int
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    misses: list[str] = field(default_factory=list)
    over_5_s: int = 0
    worst_s: float = 0
    rss_growth_mb: float = 0
    seconds: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, number: int, answer: Answer, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self.outcomes[answer.outcome] += 1
            self.worst_s = max(self.worst_s, seconds)
            self.over_5_s += seconds > MOST_S
            if answer.is_miss or seconds > MOST_S:
                self.misses.append(f"{number}: {answer.outcome}, {seconds:.1f} s: {answer.words[-2_000:]}")

    @property
    def is_missed(self) -> bool:
        """Whether a figure is not reached."""
        return bool(self.misses) or self.rss_growth_mb >= MOST_GROWTH_MB

    def told(self) -> dict[str, object]:
        """The line of JSON."""
        return {
            "uploads": self.n,
            "seed": self.seed,
            "misses": len(self.misses),
            "over_5_s": self.over_5_s,
            "worst_s": round(self.worst_s, 2),
            "rss_growth_mb": round(self.rss_growth_mb, 1),
            "seconds": round(self.seconds, 1),
            "outcomes": dict(self.outcomes.most_common()),
        }


def draw(seed: int, number: int, seeds: dict[str, list[bytes]]) -> tuple[str, bytes, str]:
    """Upload of a number: its kind, the file, its name; the same in every run."""
    chance = random.Random(f"{seed}/{number}")
    kind = "network" if chance.random() < NETWORK_SHARE else "batches"
    return kind, Mutator(chance, seeds[kind]).draw(), chance.choice(NAMES)


def fuzz(target: Target, n: int, seed: int, threads: int = 2, keep: Path | None = None) -> Tally:
    """Send n uploads, and end the target."""
    seeds = {"batches": batch_seeds(), "network": network_seeds()}
    tally = Tally(n, seed)

    def one(number: int) -> None:
        kind, content, name = draw(seed, number, seeds)
        began = time.monotonic()
        answer = target.send(kind, content, name, number)
        seconds = time.monotonic() - began
        if keep is not None and (answer.is_miss or seconds > MOST_S):
            (keep / f"{seed}-{number}-{kind}").write_bytes(content)
        tally.add(number, answer, seconds)

    began = time.monotonic()
    warm = min(n // 2, WARM)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(warm)))
        before = memory_mb(target)
        list(pool.map(one, range(warm, n)))
        tally.rss_growth_mb = memory_mb(target) - before
    tally.seconds = time.monotonic() - began
    tally.misses += target.close()
    return tally


def memory_mb(target: Target) -> float:
    """Memory of the processes that are watched."""
    return sum(process.memory_info().rss for process in target.processes()) / MB


@contextlib.contextmanager
def target_of(asked: argparse.Namespace) -> Iterator[Target]:
    """Who is asked."""
    if asked.direct:
        with desk_alone() as desk:
            yield desk
    elif asked.url:
        yield HttpTarget(asked.url, asked.key, asked.pid, asked.log)
    else:
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as service:
            yield service


def main() -> None:
    """Parse, fuzz, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20260304)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--direct", action="store_true")
    parser.add_argument("--url")
    parser.add_argument("--key")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for files that were a miss")
    asked = parser.parse_args()
    with target_of(asked) as target:
        tally = fuzz(target, asked.n, asked.seed, asked.threads, asked.keep)
    sys.stdout.write(json.dumps(tally.told()) + "\n")
    for miss in tally.misses[:20]:
        sys.stderr.write(miss + "\n")
    sys.exit(1 if tally.is_missed else 0)


if __name__ == "__main__":
    main()
