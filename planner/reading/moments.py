"""Dates and times of batches: ISO 8601 text, on the clock of a place where it names no offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from planner.clock import local_minutes, to_minutes
from planner.reading.cells import CellError, parse_date, parse_local_time

MIDNIGHT = time(0, 0)
_TIMED = re.compile(
    r"([^T ]+)[T ]([0-9]{2}:[0-9]{2})(?P<seconds>:[0-9.,]+)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_MOST_OFFSET = timedelta(hours=14)


def parse_moment(text: str) -> date | datetime:
    """Parse an ISO date, or an ISO date and time to the minute, with or without an offset."""
    match = _TIMED.fullmatch(text)
    if match is None:
        return parse_date(text)
    if match["seconds"] and match["seconds"].strip(":.,0"):
        raise CellError("is not a whole minute", "leave the seconds out")
    moment = datetime.combine(parse_date(match[1]), parse_local_time(match[2]))
    return moment.replace(tzinfo=_parse_offset(match["offset"])) if match["offset"] else moment


def parse_ready(text: str, time_zone: str) -> int:
    """Minutes of a ready time; a date alone is the start of that day on the clock of ``time_zone``."""
    moment = parse_moment(text)
    if isinstance(moment, datetime):
        return _at_place(moment, time_zone)
    return local_minutes(moment, MIDNIGHT, time_zone)


def parse_due(text: str, time_zone: str) -> int:
    """Minutes of a due time; a date alone is the end (24:00) of that day on the clock of ``time_zone``."""
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
        raise CellError("does not say on which clock", f"write {text}Z for UTC, or {text}+08:00")
    return to_minutes(moment)


def _parse_offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _MOST_OFFSET:
        raise CellError("has no offset of any clock", "such as +08:00")
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
            raise CellError(reason, "write a time before or after the change")
        raise CellError(f"exists twice in {time_zone}: the clock is put back", f"write {choices}")
    return to_minutes(first)
