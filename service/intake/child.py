"""One child: forked for one request, held to its bounds before it sees a byte, gone after the answer."""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import InputError
from planner.reading.codes import TOO_LARGE
from planner.reading.intake_limits import IntakeLimits
from planner.reading.tables import read_network
from service.intake import wire
from service.intake.bounds import ChildBounds
from service.intake.tasks import BatchesTask, NetworkTask

if TYPE_CHECKING:
    import socket

    from planner.model.problem import Network
    from service.intake.results import Parts

READ_BATCHES, READ_NETWORK = "batches", "network"
DONE, LARGE, FAULT = b"done", b"large", b"fault"
"""First part of an answer: the result follows; the file is too large; a fault of ours, in words."""
EXIT_NO_MEMORY, EXIT_NO_SPACE, EXIT_DISTURBED, EXIT_FAULT = 71, 72, 73, 74
_MOST_OF_A_REQUEST = 1 << 32
_MOST_WORDS = 4_000
_OPEN_FILES = 64
_SECONDS_TO_DIE = 5


def run(connection: socket.socket, shipped: Network) -> int:
    """Answer one request against the shipped network or another; the code to exit with."""
    gc.disable()  # nothing that is read lives longer than the child
    try:
        head, content = wire.receive(connection, _MOST_OF_A_REQUEST)
        request = json.loads(head)
        wire.send(connection, _answer(request, content, shipped))
    except MemoryError:
        return EXIT_NO_MEMORY
    except wire.BrokenMessageError:
        return EXIT_DISTURBED
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return EXIT_NO_SPACE
        raise
    return 0


def tell_fault(connection: socket.socket) -> None:
    """Tell the fault that is being handled: where it was, and what it says."""
    words = traceback.format_exc()[-_MOST_WORDS:]
    wire.send(connection, (FAULT, words.encode("utf-8", "backslashreplace")))


def _answer(request: dict[str, Any], content: bytes, shipped: Network) -> Parts:
    bounds, limits = ChildBounds(**request["bounds"]), IntakeLimits(**request["limits"])
    if request["task"] == READ_NETWORK:
        _hold_to(bounds, file_bytes=limits.unpacked_bytes)
        task = NetworkTask(Path(request["path"]), Path(request["into"]), limits, bounds)
        return (DONE, *task.run().to_parts())
    _hold_to(bounds, file_bytes=0)
    if request["path"] is not None:
        with Path(request["path"]).open("rb") as stream:
            content = stream.read(limits.file_bytes + 1)
    folder = request["network"]
    network = shipped if folder is None else read_network(Path(folder))
    try:
        parsed = BatchesTask(content, request["name"], request["id_key"], limits, bounds).run(network)
    except InputError as error:
        (issue,) = error.issues
        if issue.code != TOO_LARGE:
            raise
        return (LARGE, issue.reason.encode())
    return (DONE, *parsed.to_parts())


def _hold_to(bounds: ChildBounds, file_bytes: int) -> None:
    """Bounds that the system holds from now on: memory beside what is mapped, time, files, no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_s, bounds.cpu_s + _SECONDS_TO_DIE))
    mapped = _mapped_bytes()
    if mapped is not None:
        space = mapped + bounds.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    os.umask(0o077)
    with suppress(OSError):  # where there is no such file, or nobody may write it
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")


def _mapped_bytes() -> int | None:
    """Address space that is mapped by now; ``None`` where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
