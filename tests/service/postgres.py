"""A private PostgreSQL cluster: a folder, a socket, no port."""

from __future__ import annotations

import getpass
import itertools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

DEBIAN = Path("/", "usr", "lib", "postgresql")
"""Where Debian keeps the programs of the server, a folder a version."""
OWNER = "postgres"
"""Who runs the server where we are root, which it refuses to be."""


def find_programs() -> Path | None:
    """Folder of initdb and pg_ctl; ``None`` where PostgreSQL is not installed."""
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).resolve().parent


@dataclass
class Postgres:
    """A cluster in a folder of its own."""

    programs: Path
    folder: Path
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def start(self) -> None:
        """Make the cluster if there is none, and start it."""
        if not (self.folder / "data").exists():
            if os.getuid() == 0:
                shutil.chown(self.folder, OWNER)
            self._run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", OWNER, "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=200"
        self._run(
            "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast``, or ``immediate`` as if the power had failed."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "stop", check=False)

    def make_database(self) -> str:
        """An empty database; its URL."""
        name = f"test_{next(self._numbers)}"
        self._run("createdb", "-h", self.folder, "-U", OWNER, name)
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def _run(self, program: str, *words: object, check: bool = True) -> None:
        user = OWNER if os.getuid() == 0 and getpass.getuser() != OWNER else None
        if user is not None:
            pwd.getpwnam(user)
        done = subprocess.run(
            [str(self.programs / program), *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            user=user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
        )
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
