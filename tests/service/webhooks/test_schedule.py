"""When a delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.webhooks.schedule import (
    JITTER,
    LONGEST_ASKED_S,
    NUM_TRIES,
    WAITS_S,
    retry_after_s,
    wait_s,
)

NOW = datetime(2027, 3, 4, 12, 0, 0, tzinfo=UTC)


def middle() -> float:
    return 0.5


def test_ten_tries_over_about_75_hours():
    assert NUM_TRIES == 10
    total = sum(wait_s(tries, middle) or 0.0 for tries in range(1, NUM_TRIES))
    assert total == pytest.approx(75.6 * 3_600, rel=0.001)
    assert wait_s(NUM_TRIES, middle) is None
    assert wait_s(NUM_TRIES + 1, middle) is None


def test_waits_grow():
    waits = [wait_s(tries, middle) or 0.0 for tries in range(1, NUM_TRIES)]
    assert waits == sorted(waits)
    assert waits[0] == 5


@given(tries=st.integers(1, NUM_TRIES - 1), drawn=st.floats(0, 1, exclude_max=True))
def test_jitter_moves_a_wait_by_a_fifth_at_most(tries, drawn):
    wait = wait_s(tries, lambda: drawn)
    assert wait is not None
    assert (1 - JITTER) * WAITS_S[tries - 1] <= wait <= (1 + JITTER) * WAITS_S[tries - 1]


def test_two_that_failed_together_do_not_return_together():
    assert wait_s(1, lambda: 0.1) != wait_s(1, lambda: 0.9)


@pytest.mark.parametrize(
    ("asked_s", "wait"), [(None, 5), (0, 5), (4, 5), (120, 120), (10 * LONGEST_ASKED_S, LONGEST_ASKED_S)]
)
def test_a_receiver_may_ask_for_later_but_not_for_sooner_nor_for_never(asked_s, wait):
    assert wait_s(1, middle, asked_s=asked_s) == wait


def test_what_a_receiver_asks_for_is_not_scaled():
    assert wait_s(1, middle, scale=0.01) == pytest.approx(0.05)
    assert wait_s(1, middle, scale=0.01, asked_s=7) == 7


def test_nothing_waits_before_the_first_try():
    with pytest.raises(ValueError, match="due at once"):
        wait_s(0, middle)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Thu, 04 Mar 2027 12:01:30 GMT", 90),
        ("Thu, 04 Mar 2027 11:00:00 GMT", 0),
        ("Thu, 04 Mar 2027 12:01:30", 90),
        ("Thu, 04 Mar 2027 12:01:30 -0000", 90),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "-5", "1.5", "1e9", "9" * 10, "９", "٣", "NaN", "Thu, 99 Mar 2027 12:00:00 GMT"),
        "Mon, 01 Jan 2024 00:00:00 +99999999999999",
        "Fri, 31 Feb 00:00:00 999999999999",
    ],
)
def test_anything_else_says_nothing(value):
    assert retry_after_s(value, NOW) is None


@given(value=st.text(max_size=60))
def test_no_header_raises(value):
    seconds = retry_after_s(value, NOW)
    assert seconds is None or seconds >= 0
