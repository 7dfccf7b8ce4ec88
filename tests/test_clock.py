from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import EPOCH_DAY, day_number, days, from_minutes, local_date, local_minutes, to_minutes

ZONES = st.sampled_from(
    ("UTC", "Asia/Shanghai", "Asia/Almaty", "Europe/Berlin", "Europe/Lisbon", "Africa/Cairo")
)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
MINUTES = st.integers(to_minutes(FIRST), to_minutes(LAST))
DATES = st.dates(FIRST.date(), LAST.date())
CLOCK_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(MINUTES, ZONES)
def test_minutes_come_back(minutes: int, zone: str):
    assert to_minutes(from_minutes(minutes, zone)) == minutes


@given(MINUTES, ZONES)
def test_local_date_is_the_date_that_the_clock_shows(minutes: int, zone: str):
    assert local_date(minutes, zone) == from_minutes(minutes, zone).date()
    assert EPOCH_DAY + timedelta(days=day_number(minutes, zone)) == local_date(minutes, zone)


@given(MINUTES, MINUTES, ZONES)
def test_day_number_never_falls(one: int, other: int, zone: str):
    first, last = sorted((one, other))
    assert day_number(first, zone) <= day_number(last, zone)


@given(DATES, CLOCK_TIMES, ZONES)
def test_clock_shows_the_local_time_unless_it_was_skipped(day: date, at: time, zone: str):
    shown = from_minutes(local_minutes(day, at, zone), zone)
    skipped = shown.replace(tzinfo=None) - datetime.combine(day, at)
    assert skipped in (timedelta(0), timedelta(hours=1))


@given(DATES, ZONES)
def test_local_day_has_23_24_or_25_hours(day: date, zone: str):
    noon = time(12)
    length = local_minutes(day + timedelta(days=1), noon, zone) - local_minutes(day, noon, zone)
    assert length in (23 * 60, 24 * 60, 25 * 60)


def test_time_that_does_not_exist_is_read_with_the_offset_before():
    # on 30 March 2025 clocks in Berlin go from 02:00 to 03:00; 02:30 at +01:00 is 01:30 UTC
    expected = to_minutes(datetime(2025, 3, 30, 1, 30, tzinfo=UTC))
    assert local_minutes(date(2025, 3, 30), time(2, 30), "Europe/Berlin") == expected


def test_time_that_exists_twice_is_the_first():
    # on 26 October 2025 clocks in Berlin go from 03:00 back to 02:00; the first 02:30 is 00:30 UTC
    expected = to_minutes(datetime(2025, 10, 26, 0, 30, tzinfo=UTC))
    assert local_minutes(date(2025, 10, 26), time(2, 30), "Europe/Berlin") == expected


def test_midnight_comes_earlier_in_the_east():
    minutes = to_minutes(datetime(2025, 3, 3, 23, 30, tzinfo=UTC))
    assert day_number(minutes, "Europe/Berlin") == day_number(minutes, "UTC") + 1


def test_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        to_minutes(datetime(2025, 3, 3))  # noqa: DTZ001 - that is the fault


def test_part_of_a_minute_is_refused():
    with pytest.raises(ValueError, match="whole minute"):
        to_minutes(datetime(2025, 3, 3, 0, 0, 30, tzinfo=UTC))


def test_offset_of_a_moment_counts():
    east = timezone(timedelta(hours=8))
    assert to_minutes(datetime(1970, 1, 1, 8, 1, tzinfo=east)) == 1


def test_days_are_for_showing():
    assert days(36 * 60) == 1.5
