"""The disk is full: nothing acknowledged is lost, and all goes on by itself once there is room again.

The data folder is a file system of its own where we may mount one; else the size of files is limited.
On PostgreSQL the folders of jobs are on the full disk, the database is not.

    python -m tests.faults.disk_full --database postgresql
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.calls import Caller, Ledger
from tests.faults.figures import Figures, main
from tests.faults.kill_loop import mixed_results
from tests.faults.servers import Service, service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "rounds": (6, 1, "times that the disk is full"),
    "seconds": (8.0, 3.0, "each time"),
    "size_mb": (12, 12, "size of the file system"),
    "mode": ("tmpfs", "tmpfs", "tmpfs or rlimit"),
}
MB = 1_000_000


class Room(ABC):
    """What can be taken away and given back."""

    @abstractmethod
    def fill(self) -> None:
        """Leave no room."""

    @abstractmethod
    def free(self) -> None:
        """Give it back."""


@dataclass
class Disk(Room):
    """A small file system that is filled by a file."""

    folder: Path

    def fill(self) -> None:
        with (self.folder / "ballast").open("ab", buffering=0) as file:
            for size in (65536, 4096, 512, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"\0" * size)

    def free(self) -> None:
        (self.folder / "ballast").unlink()


@dataclass
class FileSize(Room):
    """Files of our processes may not grow beyond what they are."""

    service: Service

    def fill(self) -> None:
        self._limit(4096)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        for program in self.service.programs:
            resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@dataclass
class Load:
    """A client that makes batch sets and plans all the time, and notes what is acknowledged."""

    service: Service
    ledger: Ledger
    batch_set_id: str
    round: int
    statuses: Counter[int] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        with Caller(self.service.url) as caller:
            while not self.stopping.is_set():
                number += 1
                body = {"batchSetId": self.batch_set_id, "externalRef": f"big 100 0.2 {self.round}-{number}"}
                for path, sent in (("/v1/batch-sets", {"name": "x" * 200}), ("/v1/plans", body)):
                    if path.endswith("plans") and number % 10 != 1:
                        continue
                    answer = caller.once("POST", path, sent, f"key-{self.round}-{number}")
                    if answer is not None and answer.status_code in (201, 202):
                        self.ledger.note(path=path, id=answer.json()["id"])
                time.sleep(0.03)
            self.statuses.update(caller.statuses)


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """A file system of some megabytes, if we may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="lb-disk-"))
    words = ["-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    subprocess.run(["mount", *words], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
        folder.rmdir()


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    mode = asked.mode if os.getuid() == 0 else "rlimit"
    figures = Figures("disk_full", kind)
    figures.count(mode=mode, rounds=asked.rounds)
    limits = {"lease_s": 5, "heartbeat_s": 1, "workers": 1}
    if mode == "rlimit":
        with service_of(kind, cluster=cluster, **limits) as service:
            _rounds(figures, service, FileSize(service), asked)
    else:
        with (
            small_disk(asked.size_mb) as folder,
            service_of(kind, cluster=cluster, folder=folder, **limits) as one,
        ):
            _rounds(figures, one, Disk(folder), asked)
    return figures


def _rounds(figures: Figures, service: Service, room: Room, asked: argparse.Namespace) -> None:
    pids = [program.pid for program in service.programs]
    statuses: Counter[int] = Counter()
    recovery_s: list[float] = []
    in_results = []
    with tempfile.TemporaryDirectory() as elsewhere, Caller(service.url) as caller:
        ledger = Ledger(Path(elsewhere) / "acknowledged.jsonl")
        batch_set_id = caller.closed_set()
        for number in range(asked.rounds):
            load = Load(service, ledger, batch_set_id, number)
            sending = threading.Thread(target=load.run)
            # This one wants to leave its results while there is no room.
            held = caller.plan(batch_set_id, f"big 300 1.5 held {number}", f"held-{number}")["id"]
            ledger.note(path="/v1/plans", id=held)
            in_results.append(held)
            sending.start()
            time.sleep(1.0)
            room.fill()
            time.sleep(asked.seconds)
            load.stopping.set()
            sending.join()
            statuses += load.statuses
            room.free()
            begun = time.monotonic()
            first = caller.once("POST", "/v1/batch-sets", {"name": "first after"}, f"first-{number}")
            recovery_s.append(time.monotonic() - begun)
            is_well = first is not None and first.status_code == 201
            figures.expect(
                is_well, f"first write after there is room: {first and (first.status_code, first.text)}"
            )
            if is_well:
                ledger.note(path="/v1/batch-sets", id=first.json()["id"])
        ended = [caller.wait(one, 90)["state"] for one in in_results]
        left = _wait_for_all(service, 120)
        _judge(figures, service, ledger)
    errors = {status: number for status, number in statuses.items() if status not in (201, 202)}
    figures.count(
        answers={str(status): number for status, number in sorted(statuses.items())},
        first_write_s=round(max(recovery_s), 2),
        held_jobs=Counter(ended),
        left=len(left),
        restarts=sum(one != program.pid for one, program in zip(pids, service.programs, strict=True)),
    )
    figures.expect(set(errors) <= {503, 507}, f"error answers: {errors}")
    if service.is_one:
        figures.expect(statuses[507] > 0, "the disk was never full")
    figures.expect(set(ended) == {"succeeded"}, f"jobs that met the full disk: {ended}")
    figures.expect(not left, f"jobs that did not end: {left[:3]}")
    figures.expect(all(program.is_alive for program in service.programs), "a process has ended")
    figures.expect(figures.counted["restarts"] == 0, "a process was started again")


def _judge(figures: Figures, service: Service, ledger: Ledger) -> None:
    store = service.store
    there = {row["id"] for row in store.rows("select plan_id as id from plans")}
    there |= {row["id"] for row in store.rows("select batch_set_id as id from batch_sets")}
    lost = [entry["id"] for entry in ledger.entries if entry["id"] not in there]
    failed = store.rows("select job_id, failure from jobs where state in ('failed', 'cancelled')")
    mixed = mixed_results(store)
    figures.count(acknowledged=len(ledger.entries), lost=len(lost), failed_jobs=len(failed), mixed=len(mixed))
    put_off = [line for line in service.log_lines() if line.get("outcome") == "put off"]
    figures.count(put_off=len(put_off))
    if not service.is_one:
        figures.expect(bool(put_off), "no job met the full disk")
    figures.count(integrity="ok" if not store.faults() else store.faults()[:3])
    figures.expect(not lost, f"lost: {lost[:3]}")
    figures.expect(not failed, f"failed: {failed[:3]}")
    figures.expect(not mixed, f"results of two attempts: {mixed[:3]}")
    figures.expect(not store.faults(), "the database is not sound")


def _wait_for_all(service: Service, seconds: float) -> list[str]:
    end = time.monotonic() + seconds
    while True:
        left = service.store.rows("select job_id from jobs where state in ('queued', 'running')")
        if not left or time.monotonic() > end:
            return [row["job_id"] for row in left]
        time.sleep(0.5)


if __name__ == "__main__":
    main(run, **OPTIONS)
