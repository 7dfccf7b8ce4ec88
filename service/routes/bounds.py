"""What questions about single shipments may take, in time, memory and processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteBounds:
    """Bounds of all desks.

    Parameters
    ----------
    children
        Processes for the shipped network, which all callers share; the second is started once the first is
        busy.
    own_children
        Tenants whose own networks are answered about at a time: each has a process of its own.
    search_s
        Longest search for one answer, in seconds of the processor; making the timetable does not count.
    wait_s
        How long a question waits for its turn.
    prepare_s
        Longest that reading a network and making a timetable may take.
    most_waiting, most_waiting_of_one
        Questions that wait at a time, and those of one tenant.
    memory_mb
        Memory of one process; one that has taken more is ended.
    most_days
        Longest time from ready to due.
    most_labels
        Partial ways that one search may hold at once: 120 bytes each.
    desks
        Timetables that a process keeps, each of some 430 days.
    warm_after_s
        The first process gets ready so long after the start, unless it is asked something before.
    idle_s
        A process is ended where nobody has needed it for so long, all but the first for the shipped network.
    """

    children: int = 2
    own_children: int = 2
    search_s: float = 2
    wait_s: float = 10
    prepare_s: float = 60
    most_waiting: int = 64
    most_waiting_of_one: int = 48
    memory_mb: int = 1_500
    most_days: int = 400
    most_labels: int = 1 << 21
    desks: int = 2
    warm_after_s: float = 3
    idle_s: float = 600


DEFAULT_BOUNDS = RouteBounds()
