"""Who is asked by the fuzzer: the desk itself, or a service over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import httpx
import psutil

from service.intake.desk import IntakeDesk
from service.intake.refusals import CRASHED, IntakeBusyError, IntakeRefused
from service.intake.results import Parsed

SETS_AFTER = 200
"""Uploads into one batch set; then it is taken away, with all that is kept of them."""


@dataclass(frozen=True)
class Answer:
    """What came of an upload: a word that is counted, and whether it is a miss."""

    outcome: str
    is_miss: bool = False
    words: str = ""


class Target(Protocol):
    """Who is asked."""

    def send(self, kind: str, content: bytes, name: str, number: int) -> Answer:
        """Send an upload."""

    def processes(self) -> list[psutil.Process]:
        """Processes whose memory must not grow."""

    def close(self) -> list[str]:
        """End; what was amiss beside the answers."""


class DirectTarget:
    """The desk, without HTTP."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._desk = IntakeDesk()
        self._desk.start()

    def close(self) -> list[str]:
        """End its children."""
        self._desk.close()
        return []

    def processes(self) -> list[psutil.Process]:
        """This one, and the one that children are forked from."""
        return [psutil.Process(), psutil.Process(self._desk.pid)]

    def send(self, kind: str, content: bytes, name: str, number: int) -> Answer:
        """Read one file."""
        try:
            if kind == "network":
                return self._read_network(content, number)
            return answer_of(self._desk.read_upload(content, name, None))
        except IntakeRefused as refusal:
            return Answer(refusal.code, is_miss=refusal.code == CRASHED, words=refusal.detail)
        except IntakeBusyError as error:
            return Answer("busy", is_miss=True, words=str(error))
        except Exception as error:  # noqa: BLE001 - which is the very thing that is looked for
            return Answer(type(error).__name__, is_miss=True, words=str(error))

    def _read_network(self, content: bytes, number: int) -> Answer:
        archive, into = self._folder / f"{number}.zip", self._folder / f"{number}"
        archive.write_bytes(content)
        report = self._desk.read_network(archive, into)
        archive.unlink()
        left = sorted(path.name for path in into.iterdir())
        for path in into.iterdir():
            path.unlink()
        into.rmdir()
        if report.is_clean != bool(left):
            return Answer("files are left", is_miss=True, words=str(left))
        return Answer("network accepted" if report.is_clean else "network refused")


def answer_of(parsed: Parsed) -> Answer:
    """What came of reading batches; it can be told as JSON and UTF-8."""
    json.dumps([*map(asdict, parsed.rows[:1]), *map(asdict, parsed.issues)], ensure_ascii=False).encode()
    parsed.row_errors.decode("utf-8-sig")
    if parsed.num_issues and parsed.rows:
        return Answer("partly")
    if bool(parsed.rows) == bool(parsed.num_issues):
        return Answer("neither rows nor faults", is_miss=True)
    return Answer("refused" if parsed.num_issues else "accepted")


class HttpTarget:
    """A service.

    Parameters
    ----------
    url, key
        Where it is, and a key if it asks for one.
    pid
        Its process, if its memory is to be watched; those that it has started are watched, too.
    log
        File that it writes its log to.
    """

    def __init__(
        self, url: str, key: str | None = None, pid: int | None = None, log: Path | None = None
    ) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=60)
        self._pid, self._log = pid, log
        self._lock = threading.Lock()
        self._sets: list[str] = []
        self._sent = 0

    def close(self) -> list[str]:
        """Take away what was sent; tracebacks of its log."""
        self._take_away(self._sets)
        self._client.close()
        if self._log is None:
            return []
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line[:500] for line in lines if "Traceback" in line or '"level": "error"' in line]

    def processes(self) -> list[psutil.Process]:
        """The service and what it has started."""
        if self._pid is None:
            return []
        own = psutil.Process(self._pid)
        return [own, *own.children()]

    def send(self, kind: str, content: bytes, name: str, number: int) -> Answer:
        """Upload one file: as a form or as the body, to be taken or only tried."""
        if kind == "network":
            path, params = "/v1/networks", {"name": f"network {number}"}
        else:
            path = f"{self._batch_set()}/uploads"
            params = {
                "onError": "skip" if number % 3 else "refuse",
                "dryRun": "true" if number % 4 == 0 else "false",
            }
        try:
            if number % 2:
                answer = self._client.post(path, params=params, files={"file": (name, content)})
            else:
                media_type = "application/zip" if kind == "network" else "application/octet-stream"
                answer = self._client.post(
                    path, params=params, content=content, headers={"Content-Type": media_type}
                )
            told = answer.json()
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            return Answer(type(error).__name__, is_miss=True, words=str(error))
        outcome = f"{kind} {answer.status_code} {told.get('code', '')}".strip()
        if answer.status_code >= 500:
            return Answer(outcome, is_miss=True, words=answer.text)
        return self._follow(told) or Answer(outcome)

    def _follow(self, told: dict[str, object]) -> Answer | None:
        """Read what is kept of an upload; ``None`` if that can be read."""
        links = told.get("links")
        if not isinstance(links, dict):
            return None
        for link in links.values():
            answer = self._client.get(str(link))
            if answer.status_code not in (200, 204):
                return Answer(f"{link} {answer.status_code}", is_miss=True, words=answer.text)
        return None

    def _batch_set(self) -> str:
        with self._lock:
            if self._sent % SETS_AFTER == 0:
                made = self._client.post("/v1/batch-sets", json={"name": "fuzz"})
                made.raise_for_status()
                # Into the one before, uploads may still be on their way.
                self._take_away(self._sets[:-1])
                self._sets = [*self._sets[-1:], made.headers["location"]]
            self._sent += 1
            return self._sets[-1]

    def _take_away(self, sets: list[str]) -> None:
        for one in sets:
            tag = self._client.get(one).headers["etag"]
            self._client.delete(one, headers={"If-Match": tag}).raise_for_status()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[HttpTarget]:
    """A service of its own in a folder, on a free port of this machine."""
    log = folder / "log"
    program = [Path(sys.executable).with_name("landbridge"), "serve", "--port", "0", "--workers", "0"]
    # What answers about routes would get ready some seconds after the start, and count as growth.
    environment = os.environ | {"LANDBRIDGE_WARM_ROUTES": "false"}
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [*program, "--data", folder / "data"], env=environment, stderr=stderr, stdin=subprocess.DEVNULL
        )
    try:
        yield HttpTarget(_address(process, log), pid=process.pid, log=log)
    finally:
        process.terminate()
        process.wait(60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    said = "landbridge serves "
    for _ in range(600):
        lines = log.read_text(encoding="utf-8").splitlines()
        found = [line.removeprefix(said).strip() for line in lines if line.startswith(said)]
        if found:
            return found[0]
        if process.poll() is not None:
            break
        threading.Event().wait(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8"))


@contextlib.contextmanager
def desk_alone() -> Iterator[DirectTarget]:
    """The desk in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield DirectTarget(Path(folder))
