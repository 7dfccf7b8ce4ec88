"""A child is held to its limits from outside, hears its parent, and does not outlive it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from service.jobs.children import BATCHES, NO_ROOM, TASK, Child
from tests.faults.servers import HOSTILE


@pytest.fixture
def begin(tmp_path):
    """Starts a child that does what a wish says."""
    begun = []

    def start(wish, *, seconds=60.0, megabytes=1_000, program=HOSTILE):
        folder = tmp_path / "jobs" / str(len(begun))
        folder.mkdir(parents=True)
        (folder / BATCHES).write_text('{"batches": [{"batchId": "B-1"}]}')
        (folder / TASK).write_text(json.dumps({"request": {"externalRef": wish}}))
        begun.append(Child(folder, seconds, megabytes, program=str(program)))
        return begun[-1]

    yield start
    for child in begun:
        child.close()


def script(tmp_path, text):
    path = tmp_path / "child.py"
    path.write_text(text)
    return path


def members(group):
    """Processes of a group."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError):
            found += [pid] * (os.getpgid(pid) == group)
    return found


def is_gone(pid):
    """Whether a process ends soon."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for _ in range(100):
            if process.status() == psutil.STATUS_ZOMBIE:
                break
            time.sleep(0.05)
        else:
            return False
    return True


@pytest.fixture
def short_grace(monkeypatch):
    monkeypatch.setattr("service.jobs.children.TIME_GRACE_S", 1.0)


def test_a_child_that_does_its_work_leaves_an_outcome(begin):
    child = begin("quick 0")
    assert child.wait(20)
    assert (child.code, child.killed_for) == (0, None)
    assert child.outcome()["state"] == "succeeded"


@pytest.mark.parametrize("way", ["memory", "family"])
def test_a_child_that_takes_too_much_memory_is_killed_with_its_own(begin, way):
    child = begin(f"{way} 100", megabytes=100)
    assert child.wait(20)
    assert (child.code, child.killed_for) == (-signal.SIGKILL, "memory")
    assert child.peak_mb > 100
    assert all(is_gone(pid) for pid in members(child.pid))


def test_a_child_that_hears_is_stopped_by_its_time_limit(begin):
    child = begin("obedient", seconds=0.5)
    assert child.wait(20)
    assert child.outcome()["summary"]["stoppedBy"] == "time"


@pytest.mark.usefixtures("short_grace")
@pytest.mark.parametrize("way", ["deaf", "busy"])
def test_a_child_that_does_not_hear_is_killed_a_little_later(begin, way):
    begun = time.monotonic()
    child = begin(way, seconds=0.5)
    assert child.wait(20)
    assert child.killed_for == "time"
    assert 1.5 <= time.monotonic() - begun < 10


def test_a_cancelled_child_hands_in_what_it_has(begin):
    child = begin("obedient")
    child.stop("cancelled", 30)
    assert child.wait(20)
    assert child.outcome()["state"] == "cancelled"


def test_a_cancelled_child_that_does_not_hear_is_killed(begin):
    child = begin("deaf")
    child.stop("cancelled", 0.5)
    assert child.wait(20)
    assert child.killed_for == "cancelled"


def test_a_child_that_dies_says_how(begin):
    child = begin("segv")
    assert child.wait(20)
    assert (child.code, child.killed_for, child.outcome()) == (-signal.SIGSEGV, None, None)


def test_a_child_without_room_for_its_files_says_so(begin, tmp_path):
    text = "import errno, os, sys\nfrom service.jobs import child\n"
    text += "child.run = lambda folder: os.write(os.open('/dev/full', os.O_WRONLY), b'x')\n"
    text += "sys.exit(child.work(sys.argv[1]))\n"
    child = begin("", program=script(tmp_path, text))
    assert child.wait(20)
    assert child.code == NO_ROOM
    assert "No space left" in child.last_words()


def test_whatever_a_child_says_does_no_harm(begin, tmp_path):
    text = "import sys\nsys.stdout.write('x' * 1_000_000 + '\\n[1]\\n{\"phase\": \"last\"}\\n')\n"
    text += "sys.stderr.write('y' * 1_000_000 + 'the end')\n"
    child = begin("", program=script(tmp_path, text))
    assert child.wait(20)
    time.sleep(0.2)
    assert child.progress == {"phase": "last"}
    assert len(child.last_words()) == 4_000
    assert child.last_words().endswith("the end")


def test_a_child_is_told_no_secret(begin, tmp_path, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_SERVER_KEY", "secret")
    text = "import json, os\nprint(json.dumps(dict(os.environ)))\n"
    child = begin("", program=script(tmp_path, text))
    assert child.wait(20)
    time.sleep(0.2)
    assert "PATH" in child.progress
    assert not [name for name in child.progress if name.startswith("LANDBRIDGE")]


@pytest.mark.parametrize("way", ["deaf", "obedient"])
def test_a_child_does_not_outlive_its_parent(tmp_path, way):
    (tmp_path / TASK).write_text(json.dumps({"request": {"externalRef": way}}))
    code = "import sys, time; from pathlib import Path; from service.jobs.children import Child\n"
    code += f"child = Child(Path({str(tmp_path)!r}), 60, 1000, program={str(HOSTILE)!r})\n"
    code += "time.sleep(1.5); print(child.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path.cwd())
    pid = int(parent.stdout.readline())
    assert psutil.pid_exists(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert is_gone(pid)
