from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from planner.units import ceil_div, round_half_up

WHOLE = st.integers(-(10**15), 10**15)


def test_halves_are_rounded_upwards():
    halves = (Fraction(1, 2), Fraction(3, 2), Fraction(-1, 2), Fraction(-3, 2))
    assert [round_half_up(half) for half in halves] == [1, 2, 0, -1]


@given(st.fractions())
def test_rounding_moves_by_half_at_most(value: Fraction):
    assert -Fraction(1, 2) < round_half_up(value) - value <= Fraction(1, 2)


@given(WHOLE)
def test_whole_numbers_stay_as_they_are(number: int):
    assert round_half_up(number) == round_half_up(Fraction(number)) == number


@given(st.fractions(), st.fractions())
def test_rounding_keeps_order(one: Fraction, other: Fraction):
    low, high = sorted((one, other))
    assert round_half_up(low) <= round_half_up(high)


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_rounding_is_that_of_a_price_list(price: Decimal):
    """For prices, which are never negative, it is the rounding that is taught in school."""
    assert round_half_up(Fraction(price)) == int(price.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(WHOLE, st.integers(1, 10**6))
def test_ceil_div_is_exact(numerator: int, denominator: int):
    assert ceil_div(numerator, denominator) == ceil(Fraction(numerator, denominator))


@given(st.integers(1, 10**6), st.integers(1, 12))
def test_boxes_hold_all_vehicles_and_none_is_empty(vehicles: int, per_box: int):
    boxes = ceil_div(vehicles, per_box)
    assert boxes * per_box >= vehicles > (boxes - 1) * per_box
