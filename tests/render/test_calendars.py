"""Days of departure in two languages, and how many there are a week."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction

import pytest

from planner.model import Calendar
from planner.render.calendars import calendars_text, days_text, departures_a_week, season_text


def calendar(weekdays=(1, 4), every_weeks=1, first=None, last=None):
    return Calendar(
        weekdays=weekdays,
        every_weeks=every_weeks,
        anchor_date=None if every_weeks == 1 else date(2027, 1, 4),
        local_time=time(18, 30),
        first_date=first,
        last_date=last,
    )


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        (calendar(), "Mon Thu 18:30", "周一 周四 18:30"),
        (calendar(tuple(range(1, 8))), "daily 18:30", "每天 18:30"),
        (calendar((3,), 2), "Wed every 2 weeks 18:30", "周三 每2周 18:30"),
    ],
)
def test_days_are_said_in_both_languages(given, english, chinese):
    assert (days_text(given), days_text(given, "zh")) == (english, chinese)


def test_a_season_says_its_ends_as_far_as_it_has_them():
    assert season_text(calendar()) == ""
    assert season_text(calendar(first=date(2027, 1, 1))) == " from 2027-01-01"
    both = calendar(first=date(2027, 1, 1), last=date(2027, 6, 30))
    assert season_text(both) == " from 2027-01-01 to 2027-06-30"
    assert season_text(both, "zh") == " 自2027-01-01起 至2027-06-30止"
    assert calendars_text([both, calendar((6,))]) == "Mon Thu 18:30; Sat 18:30"


def test_seasons_that_follow_each_other_do_not_add_up():
    spring = calendar((1, 4), last=date(2027, 3, 31))
    summer = calendar((2,), first=date(2027, 4, 1))
    assert departures_a_week([spring, summer]) == 2
    assert departures_a_week([spring, summer, calendar((5,), 2)]) == Fraction(5, 2)
    assert departures_a_week([summer, calendar((6, 7), first=date(2027, 5, 1))]) == 3
    assert departures_a_week([]) == 0
