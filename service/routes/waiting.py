"""Questions that wait: each tenant's in the order they came, the tenants in turn."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from service.routes.refusals import RouteBusyError


@dataclass(slots=True)
class Question:
    """One question: bytes of JSON, about the network of a folder (``None`` = the shipped one)."""

    tenant_id: str
    folder: str | None
    body: bytes
    answer: Future[bytes] = field(default_factory=Future)


class Waiting:
    """Hands questions to some workers, numbered from 0; one is asked only where all before it are busy.

    Parameters
    ----------
    most, most_of_one
        Questions that may wait at a time, and those of one tenant.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._changed = threading.Condition()
        self._by_tenant: OrderedDict[str, deque[Question]] = OrderedDict()
        self._count = 0
        self._free: set[int] = set()
        self._is_closed = False
        self.used_at = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits, and no worker is busy that ever was free."""
        with self._changed:
            return not self._count and 0 in self._free

    def put(self, question: Question) -> None:
        """Add a question.

        Raises
        ------
        RouteBusyError
            If too many wait.
        """
        with self._changed:
            own = self._by_tenant.setdefault(question.tenant_id, deque())
            if self._is_closed or self._count >= self._most or len(own) >= self._most_of_one:
                if not own:
                    del self._by_tenant[question.tenant_id]
                raise RouteBusyError
            own.append(question)
            self._count += 1
            self.used_at = time.monotonic()
            self._changed.notify_all()

    def wait(self, worker: int, timeout: float | None = None) -> bool:
        """Wait until there is a question for a worker, who is free; whether there is one."""
        with self._changed:
            self._free.add(worker)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_closed or self._is_for(worker), timeout)
            return self._is_for(worker)

    def take(self, worker: int) -> Question | None:
        """Take the next question, if there is one for this worker; it is busy then."""
        with self._changed:
            while self._is_for(worker):
                tenant, own = self._by_tenant.popitem(last=False)
                question = own.popleft()
                if own:
                    self._by_tenant[tenant] = own
                self._count -= 1
                # One that nobody waits for any more is passed over.
                if question.answer.set_running_or_notify_cancel():
                    self._free.discard(worker)
                    self._changed.notify_all()
                    return question
            return None

    def busy(self, worker: int) -> None:
        """Note that a worker has something else to do."""
        with self._changed:
            self._free.discard(worker)
            self._changed.notify_all()

    def close(self) -> None:
        """Take nothing more; whoever waits is sent away."""
        with self._changed:
            self._is_closed = True
            for own in self._by_tenant.values():
                for question in own:
                    if question.answer.set_running_or_notify_cancel():
                        question.answer.set_exception(RouteBusyError())
            self._by_tenant.clear()
            self._count = 0
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is taken."""
        return self._is_closed

    def _is_for(self, worker: int) -> bool:
        return self._count > 0 and not any(number < worker for number in self._free)
