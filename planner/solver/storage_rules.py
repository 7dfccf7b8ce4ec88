"""How the storage of a rule grows with time: what a sweep may forget follows from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.timetable import NO_LIMIT, Ints, Timetable

LONGEST_DAY_MIN = 1_500
"""A local day of 25 hours, when clocks go back."""

Mask = npt.NDArray[np.bool_]


class StoragePrices(NamedTuple):
    """Prices of a group, int64[rules, tiers, days], and what follows from them; bool[rules]."""

    tier: Ints
    monotone: Mask
    settles: Mask
    free: Mask


def storage_prices(timetable: Timetable, tier: Ints) -> StoragePrices:
    """Rounded prices of a group with the rules that grow in one way or another."""
    return StoragePrices(
        tier=tier,
        monotone=monotone_rules(timetable, tier),
        settles=settling_rules(timetable, tier),
        free=free_rules(timetable, tier),
    )


def monotone_rules(timetable: Timetable, tier: Ints) -> Mask:
    """Rules under which a later arrival never pays more than an earlier one, bool[rules].

    An hour later can move one day from tier i to tier i - 1, which then holds at least the whole days
    between their starts. It never pays more if no such step of tier i - 1 is dearer than any step of
    tier i; ``tier`` has the group's rounded prices, int64[rules, tiers, days].
    """
    steps = np.diff(tier, axis=2)
    monotone = np.asarray((steps >= 0).all(axis=(1, 2)), dtype=np.bool_)
    for number, rule in enumerate(timetable.rules):
        for place in range(1, len(rule.tiers)):
            held = (rule.tiers[place].from_min - rule.tiers[place - 1].from_min) // LONGEST_DAY_MIN
            before = steps[number, place - 1, held:]
            if before.size and before.max() > steps[number, place].min():
                monotone[number] = False
    return monotone


def settling_rules(timetable: Timetable, tier: Ints) -> Mask:
    """Rules under which each further day costs an earlier arrival no less than a later one, bool[rules].

    They charge each day the same within a tier, and never less in a later tier.
    """
    steps = np.diff(tier, axis=2)
    settles = (steps == steps[:, :, :1]).all(axis=(1, 2))
    daily = steps[:, :, 0]
    # Behind the last tier of a rule nothing is charged, and nothing is compared.
    is_tier = np.arange(1, tier.shape[1]) < timetable.arrays["rule_tiers"][:, np.newaxis]
    settles &= ((np.diff(daily, axis=1) >= 0) | ~is_tier).all(axis=1)
    return np.asarray(settles, dtype=np.bool_)


def free_rules(timetable: Timetable, tier: Ints) -> Mask:
    """Rules with no price and no longest dwell, bool[rules]."""
    limits = timetable.arrays["rule_max_dwell"]
    return np.asarray((tier == 0).all(axis=(1, 2)) & (limits >= NO_LIMIT), dtype=np.bool_)
