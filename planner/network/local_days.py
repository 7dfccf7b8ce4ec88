"""Local calendar days of many times at once: the storage rule's D(t) over arrays."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from planner.clock import from_minutes
from planner.units import MINUTES_PER_DAY

Ints = npt.NDArray[np.int64]
_SECONDS = 60


def day_numbers(minutes: Ints, time_zone: str) -> Ints:
    """As :func:`planner.clock.day_number` of each time, int64 of the same shape."""
    if not minutes.size:
        return minutes.astype(np.int64)
    first, last = int(minutes.min()) // MINUTES_PER_DAY, int(minutes.max()) // MINUTES_PER_DAY + 1
    starts, offsets = _offsets(time_zone, first, last)
    at = np.searchsorted(starts, minutes, side="right") - 1
    return np.asarray((minutes + offsets[at]) // MINUTES_PER_DAY, dtype=np.int64)


@lru_cache(maxsize=256)
def _offsets(time_zone: str, first_day: int, last_day: int) -> tuple[Ints, Ints]:
    """Times from which a clock is so many minutes ahead of UTC, between two days of UTC."""
    starts = [first_day * MINUTES_PER_DAY]
    offsets = [_offset(starts[0], time_zone)]
    for day in range(first_day, last_day):
        before, after = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        if _offset(after, time_zone) != offsets[-1]:
            while after - before > 1:
                middle = (before + after) // 2
                if _offset(middle, time_zone) == offsets[-1]:
                    before = middle
                else:
                    after = middle
            starts.append(after)
            offsets.append(_offset(after, time_zone))
    return np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _offset(minute: int, time_zone: str) -> int:
    ahead = from_minutes(minute, time_zone).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds()) // _SECONDS
