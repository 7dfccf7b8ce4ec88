"""Nearest names for what is misspelt, as far as looking for them does not take longer than the reading."""

from __future__ import annotations

from collections.abc import Collection

from planner.reading.cells import suggest

MOST_COMPARED = 100_000
"""Names that texts are compared with in one file: about half a second. Beyond, it is the wrong file."""


class Hints:
    """Hints of one file: each text is looked up once, and no more of them than may be compared."""

    def __init__(self, most_compared: int = MOST_COMPARED) -> None:
        self._left = most_compared
        self._found: dict[tuple[str, str], str] = {}

    def find(self, kind: str, text: str, known: Collection[str]) -> str:
        """Hint with the nearest of the known names of a kind, or an empty text."""
        hint = self._found.get((kind, text))
        if hint is not None:
            return hint
        if self._left < len(known):
            return ""
        self._left -= len(known)
        hint = self._found[kind, text] = suggest(text, known)
        return hint
