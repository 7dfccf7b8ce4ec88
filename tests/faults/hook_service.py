"""The service as processes of its own, that are killed and come back, and a client that does not give up."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Service:
    """One process on SQLite; two on PostgreSQL. Each has a port and a data folder of its own."""

    def __init__(self, folder: Path, database: str | None, environment: dict[str, str]) -> None:
        self.folder = folder
        self.database = database
        self._environment = {**os.environ, "LANDBRIDGE_SERVER_KEY": "0123456789abcdef" * 4, **environment}
        self._ports = [free_port() for _ in range(1 if database is None else 2)]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.kills = 0

    def __enter__(self) -> Self:
        # The first one makes the tables; the others may come up while it works.
        for number, port in enumerate(self._ports):
            self._start(port)
            if number == 0:
                self._wait_until_ready(port)
        return self

    def __exit__(self, *_: object) -> None:
        for port in self._ports:
            self._kill(port)

    def kill_one(self, draw: random.Random, while_dead: Any = None) -> None:
        """Kill a process that is at work as if the power had failed, and start it again."""
        port = draw.choice(self._ports)
        self._wait_until_ready(port)
        self._kill(port)
        self.kills += 1
        if while_dead is not None:
            while_dead()
        self._start(port)

    def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        """Call any of the processes, again and again until one answers: as an ERP with a key would."""
        headers = more.pop("headers", {}) | ({} if key is None else {"Idempotency-Key": key})
        end = time.monotonic() + PATIENCE_S
        while True:
            url = f"http://127.0.0.1:{random.choice(self._ports)}{path}"
            with contextlib.suppress(httpx.TransportError):
                answer = httpx.request(method, url, headers=headers, timeout=10, **more)
                if answer.status_code < 500:
                    return answer
            if time.monotonic() > end:
                raise TimeoutError(f"{method} {path}: no answer for {PATIENCE_S:g} s")
            time.sleep(0.05)

    def execute(self, statement: str) -> None:
        """Change the database behind the back of the service."""
        if self.database is not None:
            subprocess.run(
                ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.database], check=True
            )
            return
        with contextlib.closing(sqlite3.connect(self._data(self._ports[0]) / "landbridge.db")) as connection:
            connection.execute(statement)
            connection.commit()

    def count_tracebacks(self) -> int:
        """How often a process has logged a fault of its own."""
        return sum(path.read_text(encoding="utf-8").count("Traceback") for path in self.folder.glob("*.log"))

    def _data(self, port: int) -> Path:
        return self.folder / f"data-{port}"

    def _start(self, port: int) -> None:
        command = [sys.executable, str(ROOT / "cli.py"), "serve", "--workers", "0", "--port", str(port)]
        command += ["--data", str(self._data(port))]
        if self.database is not None:
            command += ["--database", self.database]
        with (self.folder / f"{port}.log").open("ab") as log:
            self._processes[port] = subprocess.Popen(
                command,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
            )

    def _kill(self, port: int) -> None:
        process = self._processes[port]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _wait_until_ready(self, port: int) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).status_code == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError((self.folder / f"{port}.log").read_text(encoding="utf-8")[-2_000:])
