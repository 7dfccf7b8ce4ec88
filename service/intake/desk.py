"""Reads what clients send, in children with bounds: never in the process that answers requests."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from planner.reading.batch_json import LIST_KEY
from planner.reading.intake_limits import DEFAULT_LIMITS, IntakeLimits
from service.intake.bounds import DEFAULT_BOUNDS, ChildBounds
from service.intake.child import (
    DONE,
    EXIT_FAULT,
    EXIT_NO_MEMORY,
    EXIT_NO_SPACE,
    LARGE,
    READ_BATCHES,
    READ_NETWORK,
)
from service.intake.nursery import Child, LostServerError, Nursery
from service.intake.refusals import (
    CRASHED,
    KILLED,
    NO_SPACE,
    TOO_LARGE,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    IntakeBusyError,
    IntakeFaultError,
    IntakeRefused,
)
from service.intake.results import NetworkReport, Parsed, Parts
from service.intake.wire import BrokenMessageError

log = logging.getLogger("landbridge.intake")

ROWS_NAME = "request"
"""How faults call the body of a request."""
ID_KEY = "externalRef"
"""Key of the id of a batch in a request."""
_START_S = 30.0
_TRIES = 2
_REFUSALS = {
    EXIT_NO_MEMORY: TOO_MUCH_MEMORY,
    EXIT_NO_SPACE: NO_SPACE,
    -signal.SIGXCPU: TOO_SLOW,
    -signal.SIGKILL: KILLED,  # none of our bounds: the system takes readers first when memory is short
}


class IntakeDesk:
    """Reads what clients send; its calls may come from many threads.

    Every call has a child process of its own, forked from a process that knows no client. What is wrong with
    rows and files is part of the result. A call raises :class:`IntakeRefused` where the file passes a bound,
    :class:`IntakeBusyError` where too many are read already, and :class:`IntakeFaultError` where the program
    itself is at fault.

    Parameters
    ----------
    limits
        How much a file may hold.
    bounds
        What a child may take, and how many there are.
    rows_a_call
        Most rows of :meth:`read_rows`.
    """

    def __init__(
        self,
        limits: IntakeLimits = DEFAULT_LIMITS,
        bounds: ChildBounds = DEFAULT_BOUNDS,
        rows_a_call: int = 1_000,
    ) -> None:
        self._limits, self._bounds = limits, bounds
        self._limits_of_rows = replace(limits, batches=rows_a_call)
        self._nursery = Nursery()
        self._turns = threading.BoundedSemaphore(bounds.at_once)
        self._waiting = 0
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """Process that children are forked from."""
        return self._nursery.pid

    def start(self) -> None:
        """Start the process that children are forked from; it is ready by the time it is needed, or soon."""
        self._nursery.start()

    def close(self) -> None:
        """End it, and every child."""
        self._is_closed = True
        self._nursery.close()

    def read_upload(self, content: Path | bytes, file_name: str, network: Path | None) -> Parsed:
        """Read a file of batches.

        Parameters
        ----------
        content
            The file, or where it is.
        file_name
            How faults call it.
        network
            Folder of the tables that its rows name; ``None`` = the shipped network.
        """
        self._check_size(content)
        request = self._batches_request(file_name, network, self._limits)
        if isinstance(content, Path):
            request["path"] = str(content.resolve())
            content = b""
        return Parsed.from_parts(self._run(request, content))

    def read_rows(self, rows: Sequence[Mapping[str, Any]], network: Path | None) -> Parsed:
        """Read the rows of a request: items of a JSON batch file, but for :data:`ID_KEY`."""
        content = json.dumps({LIST_KEY: rows}).encode()
        self._check_size(content)
        request = self._batches_request(ROWS_NAME, network, self._limits_of_rows)
        request["id_key"] = ID_KEY
        return Parsed.from_parts(self._run(request, content))

    def read_network(self, archive: Path, into: Path) -> NetworkReport:
        """Unpack the tables of a network into an empty folder and read them.

        The folder holds the tables afterwards if there is no fault, and nothing else. It is made if it is
        not there.
        """
        self._check_size(archive)
        into.mkdir(parents=True, exist_ok=True)
        request = {
            "task": READ_NETWORK,
            "path": str(archive.resolve()),
            "into": str(into.resolve()),
            "limits": asdict(self._limits),
            "bounds": asdict(self._bounds),
        }
        report = None
        try:
            report = NetworkReport.from_parts(self._run(request, b""))
        finally:
            if report is None or not report.is_clean:
                for path in into.iterdir():
                    path.unlink()
        return report

    def _batches_request(self, name: str, network: Path | None, limits: IntakeLimits) -> dict[str, Any]:
        return {
            "task": READ_BATCHES,
            "path": None,
            "name": name,
            "network": None if network is None else str(network.resolve()),
            "id_key": None,
            "limits": asdict(limits),
            "bounds": asdict(self._bounds),
        }

    def _check_size(self, content: Path | bytes) -> None:
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        if size > self._limits.file_bytes:
            raise IntakeRefused(TOO_LARGE, f"the file is larger than {self._limits.file_bytes:,} bytes")

    def _run(self, request: Mapping[str, Any], content: bytes) -> Parts:
        """Have one request done by a child of its own."""
        message = json.dumps(request).encode(), content
        with self._turn():
            until = time.monotonic() + self._bounds.wall_s
            for _ in range(_TRIES):
                server = self._nursery.pid
                try:
                    with self._nursery.fork() as child:
                        return self._ask(child, message, until)
                except LostServerError:
                    log.warning("no child came of the fork server", extra={"pid": server})
                    self._nursery.restart(server)
            raise IntakeFaultError("no process that reads can be started")

    def _ask(self, child: Child, message: Sequence[bytes], until: float) -> Parts:
        child.wait_for_start(time.monotonic() + _START_S)
        try:
            kind, *parts = child.ask(message, self._bounds.answer_bytes, until)
        except TimeoutError:
            raise IntakeRefused(TOO_SLOW) from None
        except BrokenMessageError:
            code = child.how_it_ended()
            if self._is_closed:
                raise IntakeBusyError(self._bounds.wait_s) from None
            log.warning("a child that reads has ended early", extra={"pid": child.pid, "exit_code": code})
            if code == EXIT_FAULT:
                raise IntakeFaultError("it could not say what is wrong") from None
            raise IntakeRefused(CRASHED if code is None else _REFUSALS.get(code, CRASHED)) from None
        if kind == DONE:
            return tuple(parts)
        words = parts[0].decode()
        if kind == LARGE:
            raise IntakeRefused(TOO_LARGE, words)
        raise IntakeFaultError(words)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One of the places for children; waits for it, but not behind too many others."""
        with self._lock:
            if self._is_closed or self._waiting >= self._bounds.most_waiting:
                raise IntakeBusyError(self._bounds.wait_s)
            self._waiting += 1
        try:
            has_turn = self._turns.acquire(timeout=self._bounds.wait_s)
        finally:
            with self._lock:
                self._waiting -= 1
        if not has_turn:
            raise IntakeBusyError(self._bounds.wait_s)
        try:
            yield
        finally:
            self._turns.release()
