"""Remedies in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.model.plans import Remedy, Unplanned


def remedies_text(unplanned: Unplanned) -> str:
    """All remedies of a batch in one line; empty where none were looked for."""
    if unplanned.remedies is None:
        return ""
    if not unplanned.remedies:
        return "no single change that was looked for would do"
    return ", or ".join(map(remedy_text, unplanned.remedies))


def remedy_text(remedy: Remedy) -> str:
    """One remedy, and whether less may do."""
    return remedy.text if remedy.is_least else f"{remedy.text} (less may do)"
