"""The child process of one job: ``python -m service.jobs.child FOLDER``."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from service.disk import FULL

TELL_S = 0.25
"""Least time between two lines of progress."""
_SET_PARENT_DEATH_SIGNAL = 1


class Wishes:
    """What the parent wants: it writes lines, and closes the pipe when it ends."""

    def __init__(self) -> None:
        self.why: str | None = None

    def listen(self) -> None:
        """Read on until the parent is gone; then end at once, whatever the solver is doing."""
        for line in sys.stdin:
            _, _, why = line.strip().partition(" ")
            self.why = self.why or why or "cancelled"
        os._exit(1)

    def should_stop(self) -> bool:
        """Whether to finish the best plan so far."""
        return self.why is not None


class Teller:
    """Tells the parent how far the work is, not too often."""

    def __init__(self) -> None:
        self._told_at = 0.0
        self._phase = ""

    def __call__(self, progress: Any) -> None:
        """Tell one step."""
        now = time.monotonic()
        if progress.phase == self._phase and now < self._told_at + TELL_S:
            return
        self._told_at, self._phase = now, progress.phase
        told = asdict(progress)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def run(folder: Path) -> dict[str, Any]:
    """Do what the folder's task says; the outcome, faults of the input included."""
    wishes = Wishes()
    threading.Thread(target=wishes.listen, name="wishes", daemon=True).start()
    from planner.errors import InputError
    from service.jobs.children import TASK
    from service.jobs.tasks import Task, make_comparison, make_plan
    from service.problems import MAX_ERRORS, fault_of

    told = json.loads((folder / TASK).read_bytes())
    network = told["network"]
    task = Task(
        folder=folder,
        network=None if network is None else Path(network),
        request=told["request"],
        report=Teller(),
        should_stop=wishes.should_stop,
        why_stopped=lambda: wishes.why,
    )
    make = make_plan if told["kind"] == "plan" else make_comparison
    try:
        return make(task)
    except InputError as error:
        faults = [fault_of(issue).model_dump(by_alias=True, exclude_none=True) for issue in error.issues]
        failure = {"code": "input-refused", "detail": str(error.issues[0]), "errors": faults[:MAX_ERRORS]}
        return {"state": "failed", "failure": failure}


def settle_in() -> None:
    """Be nice to who answers requests, be the first to go when memory runs out, and end with the parent."""
    os.nice(10)
    if sys.platform == "linux":
        # Native code may hold the interpreter, so that nobody reads the closed pipe: the system ends it then.
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")


def main() -> None:
    """Do the work, leave the outcome."""
    folder = Path(sys.argv[1])
    settle_in()
    code = work(folder)
    # Straight out: what native libraries do at exit is not worth waiting for, and has crashed before.
    sys.stdout.flush()
    os._exit(code)


def work(folder: Path) -> int:
    """Do the work; the exit code."""
    from service.jobs.children import NO_MEMORY, NO_ROOM, OUTCOME

    try:
        outcome = run(folder)
        from planner.render.folder import save

        save(folder / OUTCOME, json.dumps(outcome))
    except MemoryError:
        return NO_MEMORY
    except OSError as error:
        if error.errno not in FULL:
            raise
        with suppress(OSError):
            traceback.print_exc()
        return NO_ROOM
    return 0


if __name__ == "__main__":
    main()
