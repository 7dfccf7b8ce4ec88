"""The desk's side of the children: one is asked for, talked with, and known to be gone in the end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Self

from service.intake import wire
from service.intake.fork_main import PID, STATUS

_PROGRAM = "service.intake.fork_main"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
"""The environment of the children: nothing secret is handed down."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_LAST_S = 5.0
"""How long the fork server may take to say how a child has ended, and to end itself."""


class LostServerError(Exception):
    """The fork server has ended before it gave a child."""


class Child:
    """A child at work on one request, killed where the block ends if it is not gone by then."""

    def __init__(self, connection: socket.socket, state: socket.socket) -> None:
        self._connection, self._state = connection, state
        self._pid: int | None = None
        self._has_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        if self._pid is not None and not self._has_ended and self._read_state(STATUS.size, 0) is None:
            # The fork server buries it only after it has ended, and has told us of no end so far.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self._state.close()

    @property
    def pid(self) -> int | None:
        """Its process, once it has one."""
        return self._pid

    def wait_for_start(self, until: float) -> None:
        """Wait until there is a process.

        Raises
        ------
        LostServerError
            If there will be none.
        """
        told = self._read_state(PID.size, until)
        if told is None:
            raise LostServerError
        (self._pid,) = PID.unpack(told)

    def ask(self, request: Sequence[bytes], most_bytes: int, until: float) -> tuple[bytes, ...]:
        """Send a request and receive its answer.

        Raises
        ------
        TimeoutError
            If it does not come in time.
        BrokenMessageError
            If the child ends before it.
        """
        # A child may have answered without hearing us out.
        with contextlib.suppress(wire.BrokenMessageError):
            wire.send(self._connection, request, until)
        return wire.receive(self._connection, most_bytes, until)

    def how_it_ended(self) -> int | None:
        """Exit code of a child that says nothing more, negative for a signal; ``None`` if nobody knows."""
        told = self._read_state(STATUS.size, time.monotonic() + _LAST_S)
        if told is None:
            return None
        self._has_ended = True
        return os.waitstatus_to_exitcode(STATUS.unpack(told)[0])

    def _read_state(self, size: int, until: float) -> bytes | None:
        """What the fork server says of the child; ``None`` if nothing comes in time, or ever will."""
        self._state.settimeout(max(until - time.monotonic(), 0))
        try:
            told = self._state.recv(size)
        except (BlockingIOError, TimeoutError, ConnectionError):
            return None
        return told if len(told) == size else None


class Nursery:
    """Keeps a fork server: started at the first need of it, and again where it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Process of the fork server."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the fork server, if there is none; for it to be ready nobody waits."""
        with self._lock:
            self._ensure()

    def close(self) -> None:
        """End the fork server, and with it every child."""
        with self._lock:
            self._drop()

    def fork(self) -> Child:
        """Ask for a child."""
        own_connection, connection = socket.socketpair()
        own_state, state = socket.socketpair()
        with connection, state, self._lock:
            numbers = [connection.fileno(), state.fileno()]
            try:
                socket.send_fds(self._ensure(), [b"f"], numbers)
            except ConnectionError:
                self._drop()
                socket.send_fds(self._ensure(), [b"f"], numbers)
        return Child(own_connection, own_state)

    def restart(self, pid: int | None) -> None:
        """Put another fork server in place of one that gave no child."""
        with self._lock:
            if self.pid == pid and self._process is not None:
                self._process.kill()
                self._drop()

    def _ensure(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._drop()
        if self._control is None:
            self._control, far = socket.socketpair()
            with far:
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-I", "-m", _PROGRAM],
                    stdin=far.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD,
                    start_new_session=True,
                )
        return self._control

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_LAST_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
