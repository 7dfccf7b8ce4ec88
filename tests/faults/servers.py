"""Real processes of the service, on loopback, with a data folder of their own: to be killed and paused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.faults.databases import SQLITE, Store, store_of
from tests.service.postgres import Postgres

HOSTILE = Path(__file__).with_name("hostile_child.py")
SERVER_KEY = "a server key for fault runs only, 32 bytes or more"
READY_S = 60.0
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "NUMBA_CACHE_DIR")
LANDBRIDGE = Path(sys.executable).with_name("landbridge")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@dataclass
class Program:
    """One process of the service; its log is kept over restarts."""

    command: str
    log: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    begun_at: int = 0

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as told:
            self.begun_at = told.tell()
            self.process = subprocess.Popen(
                [LANDBRIDGE, self.command],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                env=self.env,
                start_new_session=True,
            )

    def wait_for_line(self, mark: str) -> None:
        """Wait until it has logged something since it was started."""
        end = time.monotonic() + READY_S
        while mark not in self.log.read_text(errors="replace")[self.begun_at :]:
            if not self.is_alive or time.monotonic() > end:
                raise RuntimeError(f"it does not come to work:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.process is not None:
            self.send(signal.SIGKILL)
            self.process.wait()

    def end(self, seconds: float) -> float:
        """SIGTERM; how long it took. It is killed if that is too long."""
        assert self.process is not None
        begun = time.monotonic()
        self.send(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - begun


@dataclass
class Service:
    """All processes of one service: on SQLite one, on PostgreSQL an API and some workers.

    Parameters
    ----------
    workers
        On SQLite jobs that run at once, on PostgreSQL processes.
    threads
        Jobs that each process runs at once on PostgreSQL.
    settings
        More settings, by their names without ``LANDBRIDGE_``.
    env
        More environment, of one process that runs jobs.
    """

    store: Store
    data: Path
    workers: int
    threads: int = 1
    settings: dict[str, object] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    api: Program = field(init=False)
    others: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.api = Program(
            "serve", self.data.parent / "api.log", self._env(self.workers if self.is_one else 0)
        )
        if not self.is_one:
            self.others = [
                Program("worker", self.data.parent / f"worker-{number}.log", self._env(self.threads))
                for number in range(self.workers)
            ]

        (self.others or [self.api])[0].env.update(self.env)

    @property
    def is_one(self) -> bool:
        """Whether API and worker are one process."""
        return self.store.kind == SQLITE

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def programs(self) -> list[Program]:
        return [self.api, *self.others]

    def start(self) -> None:
        """Start what does not run, and wait until all of it is at work."""
        begun = [program for program in self.programs if not program.is_alive]
        for program in begun:
            program.start()
        if self.api in begun:
            self.wait_ready()
        for program in begun:
            if program is not self.api:
                program.wait_for_line('"worker ready"')

    def wait_ready(self, seconds: float = READY_S) -> float:
        """Wait for an answer; how long it took."""
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health", timeout=2).status_code == 200:
                    return time.monotonic() - begun
            if not self.api.is_alive:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the service does not answer:\n{self.api.log.read_text()[-3000:]}")

    def make_key(self, tenant: str) -> str:
        """A key of a tenant, as an operator makes it."""
        words = [LANDBRIDGE, "key", "create", "--tenant", tenant, "--label", "faults"]
        done = subprocess.run(words, env=self.api.env, capture_output=True, text=True, check=True)
        return next(word for word in done.stdout.split() if word.startswith("lb_"))

    def stop(self) -> None:
        """End all of it."""
        for program in self.programs:
            program.send(signal.SIGCONT) if program.is_alive else None
            program.kill()

    def log_lines(self) -> list[dict[str, Any]]:
        """Log lines of all processes."""
        found = []
        for program in self.programs:
            if program.log.exists():
                for line in program.log.read_text(errors="replace").splitlines():
                    with suppress(json.JSONDecodeError):
                        told = json.loads(line)
                        if isinstance(told, dict):
                            found.append(told)
        return found

    def tracebacks(self) -> int:
        """How many faults are in the logs: none should be."""
        return sum(
            "Traceback (most recent call last)" in line
            for program in self.programs
            if program.log.exists()
            for line in program.log.read_text(errors="replace").splitlines()
        )

    def children(self) -> list[int]:
        """Processes of jobs: they have their folder as an argument."""
        marks = (f"{self.data}/jobs/job-", f"{self.data}/worker-")
        return [pid for pid, words in command_lines() if any(mark in words for mark in marks)]

    def _env(self, workers: int) -> dict[str, str]:
        limits = {"limits__queued_jobs": 10_000, "limits__running_jobs": 16}
        given = {
            **limits,
            "child_program": HOSTILE,
            "reap_s": 1,
            "warm_routes": False,
            "data": self.data,
            "port": self.port,
            "workers": workers,
            "server_key": SERVER_KEY,
            **self.settings,
        }
        if not self.is_one:
            given["database"] = self.store.url
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return kept | {f"LANDBRIDGE_{name.upper()}": str(value) for name, value in given.items()}


@contextmanager
def service_of(
    kind: str,
    *,
    workers: int = 2,
    threads: int = 1,
    cluster: Postgres | None = None,
    folder: Path | None = None,
    env: dict[str, str] | None = None,
    **settings: object,
) -> Iterator[Service]:
    """A service that runs while the block does; its folder is taken away afterwards."""
    own = Path(tempfile.mkdtemp(prefix="lb-fault-", dir=folder))
    data = own / "data"
    data.mkdir()
    try:
        with store_of(kind, data, cluster) as store:
            service = Service(store, data, workers, threads, settings, env or {})
            try:
                service.start()
                yield service
            finally:
                service.stop()
    finally:
        shutil.rmtree(own, ignore_errors=True)


def parents() -> dict[int, int]:
    """Processes of this machine that are no zombies, and who began them."""
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    found[int(path.name)] = int(parent)
    return found


def descendants(pid: int) -> list[int]:
    """Processes that a process has begun, and those they have begun."""
    begun_by = parents()
    found = [pid]
    for one in found:
        found += [child for child, parent in begun_by.items() if parent == one]
    return found[1:]


def is_gone(pid: int, seconds: float) -> bool:
    """Whether a process ends soon."""
    end = time.monotonic() + seconds
    while pid in parents():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def command_lines() -> Iterator[tuple[int, str]]:
    """Processes of this machine that are no zombies, and their command lines."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                words = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if words:
                    yield int(path.name), words
