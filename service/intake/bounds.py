"""What a child that reads may take, and how many of them there are."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildBounds:
    """Bounds of the children of a desk.

    Parameters
    ----------
    memory_bytes
        Address space beside what is mapped when a child begins.
    cpu_s, wall_s
        Seconds of one child; wall clock counts from the moment it is asked for.
    at_once
        Children at a time.
    wait_s, most_waiting
        How long a call waits for its turn, and how many calls wait.
    told_issues, listed_issues
        Faults that are told one by one, and that the list of them as CSV holds; beyond they are counted.
    answer_bytes
        Of what a child gives back.
    """

    memory_bytes: int = 512 * MB
    cpu_s: int = 60
    wall_s: float = 90
    at_once: int = 2
    wait_s: float = 30
    most_waiting: int = 32
    told_issues: int = 1_000
    listed_issues: int = 100_000
    answer_bytes: int = 400 * MB


DEFAULT_BOUNDS = ChildBounds()
