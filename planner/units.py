"""Units and the one rounding rule.

Money is whole cents of the reporting currency, time whole minutes since 1970-01-01T00:00Z, vehicles
and 40-foot boxes are whole, CEU and cubic metres are whole hundredths. Prices before rounding are
exact :class:`~fractions.Fraction` cents.
"""

from __future__ import annotations

from fractions import Fraction

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1_440
DAYS_PER_YEAR = 365
"""A carrying year (design: money fine print)."""
HUNDREDTHS = 100
TEU_PER_FEU = 2


def round_half_up(value: Fraction | int) -> int:
    """Round to the nearest whole number, halves away from zero upwards (0.5 -> 1, -0.5 -> 0)."""
    numerator, denominator = value.numerator, value.denominator
    return (2 * numerator + denominator) // (2 * denominator)


def ceil_div(numerator: int, denominator: int) -> int:
    """Smallest whole number not below ``numerator / denominator``; the denominator is positive."""
    return -(-numerator // denominator)
