"""Local days of many times: as the clock says of each alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import day_number
from planner.network.local_days import day_numbers

ZONES = ("Asia/Shanghai", "Europe/Berlin", "Europe/London", "Africa/Cairo", "Asia/Tashkent", "America/Havana")


@given(
    st.sampled_from(ZONES),
    st.lists(st.integers(min_value=28_900_000, max_value=30_500_000), max_size=40),
)
def test_each_time_has_the_day_its_clock_shows(zone, minutes):
    found = day_numbers(np.array(minutes, dtype=np.int64), zone)
    assert found.tolist() == [day_number(minute, zone) for minute in minutes]


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_a_year_around_the_changes_of_the_clock(zone):
    hours = 28_927_440 + 60 * np.arange(24 * 366)
    assert day_numbers(hours, zone).tolist() == [day_number(minute, zone) for minute in hours.tolist()]
