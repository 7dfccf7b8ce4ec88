"""One attempt at a job: a child is started and watched, the claim is kept, the end is stored at once."""

from __future__ import annotations

import errno
import json
import logging
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from service.disk import FULL
from service.jobs import inputs, queue, results
from service.jobs.children import CANCEL_GRACE_S, NO_MEMORY, NO_ROOM, TASK, Child
from service.jobs.queue import Claim, Failure
from service.store.database import REACHED_NOT, is_away, words_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from sqlalchemy import Connection

    from service.settings import Settings
    from service.store.database import Database

T = TypeVar("T")

log = logging.getLogger("landbridge.jobs")

WATCH_S = 0.1
TELL_S = 1.0
"""Least time between two writes of progress."""
RETRY_S = 1.0
"""Between two tries to reach a database that is away."""
PUT_OFF, GIVEN_BACK, FENCED = "put off", "given back", "fenced"
"""Outcomes that say nothing about the job: no room here, the worker stops, somebody else has the job."""
_SHORT_HERE = FULL | {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
"""What this machine is out of; it is no fault of the job."""


@dataclass(slots=True)
class Attempt:
    """What a worker does with a claim.

    Parameters
    ----------
    folder
        That of the worker; the child has a folder of its own in it.
    stopping
        Set when the worker is told to stop.
    """

    settings: Settings
    database: Database
    claim: Claim
    folder: Path
    stopping: threading.Event
    _begun: float = field(default_factory=time.monotonic)

    def run(self) -> str:
        """Do the job; what came of it. Whatever goes wrong, the job is not left behind as running."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            own = Path(tempfile.mkdtemp(prefix="job-", dir=self.folder))
            try:
                return self._work(own)
            finally:
                shutil.rmtree(own, ignore_errors=True)
        except Exception as error:
            log.exception("job could not be run", extra=self._told())
            if isinstance(error, OSError) and error.errno in _SHORT_HERE:
                return self._give_back(PUT_OFF, is_counted=False)
            return self._gave_up("internal", "the worker could not run it")

    def _work(self, folder: Path) -> str:
        task = self._gather(folder)
        if task is None:
            return self._give_back(GIVEN_BACK, is_counted=False)
        (folder / TASK).write_text(json.dumps(task), encoding="utf-8")
        claim = self.claim
        child = Child(folder, claim.time_limit_s, claim.memory_limit_mb, program=self.settings.child_program)
        try:
            held = self._watch(child)
            if held == "lost":
                return FENCED
            if held == "stopping":
                return self._give_back(GIVEN_BACK, is_counted=False)
            return self._end(child, folder)
        finally:
            child.close()

    def _gather(self, folder: Path) -> dict[str, Any] | None:
        """Inputs of the job, however long the database is away; ``None`` if we are told to stop."""
        while not self.stopping.is_set():
            try:
                with self.database.read() as connection:
                    return inputs.gather(connection, self.claim, folder, self.folder / "networks")
            except REACHED_NOT as error:
                if not is_away(error):
                    raise
                self._pause(error)
        return None

    def _watch(self, child: Child) -> str:
        """Keep the claim until the child has ended; says why it is over."""
        held_at = told_at = self._begun
        told: Any = None
        while not child.wait(WATCH_S):
            if self.stopping.is_set():
                return "stopping"
            now = time.monotonic()
            is_due = now > held_at + self.settings.heartbeat_s
            is_news = child.progress is not told and now > told_at + TELL_S
            if is_due or is_news:
                progress = child.progress
                state = self._try(partial(self._hold, None if progress is told else progress))
                if state == "lost":
                    log.warning("claim was lost", extra=self._told())
                    return "lost"
                if state is not None:
                    held_at = told_at = now
                    told = progress
                if state == "cancel":
                    child.stop("cancelled", CANCEL_GRACE_S)
        return "ended"

    def _hold(self, progress: Any, connection: Connection, now_ms: int) -> str:
        text = None if progress is None else json.dumps(progress)
        until = self.database.steady_ms(now_ms) + int(self.settings.lease_s * 1000)
        if not queue.hold(connection, self.claim, lease_until_ms=until, progress=text):
            return "lost"
        return "cancel" if queue.is_cancel_requested(connection, self.claim) else "held"

    def _end(self, child: Child, folder: Path) -> str:
        """Store what came of a child that has ended."""
        outcome = child.outcome() if child.code == 0 else None
        if outcome is not None and outcome["state"] != queue.FAILED:
            return self._store(outcome, folder)
        if outcome is not None:
            return self._fail(Failure(**outcome["failure"]))
        return self._end_of_dead(child)

    def _end_of_dead(self, child: Child) -> str:
        """Deal with a child that was killed, or died."""
        if child.killed_for == "memory" or child.code == NO_MEMORY:
            return self._fail(Failure("memory", f"needed more than {self.claim.memory_limit_mb:,} MB"))
        if child.killed_for == "time":
            return self._fail(Failure("time", f"had no plan ready within {self.claim.time_limit_s:,} s"))
        if child.killed_for == "cancelled":
            end = partial(self._end_without, queue.CANCELLED, None)
            return queue.CANCELLED if self._settle(end) else FENCED
        told = {**self._told(), "exit_code": child.code, "stderr": child.last_words()}
        log.error("child died", extra=told)
        if child.code == NO_ROOM:
            return self._give_back(PUT_OFF, is_counted=False)
        code = "killed" if child.code == -signal.SIGKILL else "crashed"
        return self._gave_up(code, f"its process ended with {_ending(child.code)}")

    def _store(self, outcome: dict[str, Any], folder: Path) -> str:
        # What is to be read and packed may be large, and nobody gives a sign of life meanwhile.
        if self._try(partial(self._hold, None)) == "lost":
            return FENCED
        found = results.collect(self.claim.kind, folder)
        stored = self._settle(
            lambda connection, now_ms: results.store(connection, self.claim, now_ms, outcome, found)
        )
        return outcome["state"] if stored else FENCED

    def _gave_up(self, code: str, detail: str) -> str:
        if self.claim.attempt >= self.settings.max_attempts:
            return self._fail(Failure(code, f"{detail}, in each of {self.claim.attempt} attempts"))
        return self._give_back(code, is_counted=True)

    def _give_back(self, outcome: str, *, is_counted: bool) -> str:
        state: str | None = None

        def act(connection: Connection, now_ms: int) -> bool:
            nonlocal state
            state = results.give_back(connection, self.claim, now_ms, is_counted=is_counted)
            return state is not None

        if not self._settle(act):
            return FENCED
        return queue.CANCELLED if state == queue.CANCELLED else outcome

    def _fail(self, failure: Failure) -> str:
        end = partial(self._end_without, queue.FAILED, failure)
        return f"failed: {failure.code}" if self._settle(end) else FENCED

    def _end_without(self, state: str, failure: Failure | None, connection: Connection, now_ms: int) -> bool:
        return results.end_without(connection, self.claim, now_ms, state, failure)

    def _settle(self, act: Callable[[Connection, int], bool]) -> bool:
        """Store an end, however long the database is away; whether the claim still held."""
        while True:
            stored = self._try(act)
            if stored is None and not self.stopping.is_set():
                continue
            if not stored:
                log.warning("late result is not stored", extra=self._told())
            return bool(stored)

    def _try(self, act: Callable[[Connection, int], T]) -> T | None:
        """One transaction; ``None`` if the database is away, after a pause."""
        try:
            with self.database.write() as connection:
                return act(connection, self.database.now_ms(connection))
        except REACHED_NOT as error:
            if not is_away(error):
                raise
            self._pause(error)
            return None

    def _pause(self, error: Exception) -> None:
        log.warning("database is away", extra={**self._told(), "error": words_of(error)})
        self.stopping.wait(RETRY_S)

    def _told(self) -> dict[str, Any]:
        return {"tenant_id": self.claim.tenant_id, "job_id": self.claim.job_id, "fence": self.claim.fence}


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
