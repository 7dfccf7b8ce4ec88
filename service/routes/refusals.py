"""Why a question about a shipment has no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.errors import Issue


class RouteRefusedError(Exception):
    """The question is at fault; carries every fault, with a JSON pointer for a column."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(map(str, self.issues)))


class RouteBusyError(Exception):
    """Too many questions are waiting; ``retry_after_s`` says when to come again."""

    def __init__(self, retry_after_s: float = 1) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many questions are waiting; come again in {retry_after_s:g} s")


class RouteTooSlowError(Exception):
    """The search takes longer, or more memory, than it may."""


class RouteFaultError(Exception):
    """The program itself is at fault."""
