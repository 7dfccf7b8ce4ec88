"""The process that answers: ``python -m service.routes.child BOUNDS``, its stdin a socket.

It ends once the desk has closed the socket, or is gone.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planner.errors import InputError, SolverError
from planner.reading.json_nodes import parse_json
from planner.reading.route_json import QUESTION
from service.intake import wire
from service.routes.bounds import RouteBounds
from service.routes.clerk import Clerk, SlowError
from service.routes.messages import ANSWER, DONE, FAULT, MOST_BYTES, REFUSED, SEARCHING, SLOW

NICENESS = 5
"""Behind who answers other requests, before plans."""
_MOST_WORDS = 4_000
_SECONDS_A_MINUTE = 60


def main() -> None:
    """Answer until the desk is gone."""
    _behave()
    connection = socket.socket(fileno=os.dup(0))
    threading.Thread(target=_end_with_desk, args=(connection,), daemon=True).start()
    clerk = Clerk(RouteBounds(**json.loads(sys.argv[1])))
    with suppress(wire.BrokenMessageError):
        while True:
            head, question = wire.receive(connection, MOST_BYTES)
            wire.send(connection, answer(clerk, connection, json.loads(head), question))


def answer(
    clerk: Clerk, connection: socket.socket, head: dict[str, Any], question: bytes
) -> tuple[bytes, ...]:
    """Do what a request says; whatever happens, there is an answer."""
    try:
        if not question:
            clerk.warm(head["network"], int(time.time()) // _SECONDS_A_MINUTE)
            return (DONE,)
        ready = clerk.read(head["network"], parse_json(question, QUESTION).value)
        if head["do"] != ANSWER:
            return (DONE,)
        wire.send(connection, (SEARCHING,))
        return (DONE, clerk.answer(ready))
    except InputError as error:
        return (REFUSED, json.dumps([asdict(issue) for issue in error.issues]).encode())
    except (SlowError, SolverError) as error:
        return (SLOW, str(error).encode())
    except wire.BrokenMessageError:
        raise
    except Exception:  # noqa: BLE001 - told to the desk, which logs it
        return (FAULT, traceback.format_exc()[-_MOST_WORDS:].encode("utf-8", "backslashreplace"))


def _end_with_desk(connection: socket.socket) -> None:
    """End at once when the desk is gone, also in the middle of a search."""
    poll = select.poll()
    poll.register(connection, 0)  # hanging up is told anyway
    poll.poll()
    os._exit(1)


def _behave() -> None:
    """Leave no core dump, be nice, be among the first to go where memory is short, heed no interrupt."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the desk ends us
    with suppress(OSError):  # where there is no such file, or nobody may write it
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


if __name__ == "__main__":
    main()
