"""Between a search and who asked for it: phases, the best plan so far, the proof so far, wishes to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

from planner.model.results import Progress


class Talk:
    """Keeps time by phase and passes progress and wishes to stop between solver and caller.

    Parameters
    ----------
    progress
        Called now and then with where the solver is.
    should_stop
        Asked now and then; once it answers yes, the best plan so far is finished.
    prefix
        Stands before the name of every phase.
    """

    def __init__(
        self,
        progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
        prefix: str = "",
    ) -> None:
        self.seconds: dict[str, float] = {}
        self.bound: int | None = None
        self.stopped_by: str | None = None
        self._progress = progress
        self._should_stop = should_stop
        self._prefix = prefix
        self._phase = ""
        self._since = time.perf_counter()
        self._value: int | None = None
        self._own_value = 0

    def start(self, phase: str) -> None:
        """Begin a phase; the one before ends."""
        self.end()
        self._phase = phase
        self._tell(0)

    def end(self) -> None:
        """End the phase."""
        now = time.perf_counter()
        if self._phase:
            self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = "", now

    def found(self, value: int, penalty: int) -> None:
        """There is a plan of a value, of which the penalties of vehicles left out are a part."""
        self._value, self._own_value = value, value - penalty
        self._tell(0)

    def prove(self, bound: int) -> None:
        """No plan can have less than this value."""
        self.bound = bound if self.bound is None else max(self.bound, bound)
        self._tell(0)

    def on_round(self, number: int, bound: int) -> None:
        """A round of the relaxation is over, with the best bound so far."""
        self.bound = bound
        self._tell(number)

    def should_stop(self) -> bool:
        """Whether the caller wants to stop."""
        if self._should_stop is not None and self._should_stop():
            self.stopped_by = "cancelled"
            return True
        return False

    def _tell(self, number: int) -> None:
        if self._progress is None:
            return
        gap = None
        if self.bound is not None and self._value is not None and self._own_value > 0:
            gap = float(Fraction(self._value - self.bound, self._own_value))
        self._progress(
            Progress(
                phase=self._prefix + self._phase, round=number, value=self._value, bound=self.bound, gap=gap
            )
        )
