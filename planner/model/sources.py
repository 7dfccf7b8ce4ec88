"""Where the figures of the tables are from."""

from __future__ import annotations

from dataclasses import dataclass

ESTIMATE = "estimate:"
"""Starts what a row says of figures that no source gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published text.

    Parameters
    ----------
    date
        When it was published, as far as known: ISO 8601, or words.
    grade
        A (official, or the operator itself) to D (weak); empty if nobody graded it.
    """

    id: str
    title: str
    publisher: str = ""
    date: str = ""
    address: str = ""
    grade: str = ""
