"""A table as pages show it: what stands in it is text, whatever it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than its text.

    Parameters
    ----------
    href
        Where it leads.
    tone
        ``bad``, ``warn``, ``good``, ``faint`` or ``best``.
    mode
        Mode whose colour stands before it.
    hint
        What its marks stand for.
    """

    text: str
    href: str | None = None
    tone: str | None = None
    mode: str | None = None
    hint: str | None = None


Content = str | Cell
Row = Sequence[Content]


@dataclass(frozen=True, slots=True)
class Head:
    """Heading of a column; of figures or not."""

    text: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Heads, rows, and perhaps a last line of sums."""

    heads: Sequence[Head]
    rows: Sequence[Row]
    caption: str | None = None
    foot: Row | None = None


def figure(text: str) -> Head:
    """Heading of a column of figures."""
    return Head(text, is_figure=True)
