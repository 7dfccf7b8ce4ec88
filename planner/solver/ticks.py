"""How a search lets itself be ended from outside, between two of its steps."""

from __future__ import annotations

from collections.abc import Callable

Tick = Callable[[], None]
"""Called between steps; what it raises ends the search, which leaves nothing half done."""


def no_tick() -> None:
    """Let a search go on."""
