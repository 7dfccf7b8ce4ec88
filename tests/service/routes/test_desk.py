"""Questions to real processes: the answers of the library, byte by byte, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from service.routes.bounds import RouteBounds
from service.routes.desk import RouteDesks
from service.routes.refusals import RouteBusyError, RouteFaultError, RouteRefusedError, RouteTooSlowError
from tests.service.routes.questions import EASY, MANY, as_json, make_network, of_library
from tests.waiting import wait_until

LONG_S = 120
"""On a busy machine."""


@contextmanager
def desks_of(**bounds: float) -> Iterator[RouteDesks]:
    desks = RouteDesks(RouteBounds(**bounds))
    try:
        yield desks
    finally:
        pids = desks.pids
        desks.close()
        assert not [pid for pid in pids if psutil.pid_exists(pid)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_network(tmp_path_factory.mktemp("network") / "tables")


@pytest.fixture(scope="module")
def desks() -> Iterator[RouteDesks]:
    with desks_of() as made:
        yield made


def ask(desks: RouteDesks, question: object, network: Path | None, tenant: str = "a") -> bytes:
    return desks.ask(tenant, as_json(question), network).result(LONG_S)


def test_the_first_question_has_all_of_its_time(network: Path):
    """To load the search takes longer than to search, and to compile it much longer."""
    with desks_of(search_s=0.05) as desks:
        assert ask(desks, EASY, network) == of_library(EASY, network)


def test_a_service_with_very_many_connections_answers_on(network: Path):
    """``select`` knows files up to number 1,023 only."""
    with ExitStack() as stack:
        for _ in range(1_100):
            stack.enter_context(open(os.devnull))  # noqa: PTH123 - quick, and nothing else
        with desks_of() as desks:
            assert ask(desks, EASY, network) == of_library(EASY, network)


def test_documents_are_those_of_the_library(desks: RouteDesks, network: Path):
    """All over the same timetables; the library makes one for each question."""
    for question in MANY:
        assert ask(desks, question, network) == of_library(question, network), question
    assert len(desks.pids) == 1


def test_documents_of_the_shipped_network_are_those_of_the_library(desks: RouteDesks):
    lane = {"origin": "BYD-CGO", "destination": "CMP-HAMBURG", "vehicleType": "seal", "vehicles": 52}
    for more in ({"ready": "2027-03-02", "due": "2027-04-21"}, {"ready": "2027-04-09"}):
        question = {**lane, **more}
        assert ask(desks, question, None) == of_library(question, None)


def test_every_fault_is_told_at_once(desks: RouteDesks, network: Path):
    wrong = {**EASY, "origin": "PLANTS", "vehicles": 0, "ready": "03/04/2025", "limit": 0, "split": "no"}
    with pytest.raises(RouteRefusedError) as caught:
        ask(desks, wrong, network)
    told = {(issue.column, issue.code) for issue in caught.value.issues}
    assert told == {
        ("/origin", "not_in_network"),
        ("/vehicles", "out_of_range"),
        ("/ready", "ambiguous"),
        ("/limit", "out_of_range"),
        ("/split", "unknown"),
    }
    assert ask(desks, EASY, network)


def test_due_dates_too_far_away_are_refused(desks: RouteDesks, network: Path):
    assert ask(desks, {**EASY, "due": "2026-04-05"}, network)
    with pytest.raises(RouteRefusedError) as caught:
        ask(desks, {**EASY, "due": "2026-04-07"}, network)
    assert [issue.column for issue in caught.value.issues] == ["/due"]


def test_who_is_killed_in_the_middle_is_asked_again(network: Path):
    with desks_of() as desks:
        right = ask(desks, EASY, network)
        (pid,) = desks.pids
        os.kill(pid, signal.SIGSTOP)
        answer = desks.ask("a", as_json(EASY), network)
        wait_until(answer.running)
        os.kill(pid, signal.SIGKILL)
        assert answer.result(LONG_S) == right
        assert desks.pids != [pid]


def test_who_is_killed_twice_is_a_fault_and_the_next_question_is_answered(network: Path):
    with desks_of() as desks:
        right = ask(desks, EASY, network)
        (first,) = desks.pids
        os.kill(first, signal.SIGSTOP)
        answer = desks.ask("a", as_json(EASY), network)
        wait_until(answer.running)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: desks.pids not in ([], [first]))
        os.kill(desks.pids[0], signal.SIGKILL)
        with pytest.raises(RouteFaultError):
            answer.result(LONG_S)
        assert ask(desks, EASY, network) == right


def test_one_killed_while_idle_is_replaced(network: Path):
    with desks_of() as desks:
        right = ask(desks, EASY, network)
        os.kill(desks.pids[0], signal.SIGKILL)
        assert ask(desks, EASY, network) == right


def test_a_search_beyond_its_time_is_given_up_and_the_process_goes_on(network: Path):
    with desks_of(search_s=1e-6) as desks:
        for _ in range(2):
            with pytest.raises(RouteTooSlowError, match="1e-06 s"):
                ask(desks, EASY, network)
            (pid,) = desks.pids
        assert desks.pids == [pid]


def test_a_process_that_makes_no_headway_is_ended(network: Path):
    with desks_of(prepare_s=0.5) as desks, pytest.raises(RouteTooSlowError, match="longer"):
        ask(desks, EASY, network)


def test_a_process_that_takes_too_much_memory_is_ended(network: Path):
    with desks_of(memory_mb=30) as desks:
        with pytest.raises(RouteTooSlowError, match="memory"):
            ask(desks, EASY, network)
        assert desks.pids == []


def test_many_at_once_get_the_same_answers(network: Path):
    with desks_of() as desks:
        answers = [desks.ask("a", as_json(question), network) for question in MANY * 2]
        wait(answers, LONG_S)
        told = [answer.result(0) for answer in answers]
        assert told[: len(MANY)] == told[len(MANY) :]
        assert len(set(told)) == len(MANY)


def test_the_process_of_whoever_asked_longest_ago_makes_room(network: Path):
    with desks_of(own_children=1) as desks:
        ask(desks, EASY, network, "a")
        (of_a,) = desks.pids
        ask(desks, EASY, network, "b")
        (of_b,) = desks.pids
        assert of_a != of_b
        os.kill(of_b, signal.SIGSTOP)
        answer = desks.ask("b", as_json(EASY), network)
        wait_until(answer.running)
        with pytest.raises(RouteBusyError):
            desks.ask("c", as_json(EASY), network)
        os.kill(of_b, signal.SIGCONT)
        answer.result(LONG_S)


def test_a_process_that_nobody_asks_is_ended(network: Path):
    with desks_of(idle_s=0.2) as desks:
        right = ask(desks, EASY, network)
        wait_until(lambda: desks.pids == [])
        assert ask(desks, EASY, network) == right


def test_too_many_waiting_are_sent_away_and_who_waits_at_the_end_too(network: Path):
    with desks_of(most_waiting=2) as desks:
        ask(desks, EASY, network)
        os.kill(desks.pids[0], signal.SIGSTOP)
        running = desks.ask("a", as_json(EASY), network)
        wait_until(running.running)
        waiting = [desks.ask("a", as_json(EASY), network) for _ in range(2)]
        with pytest.raises(RouteBusyError):
            desks.ask("a", as_json(EASY), network)
    for answer in (running, *waiting):
        with pytest.raises(RouteBusyError):
            answer.result(LONG_S)


def test_processes_end_with_their_parent(network: Path):
    program = (
        "import sys, json, pathlib\n"
        "from service.routes.desk import RouteDesks\n"
        "desks = RouteDesks()\n"
        f"desks.ask('a', {as_json(EASY)!r}, pathlib.Path({str(network)!r})).result()\n"
        "print(desks.pids[0], flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        pid = int(parent.stdout.readline())
        assert psutil.Process(pid).nice() >= 5
        assert psutil.Process(pid).rlimit(psutil.RLIMIT_CORE) == (0, 0)
        parent.kill()
    wait_until(lambda: not is_running(pid))


def test_a_process_ends_with_its_parent_in_the_middle_of_its_work():
    lane = {"origin": "BYD-CGO", "destination": "CMP-HAMBURG", "vehicleType": "seal", "vehicles": 52}
    program = (
        "import sys, time\n"
        "from service.routes.desk import RouteDesks\n"
        "desks = RouteDesks()\n"
        f"desks.ask('a', {as_json({**lane, 'ready': '2027-04-09'})!r}, None)\n"
        "while not desks.pids:\n"
        "    time.sleep(0.05)\n"
        "print(desks.pids[0], flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(2)  # its code is loaded, the network of the question is not
        parent.kill()
    begun = time.monotonic()
    wait_until(lambda: not is_running(pid))
    assert time.monotonic() - begun < 3


def is_running(pid: int) -> bool:
    """Whether it runs; where nobody buries it, it has ended all the same."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_futures_of_questions_can_be_cancelled_until_they_run(network: Path):
    with desks_of() as desks:
        ask(desks, EASY, network)
        (pid,) = desks.pids
        os.kill(pid, signal.SIGSTOP)
        running: Future[bytes] = desks.ask("a", as_json(EASY), network)
        wait_until(running.running)
        waiting = desks.ask("a", as_json(EASY), network)
        assert not running.cancel()
        assert waiting.cancel()
        os.kill(pid, signal.SIGCONT)
        assert running.result(LONG_S)
        assert ask(desks, EASY, network)
