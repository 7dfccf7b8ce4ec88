"""Answers questions about single shipments: never in the process that answers requests.

All callers share the processes for the shipped network, which hold nothing of anybody; those of a tenant's
own networks serve that tenant alone.
"""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from planner.errors import Issue
from service.routes.bounds import DEFAULT_BOUNDS, RouteBounds
from service.routes.messages import ANSWER, DONE, REFUSED, SLOW, WARM
from service.routes.process import LostError, OverdueError, Process
from service.routes.refusals import RouteBusyError, RouteFaultError, RouteRefusedError, RouteTooSlowError
from service.routes.waiting import Question, Waiting

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("landbridge.routes")

_JOIN_S = 0.05
TRIES = 2
"""A question whose process ends is asked once more: it may have been the one before that was too much."""


class RouteDesks:
    """Takes questions from any thread.

    Parameters
    ----------
    bounds
        What they may take.
    """

    def __init__(self, bounds: RouteBounds = DEFAULT_BOUNDS) -> None:
        self._bounds = bounds
        self._shipped = _Group(bounds, bounds.children)
        self._own: dict[str, _Group] = {}
        self._lock = threading.Lock()

    @property
    def wait_s(self) -> float:
        """How long a question waits for its turn."""
        return self._bounds.wait_s

    def start(self, *, is_warm: bool = True) -> None:
        """Begin to answer; ``is_warm``: make the first process ready for what is usual today at once."""
        with self._lock:
            self._shipped.start(is_warm=is_warm)

    def close(self) -> None:
        """End all processes; whoever waits is sent away."""
        with self._lock:
            groups = [self._shipped, *self._own.values()]
            self._own.clear()
        for group in groups:
            group.close()

    @property
    def pids(self) -> list[int]:
        """All processes that there are now."""
        with self._lock:
            return [pid for group in (self._shipped, *self._own.values()) for pid in group.pids]

    def ask(self, tenant_id: str, body: bytes, folder: Path | None = None) -> Future[bytes]:
        """Answer a question: the route document, in time.

        The future raises :class:`RouteRefusedError`, :class:`RouteTooSlowError`, :class:`RouteFaultError`, or
        :class:`RouteBusyError`. One that has not begun may be cancelled.

        Parameters
        ----------
        body
            JSON as :func:`~planner.reading.route_json.read_route_json` takes it.
        folder
            Tables of a tenant's own network, which never change; ``None`` = the shipped one.

        Raises
        ------
        RouteBusyError
            If too many questions are waiting.
        """
        question = Question(tenant_id, None if folder is None else str(folder.resolve()), body)
        with self._lock:
            group = self._shipped if folder is None else self._group_of(tenant_id)
            group.start()
            group.waiting.put(question)
        return question.answer

    def _group_of(self, tenant_id: str) -> _Group:
        """The group of a tenant; another makes room for it if it has nothing to do."""
        if tenant_id not in self._own:
            if len(self._own) >= self._bounds.own_children:
                idle = [name for name, group in self._own.items() if group.waiting.is_idle]
                if not idle:
                    raise RouteBusyError
                longest = min(idle, key=lambda name: self._own[name].waiting.used_at)
                self._own.pop(longest).close()
            self._own[tenant_id] = _Group(self._bounds, 1, idle_s=self._bounds.idle_s)
        return self._own[tenant_id]


class _Group:
    """Processes for the same networks, each with a thread that feeds it."""

    def __init__(self, bounds: RouteBounds, children: int, idle_s: float | None = None) -> None:
        self._bounds = bounds
        self._idle_s = idle_s
        self._processes: list[Process | None] = [None] * children
        self._latest: Question | None = None
        self.waiting = Waiting(bounds.most_waiting, bounds.most_waiting_of_one)
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"routes {number}", daemon=True)
            for number in range(children)
        ]
        self._is_started = self._is_warm = False

    @property
    def pids(self) -> list[int]:
        """Processes that there are now."""
        return [process.pid for process in self._processes if process is not None and process.is_alive]

    def start(self, *, is_warm: bool = False) -> None:
        """Start to answer, once; ``is_warm``: make the first process ready before the first question."""
        if self._is_started:
            return
        self._is_started, self._is_warm = True, is_warm
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End everything."""
        self.waiting.close()
        for number, thread in enumerate(self._threads):
            while thread.is_alive():
                process = self._processes[number]
                if process is not None:
                    process.kill()
                thread.join(_JOIN_S)
            self._end(number)

    # --- a thread ---------------------------------------------------------------------------------------

    def _work(self, number: int) -> None:
        """Feed one process until the group is closed."""
        if number == 0 and self._is_warm:
            self._make_ready(number, b"", None)
        while not self.waiting.is_closed:
            if not self.waiting.wait(number, self._idle_s):
                self._end(number)
                continue
            latest = self._latest
            if self._processes[number] is None and number and latest is not None:
                # What is asked meanwhile need not wait until it is ready.
                self.waiting.busy(number)
                self._make_ready(number, latest.body, latest.folder)
                self.waiting.wait(number, 0)
            question = self.waiting.take(number)
            if question is not None:
                self._answer(number, question)

    def _make_ready(self, number: int, body: bytes, folder: str | None) -> None:
        """Have the timetable made for a question, or for what is usual."""
        try:
            self._ask(number, {"do": WARM, "network": folder}, body)
        except (LostError, OverdueError, OSError) as error:
            log.warning("a process for routes did not get ready", extra={"error": str(error)})

    def _answer(self, number: int, question: Question) -> None:
        try:
            question.answer.set_result(self._find(number, question))
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            question.answer.set_exception(error)

    def _find(self, number: int, question: Question) -> bytes:
        head = {"do": ANSWER, "network": question.folder}
        for tried in range(1, TRIES + 1):
            try:
                word, *rest = self._ask(number, head, question.body)
            except OverdueError as error:
                log.warning("a question about a route took too much", extra={"error": str(error)})
                raise RouteTooSlowError(str(error)) from None
            except LostError:
                if self.waiting.is_closed:
                    raise RouteBusyError from None
                log.warning("a process for routes has ended in the middle", extra={"tried": tried})
                continue
            if word == DONE:
                self._latest = question
                return rest[0]
            if word == REFUSED:
                raise RouteRefusedError([Issue(**issue) for issue in json.loads(rest[0])])
            if word == SLOW:
                raise RouteTooSlowError(rest[0].decode())
            log.error("fault", extra={"told": rest[0].decode()})
            raise RouteFaultError("it could not say what is wrong")
        raise RouteFaultError("the process that answers has ended twice")

    def _ask(self, number: int, head: dict[str, str | None], body: bytes) -> tuple[bytes, ...]:
        process = self._processes[number]
        if process is not None and (not process.is_alive or process.is_full):
            self._end(number)
            process = None
        if process is None:
            process = self._processes[number] = Process(self._bounds)
        return process.ask(head, body)

    def _end(self, number: int) -> None:
        process, self._processes[number] = self._processes[number], None
        if process is not None:
            process.end()
