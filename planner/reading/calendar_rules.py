"""What calendars and exceptions of one service have to be to each other: one departure a day, or none.

Like the other rules: only rows without a fault are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from math import gcd

from planner.model.services import ADDED, CANCELLED
from planner.reading.rows import Row, Tables
from planner.reading.service_rules import (
    check_date_order,
    check_whole,
    group_by_service,
    list_sound_services,
)

MAX_EVERY_WEEKS = 52


def check_calendars(tables: Tables) -> None:
    """Every rule of calendars and exceptions."""
    for row in tables.list_clean("calendars"):
        _check_calendar(tables, row)
    if tables.unread & {"services", "calendars"}:
        return
    calendars = group_by_service(tables, "calendars")
    for service in list_sound_services(tables, "calendars"):
        _check_times_of_day(tables, service, calendars.get(service["service_id"], []))
    sound = {service["service_id"]: service for service in list_sound_services(tables, "calendars")}
    for row in tables.list_clean("exceptions"):
        if row["service_id"] in sound:
            _check_exception(tables, sound[row["service_id"]], calendars[row["service_id"]], row)


def _check_calendar(tables: Tables, calendar: Row) -> None:
    if calendar["every_weeks"] > MAX_EVERY_WEEKS:
        tables.refuse(calendar, "every_weeks", f"is above {MAX_EVERY_WEEKS}")
    if calendar["every_weeks"] > 1 and calendar["anchor_date"] is None:
        tables.refuse(calendar, "anchor_date", "is blank", "every_weeks above 1 is counted from its week")
    check_date_order(tables, calendar)


def _check_times_of_day(tables: Tables, service: Row, calendars: Sequence[Row]) -> None:
    """A service has a calendar, and no two departures on one day."""
    if not calendars:
        tables.refuse(
            service, "service_id", "the service has no calendar", "one row or more of calendars.csv"
        )
    for one, other in combinations(calendars, 2):
        if one["local_time"] == other["local_time"]:
            continue
        day = _find_common_day(service, one, other)
        if day is not None:
            reason = f"{day} has another departure at {one['local_time']:%H:%M} (line {one.line})"
            tables.refuse(other, "local_time", reason, "one service leaves once a day: make it two services")


def _find_common_day(service: Row, one: Row, other: Row) -> date | None:
    """First day that both calendars cover, ``None`` if there is none."""
    weekdays = sorted(set(one["weekdays"]) & set(other["weekdays"]))
    firsts = [row["first_date"] for row in (service, one, other) if row["first_date"] is not None]
    lasts = [row["last_date"] for row in (service, one, other) if row["last_date"] is not None]
    # Without a first date any week does to begin with: the pattern of weeks repeats.
    first = max(firsts, default=min([*lasts, date(2000, 1, 3)]))
    last = min(lasts, default=date.max)
    every, other_every = one["every_weeks"], other["every_weeks"]
    pattern = every * other_every // gcd(every, other_every)
    begin = week_of(first)
    for week in range(begin, begin + pattern + 1):
        if not (_runs_in(one, week) and _runs_in(other, week)):
            continue
        for weekday in weekdays:
            day = date.fromordinal(7 * week + weekday)
            if first <= day <= last:
                return day
    return None


def _check_exception(tables: Tables, service: Row, calendars: Sequence[Row], row: Row) -> None:
    check_whole(tables, row, "capacity", service["capacity_unit"])
    name, day, effect = row["service_id"], row["date"], row["effect"]
    runs = _is_within(service, day) and any(_covers(calendar, day) for calendar in calendars)
    if effect == ADDED and runs:
        tables.refuse(row, "date", f"{name} leaves on {day} anyway", "effect changed lets it leave otherwise")
    if effect != ADDED and not runs:
        hint = "the scheduled local day at the first call"
        tables.refuse(row, "date", f"no calendar lets {name} leave on {day}", hint)
    says_how = [name for name in ("capacity", "price_factor", "time_shift_h") if row.texts.get(name)]
    if effect == CANCELLED and says_how:
        tables.refuse(row, says_how[0], "says how a cancelled departure leaves", "leave the cell blank")
    if effect not in {ADDED, CANCELLED} and not says_how:
        reason = "nothing is changed"
        tables.refuse(row, "effect", reason, "fill capacity, price_factor or time_shift_h")


def _is_within(row: Row, day: date) -> bool:
    first, last = row["first_date"], row["last_date"]
    return (first is None or first <= day) and (last is None or day <= last)


def _covers(calendar: Row, day: date) -> bool:
    """Whether a calendar lets its service leave on a day."""
    return (
        day.isoweekday() in calendar["weekdays"]
        and _is_within(calendar, day)
        and _runs_in(calendar, week_of(day))
    )


def week_of(day: date) -> int:
    """Number of the ISO week (Monday to Sunday) since the first of the calendar."""
    return (day.toordinal() - 1) // 7


def _runs_in(calendar: Row, week: int) -> bool:
    every = calendar["every_weeks"]
    return every == 1 or (week - week_of(calendar["anchor_date"])) % int(every) == 0
