"""Who is served next."""

from __future__ import annotations

import threading

import pytest

from service.routes.refusals import RouteBusyError
from service.routes.waiting import Question, Waiting


def waiting_of(*tenants: str, most: int = 10, most_of_one: int = 5) -> Waiting:
    made = Waiting(most, most_of_one)
    for number, tenant in enumerate(tenants):
        made.put(Question(tenant, None, str(number).encode()))
    return made


def taken(waiting: Waiting, worker: int = 0) -> list[bytes]:
    found = []
    while (question := waiting.take(worker)) is not None:
        found.append(question.body)
    return found


def test_tenants_take_turns_each_in_the_order_they_asked():
    assert taken(waiting_of("a", "a", "a", "b", "c", "b")) == [b"0", b"3", b"4", b"1", b"5", b"2"]


def test_so_many_may_wait_and_no_more():
    waiting = waiting_of("a", "a", most=3, most_of_one=2)
    with pytest.raises(RouteBusyError):
        waiting.put(Question("a", None, b""))
    waiting.put(Question("b", None, b""))
    with pytest.raises(RouteBusyError):
        waiting.put(Question("c", None, b""))
    assert len(taken(waiting)) == 3
    waiting.put(Question("c", None, b""))


def test_who_waits_no_more_is_passed_over():
    waiting = waiting_of()
    gone, there = (Question("a", None, name) for name in (b"gone", b"there"))
    waiting.put(gone)
    waiting.put(there)
    assert gone.answer.cancel()
    assert taken(waiting) == [b"there"]


def test_a_second_worker_is_asked_only_where_the_first_is_busy():
    waiting = waiting_of()
    assert not waiting.wait(0, 0)
    assert not waiting.wait(1, 0)
    waiting.put(Question("a", None, b"0"))
    waiting.put(Question("a", None, b"1"))
    assert waiting.take(1) is None
    assert waiting.take(0).body == b"0"
    assert waiting.wait(1, 0)
    assert waiting.take(1).body == b"1"


def test_it_is_idle_once_the_first_worker_is_free_and_nobody_waits():
    waiting = waiting_of("a")
    assert not waiting.is_idle
    waiting.wait(0, 0)
    assert not waiting.is_idle
    waiting.take(0)
    assert not waiting.is_idle
    waiting.wait(0, 0)
    assert waiting.is_idle


def test_at_the_end_who_waits_is_sent_away_and_workers_are_woken():
    waiting = waiting_of()
    woken = threading.Event()

    def work() -> None:
        assert not waiting.wait(0)
        woken.set()

    worker = threading.Thread(target=work)
    worker.start()
    waiting.busy(1)
    late = Question("a", None, b"")
    waiting.close()
    worker.join(30)
    assert woken.is_set()
    with pytest.raises(RouteBusyError):
        waiting.put(late)


def test_a_question_that_waits_at_the_end_is_answered_so():
    waiting = waiting_of()
    question = Question("a", None, b"")
    waiting.put(question)
    waiting.close()
    with pytest.raises(RouteBusyError):
        question.answer.result(0)
