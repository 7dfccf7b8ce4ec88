"""What was asked for last is kept, up to so many bytes."""

from __future__ import annotations

import numpy as np

from planner.network.recent import Recent


def test_what_was_not_asked_for_longest_makes_room():
    kept: Recent[tuple] = Recent(2 * 80)
    made = []

    def get(key: str) -> None:
        kept.get(key, lambda: (made.append(key), np.zeros(10))[1:])

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]
    kept.clear()
    get("a")
    assert (made[-1], len(kept)) == ("a", 1)


def test_the_last_one_is_kept_whatever_its_size():
    kept: Recent[tuple] = Recent(0)
    first = kept.get("a", lambda: (np.zeros(10),))
    assert kept.get("a", lambda: (np.ones(10),)) is first
    kept.get("b", lambda: (np.zeros(10),))
    assert len(kept) == 1
