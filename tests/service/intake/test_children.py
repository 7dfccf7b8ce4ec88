"""Children that pass their bounds or are killed: each has its own refusal, and the desk goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from planner.reading.intake_limits import IntakeLimits
from service.intake.bounds import ChildBounds
from service.intake.desk import IntakeDesk
from service.intake.problems import problem_of
from service.intake.refusals import IntakeBusyError, IntakeFaultError, IntakeRefused
from tests.service.intake.test_desk import GOOD, HEADER, as_csv

MANY = IntakeLimits(batches=1_000_000, rows=1_000_000)
LONG = as_csv(HEADER, *([f"B-{at}", *GOOD[1:]] for at in range(25_000)))
"""Takes seconds to read."""


@contextmanager
def desk_of(limits: IntakeLimits = MANY, **bounds: float) -> Iterator[IntakeDesk]:
    desk = IntakeDesk(limits, ChildBounds(**bounds))
    try:
        yield desk
    finally:
        desk.close()


def reads_on(desk: IntakeDesk) -> bool:
    return len(desk.read_upload(as_csv(HEADER, GOOD), "good.csv", None).rows) == 1


def refusal_of(desk: IntakeDesk) -> str:
    with pytest.raises(IntakeRefused) as caught:
        desk.read_upload(LONG, "long.csv", None)
    return caught.value.code


def files_of(process: psutil.Process) -> list[str]:
    return [str(path.readlink()) for path in Path(f"/proc/{process.pid}/fd").iterdir()]


def is_at_work(child: psutil.Process) -> bool:
    """Whether it has not ended; it may while it is looked at."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_child(desk: IntakeDesk) -> psutil.Process:
    """The child that is reading."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with_time = [
            child
            for child in psutil.Process(desk.pid).children()
            if child.status() != psutil.STATUS_ZOMBIE and child.cpu_times().user > 0.05
        ]
        if with_time:
            return with_time[0]
        time.sleep(0.01)
    raise AssertionError("no child came to work")


def test_a_file_that_takes_too_much_memory():
    with desk_of(memory_bytes=30_000_000) as desk:
        assert refusal_of(desk) == "too_much_memory"
        assert reads_on(desk)


def test_a_file_that_takes_too_much_time_of_the_processor():
    with desk_of(cpu_s=1) as desk:
        assert refusal_of(desk) == "too_slow"
        assert reads_on(desk)


def test_a_file_that_takes_too_long_is_killed_and_gone():
    with desk_of(wall_s=0.4) as desk:
        assert refusal_of(desk) == "too_slow"
        until = time.monotonic() + 5
        while psutil.Process(desk.pid).children():
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("how", "code", "answer"),
    [
        (signal.SIGKILL, "killed", ("unavailable", True)),  # as the system does when memory is short
        (signal.SIGSEGV, "crashed", ("invalid", False)),
        (signal.SIGABRT, "crashed", ("invalid", False)),
    ],
)
def test_a_child_killed_in_the_middle(how, code, answer):
    with desk_of() as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(refusal_of, desk)
        wait_for_child(desk).send_signal(how)
        assert call.result(30) == code
        problem = problem_of(IntakeRefused(code))
        assert (problem.code, "Retry-After" in problem.headers) == answer
        assert reads_on(desk)


def test_a_child_that_is_stopped_is_killed_when_its_time_is_over():
    with desk_of(wall_s=2) as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(refusal_of, desk)
        child = wait_for_child(desk)
        child.suspend()
        assert call.result(30) == "too_slow"
        child.wait(5)
        assert reads_on(desk)


def test_a_dead_fork_server_is_started_again():
    with desk_of() as desk:
        assert reads_on(desk)
        first = desk.pid
        os.kill(first, signal.SIGKILL)
        assert reads_on(desk)
        assert desk.pid != first


def test_a_fork_server_that_dies_takes_no_answer_with_it():
    with desk_of() as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(desk.read_upload, LONG, "long.csv", None)
        wait_for_child(desk)
        os.kill(desk.pid, signal.SIGKILL)
        assert len(call.result(60).rows) == 25_000
        assert reads_on(desk)


def test_a_child_killed_after_its_server_is_known_to_be_gone():
    with desk_of() as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(refusal_of, desk)
        child = wait_for_child(desk)
        os.kill(desk.pid, signal.SIGKILL)
        child.kill()
        assert call.result(30) == "crashed"


def test_a_fork_server_that_never_gives_a_child_is_replaced(monkeypatch):
    monkeypatch.setattr("service.intake.desk._START_S", 4)
    with desk_of() as desk:
        assert reads_on(desk)
        first = desk.pid
        os.kill(first, signal.SIGSTOP)
        try:
            assert reads_on(desk)
        finally:
            if psutil.pid_exists(first):
                os.kill(first, signal.SIGKILL)
        assert desk.pid != first


def test_a_server_that_cannot_start_is_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr("service.intake.nursery._PROGRAM", "service.intake.no_such_program")
    with desk_of() as desk, pytest.raises(IntakeFaultError, match="can be started"):
        reads_on(desk)


def test_a_fault_of_the_program_is_told_as_one(tmp_path):
    with desk_of() as desk:
        with pytest.raises(IntakeFaultError, match="no such folder"):
            desk.read_upload(as_csv(HEADER, GOOD), "x", tmp_path / "nowhere")
        assert reads_on(desk)


def test_closing_ends_children_and_refuses_what_comes_later():
    with desk_of() as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(desk.read_upload, LONG, "long.csv", None)
        child = wait_for_child(desk)
        server = psutil.Process(desk.pid)
        desk.close()
        with pytest.raises(IntakeBusyError):
            call.result(30)
        with pytest.raises(IntakeBusyError):
            reads_on(desk)
        psutil.wait_procs([child, server], timeout=5)
        assert not child.is_running()
        assert not server.is_running()


def test_no_more_children_at_once_than_may_be():
    seen = []
    with desk_of(at_once=2) as desk, ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(desk.read_upload, LONG[: len(LONG) // 4], "x", None) for _ in range(8)]
        while not all(call.done() for call in calls):
            if desk.pid:
                alive = psutil.Process(desk.pid).children()
                seen.append(sum(is_at_work(child) for child in alive))
            time.sleep(0.005)
        assert all(call.result().num_rows > 5_000 for call in calls)
    # One that has answered may be seen on its way out.
    assert 2 <= max(seen) <= 4


def test_who_waits_too_long_is_told_to_come_again():
    with desk_of(at_once=1, wait_s=0.2) as desk, ThreadPoolExecutor(1) as pool:
        call = pool.submit(desk.read_upload, LONG, "long.csv", None)
        wait_for_child(desk)
        with pytest.raises(IntakeBusyError) as caught:
            reads_on(desk)
        assert caught.value.retry_after_s == 0.2
        assert len(call.result(60).rows) == 25_000


def test_no_more_wait_than_may():
    with desk_of(at_once=1, most_waiting=1) as desk, ThreadPoolExecutor(2) as pool:
        first = pool.submit(desk.read_upload, LONG, "long.csv", None)
        wait_for_child(desk)
        second = pool.submit(reads_on, desk)
        threading.Event().wait(0.1)
        with pytest.raises(IntakeBusyError):
            reads_on(desk)
        assert len(first.result(60).rows) == 25_000
        assert second.result(60)


def test_a_child_is_held_to_its_bounds_by_the_system():
    with desk_of() as own, ThreadPoolExecutor(1) as pool:
        call = pool.submit(own.read_upload, LONG, "long.csv", None)
        child = wait_for_child(own)
        limits = {
            name: child.rlimit(getattr(psutil, name))
            for name in ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NOFILE")
        }
        assert limits["RLIMIT_CORE"] == limits["RLIMIT_FSIZE"] == (0, 0)
        assert limits["RLIMIT_CPU"] == (60, 65)
        assert limits["RLIMIT_NOFILE"] == (64, 64)
        assert 512_000_000 < limits["RLIMIT_AS"][0] < 1_000_000_000
        assert child.memory_info().vms < limits["RLIMIT_AS"][0]
        # What it talks with, and nothing of its siblings or of the server.
        assert sum(name.startswith("socket:") for name in files_of(child)) == 1
        call.result(60)
