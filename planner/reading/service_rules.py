"""What the rows of one service have to be to each other: capacity, calls in time order, calendars, rides.

A rule looks only at rows without a fault, and at a service only if all its rows are such: a missing stop
is not reported for a service of which a stop could not be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise
from math import gcd

from planner.model.vehicles import BOXED
from planner.reading.rows import Row, Tables
from planner.units import HUNDREDTHS

MAX_EVERY_WEEKS = 52
WHOLE_UNITS = ("vehicle", "feu")
"""Capacity units that are counted in whole numbers; the others in hundredths."""


def check_services(tables: Tables) -> None:
    """Every rule of services, calls and calendars."""
    for row in tables.list_clean("services"):
        _check_service(tables, row)
    for row in tables.list_clean("calendars"):
        _check_calendar(tables, row)
    if tables.unread & {"services", "calls", "calendars"}:
        return
    calls = group_by_service(tables, "calls")
    calendars = group_by_service(tables, "calendars")
    for service in list_sound_services(tables, "calls", "calendars"):
        service_id = service["service_id"]
        _check_calls(tables, service, calls.get(service_id, []))
        _check_times_of_day(tables, service, calendars.get(service_id, []))


def group_by_service(tables: Tables, table: str) -> dict[str, list[Row]]:
    """Rows without a known fault by service, calls in the order of the service."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in tables.list_clean(table):
        groups[row["service_id"]].append(row)
    if table == "calls":
        for rows in groups.values():
            rows.sort(key=lambda row: int(row["seq"]))
    return dict(groups)


def list_sound_services(tables: Tables, *parts: str) -> list[Row]:
    """Services that have no known fault, nor any of their rows in the tables ``parts``."""
    faulty = {
        row.texts.get("service_id")
        for part in ("services", *parts)
        for row in tables.rows[part]
        if not tables.is_clean(row)
    }
    return [row for row in tables.list_clean("services") if row["service_id"] not in faulty]


def _check_service(tables: Tables, service: Row) -> None:
    form, unit = service["form"], service["capacity_unit"]
    if (form == BOXED) == (unit == "feu"):
        _check_whole(tables, service, "capacity", unit)
    else:
        hint = "boxed services are counted in feu, loose ones in vehicle, ceu or cbm"
        tables.refuse(service, "capacity_unit", f"a {form} service is not counted in {unit}", hint)
    _check_date_order(tables, service)


def _check_whole(tables: Tables, row: Row, column: str, unit: str) -> None:
    if unit in WHOLE_UNITS and (row[column] or 0) % HUNDREDTHS:
        tables.refuse(row, column, f"is not a whole number of {unit}")


def _check_date_order(tables: Tables, row: Row) -> None:
    first, last = row["first_date"], row["last_date"]
    if first is not None and last is not None and last < first:
        tables.refuse(row, "last_date", f"is before first_date {first}")


def _check_calendar(tables: Tables, calendar: Row) -> None:
    if calendar["every_weeks"] > MAX_EVERY_WEEKS:
        tables.refuse(calendar, "every_weeks", f"is above {MAX_EVERY_WEEKS}")
    if calendar["every_weeks"] > 1 and calendar["anchor_date"] is None:
        tables.refuse(calendar, "anchor_date", "is blank", "every_weeks above 1 is counted from its week")
    _check_date_order(tables, calendar)


def _check_calls(tables: Tables, service: Row, calls: Sequence[Row]) -> None:
    if len(calls) < 2:
        reason = "the service has no calls" if not calls else "the service has one call, it needs two or more"
        tables.refuse(service, "service_id", reason, "one row of calls.csv per stop")
        return
    for call in calls:
        _check_whole(tables, call, "capacity_onward", service["capacity_unit"])
    _check_first_call(tables, calls[0])
    _check_last_call(tables, calls[-1])
    for call in calls[1:]:
        if call["arrive_h"] is None:
            tables.refuse(call, "arrive_h", "is blank", "only the first call may leave it blank")
    for call in calls[1:-1]:
        if call["depart_h"] is None:
            tables.refuse(call, "depart_h", "is blank", "only the last call may leave it blank")
        elif call["arrive_h"] is not None and call["depart_h"] < call["arrive_h"]:
            tables.refuse(call, "depart_h", f"is before the arrival at {call.texts['arrive_h']} h")
    for previous, call in pairwise(calls):
        departs, arrives = previous["depart_h"], call["arrive_h"]
        if departs is not None and arrives is not None and arrives <= departs:
            reason = f"is not after the departure of line {previous.line} at {previous.texts['depart_h']} h"
            tables.refuse(call, "arrive_h", reason, "calls are in time order, a leg takes a minute or more")


def _check_first_call(tables: Tables, call: Row) -> None:
    if call["depart_h"] is None:
        tables.refuse(call, "depart_h", "is blank", "the first call departs at 0")
    for column in ("arrive_h", "depart_h"):
        if call[column]:
            tables.refuse(call, column, "is not 0 at the first call", "hours are counted from its departure")
    if call["unload"]:
        tables.refuse(call, "unload", "nothing can alight at the first call")


def _check_last_call(tables: Tables, call: Row) -> None:
    if call["depart_h"] is not None and call["depart_h"] != call["arrive_h"]:
        tables.refuse(call, "depart_h", "is not the arrival at the last call", "leave it blank")
    if call["load"]:
        tables.refuse(call, "load", "nothing can board at the last call")
    if call["capacity_onward"] is not None:
        tables.refuse(call, "capacity_onward", "there is no leg after the last call")


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


def week_of(day: date) -> int:
    """Number of the ISO week (Monday to Sunday) since the first of the calendar."""
    return (day.toordinal() - 1) // 7


def _runs_in(calendar: Row, week: int) -> bool:
    every = calendar["every_weeks"]
    return every == 1 or (week - week_of(calendar["anchor_date"])) % int(every) == 0


def list_rides(calls: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of a call with load and a later call with unload at another place."""
    for board, alight in combinations(calls, 2):
        if board["load"] and alight["unload"] and board["place_id"] != alight["place_id"]:
            yield board, alight


def rides_by_places(calls: Mapping[str, Sequence[Row]]) -> dict[str, set[tuple[str, str]]]:
    """Board and alight places of the rides of each service."""
    return {
        service_id: {(board["place_id"], alight["place_id"]) for board, alight in list_rides(rows)}
        for service_id, rows in calls.items()
    }
