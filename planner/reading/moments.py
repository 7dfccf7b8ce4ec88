"""Dates and times of batches: ISO 8601 text, on the clock of a place where it names no offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.clock import local_minutes, to_minutes
from planner.reading.cells import CellError, parse_date, parse_local_time
from planner.reading.codes import AMBIGUOUS, NOT_A_TIME
from planner.units import MINUTES_PER_DAY

MIDNIGHT = time(0, 0)
_TIMED = re.compile(
    r"([^T ]+)[T ]([0-9]{2}:[0-9]{2})(?P<seconds>:[0-9.,]+)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_CHINESE = re.compile(
    r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号](?:\s*([0-9]{1,2})(?::|时|点)([0-9]{2})分?)?"
)
_MOST_OFFSET = timedelta(hours=14)
_MIDNIGHT_AFTER = "24:00"


def to_iso(text: str) -> str:
    """``2027年3月1日`` as ``2027-03-01``, which is all it can mean; any other text as it is."""
    match = _CHINESE.fullmatch(text)
    if match is None:
        return text
    year, month, day, hour, minute = match.groups()
    at = f"T{hour:0>2}:{minute}" if hour else ""
    return f"{year}-{month:0>2}-{day:0>2}{at}"


def parse_moment(text: str) -> date | datetime:
    """Parse an ISO date, or an ISO date and time to the minute, with or without an offset."""
    match = _TIMED.fullmatch(text)
    if match is None:
        return parse_date(text)
    if match["seconds"] and match["seconds"].strip(":.,0"):
        raise CellError("is not a whole minute", "leave the seconds out", code=NOT_A_TIME)
    day = parse_date(match[1])
    if match[2] == _MIDNIGHT_AFTER:
        raise CellError(
            "ends a day and is no time of day to begin with",
            f"write {day + timedelta(days=1)}T00:00",
            code=NOT_A_TIME,
        )
    moment = datetime.combine(day, parse_local_time(match[2]))
    return moment.replace(tzinfo=_parse_offset(match["offset"])) if match["offset"] else moment


@lru_cache(maxsize=4096)
def parse_ready(text: str, time_zone: str) -> int:
    """Minutes of a ready time; a date alone is the start of that day on the clock of ``time_zone``."""
    moment = parse_moment(text)
    if isinstance(moment, datetime):
        return _at_place(moment, time_zone)
    return local_minutes(moment, MIDNIGHT, time_zone)


@lru_cache(maxsize=4096)
def parse_due(text: str, time_zone: str) -> int:
    """Minutes of a due time; a date alone is the end (24:00) of that day on the clock of ``time_zone``."""
    match = _TIMED.fullmatch(text)
    if match is not None and match[2] == _MIDNIGHT_AFTER:
        # 24:00 of a day is its end, just as the day alone; with an offset, by the clock that has it.
        day = parse_moment(f"{match[1]}T00:00{match['seconds'] or ''}{match['offset'] or ''}")
        if isinstance(day, datetime) and day.tzinfo is not None:
            return to_minutes(day) + MINUTES_PER_DAY
        text = match[1]
    moment = parse_moment(text)
    if isinstance(moment, datetime):
        return _at_place(moment, time_zone)
    return local_minutes(moment + timedelta(days=1), MIDNIGHT, time_zone)


def parse_instant(text: str) -> int:
    """Minutes of a time with an offset; a date alone is the start of that day in UTC."""
    moment = parse_moment(text)
    if not isinstance(moment, datetime):
        return local_minutes(moment, MIDNIGHT, "UTC")
    if moment.tzinfo is None:
        raise CellError(
            "does not say on which clock", f"write {text}Z for UTC, or {text}+08:00", code=AMBIGUOUS
        )
    return to_minutes(moment)


def _parse_offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _MOST_OFFSET:
        raise CellError("has no offset of any clock", "such as +08:00", code=NOT_A_TIME)
    return timezone(-offset if text.startswith("-") else offset)


def _at_place(moment: datetime, time_zone: str) -> int:
    """Minutes of a time that has an offset, or else of one that the local clock shows exactly once."""
    if moment.tzinfo is not None:
        return to_minutes(moment)
    zone = ZoneInfo(time_zone)
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before != after and before is not None and after is not None:
        choices = " or ".join(item.isoformat(timespec="minutes") for item in (first, second))
        if before < after:
            reason = f"does not exist in {time_zone}: the clock is put forward over it"
            raise CellError(reason, "write a time before or after the change", code=NOT_A_TIME)
        raise CellError(
            f"exists twice in {time_zone}: the clock is put back", f"write {choices}", code=AMBIGUOUS
        )
    return to_minutes(first)
