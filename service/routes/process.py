"""The desk's side of one process that answers: started when needed, asked, held to its bounds, ended."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import psutil

from service.intake import wire
from service.routes.messages import MOST_BYTES, SEARCHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.routes.bounds import RouteBounds

PROGRAM = "service.routes.child"
GRACE_S = 10
"""Beyond the longest search: some steps of it are long, and others keep the processor busy."""
_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "NUMBA_CACHE_DIR", "LD_LIBRARY_PATH"),
    "SYSTEMROOT",
)
"""The environment of the process: nothing secret is handed down."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_LOOK_MS = 250
"""How often its memory is looked at while it works."""
_SEND_S = 5.0
_FULL = 0.9
"""A process that has taken so much of its memory is replaced before the next question."""
_MB = 1_000_000


class LostError(Exception):
    """The process has ended in the middle of a question."""


class OverdueError(Exception):
    """The process took too long, or too much memory, and was ended."""


class Process:
    """One process; one question at a time.

    Parameters
    ----------
    bounds
        What it may take.
    """

    def __init__(self, bounds: RouteBounds) -> None:
        self._bounds = bounds
        self._connection, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-m", PROGRAM, json.dumps(asdict(bounds))],
                stdin=far.fileno(),
                stdout=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it is there still."""
        return self._process.poll() is None

    @property
    def is_full(self) -> bool:
        """Whether it has taken so much memory that another should take its place."""
        return self._memory_mb() > _FULL * self._bounds.memory_mb

    def ask(self, head: Mapping[str, object], question: bytes) -> tuple[bytes, ...]:
        """Have a request done; the word of the answer and what belongs to it.

        Raises
        ------
        LostError
            If the process ends before it has answered.
        OverdueError
            If it takes longer, or more memory, than it may; then it is ended.
        """
        until = time.monotonic() + self._bounds.prepare_s
        try:
            wire.send(self._connection, (json.dumps(head).encode(), question), time.monotonic() + _SEND_S)
            while True:
                self._wait(until)
                parts = wire.receive(self._connection, MOST_BYTES, time.monotonic() + _SEND_S)
                if parts[0] != SEARCHING:
                    return parts
                until = time.monotonic() + self._bounds.search_s + GRACE_S
        except (wire.BrokenMessageError, TimeoutError) as error:
            self.end()
            raise LostError(str(error)) from error

    def kill(self) -> None:
        """End it, whatever it is doing; whoever asks it is told so."""
        self._process.kill()

    def end(self) -> None:
        """See it out: nobody may be asking it."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _wait(self, until: float) -> None:
        """Wait for a message, and watch time and memory meanwhile."""
        arrivals = select.poll()  # ``select.select`` knows only the first 1,024 files that a process opens
        arrivals.register(self._connection, select.POLLIN)
        while not arrivals.poll(_LOOK_MS):
            if time.monotonic() > until:
                self.end()
                raise OverdueError("the search takes longer than it may")
            if self._memory_mb() > self._bounds.memory_mb:
                self.end()
                raise OverdueError("the search takes more memory than it may")

    def _memory_mb(self) -> float:
        try:
            return float(psutil.Process(self.pid).memory_info().rss) / _MB
        except psutil.Error:  # it has just ended: whoever listens to it will know
            return 0
