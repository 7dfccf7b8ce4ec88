"""One solve is one child process, its limits held from outside: a solver may ignore or misjudge its own.

The child is told what to do by a file in a folder of its own, tells its progress line by line, and leaves its
results in the folder. It ends when its parent does: the system sees to that, and the pipe to it closes.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

log = logging.getLogger("landbridge.jobs")

PROGRAM = "service.jobs.child"
TASK, OUTCOME = "task.json", "outcome.json"
BATCHES, KEPT, OUT = "batches.json", "kept.json", "out"
DEPARTURES = "departures.json"
"""Beside the task: what is planned, the plan of which something is kept; and where results go."""
TIME_GRACE_S = 9.0
"""How long a child may take to finish the best plan so far once its time is over: 10 s with all else."""
CANCEL_GRACE_S = 120.0
"""The same once somebody has cancelled: they want the plan, and the time limit holds as well."""
LOOK_S = 0.1
"""Between two looks at the child itself."""
FAMILY_S = 0.5
"""Between two looks at what it has started: all processes of the machine have to be gone through for that."""
KILL_S = 30.0
"""How long a killed process may take to be gone; only a system in trouble takes longer."""
MOST_LINE = 64_000
"""Longest line of progress that is read."""
NO_ROOM, NO_MEMORY = 75, 76
"""Exit codes of a child that could not write its files, or was given no more memory by the system."""
SPACE_BYTES = 8_000_000_000
"""Address space beside three times the memory: libraries map far more than they use."""
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "SYSTEMROOT",
    "NUMBA_CACHE_DIR",
    "LD_LIBRARY_PATH",
)
"""The environment of a child: nothing secret is handed down."""


@dataclass(slots=True)
class Child:
    """A child at work.

    Parameters
    ----------
    folder
        Its own folder, holding :data:`TASK`.
    time_limit_s
        Then it is asked to stop; :data:`TIME_GRACE_S` later it is killed.
    memory_limit_mb
        Of all its processes together; beyond it is killed.
    program
        Module or script that is run.
    """

    folder: Path
    time_limit_s: float
    memory_limit_mb: int
    program: str = PROGRAM
    progress: Mapping[str, Any] | None = None
    killed_for: str | None = None
    peak_mb: int = 0
    code: int | None = None
    """Its exit code, once it has ended."""
    _process: subprocess.Popen[bytes] = field(init=False)
    _started: float = field(init=False)
    _stop_until: float | None = None
    _why: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        with (self.folder / "stderr.txt").open("wb") as told:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", *self._program(), str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
                cwd=self.folder,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
                close_fds=True,
            )
        self._started = time.monotonic()
        self._limit()
        for act in (self._listen, self._guard):
            threading.Thread(target=act, name=f"child {self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process, and its process group."""
        return self._process.pid

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has come."""
        return self._ended.wait(seconds)

    def stop(self, why: str, grace_s: float) -> None:
        """Ask it to finish the best plan so far, and give it some seconds to do so.

        Parameters
        ----------
        why
            ``cancelled`` or ``time``.
        """
        with self._lock:
            if self._stop_until is not None:
                return
            self._why, self._stop_until = why, time.monotonic() + grace_s
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.write(f"stop {why}\n".encode())
            self._process.stdin.flush()

    def kill(self, reason: str) -> None:
        """End it and all it has started, at once."""
        if self.killed_for is None:
            self.killed_for = reason
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Make sure that it is gone."""
        self.kill("closed")
        if not self._ended.wait(KILL_S):
            log.error("child can't be killed", extra={"pid": self.pid})
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def outcome(self) -> dict[str, Any] | None:
        """What it says it did; ``None`` if it did not come that far."""
        try:
            found: dict[str, Any] = json.loads((self.folder / OUTCOME).read_bytes())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found

    def last_words(self) -> str:
        """The end of what it said on stderr, for the log."""
        with (self.folder / "stderr.txt").open("rb") as told:
            told.seek(max(0, told.seek(0, os.SEEK_END) - 4000))
            return told.read().decode(errors="replace")

    def _program(self) -> list[str]:
        return [self.program] if self.program.endswith(".py") else ["-m", self.program]

    def _limit(self) -> None:
        """Limits that the system itself holds: no core dump, and an end to running wild once we are gone."""
        if not hasattr(resource, "prlimit"):
            return
        seconds = int(self.time_limit_s + TIME_GRACE_S + CANCEL_GRACE_S) * (os.cpu_count() or 1)
        space = SPACE_BYTES + 3 * self.memory_limit_mb * 1_000_000
        with suppress(ProcessLookupError):
            resource.prlimit(self.pid, resource.RLIMIT_CORE, (0, 0))
            resource.prlimit(self.pid, resource.RLIMIT_CPU, (seconds, seconds))
            resource.prlimit(self.pid, resource.RLIMIT_AS, (space, space))

    def _guard(self) -> None:
        """Hold it to its limits, whatever else its worker is waiting for."""
        try:
            seen = psutil.Process(self.pid)
            others_mb, counted_at = 0, 0.0
            while self._process.poll() is None:
                now = time.monotonic()
                if now > counted_at + FAMILY_S:
                    others_mb, counted_at = _family_mb(seen), now
                self._hold_to_limits(now, _own_mb(seen) + others_mb)
                self._ended.wait(LOOK_S)
        except Exception:
            log.exception("child can't be watched", extra={"pid": self.pid})
            self.kill("closed")
        finally:
            self.code = self._process.wait()
            self._ended.set()

    def _hold_to_limits(self, now: float, used_mb: int) -> None:
        self.peak_mb = max(self.peak_mb, used_mb)
        if used_mb > self.memory_limit_mb:
            self.kill("memory")
        elif self._stop_until is not None and now > self._stop_until:
            self.kill(self._why)
        elif now > self._started + self.time_limit_s + TIME_GRACE_S:
            self.kill(self._why or "time")  # it had been asked to stop for another reason
        elif now > self._started + self.time_limit_s:
            self.stop("time", TIME_GRACE_S)

    def _listen(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        is_told = False
        with stdout:
            while line := stdout.readline(MOST_LINE):
                try:
                    found = json.loads(line)
                except ValueError:
                    found = None
                if isinstance(found, dict):
                    self.progress = found
                elif not is_told:
                    is_told = True
                    log.warning("child said something else", extra={"pid": self.pid})


def _own_mb(seen: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(seen.memory_info().rss) // 1_000_000
    return 0


def _family_mb(seen: psutil.Process) -> int:
    with suppress(psutil.Error):
        return sum(_own_mb(one) for one in seen.children(recursive=True))
    return 0
