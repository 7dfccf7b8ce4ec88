"""When a service leaves, in words of two languages, and how often a week."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from planner.render.languages import CHINESE, ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.model.services import Calendar

_WEEKDAYS = {
    ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    CHINESE: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_DAILY = {ENGLISH: "daily", CHINESE: "每天"}
_EVERY_WEEKS = {ENGLISH: " every {} weeks", CHINESE: " 每{}周"}
_SEASON = {ENGLISH: (" from {}", " to {}"), CHINESE: (" 自{}起", " 至{}止")}


def calendars_text(calendars: Iterable[Calendar], lang: str = ENGLISH) -> str:
    """Days of all calendars of a service: ``Mon Thu 18:00; Sat 06:00``."""
    return "; ".join(days_text(calendar, lang) for calendar in calendars)


def days_text(calendar: Calendar, lang: str = ENGLISH) -> str:
    """``Mon Thu 18:00``, or ``Wed every 2 weeks 12:00``."""
    names = _WEEKDAYS[lang]
    is_daily = len(calendar.weekdays) == len(names)
    days = _DAILY[lang] if is_daily else " ".join(names[day - 1] for day in calendar.weekdays)
    weeks = "" if calendar.every_weeks == 1 else _EVERY_WEEKS[lang].format(calendar.every_weeks)
    return f"{days}{weeks} {calendar.local_time:%H:%M}"


def season_text(calendar: Calendar, lang: str = ENGLISH) -> str:
    """``from 2025-01-01 to 2027-12-31``, as far as it is limited."""
    first, last = _SEASON[lang]
    return ("" if calendar.first_date is None else first.format(calendar.first_date)) + (
        "" if calendar.last_date is None else last.format(calendar.last_date)
    )


def departures_a_week(calendars: Iterable[Calendar]) -> Fraction:
    """Departures a week in the busiest season; calendars that follow each other do not add up."""
    known = list(calendars)
    starts = {calendar.first_date for calendar in known}
    return max(
        (
            sum(
                (
                    Fraction(len(calendar.weekdays), calendar.every_weeks)
                    for calendar in known
                    if (calendar.first_date is None or (start is not None and calendar.first_date <= start))
                    and (calendar.last_date is None or start is None or start <= calendar.last_date)
                ),
                Fraction(0),
            )
            for start in starts
        ),
        default=Fraction(0),
    )
