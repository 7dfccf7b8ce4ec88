"""A terminal for the sessions of the documents: a shell that keeps its variables, and what it has started."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
from pathlib import Path
from typing import Self

STOP_S = 40


class Terminal:
    """Runs one line after another in the same shell; what still runs in the background ends with it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._environment = environment
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, line: str) -> tuple[int, str]:
        """Exit code of a line, which may be several, and what it prints on stdout and stderr."""
        written = subprocess.run(["bash", "-n"], input=line, capture_output=True, text=True, check=False)
        assert written.returncode == 0, written.stderr
        mark = secrets.token_hex(16)
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{{\n{line}\n}} < /dev/null\nprintf '\\n%s %s\\n' {mark} $?\n")
        self._shell.stdin.flush()
        printed: list[str] = []
        for told in self._shell.stdout:
            if told.startswith(mark):
                return int(told.split()[1]), "".join(printed)[:-1]
            printed.append(told)
        raise AssertionError(f"the shell ended: {line}\n{''.join(printed)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._shell.communicate("kill $(jobs -p); wait\n", STOP_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._shell.pid, signal.SIGKILL)
            raise


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port
