"""One cell of text to one value: strict, exact, and with a reason and a hint where it is refused.

Nothing is guessed: ``1,200`` is not 1200 and ``03/04/2027`` is no date. The text is expected without
blanks around it. Every function raises :class:`CellError` for text it does not take, a blank included.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.errors import INVALID
from planner.reading.codes import (
    AMBIGUOUS,
    BLANK,
    CHARACTER,
    NOT_A_CHOICE,
    NOT_A_LIST,
    NOT_A_NUMBER,
    NOT_A_TIME,
    OUT_OF_RANGE,
    TOO_LONG,
    TWICE,
)
from planner.units import HUNDREDTHS, MINUTES_PER_HOUR

MAX_DIGITS = 15
"""Longer numbers are typing errors; 15 digits still fit any spreadsheet and any 64-bit counter."""
_MOST_TO_COMPARE = 200
"""Longer text is no misspelt name and no number with a slip, and to look closer would take long."""
FIRST_YEAR, LAST_YEAR = 2000, 2099

_PLAIN_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_EXPONENT = re.compile(r"[+-]?[0-9]*\.?[0-9]+[eE][+-]?[0-9]+")
_COMMA_GROUPS = re.compile(r"[+-]?[0-9]{1,3}([,'_ \u2019\u00a0\u202f][0-9]{3})+(\.[0-9]+)?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_OR_MONTH_FIRST = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{2}|[0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")
SERIAL_DAY_0 = date(1899, 12, 30)
"""Day 0 of a spreadsheet that counts from 1900: right from 1900-03-01 on, day 61."""
_LOCAL_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


class CellError(ValueError):
    """Text that is refused: ``reason`` says what is wrong with it, ``hint`` what to do (may be empty).

    ``code`` is the kind of fault, one of :mod:`planner.reading.codes`.
    """

    def __init__(self, reason: str, hint: str = "", code: str = INVALID) -> None:
        self.reason = reason
        self.hint = hint
        self.code = code
        super().__init__(f"{reason} ({hint})" if hint else reason)


def suggest(value: str, candidates: Iterable[str]) -> str:
    """Hint with the nearest of ``candidates`` (case does not count), or an empty string."""
    if len(value) > _MOST_TO_COMPARE:
        return ""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates, reverse=True)}
    near = difflib.get_close_matches(value.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean {by_folded[near[0]]}?" if near else ""


def parse_text(text: str) -> str:
    """Text on one line, without invisible control characters."""
    _refuse_blank(text)
    if text.isprintable():
        return text
    for character in text:
        if not character.isprintable() and character != "\u3000":
            raise CellError(
                f"holds a line break or invisible character (U+{ord(character):04X})",
                "type it again",
                code=CHARACTER,
            )
    return text


def parse_id(text: str) -> str:
    """Id of ASCII letters, digits and ``_ . + -``, so that look-alikes of other alphabets can't hide."""
    _refuse_blank(text)
    if _ID.fullmatch(text) is None:
        raise CellError("is no id", "letters A-Z and a-z, digits and _ . + - only", code=CHARACTER)
    return text


def parse_choice(text: str, choices: Sequence[str]) -> str:
    """One of ``choices``, spelled exactly so."""
    _refuse_blank(text)
    if text not in choices:
        raise CellError(f"is not one of {', '.join(choices)}", suggest(text, choices), code=NOT_A_CHOICE)
    return text


def parse_yes_no(text: str) -> bool:
    """``yes`` or ``no``."""
    return parse_choice(text, ("yes", "no")) == "yes"


def parse_list(text: str) -> tuple[str, ...]:
    """Items separated by ``;``, none of them blank or named twice."""
    _refuse_blank(text)
    items = tuple(parse_text(item.strip()) if item.strip() else "" for item in text.split(";"))
    if "" in items:
        raise CellError("has a blank item", "items are separated by one `;` each", code=NOT_A_LIST)
    if len(set(items)) < len(items):
        raise CellError("names an item twice", code=TWICE)
    return items


def parse_sources(text: str) -> tuple[str, ...]:
    """Source ids separated by ``;``; an item ``estimate: how`` takes the rest and names no id."""
    parse_text(text)
    ids, estimate, how = text.partition("estimate:")
    if estimate and not how.strip():
        raise CellError("is an estimate that does not say how", "estimate: how it was made")
    # `R1;R2;estimate: how` leaves `R1;R2;` before the estimate.
    ids = ids.strip()
    if estimate and ids and not ids.endswith(";"):
        raise CellError("has no `;` before estimate:", "source ids and estimates are separated by `;`")
    ids = ids.removesuffix(";")
    return tuple(parse_id(item.strip()) for item in ids.split(";")) if ids else ()


def parse_decimal(text: str) -> Fraction:
    """Exact number of 0 or above, written with digits and at most one decimal point."""
    _refuse_blank(text)
    if len(text) <= MAX_DIGITS and text.isdecimal() and text.isascii():
        return Fraction(int(text))
    if _PLAIN_NUMBER.fullmatch(text) is None:
        raise _number_error(text)
    if len(text) - text.count(".") > MAX_DIGITS:
        raise CellError("is too long a number", f"{MAX_DIGITS} digits at most", code=TOO_LONG)
    return Fraction(text)


def parse_integer(text: str, least: int = 0) -> int:
    """Whole number of ``least`` or above, written with digits only."""
    if len(text) <= MAX_DIGITS and text.isdecimal() and text.isascii():
        return _at_least(int(text), least)
    value = parse_decimal(text)
    if "." in text:
        raise CellError("is not a whole number", "write it without a decimal point", code=NOT_A_NUMBER)
    return _at_least(int(value), least)


def _at_least(value: int, least: int) -> int:
    if value < least:
        raise CellError(f"is below {least}", code=OUT_OF_RANGE)
    return value


def parse_positive(text: str) -> Fraction:
    """Exact number above 0."""
    value = parse_decimal(text)
    if not value:
        raise CellError("is not above 0", code=OUT_OF_RANGE)
    return value


def parse_hundredths(text: str) -> int:
    """Number of 0 or above with at most two decimals, in hundredths."""
    value = parse_decimal(text) * HUNDREDTHS
    if value.denominator != 1:
        raise CellError("has more than two decimals", code=NOT_A_NUMBER)
    return int(value)


def parse_hours(text: str) -> int:
    """Hours of 0 or above that are a whole number of minutes, in minutes."""
    minutes = parse_decimal(text) * MINUTES_PER_HOUR
    if minutes.denominator != 1:
        raise CellError("is not a whole number of minutes", "0.05 h are 3 minutes", code=NOT_A_NUMBER)
    return int(minutes)


def parse_degrees(text: str, limit: int) -> float:
    """Degrees between ``-limit`` and ``limit``."""
    degrees = parse_decimal(text.removeprefix("-"))
    if degrees > limit:
        raise CellError(
            f"is not between -{limit} and {limit}", "latitude and longitude exchanged?", code=OUT_OF_RANGE
        )
    return float(-degrees if text.startswith("-") else degrees)


def parse_date(text: str) -> date:
    """Calendar day, ISO 8601: ``2026-03-04``."""
    _refuse_blank(text)
    match = _ISO_DATE.fullmatch(text)
    if match is None:
        raise _date_error(text)
    year, month, day = map(int, match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(f"is outside the years {FIRST_YEAR} to {LAST_YEAR}", code=OUT_OF_RANGE)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("is no day of the calendar", code=NOT_A_TIME) from None


def parse_local_time(text: str) -> time:
    """Time of day, ``00:00`` to ``23:59``."""
    _refuse_blank(text)
    match = _LOCAL_TIME.fullmatch(text)
    if match is None:
        raise CellError("is no time of day", "write hours and minutes: 08:30", code=NOT_A_TIME)
    hour, minute = map(int, match.groups())
    if hour > 23 or minute > 59:
        raise CellError("is no time of day", "00:00 to 23:59", code=NOT_A_TIME)
    return time(hour, minute)


def parse_weekdays(text: str) -> tuple[int, ...]:
    """ISO numbers of weekdays separated by blanks, 1 = Monday, in ascending order."""
    _refuse_blank(text)
    days = text.split()
    if any(day not in {"1", "2", "3", "4", "5", "6", "7"} for day in days):
        raise CellError(
            "is no list of weekdays",
            "numbers 1 (Monday) to 7 (Sunday) separated by blanks: 1 4",
            code=NOT_A_LIST,
        )
    if len(set(days)) < len(days):
        raise CellError("names a weekday twice", code=TWICE)
    return tuple(sorted(map(int, days)))


def parse_country(text: str) -> str:
    """ISO 3166 code of two capital letters; whether the country exists is not looked up."""
    return _capitals(text, 2, "country code", "CN")


def parse_currency(text: str) -> str:
    """ISO 4217 code of three capital letters; whether there is a rate for it is another question."""
    return _capitals(text, 3, "currency code", "USD")


@lru_cache(maxsize=1_024)
def parse_time_zone(text: str) -> str:
    """IANA name of a time zone: ``Region/City`` or ``UTC``."""
    _refuse_blank(text)
    # Names without a region stand for other things too: `localtime` is another zone on each machine.
    known = "/" in text or text == "UTC"
    if known:
        try:
            ZoneInfo(text)
        # By what zoneinfo meets: an unknown name, a folder of names, a name that leaves the folder.
        except (KeyError, OSError, ValueError):
            known = False
    if not known:
        raise CellError("is no time zone", "an IANA name such as Asia/Shanghai", code=NOT_A_CHOICE)
    return text


def _refuse_blank(text: str) -> None:
    if not text:
        raise CellError("is blank", code=BLANK)


def _capitals(text: str, length: int, what: str, example: str) -> str:
    _refuse_blank(text)
    if len(text) != length or not (text.isascii() and text.isalpha() and text.isupper()):
        raise CellError(f"is no {what}", f"{length} capital letters such as {example}", code=NOT_A_CHOICE)
    return text


def _date_error(text: str) -> CellError:
    """Why ``text`` is no ISO date: it may be day-month-year or month-day-year, and both are named."""
    if _DAY_OR_MONTH_FIRST.fullmatch(text) is None:
        meant_day = _meant_day(text)
        hint = f"write {meant_day}" if meant_day else "write year-month-day: 2026-03-04"
        return CellError("is no ISO date", hint, code=NOT_A_TIME)
    first, second, year = map(int, re.split(r"[./-]", text))
    meant = [
        f"{year:04}-{month:02}-{day:02}"
        for day, month in ((first, second), (second, first))
        if year >= FIRST_YEAR and 1 <= month <= 12 and 1 <= day <= 31
    ]
    if year < FIRST_YEAR:
        return CellError(
            "is no ISO date", "write the year with four digits first: 2026-03-04", code=NOT_A_TIME
        )
    hint = f"write {' or '.join(dict.fromkeys(meant))}" if meant else "write year-month-day: 2026-03-04"
    if len(set(meant)) > 1:
        return CellError("is an ambiguous date", hint, code=AMBIGUOUS)
    return CellError("is no ISO date", hint, code=NOT_A_TIME)


def _meant_day(text: str) -> str:
    """Day in ISO 8601 that is written with other marks, or as the day number of a spreadsheet; else empty."""
    match = _YEAR_FIRST.fullmatch(text)
    if match is not None:
        year, month, day = (int(match[group] or match[other]) for group, other in ((1, 5), (3, 6), (4, 7)))
        return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
    if _SERIAL.fullmatch(text) is None:
        return ""
    day_found = SERIAL_DAY_0 + timedelta(days=int(text[:5]))
    if not FIRST_YEAR <= day_found.year <= LAST_YEAR:
        return ""
    return f"{day_found}, if the day number of a spreadsheet is meant"


def _number_error(text: str) -> CellError:
    """Why ``text`` is not a plain number of 0 or above."""
    slip = _slip_of_number(text) if len(text) <= _MOST_TO_COMPARE else None
    return slip or CellError("is not a number", "digits only, decimals after a point", code=NOT_A_NUMBER)


def _slip_of_number(text: str) -> CellError | None:
    """What is wrong with a text that is a number but for one thing."""
    if _NOT_FINITE.fullmatch(text):
        return CellError("is not a finite number", code=NOT_A_NUMBER)
    if _EXPONENT.fullmatch(text):
        return CellError("is written with an exponent", "write all digits", code=NOT_A_NUMBER)
    if _COMMA_GROUPS.fullmatch(text):
        return CellError(
            "has a thousands separator", "digits only, decimals after a point", code=NOT_A_NUMBER
        )
    if "," in text:
        return CellError(
            "has a comma",
            "decimals are written after a point, thousands without a separator",
            code=NOT_A_NUMBER,
        )
    if text.startswith(("-", "\u2212")) and _PLAIN_NUMBER.fullmatch(text[1:]):
        return CellError("is negative", code=OUT_OF_RANGE)
    return None
