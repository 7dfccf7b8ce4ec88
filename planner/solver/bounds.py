"""Lower bounds, recomputed in integers from rounded prices of room: they hold without a tolerance.

For prices lambda >= 0 of a unit on each row, every batch is bounded on its own: L = sum_b V_b(Q_b) - the
worth of the room (:meth:`planner.solver.room.Room.value`). With boxes at 1/k, V_b is Q_b times the cheapest
of a full group per vehicle and being left out. With whole boxes, V_b(q) = min over s of V_b(q - s) + g_b(s),
where g_b(s) is the cheapest way of s vehicles that share a box, s = 1..k.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def box_values(quantity: int, penalty: int, groups: Sequence[int]) -> list[int]:
    """V_b(0), ..., V_b(quantity) with whole boxes.

    Parameters
    ----------
    penalty
        Scaled price of leaving one vehicle out.
    groups
        ``groups[s - 1]`` = g_b(s), scaled.
    """
    best = [0] * (quantity + 1)
    for q in range(1, quantity + 1):
        best[q] = best[q - 1] + penalty
        for size, cost in enumerate(groups[:q], start=1):
            best[q] = min(best[q], best[q - size] + cost)
    return best


def last_box_values(quantity: int, penalty: int, groups: Sequence[int]) -> list[int]:
    """V_b of the last vehicles only: V_b(quantity - k), ..., V_b(quantity), at most ``quantity + 1`` of them.

    Let groups of ``best`` vehicles be the cheapest per vehicle. Of any ``best`` other groups some have
    together a multiple of ``best`` vehicles and can be traded for groups of ``best``, so a cheapest way has
    fewer than ``best`` others: all beyond ``(best - 1) k`` vehicles are in groups of ``best``.
    """
    size = len(groups)
    singles = [min(penalty, groups[0]), *groups[1:]]
    best = min(range(1, size + 1), key=lambda s: Fraction(singles[s - 1], s))
    fewest = best * size  # (best - 1) k, and k more: V_b(quantity - k) is asked for, too
    full = max(0, -(-(quantity - fewest) // best))
    values = box_values(quantity - full * best, penalty, groups)
    return [value + full * singles[best - 1] for value in values[-1 - size :]]


def group_limit(values: Sequence[int], groups: Sequence[int], size: int, gap: int) -> int:
    """Most cost of a group of ``size`` on one itinerary that a choice within ``gap`` of the bound can hold.

    ``values`` end with V_b(Q - size), ..., V_b(Q).

    A choice splits into groups that share a box (or are single vehicles, loose). Of a group of s one vehicle
    rides itinerary c and the others any of the same boxes, so it costs at least cost_c(s) / s + (s - 1) / s *
    g(s), and the rest of the batch at least V(Q - s): more than V(Q) + gap is too much.
    """
    return size * (values[-1] + gap - values[-1 - size]) - (size - 1) * groups[size - 1]


def linear_value(quantity: int, penalty: int, full_group: int, vehicles_per_box: int) -> Fraction:
    """V_b(quantity) with boxes at 1/k."""
    return quantity * min(Fraction(penalty), Fraction(full_group, vehicles_per_box))
